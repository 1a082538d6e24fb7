"""Appeals against results: until when, by whom decided, and the one thing that one may reopen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.contests.definition import Calendar, Choice, Rules
from compapp.contests.models import Contest
from compapp.contests.queries import people_with_role
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.entries.policy import APPEAL_OFFICES, AppealFacts
from compapp.entries.queries import team
from compapp.entries.queries.appeals import (
    GROUNDS,
    AppealRow,
    appeals_facts,
    barred_from,
    people_of_school,
)
from compapp.judging.lifecycle import DECLINED, LEFT, ONLINE, SUBMITTED
from compapp.judging.models import Publication, ResultAppeal, Seat, Sheet, Shortlist
from compapp.judging.policy import ResultFacts
from compapp.judging.queries.own import result_facts

SHEET, SUM, GATE = "sheet", "sum", "gate"
WAIVABLE = ("zero_criterion", "below_min_total")
"""Gates that a person may open; a screening jury's vote is none of them."""


def grounds_of(contest: Contest) -> tuple[Choice, ...]:
    """Return on what grounds one may appeal against a result: the contest's, else the usual ones."""
    return Rules.of(contest).appeal_grounds or GROUNDS


def appeal_window(publication: Publication) -> tuple[datetime, datetime] | None:
    """Return from when until when a team may appeal against a publication; None where the contest has no appeals.

    The calendar's window of the round holds for its first publication; a correction made later opens the window of
    the rules once more for whom it concerns.
    """
    contest = publication.round.contest
    window = Rules.of(contest).appeal_window
    after = None if window is None else (publication.published_at, publication.published_at + window)
    try:
        point = Calendar.of(contest).point(f"appeals.{publication.round.code}")
    except KeyError:
        return after
    if point.opens_at is None or point.closes_at is None or (publication.number > 1 and after is not None):
        return after
    return max(point.opens_at, publication.published_at), point.closes_at


def publication_of(entry: Entry, publication_id: int) -> Publication | None:
    """Return a publication in which this entry has a row."""
    publication = session().get(Publication, publication_id)
    if publication is None or publication.round.contest_id != entry.contest_id:
        return None
    rows = (row["entry"] for board in publication.content["boards"] for row in board["rows"])
    return publication if entry.code in rows else None


def own_appeal_facts(actor: Actor, entry_id: int, publication_id: int) -> ResultFacts | None:
    """Load what decides about a team's page of an appeal; nothing for whom is not on the team."""
    facts = result_facts(actor, entry_id)
    entry = session().get(Entry, entry_id)
    known = entry is not None and publication_of(entry, publication_id) is not None
    return facts if known else None


def is_newest(publication: Publication) -> bool:
    """Whether no correction has replaced the publication."""
    newer = select(Publication.id).where(
        Publication.round_id == publication.round_id, Publication.number > publication.number
    )
    return session().scalar(newer.limit(1)) is None


def appeal_against(entry_id: int, publication_id: int) -> ResultAppeal | None:
    """Return the entry's appeal against a publication."""
    found = select(ResultAppeal).where(ResultAppeal.entry_id == entry_id, ResultAppeal.publication_id == publication_id)
    return session().scalars(found.options(joinedload(ResultAppeal.sheet))).one_or_none()


def appeals_of_entry(entry_id: int) -> dict[int, ResultAppeal]:
    """Return every appeal of an entry against a result, by publication."""
    found = select(ResultAppeal).where(ResultAppeal.entry_id == entry_id).order_by(ResultAppeal.id)
    return {one.publication_id: one for one in session().scalars(found.options(joinedload(ResultAppeal.publication)))}


def appeal_rows(contest_id: int) -> list[AppealRow]:
    """Return a contest's appeals against results for the office's one list."""
    found = session().scalars(
        select(ResultAppeal)
        .join(ResultAppeal.entry)
        .where(Entry.contest_id == contest_id)
        .options(contains_eager(ResultAppeal.entry).joinedload(Entry.institution))
    )
    return [
        AppealRow(one.entry, N_("Result"), one.state, one.filed_at, "results.appeal_office", one.id) for one in found
    ]


