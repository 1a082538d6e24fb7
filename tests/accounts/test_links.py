import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from compapp.accounts import passwords, queries, services
from compapp.accounts.models import Guardian, Membership, Person
from compapp.core.db import session_scope, unit_of_work
from compapp.core.errors import Closed, Refused
from compapp.core.links import Link
from compapp.core.outbox import OutboxMessage
from tests.accounts.builders import PASSWORD, actor, give, make_organisation, make_person, sign_in

FORM = {"name": "Nguyễn Ngọc Ân", "email": "an@truong.vn", "birth_year": "2005", "agreed": "y"}
CHOSEN = {"password": PASSWORD}


def secret_path(db, kind):
    db.rollback()
    found = db.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc())
    ).first()
    return found.data["secret_path"]


def test_a_student_signs_up_confirms_and_is_in(client, db):
    assert client.post("/sign-up", data=FORM).status_code == 303
    assert queries.person_by_email("an@truong.vn") is None
    path = secret_path(db, "confirm_address")
    assert client.get(path).status_code == 200
    assert client.post(path, data=CHOSEN).status_code == 303
    assert "Nguyễn Ngọc Ân" in client.get("/home").get_data(as_text=True)
    person = queries.person_by_email("an@truong.vn")
    assert [one.purpose for one in queries.consents_of(person.id)] == ["run_contest"]
    sign_in(client, person)


def test_a_link_used_twice_says_so(client, db):
    client.post("/sign-up", data=FORM)
    path = secret_path(db, "confirm_address")
    client.post(path, data=CHOSEN)
    answer = client.post(path, data=CHOSEN)
    assert answer.status_code == 409


def test_what_the_link_kept_is_gone_once_it_was_used(client, db):
    client.post("/sign-up", data=FORM)
    client.post(secret_path(db, "confirm_address"), data=CHOSEN)
    db.rollback()
    assert db.scalars(select(Link)).one().data == {}


def test_signing_up_twice_shows_the_same_page_and_writes_to_the_owner(client, db):
    person = make_person(email="an@truong.vn")
    answer = client.post("/sign-up", data=FORM)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/mail-sent"
    assert db.scalars(select(OutboxMessage.kind)).all() == ["account_exists"]
    assert db.scalars(select(Person.id)).all() == [person.id]


def test_a_mailbox_cannot_be_flooded(client, db):
    make_person(email="an@truong.vn")
    for _ in range(8):
        assert client.post("/forgotten-password", data={"email": "an@truong.vn"}).status_code == 303
    assert len(db.scalars(select(OutboxMessage.id)).all()) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "không phải địa chỉ"),
        ("email", "a@b\r\nBcc: c@d.vn"),
        ("name", "   "),
        ("birth_year", ""),
        ("birth_year", "hai nghìn"),
        ("birth_year", "1850"),
        ("birth_year", "2999"),
        ("birth_year", "2012"),
        ("birth_year", "2010"),
        ("agreed", ""),
    ],
)
def test_a_bad_sign_up_is_explained(client, db, field, value, clock_at, at):
    clock_at(at)
    answer = client.post("/sign-up", data=FORM | {field: value})
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True) or "error-summary" in answer.get_data(as_text=True)
    assert db.scalars(select(Link.id)).all() == []


@pytest.mark.parametrize(
    "password", ["", "ngắn", "1234567890", "an@truong.vn", "Nguyễn Ngọc Ân", "aaaaaaaaaaaa", "x" * 201]
)
def test_a_bad_password_is_explained_and_the_link_still_works(client, db, password):
    client.post("/sign-up", data=FORM)
    path = secret_path(db, "confirm_address")
    answer = client.post(path, data={"password": password})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.get_data(as_text=True)
    assert client.post(path, data=CHOSEN).status_code == 303


def test_a_stranger_cannot_choose_the_password_of_my_address(client, db):
    """Whoever fills in the sign-up form knows no password of the account that its owner then opens."""
    client.post("/sign-up", data=FORM | {"password": "mật khẩu của kẻ lạ"})
    client.post(secret_path(db, "confirm_address"), data=CHOSEN)
    client.post("/sign-out")
    person = queries.person_by_email("an@truong.vn")
    assert not passwords.matches(person.password_hash, "mật khẩu của kẻ lạ")
    assert passwords.matches(person.password_hash, PASSWORD)


