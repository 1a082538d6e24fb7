"""Sending again from the delivery record: once for a double click, never what carried a link, always written down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict
from compapp.core.outbox import OutboxMessage
from compapp.notifications import queries, services
from compapp.notifications.short_text import short_text
from tests.accounts.builders import actor, give, make_person, sign_in
from tests.notifications.test_delivery import DAY, MAIL


def again(db, message, admin, at):
    with unit_of_work():
        services.repeat_message(db.get_one(OutboxMessage, message.id), actor=actor(admin), at=at)


def newest(db):
    db.rollback()
    return db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def test_a_message_is_sent_again_under_the_next_number(app, db, open_office, post, smtp):
    open_office(smtp.url)
    admin, person = give(make_person("Quản trị"), "admin"), make_person()
    post([person], at=DAY, channels=MAIL)
    first = newest(db)
    with pytest.raises(Conflict):
        again(db, first, admin, DAY)
    services.drain(at=DAY)
    again(db, first, admin, DAY)
    for at in (DAY, DAY + timedelta(minutes=9)):
        with pytest.raises(Conflict):
            again(db, first, admin, at)
        services.drain(at=at)
    again(db, newest(db), admin, DAY + timedelta(minutes=11))
    services.drain(at=DAY + timedelta(minutes=11))
    keys = [one.removeprefix(first.dedupe_key) for one in db.scalars(select(OutboxMessage.dedupe_key))]
    assert sorted(keys) == ["", ":again:1", ":again:2"]
    assert len(smtp.to(person.email)) == len({mail["Message-ID"] for mail in smtp.to(person.email)}) == 3
    deeds = db.scalars(select(AuditRow).where(AuditRow.verb == "notifications.message.repeated")).all()
    assert [(one.actor_id, one.data["person"]) for one in deeds] == [(admin.id, person.id)] * 2


def test_what_carried_a_link_or_was_held_is_not_sent_again(app, db, open_office, post, smtp):
    open_office(smtp.url)
    admin, person = give(make_person("Quản trị"), "admin"), make_person()
    post([person], at=DAY, kind="password_reset", channels=MAIL)
    services.drain(at=DAY)
    with pytest.raises(Conflict):
        again(db, newest(db), admin, DAY)
    assert short_text(newest(db), site_url="https://thi.example.vn") == ""
    post([person], at=DAY, kind="jury_invitation", channels=MAIL)
    services.drain(at=DAY)
    assert short_text(newest(db), site_url="https://thi.example.vn") == "", "its link answers in the judge's name"
    post([person], at=DAY, hold="publication:1", channels=MAIL)
    with pytest.raises(Conflict):
        again(db, newest(db), admin, DAY)


def test_the_words_for_zalo_are_short_and_lead_to_the_page(app, db, post):
    person = make_person()
    post([person], at=DAY, channels=MAIL)
    text = short_text(newest(db), site_url="https://thi.example.vn")
    assert text.endswith("\nhttps://thi.example.vn/home")
    assert len(text) <= 400


def test_an_administrator_sees_what_was_sent_and_sends_it_again(client, db, open_office, post, smtp):
    open_office(smtp.url)
    person, admin = make_person("Đặng Thị Huệ"), give(make_person("Quản trị"), "admin")
    post([person], at=DAY, channels=MAIL)
    services.drain(at=DAY)
    sign_in(client, person)
    message = newest(db)
    assert client.get("/deliveries").status_code == 403
    assert client.post(f"/deliveries/{message.id}/repetition").status_code == 403
    client.post("/sign-out")
    sign_in(client, admin)
    assert "Đặng Thị Huệ" in client.get("/deliveries?search=dang thi hue&state=sent").get_data(as_text=True)
    assert client.post(f"/deliveries/{message.id}/repetition").status_code == 303
    assert newest(db).dedupe_key == f"{message.dedupe_key}:again:1"
    assert queries.deliveries(search="dang thi hue").total == 2


def test_an_organiser_finds_words_for_zalo_and_sends_again_in_the_own_contest_only(
    as_person, db, open_office, post, smtp
):
    from tests.entries import builders as entries

    open_office(smtp.url)
    contest = entries.a_contest()
    organiser = as_person(entries.staff(contest).person_id)
    person = make_person("Đặng Thị Huệ")
    post([person], at=DAY, channels=MAIL, contest_id=contest.id)
    services.drain(at=DAY)
    message = newest(db)
    path = f"/contests/{contest.code}/manage/messages/{message.id}"
    page = organiser.get(path).get_data(as_text=True)
    assert "Đặng Thị Huệ" in page
    assert "/home" in page
    assert organiser.post(f"{path}/repetition").status_code == 303
    assert newest(db).dedupe_key.endswith(":again:1")
    assert as_person(person).get(path).status_code == 403
    post([person], at=DAY, channels=MAIL, version=2)
    assert organiser.get(f"/contests/{contest.code}/manage/messages/{newest(db).id}").status_code == 404
