"""The administrator's pages, organisations, roles: who may, and who may not."""

import pytest
from sqlalchemy import select

from compapp.accounts import queries, services
from compapp.accounts.models import Membership, Organisation
from compapp.accounts.policy import may_grant
from compapp.core import audit
from compapp.core.actor import Actor, Grant
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Refused
from compapp.core.outbox import OutboxMessage
from tests.accounts.builders import SYSTEM, actor, give, make_organisation, make_person, sign_in


def pages(person_id, organisation_id):
    return [
        ("GET", "/people"),
        ("POST", "/people"),
        ("GET", f"/people/{person_id}"),
        ("POST", f"/people/{person_id}/roles"),
        ("POST", f"/people/{person_id}/roles/1/revoke"),
        ("POST", f"/people/{person_id}/state"),
        ("GET", "/organisations"),
        ("GET", "/organisations/new"),
        ("POST", "/organisations/new"),
        ("GET", f"/organisations/{organisation_id}"),
        ("POST", f"/organisations/{organisation_id}"),
        ("POST", f"/organisations/{organisation_id}/roles/1/revoke"),
        ("POST", f"/organisations/{organisation_id}/superior"),
    ]


@pytest.mark.parametrize("role", ["officer", "student", "manager elsewhere"])
def test_only_administrators_open_the_administrators_pages(client, db, role):
    person, organisation = make_person(), make_organisation()
    if role == "officer":
        give(person, "officer")
    if role == "manager elsewhere":
        give(person, "manager", make_organisation("Câu lạc bộ khác", "club"))
    sign_in(client, person)
    for method, path in pages(person.id, organisation.id):
        assert client.open(path, method=method).status_code == 403, (method, path)
    assert db.scalars(select(Organisation.id).where(Organisation.kind == "new")).all() == []


def test_a_visitor_is_led_to_sign_in(client):
    for method, path in pages(1, 1):
        expected = 303 if method == "GET" else 401
        assert client.open(path, method=method).status_code == expected, (method, path)


def test_an_administrator_opens_them(client):
    admin = give(make_person("Quản trị"), "admin")
    organisation = make_organisation()
    sign_in(client, admin)
    for method, path in pages(admin.id, organisation.id):
        if method == "GET":
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/people/999", "/organisations/999", "/people/99999999999999999999"])
def test_what_does_not_exist_is_not_found(client, path):
    sign_in(client, give(make_person("Quản trị"), "admin"))
    assert client.get(path).status_code == 404


def test_people_are_found_without_diacritics_exact_ones_first(client, db):
    admin = give(make_person("Quản trị"), "admin")
    for name in ("Lê Thị Mặn", "Lê Thị Mận", "Trần Đức Ân"):
        make_person(name)
    page, _roles = queries.people_page("mận", 1)
    assert [one.name for one in page.rows] == ["Lê Thị Mận", "Lê Thị Mặn"]
    page, _roles = queries.people_page("duc an", 1)
    assert [one.name for one in page.rows] == ["Trần Đức Ân"]
    sign_in(client, admin)
    assert "Trần Đức Ân" in client.get("/people?search=DUC").get_data(as_text=True)
    assert client.get("/people?search=%25").status_code == 200


def test_people_stand_in_the_order_of_given_names(db):
    for name in ("Trần Uyên", "Lê Ánh", "Ngô Đức", "Bùi An"):
        make_person(name)
    page, _roles = queries.people_page("", 1)
    assert [one.name for one in page.rows] == ["Bùi An", "Lê Ánh", "Ngô Đức", "Trần Uyên"]


