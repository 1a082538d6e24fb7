"""Who may do what with the jury, its assignments and its sheets: pure predicates.

A role in a contest counts only for somebody who is on no team of that contest, and a judge's right to an
entry ends with a conflict (permission matrix, safety.md 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from compapp.core.actor import CONTEST, Actor
from compapp.judging.lifecycle import ACCEPTED, INVITED, OPEN, SUBMITTED

OFFICE = frozenset({"organiser", "secretary", "chair"})
"""Who looks after the jury's work."""
PLEDGE_VERSION = "2"
"""The text of ``judging/jury/_pledge.html``; a changed text is a new version. Version 1 was one sentence."""
LANGUAGES = ("vi", "en", "km", "zh")
"""Languages in which a judge may say to read entries."""


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """What decides about a page of a contest's jury; ``on_team``: the actor is on a team of this contest."""

    contest_id: int
    code: str
    on_team: bool = False


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat as the actor's rights see it."""

    contest_id: int
    seat_id: int
    person_id: int
    state: str
    on_team: bool = False


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """An assignment with its sheet: whose it is, and what stands in the way of scoring.

    ``sheet_state`` is empty where nothing was written yet; ``due_at`` is the deadline of this assignment.
    ``is_asked``: the rules let no entry be opened before its judge has said whether there is a conflict, and this
    one has not.
    """

    contest_id: int
    assignment_id: int
    entry_id: int
    judge_id: int
    seat_state: str
    state: str
    sheet_state: str
    opens_at: datetime
    due_at: datetime
    conflicted: bool = False
    on_team: bool = False
    pledged: bool = False
    is_asked: bool = False


def _holds(actor: Actor, roles: frozenset[str], facts: ContestFacts | SeatFacts | SheetFacts) -> bool:
    return actor.is_signed_in and not facts.on_team and actor.has_any(roles, CONTEST, facts.contest_id)


