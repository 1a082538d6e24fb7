"""The verbs about who belongs to a club: roles, the link to join by, requests, where people study."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from compapp.accounts import queries as accounts
from compapp.accounts.models import Organisation, Person, StudentIdentity
from compapp.accounts.policy import SCHOOL_KINDS
from compapp.accounts.services import state_identity
from compapp.clubs import notifications, queries
from compapp.clubs.lifecycle import ASKED, JOIN_REQUEST, ROLES
from compapp.clubs.models import Activity, Cohort, CohortMember, JoinRequest
from compapp.clubs.policy import ClubFacts, may_look_after
from compapp.clubs.services.cohorts import ensure_cohort_member, must_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc

LINK_LASTS = timedelta(days=150)
REQUEST_MOST = 500
RECORD_MOST = {"faculty": 120, "class_name": 60, "number": 40}


def set_role(cohort: Cohort, person_id: int, role: str, *, actor: Actor, at: datetime) -> CohortMember:
    """Say what a member is in the club this term; NotFound for who is not in the cohort, Invalid for a strange role."""
    must_manage(actor, cohort.club_id)
    if role not in ROLES:
        raise Invalid(fields={"role": [(N_("Choose one of the roles."), {})]})
    member = _present(cohort, person_id)
    if member.role != role:
        data = {"person": person_id, "from": member.role, "to": role}
        member.role = role
        audit.record("clubs.cohort.role_changed", member, actor=actor, at=at, data=data)
    return member


def remove_member(cohort: Cohort, person_id: int, *, actor: Actor, at: datetime) -> None:
    """Let a person leave the cohort; who may: a manager, or the person. NotFound for who is not in it."""
    if actor.person_id != person_id:
        must_manage(actor, cohort.club_id)
    member = _present(cohort, person_id)
    member.left_at = at
    audit.record("clubs.cohort.left", member, actor=actor, at=at, data={"person": person_id})


def _present(cohort: Cohort, person_id: int) -> CohortMember:
    member = queries.membership_of(cohort.id, person_id)
    if member is None or member.left_at is not None:
        raise NotFound(N_("This person is not in the cohort."))
    return member


def carry_over(old: Cohort, new: Cohort, *, actor: Actor, at: datetime) -> int:
    """Take everybody of a term's cohort with their roles into another term's; return how many are new in it."""
    must_manage(actor, new.club_id)
    if old.club_id != new.club_id:
        raise NotFound(N_("There is no such term."))
    known = set(queries.member_ids(new.id))
    count = 0
    for member in queries.roster(old.id):
        if member.person_id not in known:
            ensure_cohort_member(new, member.person_id, role=member.role, actor=actor, at=at)
            count += 1
    return count


def renew_link(cohort: Cohort, *, actor: Actor, at: datetime) -> str:
    """Make a new link to join the cohort by, good for 150 days; the one before is worthless from now on."""
    must_manage(actor, cohort.club_id)
    cohort.join_key, cohort.join_until = secrets.token_urlsafe(18), at + LINK_LASTS
    audit.record("clubs.cohort.link_renewed", cohort, actor=actor, at=at)
    return cohort.join_key


def close_link(cohort: Cohort, *, actor: Actor, at: datetime) -> None:
    """Let nobody join by the link any more."""
    must_manage(actor, cohort.club_id)
    cohort.join_key = cohort.join_until = None
    audit.record("clubs.cohort.link_closed", cohort, actor=actor, at=at)


def join_by_link(key: str, *, actor: Actor, at: datetime) -> Cohort:
    """Join the cohort that a link leads into; Closed once the link is over or replaced."""
    cohort = queries.cohort_by_key(key, at)
    if cohort is None or actor.person_id is None:
        raise Closed(N_("This link is not valid any more. Ask the club for a new one."))
    ensure_cohort_member(cohort, actor.person_id, actor=actor, at=at)
    return cohort


def ask_to_join(club: Organisation, text: str, *, actor: Actor, at: datetime) -> JoinRequest:
    """Ask the club's managers to be taken into the cohort of the term; Conflict for who is in it or waits already."""
    text = nfc(text).strip()
    if len(text) > REQUEST_MOST:
        raise Invalid(fields={"text": [(N_("Write at most %(most)s characters."), {"most": REQUEST_MOST})]})
    if actor.person_id is None or queries.current_cohort(club.id) is None:
        raise Closed(N_("The club takes no members at the moment."))
    if queries.is_member(club.id, actor.person_id):
        raise Conflict(N_("You are a member of this club already."))
    asked = queries.request_of(club.id, actor.person_id)
    if asked is None:
        asked = JoinRequest(club_id=club.id, person_id=actor.person_id, state=ASKED, text=text, asked_at=at)
        session().add(asked)
        audit.record("clubs.join_request.ask", asked, actor=actor, at=at)
    else:
        move(asked, JOIN_REQUEST, "ask_again", actor=actor, at=at, text=text, asked_at=at, answer=None)
    notifications.join_asked(club, asked, name=actor.name, to=accounts.managers_of(club.id), at=at)
    return asked


