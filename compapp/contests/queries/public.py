"""What everybody may read of a contest, as one frozen value for the public page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compapp.contests.definition import (
    BoardRule,
    Calendar,
    CalendarPoint,
    EntryForm,
    Prize,
    RoundRule,
    RubricText,
    Rules,
    Text,
    prizes_of,
    rubrics_of,
    text_of,
)
from compapp.contests.models import Body, Contest, RuleChange
from compapp.contests.plain import deciding_by_round, entering_rules
from compapp.contests.queries.contests import rule_changes
from compapp.contests.sayings import PlainRule
from compapp.core.clock import now
from compapp.core.db import session


@dataclass(frozen=True)
class PublicBoard:
    """A board as visitors read it, with its prizes."""

    rule: BoardRule
    prizes: tuple[Prize, ...]


@dataclass(frozen=True)
class PublicRound:
    """A round as visitors read it: its rule, state, the rubric its sheets follow, and all that in words."""

    rule: RoundRule
    state: str
    rubric: RubricText | None
    sentences: tuple[PlainRule, ...]


@dataclass(frozen=True)
class Sponsor:
    """Who supports the contest; ``has_logo`` where a picture was uploaded here."""

    code: str
    name: Text
    gives: Text | None
    link: str | None
    has_logo: bool


@dataclass(frozen=True)
class PublicContest:
    """Everything on the public page of a contest.

    ``entering`` and ``deciding`` are the rules as sentences (msgid and parameters, see ``plain.py``).
    ``current`` is the calendar's point that is under way, else the next one.
    """

    id: int
    code: str
    state: str
    title: Text
    theme: Text | None
    organisers: tuple[Text, ...]
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    boards: tuple[PublicBoard, ...]
    contest_prizes: tuple[Prize, ...]
    sectors: tuple[tuple[str, Text, bool], ...]
    calendar: Calendar
    current: CalendarPoint | None
    rounds: tuple[PublicRound, ...]
    rules: Rules
    entering: tuple[PlainRule, ...]
    deciding: tuple[PlainRule, ...]
    form: EntryForm
    late_note: Text | None
    holiday_note: Text | None
    changes: tuple[RuleChange, ...]
    sponsors: tuple[Sponsor, ...] = ()


def public_contest(code: str) -> PublicContest | None:
    """Return what everybody may read of an announced contest; None for a draft or an unknown one."""
    statement = (
        select(Contest)
        .where(Contest.code == code, Contest.state != "draft")
        .options(selectinload(Contest.boards), selectinload(Contest.rounds), selectinload(Contest.sectors))
    )
    contest = session().scalars(statement).one_or_none()
    return None if contest is None else read_contest(contest)


def read_contest(contest: Contest) -> PublicContest:
    """Return a loaded contest as its public page would show it (staff preview a draft with it)."""
    definition = contest.definition
    rules, calendar, rubrics, prizes = Rules.of(contest), Calendar.of(contest), rubrics_of(contest), prizes_of(contest)
    read = [(RoundRule.of(row), row.state) for row in contest.rounds]
    sentences = deciding_by_round(contest)
    at = now()
    return PublicContest(
        id=contest.id,
        code=contest.code,
        state=contest.state,
        title=text_of(contest.title),
        theme=text_of(definition["theme"]) if definition.get("theme") else None,
        organisers=_organisers(contest),
        opens_at=contest.opens_at,
        closes_at=contest.closes_at,
        is_open=contest.state == "open" and contest.opens_at <= at < contest.closes_at,
        boards=tuple(
            PublicBoard(BoardRule.of(row), tuple(prize for prize in prizes if prize.board == row.code))
            for row in contest.boards
        ),
        contest_prizes=tuple(prize for prize in prizes if prize.board is None),
        sectors=tuple(
            (row.code, text_of(row.definition.get("label"), row.code), row.province_priority) for row in contest.sectors
        ),
        calendar=calendar,
        current=calendar.current_at(at),
        rounds=tuple(
            PublicRound(rule, state, rubrics.get(rule.rubric or ""), sentences[rule.code]) for rule, state in read
        ),
        rules=rules,
        entering=entering_rules(contest),
        deciding=tuple(sentence for group in sentences.values() for sentence in group),
        form=EntryForm.of(contest),
        late_note=rules.submission.late_note,
        holiday_note=text_of(definition["holiday_note"]) if definition.get("holiday_note") else None,
        changes=tuple(rule_changes(contest.id)),
        sponsors=tuple(_sponsors(contest)),
    )


def _sponsors(contest: Contest) -> Iterator[Sponsor]:
    uploaded = set(contest.kept.get("logos") or ())
    for piece in contest.definition.get("sponsors") or ():
        gives = text_of(piece["gives"]) if piece.get("gives") else None
        has_logo = piece.get("logo") in uploaded
        yield Sponsor(piece["code"], text_of(piece["name"]), gives, piece.get("link"), has_logo)


def _organisers(contest: Contest) -> tuple[Text, ...]:
    """Return the names of organiser and co-organisers, in the file's order."""
    wanted = [contest.definition.get("organiser"), *(contest.definition.get("co_organisers") or ())]
    rows = session().scalars(
        select(Body)
        .where(Body.contest_id == contest.id, Body.code.in_([code for code in wanted if code]))
        .options(selectinload(Body.organisation))
    )
    names = {row.code: row.organisation.name for row in rows}
    return tuple(names[code] for code in wanted if code in names)
