"""Who may do what with residencies, mentors and sessions: pure predicates over loaded facts.

Membership of any team of the contest beats the roles of manager, mentor and organiser there: the facts of such a
person never say them, save those of the own team. Administrators and officers see aggregates only.
"""

from dataclasses import dataclass
from datetime import date

from compapp.core.actor import CONTEST, Actor

MANAGER = "manager"
MENTOR = "mentor"


@dataclass(frozen=True, slots=True)
class ResidencyFacts:
    """A residency as the actor's rights see it; ``is_mentor``: mentors this team now."""

    residency_id: int
    contest_id: int
    entry_id: int
    incubator_id: int
    state: str
    member_role: str | None
    is_manager: bool
    is_mentor: bool
    is_organiser: bool

    @property
    def is_team(self) -> bool:
        """Whether the actor is on the team."""
        return self.member_role is not None


@dataclass(frozen=True, slots=True)
class MentorshipFacts:
    """A mentorship; ``is_own``: the actor is its mentor."""

    mentorship_id: int
    state: str
    is_own: bool
    residency: ResidencyFacts


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session; ``is_own``: the actor is its mentor (also after the mentorship has ended)."""

    session_id: int
    state: str
    is_own: bool
    residency: ResidencyFacts


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day of the actor's own hours."""

    day_id: int
    day: date


def may_see(actor: Actor, facts: ResidencyFacts) -> bool:
    """Read a residency's milestones and figures: team, mentor, incubator, and the contest's organiser."""
    return facts.is_team or facts.is_manager or facts.is_mentor or facts.is_organiser


def may_see_sessions(actor: Actor, facts: ResidencyFacts) -> bool:
    """Read sessions with their shared notes: team, mentor and incubator."""
    return facts.is_team or facts.is_manager or facts.is_mentor


def may_read_entry(actor: Actor, facts: ResidencyFacts) -> bool:
    """Read the entry as it was handed in: who mentors the team now (permission matrix: "mentor: R if asg")."""
    return facts.is_mentor


def may_run(actor: Actor, facts: ResidencyFacts) -> bool:
    """Move the stage, graduate, let go, assign mentors, drop milestones: the incubator's manager."""
    return facts.is_manager


def may_book(actor: Actor, facts: ResidencyFacts) -> bool:
    """Book a session: team, mentor or manager, while the team is in the incubator."""
    return may_see_sessions(actor, facts) and facts.state == "active"


def may_report(actor: Actor, facts: ResidencyFacts) -> bool:
    """Report a milestone or figures: the lead; members read (permission matrix: "milestones, KPIs")."""
    return facts.member_role == "lead"


def may_confirm(actor: Actor, facts: ResidencyFacts) -> bool:
    """Confirm a milestone: the mentor or the manager, never the team."""
    return facts.is_manager or facts.is_mentor


def may_end_mentorship(actor: Actor, facts: MentorshipFacts) -> bool:
    """End a mentorship: its mentor or the manager."""
    return facts.is_own or facts.residency.is_manager


def may_see_session(actor: Actor, facts: SessionFacts) -> bool:
    """Read one session."""
    return facts.is_own or may_see_sessions(actor, facts.residency)


def may_log(actor: Actor, facts: SessionFacts) -> bool:
    """Write the log: the session's mentor."""
    return facts.is_own


def may_see_private_note(actor: Actor, facts: SessionFacts) -> bool:
    """Read the private note: the mentor who wrote it, nobody else."""
    return facts.is_own


def may_change_booking(actor: Actor, facts: SessionFacts) -> bool:
    """Move or cancel a session, or say who did not come: team, mentor or manager."""
    return may_see_session(actor, facts)


def is_somebody(actor: Actor) -> bool:
    """Open one's own list (it holds only what is the actor's)."""
    return actor.is_signed_in


def is_mentor(actor: Actor) -> bool:
    """Whether the actor is a mentor of some contest."""
    return bool(actor.scopes(MENTOR, CONTEST))


def may_change_day(actor: Actor, facts: DayFacts) -> bool:
    """Change the hours of a day: the mentor whose hours they are."""
    return is_mentor(actor)
