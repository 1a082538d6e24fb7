"""Who may do what with an entry: pure predicates over the facts that queries load.

Membership of the team beats every role in the contest: ``EntryFacts`` of a member never say that
the member is its organiser. Administrators and officers have no rights over content.
"""

from dataclasses import dataclass

from compapp.clubs.policy import ClubFacts
from compapp.core.actor import CONTEST, ORGANISATION, Actor
from compapp.entries.lifecycle import COUNTED, DRAFT, NEEDS_FIX, WITHDRAWN

STAFF_ROLES = frozenset({"organiser", "secretary"})


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What is asked of an entry before an act; loaded at one clock reading."""

    entry_id: int
    contest_id: int
    contest_code: str
    state: str
    member_role: str | None
    is_organiser: bool
    is_secretary: bool
    is_school: bool
    is_open: bool
    team_is_open: bool
    is_frozen: bool
    in_open_case: bool = False

    @property
    def is_member(self) -> bool:
        """Whether the actor is on the team now."""
        return self.member_role is not None

    @property
    def is_staff(self) -> bool:
        """Whether the actor runs the contest (and is not on the team)."""
        return self.is_organiser or self.is_secretary


@dataclass(frozen=True, slots=True)
class NominationFacts:
    """What the policies need to know: the club, and how the entry belongs to it (never for one's own team)."""

    entry_id: int
    club: ClubFacts
    is_of_school: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """What is asked of a contest before its queue is shown."""

    contest_id: int
    code: str


def may_see_own(actor: Actor, facts: EntryFacts) -> bool:
    """Read the workspace: the team itself."""
    return facts.is_member


def may_see_dossier(actor: Actor, facts: EntryFacts) -> bool:
    """Read the entry with its team as an organiser does (each view is audited); drafts stay the team's."""
    return facts.is_staff and facts.state != DRAFT


def may_see_files(actor: Actor, facts: EntryFacts) -> bool:
    """Download an attachment: the team, or the organiser once it was handed in."""
    return may_see_own(actor, facts) or may_see_dossier(actor, facts)


def may_edit(actor: Actor, facts: EntryFacts) -> bool:
    """Change answers and files: lead and members while the entry is open and not frozen."""
    return facts.member_role in {"lead", "member"} and facts.is_open and not facts.is_frozen


def may_add_later_files(actor: Actor, facts: EntryFacts) -> bool:
    """Hand in a file of a later round; its own window is checked by the service."""
    return facts.member_role in {"lead", "member"} and facts.state in COUNTED and not facts.is_frozen


def may_submit(actor: Actor, facts: EntryFacts) -> bool:
    """Submit: the lead; whether it is open and complete is said in words by the service."""
    return facts.member_role == "lead"


def may_withdraw(actor: Actor, facts: EntryFacts) -> bool:
    """Withdraw: the lead, unless a dispute has frozen the entry."""
    return facts.member_role == "lead" and facts.state in (DRAFT, *COUNTED) and not facts.is_frozen


def may_manage_team(actor: Actor, facts: EntryFacts) -> bool:
    """Invite, remove, change roles: the lead until the team is locked."""
    return facts.member_role == "lead" and facts.team_is_open and not facts.is_frozen


def may_tend_member(actor: Actor, facts: EntryFacts, person_id: int | None) -> bool:
    """Read and change a member's particulars, name the guardian: the lead, or the member; no other teammate."""
    return facts.member_role == "lead" or (facts.is_member and person_id is not None and person_id == actor.person_id)


def may_withdraw_invitation(actor: Actor, facts: EntryFacts) -> bool:
    """Withdraw an invitation: the lead; after the lock one that an organiser's grant sent."""
    return facts.member_role == "lead" and not facts.is_frozen and (facts.team_is_open or facts.state in COUNTED)


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat that a newcomer has accepted after the lock and that waits for a guardian."""

    invitation_id: int
    entry_id: int
    member_id: int
    person_id: int | None


def may_ask_own_guardian(actor: Actor, facts: SeatFacts) -> bool:
    """Name one's own guardian for a seat that waits: the newcomer."""
    return actor.person_id is not None and facts.person_id == actor.person_id


def may_leave(actor: Actor, facts: EntryFacts) -> bool:
    """Leave: any member until the team is locked; afterwards it is a matter for the organiser."""
    return facts.is_member and facts.team_is_open and not facts.is_frozen


def may_decide(actor: Actor, facts: EntryFacts) -> bool:
    """Decide on eligibility and on withheld files: organisers and the secretary."""
    return facts.is_staff and facts.state not in {DRAFT, WITHDRAWN}


def may_reopen(actor: Actor, facts: EntryFacts) -> bool:
    """Reopen one entry after the deadline: an organiser, with reason and audit; drafts too."""
    return facts.is_organiser and facts.state in {DRAFT, NEEDS_FIX, *COUNTED}


def may_open_case(actor: Actor, facts: EntryFacts) -> bool:
    """Record a case: organisers and the secretary."""
    return facts.is_staff and facts.state != DRAFT


def may_settle_case(actor: Actor, facts: EntryFacts) -> bool:
    """Settle a case: an organiser."""
    return facts.is_organiser


def may_state(actor: Actor, facts: EntryFacts) -> bool:
    """Make a statement in a case: everybody on the team."""
    return facts.is_member


def may_remark(actor: Actor, facts: EntryFacts) -> bool:
    """Make and settle remarks: everybody on the team, the advisor too."""
    return facts.is_member and facts.state != WITHDRAWN


def may_ask_team_change(actor: Actor, facts: EntryFacts) -> bool:
    """Ask the organiser to change a team that is locked: its members."""
    return facts.member_role in {"lead", "member"} and facts.state in COUNTED


def may_decide_team_change(actor: Actor, facts: EntryFacts) -> bool:
    """Decide on a change of a locked team: an organiser."""
    return facts.is_organiser and facts.state in COUNTED


def may_copy(actor: Actor, facts: EntryFacts) -> bool:
    """Take the idea along into another contest: lead and members, whatever became of it here."""
    return facts.member_role in {"lead", "member"}


def may_nominate(actor: Actor, facts: EntryFacts) -> bool:
    """Nominate an entry into a contest further up: an organiser, once it was handed in."""
    return facts.is_organiser and facts.state in COUNTED


def may_endorse(actor: Actor, facts: EntryFacts) -> bool:
    """Confirm or refuse for the school: its representative, once the entry exists for the school."""
    return facts.is_school and facts.state != WITHDRAWN


def may_run_queue(actor: Actor, facts: ContestFacts) -> bool:
    """Read the eligibility queue of a contest."""
    return actor.has_any(STAFF_ROLES, CONTEST, facts.contest_id)


def represents_a_school(actor: Actor) -> bool:
    """Open the endorsements page: representatives of any organisation."""
    return bool(actor.scopes("representative", ORGANISATION))


def enters_contests(actor: Actor) -> bool:
    """Whether entering is what this person comes for: somebody without an office."""
    return actor.is_signed_in and all(grant.role == "member" for grant in actor.grants)


APPEAL_OFFICES = frozenset({"organiser", "approver"})


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """What is asked of an appeal before somebody decides it."""

    contest_id: int
    entry_id: int
    state: str
    decided_by: frozenset[int | None]
    is_of_team: bool
    is_of_school: bool
    has_judged: bool = False


def may_appeal(actor: Actor, facts: EntryFacts) -> bool:
    """Appeal against "not eligible", and read what became of it: the team; only the lead files it."""
    return facts.is_member


def may_read_appeal(actor: Actor, facts: AppealFacts) -> bool:
    """Read an appeal: organisers, secretaries and approvers of the contest, nobody of the team."""
    return not facts.is_of_team and actor.has_any(STAFF_ROLES | APPEAL_OFFICES, CONTEST, facts.contest_id)


def conflict_with_appeal(actor: Actor, facts: AppealFacts) -> str | None:
    """Return why the actor may not decide it: "office", "decided", "judged" or "school"; None when free to."""
    if facts.is_of_team or not actor.has_any(APPEAL_OFFICES, CONTEST, facts.contest_id):
        return "office"
    if actor.person_id in facts.decided_by:
        return "decided"
    if facts.has_judged:
        return "judged"
    return "school" if facts.is_of_school else None


def may_decide_appeal(actor: Actor, facts: AppealFacts) -> bool:
    """Decide an appeal: an officer who took no part in the decision, did not judge, and is not of the team's school."""
    return may_read_appeal(actor, facts) and conflict_with_appeal(actor, facts) is None


def may_read_appeals(actor: Actor, facts: ContestFacts) -> bool:
    """Read the list of appeals of a contest."""
    return actor.has_any(STAFF_ROLES | APPEAL_OFFICES, CONTEST, facts.contest_id)


def may_merge(actor: Actor, facts: EntryFacts) -> bool:
    """Merge an entry into another of the same team: an organiser, once it was handed in."""
    return facts.is_organiser and facts.state not in {DRAFT, WITHDRAWN} and not facts.is_frozen


def may_state_ownership(actor: Actor, facts: EntryFacts) -> bool:
    """State for oneself that the idea is the team's: lead and members; an advisor does not."""
    return facts.member_role in {"lead", "member"}
