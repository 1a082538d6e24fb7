"""Mentors: given to a team within what they can take, and released with a reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from compapp.accounts.services import ensure_relation, invite_person
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.models import TeamMember
from compapp.incubation import notifications, policy, queries
from compapp.incubation.lifecycle import ACTIVE, BOOKED, MENTORSHIP, SESSION
from compapp.incubation.models import Mentor, MentoringSession, Mentorship, Residency
from compapp.incubation.services.minutes import release
from compapp.placement.services.rights import must, reason_of


def assign_mentor(residency: Residency, mentor: Mentor, *, actor: Actor, at: datetime) -> Mentorship:
    """Give a mentor to a team; both are told.

    Raises Refused for whom is not the manager, Conflict when the mentor has no room left or mentors the team
    already, Invalid for a mentor of another contest or one who is on a team of this one.
    """
    must(policy.may_run(actor, queries.facts_of_residency(actor, residency)))
    if residency.state != ACTIVE:
        raise Conflict(N_("This team is no longer in the incubator."))
    if mentor.contest_id != residency.contest_id or not queries.may_mentor(mentor, residency):
        raise Invalid(N_("This person cannot mentor the team."))
    _take_room(mentor)
    known = queries.mentorship_of(residency.id, mentor.id)
    if known is not None and known.state == ACTIVE:
        raise Conflict(N_("This mentor follows the team already."))
    if known is not None:
        move(
            known,
            MENTORSHIP,
            "resume",
            actor=actor,
            at=at,
            contest_id=residency.contest_id,
            since=at,
            ended_at=None,
            reason="",
        )
        made = known
    else:
        made = Mentorship(residency=residency, mentor=mentor, state=ACTIVE, since=at, reason="")
        session().add(made)
        session().flush()
        audit.record(
            "incubation.mentorship.assign",
            made,
            actor=actor,
            at=at,
            contest_id=residency.contest_id,
            data={"mentor": mentor.code, "residency": residency.id},
        )
    _tie(made, None, actor, at)
    notifications.mentor_assigned(made, at=at)
    _let_in(made, actor, at)
    return made


def _tie(mentorship: Mentorship, until: datetime | None, actor: Actor, at: datetime) -> None:
    """Note the tie between the mentor and everybody on the team: no jury may overlook it, also when it has ended."""
    members = session().scalars(
        select(TeamMember.person_id).where(
            TeamMember.entry_id == mentorship.residency.entry_id,
            TeamMember.left_at.is_(None),
            TeamMember.person_id.is_not(None),
        )
    )
    for member in members.all():
        ensure_relation(
            mentorship.mentor.person_id,
            "mentor",
            other_person_id=member,
            source={"mentorship": mentorship.id},
            since=mentorship.since,
            until=until,
            actor=actor,
            at=at,
        )


def _let_in(made: Mentorship, actor: Actor, at: datetime) -> None:
    """Invite a mentor who came with a contest file and has no password yet."""
    person, title = made.mentor.person, made.residency.entry.title
    if person.password_hash is not None or not person.email:
        return
    purpose = {
        "vi": f"cố vấn cho “{title.get('vi') or title.get('en')}”",
        "en": f"mentor of “{title.get('en') or title.get('vi')}”",
    }
    path = f"/residencies/{made.residency.id}"
    invite_person(person.email, person.name, purpose=purpose, path=path, locale=person.locale, actor=actor, at=at)


def _take_room(mentor: Mentor) -> None:
    """Count one more team; Conflict when the mentor has no room. Never more than the mentor takes."""
    result: Any = session().execute(
        update(Mentor)
        .where(Mentor.id == mentor.id, Mentor.teams < Mentor.max_teams)
        .values(teams=Mentor.teams + 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(mentor)
    if result.rowcount != 1:
        raise Conflict(N_("This mentor has no room for another team."))


def _free_room(mentor: Mentor) -> None:
    session().execute(
        update(Mentor)
        .where(Mentor.id == mentor.id, Mentor.teams > 0)
        .values(teams=Mentor.teams - 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(mentor)


def end_mentorship(mentorship: Mentorship, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a mentorship with a reason; sessions to come are cancelled, the mentor has room again."""
    must(policy.may_end_mentorship(actor, queries.facts_of_mentorship(actor, mentorship)))
    _end(mentorship, reason_of(reason), actor, at)
    notifications.mentorship_ended(mentorship, reason=mentorship.reason, at=at)


def end_all(residency: Residency, *, reason: str, actor: Actor, at: datetime) -> list[int]:
    """End every mentorship of a team that leaves or graduates; return the mentors' person ids."""
    found = queries.mentorships_of(residency.id, active_only=True)
    for mentorship in found:
        _end(mentorship, reason, actor, at)
    return [one.mentor.person_id for one in found]


def _end(mentorship: Mentorship, reason: str, actor: Actor, at: datetime) -> None:
    contest_id = mentorship.residency.contest_id
    data = {"reason": reason}
    move(
        mentorship, MENTORSHIP, "end", actor=actor, at=at, contest_id=contest_id, data=data, ended_at=at, reason=reason
    )
    _tie(mentorship, at, actor, at)
    _free_room(mentorship.mentor)
    coming = session().scalars(
        select(MentoringSession).where(
            MentoringSession.mentorship_id == mentorship.id,
            MentoringSession.state == BOOKED,
            MentoringSession.starts_at > at,
        )
    )
    for one in list(coming):
        move(one, SESSION, "cancel", actor=actor, at=at, contest_id=contest_id)
        release(one)
