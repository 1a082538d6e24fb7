"""The jury: who is invited, who accepts with a pledge, who leads it, and who leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation, Person
from compapp.accounts.policy import clean_address, is_address
from compapp.accounts.queries import person_by_email
from compapp.accounts.services import open_door, person_by_email_or_new
from compapp.contests.models import Contest, ContestRole
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Refused, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import ACCEPTED, INVITED, SEAT
from compapp.judging.models import Seat
from compapp.judging.services.own_seat import NO_PLEDGE, JudgeProfile, keep_pledge, keep_profile
from compapp.judging.services.rights import must, reason_of
from compapp.judging.services.titles import keep_titles, title_faults, titles_of

INVITATION = "jury_invitation"
"""Purpose of the link in an invitation."""
INVITATION_LASTS = timedelta(days=30)
NOT_AGAIN_WITHIN = timedelta(minutes=1)
"""Each invitation ends the link of the one before it: a button pressed twice must not send two."""
LONGEST_THANKS = 500


@dataclass(frozen=True)
class SeatWish:
    """What the organiser says of a judge: sectors as codes, ``min_load`` to ``max_load`` entries in one round.

    ``reserve``: a substitute who takes over when somebody drops out. ``thanks``: the fee or thanks, as it is promised.
    ``degree`` and ``position`` stand in papers; None leaves them as they stand.
    """

    sectors: Sequence[str] = ()
    institution: Organisation | None = None
    affiliation: Organisation | None = None
    max_load: int | None = None
    chair: bool = False
    min_load: int | None = None
    reserve: bool = False
    thanks: str = ""
    degree: str | None = None
    position: str | None = None

    def columns(self) -> dict[str, Any]:
        """Return the seat's columns that the wish decides, save the organisations."""
        return {
            "chair": self.chair,
            "sectors": list(self.sectors),
            "max_load": self.max_load,
            "min_load": self.min_load,
            "reserve": self.reserve,
            "thanks": nfc(self.thanks).strip(),
        }

    def keep_titles(self, seat: Seat) -> None:
        """Keep what is said of degree and position."""
        known = titles_of(seat)
        degree = known["degree"] if self.degree is None else self.degree
        keep_titles(seat, degree, known["position"] if self.position is None else self.position)


def invite_judge(
    contest: Contest,
    *,
    name: str,
    email: str | None,
    wish: SeatWish,
    person: Person | None = None,
    code: str | None = None,
    actor: Actor,
    at: datetime,
) -> Seat:
    """Invite a person (given, found by e-mail, or new) into the jury; return the seat.

    Raises Refused without the right, Invalid for bad input or somebody on a team where rules forbid both,
    Conflict for somebody who is in this jury already.
    """
    must(policy.may_run_jury, actor, contest.id)
    who = person or _person(name, email, actor=actor, at=at)
    must_not_enter(contest, who)
    known = session().scalars(select(Seat).where(Seat.contest_id == contest.id, Seat.person_id == who.id)).one_or_none()
    if known is not None and known.state in (INVITED, ACCEPTED):
        raise Conflict(N_("This person has been invited into the jury already."))
    if known is not None:
        return _invite_again(known, wish, actor, at)
    check_wish(contest, wish)
    seat = Seat(
        contest=contest,
        person=who,
        code=code or queries.free_code(contest.id),
        state=INVITED,
        institution=wish.institution,
        affiliation=wish.affiliation,
        invited_at=at,
        definition={},
        **wish.columns(),
    )
    wish.keep_titles(seat)
    session().add(seat)
    session().flush()
    audit.record(
        "judging.seat.invite",
        seat,
        actor=actor,
        at=at,
        contest_id=contest.id,
        data={"person": who.id, "chair": wish.chair, "sectors": list(wish.sectors)},
    )
    _send_invitation(seat, at)
    return seat


def _person(name: str, email: str | None, *, actor: Actor, at: datetime) -> Person:
    """Return whom the address belongs to, made now (and audited) where nobody has it."""
    cleaned, address = nfc(name).strip(), clean_address(email or "")
    faults: dict[str, list[Sentence]] = {}
    if not is_address(address):
        faults["email"] = [(N_("Write an e-mail address, such as ten@truong.edu.vn."), {})]
    elif person_by_email(address) is None and (not cleaned or len(cleaned) > 200):
        faults["name"] = [(N_("Write the full name."), {})]
    if faults:
        raise Invalid(fields=faults)
    return person_by_email_or_new(address, cleaned, actor=actor, at=at)[0]


