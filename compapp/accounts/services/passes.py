"""Passes: one-time links that open a session limited to judging in one contest, for people who keep no password.

A room above issues them (it knows what a contest is); the session, its end and its place among the person's
sessions are this room's.
"""

import hashlib
from datetime import datetime, timedelta

from compapp.accounts import queries
from compapp.accounts.models import Person
from compapp.accounts.services.sessions import sign_in
from compapp.core import links
from compapp.core.errors import Closed
from compapp.core.text import N_

PURPOSE = "desk-pass"
PASS_LASTS = timedelta(hours=24)
NOT_AGAIN_WITHIN = timedelta(minutes=1)


def issue_pass(subject: tuple[str, int], person: Person, *, limited_to: int, path: str, at: datetime) -> str | None:
    """Return the token of a pass for ``person`` that leads to ``path``; an unused one of ``subject`` is void.

    None where one was issued a moment ago, which stays: a button pressed twice must not void what it sent.
    """
    if links.was_issued(PURPOSE, subject, since=at - NOT_AGAIN_WITHIN):
        return None
    links.withdraw(PURPOSE, subject, at=at)
    data = {"person": person.id, "limited_to": limited_to, "path": path, "seal": _seal(person)}
    return links.issue(PURPOSE, subject, data=data, expires_at=at + PASS_LASTS, at=at)


def look_at_pass(token: str, *, at: datetime) -> Person:
    """Return whose pass it is without using it; Closed for one that is unknown, used, withdrawn or expired."""
    return _holder(links.look(PURPOSE, token, at=at))


def use_pass(token: str, *, browser: str, address: str, replaces: str | None, at: datetime) -> tuple[Person, str, str]:
    """Use a pass up; return the person, the token of the limited session, and the path to go on to. Closed."""
    link = links.redeem(PURPOSE, token, at=at)
    person = _holder(link)
    limited_to = int(link.data["limited_to"])
    opened = sign_in(person, browser=browser, address=address, replaces=replaces, limited_to=limited_to, at=at)
    return person, opened, str(link.data["path"])


def _holder(link: links.Link) -> Person:
    person = queries.person(int(link.data["person"]))
    if person is None or not person.active or link.data.get("seal") != _seal(person):
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    return person


def _seal(person: Person) -> str:
    """Return what makes a link in an old mailbox worthless once password or main address have changed."""
    return hashlib.sha256(f"{person.id}:{person.email}:{person.password_hash or ''}".encode()).hexdigest()[:32]
