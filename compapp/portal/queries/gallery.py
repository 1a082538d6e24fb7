"""The gallery: entries whose teams opted in, once no judge may be influenced by who they are.

Blindness comes first: as long as a round that hides team or institution is neither decided nor published, nothing
is shown, whatever the teams chose. Nobody under 18, and nobody who did not agree to it, is named in full.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.accounts.models import Consent
from compapp.contests.definition import EntryForm, FormField, RoundRule, Text, text_of
from compapp.contests.lifecycle import DRAFT, PUBLISHED, ROUND_DECIDED
from compapp.contests.models import Board, Contest, Sector
from compapp.core.db import session
from compapp.core.paging import Page, paginate
from compapp.core.text import fold
from compapp.entries import queries as entries
from compapp.entries.lifecycle import ELIGIBLE
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.team import born_of, initials, is_minor
from compapp.portal.lifecycle import SHOWN
from compapp.portal.models import GalleryListing

PER_PAGE = 24
ALWAYS_SHOWN = frozenset({"title", "title_en", "one_liner", "board", "sector"})
LONG = frozenset({"text", "longtext", "choice", "link", "canvas"})


@dataclass(frozen=True)
class Shown:
    """An entry in the gallery. ``team`` are names or initials; ``answers`` what the team allowed besides."""

    entry_id: int
    code: str
    title: Text
    one_liner: Text
    board: Text
    sector: Text | None
    institution: Text | None
    team: tuple[str, ...]
    answers: tuple[tuple[Text, Text | str], ...] = ()


@dataclass(frozen=True)
class Choice:
    """A filter's option: its code, its label, whether it is chosen."""

    code: str
    label: Text
    chosen: bool


def listing_of(entry_id: int) -> GalleryListing | None:
    """Return the entry's place in the gallery, if it ever had one."""
    return session().scalars(select(GalleryListing).where(GalleryListing.entry_id == entry_id)).one_or_none()


def showable_fields(entry: Entry) -> list[FormField]:
    """Return the questions whose answers the team may show beyond title, one line and team.

    Answers that the form keeps from others (confidential, organisers only) are never offered.
    """
    board = entries.working_board(entry).code
    return [field for field in _showable(entry.contest) if not field.boards or board in field.boards]


def _showable(contest: Contest) -> list[FormField]:
    open_to_all = EntryForm.of(contest).seen_by(frozenset({"public", "judges"}))
    return [field for field in open_to_all if field.key not in ALWAYS_SHOWN and field.type in LONG]


def gallery_is_open(contest: Contest) -> bool:
    """Whether the gallery of an announced contest may be shown."""
    return contest.state != DRAFT and nothing_is_blind((RoundRule.of(row), row.state) for row in contest.rounds)


def nothing_is_blind(rounds: Iterable[tuple[RoundRule, str]]) -> bool:
    """Whether every round that hides from its judges who the teams are has been decided."""
    return all(
        state in (ROUND_DECIDED, PUBLISHED)
        or not (rule.is_scored and (rule.blind.hide_team_names or rule.blind.hide_institution))
        for rule, state in rounds
    )


def gallery(contest: Contest, *, search: str = "", board: str = "", sector: str = "", number: int = 1) -> Page:
    """Return a page of ``Shown``, ordered by title the Vietnamese way; ``search`` without marks."""
    statement = _listed(contest.id)
    words = fold(search)[:100]
    if words:
        statement = statement.where(Entry.title_fold.contains(words, autoescape=True))
    if board:
        statement = statement.where(Board.code == board)
    if sector:
        statement = statement.where(Sector.code == sector)
    found = paginate(statement.order_by(Entry.title_sort, Entry.id), number, PER_PAGE, scalars=True)
    return Page(_shown(contest, found.rows), found.total, found.number, found.per_page)


def gallery_entry(contest: Contest, code: str) -> Shown | None:
    """Return one entry with what its team allowed; None where it is not shown."""
    found = session().scalars(_listed(contest.id).where(Entry.code == code)).unique().one_or_none()
    return _shown(contest, [found])[0] if found is not None else None


