"""Student numbers: said by the student, confirmed or refused by the school's representative."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from compapp.accounts import notifications, queries
from compapp.accounts.lifecycle import CONFIRMED, IDENTITY, STATED
from compapp.accounts.models import Organisation, Person, StudentIdentity
from compapp.accounts.policy import SCHOOL_KINDS, clean_number, may_confirm_students
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_, nfc

CONFIRM, REFUSE = "confirm", "refuse"
_NOT_YOURS = N_("Only a representative of the school confirms its students.")
_CONFIRMED = N_("The school has confirmed the number %(number)s. Only the person can change it.")
_TAKEN = N_("%(number)s is confirmed for somebody else. Refuse that one first, or correct the number.")


def state_identity(
    person: Person,
    school: Organisation | None,
    number: str,
    *,
    class_name: str = "",
    faculty: str = "",
    on_behalf: bool = False,
    actor: Actor,
    at: datetime,
) -> StudentIdentity:
    """Write down which number a person says to have at a school; the school is asked to confirm it.

    Saying it again with another number takes a confirmation away. ``on_behalf``: the caller has checked that the
    actor may speak for the person (a club of its member). Invalid for no school or no number, and where somebody
    writes on behalf another number than the school has confirmed.
    """
    is_own = actor.person_id == person.id or actor.is_system
    if not is_own and not on_behalf:
        raise Refused(N_("You can change your own profile only."))
    if school is None or school.kind not in SCHOOL_KINDS:
        raise Invalid(fields={"school": [(N_("Choose your school."), {})]})
    cleaned = clean_number(number)
    if not cleaned or len(number) > 40:
        raise Invalid(fields={"number": [(N_("Write the number as it stands on your student card."), {})]})
    details = _details(number, class_name, faculty)
    known = queries.identity(person.id, school.id)
    if known is not None and known.number_fold == cleaned and known.state == CONFIRMED:
        known.class_name, known.faculty = details["class_name"], details["faculty"]
        audit.record("accounts.identity.updated", known, actor=actor, at=at)
        return known
    if known is not None and known.state == CONFIRMED and not is_own:
        raise Invalid(fields={"number": [(_CONFIRMED, {"number": known.number})]})
    if known is not None:
        columns: dict[str, Any] = {**details, "number_fold": cleaned, "stated_at": at}
        columns |= {"decided_at": None, "decided_by_id": None, "reason": None}
        move(known, IDENTITY, "state_again", actor=actor, at=at, **columns)
    else:
        known = _new(person, school, STATED, details | {"number_fold": cleaned}, at)
        audit.record("accounts.identity.stated", known, actor=actor, at=at, data={"school": school.id})
    notifications.students_waiting(school, at=at)
    return known


def enrol(
    person: Person, school: Organisation, number: str, class_name: str, faculty: str, *, actor: Actor, at: datetime
) -> StudentIdentity:
    """Let the school itself say that a person is its student: confirmed at once, and the person is told.

    Conflict when somebody else holds the number.
    """
    must_confirm(actor, school.id)
    details = _details(number, class_name, faculty)
    known = queries.identity(person.id, school.id)
    if known is None:
        known = _new(person, school, STATED, details | {"number_fold": clean_number(number)}, at)
        audit.record("accounts.identity.stated", known, actor=actor, at=at, data={"school": school.id})
    else:
        known.number, known.number_fold = details["number"] or known.number, clean_number(number)
        known.class_name = details["class_name"] or known.class_name
        known.faculty = details["faculty"] or known.faculty
    _decide(known, CONFIRM, "", actor=actor, at=at)
    return known


def decide_identities(
    organisation_id: int, ids: Collection[int], verb: str, *, reason: str = "", actor: Actor, at: datetime
) -> int:
    """Confirm or refuse these students of a school; return how many. Each is told.

    Refused without the right, NotFound for rows of another school, Invalid for a refusal without a reason,
    Conflict where a number is confirmed for somebody else: then nobody of the list is decided.
    """
    must_confirm(actor, organisation_id)
    reason = nfc(reason).strip()[:500]
    if verb == REFUSE and not reason:
        raise Invalid(fields={"reason": [(N_("Say in a sentence why, so that the student can correct it."), {})]})
    rows = queries.identities_at(organisation_id, ids)
    if len(rows) != len(set(ids)):
        raise NotFound(N_("One of these students is not on your list."))
    decided = 0
    for row in rows:
        if IDENTITY.allows(verb, row.state):
            _decide(row, verb, reason, actor=actor, at=at)
            decided += 1
    return decided


def export_students(school: Organisation, count: int, *, actor: Actor, at: datetime) -> None:
    """Note that somebody took the list of a school's students along."""
    must_confirm(actor, school.id)
    audit.record("accounts.students.exported", school, actor=actor, at=at, data={"count": count})


def remove_identity(identity_id: int, *, actor: Actor, at: datetime) -> None:
    """Forget one's own student number at a school; NotFound for anybody else's."""
    row = session().get(StudentIdentity, identity_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    audit.record("accounts.identity.removed", row, actor=actor, at=at, data={"school": row.organisation_id})
    session().delete(row)


def _decide(row: StudentIdentity, verb: str, reason: str, *, actor: Actor, at: datetime) -> None:
    if verb == CONFIRM:
        other = queries.holder(row.organisation_id, row.number)
        if other is not None and other.id == row.id:
            return
        if other is not None:
            raise Conflict(_TAKEN, number=row.number)
    columns: dict[str, Any] = {"decided_at": at, "decided_by_id": actor.person_id, "reason": reason or None}
    move(row, IDENTITY, verb, actor=actor, at=at, **columns)
    notifications.identity_decided(row, at=at)


def must_confirm(actor: Actor, organisation_id: int) -> None:
    """Refuse whoever does not speak for the school."""
    facts = queries.school_facts(actor, organisation_id)
    if facts is None or not may_confirm_students(actor, facts):
        raise Refused(_NOT_YOURS)


def _details(number: str, class_name: str, faculty: str) -> dict[str, str | None]:
    return {
        "number": " ".join(nfc(number).split())[:40],
        "class_name": nfc(class_name).strip()[:60] or None,
        "faculty": nfc(faculty).strip()[:120] or None,
    }


def _new(
    person: Person, school: Organisation, state: str, details: dict[str, str | None], at: datetime
) -> StudentIdentity:
    made = StudentIdentity(person_id=person.id, organisation_id=school.id, state=state, stated_at=at, **details)
    session().add(made)
    session().flush()
    return made
