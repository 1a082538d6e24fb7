"""Inviting people who have no password yet: a link that works once, for 14 days."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from compapp.accounts import notifications, queries
from compapp.accounts.models import Organisation, Person
from compapp.accounts.policy import is_admin, is_asked_first, may_grant, role_label
from compapp.accounts.services.organisations import ensure_membership
from compapp.accounts.services.people import LANGUAGES, person_by_email_or_new, set_name
from compapp.accounts.services.sign_up import INVITATION, set_password_hash
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, Refused
from compapp.core.text import N_

INVITATION_LASTS = timedelta(days=14)
INVITED = "accounts.person.invited"
MOST_A_DAY = 60
"""How many invitations one person may send in 24 hours: a jury and its secretaries, not a mailing."""


def invite_person(
    email: str,
    name: str,
    *,
    purpose: dict[str, str] | None = None,
    role: str = "",
    organisation: Organisation | None = None,
    path: str = "/home",
    locale: str = "vi",
    actor: Actor,
    at: datetime,
) -> Person:
    """Return the person with this address, invited now where they have no password yet.

    ``purpose`` says in both languages what for (a room above: "judge of …"); ``role`` is the msgid of a
    role. Who has an account is told of it with a link to ``path``, to which a new account leads too. The
    caller has checked that the actor may invite, and writes down the role. Invalid for a bad address or
    too many invitations of one person in a day, Refused for a closed account.
    """
    if not (actor.is_signed_in or actor.is_system):
        raise Refused(N_("Your role does not allow this here."))
    limit_invitations(INVITED, actor=actor, at=at)
    person, _new = person_by_email_or_new(email, name, locale=locale, actor=actor, at=at)
    if not person.active:
        raise Refused(N_("The account with this address is closed. Ask an administrator."))
    audit.record(INVITED, person, actor=actor, at=at, data={"role": role, "purpose": purpose})
    if person.password_hash is not None:
        notifications.role_granted(
            person, role=role, organisation=organisation, purpose=purpose, path=path, granter=actor.name, at=at
        )
        return person
    send_invitation(person, purpose=purpose, role=role, organisation=organisation, path=path, actor=actor, at=at)
    return person


def send_invitation(
    person: Person,
    *,
    purpose: dict[str, str] | None = None,
    role: str = "",
    organisation: Organisation | None = None,
    path: str = "/home",
    actor: Actor,
    at: datetime,
) -> None:
    """Mail the link with which a person without a password opens their account; older ones stop working.

    The caller has checked that ``actor`` may invite; a school's list of students is not counted.
    """
    links.withdraw(INVITATION, ("person", person.id), at=at)
    expires_at = at + INVITATION_LASTS
    token = links.issue(INVITATION, ("person", person.id), data={"path": path}, expires_at=expires_at, at=at)
    notifications.invited(
        person,
        token,
        inviter=actor.name,
        purpose=purpose,
        role=role,
        organisation=organisation,
        expires_at=expires_at,
        at=at,
    )


def limit_invitations(verb: str, *, actor: Actor, at: datetime) -> None:
    """Refuse more than ``MOST_A_DAY`` invitations of one person, by their verb (an administrator's are not counted)."""
    if not actor.is_signed_in or is_admin(actor):
        return
    audit.write_now()
    sent = session().scalar(
        select(func.count()).where(
            AuditRow.actor_id == actor.person_id, AuditRow.verb == verb, AuditRow.at > at - timedelta(days=1)
        )
    )
    if (sent or 0) >= MOST_A_DAY:
        sentence = N_(
            "You have sent %(most)s invitations within a day. Please go on tomorrow, or ask an administrator."
        )
        raise Invalid(sentence, fields={"email": [(sentence, {"most": MOST_A_DAY})]}, most=MOST_A_DAY)


def open_door(person: Person, *, path: str, at: datetime) -> str:
    """Return the token of an invitation page for a person who has just shown that their mailbox is theirs.

    For a room that mailed them a link of its own and now lets them in: they choose a password there and go
    on to ``path``. Closed for who has a password already.
    """
    if person.password_hash is not None or not person.active:
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    links.withdraw(INVITATION, ("person", person.id), at=at)
    return links.issue(INVITATION, ("person", person.id), data={"path": path}, expires_at=at + INVITATION_LASTS, at=at)


def invite_member(
    email: str, name: str, role: str, organisation_id: int | None, *, actor: Actor, at: datetime
) -> Person:
    """Give somebody a role of an organisation, of the platform without one, and invite them where they are new.

    Refused beyond what the actor may give, and for leaders of the organisation: they ask people first (``ask_into``).
    Invalid where the person has the role already.
    """
    if not may_grant(actor, role, organisation_id):
        raise Refused(N_("You cannot give a role that you do not have yourself."))
    organisation = queries.organisation(organisation_id) if organisation_id is not None else None
    if is_asked_first(actor, organisation_id):
        raise Refused(N_("Only an administrator gives a role at once; everybody else asks first."))
    person = queries.person_by_email(email)
    if (
        person is not None
        and any(
            (one.role, one.organisation_id) == (role, organisation_id)
            for one in queries.memberships_of(person.id, at=at)
        )
        and person.password_hash
    ):
        raise Invalid(fields={"email": [(N_("This person has the role already."), {})]})
    person = invite_person(email, name, role=role_label(role), organisation=organisation, actor=actor, at=at)
    ensure_membership(person.id, role, organisation_id, actor=actor, at=at)
    return person


def accept_invitation(token: str, *, name: str, password_hash: str, locale: str, at: datetime) -> Person:
    """Set name, password and language behind an invitation; Closed when it is used up or withdrawn."""
    link = links.redeem(INVITATION, token, at=at)
    person = queries.person(link.subject_id)
    if person is None or not person.active:
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    set_name(person, name)
    person.locale = locale if locale in LANGUAGES else person.locale
    actor = Actor(person.id, person.name, person.email, person.locale)
    set_password_hash(person, password_hash, keep=None, actor=actor, at=at)
    return person
