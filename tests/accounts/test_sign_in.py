import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from compapp.accounts import passwords, queries, services
from compapp.accounts.models import SignInSession
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from tests.accounts.builders import PASSWORD, actor, give, make_organisation, make_person, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


def test_signing_in_opens_the_home_page(client):
    sign_in(client, make_person())
    page = client.get("/home")
    assert page.status_code == 200
    assert "Lâm Hoài Thảo" in page.get_data(as_text=True)


def test_the_address_is_compared_without_case_and_spaces(client):
    make_person(email="thao@truong.vn")
    answer = client.post("/sign-in", data={"email": " Thao@Truong.VN ", "password": PASSWORD})
    assert answer.status_code == 303


def test_unknown_address_and_wrong_password_get_the_same_answer(client):
    person = make_person()
    known = client.post("/sign-in", data={"email": person.email, "password": "sai mật khẩu"})
    unknown = client.post("/sign-in", data={"email": "khong-co@truong.vn", "password": "sai mật khẩu"})
    assert known.status_code == unknown.status_code == 422

    def bare(answer, email):
        text = answer.get_data(as_text=True).replace(email, "")
        return re.sub(r'value="[^"]*"|content="[^"]*"', "", text)

    assert bare(known, person.email) == bare(unknown, "khong-co@truong.vn")


def test_an_unknown_address_is_hashed_too(client, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "matches", lambda stored, password: asked.append(stored) or False)
    client.post("/sign-in", data={"email": "khong-co@truong.vn", "password": "x"})
    assert asked == [None]


def test_the_decoy_takes_an_honest_hash():
    assert passwords.matches(None, "a password that nobody has") is False


def test_a_closed_account_cannot_sign_in(client, db, at):
    person = make_person()
    person = queries.person(person.id)
    with unit_of_work():
        person.active = False
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 422


def test_an_old_hash_is_replaced(client, db):
    person = make_person()
    with unit_of_work():
        row = queries.person(person.id)
        row.password_hash = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    sign_in(client, person)
    assert not passwords.needs_rehash(queries.person(person.id).password_hash)


