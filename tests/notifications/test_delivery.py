"""Every message once, whatever fails (safety.md I10, F3, F5, F8, F9)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from compapp.accounts import queries as accounts
from compapp.core import outbox
from compapp.core.db import session_scope, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.notifications import channels, queries, services
from compapp.notifications.models import InboxItem
from compapp.notifications.services import claims, delivery
from tests.accounts.builders import give, make_organisation, make_person

MAIL = ("email",)
DAY = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
NIGHT = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)


def states(db):
    db.rollback()
    rows = db.execute(select(OutboxMessage.channel, OutboxMessage.state, OutboxMessage.reason))
    return sorted((channel, state, reason) for channel, state, reason in rows)


def read_mails(folder: Path):
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def test_a_message_reaches_inbox_and_mailbox_in_the_readers_language(db, open_office, post, tmp_path):
    open_office()
    vietnamese, english = make_person("Lâm Hoài Thảo"), make_person("An Smith", locale="en")
    post([vietnamese, english], at=DAY)
    assert services.drain(at=DAY) == 4
    assert {state for _channel, state, _reason in states(db)} == {"sent"}
    items = db.scalars(select(InboxItem).order_by(InboxItem.person_id)).all()
    assert [item.url for item in items] == ["/home", "/home"]
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in read_mails(tmp_path / "mail")}
    assert mails[vietnamese.email].get_body(("plain",)).get_content().startswith("Chào bạn Thảo,")
    assert mails[english.email].get_body(("plain",)).get_content().startswith("Dear An Smith,")
    assert mails[vietnamese.email]["To"].addresses[0].display_name == "Lâm Hoài Thảo"
    assert "https://thi.example.vn/home" in mails[english.email].get_body(("html",)).get_content()


def test_people_are_addressed_as_they_expect(db, open_office, post, tmp_path):
    open_office()
    organisation = make_organisation()
    lecturer = give(make_person("Trần Văn Thầy"), "advisor", organisation)
    official = give(make_person("Lê Thị Sở"), "officer")
    post([lecturer, official], at=DAY, channels=MAIL)
    services.drain(at=DAY)
    texts = [mail.get_body(("plain",)).get_content().split(",")[0] for mail in read_mails(tmp_path / "mail")]
    assert texts == ["Kính gửi Thầy/Cô Trần Văn Thầy", "Kính gửi Ông/Bà Lê Thị Sở"]


def test_headers_say_what_the_mail_is(db, open_office, post, tmp_path):
    open_office()
    post([make_person()], at=DAY, channels=MAIL)
    services.drain(at=DAY)
    row = db.scalars(select(OutboxMessage)).one()
    mail = read_mails(tmp_path / "mail")[0]
    assert mail["X-Dedupe-Key"] == row.dedupe_key
    assert mail["Message-ID"].startswith(f"<outbox-{row.id}-")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://thi.example.vn/inbox/preferences>"
    assert not mail.defects


def test_posting_twice_sends_once(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    assert post([person, person], at=DAY) == 2
    assert post([person], at=DAY) == 0
    services.drain(at=DAY)
    services.drain(at=DAY)
    assert len(smtp.to(person.email)) == 1


def test_a_refused_address_fails_at_once_and_the_others_arrive(db, open_office, post, smtp):
    open_office(smtp.url)
    people = [make_person() for _ in range(3)]
    smtp.refuse[people[1].email] = "550 no such person"
    post(people, at=DAY, channels=MAIL)
    services.drain(at=DAY)
    assert states(db) == [("email", "failed", "550 no such person"), *[("email", "sent", None)] * 2]
    assert [len(smtp.to(one.email)) for one in people] == [1, 0, 1]


def test_a_later_answer_is_tried_again_with_growing_pauses(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    smtp.refuse[person.email] = "451 come back later"
    post([person], at=DAY, channels=MAIL)
    moment, pauses = DAY, []
    for _ in range(4):
        services.drain(at=moment)
        db.rollback()
        row = db.scalars(select(OutboxMessage)).one()
        assert (row.state, row.reason) == ("ready", "451 come back later")
        pauses.append(round((row.not_before - moment).total_seconds() / 60))
        assert services.deliver_batch(at=row.not_before - timedelta(seconds=5)) == 0
        moment = row.not_before
    assert pauses == [1, 2, 4, 8]
    smtp.refuse.clear()
    services.drain(at=moment)
    assert states(db) == [("email", "sent", None)]
    assert len(smtp.to(person.email)) == 1


def test_pauses_end_at_four_hours_and_trying_ends_at_last(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    smtp.refuse[person.email] = "451 never"
    post([person], at=DAY, channels=MAIL)
    with unit_of_work():
        db.execute(update(OutboxMessage).values(attempts=delivery.MOST_ATTEMPTS - 2))
    services.drain(at=DAY)
    db.rollback()
    row = db.scalars(select(OutboxMessage)).one()
    assert timedelta(hours=3, minutes=59) < row.not_before - DAY < timedelta(hours=4, minutes=1)
    services.drain(at=datetime(2026, 10, 2, 2, 0, tzinfo=UTC))
    db.rollback()
    assert states(db)[0][1] == "failed"


def test_a_silent_server_stops_the_batch_and_loses_nothing(db, open_office, post, smtp, monkeypatch):
    open_office(smtp.url)
    monkeypatch.setattr(channels, "TIMEOUT", 0.3)
    people = [make_person() for _ in range(5)]
    smtp.delay = 1.5
    post(people, at=DAY, channels=MAIL)
    services.drain(at=DAY)
    assert {state for _channel, state, _reason in states(db)} == {"ready"}
    smtp.delay = 0
    services.drain(at=DAY + timedelta(minutes=3))
    assert {state for _channel, state, _reason in states(db)} == {"sent"}
    for person in people:
        assert len({mail["Message-ID"] for mail in smtp.to(person.email)}) == 1


def test_a_server_that_is_not_there_is_tried_later(db, open_office, post):
    open_office("smtp://127.0.0.1:1")
    people = [make_person() for _ in range(4)]
    post(people, at=DAY, channels=MAIL)
    services.drain(at=DAY)
    assert {state for _channel, state, _reason in states(db)} == {"ready"}
    db.rollback()
    assert max(db.scalars(select(OutboxMessage.attempts))) == 1


def test_a_kill_before_sending_delivers_when_the_lease_has_ended(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    post([person], at=DAY, channels=MAIL)
    with session_scope():
        assert len(claims.claim(100, DAY)) == 1
    assert services.deliver_batch(at=DAY + timedelta(seconds=29)) == 0
    assert services.deliver_batch(at=DAY + timedelta(seconds=31)) == 1
    assert len(smtp.to(person.email)) == 1


class _Killed(BaseException):
    pass


def test_a_kill_between_sending_and_recording_repeats_one_mail_under_the_same_id(
    db, open_office, post, smtp, monkeypatch
):
    open_office(smtp.url)
    people = [make_person() for _ in range(6)]
    post(people, at=DAY, channels=MAIL)
    record, recorded = delivery._Batch._record, []

    def die_at_the_third(self, item, **values):
        if len(recorded) == 2:
            raise _Killed
        recorded.append(item)
        record(self, item, **values)

    monkeypatch.setattr(delivery._Batch, "_record", die_at_the_third)
    with pytest.raises(_Killed):
        services.deliver_batch(at=DAY)
    monkeypatch.undo()
    services.drain(at=DAY + timedelta(minutes=1))
    sent = Counter(mail["Message-ID"] for mail in smtp.messages)
    assert sorted(sent.values()) == [1, 1, 1, 1, 1, 2]
    assert {state for _channel, state, _reason in states(db)} == {"sent"}


@pytest.mark.parametrize("channel", ["email", "inapp"])
def test_two_drainers_at_once_deliver_once(db, open_office, post, smtp, channel):
    open_office(smtp.url)
    people = [make_person() for _ in range(60)]
    post(people, at=DAY, channels=(channel,))
    barrier = Barrier(4)

    def work():
        barrier.wait()
        while services.deliver_batch(10, at=DAY):
            pass

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {state for _channel, state, _reason in states(db)} == {"sent"}
    if channel == "email":
        assert Counter(mail["X-RcptTo"] for mail in smtp.messages) == Counter(one.email for one in people)
    else:
        assert sorted(db.scalars(select(InboxItem.person_id))) == sorted(one.id for one in people)


def test_a_long_batch_keeps_its_hold(db, open_office, post, monkeypatch):
    office = open_office()
    people = [make_person() for _ in range(4)]
    post(people, at=DAY, channels=MAIL)
    moments = iter(range(0, 4000, 10))
    monkeypatch.setattr(delivery._Batch, "now", lambda self: self.at + timedelta(seconds=next(moments)))
    taken = []

    class Slow:
        is_public = False

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def send(self, mail):
            taken.append(mail.outbox_id)

    services.use_post_office(services.PostOffice(Slow(), office.site_url))
    services.deliver_batch(at=DAY)
    assert len(taken) == 4
    assert {state for _channel, state, _reason in states(db)} == {"sent"}


def test_a_batch_that_lost_its_lease_stops(db, open_office, post, monkeypatch):
    open_office()
    people = [make_person() for _ in range(3)]
    post(people, at=DAY, channels=MAIL)
    with session_scope():
        claimed = claims.claim(100, DAY)
        batch = delivery._Batch(delivery._office, claimed, DAY)
        claims.session().expunge_all()
        claims.session().rollback()
        assert services.deliver_batch(at=DAY + timedelta(minutes=1)) == 3
        monkeypatch.setattr(batch, "now", lambda: DAY + timedelta(minutes=2))
        sent = []
        batch._send_all(batch.items, type("C", (), {"send": lambda self, mail: sent.append(mail)})())
        assert sent == []


def test_night_waits_for_the_morning_unless_it_is_urgent(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    post([person], at=NIGHT)
    post([person], at=NIGHT, kind="password_reset", channels=MAIL)
    services.drain(at=NIGHT)
    assert [mail["Subject"] for mail in smtp.to(person.email)] == ["Choose a new password"] or len(smtp.messages) == 1
    db.rollback()
    assert len(db.scalars(select(InboxItem)).all()) == 1
    morning = datetime(2026, 10, 2, 0, 0, tzinfo=UTC)
    assert services.deliver_batch(at=morning - timedelta(seconds=5)) == 0
    services.drain(at=morning)
    assert len(smtp.to(person.email)) == 2


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_quiet_hours_go_from_nine_to_seven_local(hour, quiet):
    moment = datetime(2026, 10, 1, hour, 0, tzinfo=claims.ZONE)
    until = claims.quiet_until(moment)
    assert (until is not None) is quiet
    if until:
        assert until.astimezone(claims.ZONE).hour == 7
        assert timedelta() < until - moment <= timedelta(hours=10)


def test_what_somebody_does_not_want_comes_to_the_inbox_only(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    with unit_of_work():
        chosen = {"role_granted": "never", "password_reset": "never"}
        services.choose_preferences(chosen, actor=accounts.actor_for(person.id), at=DAY)
    post([person], at=DAY)
    post([person], at=DAY, kind="password_reset", channels=MAIL)
    services.drain(at=DAY)
    assert states(db) == [
        ("email", "sent", None),
        ("email", "skipped", "preference"),
        ("inapp", "sent", None),
    ]


@pytest.mark.parametrize(
    ("kind", "hours", "goes_after"),
    [
        ("deadline_near", 2.9, 0),
        ("deadline_near", 5, 2),
        ("deadline_near", 24, 9),
        ("offer", 2, 0),
        ("role_granted", None, 9),
        ("session_cancelled", 72, 9),
    ],
)
def test_by_night_only_what_is_near_goes(app, db, open_office, post, smtp, kind, hours, goes_after):
    """NIGHT is 22:00; the morning is nine hours away, and what is named goes three hours before it at the latest."""
    from compapp.core.messages import kind as kind_named

    open_office(smtp.url)
    sample = dict(kind_named(kind).sample)
    if hours is not None:
        key = next(key for key in claims.MOMENTS if key in sample)
        sample[key] = (NIGHT + timedelta(hours=hours)).isoformat()
    post([make_person()], at=NIGHT, kind=kind, channels=MAIL, data=sample)
    due = NIGHT + timedelta(hours=goes_after)
    if goes_after:
        services.drain(at=NIGHT)
        assert services.deliver_batch(at=due - timedelta(seconds=5)) == 0
    services.drain(at=due)
    assert len(smtp.messages) == 1


def test_reasons_for_skipping_are_kept(db, open_office, post, smtp):
    open_office(smtp.url, spares_demonstration=True)
    gone, made_up = make_person(), make_person(demonstration=True)
    with unit_of_work():
        silent = accounts.person(make_person_without_address().id)
        accounts.person(gone.id).active = False
    post([gone, made_up, silent], at=DAY, channels=MAIL)
    services.drain(at=DAY)
    assert [reason for _channel, _state, reason in states(db)] == [
        "demonstration_address",
        "inactive_person",
        "no_address",
    ]
    assert smtp.messages == []


def make_person_without_address():
    from compapp.accounts.services.people import ensure_person
    from tests.accounts.builders import LONG_AGO, SYSTEM

    return ensure_person("Không Có Thư", actor=SYSTEM, at=LONG_AGO)


def test_held_messages_wait_until_released_and_never_go_when_cancelled(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    post([person], at=DAY, hold="publication:1", channels=MAIL)
    post([person], at=DAY, hold="publication:2", channels=MAIL, version=2)
    assert services.drain(at=DAY) == 0
    with unit_of_work():
        outbox.release("publication:1", at=DAY)
        outbox.cancel("publication:2", reason="withdrawn")
    services.drain(at=DAY)
    assert len(smtp.messages) == 1
    assert [state for _channel, state, _reason in states(db)] == ["cancelled", "sent"]


def test_a_broken_message_fails_alone_and_says_why(db, open_office, post, smtp):
    open_office(smtp.url)
    person = make_person()
    post([person], at=DAY, data={}, version="broken")
    post([person], at=DAY)
    services.drain(at=DAY)
    found = states(db)
    assert [state for _channel, state, _reason in found] == ["failed", "sent", "failed", "sent"]
    assert "cannot be rendered" in found[0][2]


def test_a_clock_that_jumps_back_does_not_stop_delivery(db, open_office, post, smtp):
    open_office(smtp.url)
    people = [make_person(), make_person()]
    post(people[:1], at=DAY + timedelta(hours=2), channels=MAIL)
    with session_scope():
        claims.claim(1, DAY + timedelta(hours=2))
    post(people[1:], at=DAY + timedelta(hours=2), channels=MAIL, version=2)
    services.drain(at=DAY)
    assert {state for _channel, state, _reason in states(db)} == {"sent"}


def test_an_account_opening_link_is_struck_out_after_sending(db, open_office, smtp, post):
    open_office(smtp.url)
    post([make_person()], at=DAY, kind="password_reset", channels=MAIL)
    services.drain(at=DAY)
    db.rollback()
    assert "secret_path" not in db.scalars(select(OutboxMessage.data)).one()
    assert "/new-password/" in smtp.messages[0].get_body(("plain",)).get_content()


def test_somebody_without_an_account_is_written_to(db, open_office, smtp):
    open_office(smtp.url)
    with unit_of_work():
        outbox.post_to_address(
            "role_granted",
            "ph@gia-dinh.vn",
            name="Lê Thị Phụ Huynh",
            locale="vi",
            subject=("x", 1),
            data={"role": "", "organisation": None, "purpose": {"vi": "p"}, "granter": "", "path": "//evil.vn"},
            at=DAY,
        )
    services.drain(at=DAY)
    text = smtp.messages[0].get_body(("plain",)).get_content()
    assert text.startswith("Kính gửi Ông/Bà Lê Thị Phụ Huynh,")
    assert "evil.vn" not in text


def test_the_delivery_record_counts(db, open_office, smtp, post):
    open_office(smtp.url)
    post([make_person(), make_person()], at=DAY, contest_id=7)
    assert queries.waiting_count() == 4
    services.drain(at=DAY)
    db.rollback()
    assert queries.counts_by_key(7) == {("role_granted", "email", "sent"): 2, ("role_granted", "inapp", "sent"): 2}
    page = queries.deliveries(7)
    assert page.total == 4
    assert {name for _row, name in page.rows} == {"Lâm Hoài Thảo"}


def test_hundreds_of_messages_need_few_queries(db, open_office, post, count_queries):
    open_office()
    people = [make_person() for _ in range(40)]
    post(people[:2], at=DAY, channels=("inapp",))
    with count_queries() as few:
        services.deliver_batch(at=DAY)
    post(people, at=DAY, channels=("inapp",), version=2)
    with count_queries() as many:
        services.deliver_batch(at=DAY)
    selects = [sum(one.startswith("SELECT") for one in seen) for seen in (few, many)]
    assert selects[0] == selects[1]
