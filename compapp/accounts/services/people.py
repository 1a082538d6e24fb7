"""People: made once for an address, changed by themselves, opened and closed by an administrator."""

from datetime import date, datetime

from sqlalchemy import select

from compapp.accounts import queries
from compapp.accounts.models import Membership, Person
from compapp.accounts.policy import ADMIN, clean_address, clean_phone, is_address, is_admin
from compapp.accounts.services.sessions import end_other_sessions
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, Refused
from compapp.core.text import N_, fold, name_sort_key, nfc

LANGUAGES = ("vi", "en")


def set_name(person: Person, name: str) -> None:
    """Set the name with what is searched and sorted by; Invalid for an empty or overlong one."""
    cleaned = " ".join(nfc(name).split())
    if not cleaned or len(cleaned) > 200:
        raise Invalid(fields={"name": [(N_("Write the full name, at most 200 characters."), {})]})
    person.name = cleaned
    person.name_fold = fold(cleaned)[:200]
    person.name_sort = name_sort_key(cleaned)[:700]


def new_person(
    email: str | None,
    name: str,
    *,
    locale: str,
    born: date | None = None,
    phone: str | None = None,
    password_hash: str | None = None,
    demonstration: bool = False,
    actor: Actor,
    at: datetime,
) -> Person:
    """Add a person; Invalid for an address that is none."""
    address = clean_address(email) if email else None
    if address is not None and not is_address(address):
        raise Invalid(fields={"email": [(N_("This is not an e-mail address."), {})]})
    made = Person(
        email=address,
        born=born,
        phone=phone,
        locale=locale if locale in LANGUAGES else "vi",
        password_hash=password_hash,
        active=True,
        demonstration=demonstration,
        created_at=at,
    )
    set_name(made, name)
    session().add(made)
    audit.record("accounts.person.created", made, actor=actor, at=at)
    return made


def person_by_email_or_new(
    email: str, name: str, *, locale: str = "vi", demonstration: bool = False, actor: Actor, at: datetime
) -> tuple[Person, bool]:
    """Return the person with this address, made now where there is none, and whether it is new."""
    known = queries.person_by_email(email)
    if known is not None:
        return known, False
    return new_person(email, name, locale=locale, demonstration=demonstration, actor=actor, at=at), True


def ensure_person(
    name: str,
    *,
    email: str | None = None,
    born: date | None = None,
    phone: str | None = None,
    locale: str = "vi",
    password_hash: str | None = None,
    demonstration: bool = False,
    actor: Actor,
    at: datetime,
) -> Person:
    """Return the person an import speaks of: by address where one is given, else a new one.

    A known person keeps what is already written; only gaps are filled. The caller has checked that
    ``actor`` may import.
    """
    known = queries.person_by_email(email) if email else None
    if known is None:
        return new_person(
            email,
            name,
            locale=locale,
            born=born,
            phone=phone,
            password_hash=password_hash,
            demonstration=demonstration,
            actor=actor,
            at=at,
        )
    known.born = known.born or born
    known.phone = known.phone or phone
    known.password_hash = known.password_hash or password_hash
    session().flush()
    return known


def update_profile(person: Person, *, name: str, phone: str, actor: Actor, at: datetime) -> None:
    """Change one's own name and phone number; Invalid for a number that is none."""
    if actor.person_id != person.id:
        raise Refused(N_("You can change your own profile only."))
    number = clean_phone(phone) if phone.strip() else None
    if phone.strip() and number is None:
        raise Invalid(fields={"phone": [(N_("Write the number as 0912 345 678 or +84 912 345 678."), {})]})
    set_name(person, name)
    person.phone = number
    audit.record("accounts.person.updated", person, actor=actor, at=at)


def set_language(person: Person, locale: str, *, actor: Actor, at: datetime) -> None:
    """Choose the language of one's pages and messages; an unknown one is left alone."""
    if actor.person_id != person.id:
        raise Refused(N_("You can change your own profile only."))
    if locale in LANGUAGES and locale != person.locale:
        person.locale = locale
        audit.record("accounts.person.language_chosen", person, actor=actor, at=at, data={"locale": locale})


def deactivate(person: Person, *, actor: Actor, at: datetime) -> None:
    """Close an account: its sessions end now, its messages are skipped."""
    if not is_admin(actor) or actor.person_id == person.id:
        raise Refused(N_("Only another administrator can close this account."))
    person.active = False
    end_other_sessions(person.id, keep=None, actor=actor, at=at)
    audit.record("accounts.person.closed", person, actor=actor, at=at)


def activate(person: Person, *, actor: Actor, at: datetime) -> None:
    """Open a closed account again."""
    if not is_admin(actor):
        raise Refused(N_("Only an administrator can open this account."))
    person.active = True
    audit.record("accounts.person.opened", person, actor=actor, at=at)


def create_admin(email: str, name: str, password_hash: str, *, actor: Actor, at: datetime) -> Person:
    """Make an administrator, or give an existing person that role and password (command line only)."""
    if not actor.is_system:
        raise Refused(N_("Your role does not allow this here."))
    person, _new = person_by_email_or_new(email, name, actor=actor, at=at)
    person.password_hash = password_hash
    person.active = True
    held = select(Membership.id).where(
        Membership.person_id == person.id,
        Membership.role == ADMIN,
        Membership.organisation_id.is_(None),
        Membership.until.is_(None),
    )
    if session().scalar(held) is None:
        session().add(Membership(person_id=person.id, organisation_id=None, role=ADMIN, since=at))
    audit.record("accounts.membership.granted", person, actor=actor, at=at, data={"role": ADMIN, "organisation": None})
    return person


def export_own_data(person: Person, *, actor: Actor, at: datetime) -> None:
    """Note that somebody took a copy of what is kept about them."""
    if actor.person_id != person.id:
        raise Refused(N_("You can change your own profile only."))
    audit.record("accounts.person.data_exported", person, actor=actor, at=at)
