import pytest
from sqlalchemy import select

from compapp.accounts import queries
from compapp.accounts.models import Consent
from compapp.accounts.policy import clean_phone
from compapp.app.accounts import refuse_made_up_people
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.settings import SettingsFault
from tests.accounts.builders import make_person, sign_in

PAGES = ["/account", "/account/password", "/account/sessions", "/account/consents", "/account/data", "/home"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_page_opens_for_its_owner_and_leads_a_visitor_to_sign_in(client, path, locale):
    assert client.get(path).status_code == 303
    sign_in(client, make_person(locale=locale))
    page = client.get(path)
    assert page.status_code == 200
    assert f'lang="{locale}"' in page.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/forgotten-password", "/mail-sent"])
def test_pages_for_visitors_open(client, path):
    assert client.get(path).status_code == 200


def test_the_profile_is_changed(client, db):
    person = make_person()
    sign_in(client, person)
    data = {"name": "  Lâm   Hoài  Thảo Vy ", "phone": "0912.345 678", "locale": "en"}
    assert client.post("/account", data=data).status_code == 303
    row = queries.person(person.id)
    assert (row.name, row.phone, row.locale) == ("Lâm Hoài Thảo Vy", "+84912345678", "en")
    assert row.name_fold == "lam hoai thao vy"


def test_a_bad_phone_number_is_explained_and_nothing_is_lost(client, db):
    person = make_person()
    sign_in(client, person)
    answer = client.post("/account", data={"name": "Tên Khác", "phone": "abc", "locale": "vi"})
    assert answer.status_code == 422
    assert "Tên Khác" in answer.get_data(as_text=True)
    assert queries.person(person.id).name == "Lâm Hoài Thảo"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0912 345 678", "+84912345678"), ("+84 912-345-678", "+84912345678"), ("12", None), ("số", None)],
)
def test_phone_numbers_are_kept_in_one_form(typed, kept):
    assert clean_phone(typed) == kept


def test_a_consent_is_given_once_withdrawn_and_given_again(client, db):
    person = make_person()
    sign_in(client, person)
    for answer in ("give", "give", "withdraw", "withdraw", "give"):
        assert client.post("/account/consents/news", data={"answer": answer}).status_code == 303
    rows = db.scalars(select(Consent).order_by(Consent.id)).all()
    assert [row.withdrawn_at is None for row in rows] == [False, True]
    assert {(row.purpose, row.locale, row.given_by) for row in rows} == {("news", "vi", person.name)}
    assert client.post("/account/consents/unknown", data={"answer": "give"}).status_code == 422


def test_my_data_show_what_is_kept_and_can_be_taken_along(client, db):
    person = make_person(phone="+84912345678")
    sign_in(client, person)
    assert "+84912345678" in client.get("/account/data").get_data(as_text=True)
    copy = client.post("/account/data")
    assert copy.mimetype == "application/json"
    assert "attachment" in copy.headers["Content-Disposition"]
    assert "password" not in copy.get_data(as_text=True).lower()
    assert "accounts.person.data_exported" in db.scalars(select(AuditRow.verb)).all()


def test_production_does_not_start_with_made_up_people(app, db):
    person = make_person(demonstration=True)
    with pytest.raises(SettingsFault, match="demonstration"):
        refuse_made_up_people()
    with unit_of_work():
        queries.person(person.id).active = False
    refuse_made_up_people()
