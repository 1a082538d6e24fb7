"""A round as judging needs it: its rule, its card, its entries and its limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from compapp.contests.models import Board, Contest, Round
from compapp.core.db import session
from compapp.entries.lifecycle import ELIGIBLE, SUBMITTED
from compapp.entries.models import Entry
from compapp.judging.models import Place
from compapp.judging.scoring import from_file
from compapp.judging.scoring.card import Card, read_card
from compapp.judging.scoring.model import Rubric, Rule
from compapp.judging.scoring.modes import has_sheets, mode_of, sheet_rubric

TAKES_PART = ("confirmed", "waiting")
"""States of a place that let an entry into the next round (``waiting``: to be confirmed by the team)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many judges an entry gets and how many entries a judge; the spread (points) that asks for one more."""

    judges_per_entry: int
    max_entries_per_judge: int | None
    hide_other_scores: bool


def limits_of(round_: Round) -> Limits:
    """Read a round's limits from its definition; what is not said is one judge, no maximum, and blind."""
    piece = round_.definition
    blind = piece.get("blind") or {}
    return Limits(
        judges_per_entry=int(piece.get("judges_per_entry") or 1),
        max_entries_per_judge=piece.get("max_entries_per_judge"),
        hide_other_scores=bool(blind.get("hide_other_scores", True)),
    )


def rubric_of(contest: Contest, round_: Round) -> dict[str, Any] | None:
    """Return the JSON of the round's rubric (its mode's own, where it has one), nothing where the round has none."""
    of_mode = sheet_rubric(round_.definition)
    if of_mode is not None:
        return dict(of_mode)
    wanted = round_.definition.get("rubric")
    return next((piece for piece in contest.rubrics if piece.get("code") == wanted), None) if wanted else None


def card_of(contest: Contest, round_: Round) -> Card | None:
    """Return the score card of a round, nothing where it has no rubric."""
    piece = rubric_of(contest, round_)
    return None if piece is None else read_card(piece)


def rule_of(contest: Contest, round_: Round) -> Rule:
    """Return everything that decides the round's standings; ScoringFault for a definition that cannot be used."""
    piece = rubric_of(contest, round_)
    used = Rubric("", ()) if piece is None else from_file.rubric(piece)
    return from_file.rule(round_.definition, contest.definition.get("rules") or {}, used)


def is_scored(round_: Round) -> bool:
    """Whether judges fill in sheets in this round."""
    return has_sheets(round_.definition)


def scored_rounds(contest_id: int) -> list[Round]:
    """Return the rounds with sheets, in order."""
    return [round_ for round_ in rounds_in(contest_id) if is_scored(round_)]


def rounds_in(contest_id: int) -> Sequence[Round]:
    """Return all rounds of a contest, in order; read once with the contest, however often a request asks."""
    contest = session().get(Contest, contest_id)
    return [] if contest is None else contest.rounds


def round_of(contest_id: int, code: str) -> Round | None:
    """Return the scored round ``code``; nothing for an unknown one or one without sheets."""
    return next((one for one in scored_rounds(contest_id) if one.code == code), None)


def round_before(round_: Round) -> Round | None:
    """Return the scored round that sends its entries into this one: the last before it that advances any."""
    earlier = [one for one in scored_rounds(round_.contest_id) if one.position < round_.position]
    return _sender(earlier)


def byes_of(round_: Round) -> dict[str, dict[str, str]]:
    """Return the boards that are not judged in this round and go straight to the next one: code to why."""
    return dict(round_.definition.get("byes") or {})


def entries_of_round(round_: Round) -> Select[Entry]:
    """Select the entries that are judged: eligible ones in the first scored round, then those with a place.

    Without an eligibility round a submitted entry counts as eligible. Withdrawn entries never take part, nor do those
    of a board with a bye.
    """
    return _entries_due(round_).where(~_has_bye(round_)) if _any_bye(round_) else _entries_due(round_)


def entry_byes_of(round_: Round) -> dict[str, dict[str, str]]:
    """Return the single entries that are not judged in this round and go straight to the next one: code to why."""
    return dict(round_.definition.get("entry_byes") or {})


def _any_bye(round_: Round) -> bool:
    return bool(byes_of(round_) or entry_byes_of(round_))


