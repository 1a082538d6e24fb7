import pytest
from sqlalchemy import select

from compapp.core.messages import kinds
from compapp.notifications import queries, services
from compapp.notifications.models import InboxItem
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


def test_preferences_are_kept_and_account_safety_cannot_be_switched_off(client, db):
    person = make_person()
    sign_in(client, person)
    assert client.get("/inbox/preferences").status_code == 200
    optional = [name for name, one in kinds().items() if not one.required]
    client.post("/inbox/preferences", data={"email": [name for name in optional if name != "role_granted"]})
    assert queries.unwanted_kinds(person.id) == {"role_granted"}
    client.post("/inbox/preferences", data={"email": optional})
    assert queries.unwanted_kinds(person.id) == frozenset()


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
