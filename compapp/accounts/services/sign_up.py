"""Signing up with a confirmed address, and choosing a new password.

A sign-up is only a link until its address is confirmed, so that nobody can take a stranger's address and
the page never tells whether an address is known. The password is chosen behind that link, so that nobody
can set one for an address that they cannot read.
"""

import hashlib
from datetime import datetime

from compapp.accounts import notifications, queries
from compapp.accounts.models import Person
from compapp.accounts.policy import AGE_LEAST, clean_address, is_address
from compapp.accounts.services.guardians import CONFIRMATION, LINK_LASTS, ask_guardian, note_guardian
from compapp.accounts.services.people import new_person, set_name
from compapp.accounts.services.sessions import end_other_sessions
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.clock import local
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, Refused
from compapp.core.text import N_, nfc

RESET, INVITATION = "password_reset", "invitation"


def sign_up(
    email: str,
    name: str,
    *,
    birth_year: int | None = None,
    has_turned: bool = False,
    guardian: tuple[str, str] = ("", ""),
    locale: str,
    back: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Send the link that makes the account; whoever has one already is told so by e-mail, never by the page.

    ``back`` is the path of the page from which the person came, to which the new account leads. Under 16
    by the year of birth (``has_turned``: 16 already this year) the link goes to the ``guardian`` (name,
    address) first. Invalid for a bad address, an empty name, a year that is none, a missing guardian.
    """
    address = clean_address(email)
    if not is_address(address):
        raise Invalid(fields={"email": [(N_("This is not an e-mail address."), {})]})
    if not nfc(name).split() or len(name) > 200:
        raise Invalid(fields={"name": [(N_("Write the full name, at most 200 characters."), {})]})
    young = _is_young(birth_year, has_turned, at)
    if young:
        _check_guardian(guardian, address)
    known = queries.person_by_email(address)
    if known is not None and (known.password_hash or not known.active):
        if known.active:
            notifications.account_exists(known, at=at)
        return
    expires_at = at + LINK_LASTS
    data = {
        "email": address,
        "name": " ".join(nfc(name).split()),
        "birth_year": birth_year,
        "locale": locale,
        "back": back,
    }
    if young:
        ask_guardian(data, guardian, at=at)
        return
    token = links.issue(CONFIRMATION, ("sign_up", 0), data=data, expires_at=expires_at, at=at)
    notifications.confirmation_asked(
        address, token, name=str(data["name"]), locale=locale, expires_at=expires_at, at=at
    )


def _is_young(birth_year: int | None, has_turned: bool, at: datetime) -> bool:
    """Whether the person may still be under 16, as far as the year tells."""
    if birth_year is None:
        return False
    years = local(at).year - birth_year
    if not 5 <= years <= 120:
        raise Invalid(fields={"birth_year": [(N_("Write the year in which you were born, such as 2006."), {})]})
    return years < AGE_LEAST or (years == AGE_LEAST and not has_turned)


def _check_guardian(guardian: tuple[str, str], address: str) -> None:
    name, email = " ".join(nfc(guardian[0]).split()), clean_address(guardian[1])
    if not name or len(name) > 200 or not is_address(email) or email == address:
        sentence = N_(
            "Under %(age)s your guardian agrees first: write their name and their own e-mail address. Or ask your "
            "teacher: your school can make your account."
        )
        raise Invalid(fields={"guardian_email": [(sentence, {"age": AGE_LEAST})]})


def confirm_sign_up(token: str, password_hash: str, *, at: datetime) -> Person:
    """Make the account behind a confirmation link with the password chosen there.

    Closed when the link or the address is used up.
    """
    link = links.redeem(CONFIRMATION, token, at=at)
    data = dict(link.data)
    link.data = {}
    person = queries.person_by_email(data["email"])
    if person is not None and (person.password_hash or not person.active):
        raise Closed(N_("This link has been used already."))
    if person is None:
        actor = Actor(None, data["name"], data["email"], data["locale"])
        person = new_person(data["email"], data["name"], locale=data["locale"], actor=actor, at=at)
        session().flush()
    else:
        set_name(person, data["name"])
        person.locale = data["locale"]
    person.birth_year = person.birth_year or data.get("birth_year")
    note_guardian(person, data.get("guardian"))
    person.password_hash = password_hash
    links.withdraw(INVITATION, ("person", person.id), at=at)
    audit.record("accounts.person.confirmed", person, actor=_as_actor(person), at=at)
    return person


def ask_for_reset(email: str, *, at: datetime) -> None:
    """Send the link with which a new password can be chosen; silent for an unknown address."""
    person = queries.person_by_email(email)
    if person is None or not person.active:
        return
    links.withdraw(RESET, ("person", person.id), at=at)
    expires_at = at + LINK_LASTS
    token = links.issue(RESET, ("person", person.id), data={"seal": _seal(person)}, expires_at=expires_at, at=at)
    audit.record("accounts.person.reset_asked", person, actor=_as_actor(person), at=at)
    notifications.reset_asked(person, token, expires_at=expires_at, at=at)


def reset_password(token: str, password_hash: str, *, at: datetime) -> Person:
    """Set the password behind a reset link and end every session; Closed when the link is used up."""
    link = links.redeem(RESET, token, at=at)
    person = queries.person(link.subject_id)
    if person is None or not person.active or link.data.get("seal") != _seal(person):
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    set_password_hash(person, password_hash, keep=None, actor=_as_actor(person), at=at)
    return person


def change_password(person: Person, password_hash: str, *, keep: str | None, actor: Actor, at: datetime) -> None:
    """Set one's own password (the present one was checked); other sessions end, this one (``keep``) stays."""
    if actor.person_id != person.id:
        raise Refused(N_("You can change your own profile only."))
    set_password_hash(person, password_hash, keep=keep, actor=actor, at=at)


def set_password_hash(person: Person, password_hash: str, *, keep: str | None, actor: Actor, at: datetime) -> None:
    """Set the hash, make open links worthless and end the sessions but the one of the token ``keep``."""
    person.password_hash = password_hash
    for purpose in (RESET, INVITATION):
        links.withdraw(purpose, ("person", person.id), at=at)
    end_other_sessions(person.id, keep=keep, actor=actor, at=at)
    audit.record("accounts.person.password_changed", person, actor=actor, at=at)


def _seal(person: Person) -> str:
    return hashlib.sha256(f"{person.id}:{person.password_hash or ''}".encode()).hexdigest()[:32]


def _as_actor(person: Person) -> Actor:
    return Actor(person.id, person.name, person.email, person.locale)
