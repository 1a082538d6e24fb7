"""Guardians' consent by link: no account, one page, one answer, with the text version that was shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.accounts.policy import clean_address, clean_phone, is_address
from compapp.accounts.queries import person_by_email
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import GIVEN, GUARDIAN, MAILED, PASSED_ON, WAITING
from compapp.entries.models import Entry, GuardianConsent, TeamInvitation, TeamMember
from compapp.entries.queries.team import seat_facts
from compapp.entries.services import rules, seats
from compapp.entries.services.team import member_of

PURPOSE = "guardian_consent"
TEXT_VERSION = "2026-1"
LINK_LASTS = timedelta(days=21)
NOT_AGAIN_WITHIN = timedelta(minutes=1)


def ask_guardian(
    entry: Entry,
    member_id: int,
    *,
    guardian_name: str,
    guardian_email: str | None,
    guardian_phone: str | None = None,
    locale: str = "vi",
    actor: Actor,
    at: datetime,
) -> tuple[GuardianConsent, str]:
    """Ask the guardian of a minor; return the request and its link's token. Older links end.

    With an address the link is for the guardian alone and nobody else may be shown the token. A guardian without one
    is named with a telephone number; the team passes the link on, and an organiser checks the consent by hand.
    """
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    member = member_of(entry, member_id)
    rules.require(facts is not None and policy.may_tend_member(actor, facts, member.person_id))
    if facts is not None and not (policy.may_edit(actor, facts) or facts.team_is_open):
        raise Closed(
            N_("The deadline has passed. Nothing can be changed any more; ask the organiser if you had a fault.")
        )
    guardian = guardian_from(entry, member, guardian_name, guardian_email, guardian_phone)
    return ask_about(entry, member, guardian, locale=locale, actor=actor, at=at)


def ask_own_guardian(
    invitation_id: int,
    *,
    guardian_name: str,
    guardian_email: str | None,
    guardian_phone: str | None = None,
    locale: str = "vi",
    actor: Actor,
    at: datetime,
) -> tuple[GuardianConsent, str]:
    """Ask the guardian of a newcomer who has accepted after the lock and does not sit yet; by the newcomer alone."""
    facts = seat_facts(actor, invitation_id)
    rules.require(facts is not None and policy.may_ask_own_guardian(actor, facts))
    invitation = session().get_one(TeamInvitation, invitation_id)
    entry = queries.locked_entry(invitation.entry_id)
    seats.check_may_join(entry, invitation, at=at)
    member = session().get_one(TeamMember, invitation.member_id)
    guardian = guardian_from(entry, member, guardian_name, guardian_email, guardian_phone)
    return ask_about(entry, member, guardian, locale=locale, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who is asked: by an address of their own, else by telephone and a link that the team passes on."""

    name: str
    email: str | None
    phone: str | None

    @property
    def way(self) -> str:
        """Return how the link reaches the guardian."""
        return MAILED if self.email is not None else PASSED_ON


def guardian_from(entry: Entry, member: TeamMember, name: str, email: str | None, phone: str | None) -> Guardian:
    """Return whom to ask about ``member``; Invalid for what is missing, or an address of somebody on the team."""
    name = " ".join(nfc(name).split())
    address = clean_address(email) if email and email.strip() else None
    number = clean_phone(phone) if phone and phone.strip() else None
    faults: dict[str, list[Sentence]] = {}
    if not name or len(name) > 200:
        faults["guardian_name"] = [(N_("Write the full name, at most 200 characters."), {})]
    if address is not None and not is_address(address):
        faults["guardian_email"] = [(N_("This is not an e-mail address."), {})]
    elif address is not None and _is_of_team(entry, member, address):
        sentence = N_("This address belongs to the team. Give the guardian’s own, or leave it empty and give a number.")
        faults["guardian_email"] = [(sentence, {})]
    if number is None and (address is None or (phone and phone.strip())):
        faults["guardian_phone"] = [(N_("Give the guardian’s telephone number, such as 0912 345 678."), {})]
    if faults:
        raise Invalid(fields=faults)
    return Guardian(name, address, number)


def _is_of_team(entry: Entry, member: TeamMember, address: str) -> bool:
    """Whether an address belongs to the member, to somebody on the team, or to somebody invited."""
    owner = person_by_email(address)
    if owner is not None and owner.id in {member.person_id, *queries.people_of(entry.id)}:
        return True
    return address in {one.email for one in queries.invitations_of(entry.id)}


def ask_about(
    entry: Entry, member: TeamMember, guardian: Guardian, *, locale: str, actor: Actor, at: datetime
) -> tuple[GuardianConsent, str]:
    """Write the request down and send the link where there is an address; who may ask is checked by the caller.

    Raises Conflict where the same guardian was asked a moment ago: a button pressed twice asks once.
    """
    if any(_is_to(one, guardian) and at - one.asked_at < NOT_AGAIN_WITHIN for one in _waiting_for(member.id)):
        raise Conflict(N_("This guardian has just been asked. Wait a minute before you ask again."))
    asked = GuardianConsent(
        member_id=member.id,
        guardian_name=guardian.name,
        guardian_email=guardian.email,
        guardian_phone=guardian.phone,
        way=guardian.way,
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
    data = {"way": asked.way}
    audit.record("entries.guardian.asked", asked, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    notifications.guardian_asked(entry, asked, member.name, token, at=at)
    return asked, token


def _waiting_for(member_id: int) -> list[GuardianConsent]:
    found = select(GuardianConsent).where(GuardianConsent.member_id == member_id, GuardianConsent.state == WAITING)
    return list(session().scalars(found))


def _is_to(asked: GuardianConsent, guardian: Guardian) -> bool:
    return (asked.guardian_email, asked.guardian_phone) == (guardian.email, guardian.phone)


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
    data = {"member": member.id, "text_version": asked.text_version, "way": asked.way}
    verb = "give" if given else "refuse"
    move(asked, GUARDIAN, verb, actor=guardian, at=at, contest_id=entry.contest_id, data=data, answered_at=at)
    if given:
        seats.seat_after_consent(member, at=at)
    notifications.guardian_answered(entry, asked, member.name, at=at)
    return asked


def newest_consent(member_id: int) -> GuardianConsent | None:
    """Return the newest request to a guardian of one member, on the team or not yet."""
    asked = select(GuardianConsent).where(GuardianConsent.member_id == member_id)
    return session().scalars(asked.order_by(GuardianConsent.id.desc()).limit(1)).one_or_none()


def check_consent(entry: Entry, consent_id: int, *, actor: Actor, at: datetime) -> GuardianConsent:
    """Note that an organiser or secretary has spoken with the guardian of a consent that the team passed on.

    Raises Refused, NotFound (a consent of another entry), Conflict (not given, by mail, or checked already).
    """
    facts = queries.facts_of(actor, queries.locked_entry(entry.id))
    rules.require(facts is not None and policy.may_decide(actor, facts))
    asked = session().get(GuardianConsent, consent_id, with_for_update=True)
    if asked is None or asked.member.entry_id != entry.id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    if asked.state != GIVEN or asked.way != PASSED_ON or asked.checked_at is not None:
        raise Conflict(N_("There is nothing to check about this consent any more."))
    asked.checked_at, asked.checked_by_name = at, actor.name
    session().flush()
    audit.record("entries.guardian.checked", asked, actor=actor, at=at, contest_id=entry.contest_id)
    return asked
