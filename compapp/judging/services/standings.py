"""Computing standings, and the chair's word on what stays tied."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, Refused
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.models import ChairDecision, StandingsRun
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import hidden_entries
from compapp.judging.queries.standings import RoundInputs, latest_run, round_inputs
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.standings import Row
from compapp.judging.services.rights import reason_of


def compute_standings(round_: Round, *, actor: Actor, at: datetime) -> StandingsRun:
    """Compute and store the standings of a round with the hash of what went in.

    Nothing new is stored while nothing has changed. Raises Refused without the right, Invalid where a sheet or
    the rule cannot be reckoned with.
    """
    if not policy.may_see_standings(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the organiser, the secretary, the chair or the approver may compute standings."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    return store_run(read_inputs(round_), actor=actor, at=at)


def read_inputs(round_: Round) -> RoundInputs:
    """Load and reckon a round; Invalid with the fault's sentence where that is not possible."""
    inputs = round_inputs(round_)
    try:
        inputs.rows  # noqa: B018 - reckoned here, kept by the inputs
    except ScoringFault as fault:
        raise Invalid(N_("The standings cannot be computed: %(fault)s"), fault=str(fault)) from fault
    return inputs


def store_run(inputs: RoundInputs, *, actor: Actor, at: datetime) -> StandingsRun:
    """Store standings that were reckoned, unless they equal the newest ones."""
    latest = latest_run(inputs.round.id)
    if latest is not None and latest.inputs_hash == inputs.hash:
        return latest
    run = StandingsRun(
        round_id=inputs.round.id,
        rows={board: [stored_row(row) for row in rows] for board, rows in inputs.rows.items()},
        inputs_hash=inputs.hash,
        computed_at=at,
        computed_by_name=actor.name,
    )
    session().add(run)
    audit.record(
        "judging.standings.compute",
        run,
        actor=actor,
        at=at,
        contest_id=inputs.contest.id,
        data={"round": inputs.round.code, "inputs": inputs.hash},
    )
    return run


def stored_row(row: Row) -> dict[str, Any]:
    """Return a row as it is stored and published: exact figures as "n/d" beside what is shown."""
    return {
        **row.as_file_row(),
        "figure": None if row.figure is None else str(row.figure),
        "spread": str(row.spread),
        "criterion_means": {code: str(mean) for code, mean in row.criterion_means.items()},
        "explanation": [{"kind": step.kind, **_plain(step)} for step in row.explanation],
    }


def _plain(step: Any) -> dict[str, Any]:
    values = asdict(step) if is_dataclass(step) and not isinstance(step, type) else {}
    return {key: str(value) if isinstance(value, Fraction) else value for key, value in values.items()}


def decide_tie(round_: Round, entries: Sequence[str], reason: str, *, actor: Actor, at: datetime) -> ChairDecision:
    """Order tied entries (codes, best first) by the chair's decision.

    Raises Refused for anybody but the chair, or for a chair with a conflict with one of them; Invalid without a
    reason, or for entries that are not tied with each other in one board.
    """
    order = list(dict.fromkeys(entries))

    def is_tied() -> bool:
        return len(order) > 1 and any(set(order) <= set(tied) for tied in tied_groups(read_inputs(round_)))

    return decide_order(round_, order, reason, is_tied, actor=actor, at=at)


def decide_order(
    round_: Round, order: list[str], reason: str, is_tied: Callable[[], bool], *, actor: Actor, at: datetime
) -> ChairDecision:
    """Write down the chair's order of tied entries; the same order again changes nothing. Raises as ``decide_tie``."""
    if not policy.may_decide_tie(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the chair decides a tie."))
    if set(order) & hidden_entries(round_.contest_id, actor.person_id):
        raise Refused(N_("You have a conflict of interest with one of these entries; somebody else must decide."))
    words = reason_of(reason)
    last = last_decision(round_.id)
    if last is not None and last.entries == order:
        return last
    if not is_tied():
        raise Invalid(N_("These entries are not tied with each other."))
    decision = ChairDecision(
        round_id=round_.id,
        entries=order,
        reason=words,
        by_name=actor.name,
        by_id=actor.person_id,
        at=at,
        definition={},
    )
    session().add(decision)
    audit.record(
        "judging.tie.decide",
        decision,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "entries": order, "reason": words},
    )
    return decision


def last_decision(round_id: int) -> ChairDecision | None:
    """Return what the chair said last in a round."""
    decisions = select(ChairDecision).where(ChairDecision.round_id == round_id)
    return session().scalar(decisions.order_by(ChairDecision.id.desc()).limit(1))


def tied_groups(inputs: RoundInputs) -> list[list[str]]:
    """Return the groups of entries that share a published figure, per board in rank order.

    Groups that an earlier decision of the chair ordered are included: it may be decided anew before publication.
    """
    groups: list[list[str]] = []
    for rows in inputs.rows.values():
        shared: dict[str, list[str]] = {}
        for row in rows:
            if row.rank is not None and row.total is not None:
                shared.setdefault(row.total, []).append(row.entry)
        groups += [codes for codes in shared.values() if len(codes) > 1]
    return groups