def waiting_appeals(contest_id: int) -> ScalarSelect[int]:
    """Return the count of a contest's appeals against results that nobody has decided, to stand in a statement."""
    rows = select(func.count(ResultAppeal.id)).join(Entry, Entry.id == ResultAppeal.entry_id)
    return rows.where(Entry.contest_id == contest_id, ResultAppeal.decided_at.is_(None)).scalar_subquery()


def appeal_facts(actor: Actor, code: str, appeal_id: int) -> AppealFacts | None:
    """Return what is asked of an appeal for ``actor``; None for whom it does not exist."""
    contest = appeals_facts(actor, code)
    appeal = session().get(ResultAppeal, appeal_id) if contest is not None else None
    if contest is None or appeal is None or appeal.entry.contest_id != contest.contest_id:
        return None
    return facts_for(actor.person_id, appeal)


def facts_for(person_id: int | None, appeal: ResultAppeal) -> AppealFacts:
    """Return the facts of an appeal as they concern one person: a seat in the jury means that one has judged."""
    entry = appeal.entry
    return AppealFacts(
        contest_id=entry.contest_id,
        entry_id=entry.id,
        state=appeal.state,
        decided_by=deciders_of(appeal.publication),
        is_of_team=person_id in team.people_of(entry.id),
        is_of_school=person_id in people_of_school(entry.institution_id),
        has_judged=person_id in jurors(entry.contest_id),
    )


def deciders_of(publication: Publication) -> frozenset[int | None]:
    """Return who prepared or approved what was published."""
    row = (
        session()
        .execute(
            select(Shortlist.prepared_by_id, Shortlist.approved_by_id).where(Shortlist.id == publication.shortlist_id)
        )
        .one_or_none()
    )
    return frozenset(one for one in row if one is not None) if row is not None else frozenset()


def jurors(contest_id: int) -> set[int]:
    """Return who sits, or sat, in the jury of a contest."""
    rows = select(Seat.person_id).where(
        Seat.contest_id == contest_id, (Seat.state.not_in([DECLINED, LEFT])) | Seat.id.in_(select(Sheet.seat_id))
    )
    return set(session().scalars(rows))


def officers_for(appeal: ResultAppeal) -> list[int]:
    """Return who may decide the appeal: officers who are free of a conflict."""
    people = {one for role in APPEAL_OFFICES for one in people_with_role(appeal.entry.contest_id, role)}
    barred = barred_from(appeal.entry) | jurors(appeal.entry.contest_id)
    return sorted(people - barred - {one or 0 for one in deciders_of(appeal.publication)})


@dataclass(frozen=True)
class Reopening:
    """One thing that an appeal may reopen: its key (``sheet:12``, ``gate:zero_criterion``) and what it is."""

    key: str
    kind: str
    sheet: Sheet | None = None
    gate: str | None = None


def reopenings(appeal: ResultAppeal) -> list[Reopening]:
    """Return what an upheld appeal may reopen: a sheet that counts, the sum of a typed one, a gate not passed."""
    publication, code = appeal.publication, appeal.entry.code
    sheets = session().scalars(
        select(Sheet)
        .where(Sheet.round_id == publication.round_id, Sheet.entry_id == appeal.entry_id, Sheet.state == SUBMITTED)
        .options(joinedload(Sheet.seat).joinedload(Seat.person))
        .order_by(Sheet.id)
    )
    kinds = [(sheet, SHEET if sheet.source == ONLINE else SUM) for sheet in sheets]
    rows = [row for board in publication.content["boards"] for row in board["rows"] if row["entry"] == code]
    gates: Sequence[str] = [gate for row in rows for gate in row["gates_failed"] if gate in WAIVABLE]
    return [
        *(Reopening(f"{kind}:{sheet.id}", kind, sheet=sheet) for sheet, kind in kinds),
        *(Reopening(f"{GATE}:{gate}", GATE, gate=gate) for gate in gates),
    ]
