"""Once a day: titles in one e-mail in the morning; decisions, deadlines and account safety never wait for it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from compapp.accounts import queries as accounts
from compapp.core.db import unit_of_work
from compapp.core.messages import kind as kind_named
from compapp.core.outbox import OutboxMessage
from compapp.notifications import services
from compapp.notifications.models import DigestItem, InboxItem
from tests.accounts.builders import make_person

NOON = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)
SEVEN = datetime(2026, 10, 2, 0, 0, tzinfo=UTC)
MAIL = ("email",)


@pytest.fixture
def reader(app, db):
    person = make_person("Lâm Hoài Thảo")
    with unit_of_work():
        chosen = dict.fromkeys(("role_granted", "team_changed", "result", "password_reset"), "daily")
        services.choose_preferences(chosen, actor=accounts.actor_for(person.id), at=NOON)
    return person


def run(at):
    services.drain(at=at)
    count = services.gather_digests(at=at)
    services.drain(at=at)
    return count


def test_a_day_comes_as_one_mail_at_seven_and_the_inbox_at_once(db, reader, open_office, post, smtp):
    open_office(smtp.url)
    post([reader], at=NOON)
    post([reader], at=NOON, kind="team_changed")
    assert run(NOON) == 0
    assert smtp.messages == []
    assert len(db.scalars(select(InboxItem)).all()) == 2
    assert run(SEVEN - timedelta(minutes=1)) == 0
    assert run(SEVEN) == 1
    [mail] = smtp.to(reader.email)
    text = mail.get_body(("plain",)).get_content()
    assert "Tin trong ngày" in mail["Subject"]
    assert text.count("https://thi.example.vn/") >= 3
    post([reader], at=SEVEN, version=2)
    assert run(SEVEN + timedelta(hours=1)) == 0
    assert len(smtp.to(reader.email)) == 1
    assert run(SEVEN + timedelta(days=1)) == 1
    assert len(smtp.to(reader.email)) == 2
    assert run(SEVEN + timedelta(days=2)) == 0


def test_what_is_kept_late_for_a_digest_that_has_gone_waits_for_the_next(db, reader, open_office, post, smtp):
    open_office(smtp.url)
    post([reader], at=NOON)
    assert (run(NOON), run(SEVEN)) == (0, 1)
    post([reader], at=NOON, version=2)
    services.drain(at=SEVEN)
    with unit_of_work():
        late = db.scalars(select(DigestItem).where(DigestItem.gathered_at.is_(None))).one()
        late.kept_at = SEVEN - timedelta(seconds=1)
    assert run(SEVEN + timedelta(minutes=5)) == 0
    assert run(SEVEN + timedelta(days=1)) == 1
    assert len(smtp.to(reader.email)) == 2


def test_decisions_and_account_safety_do_not_wait(db, reader, open_office, post, smtp):
    open_office(smtp.url)
    for kind in ("result", "password_reset"):
        post([reader], at=NOON, kind=kind, channels=MAIL, data=dict(kind_named(kind).sample))
    run(NOON)
    assert len(smtp.to(reader.email)) == 2


def test_a_closed_account_gets_no_digest(db, reader, open_office, post, smtp):
    open_office(smtp.url)
    post([reader], at=NOON, channels=MAIL)
    run(NOON)
    with unit_of_work():
        accounts.person(reader.id).active = False
    assert run(SEVEN) == 0
    assert smtp.messages == []
    assert db.scalars(select(OutboxMessage.kind)).all() == ["role_granted"]