def must_not_enter(contest: Contest, person: Person) -> None:
    """Raise Invalid for who is on a team of the contest, or mentors one where the rules let no mentor judge."""
    rules = contest.definition.get("rules") or {}
    if rules.get("organisers_and_judges_may_not_enter", True) and queries.on_team(person.id, contest.id):
        raise Invalid(N_("This person is on a team of this contest and cannot judge in it."))
    if rules.get("mentors_may_not_judge") and queries.is_mentor(person.id, contest.id):
        raise Invalid(N_("This person advises or mentors a team of this contest; its rules let no mentor judge."))


def check_wish(contest: Contest, wish: SeatWish) -> None:
    """Raise Invalid for a wish that no seat of the contest can hold."""
    known = {sector.code for sector in contest.sectors}
    unknown = [code for code in wish.sectors if code not in known]
    if unknown:
        raise Invalid(fields={"sectors": [(N_("This sector is not part of the contest."), {})]})
    if wish.max_load is not None and not 1 <= wish.max_load <= 10000:
        raise Invalid(fields={"max_load": [(N_("Write a whole number of at least 1."), {})]})
    if wish.min_load is not None and not 0 <= wish.min_load <= (wish.max_load or 10000):
        raise Invalid(fields={"min_load": [(N_("The least number must not be above the most."), {})]})
    if len(wish.thanks) > LONGEST_THANKS:
        raise Invalid(fields={"thanks": [(N_("Write at most %(most)s characters."), {"most": LONGEST_THANKS})]})
    if faults := title_faults(wish.degree or "", wish.position or ""):
        raise Invalid(fields=faults)
    if wish.chair and wish.reserve:
        raise Invalid(fields={"reserve": [(N_("Who chairs the jury cannot be a substitute."), {})]})


def _invite_again(seat: Seat, wish: SeatWish, actor: Actor, at: datetime) -> Seat:
    check_wish(seat.contest, wish)
    _must_keep_house(seat, wish)
    wish.keep_titles(seat)
    move(
        seat,
        SEAT,
        "invite_again",
        actor=actor,
        at=at,
        invited_at=at,
        answered_at=None,
        left_at=None,
        left_reason=None,
        **wish.columns(),
        institution_id=None if wish.institution is None else wish.institution.id,
        affiliation_id=None if wish.affiliation is None else wish.affiliation.id,
    )
    _send_invitation(seat, at)
    return seat


def _must_keep_house(seat: Seat, wish: SeatWish) -> None:
    """Raise Invalid where a new invitation would end what the judge's institution withholds."""
    house = None if wish.institution is None else wish.institution.id
    if house != seat.institution_id and queries.entries_of_house(seat.id, seat.institution_id):
        sentence = N_(
            "This person sat in the jury before, of another institution that has entries here. Invite with that one; "
            "then change it on the judge’s page, with a reason."
        )
        raise Invalid(fields={"institution": [(sentence, {})]})


def remind_invited(seat: Seat, *, actor: Actor, at: datetime) -> None:
    """Send the invitation again, with a fresh link; within a minute once. Conflict for somebody who has answered."""
    must(policy.may_run_jury, actor, seat.contest_id)
    session().refresh(seat, with_for_update=True)
    if seat.state != INVITED:
        raise Conflict(N_("This judge has answered already."))
    if links.was_issued(INVITATION, ("seat", seat.id), since=at - NOT_AGAIN_WITHIN):
        return
    audit.record("judging.seat.remind", seat, actor=actor, at=at, contest_id=seat.contest_id)
    _send_invitation(seat, at)


def _send_invitation(seat: Seat, at: datetime) -> None:
    links.withdraw(INVITATION, ("seat", seat.id), at=at)
    token = links.issue(INVITATION, ("seat", seat.id), expires_at=at + INVITATION_LASTS, at=at)
    notifications.jury_invitation(
        seat.contest,
        seat,
        queries.scored_rounds(seat.contest_id),
        path=f"/jury-invitations/{token}",
        version=int(at.timestamp()),
        has_account=seat.person.password_hash is not None,
        at=at,
    )


