"""The team of an entry, and who speaks for its school."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from compapp.accounts import queries as accounts
from compapp.accounts.models import Person
from compapp.core.actor import Actor
from compapp.core.clock import local
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.core.text import given_name
from compapp.entries.lifecycle import REFUSED
from compapp.entries.models import Entry, GuardianConsent, TeamInvitation, TeamMember
from compapp.entries.policy import SeatFacts

ADULT = 18


_MEMBERS = (
    select(TeamMember)
    .where(TeamMember.entry_id.in_(bindparam("entry_ids", expanding=True)), TeamMember.left_at.is_(None))
    .options(joinedload(TeamMember.person))
    .order_by(TeamMember.position, TeamMember.id)
)


@read_once
def active_members(entry_id: int) -> list[TeamMember]:
    """Return who is on the team now, in order."""
    return members_of([entry_id])[entry_id]


def members_of(entry_ids: Iterable[int]) -> dict[int, list[TeamMember]]:
    """Return who is on several teams now, in order, in one query: entry id to members."""
    found: dict[int, list[TeamMember]] = {entry_id: [] for entry_id in entry_ids}
    for member in session().scalars(_MEMBERS, {"entry_ids": list(found)}):
        found[member.entry_id].append(member)
    return found


def people_of(entry_id: int) -> list[int]:
    """Return the accounts of everybody on the team now, advisors included (whom messages go to)."""
    return [member.person_id for member in active_members(entry_id) if member.person_id is not None]


def team_people(entry_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the accounts of several teams in one query: entry id to person ids."""
    found: dict[int, list[int]] = {entry_id: [] for entry_id in entry_ids}
    rows = session().execute(
        select(TeamMember.entry_id, TeamMember.person_id).where(
            TeamMember.entry_id.in_(found), TeamMember.left_at.is_(None), TeamMember.person_id.is_not(None)
        )
    )
    for entry_id, person_id in rows:
        if person_id is not None:
            found[entry_id].append(person_id)
    return found


def lead_of(entry_id: int) -> TeamMember | None:
    """Return the lead, if the team has one now."""
    return next((member for member in active_members(entry_id) if member.role == "lead"), None)


def invitations_of(entry_id: int) -> list[TeamInvitation]:
    """Return the invitations that still wait for an answer, the newest first."""
    return list(
        session().scalars(
            select(TeamInvitation)
            .where(
                TeamInvitation.entry_id == entry_id,
                TeamInvitation.accepted_at.is_(None),
                TeamInvitation.withdrawn_at.is_(None),
            )
            .order_by(TeamInvitation.sent_at.desc(), TeamInvitation.id.desc())
        )
    )


def seat_facts(actor: Actor, invitation_id: int) -> SeatFacts | None:
    """Return the actor's own seat that waits for a guardian; None for every other."""
    return next((one for one in waiting_seats(actor) if one.invitation_id == invitation_id), None)


def waiting_seats(actor: Actor) -> list[SeatFacts]:
    """Return the seats that the actor has accepted after the lock and that wait for a guardian."""
    if actor.person_id is None:
        return []
    waiting = [row for row in _own_rows(actor.person_id) if row.invitation_id is not None]
    return [SeatFacts(row.invitation_id, row.entry_id, row.member_id, actor.person_id) for row in waiting]


def newcomers_waiting(entry_id: int, at: datetime) -> list[TeamInvitation]:
    """Return the newcomers whom an organiser granted after the lock and who do not sit yet.

    They have not accepted (and still can), or their guardian has not agreed.
    """
    return list(
        session().scalars(
            select(TeamInvitation)
            .where(
                TeamInvitation.entry_id == entry_id,
                TeamInvitation.request_id.is_not(None),
                TeamInvitation.seated_at.is_(None),
                TeamInvitation.withdrawn_at.is_(None),
                or_(TeamInvitation.accepted_at.is_not(None), TeamInvitation.expires_at > at),
            )
            .order_by(TeamInvitation.id)
        )
    )


@read_once
def guardian_consents(entry_id: int) -> dict[int, GuardianConsent]:
    """Return the newest request to a guardian for each member of the team: member id to request."""
    return consents_of([entry_id])[entry_id]


def consents_of(entry_ids: Iterable[int]) -> dict[int, dict[int, GuardianConsent]]:
    """Return the newest request to a guardian for each member of several teams, in one query, by entry."""
    found: dict[int, dict[int, GuardianConsent]] = {entry_id: {} for entry_id in entry_ids}
    rows = session().execute(
        select(TeamMember.entry_id, GuardianConsent)
        .join(TeamMember, TeamMember.id == GuardianConsent.member_id)
        .where(TeamMember.entry_id.in_(found), TeamMember.left_at.is_(None))
        .order_by(GuardianConsent.id)
    )
    for entry_id, row in rows:
        found[entry_id][row.member_id] = row
    return found


