"""Screening by yes and no: the chair's word where the judges do not agree, and who is told that they do not."""

from datetime import datetime

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.clock import ZONE
from compapp.core.db import session
from compapp.core.errors import Closed, NotFound, Refused
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import notifications, policy, queries
from compapp.judging.models import ChairDecision, RoundFigure
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import hidden_entries
from compapp.judging.queries.screening import screened
from compapp.judging.scoring.modes import mode_of, options_of
from compapp.judging.scoring.modes.mode import UNDECIDED
from compapp.judging.services.rights import reason_of
from compapp.judging.services.standings import last_decision, read_inputs


def decide_screening(
    round_: Round, entry: str, passes: bool, reason: str, *, actor: Actor, at: datetime
) -> ChairDecision:
    """Let an entry (code) pass or not where the judges did not agree; the chair's word, with a reason.

    Raises Refused for anybody else and for a chair with a conflict, NotFound for an entry that is not in the round,
    Closed while a verdict is missing or where the judges agree, Invalid without a reason. Said again: the same.
    """
    if not policy.may_decide_tie(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the chair decides where the judges do not agree."))
    if entry in hidden_entries(round_.contest_id, actor.person_id):
        raise Refused(N_("You have a conflict of interest with one of these entries; somebody else must decide."))
    found = [one for rows in screened(read_inputs(round_), ()).values() for one in rows if one.name.code == entry]
    if not found or mode_of(round_.definition).outcome is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    if found[0].state != "undecided" and found[0].word is None:
        raise Closed(N_("The chair decides only where every verdict is in and the judges do not agree."))
    words, last = reason_of(reason), last_decision(round_.id)
    if last is not None and (last.entries, last.reason, last.definition.get("passes")) == ([entry], words, passes):
        return last
    piece = {"round": round_.code, "entries": [entry], "by": actor.name, "reason": words, "passes": passes}
    decision = ChairDecision(
        round_id=round_.id,
        entries=[entry],
        reason=words,
        by_name=actor.name,
        by_id=actor.person_id,
        at=at,
        definition={**piece, "at": {"at": at.astimezone(ZONE).isoformat()}},
    )
    session().add(decision)
    data = {"round": round_.code, "entry": entry, "passes": passes, "reason": words}
    audit.record("judging.screening.decide", decision, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    return decision


def watch_consensus(round_: Round, figure: RoundFigure, *, at: datetime) -> bool:
    """Tell chair and organiser once the last verdict on an entry is in and the judges do not agree."""
    outcome = mode_of(round_.definition).outcome
    if outcome is None or queries.sheets_missing(round_.id, figure.entry_id):
        return False
    totals = queries.valid_totals(round_.id, figure.entry_id)
    if len(totals) < 2 or outcome(totals, options_of(round_.definition), None) != UNDECIDED:
        return False
    notifications.verdicts_apart(round_, session().get_one(Entry, figure.entry_id), figure, at=at)
    return True
