"""How clubs are doing: a term in figures, for one club or many, in a constant number of queries."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased, contains_eager

from compapp.accounts.models import Organisation
from compapp.clubs.lifecycle import CANCELLED, HELD, REGISTERED
from compapp.clubs.models import Activity, Cohort, CohortMember, Registration
from compapp.clubs.policy import schools_of, sees_all_clubs
from compapp.clubs.queries.clubs import CLUB
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """What became of the entries of a cohort's members; ``advanced`` and ``awarded`` count what is public."""

    begun: int = 0
    handed_in: int = 0
    advanced: int = 0
    awarded: int = 0


EntrySource = Callable[[Collection[int]], Mapping[int, EntryFigures]]

_entries: EntrySource | None = None


def use_entry_figures(source: EntrySource) -> None:
    """Let a room above count the entries of cohorts: cohort ids in, figures by cohort out, in a few queries."""
    global _entries
    _entries = source


def entries_of_terms(cohort_ids: Collection[int]) -> Mapping[int, EntryFigures]:
    """Return what became of the entries of terms, by cohort: the one count for overview, home page and report."""
    return _entries(cohort_ids) if _entries is not None and cohort_ids else {}


@dataclass(frozen=True, slots=True)
class TermFigures:
    """A club's term: people, activities, attendance, entries."""

    cohort: Cohort
    members: int = 0
    left: int = 0
    held: int = 0
    cancelled: int = 0
    hours: float = 0.0
    attendances: int = 0
    participants: int = 0
    expected: int = 0
    kept_place: int = 0
    entries: EntryFigures = EntryFigures()

    @property
    def rate(self) -> int | None:
        """The share in per cent of those with a place who came; nothing where nobody had one."""
        return round(100 * self.kept_place / self.expected) if self.expected else None


def figures_of(cohorts: Sequence[Cohort]) -> list[TermFigures]:
    """Return the figures of terms in the order given."""
    ids = [one.id for one in cohorts]
    people, activities, presence = _people(ids), _activities(ids), _presence(ids)
    entries = entries_of_terms(ids)
    return [
        TermFigures(
            cohort=one,
            **people.get(one.id, {}),
            **activities.get(one.id, {}),
            **presence.get(one.id, {}),
            entries=entries.get(one.id, EntryFigures()),
        )
        for one in cohorts
    ]


def _people(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = session().execute(
        select(CohortMember.cohort_id, func.count(), func.count(CohortMember.left_at))
        .where(CohortMember.cohort_id.in_(ids))
        .group_by(CohortMember.cohort_id)
    )
    return {cohort_id: {"members": every - left, "left": left} for cohort_id, every, left in rows}


def _activities(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    rows = session().execute(
        select(Activity.cohort_id, Activity.state, Activity.starts_at, Activity.ends_at, Activity.came).where(
            Activity.cohort_id.in_(ids), Activity.state.in_((HELD, CANCELLED))
        )
    )
    for cohort_id, state, starts_at, ends_at, came in rows:
        kept = found.setdefault(cohort_id, {"held": 0, "cancelled": 0, "hours": 0.0, "attendances": 0})
        if state == CANCELLED:
            kept["cancelled"] += 1
            continue
        kept["held"] += 1
        kept["hours"] += (ends_at - starts_at).total_seconds() / 3600
        kept["attendances"] += came
    return found


def _presence(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    had_place = (Registration.state == REGISTERED) & ~Registration.is_walk_in
    rows = session().execute(
        select(
            Activity.cohort_id,
            func.count(func.distinct(case((Registration.came_at.is_not(None), Registration.person_id)))),
            func.count(case((had_place, 1))),
            func.count(case((had_place & Registration.came_at.is_not(None), 1))),
        )
        .join(Registration, Registration.activity_id == Activity.id)
        .where(Activity.cohort_id.in_(ids), Activity.state == HELD)
        .group_by(Activity.cohort_id)
    )
    return {
        cohort_id: {"participants": participants, "expected": expected, "kept_place": kept}
        for cohort_id, participants, expected, kept in rows
    }


@dataclass(frozen=True, slots=True)
class ClubHealth:
    """A club, its school, and its term in figures (nothing before it has one)."""

    club: Organisation
    school: Organisation | None
    figures: TermFigures | None


def terms_seen(actor: Actor) -> list[str]:
    """Return the terms of the clubs whose figures ``actor`` sees, the newest first."""
    statement = select(Cohort.term).join(Organisation, Organisation.id == Cohort.club_id).distinct()
    return list(session().scalars(statement.where(_seen(actor, Organisation)).order_by(Cohort.term.desc())))


def health(actor: Actor, term: str) -> list[ClubHealth]:
    """Return the clubs whose figures ``actor`` sees with this term's figures, by name."""
    school = aliased(Organisation)
    rows = session().execute(
        select(Organisation, school)
        .outerjoin(school, school.id == Organisation.parent_id)
        .where(Organisation.kind == CLUB, _seen(actor, Organisation))
        .order_by(Organisation.name_sort, Organisation.id)
    )
    clubs = [(club, of) for club, of in rows]
    cohorts = session().scalars(
        select(Cohort).where(Cohort.term == term, Cohort.club_id.in_([club.id for club, _of in clubs]))
    )
    figures = {one.cohort.club_id: one for one in figures_of(cohorts.all())}
    return [ClubHealth(club, of, figures.get(club.id)) for club, of in clubs]


def course_of_terms(actor: Actor, most: int = 6) -> list[tuple[str, list[TermFigures]]]:
    """Return the newest terms with the figures of every club seen, the oldest of them first."""
    terms = terms_seen(actor)[:most]
    statement = (
        select(Cohort)
        .join(Organisation, Organisation.id == Cohort.club_id)
        .where(Cohort.term.in_(terms), _seen(actor, Organisation))
        .options(contains_eager(Cohort.club))
    )
    every = figures_of(session().scalars(statement).all())
    return [(term, [one for one in every if one.cohort.term == term]) for term in reversed(terms)]


def _seen(actor: Actor, club: Any) -> Any:
    return club.id.is_not(None) if sees_all_clubs(actor) else club.parent_id.in_(schools_of(actor))


def activities_of_term(cohort_id: int) -> Sequence[Activity]:
    """Return the activities of a term that were held or cancelled or are to come, in order of time."""
    statement = select(Activity).where(Activity.cohort_id == cohort_id).order_by(Activity.starts_at, Activity.id)
    return session().scalars(statement).all()


def messages_of(cohort_id: int, most: int = 10) -> Sequence[AuditRow]:
    """Return the last messages to a cohort: when, by whom, subject and how many people, from the audit chain."""
    statement = select(AuditRow).where(
        AuditRow.verb == "clubs.cohort.written_to",
        AuditRow.subject_kind == Cohort.__tablename__,
        AuditRow.subject_id == cohort_id,
    )
    return session().scalars(statement.order_by(AuditRow.id.desc()).limit(most)).all()