def test_a_new_password_ends_sessions_and_other_links(app, client, db):
    person = make_person()
    elsewhere = app.test_client()
    sign_in(elsewhere, person)
    client.post("/forgotten-password", data={"email": person.email})
    first = secret_path(db, "password_reset")
    client.post("/forgotten-password", data={"email": person.email})
    second = secret_path(db, "password_reset")
    assert client.get(first).status_code == 409
    assert client.post(second, data={"password": "mật khẩu hoàn toàn mới"}).status_code == 303
    assert client.get("/home").status_code == 200
    assert elsewhere.get("/home").status_code == 303
    assert client.post(second, data={"password": "thêm một lần nữa nhé"}).status_code == 409
    assert passwords.matches(queries.person(person.id).password_hash, "mật khẩu hoàn toàn mới")


def test_a_reset_link_dies_with_the_password_it_was_asked_for(client, db, at):
    person = make_person()
    client.post("/forgotten-password", data={"email": person.email})
    path = secret_path(db, "password_reset")
    with unit_of_work():
        queries.person(person.id).password_hash = passwords.hash_password("đổi ở nơi khác rồi")
    assert client.post(path, data={"password": "mật khẩu hoàn toàn mới"}).status_code == 409


def test_a_link_expires(client, db, clock_at, at):
    clock_at(at)
    person = make_person()
    client.post("/forgotten-password", data={"email": person.email})
    path = secret_path(db, "password_reset")
    clock_at(at + timedelta(hours=49))
    assert client.get(path).status_code == 409


def test_no_answer_tells_whether_an_address_is_known(client, db):
    answers = [client.post("/forgotten-password", data={"email": email}) for email in ("a@b.vn", make_person().email)]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(303, "/mail-sent")}


def test_changing_ones_password_keeps_this_session_and_ends_the_others(app, client, db):
    person = make_person()
    other = app.test_client()
    sign_in(other, person)
    sign_in(client, person)
    wrong = client.post("/account/password", data={"present": "sai", "password": "mật khẩu hoàn toàn mới"})
    assert wrong.status_code == 422
    right = client.post("/account/password", data={"present": PASSWORD, "password": "mật khẩu hoàn toàn mới"})
    assert right.status_code == 303
    assert client.get("/home").status_code == 200
    assert other.get("/home").status_code == 303


def test_an_invited_person_takes_up_the_invitation(client, db, at):
    admin = give(make_person("Quản trị"), "admin")
    organisation = make_organisation()
    sign_in(client, admin)
    data = {"email": "co@truong.vn", "name": "Trần Thị Cô", "role": "advisor"}
    assert client.post(f"/organisations/{organisation.id}", data=data).status_code == 303
    path = secret_path(db, "invitation")
    client.post("/sign-out")
    page = client.get(path).get_data(as_text=True)
    assert "Trần Thị Cô" in page
    accepted = {"name": "Trần Thị Cô Ba", "password": PASSWORD, "locale": "en"}
    assert client.post(path, data=accepted).status_code == 303
    person = queries.person_by_email("co@truong.vn")
    assert (person.name, person.locale) == ("Trần Thị Cô Ba", "en")
    assert actor(person).has("advisor", "organisation", organisation.id)
    again = client.post(path, data=accepted)
    assert again.status_code == 409
    assert "used already" in again.get_data(as_text=True) or "đã được dùng" in again.get_data(as_text=True)