def test_ten_tries_for_one_account_then_patience_even_with_the_right_password(client, app):
    person = make_person()
    for number in range(10):
        answer = client.post(
            "/sign-in",
            data={"email": person.email, "password": "sai"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        assert answer.status_code == 422
    answer = client.post(
        "/sign-in",
        data={"email": person.email, "password": PASSWORD, "kept.title": "Chữ đã gõ"},
        environ_overrides={"REMOTE_ADDR": "10.0.1.1"},
    )
    assert answer.status_code == 429
    page = answer.get_data(as_text=True)
    assert "Chữ đã gõ" in page


def test_ten_tries_from_one_place_then_patience(client):
    for number in range(10):
        assert client.post("/sign-in", data={"email": f"a{number}@b.vn", "password": "x"}).status_code == 422
    assert client.post("/sign-in", data={"email": "other@b.vn", "password": "x"}).status_code == 429


def test_a_forwarded_address_is_not_believed(client):
    for number in range(10):
        client.post(
            "/sign-in",
            data={"email": f"a{number}@b.vn", "password": "x"},
            headers={"X-Forwarded-For": f"1.1.1.{number}"},
        )
    answer = client.post("/sign-in", data={"email": "z@b.vn", "password": "x"}, headers={"X-Forwarded-For": "9.9.9.9"})
    assert answer.status_code == 429


def test_success_gives_the_account_its_tries_back(client, app):
    person = make_person()
    for number in range(12):
        client.post(
            "/sign-in",
            data={"email": person.email, "password": "sai"},
            environ_overrides={"REMOTE_ADDR": f"10.1.0.{number}"},
        ) if number % 6 else sign_in(client, person)
    sign_in(client, person)


def test_only_a_hash_of_the_token_is_stored_and_it_changes_at_sign_in(client, db):
    person = make_person()
    sign_in(client, person)
    with client.session_transaction() as cookie:
        first = cookie["token"]
    sign_in(client, person)
    with client.session_transaction() as cookie:
        second = cookie["token"]
    rows = db.scalars(select(SignInSession).order_by(SignInSession.id)).all()
    assert first != second
    assert [row.ended_at is None for row in rows] == [False, True]
    assert not any(token in (row.token_hash, row.browser) for row in rows for token in (first, second))


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(client, app):
    sign_in(client, make_person())
    with client.session_transaction() as cookie:
        token = cookie["token"]
    client.post("/sign-out")
    assert client.get("/home").status_code == 303
    with client.session_transaction() as cookie:
        cookie["token"] = token
    assert client.get("/home").status_code == 303


def test_a_session_ends_after_thirty_days(client, clock_at, at):
    clock_at(at)
    sign_in(client, make_person())
    clock_at.advance(days=29)
    assert client.get("/home").status_code == 200
    clock_at.advance(days=2)
    assert client.get("/home").status_code == 303


def test_a_session_is_marked_as_seen_every_ten_minutes_at_most(client, clock_at, at, db):
    clock_at(at)
    sign_in(client, make_person())
    clock_at.advance(minutes=9)
    client.get("/home")
    assert db.scalars(select(SignInSession.seen_at)).one() == at
    later = clock_at.advance(minutes=2)
    client.get("/home")
    assert db.scalars(select(SignInSession.seen_at)).one() == later


def test_sessions_are_listed_and_ended_from_the_next_request_on(app, client):
    person = make_person()
    other = app.test_client()
    sign_in(other, person)
    sign_in(client, person)
    page = client.get("/account/sessions", headers={"User-Agent": CHROME}).get_data(as_text=True)
    found = re.findall(r"/account/sessions/(\d+)/end", page)
    assert len(found) == 1
    assert client.post(f"/account/sessions/{found[0]}/end").status_code == 303
    assert other.get("/home").status_code == 303
    assert client.get("/home").status_code == 200


def test_all_other_sessions_end_at_once(app, client):
    person = make_person()
    others = [app.test_client(), app.test_client()]
    for other in others:
        sign_in(other, person)
    sign_in(client, person)
    assert client.post("/account/other-sessions/end").status_code == 303
    assert [other.get("/home").status_code for other in others] == [303, 303]
    assert client.get("/home").status_code == 200


def test_nobody_ends_a_strangers_session(app, client, db):
    owner, stranger = make_person(), make_person("Kẻ Lạ")
    theirs = app.test_client()
    sign_in(theirs, owner)
    sign_in(client, stranger)
    row = db.scalars(select(SignInSession).where(SignInSession.person_id == owner.id)).one()
    assert client.post(f"/account/sessions/{row.id}/end").status_code == 404
    assert theirs.get("/home").status_code == 200


def test_a_new_device_is_told_once_and_never_for_the_first(app, client, db):
    person = make_person()
    sign_in(client, person)
    kinds = select(OutboxMessage.kind).where(OutboxMessage.kind == "new_device")
    assert db.scalars(kinds).all() == []
    other = app.test_client()
    other.post("/sign-in", data={"email": person.email, "password": PASSWORD}, headers={"User-Agent": CHROME})
    db.rollback()
    assert len(db.scalars(kinds).all()) == 2  # inbox and e-mail
    other.post("/sign-in", data={"email": person.email, "password": PASSWORD}, headers={"User-Agent": CHROME})
    db.rollback()
    assert len(db.scalars(kinds).all()) == 2


def test_the_actor_is_loaded_in_one_query_however_many_roles(client, db, count_queries, clock_at, at):
    clock_at(at)
    person = make_person()
    sign_in(client, person)
    with client.session_transaction() as cookie:
        token = cookie["token"]

    def queries_needed():
        db.rollback()
        with count_queries() as seen:
            found = queries.actor_of(token)
        return len([one for one in seen if one.startswith("SELECT")]), found

    before, _actor = queries_needed()
    for number in range(30):
        give(person, "member", make_organisation(f"Câu lạc bộ {number}", "club"))
    after, found = queries_needed()
    assert before == after
    assert len(found.scopes("member", "organisation")) == 30


def test_a_role_taken_away_counts_from_the_next_request_on(client, db, at):
    person = give(make_person(), "admin")
    give(make_person("Quản trị khác"), "admin")
    sign_in(client, person)
    assert client.get("/people").status_code == 200
    held = queries.memberships_of(person.id)[0]
    with unit_of_work():
        services.revoke_role(held.id, actor=actor(person), at=at)
    assert client.get("/people").status_code == 403


def test_the_way_back_is_signed(client, app):
    person = make_person()
    answer = client.get("/account")
    assert answer.status_code == 303
    back = answer.headers["Location"]
    page = client.get(back).get_data(as_text=True)
    signed = re.findall(r'name="back" value="([^"]+)"', page)[-1]
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "back": signed})
    assert answer.headers["Location"] == "/account"


@pytest.mark.parametrize("back", ["//evil.vn", "https://evil.vn", "/\\evil.vn", "x.y.z", ""])
def test_a_forged_way_back_leads_home(client, back):
    answer = client.post("/sign-in", data={"email": make_person().email, "password": PASSWORD, "back": back})
    assert answer.headers["Location"] == "/home"


def test_the_language_of_a_person_is_kept_and_wins(client, db):
    person = make_person()
    sign_in(client, person)
    client.post("/language", data={"language": "en"})
    assert queries.person(person.id).locale == "en"
    assert 'lang="en"' in client.get("/home").get_data(as_text=True)
    client.set_cookie("language", "vi")
    assert 'lang="en"' in client.get("/home").get_data(as_text=True)


def test_private_pages_are_not_kept_by_caches(client):
    sign_in(client, make_person())
    assert client.get("/home").headers["Cache-Control"] == "private, no-store"


def test_old_sessions_do_not_pile_into_the_list(client, clock_at, at, db):
    clock_at(at)
    person = make_person()
    sign_in(client, person)
    session().rollback()
    clock_at(at + timedelta(days=40))
    sign_in(client, person)
    db.rollback()
    assert len(queries.sessions_of(person.id)) == 1
