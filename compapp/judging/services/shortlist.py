"""The decision who goes through: prepared by one person, approved by a second (ASVS 2.3.5), or withdrawn."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.lifecycle import ROUND
from compapp.contests.models import Round
from compapp.core import audit, outbox
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.judging import policy
from compapp.judging.lifecycle import APPROVED, SHORTLIST
from compapp.judging.models import Shortlist
from compapp.judging.notifications import results as notices
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import (
    OUT_OF_THE_CONTEST,
    EntryName,
    entry_names,
    latest_publication,
    locked_shortlist,
    open_shortlist,
)
from compapp.judging.queries.rounds import entries_with_bye
from compapp.judging.queries.standings import RoundInputs, progress_of
from compapp.judging.scoring.model import NO_CONSENSUS
from compapp.judging.scoring.vote_points import voted_kinds
from compapp.judging.services.awards import (
    AwardChoice,
    AwardLine,
    Key,
    award_ties,
    decided_awards,
    gives_awards,
    proposed_awards,
    read_lines,
)
from compapp.judging.services.hall.screen import begin_awards_anew
from compapp.judging.services.held_messages import post_held
from compapp.judging.services.rights import reason_of
from compapp.judging.services.standings import read_inputs, store_run

Decided = Mapping[str, Sequence[str]]
"""Board code to entry codes, best first."""

LONGEST_WHY = 500
"""Characters of the reason of one departure."""
_SHOWN = 6
"""How many entries or sheets a sentence names."""

_Blocking = str | tuple[str, str]
"""What stands in the way: an entry, or an entry and the judge whose sheet is missing."""


def computed_shortlist(inputs: RoundInputs) -> dict[str, list[str]]:
    """Return who goes through by the figures, per board that advances any, and by a bye."""
    computed = {
        board: [row.entry for row in rows if row.advances]
        for board, rows in inputs.rows.items()
        if inputs.own.rule.places(board) is not None
    }
    return _with_byes(computed, inputs)


def _with_byes(lists: Decided, inputs: RoundInputs) -> dict[str, list[str]]:
    """Return lists with the entries behind them that go through without being judged."""
    byes = entries_with_bye(inputs.round)
    return {board: [*lists.get(board, ()), *byes.get(board, ())] for board in {**lists, **byes}}


def suggested_shortlist(inputs: RoundInputs, names: Mapping[str, EntryName]) -> dict[str, list[str]]:
    """Return the computed shortlist without entries that left the contest; the next ones move up."""
    suggested: dict[str, list[str]] = {}
    for board, rows in inputs.rows.items():
        places = inputs.own.rule.places(board)
        if places is None:
            continue
        left = [row.entry for row in rows if row.rank is not None and not row.gates_failed and _stays(row.entry, names)]
        suggested[board] = _best(left, places, inputs)
    return suggested


def _best(order: Sequence[str], places: int, inputs: RoundInputs) -> list[str]:
    """Return the first ``places`` of ``order``: of the board, or of each of its sectors where the rule says so."""
    if not inputs.own.rule.per_sector:
        return list(order[:places])
    taken: Counter[str | None] = Counter()
    best = []
    for entry in order:
        sector = inputs.entrants[entry].sector
        if taken[sector] < places:
            taken[sector] += 1
            best.append(entry)
    return best


def reserves_of(inputs: RoundInputs, decided: Decided, names: Mapping[str, EntryName]) -> dict[str, list[str]]:
    """Return the next ones that pass the gates, in order of rank, per board that advances any."""
    return {
        board: [
            row.entry
            for row in rows
            if row.rank is not None
            and not row.gates_failed
            and row.entry not in decided.get(board, ())
            and _stays(row.entry, names)
        ]
        for board, rows in inputs.rows.items()
        if inputs.own.rule.places(board) is not None
    }


def _stays(entry: str, names: Mapping[str, EntryName]) -> bool:
    return names[entry].state not in OUT_OF_THE_CONTEST


def blockers(inputs: RoundInputs, hidden: Collection[str] = ()) -> list[Sentence]:
    """Return what must be settled before anybody can decide: missing sheets, ties that wait for the chair.

    Entries in ``hidden`` (those the reader has a conflict with) are not named; where only they stand in the way, a
    sentence says that something does.
    """
    progress = progress_of(inputs)
    open_ends = [[row for row in rows if row.advances is None] for rows in inputs.rows.values()]
    tied = [[row.entry for row in rows if NO_CONSENSUS not in row.gates_failed] for rows in open_ends]
    apart = [row.entry for rows in open_ends for row in rows if NO_CONSENSUS in row.gates_failed]
    prizes = award_ties(inputs, entry_names(inputs.contest.id)) if gives_awards(inputs.round) else []
    kinds: list[tuple[str, str, Sequence[_Blocking]]] = [
        (N_("Sheets are missing: %(sheets)s."), "sheets", progress.missing),
        (N_("Paper sheets wait for a second person: %(sheets)s."), "sheets", progress.unconfirmed),
        (N_("Entries without any sheet: %(entries)s."), "entries", progress.unread),
        (
            N_("A public vote counts here, but its result is not entered yet: %(entries)s."),
            "entries",
            _uncounted(inputs),
        ),
        (
            N_("The judges do not agree on %(entries)s: one more judge reads them, or the chair decides."),
            "entries",
            apart,
        ),
        *((N_("%(entries)s are tied across the cut; the chair must decide first."), "entries", one) for one in tied),
        *((N_("The prizes wait for the chair: %(entries)s are tied."), "entries", one) for one in prizes),
    ]
    shown = [(msgid, name, [one for one in named if _entry(one) not in hidden]) for msgid, name, named in kinds]
    found: list[Sentence] = [(msgid, {name: _listed(named)}) for msgid, name, named in shown if named]
    if sum(len(named) for *_, named in shown) < sum(len(named) for *_, named in kinds):
        found.append((N_("Something waits for an entry with which you have a conflict of interest."), {}))
    return found


def _uncounted(inputs: RoundInputs) -> list[str]:
    counted = {point.code for point in inputs.own.points}
    kinds = voted_kinds(inputs.round.definition)
    return [extra["from_vote"] for extra in kinds if extra["code"] not in counted]


def _entry(one: _Blocking) -> str:
    return one if isinstance(one, str) else one[0]


def _listed(named: Sequence[_Blocking]) -> str:
    words = [one if isinstance(one, str) else "–".join(one) for one in named]
    left = len(words) - _SHOWN
    return ", ".join(words) if left <= 0 else f"{', '.join(words[:_SHOWN])} (+{left})"


def propose_shortlist(
    round_: Round,
    *,
    decided: Decided | None = None,
    awards: Mapping[Key, AwardChoice] | None = None,
    reason: str = "",
    departures: Mapping[str, str] | None = None,
    actor: Actor,
    at: datetime,
) -> Shortlist:
    """Prepare the decision of a round: computed and decided stand beside each other.

    ``decided`` (default: what the figures say) may differ; then every entry that goes through or not otherwise than
    computed needs a reason, its own (``departures``, by code) or the common one. So does a correction. Raises Refused
    without the right, Closed while something blocks, Conflict while another decision waits, Invalid for entries that
    are not in the round or lack a reason. A second press gets the same.
    """
    if not policy.may_prepare_shortlist(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the organiser, the secretary or the chair may prepare a decision."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    inputs = read_inputs(round_)
    standing = blockers(inputs)
    if standing:
        raise Closed(standing[0][0], **standing[0][1])
    names = entry_names(inputs.contest.id)
    computed = computed_shortlist(inputs)
    chosen = _checked(decided, inputs, names) if decided is not None else computed
    words = reason_of(reason, required=latest_publication(round_.id) is not None)
    why = _departures(computed, chosen, departures or {}, words)
    lines = _award_lines(inputs, awards or {}, names)
    waiting = open_shortlist(round_.id)
    run = store_run(inputs, actor=actor, at=at)
    session().flush()
    if waiting is not None:
        if waiting.run_id == run.id and (waiting.decided, waiting.awards) == (chosen, lines):
            return waiting
        raise Conflict(N_("Another decision of this round waits already; withdraw it first."))
    shortlist = Shortlist(
        round_id=round_.id,
        run_id=run.id,
        computed=computed,
        decided=chosen,
        reserves=reserves_of(inputs, chosen, names),
        awards=lines,
        departures=why,
        reason=words,
        prepared_by_id=actor.person_id,
        prepared_by_name=actor.name,
        prepared_at=at,
    )
    session().add(shortlist)
    session().flush()
    audit.record(
        "judging.shortlist.propose",
        shortlist,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "computed": computed, "decided": chosen, "awards": lines, "reason": words}
        | ({"departures": why} if why else {}),
    )
    notices.shortlist_to_approve(round_, shortlist, at=at)
    return shortlist


def _departures(computed: Decided, chosen: Decided, given: Mapping[str, str], common: str) -> dict[str, str]:
    """Return why each entry goes through, or not, otherwise than computed; Invalid (at each) where nobody says why."""
    boards = [(set(computed.get(board, ())), set(chosen.get(board, ()))) for board in {*computed, *chosen}]
    differing = sorted(entry for before, after in boards for entry in before ^ after)
    why = {entry: nfc(given.get(entry, "")).strip()[:LONGEST_WHY] or common for entry in differing}
    faults: dict[str, list[Sentence]] = {
        f"because-{entry}": [(N_("%(entry)s: say why it is decided otherwise than computed."), {"entry": entry})]
        for entry, words in why.items()
        if not words
    }
    if faults:
        raise Invalid(fields=faults)
    return why


def _checked(decided: Decided, inputs: RoundInputs, names: Mapping[str, EntryName]) -> dict[str, list[str]]:
    """Return the decided lists in order of rank; Invalid for what cannot be decided."""
    chosen: dict[str, list[str]] = {}
    for board in (code for code in inputs.rows if inputs.own.rule.places(code) is not None):
        wanted = set(decided.get(board, ()))
        order = [row.entry for row in inputs.rows.get(board, ())]
        if wanted - set(order):
            raise Invalid(N_("Only entries that were scored on the board can go through."))
        if any(not _stays(entry, names) for entry in wanted):
            raise Invalid(N_("An entry that was withdrawn or is not eligible cannot go through."))
        _check_wildcards(inputs, board, len(wanted))
        chosen[board] = [entry for entry in order if entry in wanted]
    return _with_byes(chosen, inputs)


def _check_wildcards(inputs: RoundInputs, board: str, count: int) -> None:
    """Raise Invalid where the rules say how many more the jury may let through, and these are more."""
    more = (inputs.round.definition.get("wildcards") or {}).get(board)
    places = inputs.own.rule.places(board)
    if inputs.own.rule.per_sector:
        places = sum(row.advances is not False for row in inputs.rows.get(board, ()))
    if more is not None and places is not None and count > places + more:
        raise Invalid(
            N_("The rules let %(most)s entries of a board through, wild cards included; here are %(count)s."),
            most=places + more,
            count=count,
        )


def _award_lines(
    inputs: RoundInputs, choices: Mapping[Key, AwardChoice], names: Mapping[str, EntryName]
) -> list[dict[str, Any]]:
    if not gives_awards(inputs.round):
        return []
    lines = decided_awards(proposed_awards(inputs, names), choices, names)
    if any(line.entry is None and not line.reason for line in lines):
        raise Invalid(N_("Say why a prize is not given."))
    return [asdict(line) for line in lines]


def approve_shortlist(shortlist: Shortlist, *, actor: Actor, at: datetime) -> Shortlist:
    """Approve as the second person; the teams' messages are posted and held.

    Raises Refused for the preparer and for anybody without the right, Conflict when the scores are no longer
    those of the proposal or somebody was faster. A second press by the same person changes nothing.
    """
    found = _locked(shortlist)
    round_ = found.round
    facts = facts_of_contest(actor, round_.contest_id)
    if not policy.may_approve(actor, facts):
        raise Refused(N_("Only the approver, the chair or the organiser may approve a decision."))
    if not policy.may_approve_after(actor, facts, found.prepared_by_id):
        raise Refused(N_("A second person must approve; you prepared this decision yourself."))
    if found.state == APPROVED and found.approved_by_id == actor.person_id:
        return found
    inputs = unchanged_inputs(found)
    move(
        found,
        SHORTLIST,
        "approve",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        approved_by_id=actor.person_id,
        approved_by_name=actor.name,
        approved_at=at,
    )
    if ROUND.allows("decide", round_.state):
        move(round_, ROUND, "decide", actor=actor, at=at)
    post_held(found, inputs, at=at)
    return found


def unchanged_inputs(shortlist: Shortlist) -> RoundInputs:
    """Return the round's inputs if they are still those of the proposal; Conflict otherwise."""
    inputs = read_inputs(shortlist.round)
    if inputs.hash != shortlist.run.inputs_hash:
        raise Conflict(N_("Scores have changed since this decision was prepared. Withdraw it and prepare it again."))
    standing = blockers(inputs)
    if standing:
        raise Closed(standing[0][0], **standing[0][1])
    _must_still_hold(shortlist, inputs)
    return inputs