def listed_entries(contest_id: int, among: Any) -> list[Entry]:
    """Return the entries in the gallery that are ``among`` these (a select of ids), with their boards."""
    return [row.entry for row in session().scalars(_listed(contest_id).where(Entry.id.in_(among))).unique()]


def shown_entries(contest: Contest, among: Any) -> list[Shown]:
    """Return the entries of the gallery that are ``among`` these (a select of ids), by title."""
    statement = _listed(contest.id).where(Entry.id.in_(among)).order_by(Entry.title_sort, Entry.id)
    return _shown(contest, session().scalars(statement).unique())


def choices(contest: Contest, board: str, sector: str) -> tuple[list[Choice], list[Choice]]:
    """Return the options of the two filters."""
    boards = [
        Choice(one.code, text_of(one.definition.get("label"), one.code), one.code == board) for one in contest.boards
    ]
    sectors = [
        Choice(one.code, text_of(one.definition.get("label"), one.code), one.code == sector) for one in contest.sectors
    ]
    return boards, sectors


def public_team(entry: Entry) -> tuple[str, ...]:
    """Return how the gallery names the team: names or initials."""
    return _teams(entry.contest, [entry]).get(entry.id, ())


def _listed(contest_id: int) -> Any:
    return (
        select(GalleryListing)
        .join(GalleryListing.entry)
        .join(Entry.board)
        .outerjoin(Entry.sector)
        .where(
            Entry.contest_id == contest_id,
            Entry.state == ELIGIBLE,
            Entry.frozen_at.is_(None),
            GalleryListing.state == SHOWN,
        )
        .options(
            contains_eager(GalleryListing.entry).options(
                contains_eager(Entry.board), contains_eager(Entry.sector), joinedload(Entry.institution)
            )
        )
    )


def _shown(contest: Contest, listings: Iterable[GalleryListing]) -> list[Shown]:
    rows = list(listings)
    teams = _teams(contest, [row.entry for row in rows])
    fields = _showable(contest)
    return [
        Shown(
            entry_id=row.entry_id,
            code=row.entry.code,
            title=text_of(row.entry.title),
            one_liner=text_of(row.entry.one_liner),
            board=text_of(row.entry.board.definition.get("label"), row.entry.board.code),
            sector=text_of(row.entry.sector.definition.get("label")) if row.entry.sector else None,
            institution=row.entry.institution.name if row.entry.institution else None,
            team=teams.get(row.entry_id, ()),
            answers=tuple(_answers(row, fields)),
        )
        for row in rows
    ]


def _answers(row: GalleryListing, fields: Iterable[FormField]) -> Iterable[tuple[Text, Text | str]]:
    """Yield what the team allowed and the form still lets everybody read: either may have changed since."""
    given = row.entry.answers
    for field in fields:
        value = given.get(field.key)
        if field.key in row.answers and field.asked_with(given) and isinstance(value, str) and value:
            labels = {option.code: option.label for option in field.options}
            yield field.label, labels.get(value, value)


def _teams(contest: Contest, shown: list[Entry]) -> dict[int, tuple[str, ...]]:
    """Return names by entry id: in full only of adults who agreed to be named; of others the initials."""
    agreed = exists().where(
        Consent.person_id == TeamMember.person_id, Consent.purpose == "publish_name", Consent.withdrawn_at.is_(None)
    )
    rows = session().execute(
        select(TeamMember, agreed)
        .where(
            TeamMember.entry_id.in_([one.id for one in shown]),
            TeamMember.left_at.is_(None),
            TeamMember.role != "advisor",
        )
        .options(joinedload(TeamMember.person))
        .order_by(TeamMember.entry_id, TeamMember.position, TeamMember.id)
    )
    named: dict[int, tuple[str, ...]] = {}
    for member, may_be_named in rows:
        full = may_be_named and born_of(member) is not None and not is_minor(member, contest.closes_at)
        named[member.entry_id] = (*named.get(member.entry_id, ()), member.name if full else initials(member.name))
    return named
