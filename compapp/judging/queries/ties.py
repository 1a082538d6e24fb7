"""Ties between judges and entries, two steps deep: what both stand beside in the records, for a person to judge.

A judge and a member (or the entry itself) are tied where records lead from each of them to the same club, team,
organisation or person. Ties block nothing: what blocks is in ``conflicts``. Every kind of record is read once,
whatever the size of the jury and of the contest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, union, union_all
from sqlalchemy.orm import contains_eager

from compapp.accounts.models import Membership, Organisation, Person, Relation
from compapp.clubs.models import Cohort, CohortMember
from compapp.contests.models import Contest
from compapp.contests.queries import bodies_of
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.lifecycle import COUNTED
from compapp.entries.models import Entry, TeamMember
from compapp.judging.lifecycle import DECLINED, LEFT
from compapp.judging.models import ConflictReview, Seat
from compapp.judging.queries.conflicts import conflict_pairs
from compapp.judging.queries.jury import seats_of

CLUB, TEAM, ADVISED, OFFICE, AFFILIATION, SCHOOL, WISH, OFFER, HOSTED, RELATION = (
    *("club", "team", "advised", "office", "affiliation"),
    *("school", "wish", "offer", "hosted", "relation"),
)
"""What leads to a node: in the club, on the team, advised the team, a role in the organisation, works there, studies
there, wants to be hosted there, was offered a place there, is or was hosted there, a recorded relation."""
OVERRIDDEN = "*"
"""The node of a decision about a conflict itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: how somebody stands beside a node, since which year; ``name`` is the member's, if any."""

    kind: str
    year: int | None = None
    name: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A judge and an entry tied by a node (``club…``: the kind is before the colon), with both steps."""

    seat_id: int
    entry_id: int
    node: str
    judge: Step
    team: Step


@dataclass(frozen=True)
class Ties:
    """The undecided ties of a jury, and what their nodes are called: a text, or one in both languages."""

    found: tuple[Tie, ...] = ()
    names: Mapping[str, Any] = field(default_factory=dict)


_Steps = dict[int, dict[str, Step]]
"""Person id to node to step."""
_Row = tuple[int | None, str, Step, Any]
HostSource = Callable[[], Select[int, int, datetime, str]]
_sources: list[HostSource] = []


def register_hosts(source: HostSource) -> None:
    """Let a room above select which entry an organisation hosts or offers to host, since when, and which of the two.

    Called by ``app`` only. The last column is ``HOSTED`` or ``OFFER``.
    """
    if source not in _sources:
        _sources.append(source)


def ties_of(contest: Contest, *, seat_id: int | None = None) -> Ties:
    """Return the ties of a contest's jury (of one seat on request) with handed-in entries, undecided ones alone.

    Left out: pairs that are in conflict anyhow, and what was decided. Thirteen statements at most.
    """
    seats = [
        one
        for one in seats_of(contest.id)
        if one.state not in (DECLINED, LEFT) and (seat_id is None or one.id == seat_id)
    ]
    entries = _entries(contest)
    if not seats or not entries:
        return Ties()
    judges = {seat.person_id for seat in seats}
    members = _members(contest.id)
    people = {member.person_id for group in members.values() for member in group if member.person_id is not None}
    names: dict[str, Any] = {}
    steps = _steps(judges, people, names)
    for seat in seats:
        if seat.affiliation_id is not None:
            steps[seat.person_id].setdefault(f"organisation:{seat.affiliation_id}", Step(AFFILIATION))
    by_node: dict[str, dict[int, Step]] = defaultdict(dict)
    for entry_id, person, node, step, name in _of_hosts(judges):
        names.setdefault(node, name)
        if entry_id in entries:
            by_node[node].setdefault(entry_id, step)
        elif person in judges or person in people:
            steps[person].setdefault(node, step)
    for entry_id, (institution, wishes) in entries.items():
        _stand(by_node, entry_id, institution, wishes, members.get(entry_id, ()), steps)
    found = _meet(seats, by_node, steps)
    return _undecided(contest.id, found, names)


def _entries(contest: Contest) -> dict[int, tuple[int | None, list[int]]]:
    """Return of each handed-in entry its institution and the organisations it wishes to be hosted by."""
    keys = [one["key"] for one in _form_fields(contest.form) if one.get("options_from") == "incubators"]
    hosts = {code: body.id for code, body in bodies_of(contest.id, "incubators")} if keys else {}
    rows = session().execute(
        select(Entry.id, Entry.institution_id, *(Entry.answers[key] for key in keys)).where(
            Entry.contest_id == contest.id, Entry.state.in_(COUNTED)
        )
    )
    return {row[0]: (row[1], [hosts[code] for code in _codes(row[2:]) if code in hosts]) for row in rows}


def _form_fields(form: Any) -> list[dict[str, Any]]:
    return [piece for piece in form.get("fields") or [] if "key" in piece]


def _codes(values: Iterable[Any]) -> list[str]:
    return [
        str(code) for value in values for code in (value if isinstance(value, list) else [value]) if code is not None
    ]


def _members(contest_id: int) -> dict[int, list[TeamMember]]:
    rows = session().scalars(
        select(TeamMember)
        .join(Entry, Entry.id == TeamMember.entry_id)
        .where(Entry.contest_id == contest_id, Entry.state.in_(COUNTED), TeamMember.left_at.is_(None))
    )
    found: dict[int, list[TeamMember]] = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(row)
    return found


def _steps(judges: set[int], people: set[int], names: dict[str, Any]) -> _Steps:
    """Return how judges and members stand beside clubs, teams, organisations and people that a judge stands beside."""
    steps: dict[int, dict[str, Step]] = defaultdict(dict)
    everybody = judges | people
    for one in (_of_teams, _of_clubs, _of_offices):
        for person, node, step, name in one(judges):
            names[node] = name
            if person in everybody:
                steps[person].setdefault(node, step)
    recorded = _relations(judges)
    for row in recorded:
        if row.organisation_id is not None and row.person_id in everybody:
            steps[row.person_id].setdefault(f"organisation:{row.organisation_id}", _relation(row))
    for person, other, step in _pairs_of_people(judges, recorded):
        steps[person].setdefault(f"person:{other}", step)
        steps[other].setdefault(f"person:{other}", step)
    return steps


def _of_teams(judges: set[int]) -> Iterable[_Row]:
    """Yield who was on which team, of the teams on which a judge was (in any contest)."""
    mine = select(TeamMember.entry_id).where(TeamMember.person_id.in_(judges))
    rows = session().execute(
        select(TeamMember.person_id, TeamMember.entry_id, TeamMember.role, TeamMember.joined_at, Entry.title)
        .join(Entry, Entry.id == TeamMember.entry_id)
        .where(TeamMember.entry_id.in_(mine), TeamMember.person_id.is_not(None))
    )
    for person, entry_id, role, since, title in rows:
        yield person, f"team:{entry_id}", Step(ADVISED if role == "advisor" else TEAM, since.year), title


def _of_clubs(judges: set[int]) -> Iterable[_Row]:
    """Yield who was in which club, of the clubs in which a judge was; the last term counts."""
    mine = select(Cohort.club_id).join(CohortMember).where(CohortMember.person_id.in_(judges))
    rows = session().execute(
        select(CohortMember.person_id, CohortMember.joined_at, Organisation)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .join(Organisation, Organisation.id == Cohort.club_id)
        .where(Cohort.club_id.in_(mine))
        .order_by(CohortMember.joined_at.desc())
    )
    for person, since, club in rows:
        yield person, f"organisation:{club.id}", Step(CLUB, since.year), club.name


def _organisations(judges: set[int]) -> Any:
    """Select the organisations that a judge has to do with."""
    return union(
        select(Membership.organisation_id).where(Membership.person_id.in_(judges)),
        select(Seat.affiliation_id).where(Seat.person_id.in_(judges)),
        select(Relation.organisation_id).where(Relation.person_id.in_(judges)),
    )


def _of_offices(judges: set[int]) -> Iterable[_Row]:
    """Yield who holds or held a role in which organisation, of those that a judge has to do with."""
    rows = session().execute(
        select(Membership.person_id, Organisation.id, Membership.since, Organisation.name_vi, Organisation.name_en)
        .select_from(Organisation)
        .outerjoin(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.id.in_(_organisations(judges)))
        .order_by(Membership.since.desc())
    )
    for person, organisation, since, vi, en in rows:
        year: int | None = getattr(since, "year", None)
        yield person, f"organisation:{organisation}", Step(OFFICE, year), {"vi": vi, "en": en}


def _of_hosts(judges: set[int]) -> Iterable[tuple[int, int, str, Step, Any]]:
    """Yield whom organisations host or offer to host: by those that a judge has to do with, and a judge's own teams.

    Each row: entry, member (0 for one without an account), node, step and the organisation's name.
    """
    if not _sources:
        return
    hosts = union_all(*(source() for source in _sources)).subquery()
    entry_id, host, since, kind = hosts.c
    rows = session().execute(
        select(entry_id, TeamMember.person_id, host, since, kind, Organisation.name_vi, Organisation.name_en)
        .select_from(hosts)
        .join(Organisation, Organisation.id == host)
        .outerjoin(TeamMember, (TeamMember.entry_id == entry_id) & TeamMember.person_id.is_not(None))
        .where(or_(host.in_(_organisations(judges)), TeamMember.person_id.in_(judges)))
        .order_by(kind != HOSTED, since.desc())
    )
    for entry, person, place, start, what, vi, en in rows:
        yield entry, person or 0, f"organisation:{place}", Step(what, start.year), {"vi": vi, "en": en}


def _relations(judges: set[int]) -> list[Relation]:
    """Return every recorded tie, also ended ones: of judges, of their organisations, and of whom they lead to."""
    led_to: Any = union(
        select(Relation.other_person_id).where(Relation.person_id.in_(judges), Relation.other_person_id.is_not(None)),
        select(Relation.person_id).where(Relation.other_person_id.in_(judges)),
    )
    rows = select(Relation).where(
        or_(
            Relation.person_id.in_(judges),
            Relation.other_person_id.in_(judges),
            Relation.organisation_id.in_(_organisations(judges)),
            Relation.person_id.in_(led_to) & Relation.other_person_id.is_not(None),
            Relation.other_person_id.in_(led_to),
        )
    )
    return list(session().scalars(rows.order_by(Relation.id)))


def _pairs_of_people(judges: set[int], rows: Iterable[Relation]) -> Iterable[tuple[int, int, Step]]:
    """Yield (person, other, step): first of judges, then of those whom they lead to."""
    pairs = [(one.person_id, one.other_person_id, _relation(one)) for one in rows if one.other_person_id is not None]
    both = [*pairs, *((second, first, step) for first, second, step in pairs)]
    yield from (pair for pair in both if pair[0] in judges)
    reached = {other for person, other, _step in both if person in judges} - judges
    yield from (pair for pair in both if pair[1] in reached and pair[0] not in judges)


def _relation(row: Relation) -> Step:
    return Step(RELATION, row.since.year, detail=row.kind)


def _stand(
    by_node: dict[str, dict[int, Step]],
    entry_id: int,
    institution: int | None,
    wishes: Iterable[int],
    members: Iterable[TeamMember],
    steps: Mapping[int, Mapping[str, Step]],
) -> None:
    """Note beside which nodes an entry stands: by its members' records first, then by itself."""
    for member in members:
        for node, step in steps.get(member.person_id or 0, {}).items():
            if node != f"team:{entry_id}":
                by_node[node].setdefault(entry_id, Step(step.kind, step.year, member.name, step.detail))
        if member.institution_id is not None:
            by_node[f"organisation:{member.institution_id}"].setdefault(entry_id, Step(SCHOOL, None, member.name))
    if institution is not None:
        by_node[f"organisation:{institution}"].setdefault(entry_id, Step(SCHOOL))
    for host in wishes:
        by_node[f"organisation:{host}"].setdefault(entry_id, Step(WISH))


