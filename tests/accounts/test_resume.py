"""A session that ends while somebody writes: the text survives, whole, until it is sent (safety.md I16)."""

import html
import re

from sqlalchemy import update

from compapp.accounts import queries
from compapp.accounts.models import SignInSession
from compapp.core.db import session, unit_of_work
from tests.accounts.builders import PASSWORD, make_person

TYPED = "Đặc sản miền Tây & <b>sạch</b>\n\nDòng thứ hai “có dấu”"


def token_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def hidden_fields(page, action):
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)[0]
    pairs = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    return [(html.unescape(name), html.unescape(value)) for name, value in pairs]


def sign_in_checked(client, person):
    page = client.get("/sign-in").get_data(as_text=True)
    data = {"email": person.email, "password": PASSWORD, "csrf_token": token_of(page)}
    assert client.post("/sign-in", data=data).status_code == 303


def end_all_sessions():
    with unit_of_work():
        session().execute(update(SignInSession).values(ended_at=SignInSession.started_at))


def interrupted(client, person):
    """Open the profile, lose the session, send the form; return the page that answers."""
    sign_in_checked(client, person)
    page = client.get("/account").get_data(as_text=True)
    token = token_of(page)
    end_all_sessions()
    data = {"csrf_token": token, "name": "Tên Mới", "phone": "", "locale": "vi", "note": [TYPED, "hai"]}
    return client.post("/account", data=data)


def test_what_was_typed_is_sent_after_signing_in_again(csrf_client):
    person = make_person()
    answer = interrupted(csrf_client, person)
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    fields = hidden_fields(page, "/sign-in")
    assert ("kept.note", TYPED) in fields
    assert ("kept.note", "hai") in fields
    answer = post(csrf_client, "/sign-in", [*fields, ("email", person.email), ("password", PASSWORD)])
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "Dòng thứ hai" in page
    again = hidden_fields(page, "/account")
    assert [value for name, value in again if name == "note"] == [TYPED, "hai"]
    answer = post(csrf_client, "/account", again)
    assert answer.status_code == 303
    session().rollback()
    assert queries.person(person.id).name == "Tên Mới"


def post(client, path, pairs):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return client.post(path, data=data)


def test_a_wrong_password_in_between_loses_nothing(csrf_client):
    person = make_person()
    page = interrupted(csrf_client, person).get_data(as_text=True)
    fields = hidden_fields(page, "/sign-in")
    answer = post(csrf_client, "/sign-in", [*fields, ("email", person.email), ("password", "sai")])
    assert answer.status_code == 422
    fields = hidden_fields(answer.get_data(as_text=True), "/sign-in")
    answer = post(csrf_client, "/sign-in", [*fields, ("email", person.email), ("password", PASSWORD)])
    again = hidden_fields(answer.get_data(as_text=True), "/account")
    assert [value for name, value in again if name == "note"] == [TYPED, "hai"]


def test_a_stale_token_of_the_sign_in_form_itself_loses_nothing(csrf_client):
    person = make_person()
    page = interrupted(csrf_client, person).get_data(as_text=True)
    fields = [pair for pair in hidden_fields(page, "/sign-in") if pair[0] != "csrf_token"]
    answer = post(csrf_client, "/sign-in", [*fields, ("email", person.email), ("password", PASSWORD)])
    assert answer.status_code == 401
    fields = hidden_fields(answer.get_data(as_text=True), "/sign-in")
    answer = post(csrf_client, "/sign-in", [*fields, ("email", person.email), ("password", PASSWORD)])
    again = hidden_fields(answer.get_data(as_text=True), "/account")
    assert [value for name, value in again if name == "note"] == [TYPED, "hai"]


def test_a_password_is_never_among_what_is_kept(csrf_client):
    person = make_person()
    sign_in_checked(csrf_client, person)
    token = token_of(csrf_client.get("/account/password").get_data(as_text=True))
    end_all_sessions()
    data = {"csrf_token": token, "present": PASSWORD, "password": "một mật khẩu khác"}
    answer = csrf_client.post("/account/password", data=data)
    assert answer.status_code == 401
    assert "một mật khẩu khác" not in answer.get_data(as_text=True)


def test_a_button_without_fields_can_be_pressed_again(csrf_client):
    person = make_person()
    sign_in_checked(csrf_client, person)
    token = token_of(csrf_client.get("/account/sessions").get_data(as_text=True))
    end_all_sessions()
    answer = csrf_client.post("/account/other-sessions/end", data={"csrf_token": token})
    fields = hidden_fields(answer.get_data(as_text=True), "/sign-in")
    answer = post(csrf_client, "/sign-in", [*fields, ("email", person.email), ("password", PASSWORD)])
    assert answer.status_code == 200
    again = hidden_fields(answer.get_data(as_text=True), "/account/other-sessions/end")
    assert post(csrf_client, "/account/other-sessions/end", again).status_code == 303
