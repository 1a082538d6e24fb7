"""One's e-mail addresses: the one that messages go to, and a second one for when a school's mailbox ends.

Nothing changes until a link in the new mailbox was opened; the old mailbox is always told.
"""

import hashlib
from datetime import datetime

from compapp.accounts import notifications, queries
from compapp.accounts.models import Person
from compapp.accounts.policy import clean_address, is_address
from compapp.accounts.services.guardians import LINK_LASTS
from compapp.accounts.services.sign_up import INVITATION, RESET
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.text import N_

ADDRESS = "new_address"
MAIN, SECOND = "main", "second"
_OWN_ONLY = N_("You can change your own profile only.")


def ask_for_address(person: Person, email: str, use: str, *, actor: Actor, at: datetime) -> None:
    """Send the link that makes ``email`` the person's main or second address.

    The page never tells whether an address has an account: its owner is told by e-mail instead. Invalid
    for what is no address or is the person's own already.
    """
    if actor.person_id != person.id:
        raise Refused(_OWN_ONLY)
    address = clean_address(email)
    if not is_address(address) or use not in (MAIN, SECOND):
        raise Invalid(fields={"email": [(N_("This is not an e-mail address."), {})]})
    if address in (person.email, person.second_email):
        raise Invalid(fields={"email": [(N_("You have this address already."), {})]})
    links.withdraw(ADDRESS, ("person", person.id), at=at)
    audit.record("accounts.person.address_asked", person, actor=actor, at=at, data={"use": use})
    owner = queries.person_by_email(address)
    if owner is not None:
        if owner.active:
            notifications.account_exists(owner, at=at)
        return
    expires_at = at + LINK_LASTS
    data = {"email": address, "use": use, "seal": _seal(person)}
    token = links.issue(ADDRESS, ("person", person.id), data=data, expires_at=expires_at, at=at)
    notifications.new_address_asked(person, address, token, expires_at=expires_at, at=at)


def confirm_address(token: str, *, at: datetime) -> Person:
    """Take up the address behind the link; Closed when link, account or address no longer allow it."""
    link = links.redeem(ADDRESS, token, at=at)
    person = queries.person(link.subject_id)
    address, use = link.data.get("email", ""), link.data.get("use")
    if person is None or not person.active or link.data.get("seal") != _seal(person):
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    if queries.person_by_email(address) is not None:
        raise Closed(N_("This address belongs to an account already."))
    old = person.email
    if use == SECOND:
        person.second_email = address
    else:
        person.email = address
        _forget_old_links(person, at)
    session().flush()
    actor = Actor(person.id, person.name, person.email, person.locale)
    audit.record("accounts.person.address_changed", person, actor=actor, at=at, data={"use": use})
    notifications.address_changed(person, old=old, new=address, use=str(use), at=at)
    return person


def swap_addresses(person: Person, *, actor: Actor, at: datetime) -> None:
    """Let messages go to the second address from now on; Conflict where there is none."""
    if actor.person_id != person.id:
        raise Refused(_OWN_ONLY)
    if person.second_email is None:
        raise Conflict(N_("You have no second address."))
    old, new = person.email, person.second_email
    person.second_email = None
    session().flush()
    person.email, person.second_email = new, old
    _forget_old_links(person, at)
    audit.record("accounts.person.address_changed", person, actor=actor, at=at, data={"use": "swapped"})
    notifications.address_changed(person, old=old, new=new, use=MAIN, at=at)


def remove_second_address(person: Person, *, actor: Actor, at: datetime) -> None:
    """Forget the second address; nothing happens where there is none."""
    if actor.person_id != person.id:
        raise Refused(_OWN_ONLY)
    old, person.second_email = person.second_email, None
    if old is not None:
        audit.record("accounts.person.address_changed", person, actor=actor, at=at, data={"use": "removed"})
        notifications.address_changed(person, old=old, new="", use="removed", at=at)


def _forget_old_links(person: Person, at: datetime) -> None:
    """A link that still lies in the old mailbox must not open the account."""
    for purpose in (RESET, INVITATION):
        links.withdraw(purpose, ("person", person.id), at=at)


def _seal(person: Person) -> str:
    """Return what makes the link worthless once password or main address have changed."""
    return hashlib.sha256(f"{person.id}:{person.email}:{person.password_hash or ''}".encode()).hexdigest()[:32]
