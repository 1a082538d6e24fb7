"""Awards: what the figures say, what was decided beside it, and what stands after publication."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select

from compapp.contests.definition import Prize, prizes_of
from compapp.contests.models import Contest, Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid
from compapp.core.text import N_, nfc
from compapp.judging.models import Award, Publication
from compapp.judging.queries.results import OUT_OF_THE_CONTEST, EntryName, next_round, votes_of
from compapp.judging.queries.standings import RoundInputs, decisions_of
from compapp.judging.scoring.standings import Row

EVERY_BOARD = ""
"""The board of a prize that belongs to the whole contest."""

Key = tuple[str, str, int]
"""Board code (empty for the whole contest), award, position from 1."""


@dataclass(frozen=True)
class AwardLine:
    """One prize: who gets it (None: withheld, ``không trao``), and why where a person decided otherwise."""

    board: str
    award: str
    position: int
    entry: str | None
    vnd: int
    reason: str = ""

    @property
    def key(self) -> Key:
        """What identifies the prize."""
        return self.board, self.award, self.position


@dataclass(frozen=True)
class AwardChoice:
    """A person's word on one prize: another entry, or none, with a reason."""

    entry: str | None
    reason: str


def gives_awards(round_: Round) -> bool:
    """Whether this round's result decides the contest's prizes: it is the last one that scores."""
    return bool(prizes_of(round_.contest)) and next_round(round_) is None


def vote_round(contest: Contest) -> Round | None:
    """Return the round of the public vote."""
    return (
        session()
        .scalars(
            select(Round)
            .where(Round.contest_id == contest.id, Round.kind == "public_vote")
            .order_by(Round.position)
            .limit(1)
        )
        .one_or_none()
    )


def audience_order(contest: Contest) -> tuple[list[str], list[str]]:
    """Return the entries by votes, most first, and those tied for the first place that the chair must order.

    Entries that have left the contest are left out.
    """
    round_ = vote_round(contest)
    if round_ is None:
        return [], []
    votes = [(one.entry.code, one.votes) for one in votes_of(round_.id) if one.entry.state not in OUT_OF_THE_CONTEST]
    if not votes:
        return [], []
    best = [code for code, count in votes if count == votes[0][1]]
    rest = [code for code, count in votes if count != votes[0][1]]
    if len(best) == 1:
        return [*best, *rest], []
    for decision in reversed(decisions_of(round_)):
        if set(best) <= set(decision.entries):
            return [*(code for code in decision.entries if code in best), *rest], []
    return [*sorted(best), *rest], best


def proposed_awards(inputs: RoundInputs, names: Mapping[str, EntryName]) -> list[AwardLine]:
    """Return the prizes as the figures give them: per board in order of rank, gates passed, withdrawn left out.

    A prize for which nobody is left is proposed as withheld.
    """
    audience, _ = audience_order(inputs.contest)
    queues: dict[str, list[str]] = {
        board: [row.entry for row in _eligible(rows, names)] for board, rows in inputs.rows.items()
    }
    queues[EVERY_BOARD] = audience
    lines: list[AwardLine] = []
    for prize in prizes_of(inputs.contest):
        queue = queues.setdefault(prize.board or EVERY_BOARD, [])
        for position in range(1, prize.count + 1):
            entry = queue.pop(0) if queue else None
            lines.append(AwardLine(prize.board or EVERY_BOARD, prize.award, position, entry, prize.vnd))
    return lines


def _eligible(rows: Iterable[Row], names: Mapping[str, EntryName]) -> list[Row]:
    return [
        row
        for row in rows
        if row.rank is not None and not row.gates_failed and names[row.entry].state not in OUT_OF_THE_CONTEST
    ]


def award_ties(inputs: RoundInputs, names: Mapping[str, EntryName]) -> list[list[str]]:
    """Return the groups of entries whose tie decides which prize each gets; the chair must order them first."""
    ties: list[list[str]] = []
    for board, rows in inputs.rows.items():
        steps = _steps(prizes_of(inputs.contest), board)
        shared: dict[int, list[tuple[str, str | None]]] = {}
        for place, row in enumerate(_eligible(rows, names)):
            prize = steps[place] if place < len(steps) else None
            shared.setdefault(row.rank or 0, []).append((row.entry, prize))
        ties += [[entry for entry, _ in group] for group in shared.values() if len({prize for _, prize in group}) > 1]
    _, audience = audience_order(inputs.contest)
    return [*ties, audience] if audience else ties


def _steps(prizes: Sequence[Prize], board: str) -> list[str]:
    """Return which award each place of a board gets, in order."""
    return [prize.award for prize in prizes if prize.board == board for _ in range(prize.count)]


def decided_awards(
    computed: Sequence[AwardLine], choices: Mapping[Key, AwardChoice], names: Mapping[str, EntryName]
) -> list[AwardLine]:
    """Return the prizes with a person's choices put in.

    Raises Invalid for a choice without a reason, for an entry of another board, and for one prize given twice on
    the boards' own list.
    """
    lines: list[AwardLine] = []
    for line in computed:
        choice = choices.get(line.key)
        if choice is None or choice.entry == line.entry:
            reason = nfc(choice.reason).strip() if choice is not None else ""
            lines.append(AwardLine(line.board, line.award, line.position, line.entry, line.vnd, reason))
            continue
        reason = nfc(choice.reason).strip()
        field = f"why|{line.board}|{line.award}|{line.position}"
        if not reason:
            sentence = N_("Say why the prize is withheld or goes to another entry.")
            raise Invalid(fields={field: [(sentence, {})]})
        if choice.entry is not None and (
            choice.entry not in names or (line.board and names[choice.entry].board != line.board)
        ):
            raise Invalid(fields={field: [(N_("A prize of a board can only go to an entry of that board."), {})]})
        lines.append(AwardLine(line.board, line.award, line.position, choice.entry, line.vnd, reason))
    given = [(line.board, line.entry) for line in lines if line.entry is not None]
    if len(given) != len(set(given)):
        raise Invalid(N_("One entry cannot get two prizes of its board."))
    return lines


def store_awards(
    publication: Publication,
    round_: Round,
    lines: Sequence[AwardLine],
    names: Mapping[str, EntryName],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Write the prizes as published; a correction's replace those before it (both publications keep their own)."""
    session().execute(delete(Award).where(Award.contest_id == round_.contest_id, Award.round_id == round_.id))
    add_awards(round_, lines, names, by_name=actor.name, at=at)
    audit.record(
        "judging.awards.publish",
        publication,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"awards": [asdict(line) for line in lines]},
    )


def add_awards(
    round_: Round, lines: Iterable[AwardLine], names: Mapping[str, EntryName], *, by_name: str, at: datetime
) -> None:
    """Add the prizes that a publication gave; the caller has checked the right."""
    for line in lines:
        session().add(
            Award(
                contest_id=round_.contest_id,
                round_id=round_.id,
                board_code=line.board,
                award=line.award,
                position=line.position,
                entry_id=None if line.entry is None else names[line.entry].id,
                vnd=line.vnd,
                reason=line.reason,
                decided_at=at,
                decided_by_name=by_name,
            )
        )


def read_lines(stored: Iterable[Mapping[str, object]]) -> list[AwardLine]:
    """Return stored lines (of a shortlist or a publication) as values."""
    return [AwardLine(**{key: one[key] for key in AwardLine.__dataclass_fields__ if key in one}) for one in stored]  # type: ignore[arg-type]