def accept(seat: Seat, *, pledge: bool, profile: JudgeProfile | None = None, actor: Actor, at: datetime) -> None:
    """Accept the seat with the pledge of confidentiality; the judge's rights begin now.

    ``profile`` is what the judge says of knowledge and time, if anything yet. Raises Refused for anybody but the
    invited person, Invalid without the pledge or for a profile that the contest does not know.
    """
    if not policy.may_answer_invitation(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Only the invited person may answer, and only once."))
    if not pledge:
        raise Invalid(fields={"pledge": [(NO_PLEDGE, {})]})
    must_not_enter(seat.contest, seat.person)
    move(seat, SEAT, "accept", actor=actor, at=at, data={"pledge": True}, answered_at=at)
    keep_pledge(seat, actor=actor, at=at)
    if profile is not None:
        keep_profile(seat, profile, actor=actor, at=at)
    grant_roles(seat, at)
    links.withdraw(INVITATION, ("seat", seat.id), at=at)
    notifications.jury_answered(seat.contest, seat, accepted=True, reason="", at=at)


def decline(seat: Seat, *, reason: str, actor: Actor, at: datetime) -> None:
    """Decline the seat; a reason is welcome and not demanded."""
    if not policy.may_answer_invitation(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Only the invited person may answer, and only once."))
    words = nfc(reason).strip()[:2000]
    move(seat, SEAT, "decline", actor=actor, at=at, data={"reason": words}, answered_at=at, left_reason=words or None)
    links.withdraw(INVITATION, ("seat", seat.id), at=at)
    notifications.jury_answered(seat.contest, seat, accepted=False, reason=words, at=at)


def answer_by_link(
    token: str,
    *,
    accepted: bool,
    pledge: bool = False,
    profile: JudgeProfile | None = None,
    reason: str = "",
    locale: str | None = None,
    at: datetime,
) -> Seat:
    """Answer an invitation by its link, for somebody who has no account yet. Closed for a link that is no good.

    ``locale``: the language in which the pledge was shown, where it is not the person's own.
    """
    link = links.look(INVITATION, token, at=at)
    seat = session().get_one(Seat, link.subject_id)
    invited = Actor(seat.person_id, seat.person.name, seat.person.email, locale or seat.person.locale)
    if accepted:
        accept(seat, pledge=pledge, profile=profile, actor=invited, at=at)
    else:
        decline(seat, reason=reason, actor=invited, at=at)
    return seat


def door_of(seat: Seat, *, at: datetime) -> str:
    """Return the address where the judge who has just accepted goes on: their seat, or first a password."""
    path = f"/contests/{seat.contest.code}/my-seat"
    if seat.person.password_hash is not None:
        return path
    return f"/invitation/{open_door(seat.person, path=path, at=at)}"


def grant_roles(seat: Seat, at: datetime) -> None:
    """Give the judge's (and the chair's) role in the contest; a role that had ended begins again."""
    for role in ("judge", "chair") if seat.chair else ("judge",):
        row = _role(seat, role)
        if row is None:
            session().add(
                ContestRole(
                    contest_id=seat.contest_id,
                    person_id=seat.person_id,
                    role=role,
                    code=seat.code,
                    definition={},
                    since=at,
                )
            )
        elif row.until is not None:
            row.until = None
    session().flush()


def end_roles(seat: Seat, at: datetime, roles: Sequence[str] = ("judge", "chair")) -> None:
    """End the judge's and the chair's role in the contest."""
    for role in roles:
        row = _role(seat, role)
        if row is not None and row.until is None:
            row.until = at
    session().flush()


def _role(seat: Seat, role: str) -> ContestRole | None:
    return (
        session()
        .scalars(
            select(ContestRole).where(
                ContestRole.contest_id == seat.contest_id,
                ContestRole.person_id == seat.person_id,
                ContestRole.role == role,
            )
        )
        .one_or_none()
    )


def leave_seat(seat: Seat, reason: str, *, actor: Actor, at: datetime) -> str:
    """End a seat: the move and the roles. The work is moved by ``replace_judge``, which calls this."""
    if not policy.may_release_judge(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Your role does not allow this here."))
    words = reason_of(reason)
    move(seat, SEAT, "leave", actor=actor, at=at, data={"reason": words}, left_at=at, left_reason=words)
    end_roles(seat, at)
    links.withdraw(INVITATION, ("seat", seat.id), at=at)
    return words