def test_who_leads_an_organisation_learns_nothing_of_a_person_before_they_accept(app, client, db, at, clock_at):
    clock_at(at)
    school, other = make_organisation(), give(make_person("Người Lạ"), "member")
    leader = give(make_person("Người Đại Diện"), "representative", school)
    known = make_person("Nguyễn Thị Bí Mật")
    sign_in(client, leader)
    page = f"/organisations/{school.id}"
    asked = {"name": "Cô ở phòng Đào tạo", "role": "representative"}
    for email in (known.email, "moi@truong.vn"):
        assert client.post(page, data={**asked, "email": email}).status_code == 303
        assert client.post(page, data={**asked, "email": email}).status_code == 422, "once a day"
    shown = client.get(page).get_data(as_text=True)
    assert ("Bí Mật" in shown, shown.count("Cô ở phòng Đào tạo"), known.email in shown) == (False, 2, True)
    assert actor(known).grants == frozenset()
    kinds = db.execute(select(OutboxMessage.kind, OutboxMessage.person_id).order_by(OutboxMessage.id)).all()
    assert {kind for kind, _person in kinds} == {"organisation_invitation"}
    found = {one.email: one for one in queries.open_invitations(school.id)}
    invitation = f"/organisation-invitations/{found[known.email].id}"
    assert client.get(invitation).status_code == client.post(invitation, data={"word": "accept"}).status_code == 404
    with pytest.raises(Refused), unit_of_work():
        services.invite_member("x@truong.vn", "X", "member", school.id, actor=actor(leader), at=at)
    with pytest.raises(Refused), unit_of_work():
        services.ask_into(school, "x@truong.vn", "X", "manager", actor=actor(leader), at=at)
    with pytest.raises(Refused), unit_of_work():
        services.take_back(found[known.email], actor=actor(other), at=at)
    change = f"{page}/invitations/{found['moi@truong.vn'].id}"
    assert client.post(change, data={"word": "withdraw"}).status_code == 303
    assert "moi@truong.vn" not in client.get(page).get_data(as_text=True)
    visitor = app.test_client()
    assert "/sign-in" in visitor.get(invitation).headers["Location"]
    sign_in(visitor, known)
    assert "Người Đại Diện" in visitor.get(invitation).get_data(as_text=True)
    clock_at(at + timedelta(days=15))
    assert visitor.post(invitation, data={"word": "accept"}).headers["Location"].endswith(invitation), "too late"
    assert actor(known).grants == frozenset()
    clock_at(at)
    assert visitor.post(invitation, data={"word": "accept"}).status_code == 303
    assert visitor.post(invitation, data={"word": "accept"}).headers["Location"].endswith(invitation), "once"
    assert visitor.get(invitation).status_code == 200
    db.expire_all()
    assert actor(known).has("representative", "organisation", school.id)
    assert "Bí Mật" in client.get(page).get_data(as_text=True)


def test_one_of_twenty_takes_up_an_invitation(db, at):
    admin = give(make_person("Quản trị"), "admin")
    with unit_of_work():
        services.invite_person("moi@truong.vn", "Người Mới", actor=actor(admin), at=at)
    token = secret_path(db, "invitation").rsplit("/", 1)[1]
    barrier, outcomes = Barrier(20), []

    def accept():
        with session_scope():
            barrier.wait()
            try:
                with unit_of_work():
                    services.accept_invitation(token, name="Người Mới", password_hash="x", locale="vi", at=at)
                outcomes.append("taken")
            except Closed:
                outcomes.append("closed")

    threads = [Thread(target=accept) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["closed"] * 19 + ["taken"]


def test_inviting_somebody_with_an_account_only_tells_them(db, at):
    admin, known = give(make_person("Quản trị"), "admin"), make_person()
    with unit_of_work():
        services.invite_person(known.email, "X", purpose={"vi": "giám khảo", "en": "judge"}, actor=actor(admin), at=at)
    assert set(db.scalars(select(OutboxMessage.kind))) == {"role_granted"}


def test_an_invitation_is_withdrawn_by_a_newer_one(db, at, client, clock_at):
    clock_at(at + timedelta(hours=2))
    admin = give(make_person("Quản trị"), "admin")
    paths = []
    for hours in (0, 1):
        with unit_of_work():
            services.invite_person("moi@truong.vn", "Người Mới", actor=actor(admin), at=at + timedelta(hours=hours))
        paths.append(secret_path(db, "invitation"))
    assert [client.get(path).status_code for path in paths] == [409, 200]


def test_signing_up_with_an_invited_address_keeps_one_person(client, db, at):
    admin = give(make_person("Quản trị"), "admin")
    with unit_of_work():
        services.invite_person("an@truong.vn", "Ân", actor=actor(admin), at=at)
    client.post("/sign-up", data=FORM)
    client.post(secret_path(db, "confirm_address"), data=CHOSEN)
    assert len(db.scalars(select(Person.id).where(Person.email == "an@truong.vn")).all()) == 1
    assert client.get(secret_path(db, "invitation")).status_code == 409


def test_an_administrator_is_made_from_the_command_line(db, at):
    from compapp.core.actor import Actor

    for _ in range(2):
        with unit_of_work():
            services.create_admin("admin@so.vn", "Quản trị", "x", actor=Actor.system("cli"), at=at)
    assert len(db.scalars(select(Membership.id)).all()) == 1
    assert actor(queries.person_by_email("admin@so.vn")).has("admin", "platform")


def test_a_guardian_agrees_before_the_account_of_a_child_opens(client, db, clock_at, at):
    clock_at(at)
    child = FORM | {"birth_year": "2012", "guardian_name": "Nguyễn Văn Cha", "guardian_email": "cha@nha.vn"}
    assert client.post("/sign-up", data=child | {"guardian_email": "an@truong.vn"}).status_code == 422
    assert client.post("/sign-up", data=child).status_code == 303
    path = secret_path(db, "guardian_account")
    assert db.scalars(select(OutboxMessage.address)).all() == ["cha@nha.vn"]
    assert "Nguyễn Ngọc Ân" in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"answer": "?"}).status_code == 200
    assert client.post(path, data={"answer": "agree"}).status_code == 200
    assert client.post(path, data={"answer": "agree"}).status_code == 409
    assert queries.person_by_email("an@truong.vn") is None
    assert client.post(secret_path(db, "confirm_address"), data=CHOSEN).status_code == 303
    person = queries.person_by_email("an@truong.vn")
    guardian = db.scalars(select(Guardian)).one()
    assert (guardian.person_id, guardian.name, guardian.email) == (person.id, "Nguyễn Văn Cha", "cha@nha.vn")
    assert (person.birth_year, [one.given_by for one in queries.consents_of(person.id)]) == (2012, ["Nguyễn Văn Cha"])


