"""Accounts of people under 16: their guardian agrees by a link that needs no account, before anything opens."""

from datetime import datetime, timedelta
from typing import Any

from compapp.accounts import notifications
from compapp.accounts.models import Guardian, Person
from compapp.accounts.policy import clean_address
from compapp.accounts.services.consents import give_consent
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.text import nfc

CONFIRMATION, GUARDIAN = "confirm_address", "guardian_account"
LINK_LASTS = timedelta(hours=48)
GUARDIAN_HAS = timedelta(days=14)
_SIGN_UP = ("sign_up", 0)


def ask_guardian(sign_up: dict[str, Any], guardian: tuple[str, str], *, at: datetime) -> None:
    """Send a guardian the link with which they agree to the account that ``sign_up`` asks for, or refuse it."""
    name, email = " ".join(nfc(guardian[0]).split()), clean_address(guardian[1])
    data = sign_up | {"guardian": {"name": name, "email": email}}
    expires_at = at + GUARDIAN_HAS
    token = links.issue(GUARDIAN, _SIGN_UP, data=data, expires_at=expires_at, at=at)
    notifications.guardian_asked(
        email, token, name=name, child=sign_up["name"], locale=sign_up["locale"], expires_at=expires_at, at=at
    )


def answer_as_guardian(token: str, *, agreed: bool, at: datetime) -> None:
    """Take a guardian's word: the child gets the link that opens the account, or is told of the refusal.

    Closed when the link is used up or has expired.
    """
    link = links.redeem(GUARDIAN, token, at=at)
    data = dict(link.data)
    link.data = {}
    guardian = data["guardian"]
    verb = "accounts.sign_up.guardian_agreed" if agreed else "accounts.sign_up.guardian_refused"
    audit.record(verb, ("sign_up", None), actor=Actor(None, guardian["name"]), at=at)
    if not agreed:
        notifications.guardian_refused(data["email"], name=data["name"], locale=data["locale"], link_id=link.id, at=at)
        return
    data["guardian"] = guardian | {"agreed_at": at.isoformat()}
    expires_at = at + GUARDIAN_HAS
    confirmation = links.issue(CONFIRMATION, _SIGN_UP, data=data, expires_at=expires_at, at=at)
    notifications.confirmation_asked(
        data["email"], confirmation, name=data["name"], locale=data["locale"], expires_at=expires_at, at=at
    )


def note_guardian(person: Person, guardian: dict[str, str] | None) -> None:
    """Keep who agreed to a new account, apart from it, with the consent that they gave."""
    if not guardian:
        return
    agreed_at = datetime.fromisoformat(guardian["agreed_at"])
    session().add(Guardian(person_id=person.id, name=guardian["name"], email=guardian["email"], agreed_at=agreed_at))
    give_consent(
        person.id,
        "run_contest",
        locale=person.locale,
        given_by=guardian["name"],
        actor=Actor.system(guardian["name"]),
        at=agreed_at,
    )