def refused_before(entry_id: int) -> set[int]:
    """Return the members for whom a guardian has refused at some time, whatever was answered since."""
    rows = session().scalars(
        select(GuardianConsent.member_id)
        .join(TeamMember, TeamMember.id == GuardianConsent.member_id)
        .where(TeamMember.entry_id == entry_id, GuardianConsent.state == REFUSED)
    )
    return set(rows)


def representatives_of(organisation_id: int | None) -> list[int]:
    """Return the accounts of those who speak for a school; for one that has nobody, those of the body above it."""
    return accounts.spokespeople_of(organisation_id) if organisation_id is not None else []


def born_of(member: TeamMember, person: Person | None = None) -> date | None:
    """Return the day of birth the team gave, else the account's."""
    if member.born is not None:
        return member.born
    owner = person or member.person
    return owner.born if owner is not None else None


def is_minor(member: TeamMember, on: datetime, under: int = ADULT) -> bool:
    """Whether the member is younger than ``under`` years on the (local) day of ``on``; unknown is not.

    Where only the account's year of birth is known, the birthday counts as still to come.
    """
    born, day = born_of(member), local(on).date()
    if born is None:
        year = member.person.birth_year if member.person is not None else None
        return year is not None and day.year - year <= under
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < under


def initials(name: str) -> str:
    """Return ``L.H.T.`` for Lâm Hoài Thảo."""
    return "".join(f"{word[0].upper()}." for word in name.split()) if given_name(name) else ""


def public_team_names(entry: Entry, on: datetime | None = None) -> list[str]:
    """Return the names that a public page may show: in full for adults, initials for those under 18.

    Advisors are left to the organiser's pages; who has left the team is not named. A member whose age is
    unknown on a board that asks for guardians is shown by initials.
    """
    moment = on or entry.contest.closes_at
    careful = entry.board.definition.get("guardian_consent_under") is not None
    return [
        initials(member.name) if is_minor(member, moment) or (careful and born_of(member) is None) else member.name
        for member in active_members(entry.id)
        if member.role != "advisor"
    ]


@dataclass(frozen=True, slots=True)
class OnTeam:
    """That a person is on the team of an entry now, in which role, and the state of the entry."""

    entry_id: int
    contest_id: int
    role: str
    state: str


_WAITING = and_(
    TeamInvitation.member_id == TeamMember.id,
    TeamInvitation.request_id.is_not(None),
    TeamInvitation.accepted_at.is_not(None),
    TeamInvitation.seated_at.is_(None),
    TeamInvitation.withdrawn_at.is_(None),
)
_OWN_ROWS = (
    select(
        Entry.id.label("entry_id"),
        Entry.contest_id,
        TeamMember.role,
        Entry.state,
        TeamMember.left_at,
        TeamMember.id.label("member_id"),
        TeamInvitation.id.label("invitation_id"),
    )
    .join(TeamMember, TeamMember.entry_id == Entry.id)
    .outerjoin(TeamInvitation, _WAITING)
    .where(
        TeamMember.person_id == bindparam("person_id"),
        or_(TeamMember.left_at.is_(None), TeamInvitation.id.is_not(None)),
    )
)
"""In no order: asked for one, SQLite would go through all entries instead of the person's few seats."""


@read_once
def _own_rows(person_id: int) -> Sequence[Any]:
    """Read a person's seats on teams, those that wait for a guardian too: the home page asks for both."""
    rows = session().execute(_OWN_ROWS, {"person_id": person_id})
    return sorted(rows, key=lambda row: (row.entry_id, row.invitation_id or 0))


def teams_of_person(person_id: int | None) -> tuple[OnTeam, ...]:
    """Return the teams that a person is on now, in whatever role."""
    if person_id is None:
        return ()
    seated = (row for row in _own_rows(person_id) if row.left_at is None)
    return tuple(dict.fromkeys(OnTeam(row.entry_id, row.contest_id, row.role, row.state) for row in seated))


def own_entry_in(person_id: int | None, contest_id: int) -> int | None:
    """Return the person's entry in a contest, not one that is only advised or was withdrawn."""
    seats = (one for one in teams_of_person(person_id) if one.role != "advisor" and one.state != "withdrawn")
    return next((one.entry_id for one in seats if one.contest_id == contest_id), None)


def contests_entered(person_id: int) -> set[int]:
    """Return the contests in which the person is on a team, not as an advisor."""
    return {one.contest_id for one in teams_of_person(person_id) if one.role != "advisor" and one.state != "withdrawn"}


def select_contests_entered(person_id: int) -> Select[int]:
    """Select the contests in which the person is on a team: any role there is beaten by that (safety.md 5)."""
    return (
        select(Entry.contest_id)
        .join(TeamMember, TeamMember.entry_id == Entry.id)
        .where(
            TeamMember.person_id == person_id,
            TeamMember.left_at.is_(None),
            TeamMember.role != "advisor",
            Entry.state != "withdrawn",
        )
    )
