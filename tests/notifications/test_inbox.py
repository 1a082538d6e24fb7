import pytest
from sqlalchemy import select

from compapp.core.db import unit_of_work
from compapp.core.messages import kinds
from compapp.notifications import queries, services
from compapp.notifications.models import InboxItem, Preference
from compapp.notifications.topics import is_for_office, kind_label
from tests.accounts.builders import actor, make_person, sign_in


@pytest.fixture
def item(db, open_office, post, at):
    """A person with one unread message, and that message."""
    open_office()
    person = make_person()
    post([person], at=at, channels=("inapp",))
    services.drain(at=at)
    db.rollback()
    return person, db.scalars(select(InboxItem)).one()


def test_opening_a_message_marks_it_read_and_leads_on(client, db, item):
    person, message = item
    sign_in(client, person)
    page = client.get("/inbox").get_data(as_text=True)
    assert message.title in page
    assert queries.unread_count(actor(person)) == 1
    answer = client.post(f"/inbox/{message.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert queries.unread_count(actor(person)) == 0
    assert client.get("/inbox?show=unread").status_code == 200


def test_everything_is_marked_read_at_once(client, db, item):
    person, _message = item
    sign_in(client, person)
    client.post("/inbox/read")
    assert queries.unread_count(actor(person)) == 0


def test_a_stranger_sees_and_opens_nothing(client, db, item):
    _person, message = item
    sign_in(client, make_person("Kẻ Lạ"))
    assert message.title not in client.get("/inbox").get_data(as_text=True)
    assert client.post(f"/inbox/{message.id}").status_code == 404
    db.rollback()
    assert db.scalars(select(InboxItem.read_at)).one() is None


@pytest.mark.parametrize("path", ["/inbox", "/inbox/preferences"])
def test_visitors_sign_in_first(client, path):
    assert client.get(path).status_code == 303


def test_every_kind_has_a_name_in_words(app):
    assert [name for name in kinds() if kind_label(name) == name] == []


def test_a_student_is_not_asked_about_messages_of_offices_and_keeps_the_choice_made_of_them(client, db, at):
    person = make_person()
    sign_in(client, person)
    page = client.get("/inbox/preferences").text
    assert 'name="rhythm-team_changed"' in page
    assert 'name="rhythm-sheets_late"' not in page
    with unit_of_work():
        db.add(Preference(person_id=person.id, kind="sheets_late", channel="email", wanted=False))
    client.post("/inbox/preferences", data={"rhythm-team_changed": "daily"})
    assert queries.rhythms_of(person.id) == {"sheets_late": "never", "team_changed": "daily"}


def test_preferences_are_kept_and_account_safety_cannot_be_switched_off(client, db):
    person = make_person()
    sign_in(client, person)
    assert client.get("/inbox/preferences").status_code == 200
    chosen = {f"rhythm-{name}": "never" for name in ("role_granted", "password_reset", "result", "deadline_near")}
    client.post("/inbox/preferences", data=chosen)
    assert queries.rhythms_of(person.id) == {"role_granted": "never"}
    client.post("/inbox/preferences", data={"all": "daily"})
    shown = {name for name in kinds() if services.may_choose(name) and not is_for_office(name)}
    assert queries.rhythms_of(person.id) == dict.fromkeys(shown, "daily")
    client.post("/inbox/preferences", data={"all": "at_once"})
    assert queries.rhythms_of(person.id) == {}


def test_the_inbox_needs_a_constant_number_of_queries(client, db, item, post, at, count_queries):
    person, _message = item
    sign_in(client, person)
    client.get("/inbox")
    with count_queries() as few:
        client.get("/inbox")
    for version in range(2, 32):
        post([person], at=at, channels=("inapp",), version=version)
    services.drain(at=at)
    with count_queries() as many:
        client.get("/inbox")
    assert len(few) == len(many)
