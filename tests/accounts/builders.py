"""People for tests: made through the services, signed in through the page."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from compapp.accounts import passwords, queries, services
from compapp.accounts.models import Organisation, Person
from compapp.core.actor import Actor
from compapp.core.db import unit_of_work

PASSWORD = "một câu chỉ tôi biết"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SYSTEM = Actor.system("test")
_numbers = count(1)


def make_person(name: str = "Lâm Hoài Thảo", email: str | None = None, **more: Any) -> Person:
    """Return a new person who can sign in with ``PASSWORD``."""
    email = email or f"person{next(_numbers)}@truong.vn"
    with unit_of_work():
        return services.ensure_person(
            name, email=email, password_hash=passwords.hash_password(PASSWORD), actor=SYSTEM, at=LONG_AGO, **more
        )


def make_organisation(name: str = "Trường Đại học Cửu Long", kind: str = "university") -> Organisation:
    """Return an organisation."""
    with unit_of_work():
        return services.ensure_organisation(kind, name, "", actor=SYSTEM, at=LONG_AGO)


def give(person: Person, role: str, organisation: Organisation | None = None) -> Person:
    """Give a role from long ago, without telling anybody."""
    with unit_of_work():
        services.ensure_membership(
            person.id, role, organisation.id if organisation else None, actor=SYSTEM, at=LONG_AGO
        )
    return person


def sign_in(client: FlaskClient, person: Person, password: str = PASSWORD) -> Any:
    """Sign in through the page."""
    answer = client.post("/sign-in", data={"email": person.email, "password": password})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer


def actor(person: Person) -> Actor:
    """Return the person as an actor with their grants."""
    return queries.actor_for(person.id)
