"""Delivering a batch: claim in one transaction, send outside of any, record in another.

A kill between sending and recording lets the lease end; the message is then sent once more under the same
Message-ID. Each e-mail is recorded before the next is sent, so at most one is ever in that window.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from compapp.accounts import queries as accounts
from compapp.accounts.models import Person
from compapp.accounts.queries import FormOfAddress
from compapp.core.db import hasty_session_scope, session, unit_of_work
from compapp.core.messages import kinds
from compapp.core.outbox import EMAIL, FAILED, INAPP, READY, SENT, SKIPPED, OutboxMessage
from compapp.notifications import queries
from compapp.notifications.channels import Away, Channel, Permanent, SendingFailed
from compapp.notifications.mail import Mail
from compapp.notifications.models import AT_ONCE, NEVER, DigestItem, InboxItem
from compapp.notifications.rendering import Reader, Rendered, render
from compapp.notifications.services.claims import LEASE, claim, put_back, renew, settle
from compapp.notifications.services.digests import DIGEST
from compapp.notifications.services.inbox import may_choose
from compapp.notifications.wishes import NONE, Wishes, wishes_of

MOST_ATTEMPTS = 20
LONGEST_PAUSE = timedelta(hours=4)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PostOffice:
    """Where mail goes out, and what address its links begin with.

    ``spares_demonstration``: mail to made-up people does not leave the house (production).
    """

    channel: Channel
    site_url: str
    spares_demonstration: bool = False


@dataclass(frozen=True)
class _Item:
    """A claimed message with what is needed to deliver it."""

    message: OutboxMessage
    person: Person | None
    reader: Reader
    wishes: Wishes = NONE

    @property
    def own(self) -> Mapping[str, str] | None:
        """What the contest adds to this kind of message in its own words; None for nothing."""
        return self.wishes.words.get(self.message.kind)


_office: PostOffice | None = None


def use_post_office(office: PostOffice) -> None:
    """Deliver through ``office``; called by ``app``."""
    global _office
    _office = office


def drain(*, at: datetime, seconds: float = 60.0) -> int:
    """Deliver batch after batch until nothing is due or ``seconds`` have passed; return how many messages."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        delivered = deliver_batch(at=at + timedelta(seconds=time.monotonic() - began))
        if not delivered:
            break
        count += delivered
    return count


def deliver_batch(limit: int = 100, *, at: datetime) -> int:
    """Deliver up to ``limit`` due messages; return how many were claimed. Opens its own units of work."""
    if _office is None:
        raise RuntimeError("no post office is in use")
    with hasty_session_scope():
        claimed = claim(limit, at)
        if not claimed:
            return 0
        _Batch(_office, claimed, at).deliver()
        return len(claimed)


