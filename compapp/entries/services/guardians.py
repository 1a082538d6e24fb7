"""Guardians' consent by link: no account, one page, one answer, with the text version that was shown."""

from datetime import datetime, timedelta

from compapp.accounts.policy import clean_address, is_address
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import GUARDIAN, WAITING
from compapp.entries.models import Entry, GuardianConsent, TeamMember
from compapp.entries.services import rules
from compapp.entries.services.team import member_of

PURPOSE = "guardian_consent"
TEXT_VERSION = "2026-1"
LINK_LASTS = timedelta(days=21)


def ask_guardian(
    entry: Entry,
    member_id: int,
    *,
    guardian_name: str,
    guardian_email: str | None,
    locale: str = "vi",
    actor: Actor,
    at: datetime,
) -> tuple[GuardianConsent, str]:
    """Ask the guardian of a minor; return the request and its link's token (to copy). Older links end."""
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    member = member_of(entry, member_id)
    rules.require(facts is not None and policy.may_tend_member(actor, facts, member.person_id))
    if facts is not None and not (policy.may_edit(actor, facts) or facts.team_is_open):
        raise Closed(
            N_("The deadline has passed. Nothing can be changed any more; ask the organiser if you had a fault.")
        )
    name = " ".join(nfc(guardian_name).split())
    address = clean_address(guardian_email) if guardian_email and guardian_email.strip() else None
    if not name or len(name) > 200:
        raise Invalid(fields={"guardian_name": [(N_("Write the full name, at most 200 characters."), {})]})
    if address is not None and not is_address(address):
        raise Invalid(fields={"guardian_email": [(N_("This is not an e-mail address."), {})]})
    asked = GuardianConsent(
        member_id=member.id,
        guardian_name=name,
        guardian_email=address,
        state=WAITING,
        asked_at=at,
        expires_at=at + LINK_LASTS,
        text_version=TEXT_VERSION,
        locale=locale,
    )
    links.withdraw(PURPOSE, ("team_member", member.id), at=at)
    session().add(asked)
    session().flush()
    token = links.issue(
        PURPOSE, ("team_member", member.id), data={"consent": asked.id}, expires_at=asked.expires_at, at=at
    )
    audit.record("entries.guardian.asked", asked, actor=actor, at=at, contest_id=entry.contest_id)
    notifications.guardian_asked(entry, asked, member.name, token, at=at)
    return asked, token


def asked_by(token: str, *, at: datetime) -> tuple[GuardianConsent, TeamMember, Entry]:
    """Return what a guardian is asked, without using the link up; Closed with the reason otherwise."""
    link = links.look(PURPOSE, token, at=at)
    asked = session().get(GuardianConsent, link.data.get("consent"))
    if asked is None:
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    return asked, asked.member, queries.entry(asked.member.entry_id)


def answer_guardian(token: str, *, given: bool, at: datetime) -> GuardianConsent:
    """Write down the guardian's answer; the link is used up. Closed when it was used or has expired."""
    asked, member, entry = asked_by(token, at=at)
    links.redeem(PURPOSE, token, at=at)
    guardian = Actor(person_id=None, name=asked.guardian_name, locale=asked.locale)
    data = {"member": member.id, "text_version": asked.text_version}
    verb = "give" if given else "refuse"
    move(asked, GUARDIAN, verb, actor=guardian, at=at, contest_id=entry.contest_id, data=data, answered_at=at)
    notifications.guardian_answered(entry, asked, member.name, at=at)
    return asked