def _must_still_hold(shortlist: Shortlist, inputs: RoundInputs) -> None:
    """Raise Conflict where a chosen entry has left the contest, or a prize is no longer whose the figures say.

    A prize with a reason was given by people; the votes behind the audience's are not among the inputs.
    """
    names, lines = entry_names(inputs.contest.id), read_lines(shortlist.awards)
    chosen = {code for codes in shortlist.decided.values() for code in codes}
    chosen |= {line.entry for line in lines if line.entry is not None}
    gone = sorted(code for code in chosen if not _stays(code, names))
    if gone:
        sentence = N_(
            "%(entries)s left the contest after this decision was prepared. Withdraw it and prepare it again."
        )
        raise Conflict(sentence, entries=_listed(gone))
    now = {line.key: (line.entry, line.vnd) for line in proposed_awards(inputs, names)} if lines else {}
    if any(not line.reason and now.get(line.key) != (line.entry, line.vnd) for line in lines):
        sentence = N_(
            "A prize would go elsewhere now than when this decision was prepared. Withdraw it and prepare it again."
        )
        raise Conflict(sentence)


def _locked(shortlist: Shortlist) -> Shortlist:
    found = locked_shortlist(shortlist.id)
    if found is None:
        raise NotFound(N_("There is no such decision."))
    return found


