"""School and student number: said by the student, confirmed by the school, unique once confirmed."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from compapp.accounts import queries, services
from compapp.accounts.models import Guardian, StudentIdentity
from compapp.core.db import session_scope, unit_of_work
from compapp.core.errors import Conflict, DomainError, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.core.spreadsheets import Column, csv_file, read_table, xlsx
from tests.accounts.builders import SYSTEM, actor, give, make_organisation, make_person, sign_in

HEADINGS = ("Họ và tên", "MSSV", "Lớp", "Email", "Năm sinh", "Người giám hộ")


@pytest.fixture
def school(db):
    return make_organisation()


@pytest.fixture
def representative(school):
    return give(make_person("Người Đại Diện"), "representative", school)


def state(person, school, number, at):
    with unit_of_work():
        return services.state_identity(person, school, number, class_name="DA23NN", actor=actor(person), at=at)


def decide(representative, school, row, verb, at, reason=""):
    with unit_of_work():
        return services.decide_identities(school.id, [row.id], verb, reason=reason, actor=actor(representative), at=at)


def kinds_posted(db, person):
    db.rollback()
    return [one.kind for one in db.scalars(select(OutboxMessage).where(OutboxMessage.person_id == person.id)) if one]


def test_a_number_is_said_confirmed_and_lost_when_it_changes(db, at, school, representative):
    person = make_person()
    row = state(person, school, "sv 0002", at)
    assert (row.state, row.number_fold) == ("stated", "SV0002")
    assert kinds_posted(db, representative) == ["students_waiting", "students_waiting"]
    assert decide(representative, school, row, "confirm", at) == 1
    assert kinds_posted(db, person) == ["identity_decided", "identity_decided"]
    assert state(person, school, "SV-0002", at).state == "confirmed"
    assert state(person, school, "SV0003", at).state == "stated"


def test_a_confirmed_number_belongs_to_one_account(db, at, school, representative):
    first, second = make_person("Ngô Văn Một"), make_person("Ngô Thị Hai")
    rows = [state(first, school, "SV1", at), state(second, school, "sv1", at)]
    assert queries.contested_numbers(school.id, {"SV1"}) == {"SV1"}
    decide(representative, school, rows[0], "confirm", at)
    with pytest.raises(Conflict):
        decide(representative, school, rows[1], "confirm", at)
    with pytest.raises(IntegrityError), unit_of_work():
        db.get_one(StudentIdentity, rows[1].id).state = "confirmed"
        db.flush()
    decide(representative, school, db.get_one(StudentIdentity, rows[0].id), "refuse", at, reason="Nhầm lớp")
    decide(representative, school, db.get_one(StudentIdentity, rows[1].id), "confirm", at)


def test_one_of_two_who_are_confirmed_together_holds_the_number(db, at, school, representative):
    rows = [state(make_person(f"Ngô Văn {n}"), school, "SV1", at).id for n in range(2)]
    barrier, outcomes, acting = Barrier(2), [], actor(representative)

    def confirm(row_id):
        with session_scope():
            barrier.wait()
            try:
                with unit_of_work():
                    services.decide_identities(school.id, [row_id], "confirm", actor=acting, at=at)
                outcomes.append("confirmed")
            except (Conflict, IntegrityError):
                outcomes.append("not")

    threads = [Thread(target=confirm, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["confirmed", "not"]


def test_only_the_schools_representative_decides_and_only_on_its_own(db, at, school, representative):
    other = make_organisation("Trường Đại học Trà Vinh")
    person = make_person()
    row = state(person, school, "SV1", at)
    for stranger in (person, give(make_person(), "representative", other), give(make_person(), "admin")):
        with pytest.raises(Refused):
            decide(stranger, school, row, "confirm", at)
    elsewhere = give(make_person(), "representative", other)
    with pytest.raises(NotFound):
        decide(elsewhere, other, row, "confirm", at)
    with pytest.raises(DomainError):
        decide(representative, school, row, "refuse", at, reason=" ")
    with pytest.raises(NotFound), unit_of_work():
        services.remove_identity(row.id, actor=actor(representative), at=at)


def table(kind, *rows):
    columns = [Column(one) for one in HEADINGS]
    return xlsx("DS", columns, rows) if kind == "xlsx" else csv_file(columns, rows)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_dry_run_names_every_faulty_row_and_the_list_does_what_it_said(client, db, at, clock_at, school, kind):
    clock_at(at)
    representative = give(make_person("Người Đại Diện"), "representative", school)
    stated, named = make_person("Lê Thị Ba"), make_person("Tô Văn Tư", email="tu@truong.vn")
    state(stated, school, "SV3", at)
    uploaded = table(
        kind,
        ("Lê Thị Ba", "sv3", "DA23NN", "", "", ""),
        ("Tô Văn Tư", "SV4", "", "tu@truong.vn", "", ""),
        ("Phạm Năm", "SV5", "", "nam@truong.vn", "2006", ""),
        ("Đỗ Sáu", "SV6", "", "sau@truong.vn", "2012", "Đỗ Văn Cha"),
        ("Đỗ Bảy", "SV7", "", "bay@truong.vn", "2012", ""),
        ("Không Thư", "SV8", "", "", "", ""),
        ("", "SV9", "", "", "", ""),
        ("Trùng Một", "SV10", "", "", "", ""),
        ("Trùng Hai", "sv 10", "", "", "", ""),
        ("Tên Khác", "SV11", "", "tu@truong.vn", "2005", ""),
        ("=1+1", "SV12", "", "không phải", "abcd", ""),
    )
    checked = services.check_students(school, services.read_students(read_table(uploaded)), at=at)
    assert [one.outcome for one in checked[:4]] == ["confirms", "confirms", "invites", "invites"]
    assert (checked[5].outcome, [one.student.row for one in checked if one.faults]) == ("waits", [6, 8, 9, 10, 11, 12])
    sign_in(client, representative)
    from io import BytesIO

    page = client.post(f"/organisations/{school.id}/students/list", data={"file": (BytesIO(uploaded), "ds")})
    assert page.status_code == 200
    token = page.get_data(as_text=True).split('name="list" value="')[1].split('"')[0]
    db.rollback()
    assert len(db.scalars(select(StudentIdentity.id)).all()) == 1
    path = f"/organisations/{school.id}/students/list/taking-up"
    assert client.post(path, data={"list": token}).status_code == 303
    assert client.post(path, data={"list": token}).status_code == 409
    db.rollback()
    confirmed = db.scalars(select(StudentIdentity.number).where(StudentIdentity.state == "confirmed")).all()
    assert sorted(confirmed) == ["SV4", "SV5", "SV6", "sv3"]
    pupil = queries.person_by_email("sau@truong.vn")
    guardian = db.scalars(select(Guardian)).one()
    assert (guardian.person_id, guardian.name, guardian.school_id) == (pupil.id, "Đỗ Văn Cha", school.id)
    assert "Đỗ Văn Cha" in queries.consents_of(pupil.id)[0].given_by
    invited = select(OutboxMessage.person_id).where(OutboxMessage.kind == "invitation")
    assert set(db.scalars(invited)) == {pupil.id, queries.person_by_email("nam@truong.vn").id}
    assert queries.identity(named.id, school.id).state == "confirmed"


def test_the_pages_of_a_school(client, db, at, school, representative):
    person = make_person("Đặng Thị Huệ")
    sign_in(client, person)
    form = {"school": str(school.id), "number": "SV1", "class_name": "DA23NN"}
    assert client.post("/account/student-numbers", data=form | {"number": "--"}).status_code == 422
    assert client.post("/account/student-numbers", data=form).status_code == 303
    assert "SV1" in client.get("/account/student-numbers").get_data(as_text=True)
    assert client.get(f"/organisations/{school.id}/students").status_code == 403
    client.post("/sign-out")
    sign_in(client, representative)
    assert client.get("/students").headers["Location"] == f"/organisations/{school.id}/students"
    assert f"/organisations/{school.id}/students" in client.get("/home").get_data(as_text=True)
    for search in ("dang thi hue", "sv1"):
        found = client.get(f"/organisations/{school.id}/students?search={search}&state=stated").get_data(as_text=True)
        assert "Đặng Thị Huệ" in found
    row = queries.identity(person.id, school.id)
    decisions = f"/organisations/{school.id}/students/decisions"
    assert client.post(decisions, data={"student": [row.id], "word": "refuse"}).status_code == 422
    assert client.post(decisions, data={"word": "confirm"}).status_code == 303
    assert client.post(decisions, data={"student": [row.id], "word": "confirm"}).status_code == 303
    answer = client.get(f"/organisations/{school.id}/students/table")
    read = read_table(answer.get_data())
    assert read.rows[0].cells[:3] == ("Đặng Thị Huệ", "SV1", "DA23NN")
    one = {"name": "Mới Toanh", "number": "SV2", "email": "moi@truong.vn", "birth_year": "1"}
    assert client.post(f"/organisations/{school.id}/students", data=one).status_code == 422
    one["birth_year"] = "2004"
    assert client.post(f"/organisations/{school.id}/students", data=one).status_code == 303
    assert queries.identity(queries.person_by_email("moi@truong.vn").id, school.id).state == "confirmed"


def test_a_team_need_not_be_told_again_what_the_account_knows(db, clock_at):
    from tests.entries import builders as entries

    clock_at(entries.OPEN_AT)
    lead, contest = entries.person("Lâm Hoài Thảo"), entries.a_contest()
    school = entries.institution()
    state(lead, school, "SV 0002", entries.OPEN_AT)
    entry = entries.a_draft(contest, entries.actor(lead))
    assert [(one.student_number, one.class_name) for one in entry.members] == [("SV 0002", "DA23NN")]


def test_the_department_confirms_for_a_school_that_has_nobody(client, db, at):
    department = make_organisation("Sở Giáo dục và Đào tạo", "department")
    with unit_of_work():
        pupils = services.ensure_organisation(
            "high_school", "Trường THPT Rạch Sen", parent_id=department.id, actor=SYSTEM, at=at
        )
    officer = give(make_person("Chuyên Viên Sở"), "representative", department)
    pupil = make_person("Trần Gia An")
    row = state(pupil, pupils, "07", at)
    told = db.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "students_waiting")).all()
    assert set(told) == {officer.id}
    sign_in(client, officer)
    assert client.get("/students").headers["Location"] == f"/organisations/{pupils.id}/students"
    decided = {"student": str(row.id), "word": "confirm"}
    assert client.post(f"/organisations/{pupils.id}/students/decisions", data=decided).status_code == 303
    assert queries.identity(pupil.id, pupils.id).state == "confirmed"
    give(make_person("Hiệu Trưởng"), "representative", pupils)
    assert client.get(f"/organisations/{pupils.id}/students").status_code == 403, "the school now speaks for itself"
