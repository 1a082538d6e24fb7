"""What the room's pages and home cards show, in a constant number of statements each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Contest, Round, Sector
from compapp.core.actor import CONTEST, ORGANISATION, Actor
from compapp.core.db import session
from compapp.core.errors import DomainError
from compapp.core.reading import read_once
from compapp.entries.lifecycle import DRAFT
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries import team_people, teams_of_person
from compapp.judging.models import Publication
from compapp.placement.lifecycle import OFFERED, PROPOSED, RELEASED
from compapp.placement.models import IncubationPlan, Intake, MatchRun, Offer
from compapp.placement.policy import MANAGER, RELEASERS
from compapp.placement.queries.market import TAKES_PART, figures_published, merits
from compapp.placement.queries.rows import accepts, intakes_of, intakes_of_incubators
from compapp.placement.queries.wishes import wishes_of_entries

SHARE = "share_with_incubators"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A team that wished an incubator, as its manager sees it once results are published.

    ``people`` is empty where the team did not agree to be shown to incubators.
    """

    entry_id: int
    code: str
    title: Mapping[str, str]
    one_liner: Mapping[str, str]
    sector: Mapping[str, str] | None
    choice: int
    round_code: str
    total: str
    people: tuple[str, ...]


def applicants_of(intake: Intake) -> list[Applicant]:
    """Return who wished this incubator, in merit order; empty before the results are published."""
    try:
        ranking = merits(intake.contest)
    except DomainError:
        return []
    entries = [entry for entry in _entries(intake.contest_id) if entry.code in ranking]
    wishes = wishes_of_entries(entries, [one.code for one in intakes_of(intake.contest_id)])
    wished = [
        entry
        for entry in entries
        if intake.code in wishes[entry.id] and accepts(intake, entry.sector.code if entry.sector else None)
    ]
    names = _names([entry.id for entry in wished if _shares(entry)])
    ordered = sorted(wished, key=lambda entry: (ranking[entry.code].place, -ranking[entry.code].figure, entry.code))
    return [
        Applicant(
            entry_id=entry.id,
            code=entry.code,
            title=entry.title,
            one_liner=entry.one_liner,
            sector=_label(entry.sector),
            choice=wishes[entry.id].index(intake.code) + 1,
            round_code=ranking[entry.code].round_code,
            total=ranking[entry.code].total,
            people=tuple(names.get(entry.id, ())),
        )
        for entry in ordered
    ]


def _entries(contest_id: int) -> list[Entry]:
    return list(
        session().scalars(
            select(Entry)
            .where(Entry.contest_id == contest_id, Entry.state.in_(TAKES_PART))
            .options(joinedload(Entry.sector))
            .order_by(Entry.code)
        )
    )


def _shares(entry: Entry) -> bool:
    """Whether nobody on the team said no to being shown to incubators (a wish says yes to this one)."""
    consents = entry.answers.get("consents")
    return not (isinstance(consents, Mapping) and consents.get(SHARE) is False)


def _label(sector: Sector | None) -> Mapping[str, str] | None:
    if sector is None:
        return None
    label: Mapping[str, str] = sector.definition.get("label") or {"vi": sector.code, "en": sector.code}
    return label