def entries_with_bye(round_: Round) -> dict[str, list[str]]:
    """Return the codes of the entries that go through without being judged, by board; nothing without a bye."""
    gathered: dict[str, list[str]] = {}
    if not _any_bye(round_):
        return gathered
    found = _entries_due(round_).where(_has_bye(round_)).join(Board, Board.id == Entry.board_id)
    rows = found.with_only_columns(Board.code, Entry.code).order_by(Board.position, Entry.code)
    for board, entry in session().execute(rows):
        gathered.setdefault(board, []).append(entry)
    return gathered


@dataclass(frozen=True, slots=True)
class ByeBoard:
    """A board that is not judged in a round: label, why, and how many entries go straight to the next one."""

    code: str
    label: dict[str, str]
    why: dict[str, str]
    count: int


def boards_with_bye(round_: Round) -> list[ByeBoard]:
    """Return the boards of a round that have a bye, in the contest's order; one statement where there is one."""
    byes = byes_of(round_)
    found = entries_with_bye(round_)
    return [
        ByeBoard(
            one.code,
            one.definition.get("label") or {"vi": one.code, "en": one.code},
            byes[one.code],
            len(found.get(one.code, ())),
        )
        for one in (round_.contest.boards if byes else ())
        if one.code in byes
    ]


def has_bye(round_: Round, entry: Entry) -> bool:
    """Whether the entry goes through this round without being judged."""
    byes = byes_of(round_)
    return entry.code in entry_byes_of(round_) or (bool(byes) and entry.board.code in byes)


def _has_bye(round_: Round) -> ColumnElement[bool]:
    boards = select(Board.id).where(Board.contest_id == round_.contest_id, Board.code.in_(byes_of(round_)))
    return or_(Entry.board_id.in_(boards), Entry.code.in_(entry_byes_of(round_)))


def _entries_due(round_: Round) -> Select[Entry]:
    before = round_before(round_)
    statement = select(Entry).where(Entry.contest_id == round_.contest_id)
    if before is not None:
        placed = select(Place.entry_id).where(Place.round_id == before.id, Place.state.in_(TAKES_PART))
        return statement.where(Entry.id.in_(placed), Entry.state.in_([SUBMITTED, ELIGIBLE]))
    is_checked = any(one.kind == "eligibility" for one in rounds_in(round_.contest_id))
    states = [ELIGIBLE] if is_checked else [SUBMITTED, ELIGIBLE]
    return statement.where(Entry.state.in_(states))


def later_rounds_of(entry_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the scored rounds after the first that entries reached by a place: entry id to round codes, where any.

    One statement for any number of entries whose contests are loaded with their rounds (as those of a list are).
    """
    rows = session().execute(
        select(Entry.id, Entry.contest_id, Place.round_id, Board.code, Entry.code)
        .join(Place, Place.entry_id == Entry.id)
        .join(Board, Board.id == Entry.board_id)
        .where(Entry.id.in_(list(entry_ids)), Entry.state.in_([SUBMITTED, ELIGIBLE]), Place.state.in_(TAKES_PART))
    )
    placed: set[tuple[int, int]] = set()
    contest_of: dict[int, tuple[int, str, str]] = {}
    for entry_id, contest_id, round_id, board, entry in rows:
        placed.add((entry_id, round_id))
        contest_of[entry_id] = contest_id, board, entry
    rounds = {contest_id: scored_rounds(contest_id) for contest_id in {of[0] for of in contest_of.values()}}
    return {
        entry_id: frozenset(
            one.code
            for place, one in enumerate(rounds.get(contest_id, ()))
            if (before := _sender(rounds[contest_id][:place])) is not None and (entry_id, before.id) in placed
            if board not in byes_of(one) and entry not in entry_byes_of(one)
        )
        for entry_id, (contest_id, board, entry) in contest_of.items()
    }


def _sender(earlier: Sequence[Round]) -> Round | None:
    """Return the last of ``earlier`` that advances any entry."""
    return next((one for one in reversed(earlier) if sends(one)), None)


def sends(round_: Round) -> bool:
    """Whether entries go on from this round: it says how many, or it is a screening that all may pass."""
    return bool(round_.definition.get("advance")) or mode_of(round_.definition).outcome is not None


def takes_part(entry_id: int, round_code: str) -> bool:
    """Whether an entry takes part in a scored round of its contest (asked by the entries room)."""
    entry = session().get(Entry, entry_id)
    if entry is None:
        return False
    round_ = round_of(entry.contest_id, round_code)
    if round_ is None:
        return False
    found = entries_of_round(round_).where(Entry.id == entry_id).with_only_columns(Entry.id)
    return session().scalar(found) is not None