class _Batch:
    """The claimed messages on their way, with the time that passes meanwhile."""

    def __init__(self, office: PostOffice, claimed: Sequence[OutboxMessage], at: datetime) -> None:
        self.office = office
        self.at = at
        self.began = time.monotonic()
        self.lease = at + LEASE
        self.items = _with_readers(claimed)

    def now(self) -> datetime:
        """Return the moment: the batch's reading and what has passed since."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def deliver(self) -> None:
        """Deliver the inbox in one transaction, e-mails one by one."""
        rhythms = queries.rhythms_by({item.message.person_id or 0 for item in self.items})
        session().expunge_all()
        session().rollback()
        skipped: list[tuple[_Item, str]] = []
        inbox: list[_Item] = []
        mails: list[_Item] = []
        for item in self.items:
            reason = self._reason_to_skip(item, rhythms)
            if reason:
                skipped.append((item, reason))
            else:
                (inbox if item.message.channel == INAPP else mails).append(item)
        self._deliver_inbox(inbox, skipped)
        if mails:
            with self.office.channel as channel:
                self._send_all(mails, channel)

    def _reason_to_skip(self, item: _Item, rhythms: Mapping[tuple[int, str], str]) -> str:
        message, person = item.message, item.person
        if message.kind not in kinds():
            return "unknown_kind"
        if message.kind in item.wishes.off:
            return "contest_off"
        if message.person_id is not None and (person is None or not person.active):
            return "inactive_person"
        if message.channel != EMAIL:
            return "" if person is not None else "no_address"
        address = person.email if person is not None else message.address
        if not address:
            return "no_address"
        rhythm = rhythms.get((message.person_id or 0, message.kind), AT_ONCE)
        if rhythm != AT_ONCE and may_choose(message.kind):
            return "preference" if rhythm == NEVER else DIGEST
        made_up = (person is not None and person.demonstration) or address.endswith(".example")
        if self.office.spares_demonstration and self.office.channel.is_public and made_up:
            return "demonstration_address"
        return ""

    def _deliver_inbox(self, items: Sequence[_Item], skipped: Sequence[tuple[_Item, str]]) -> None:
        """Put messages into inboxes: arrival and record are one transaction, so exactly once."""
        rendered = [(item, self._rendered(item, html=False)) for item in items]
        with unit_of_work():
            for item, reason in skipped:
                settled = settle(item.message, self.lease, state=SKIPPED, reason=reason)
                if settled and reason == DIGEST:
                    session().add(_for_digest(item, self.at))
            for item, words in rendered:
                if isinstance(words, str):
                    settle(item.message, self.lease, state=FAILED, reason=words)
                elif settle(item.message, self.lease, state=SENT, sent_at=self.at, reason=None):
                    session().add(_arrival(item, words, self.at))

    def _rendered(self, item: _Item, *, html: bool) -> Rendered | str:
        """Return the words, or why there are none; one broken message never stops the others."""
        try:
            kind, data, site_url = item.message.kind, item.message.data, self.office.site_url
            return render(kind, item.reader, data, site_url=site_url, html=html, own=item.own)
        except Exception as error:
            _log.exception("message %s (%s) cannot be rendered", item.message.id, item.message.kind)
            return f"cannot be rendered: {type(error).__name__}: {error}"[:300]

    def _send_all(self, items: Sequence[_Item], channel: Channel) -> None:
        silences = 0
        for position, item in enumerate(items):
            rest = [one.message.id for one in items[position:]]
            if not self._keep_hold(rest):
                return
            try:
                self._send(item, channel)
                silences = 0
            except Away as away:
                silences += 1
                self._try_later(item, str(away))
                if silences == 2 and rest[1:]:
                    put_back(rest[1:], self.lease, self.now() + timedelta(minutes=1), str(away))
                    return

    def _keep_hold(self, rest: Sequence[int]) -> bool:
        """Renew the lease of what is left before it grows too short for one more try; False when it is lost."""
        if self.lease - self.now() > LEASE / 2:
            return True
        until = self.now() + LEASE
        kept = renew(rest, self.lease, until)
        self.lease = until
        return kept

    def _send(self, item: _Item, channel: Channel) -> None:
        words = self._rendered(item, html=True)
        if isinstance(words, str):
            self._record(item, state=FAILED, reason=words)
            return
        try:
            channel.send(_as_mail(item, words, self.now()))
        except Permanent as refused:
            self._record(item, state=FAILED, reason=str(refused))
        except Away:
            raise
        except SendingFailed as failed:
            self._try_later(item, str(failed))
        else:
            self._record(item, state=SENT, sent_at=self.now(), reason=None)

    def _try_later(self, item: _Item, reason: str) -> None:
        attempts = item.message.attempts
        if attempts >= MOST_ATTEMPTS:
            self._record(item, state=FAILED, reason=f"given up after {attempts} tries: {reason}")
            return
        pause = min(timedelta(minutes=1) * 2 ** (attempts - 1), LONGEST_PAUSE)
        self._record(item, state=READY, not_before=self.now() + pause, reason=reason)

    def _record(self, item: _Item, **values: object) -> None:
        with unit_of_work():
            if not settle(item.message, self.lease, **values):
                _log.warning("message %s was taken over by another drainer", item.message.id)


def _with_readers(claimed: Sequence[OutboxMessage]) -> list[_Item]:
    ids = {message.person_id for message in claimed if message.person_id is not None}
    people = accounts.people(ids)
    forms = accounts.forms_of_address(ids)
    wishes = wishes_of({message.contest_id for message in claimed if message.contest_id is not None})
    items = []
    for message in claimed:
        person = people.get(message.person_id) if message.person_id is not None else None
        if person is not None:
            reader = Reader(person.name, person.locale, forms[person.id])
        else:
            form = FormOfAddress(message.data.get("form_of_address") or FormOfAddress.OFFICIAL)
            reader = Reader(message.address_name or "", message.address_locale or "vi", form)
        items.append(_Item(message, person, reader, wishes.get(message.contest_id or 0, NONE)))
    return items


def _arrival(item: _Item, words: Rendered, at: datetime) -> InboxItem:
    assert item.message.person_id is not None
    return InboxItem(
        outbox_id=item.message.id,
        person_id=item.message.person_id,
        kind=item.message.kind,
        title=words.subject[:300],
        body=words.brief,
        url=words.path[:500] if words.path else None,
        arrived_at=at,
    )


def _for_digest(item: _Item, at: datetime) -> DigestItem:
    assert item.message.person_id is not None
    return DigestItem(outbox_id=item.message.id, person_id=item.message.person_id, kept_at=at)


def _as_mail(item: _Item, words: Rendered, at: datetime) -> Mail:
    message, person = item.message, item.person
    return Mail(
        outbox_id=message.id,
        dedupe_key=message.dedupe_key,
        to_address=(person.email if person is not None else message.address) or "",
        to_name=item.reader.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        sent_at=at,
    )