def test_without_the_guardian_there_is_no_account(client, db, clock_at, at):
    clock_at(at)
    child = FORM | {"birth_year": "2012", "guardian_name": "Nguyễn Văn Cha", "guardian_email": "cha@nha.vn"}
    client.post("/sign-up", data=child)
    client.post(secret_path(db, "guardian_account"), data={"answer": "refuse"})
    kinds = db.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["guardian_account", "guardian_account_refused"]
    assert db.scalars(select(Person.id)).all() == []


def test_who_turned_16_this_year_needs_no_guardian(client, db, clock_at, at):
    clock_at(at)
    assert client.post("/sign-up", data=FORM | {"birth_year": "2010", "has_turned": "y"}).status_code == 303
    client.post(secret_path(db, "confirm_address"), data=CHOSEN)
    assert queries.person_by_email("an@truong.vn").birth_year == 2010


def test_tokens_are_not_stored_in_clear(client, db):
    client.post("/sign-up", data=FORM)
    token = secret_path(db, "confirm_address").rsplit("/", 1)[1]
    assert re.fullmatch(r"[0-9a-f]{64}", db.scalars(select(Link.token_hash)).one())
    assert token not in db.scalars(select(Link.token_hash)).one()


def test_one_person_invites_only_so_many_in_a_day(client, db, at, clock_at, monkeypatch):
    monkeypatch.setattr("compapp.accounts.services.invitations.MOST_A_DAY", 2)
    clock_at(at)
    organisation = make_organisation()
    leader = give(make_person("Người Đại Diện"), "representative", organisation)
    sign_in(client, leader)

    def invite(number, by=client):
        data = {"email": f"moi{number}@truong.vn", "name": "Người Mới", "role": "member"}
        return by.post(f"/organisations/{organisation.id}", data=data)

    assert [invite(number).status_code for number in range(3)] == [303, 303, 422]
    assert "moi2@truong.vn" in invite(2).get_data(as_text=True)
    sent = select(OutboxMessage.id).where(OutboxMessage.kind == "organisation_invitation")
    assert len(db.scalars(sent).all()) == 2
    clock_at.advance(hours=25)
    assert invite(3).status_code == 303
    admin = give(make_person("Quản trị"), "admin")
    with unit_of_work():
        for number in range(4, 9):
            services.invite_person(f"moi{number}@truong.vn", "Người Mới", actor=actor(admin), at=at)
