"""Another e-mail address: it counts once its mailbox has confirmed it, and the old mailbox is told."""

import pytest
from sqlalchemy import select

from compapp.accounts import queries, services
from compapp.accounts.models import Person
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Refused
from compapp.core.outbox import OutboxMessage
from tests.accounts.builders import PASSWORD, actor, make_person, sign_in

FORM = {"email": " An@Moi.vn", "use": "main", "present": PASSWORD}


def posted(db, kind):
    db.rollback()
    return db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)).all()


def mailed_path(db):
    return posted(db, "confirm_new_address")[-1].data["secret_path"]


def test_the_address_changes_with_the_link_and_the_old_mailbox_is_told(client, db):
    person = make_person(email="an@truong.vn")
    sign_in(client, person)
    client.post("/forgotten-password", data={"email": "an@truong.vn"})
    reset = posted(db, "password_reset")[-1].data["secret_path"]
    assert client.post("/account/addresses", data=FORM).status_code == 303
    assert queries.person(person.id).email == "an@truong.vn"
    path = mailed_path(db)
    assert "an@moi.vn" in client.get(path).get_data(as_text=True)
    assert queries.person_by_email("an@moi.vn") is None
    assert client.post(path).status_code == 303
    told = {(one.person_id, one.address, one.channel) for one in posted(db, "address_changed")}
    assert told == {(person.id, None, "inapp"), (person.id, None, "email"), (None, "an@truong.vn", "email")}
    assert client.get(reset).status_code == 409
    assert client.post(path).status_code == 409
    client.post("/sign-out")
    assert client.post("/sign-in", data={"email": "an@truong.vn", "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"email": "an@moi.vn", "password": PASSWORD}).status_code == 303


def test_a_second_address_signs_in_and_may_become_the_first(client, db):
    person = make_person(email="an@truong.vn")
    sign_in(client, person)
    client.post("/account/addresses", data=FORM | {"use": "second"})
    client.post(mailed_path(db))
    assert queries.person_by_email("an@moi.vn").id == person.id
    client.post("/sign-out")
    assert client.post("/sign-in", data={"email": "an@moi.vn", "password": PASSWORD}).status_code == 303
    assert client.post("/account/addresses/exchange").status_code == 303
    db.rollback()
    assert (queries.person(person.id).email, queries.person(person.id).second_email) == ("an@moi.vn", "an@truong.vn")
    assert client.post("/account/addresses/second/removal").status_code == 303
    db.rollback()
    assert queries.person(person.id).second_email is None
    assert client.post("/account/addresses/exchange").status_code == 409


@pytest.mark.parametrize(("change", "field"), [({"present": "sai"}, "present"), ({"email": "an@truong.vn"}, "email")])
def test_a_bad_request_for_an_address_is_explained(client, db, change, field):
    sign_in(client, make_person(email="an@truong.vn"))
    answer = client.post("/account/addresses", data=FORM | change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_somebody_elses_address_is_not_taken_and_not_told(client, db):
    other = make_person(email="an@moi.vn")
    person = make_person(email="an@truong.vn")
    sign_in(client, person)
    assert client.post("/account/addresses", data=FORM).headers["Location"] == "/account/addresses"
    assert posted(db, "confirm_new_address") == []
    assert [one.person_id for one in posted(db, "account_exists")] == [other.id]


def test_an_address_that_was_taken_meanwhile_stays_its_owners(db, at):
    person = make_person(email="an@truong.vn")
    with unit_of_work():
        services.ask_for_address(person, "an@moi.vn", "second", actor=actor(person), at=at)
    token = mailed_path(db).rsplit("/", 1)[1]
    owner = make_person(email="an@moi.vn")
    with pytest.raises(Closed), unit_of_work():
        services.confirm_address(token, at=at)
    assert queries.person_by_email("an@moi.vn").id == owner.id
    with pytest.raises(Refused), unit_of_work():
        services.ask_for_address(db.get_one(Person, owner.id), "x@y.vn", "main", actor=actor(person), at=at)