def withdraw_shortlist(shortlist: Shortlist, reason: str, *, actor: Actor, at: datetime) -> Shortlist:
    """Take a decision back before it is published; its held messages are cancelled.

    Raises Refused without the right, Invalid without a reason, Conflict once it is published.
    """
    found = _locked(shortlist)
    facts = facts_of_contest(actor, found.round.contest_id)
    if not (policy.may_prepare_shortlist(actor, facts) or policy.may_approve(actor, facts)):
        raise Refused(N_("Only those who decide in this contest may withdraw a decision."))
    words = reason_of(reason)
    move(found, SHORTLIST, "withdraw", actor=actor, at=at, contest_id=found.round.contest_id, data={"reason": words})
    if ROUND.allows("withdraw_decision", found.round.state):
        move(found.round, ROUND, "withdraw_decision", actor=actor, at=at)
    outbox.cancel(notices.hold_key(found), reason="decision withdrawn")
    if found.awards and latest_publication(found.round_id) is None:
        begin_awards_anew(found.round)
    return found


__all__ = [
    "AwardChoice",
    "AwardLine",
    "approve_shortlist",
    "blockers",
    "computed_shortlist",
    "propose_shortlist",
    "reserves_of",
    "suggested_shortlist",
    "withdraw_shortlist",
]