def answer_request(
    club: Organisation, person_id: int, *, accepts: bool, answer: str = "", actor: Actor, at: datetime
) -> JoinRequest:
    """Take somebody into the term's cohort, or decline with a reason that they read."""
    must_manage(actor, club.id)
    asked, cohort = queries.request_of(club.id, person_id), queries.current_cohort(club.id)
    if asked is None or cohort is None:
        raise NotFound(N_("There is no such request."))
    answer = nfc(answer).strip()
    if not accepts and not answer:
        raise Invalid(fields={"answer": [(N_("Write the reason; the person reads it."), {})]})
    if len(answer) > REQUEST_MOST:
        raise Invalid(fields={"answer": [(N_("Write at most %(most)s characters."), {"most": REQUEST_MOST})]})
    verb = "accept" if accepts else "decline"
    columns: dict[str, Any] = {"answer": answer or None, "answered_at": at, "answered_by_name": actor.name}
    move(asked, JOIN_REQUEST, verb, actor=actor, at=at, data={"person": person_id}, **columns)
    if accepts:
        ensure_cohort_member(cohort, person_id, actor=actor, at=at)
    notifications.join_answered(club, asked, at=at)
    return asked


def note_studies(
    person_id: int,
    school_id: int | None,
    *,
    faculty: str,
    class_name: str,
    number: str,
    actor: Actor,
    at: datetime,
    club_id: int | None = None,
) -> StudentIdentity:
    """Note where a person studies: the person does, or a manager of ``club_id``, of which they are a member.

    The school confirms it. Invalid for what is missing or too long, and where a manager writes another number than
    the school has confirmed; NotFound where the club has no school.
    """
    if actor.person_id != person_id:
        must_manage(actor, club_id or 0)
        _must_have_belonged(club_id or 0, person_id)
    school = accounts.organisation(school_id) if school_id is not None else None
    if school is None or school.kind not in SCHOOL_KINDS:
        raise NotFound(N_("The club belongs to no school."))
    given = {"faculty": faculty, "class_name": class_name, "number": number}
    given = {name: " ".join(nfc(value).split()) for name, value in given.items()}
    faults: dict[str, list[Sentence]] = {
        name: [(N_("Fill this in, at most %(most)s characters."), {"most": RECORD_MOST[name]})]
        for name, value in given.items()
        if not value or len(value) > RECORD_MOST[name]
    }
    if faults:
        raise Invalid(fields=faults)
    person = session().get_one(Person, person_id)
    return state_identity(person, school, **given, on_behalf=True, actor=actor, at=at)


def note_list(found: Cohort | Activity, people: int, *, actor: Actor, at: datetime) -> None:
    """Write down that somebody who looks after the club took a list of names along. Refused for others."""
    if not may_look_after(actor, ClubFacts(found.club_id)):
        raise Refused(N_("Only the managers of the club can do this."))
    audit.record("clubs.list.exported", found, actor=actor, at=at, data={"people": people})


def _must_have_belonged(club_id: int, person_id: int) -> None:
    """NotFound unless the person is or was in a cohort of the club, so that a manager edits nobody else."""
    statement = (
        select(CohortMember.id)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(Cohort.club_id == club_id, CohortMember.person_id == person_id)
    )
    if session().scalar(statement.limit(1)) is None:
        raise NotFound(N_("This person is not in the cohort."))
