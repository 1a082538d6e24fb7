"""Who may do what with a club. Pure."""

from dataclasses import dataclass

from compapp.clubs.lifecycle import HELD, OF_EVERYONE, OF_MEMBERS, OPEN, PLANNED
from compapp.core.actor import ORGANISATION, PLATFORM, Actor

MANAGER, ADVISOR = "manager", "advisor"
_OF_SCHOOL = frozenset({"representative", "organiser"})
_OF_PLATFORM = frozenset({"officer", "admin"})


@dataclass(frozen=True, slots=True)
class ClubFacts:
    """What the policies need to know of a club; ``is_member``: in its cohort of the newest term."""

    club_id: int
    school_id: int | None = None
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What the policies need to know of an activity.

    ``is_of_school``: the actor has said to be a student of the club's school; ``has_registration``: of whatever
    state, also long ago.
    """

    activity_id: int
    club: ClubFacts
    state: str
    audience: str
    is_of_school: bool = False
    has_registration: bool = False


@dataclass(frozen=True, slots=True)
class AttendanceFacts:
    """What the policies need to know of one person's attendance at one activity."""

    registration_id: int
    person_id: int
    club: ClubFacts


def may_manage(actor: Actor, facts: ClubFacts) -> bool:
    """Policy: the managers of this club."""
    return actor.is_system or actor.has(MANAGER, ORGANISATION, facts.club_id)


def may_look_after(actor: Actor, facts: ClubFacts) -> bool:
    """Policy: managers and advisors see the club's work from inside."""
    return may_manage(actor, facts) or actor.has(ADVISOR, ORGANISATION, facts.club_id)


def may_see_figures(actor: Actor, facts: ClubFacts) -> bool:
    """Policy: who looks after the club, its school, officers and administrators see how it is doing."""
    if may_look_after(actor, facts) or actor.has_any(_OF_PLATFORM, PLATFORM):
        return True
    return facts.school_id is not None and actor.has_any(_OF_SCHOOL, ORGANISATION, facts.school_id)


def sees_health(actor: Actor) -> bool:
    """Policy: who sees how several clubs are doing: officers, administrators, and whoever speaks for a school."""
    return actor.has_any(_OF_PLATFORM, PLATFORM) or bool(schools_of(actor))


def looks_after_schools(actor: Actor) -> bool:
    """Policy: who finds the clubs' health in the navigation: officers, administrators, representatives of schools."""
    return sees_all_clubs(actor) or bool(actor.scopes("representative", ORGANISATION))


def sees_all_clubs(actor: Actor) -> bool:
    """Policy: officers and administrators see the figures of every club."""
    return actor.has_any(_OF_PLATFORM, PLATFORM)


def schools_of(actor: Actor) -> frozenset[int]:
    """Return the ids of the organisations that ``actor`` represents or organises for."""
    return frozenset().union(*(actor.scopes(role, ORGANISATION) for role in sorted(_OF_SCHOOL)))


def may_manage_activity(actor: Actor, facts: ActivityFacts) -> bool:
    """Policy: the managers of the club that holds it."""
    return may_manage(actor, facts.club)


def may_look_after_activity(actor: Actor, facts: ActivityFacts) -> bool:
    """Policy: managers and advisors of the club see who has registered and who came."""
    return may_look_after(actor, facts.club)


def may_see_activity(actor: Actor, facts: ActivityFacts) -> bool:
    """Policy: whom an announced activity is meant for, who registered once, and who looks after the club."""
    if may_look_after_activity(actor, facts):
        return True
    if facts.state == PLANNED:
        return False
    return facts.has_registration or facts.audience != OF_MEMBERS or facts.club.is_member


def may_register(actor: Actor, facts: ActivityFacts) -> bool:
    """Policy: whom the activity is meant for, while it is open. Students of the school say so as they register."""
    if not actor.is_signed_in or facts.state != OPEN:
        return False
    if facts.audience == OF_MEMBERS:
        return facts.club.is_member
    return facts.audience == OF_EVERYONE or facts.is_of_school or facts.club.is_member


def may_check_in(actor: Actor, facts: ActivityFacts) -> bool:
    """Policy: whoever may see it, on the spot, while it is not over; the code says that one is there."""
    return actor.is_signed_in and facts.state in (OPEN, HELD) and may_see_activity(actor, facts)


def takes_part(actor: Actor) -> bool:
    """Policy: who may find activities of clubs in the navigation: those with no office here, and the clubs' own."""
    offices = {grant.role for grant in actor.grants}
    return actor.is_signed_in and offices <= {MANAGER, ADVISOR, "member"}


def may_see_attendance(actor: Actor, facts: AttendanceFacts) -> bool:
    """Policy: the person, and who looks after the club."""
    return actor.person_id == facts.person_id or may_look_after(actor, facts.club)