def _names(entry_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for entry_id, name in session().execute(
        select(TeamMember.entry_id, TeamMember.name)
        .where(TeamMember.entry_id.in_(entry_ids), TeamMember.left_at.is_(None), TeamMember.role != "advisor")
        .order_by(TeamMember.position)
    ):
        names.setdefault(entry_id, []).append(name)
    return names


def entry_names(contest_id: int) -> dict[str, Entry]:
    """Return the entries of a contest that take part, by code, with their sectors."""
    return {entry.code: entry for entry in _entries(contest_id)}


def sector_labels(contest_id: int) -> dict[str, Mapping[str, str]]:
    """Return the labels of a contest's sectors by code."""
    found = session().scalars(select(Sector).where(Sector.contest_id == contest_id).order_by(Sector.position))
    return {one.code: _label(one) or {} for one in found}


def manages_intakes(actor: Actor) -> bool:
    """Whether the actor manages an incubator that takes teams in some contest."""
    incubators = actor.scopes(MANAGER, ORGANISATION)
    if not incubators:
        return False
    return bool(session().scalar(select(select(Intake.id).where(Intake.incubator_id.in_(incubators)).exists())))


def own_intakes(actor: Actor) -> list[Intake]:
    """Return the intakes of the incubators that the actor manages."""
    incubators = actor.scopes(MANAGER, ORGANISATION)
    return intakes_of_incubators(incubators) if incubators else []


def open_offer_counts(intake_ids: list[int]) -> dict[int, int]:
    """Return how many offers of each intake wait for their team."""
    rows = session().execute(
        select(Offer.intake_id, func.count())
        .where(Offer.intake_id.in_(intake_ids), Offer.state == OFFERED)
        .group_by(Offer.intake_id)
    )
    return {row[0]: row[1] for row in rows}


def own_open_offers(actor: Actor, at: datetime) -> list[Offer]:
    """Return the offers that wait for an answer of the actor's teams, the first to lapse first."""
    return [one for one in own_offers(actor) if one.state == OFFERED and one.expires_at > at]


@read_once
def own_offers(actor: Actor) -> list[Offer]:
    """Return every offer made to the actor's teams, the first to lapse first."""
    own = [one.entry_id for one in teams_of_person(actor.person_id) if one.state != DRAFT]
    if not own:
        return []
    return list(
        session().scalars(
            select(Offer)
            .where(Offer.entry_id.in_(own))
            .options(joinedload(Offer.entry), joinedload(Offer.intake).joinedload(Intake.incubator))
            .order_by(Offer.expires_at)
        )
    )


def own_teams_to_rank(actor: Actor, at: datetime) -> list[tuple[Entry, datetime]]:
    """Return the actor's teams whose wishes can be ranked now, each with the last moment for it.

    Only once a result of the contest is public; teams that hold an offer are left out.
    """
    offered = {one.entry_id for one in own_offers(actor)}
    teams = [one for one in teams_of_person(actor.person_id) if one.state in TAKES_PART]
    own = [one.entry_id for one in teams if one.entry_id not in offered]
    if not own:
        return []
    closing = (
        select(Intake.contest_id, func.max(Intake.closes_at).label("closes_at"))
        .where(Intake.opens_at <= at, Intake.closes_at > at)
        .group_by(Intake.contest_id)
        .subquery()
    )
    rows = session().execute(
        select(Entry, closing.c.closes_at)
        .join(closing, closing.c.contest_id == Entry.contest_id)
        .where(
            Entry.id.in_(own),
            ~select(MatchRun.id).where(MatchRun.contest_id == Entry.contest_id, MatchRun.state == RELEASED).exists(),
            select(Publication.id).join(Publication.round).where(Round.contest_id == Entry.contest_id).exists(),
        )
        .order_by(Entry.id)
    )
    return [(entry, closes_at) for entry, closes_at in rows]


@dataclass(frozen=True, slots=True)
class MatchingDue:
    """A contest whose matching waits: to be computed, or (``run``) to be released by a second person."""

    contest: Contest
    run: MatchRun | None


def matchings_due(actor: Actor, at: datetime) -> list[MatchingDue]:
    """Return the contests of the actor in which a matching is due: an intake is open or over, none is released."""
    contest_ids = [
        grant.scope_id
        for grant in actor.grants
        if grant.scope == CONTEST and grant.role in RELEASERS and grant.scope_id
    ]
    if not contest_ids:
        return []
    found = session().scalars(
        select(Contest)
        .where(
            Contest.id.in_(contest_ids),
            select(Intake.id).where(Intake.contest_id == Contest.id, Intake.opens_at <= at).exists(),
            select(IncubationPlan.id).where(IncubationPlan.contest_id == Contest.id).exists(),
            ~select(MatchRun.id).where(MatchRun.contest_id == Contest.id, MatchRun.state == RELEASED).exists(),
        )
        .order_by(Contest.id)
    )
    contests = list(found)
    if not contests:
        return []
    runs = {
        run.contest_id: run
        for run in session().scalars(
            select(MatchRun)
            .where(MatchRun.contest_id.in_([one.id for one in contests]), MatchRun.state == PROPOSED)
            .order_by(MatchRun.id)
        )
    }
    return [MatchingDue(contest, runs.get(contest.id)) for contest in contests]


def own_entry_in(actor: Actor, contest_id: int) -> int | None:
    """Return the entry of this contest whose team the actor is on."""
    return session().scalar(
        select(Entry.id)
        .join(TeamMember, TeamMember.entry_id == Entry.id)
        .where(Entry.contest_id == contest_id, TeamMember.person_id == actor.person_id, TeamMember.left_at.is_(None))
        .order_by(Entry.id)
        .limit(1)
    )


def funnel_counts(contest_ids: list[int]) -> dict[str, int]:
    """Return aggregates for officers and reports: places, offers made, accepted, declined, lapsed, teams waiting."""
    places = session().execute(
        select(func.coalesce(func.sum(Intake.capacity - Intake.occupied), 0)).where(Intake.contest_id.in_(contest_ids))
    )
    counts: dict[str, int] = {"places": int(places.scalar_one())}
    for state, count in session().execute(
        select(Offer.state, func.count())
        .join(Intake, Intake.id == Offer.intake_id)
        .where(Intake.contest_id.in_(contest_ids))
        .group_by(Offer.state)
    ):
        counts[state] = count
    return counts


def contests_to_rank(at: datetime) -> list[tuple[Contest, datetime, int]]:
    """Return the contests whose teams can order their wishes: contest, last moment, free places in all.

    Only where every merit round is published and no matching is released.
    """
    rows = session().execute(
        select(Contest, func.max(Intake.closes_at), func.sum(Intake.capacity - Intake.occupied - Intake.taken))
        .join(Intake, Intake.contest_id == Contest.id)
        .where(
            Intake.opens_at <= at,
            Intake.closes_at > at,
            ~select(MatchRun.id).where(MatchRun.contest_id == Contest.id, MatchRun.state == RELEASED).exists(),
        )
        .group_by(Contest.id)
        .order_by(Contest.id)
    )
    return [(contest, closes, int(free)) for contest, closes, free in rows if figures_published(contest)]


def candidates_people(contest: Contest) -> list[tuple[Entry, list[int]]]:
    """Return the entries with a published figure that may take a place, each with the people to tell."""
    try:
        ranking = merits(contest)
    except DomainError:
        return []
    found = [entry for entry in _entries(contest.id) if entry.code in ranking]
    people = team_people([entry.id for entry in found])
    return [(entry, people[entry.id]) for entry in found]