def may_see_jury(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary and chair follow the jury's work (without any score)."""
    return _holds(actor, OFFICE, facts)


def may_take_papers(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary and chair take the official papers of a round's result (each is recorded)."""
    return _holds(actor, OFFICE, facts)


def may_run_jury(actor: Actor, facts: ContestFacts | SeatFacts) -> bool:
    """The organiser invites judges and lets them go."""
    return _holds(actor, frozenset({"organiser"}), facts)


def may_assign(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary or chair compute, publish and change assignments."""
    return _holds(actor, OFFICE, facts)


def may_release_judge(actor: Actor, facts: SeatFacts) -> bool:
    """Organiser and chair let a judge go; a judge may leave."""
    if _holds(actor, frozenset({"organiser", "chair"}), facts):
        return True
    return is_own_seat(actor, facts)


def may_declare_for(actor: Actor, facts: SeatFacts) -> bool:
    """A judge declares own conflicts; organiser and chair declare what they learn."""
    return is_active_judge(actor, facts) or _holds(actor, frozenset({"organiser", "chair"}), facts)


def may_decide_conflict(actor: Actor, facts: ContestFacts | SeatFacts) -> bool:
    """Organiser and chair decide whether a tie is a conflict, and may override one (never about the own seat)."""
    return _holds(actor, frozenset({"organiser", "chair"}), facts)


def may_give_bye(actor: Actor, facts: ContestFacts | SeatFacts) -> bool:
    """Organiser and chair let an entry skip a round."""
    return _holds(actor, frozenset({"organiser", "chair"}), facts)


def may_lift_kept(actor: Actor, facts: ContestFacts | SeatFacts) -> bool:
    """The chair alone lifts what stays withheld after a judge's institution was changed."""
    return _holds(actor, frozenset({"chair"}), facts)


def is_own_seat(actor: Actor, facts: SeatFacts) -> bool:
    """The seat is the actor's own."""
    return actor.is_signed_in and actor.person_id == facts.person_id and actor.is_within(facts.contest_id)


def is_active_judge(actor: Actor, facts: SeatFacts) -> bool:
    """The actor sits in this jury, has accepted, and is on no team of the contest."""
    return is_own_seat(actor, facts) and facts.state == ACCEPTED and not facts.on_team


def may_answer_invitation(actor: Actor, facts: SeatFacts) -> bool:
    """Only the invited person answers, and only while no answer stands."""
    return is_own_seat(actor, facts) and facts.state == INVITED and not facts.on_team


def is_judge_anywhere(actor: Actor) -> bool:
    """The actor judges in some contest (the desk shows only what is assigned)."""
    return bool(actor.scopes("judge", CONTEST) | actor.scopes("chair", CONTEST))


def may_open_sheet(actor: Actor, facts: SheetFacts) -> bool:
    """A judge reaches an assigned entry: given out, no conflict, still in the jury; perhaps the pledge is missing."""
    return (
        actor.is_signed_in
        and actor.person_id == facts.judge_id
        and actor.is_within(facts.contest_id)
        and facts.state == OPEN
        and facts.seat_state == ACCEPTED
        and not facts.conflicted
        and not facts.on_team
    )


def may_answer_for_entry(actor: Actor, facts: SheetFacts) -> bool:
    """A judge who has pledged confidentiality says of an assigned entry whether there is a conflict, and steps back."""
    return facts.pledged and may_open_sheet(actor, facts)


def may_read_sheet(actor: Actor, facts: SheetFacts) -> bool:
    """A judge reads what was reached only after the pledge, and after the answer where the rules ask for one."""
    return may_answer_for_entry(actor, facts) and not facts.is_asked


class HasItems(Protocol):
    """A judge's pile, as the policy needs it."""

    @property
    def items(self) -> Sequence[object]:
        """What the judge reads."""
        ...

    @property
    def asked(self) -> int | None:
        """What the judge has to answer for first, if anything."""
        ...


def may_open_pile(actor: Actor, facts: HasItems) -> bool:
    """A judge reaches the page of all entries of a round: those that were given out and are not in conflict."""
    return actor.is_signed_in and bool(facts.items)


def may_judge_pile(actor: Actor, facts: HasItems) -> bool:
    """A judge judges them once no answer about a conflict is outstanding."""
    return may_open_pile(actor, facts) and facts.asked is None


def may_ask_to_unlock(actor: Actor, facts: SheetFacts) -> bool:
    """A judge may ask for a submitted sheet back."""
    return may_read_sheet(actor, facts) and facts.sheet_state == SUBMITTED


def may_reopen(actor: Actor, facts: ContestFacts) -> bool:
    """The chair alone gives a submitted sheet back, never the own one (the service sees to that)."""
    return _holds(actor, frozenset({"chair"}), facts)


def may_void(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser or chair void a sheet."""
    return _holds(actor, frozenset({"organiser", "chair"}), facts)


def may_handle_paper(actor: Actor, facts: ContestFacts) -> bool:
    """Secretary and organiser enter and confirm sheets on paper."""
    return _holds(actor, frozenset({"organiser", "secretary"}), facts)


def may_confirm_paper(actor: Actor, facts: ContestFacts, entered_by: int | None) -> bool:
    """The second person is never the one who entered the figures."""
    return may_handle_paper(actor, facts) and entered_by is not None and actor.person_id != entered_by


STANDINGS_ROLES = frozenset({"organiser", "secretary", "chair", "approver"})
"""Who sees scores and ranks before they are published (permission matrix: "Ranking before U/P")."""

APPROVERS = frozenset({"approver", "chair", "organiser"})
"""Who may be the second person of a decision."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place as the actor's rights see it: the actor's role on the entry's team, empty for none."""

    place_id: int
    entry_id: int
    contest_id: int
    state: str
    member_role: str


def may_see_standings(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary, chair and approver see the standings before publication; no judge, no team."""
    return _holds(actor, STANDINGS_ROLES, facts)


def may_prepare_shortlist(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary or chair prepare a decision."""
    return _holds(actor, OFFICE, facts)


def may_decide_tie(actor: Actor, facts: ContestFacts) -> bool:
    """The chair alone orders what stays tied."""
    return _holds(actor, frozenset({"chair"}), facts)


def may_approve(actor: Actor, facts: ContestFacts) -> bool:
    """Approver, chair or organiser may be a second person."""
    return _holds(actor, APPROVERS, facts)


def may_approve_after(actor: Actor, facts: ContestFacts, prepared_by: int | None) -> bool:
    """The second person is never the one who prepared (safety.md 5: organiser and a second person)."""
    return may_approve(actor, facts) and prepared_by is not None and actor.person_id != prepared_by


def may_publish(actor: Actor, facts: ContestFacts) -> bool:
    """Approver, chair or organiser publish what was approved."""
    return _holds(actor, APPROVERS, facts)


def may_run_pitch(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary or chair draw the running order."""
    return _holds(actor, OFFICE, facts)


def may_see_hall(actor: Actor, facts: ContestFacts) -> bool:
    """The jury and its office see the running order in the hall."""
    return _holds(actor, OFFICE | {"judge", "approver"}, facts)


def may_run_stage(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser, secretary or chair call teams to the stage and run the clock and the hall screen."""
    return _holds(actor, OFFICE, facts)


def may_plan_pitches(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser and secretary say where and when teams pitch."""
    return _holds(actor, frozenset({"organiser", "secretary"}), facts)


def may_keep_door(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser and secretary tick teams in at the door."""
    return _holds(actor, frozenset({"organiser", "secretary"}), facts)


def may_see_panel(actor: Actor, facts: ContestFacts) -> bool:
    """The chair alone sees the panel's figures while the round runs."""
    return _holds(actor, frozenset({"chair"}), facts)


def may_send_desk_link(actor: Actor, facts: ContestFacts | SeatFacts) -> bool:
    """Secretary and organiser have a one-time link to the desk sent to a judge (they never see it)."""
    return _holds(actor, frozenset({"organiser", "secretary"}), facts)


def may_enter_totals(actor: Actor, facts: ContestFacts) -> bool:
    """Secretary and organiser type the panel's totals live."""
    return _holds(actor, frozenset({"organiser", "secretary"}), facts)


def may_enter_votes(actor: Actor, facts: ContestFacts) -> bool:
    """The organiser enters the result of the public vote."""
    return _holds(actor, frozenset({"organiser"}), facts)


def may_moderate(actor: Actor, facts: ContestFacts) -> bool:
    """Organiser or chair withhold a comment from the team."""
    return _holds(actor, frozenset({"organiser", "chair"}), facts)


def may_see_place(actor: Actor, facts: PlaceFacts) -> bool:
    """Everybody on the team sees the team's place."""
    return actor.is_signed_in and bool(facts.member_role)


def may_answer_place(actor: Actor, facts: PlaceFacts) -> bool:
    """The lead answers for the team."""
    return actor.is_signed_in and facts.member_role == "lead"


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """An entry's result as the actor's rights see it: the role on its team, and whether anything is out."""

    entry_id: int
    contest_id: int
    member_role: str


def may_see_own_result(actor: Actor, facts: ResultFacts) -> bool:
    """Everybody on the team sees the team's own published results."""
    return actor.is_signed_in and bool(facts.member_role)


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A round's deliberation as the actor's rights see it.

    ``seat_id`` is the seat with which the actor belongs to the jury of this very round; ``is_known``: the chair has
    opened the room at least once.
    """

    contest_id: int
    seat_id: int | None
    is_known: bool
    on_team: bool = False


def may_enter_room(actor: Actor, facts: RoomFacts) -> bool:
    """The round's own jury deliberates once the chair has opened the room; its chair and the secretary prepare it."""
    if not actor.is_signed_in or facts.on_team:
        return False
    if actor.has_any(frozenset({"chair", "secretary"}), CONTEST, facts.contest_id):
        return True
    return facts.seat_id is not None and facts.is_known


def may_run_room(actor: Actor, facts: RoomFacts) -> bool:
    """The chair opens and closes the room and its votes."""
    return may_enter_room(actor, facts) and actor.has("chair", CONTEST, facts.contest_id)


def may_cast(actor: Actor, facts: RoomFacts) -> bool:
    """A judge of the round votes."""
    return may_enter_room(actor, facts) and facts.seat_id is not None


def sees_figures_in_room(actor: Actor, facts: RoomFacts) -> bool:
    """Chair and secretary see ranks and totals beside the agenda; judges deliberate without them."""
    return may_enter_room(actor, facts) and actor.has_any(frozenset({"chair", "secretary"}), CONTEST, facts.contest_id)