def _meet(
    seats: Iterable[Seat], by_node: Mapping[str, Mapping[int, Step]], steps: Mapping[int, Mapping[str, Step]]
) -> list[Tie]:
    found = []
    for seat in seats:
        for node, step in steps.get(seat.person_id, {}).items():
            found += [Tie(seat.id, entry, node, step, other) for entry, other in by_node.get(node, {}).items()]
    return found


def _undecided(contest_id: int, found: list[Tie], names: Mapping[str, Any]) -> Ties:
    """Leave out what is a conflict anyhow and what was decided, and name the nodes that are left."""
    if not found:
        return Ties()
    barred = conflict_pairs(contest_id, {one.entry_id for one in found})
    decided = {
        (review.seat_id, review.entry_id, review.node) for review in reviews_of(contest_id) if review.ended_at is None
    }
    overridden = {(seat, entry) for seat, entry, node in decided if node == OVERRIDDEN}
    left = tuple(
        one
        for one in sorted(found, key=lambda tie: (tie.seat_id, tie.node, tie.entry_id))
        if (one.entry_id, one.seat_id) not in barred
        and (one.seat_id, one.entry_id) not in overridden
        and (one.seat_id, one.entry_id, one.node) not in decided
    )
    return Ties(left, _named(left, names))


def _named(left: Iterable[Tie], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of the nodes; people are looked up."""
    nodes = {one.node for one in left}
    people = {int(node.partition(":")[2]) for node in nodes if node.startswith("person:")}
    known = {node: names[node] for node in nodes if node in names}
    if people:
        rows = session().execute(select(Person.id, Person.name).where(Person.id.in_(people)))
        known |= {f"person:{number}": name for number, name in rows}
    return known


@read_once
def reviews_of(contest_id: int) -> list[ConflictReview]:
    """Return every decision about ties and conflicts of a contest, newest first."""
    return list(
        session().scalars(
            select(ConflictReview)
            .join(ConflictReview.seat)
            .where(Seat.contest_id == contest_id)
            .options(contains_eager(ConflictReview.seat).joinedload(Seat.person))
            .order_by(ConflictReview.decided_at.desc(), ConflictReview.id.desc())
        )
    )