@pytest.mark.parametrize("path", ["/people", "/organisations", "/organisations/{id}"])
def test_lists_need_a_constant_number_of_queries(client, count_queries, path):
    admin = give(make_person("Quản trị"), "admin")
    organisation = make_organisation()
    give(make_person("Người 0"), "member", organisation)
    sign_in(client, admin)
    path = path.format(id=organisation.id)
    client.get(path)
    with count_queries() as few:
        client.get(path)
    for number in range(1, 30):
        give(make_person(f"Người {number}"), "member", organisation)
        make_organisation(f"Đơn vị {number}")
    with count_queries() as many:
        client.get(path)
    assert len(few) == len(many)


def test_closing_an_account_ends_its_sessions_at_once(app, client, db):
    admin, person = give(make_person("Quản trị"), "admin"), make_person()
    theirs = app.test_client()
    sign_in(theirs, person)
    sign_in(client, admin)
    assert client.post(f"/people/{person.id}/state", data={"state": "closed"}).status_code == 303
    assert theirs.get("/home").status_code == 303
    client.post(f"/people/{person.id}/state", data={"state": "active"})
    sign_in(theirs, person)


def test_nobody_closes_their_own_account_by_mistake(client):
    admin = give(make_person("Quản trị"), "admin")
    sign_in(client, admin)
    assert client.post(f"/people/{admin.id}/state", data={"state": "closed"}).status_code == 403


def test_the_last_administrator_stays(client, db):
    admin = give(make_person("Quản trị"), "admin")
    sign_in(client, admin)
    held = queries.memberships_of(admin.id)[0]
    assert client.post(f"/people/{admin.id}/roles/{held.id}/revoke").status_code == 409


def test_who_leads_an_organisation_invites_up_to_their_own_rights(client, db):
    organisation = make_organisation()
    leader = give(make_person("Trưởng Khoa"), "organiser", organisation)
    sign_in(client, leader)
    data = {"email": "moi@truong.vn", "name": "Người Mới", "role": "organiser"}
    assert client.post(f"/organisations/{organisation.id}", data=data).status_code == 303
    refused = client.post(f"/organisations/{organisation.id}", data=data | {"role": "representative"})
    assert refused.status_code == 422
    assert set(db.scalars(select(Membership.role))) == {"organiser"}


def test_a_role_of_another_organisation_is_not_taken_away(client, db):
    own, other = make_organisation("A"), make_organisation("B")
    leader = give(make_person("Trưởng A"), "manager", own)
    victim = give(make_person("Trưởng B"), "manager", other)
    sign_in(client, leader)
    held = queries.memberships_of(victim.id)[0]
    assert client.post(f"/organisations/{own.id}/roles/{held.id}/revoke").status_code == 403


def test_a_form_sets_nothing_that_it_does_not_show(client, db):
    person = make_person()
    sign_in(client, person)
    data = {"name": "Tên", "phone": "", "locale": "vi", "email": "khac@x.vn", "demonstration": "1", "active": "",
            "password_hash": "x", "id": "77"}  # fmt: skip
    client.post("/account", data=data)
    row = queries.person(person.id)
    assert (row.email, row.demonstration, row.active) == (person.email, False, True)


@pytest.mark.parametrize(
    ("grants", "role", "organisation_id", "allowed"),
    [
        ({("admin", "platform", None)}, "admin", None, True),
        ({("admin", "platform", None)}, "representative", 5, True),
        ({("officer", "platform", None)}, "officer", None, True),
        ({("officer", "platform", None)}, "admin", None, False),
        ({("officer", "platform", None)}, "manager", 5, False),
        ({("manager", "organisation", 5)}, "manager", 5, True),
        ({("manager", "organisation", 5)}, "advisor", 5, True),
        ({("manager", "organisation", 5)}, "organiser", 5, False),
        ({("manager", "organisation", 5)}, "manager", 6, False),
        ({("manager", "organisation", 5)}, "officer", None, False),
        ({("member", "organisation", 5)}, "member", 5, False),
        (set(), "member", 5, False),
    ],
)
def test_nobody_gives_more_than_they_have(grants, role, organisation_id, allowed):
    person = Actor(1, grants=frozenset(Grant(*grant) for grant in grants))
    assert may_grant(person, role, organisation_id) is allowed


def test_the_service_refuses_too(db, at):
    person, organisation = make_person(), make_organisation()
    with pytest.raises(Refused), unit_of_work():
        services.grant_role(person, "manager", organisation.id, actor=actor(person), at=at)


def test_a_given_role_is_told_and_written_down(db, at):
    admin, person, organisation = give(make_person("Quản trị"), "admin"), make_person(), make_organisation()
    for _ in range(2):
        with unit_of_work():
            services.grant_role(person, "manager", organisation.id, actor=actor(admin), at=at)
    assert db.scalars(select(OutboxMessage.channel).where(OutboxMessage.kind == "role_granted")).all() == [
        "inapp",
        "email",
    ]
    assert queries.managers_of(organisation.id) == [person.id]
    assert audit.verify() is None


def test_an_organisation_is_matched_by_kind_and_folded_name(db):
    first = make_organisation("Đại học Hòa Bình")
    assert make_organisation("ĐẠI HỌC  HOÀ BÌNH").id == first.id
    assert make_organisation("Đại học Hòa Bình", "school").id != first.id


def test_an_administrator_says_which_body_stands_above_another(client, db, at):
    province, office = make_organisation("UBND tỉnh", "department"), make_organisation("Sở KH&CN", "department")
    club = make_organisation("CLB Khởi nghiệp", "club")
    page, person = f"/organisations/{office.id}", make_person("Quản Trị")
    give(person, "admin", None)
    sign_in(client, person)
    assert client.post(f"{page}/superior", data={"above": province.id}).status_code == 303
    assert queries.organisation(office.id).parent_id == province.id
    assert f'selected value="{province.id}"' in client.get(page).text
    refused = client.post(f"/organisations/{province.id}/superior", data={"above": office.id})
    assert refused.status_code == 422 and "cấp dưới của chính tổ chức" in refused.text
    assert client.post(f"{page}/superior", data={"above": club.id}).status_code == 422, "a club stands above nobody"
    assert "Cơ quan cấp trên" not in client.get(f"/organisations/{club.id}").text
    with pytest.raises(Refused), unit_of_work():
        services.place_under(club, province.id, actor=actor(person), at=at)
    assert client.post(f"{page}/superior", data={"above": ""}).status_code == 303
    assert queries.organisation(office.id).parent_id is None
    college, incubator = make_organisation("Trường Cao đẳng", "college"), make_organisation("Vườn ươm", "incubator")
    with unit_of_work():
        incubator.parent_id = college.id
    assert f'selected value="{college.id}"' in client.get(f"/organisations/{incubator.id}").text
    kept = client.post(f"/organisations/{incubator.id}/superior", data={"above": college.id})
    assert (kept.status_code, queries.organisation(incubator.id).parent_id) == (303, college.id), "what stands may stay"
    placed = db.scalars(select(AuditRow.data).where(AuditRow.verb == "accounts.organisation.placed")).all()
    assert [one["above"] for one in placed] == [province.id, None]


def test_an_address_belongs_to_one_person(db, at):
    person = make_person(email="thao@truong.vn")
    with unit_of_work():
        again, new = services.person_by_email_or_new("THAO@truong.vn", "Khác", actor=SYSTEM, at=at)
    assert (again.id, new) == (person.id, False)


def test_representatives_are_people_who_can_act(db, at):
    organisation = make_organisation()
    one = give(make_person(), "representative", organisation)
    two = give(make_person(), "representative", organisation)
    with unit_of_work():
        queries.person(two.id).active = False
    assert queries.representatives_of(organisation.id) == [one.id]


def test_actor_of_an_inactive_person_is_a_visitor(db):
    person = give(make_person(), "admin")
    with unit_of_work():
        queries.person(person.id).active = False
    assert not queries.actor_for(person.id).is_signed_in
