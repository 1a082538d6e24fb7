"""The page of a club: its managers alone, titles and states alone, words to the cohort in moderation."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts import queries as accounts
from compapp.accounts import services as account_services
from compapp.accounts.models import Organisation, OrganisationInvitation, Person
from compapp.clubs import codes, queries, services
from compapp.clubs.models import Cohort, CohortMember, Registration
from compapp.clubs.views.messages import _MESSAGES
from compapp.core.actor import Actor, Grant
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.core.spreadsheets import Column, csv_file, read_table
from compapp.entries.models import Entry, TeamMember
from tests.clubs.builders import NOW as BUILT
from tests.clubs.builders import announced, club, manager, people, student
from tests.contests.builders import sample
from tests.portal.builders import whole_sample
from tests.reports.builders import person

NOW = datetime(2026, 11, 13, 3, 0, tzinfo=UTC)
AsPerson = Callable[..., FlaskClient]


def clubs_of(db: Session) -> tuple[Organisation, Organisation]:
    """Return the clubs C01 (of I01) and C02 (of I02) of the sample."""
    found = list(db.scalars(select(Organisation).where(Organisation.kind == "club").order_by(Organisation.id)))
    return found[0], found[1]


def manager_of(club: Organisation, name: str = "Nguyễn Thị Mai") -> Person:
    return person(name, ("manager", club.id))


def acting(someone: Person, club: Organisation) -> Actor:
    return Actor(someone.id, someone.name, someone.email, "vi", frozenset({Grant("manager", "organisation", club.id)}))


def draft(db: Session, code: str, member: Person | None = None) -> None:
    """Make an entry a draft again; let somebody be on its team."""
    with unit_of_work():
        entry = db.scalars(select(Entry).where(Entry.code == code)).one()
        entry.state, entry.submitted_at = "draft", None
        if member is not None:
            db.scalars(select(TeamMember).where(TeamMember.entry_id == entry.id)).first().person_id = member.id  # type: ignore[union-attr]


def test_who_opens_the_page(db: Session, client: FlaskClient, as_person: AsPerson) -> None:
    house, other = club(), club("CLB Khác")
    fields = {"term": "2026-2027-HK2", "size": "1", "goal_entries": "1"}
    cases = {
        "student": ((), 404, 404),
        "officer": ((("officer", None),), 404, 404),
        "other manager": ((("manager", other.id),), 404, 404),
        "representative": ((("representative", house.parent_id),), 404, 404),
        "advisor": ((("advisor", house.id),), 200, 404),
        "manager": ((("manager", house.id),), 200, 303),
    }
    assert client.get(f"/clubs/{house.id}").status_code == 303
    for who, (roles, reads, writes) in cases.items():
        browser = as_person(person(f"Người {who}", *roles))
        assert browser.get(f"/clubs/{house.id}").status_code == reads, who
        assert queries.current_cohort(house.id).term != "2026-2027-HK2"  # type: ignore[union-attr]
        assert browser.post(f"/clubs/{house.id}/cohort", data=fields).status_code == writes, who


def test_a_school_is_no_club(db: Session, as_person: AsPerson) -> None:
    whole_sample()
    school = clubs_of(db)[0].parent_id
    assert as_person(person("Người Thử", ("manager", school))).get(f"/clubs/{school}").status_code == 404
    assert as_person(person("Người Khác")).get("/clubs/99999").status_code == 404


def test_titles_and_states_and_nothing_else(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    """S01 is of I01, the club's school; S02 of another; drafts show only for members of the cohort."""
    whole_sample()
    clock_at(NOW)
    club, _other = clubs_of(db)
    manager, student = manager_of(club), person("Lâm Hoài Thảo")
    cohort = queries.current_cohort(club.id)
    assert cohort is not None
    entries = {entry["code"]: entry for entry in sample()["entries"]}
    own = [code for code, entry in entries.items() if entry["institution"] == "I01"]
    foreign = [code for code, entry in entries.items() if entry["institution"] != "I01"]
    draft(db, own[0])
    draft(db, foreign[0], student)
    with unit_of_work():
        services.ensure_cohort_member(db.merge(cohort), student.id, actor=Actor.system(), at=NOW)
    browser = as_person(manager)
    page = browser.get(f"/clubs/{club.id}/teams").text
    assert entries[own[0]]["title"]["vi"] not in page
    assert entries[foreign[0]]["title"]["vi"] in page and "15/11/2026" in page
    for code in own[1:]:
        assert entries[code]["title"]["vi"] in page
    for code in foreign[1:]:
        assert entries[code]["title"]["vi"] not in page
    for code in (*own, foreign[0]):
        assert entries[code]["one_liner"]["vi"] not in page
        assert all(member["name"] not in page for member in entries[code]["members"][1:])
    assert ">0/8<" in browser.get(f"/clubs/{club.id}").text, "entries of the school reach no goal of the club"
    with unit_of_work():
        entry = db.scalars(select(Entry).where(Entry.code == own[1])).one()
        db.scalars(select(TeamMember).where(TeamMember.entry_id == entry.id)).first().person_id = student.id  # type: ignore[union-attr]
        entry.created_at = db.merge(cohort).opened_at
    assert ">1/8<" in browser.get(f"/clubs/{club.id}").text
    assert ">1/8<" in browser.get(f"/clubs/{club.id}/report").text and "1 trên 8 bài" in browser.get("/home").text
    narrowed = browser.get(f"/clubs/{club.id}/teams?show=open").text
    assert entries[foreign[0]]["title"]["vi"] in narrowed and entries[own[1]]["title"]["vi"] not in narrowed


def test_the_home_card_names_who_has_not_handed_in(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    whole_sample()
    clock_at(NOW)
    club, _other = clubs_of(db)
    student = person("Lâm Hoài Thảo")
    draft(db, "S01", student)
    with unit_of_work():
        services.ensure_cohort_member(queries.current_cohort(club.id), student.id, actor=Actor.system(), at=NOW)  # type: ignore[arg-type]
    page = as_person(manager_of(club)).get("/home").text
    assert "đã nộp" in page and "trên 8 bài" in page and sample()["entries"][0]["title"]["vi"] in page
    assert f'href="/clubs/{club.id}"' in page


def test_an_address_tells_nothing_before_it_accepts(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    """The same words, page and row for an address with an account, with a closed one, and with none."""
    house = club()
    clock_at(NOW)
    boss = manager_of(house)
    browser, manager_id = as_person(boss), boss.id
    known, closed = person("Trần Gia An"), person("Lê Thị Đóng")
    _studies_at(known, house)
    with unit_of_work():
        db.merge(closed).active = False
        db.merge(known).password_hash = "x"
    path = f"/clubs/{house.id}/members"
    for email in (known.email, closed.email, "moi@example.vn"):
        answer = browser.post(path, data={"email": email, "name": "Bạn ấy"}, follow_redirects=True)
        assert answer.status_code == 200 and f"Lời mời đang được gửi tới {email}" in answer.text
    page = browser.get(path).text
    assert [page.count(text) for text in (known.email or "", "moi@example.vn")] == [3, 3]
    assert all(text not in page for text in ("Trần Gia An", "Lê Thị Đóng", "SV 7", "DA22KTA"))
    assert db.scalars(select(CohortMember)).all() == []
    assert browser.post(path, data={"email": known.email, "name": "Bạn ấy"}).status_code == 422, "not twice a day"
    told = db.execute(
        select(OutboxMessage.person_id, OutboxMessage.address).where(
            OutboxMessage.kind == "club_invitation", OutboxMessage.channel == "email"
        )
    ).all()
    assert sorted(told, key=str) == sorted([(known.id, None), (None, "moi@example.vn")], key=str)

    mine, others = f"/organisation-invitations/{_invitation(db, known).id}", as_person(person("Người Khác"))
    assert others.get(mine).status_code == 404 and others.post(mine, data={"word": "accept"}).status_code == 404
    own = as_person(known)
    assert mine in own.get("/my-clubs").text and "mã số sinh viên" in own.get(mine).text
    assert own.post(mine, data={"word": "accept"}).status_code == 303
    page = browser.get(path).text
    assert all(text in page for text in ("Trần Gia An", "SV 7", "DA22KTA"))
    assert own.post(mine, data={"word": "decline"}).status_code == 303, "it is answered already"
    assert _invitation(db, known).state == "accepted" and browser.post(path, data={"email": "x"}).status_code == 422
    verbs = set(db.scalars(select(AuditRow.verb)))
    assert {"accounts.invitation.sent", "accounts.invitation.accept", "clubs.cohort.joined"} <= verbs
    waiting = f"/organisations/{house.id}/invitations/{_invitation(db, closed).id}"
    for word, state in (("again", "sent"), ("withdraw", "withdrawn"), ("again", "sent")):
        assert browser.post(waiting, data={"word": word}).location.endswith(path)
        assert _invitation(db, closed).state == state
    stranger = as_person(manager_of(club("CLB Khác"), "Lê Lạ"))
    assert stranger.post(waiting, data={"word": "withdraw"}).status_code == 403

    office = {"office-email": "co@example.vn", "office-name": "Cô Hai", "office-role": "manager"}
    assert browser.post(f"/clubs/{house.id}/advisors", data=office | {"office-role": "head"}).status_code == 422
    assert browser.post(f"/clubs/{house.id}/advisors", data=office).status_code == 303
    assert "Cô Hai" in browser.get(path).text and accounts.managers_of(house.id) == [manager_id]
    around = {"email": closed.email, "name": "Bạn ấy", "role": "member"}
    assert browser.post(f"/organisations/{house.id}", data=around).status_code == 422, "asked today, on whichever page"
    around["email"] = "ba@example.vn"
    assert browser.post(f"/organisations/{house.id}", data=around).status_code == 303, "the same invitation"
    assert len(db.scalars(select(CohortMember)).all()) == 1

    removal = f"{path}/{known.id}/removal"
    assert [browser.post(removal).status_code for _ in range(2)] == [303, 404]
    left = db.scalars(select(CohortMember).where(CohortMember.person_id == known.id)).one()
    assert left.left_at is not None and "Trần Gia An" not in browser.get(path).text


def test_newcomers_come_from_a_spreadsheet_and_members_leave_as_one(
    db: Session, as_person: AsPerson, clock_at: Any
) -> None:
    """Each faulty row is named; who is listed is not asked; the checked list works once and for its checker alone."""
    house = club()
    clock_at(NOW)
    (member,) = people(1, member_of=house)
    with unit_of_work():
        db.merge(member).email = "da.vao@example.vn"
    _studies_at(member, house)
    boss = manager_of(house)
    browser, path = as_person(boss), f"/clubs/{house.id}/member-invitations"
    rows = [["Bạn Mới", "moi@example.vn"], ["", "khong-ten@example.vn"], ["Hai Lần", "MOI@example.vn"]]
    rows += [["Đã Vào", "da.vao@example.vn"], ["Sai Địa Chỉ", "sai"], ["Bạn Khác", "khac@example.vn"]]
    data = csv_file([Column("Họ và tên"), Column("E-mail")], rows)
    assert browser.post(path, data={}).status_code == 422
    page = browser.post(path, data={"file": (io.BytesIO(data), "ds.csv")}).text
    assert re.findall(r"<li>Dòng (\d+)", page) == ["3", "4", "5", "6"] and "Gửi 2 lời mời" in page
    assert db.scalars(select(OrganisationInvitation)).all() == []
    token = page.split('name="list" value="', 1)[1].split('"', 1)[0]
    colleague = as_person(manager_of(house, "Quản Lý Hai"))
    for one in (colleague, browser, browser):
        assert one.post(f"{path}/sending", data={"list": token}).status_code == 303
    assert sorted(db.scalars(select(OrganisationInvitation.email))) == ["khac@example.vn", "moi@example.vn"]
    table = read_table(browser.get(f"/clubs/{house.id}/member-list/xlsx").data)
    (row,) = table.rows
    assert row.cells[:6] == (member.name, "Thành viên", "Kinh tế", "DA22KTA", "SV 7", "da.vao@example.vn")
    assert browser.get(f"/clubs/{house.id}/member-list/pdf").status_code == 404


def _studies_at(someone: Person, house: Organisation) -> None:
    with unit_of_work():
        services.note_studies(
            someone.id,
            house.parent_id,
            faculty="Kinh tế",
            class_name="DA22KTA",
            number="SV 7",
            actor=student(someone),
            at=BUILT,
        )


def _invitation(db: Session, someone: Person) -> OrganisationInvitation:
    db.expire_all()
    return db.scalars(select(OrganisationInvitation).where(OrganisationInvitation.email == someone.email)).one()


def test_a_new_term_opens_a_new_cohort(db: Session, as_person: AsPerson) -> None:
    whole_sample()
    club, _other = clubs_of(db)
    browser = as_person(manager_of(club))
    path = f"/clubs/{club.id}/cohort"
    assert browser.post(path, data={"term": "2026-2027-HK1", "size": "45", "goal_entries": "9"}).status_code == 303
    assert browser.post(path, data={"term": "2026-2027-HK2", "size": "20", "goal_entries": "3"}).status_code == 303
    assert browser.post(path, data={"term": "2026-2027-HK2", "size": "-1", "goal_entries": "3"}).status_code == 422
    assert browser.post(path, data={"term": "", "size": "x", "goal_entries": ""}).status_code == 422
    cohorts = [(one.term, one.size, one.goal_entries) for one in queries.cohorts_of(club.id)]
    assert cohorts == [("2026-2027-HK2", 20, 3), ("2026-2027-HK1", 45, 9)]
    page = browser.get(f"/clubs/{club.id}").text
    assert "<h1>Học kỳ 2, năm học 2026–2027" in page or "Học kỳ 2, năm học 2026–2027</h1>" in page
    for path in (f"/clubs/{club.id}/members", f"/clubs/{club.id}/report", f"/clubs/{club.id}/about", "/club-health"):
        shown = re.sub(r'(value|href|action)="[^"]*"', "", browser.get(path).text)
        assert "HK" not in shown, f"{path} names terms, it shows no codes"
    named = browser.get(f"/clubs/{club.id}/report/xlsx").headers["Content-Disposition"]
    assert "hoc-ky-2-nam-hoc-2026-2027" in named
    assert "Các khóa trước" in browser.get(f"/clubs/{club.id}").text


def test_words_reach_the_cohort_once_and_not_too_often(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    whole_sample()
    clock_at(NOW)
    club, other = clubs_of(db)
    manager = manager_of(club)
    _MESSAGES.forget(str(manager.id))
    browser = as_person(manager)
    path, shown = f"/clubs/{club.id}/messages", {"subject": "Họp", "text": "Tối thứ Năm <b>nhé</b>"}
    words = shown | {"send": "1"}
    assert browser.post(path, data=words).status_code == 422
    for name in ("Lê An", "Trần Bình"):
        with unit_of_work():
            cohort = queries.current_cohort(club.id)
            assert cohort is not None
            services.ensure_cohort_member(cohort, db.merge(person_of(db, name)).id, actor=Actor.system(), at=NOW)
    preview = browser.post(path, data=shown | {"subject_en": "Meeting", "text_en": "Thursday"}).text
    assert "Gửi cho 2 người" in preview and "Thursday" in preview and "&lt;b&gt;nhé" in preview
    assert db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "club_message")).all() == []
    assert browser.post(path, data=shown | {"subject_en": "Meeting"}).status_code == 422
    assert [browser.post(path, data=words).status_code for _ in range(2)] == [303, 303]
    posted = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "club_message")).all()
    assert len(posted) == 4 and posted[0].data["text"]["vi"] == words["text"]
    assert browser.post(path, data={"subject": "Họp", "text": "", "send": "1"}).status_code == 422
    assert [browser.post(path, data=words).status_code for _ in range(4)][-1] == 429
    assert as_person(manager).post(f"/clubs/{other.id}/messages", data=words).status_code == 404


def person_of(db: Session, name: str) -> Person:
    """Return a new person, made outside the unit of work that is open."""
    from compapp.core.text import fold, name_sort_key

    made = Person(
        name=name, name_fold=fold(name), name_sort=name_sort_key(name), locale="vi", active=True, created_at=NOW
    )
    db.add(made)
    db.flush()
    return made


def test_services_refuse_who_does_not_manage_the_club(app: Any, db: Session) -> None:
    whole_sample()
    club, other = clubs_of(db)
    stranger = acting(manager_of(other), other)
    cohort = queries.current_cohort(club.id)
    assert isinstance(cohort, Cohort)
    calls: list[Callable[[], Any]] = [
        lambda: services.set_cohort(club, "HK9", size=1, goal_entries=1, actor=stranger, at=NOW),
        lambda: account_services.ask_into(club, "a@example.vn", "A", "member", actor=stranger, at=NOW),
        lambda: services.remove_member(cohort, 0, actor=stranger, at=NOW),
        lambda: services.write_to_cohort(cohort, services.Words("a", "b"), actor=stranger, at=NOW),
    ]
    for call in calls:
        with pytest.raises(Refused), unit_of_work():
            call()
    owner = acting(manager_of(club, "Lê Quản Lý"), club)
    with pytest.raises(NotFound), unit_of_work():
        services.remove_member(cohort, 0, actor=owner, at=NOW)
    with pytest.raises(Invalid), unit_of_work():
        services.write_to_cohort(cohort, services.Words("a" * 200, "b"), actor=owner, at=NOW)


def test_lists_cost_the_same_for_one_member_and_for_thirty(
    db: Session, as_person: AsPerson, count_queries: Any
) -> None:
    house = club()
    boss = manager(house)
    made = announced(house, boss)
    browser = as_person(person("Quản Lý Nhà", ("manager", house.id)))
    paths = [f"/clubs/{house.id}", f"/clubs/{house.id}/activities", "/clubs", "/club-activities", "/my-clubs"]
    paths += [f"/clubs/{house.id}/{page}" for page in ("members", "report")]
    paths += [f"/club-activities/{made.id}", f"/club-activities/{made.id}/attendance"]

    def fill(count: int) -> list[int]:
        crowd = people(count, member_of=house)
        with unit_of_work():
            found = queries.activity(made.id)
            for one in crowd:
                services.register(found, actor=student(one), at=BUILT)
                services.mark_present(found, one.id, actor=boss, at=found.starts_at)
        for _ in range(count):
            announced(house, boss, audience="everyone")
        seen = []
        for path in paths:
            with count_queries() as statements:
                assert browser.get(path).status_code == 200
            seen.append(len(statements))
        return seen

    few = fill(1)
    assert fill(6) == few and max(few) <= 20


def test_a_student_registers_comes_and_prints_the_certificate(
    db: Session, as_person: AsPerson, clock_at: Any, client: FlaskClient
) -> None:
    house = club()
    boss, someone = manager(house), person("Lâm Hoài Thảo")
    made = announced(house, boss, audience="school", capacity=1)
    clock_at(BUILT)
    browser = as_person(someone)
    path = f"/club-activities/{made.id}"
    assert "Bạn học" in browser.get(path).text or "faculty" in browser.get(path).text
    assert browser.post(f"{path}/registration", data={"faculty": "", "class_name": "", "number": ""}).status_code == 422
    assert browser.post(f"{path}/registration").status_code == 403
    record = {"faculty": "Khoa Kinh tế", "class_name": "DA22KTA", "number": "SV1"}
    assert browser.post(f"{path}/registration", data=record).status_code == 303
    assert "Nhường chỗ" in browser.get(path).text and "Sở hữu trí tuệ" in browser.get("/my-clubs").text
    own_place, prefix = f"/my-clubs/schools/{house.parent_id}", f"school-{house.parent_id}-"
    assert browser.post(own_place, data={f"{prefix}class_name": "K9"}).status_code == 422
    named = {f"{prefix}{name}": value for name, value in record.items()}
    assert browser.post(own_place, data=named).status_code == 303
    clock_at(made.starts_at)
    shown = codes.code_at(made.code_key, made.id, made.starts_at)
    assert client.get(f"{path}/check-in?code={shown}").status_code == 303
    assert shown in browser.get(f"{path}/check-in?code={shown}").text
    assert browser.post(f"{path}/check-in", data={"code": "x"}).status_code == 409
    assert browser.post(f"{path}/check-in", data={"code": shown}).status_code == 303
    own = db.scalars(select(Registration)).one()
    page = browser.get(f"/club-attendance/{own.id}").text
    assert "Giấy chứng nhận tham dự" in page and "Lâm Hoài Thảo" in page and "DA22KTA" in page
    kept = browser.get("/account/data").text
    assert "Tôi đã tham dự" in kept and "Sở hữu trí tuệ" in kept and "DA22KTA" in kept
    assert as_person(person("Người Khác")).get(f"/club-attendance/{own.id}").status_code == 404
    check = client.get(f"/club-certificates/{own.certificate}").text
    assert "L. H. T." in check and "Lâm Hoài Thảo" not in check
    assert client.get("/club-certificates/0000").status_code == 404


def test_the_list_for_conduct_points_stands_in_class_order(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    house = club()
    boss = manager(house)
    made = announced(house, boss)
    names = ("Nguyễn Văn Út", "Trần Thị Ánh", "Lê Văn An", "=Công Thức")
    crowd = [person(name) for name in names]
    with unit_of_work():
        found = queries.activity(made.id)
        for number, one in enumerate(crowd):
            services.ensure_cohort_member(found.cohort, one.id, actor=boss, at=BUILT)
            services.mark_present(found, one.id, actor=boss, at=found.starts_at)
            if number < 3:
                services.note_studies(
                    one.id,
                    house.parent_id,
                    faculty="Kinh tế" if number else "Du lịch",
                    class_name="K1",
                    number=f"SV{number}",
                    club_id=house.id,
                    actor=boss,
                    at=BUILT,
                )
    listed = [one.name for one in queries.participants(made.cohort_id)]
    assert listed == ["Nguyễn Văn Út", "Lê Văn An", "Trần Thị Ánh", "=Công Thức"]
    browser = as_person(person("Quản Lý Nhà", ("manager", house.id)))
    table = read_table(browser.get(f"/clubs/{house.id}/participants/xlsx").data)
    assert [table.value(row, "Họ và tên") for row in table.rows] == listed
    assert [table.value(row, "Điểm rèn luyện") for row in table.rows] == ["5"] * 4
    assert "'=Công Thức" in browser.get(f"/clubs/{house.id}/participants/csv").data.decode("utf-8-sig")
    assert browser.get(f"/clubs/{house.id}/participants/doc").status_code == 404
    assert browser.get(f"/club-activities/{made.id}/list/csv").status_code == 200
    taken = db.scalars(select(AuditRow.data).where(AuditRow.verb == "clubs.list.exported")).all()
    assert taken == [{"people": 4}] * 3, "each list of names that leaves is written down"
    assert (
        as_person(person("Đại Diện", ("representative", house.parent_id)))
        .get(f"/clubs/{house.id}/participants/xlsx")
        .status_code
        == 404
    )


def test_the_school_sees_how_its_clubs_are_doing_and_no_other(db: Session, as_person: AsPerson) -> None:
    house, other = club(), club("CLB Khác")
    made = announced(house, manager(house))
    crowd = people(4, member_of=house)
    with unit_of_work():
        found = queries.activity(made.id)
        for one in crowd:
            services.register(found, actor=student(one), at=BUILT)
        for one in crowd[:3]:
            services.mark_present(found, one.id, actor=Actor.system(), at=found.starts_at)
        services.conclude_activity(found, actor=Actor.system(), at=found.ends_at)
    figures = queries.figures_of([found.cohort])[0]
    assert (figures.members, figures.held, figures.attendances, figures.rate, figures.hours) == (4, 1, 3, 75, 2.0)
    for role, scope in (("representative", house.parent_id), ("organiser", house.parent_id), ("officer", None)):
        browser = as_person(person(f"Người {role}", (role, scope)))
        page = browser.get("/club-health").text
        assert "CLB Thử" in page and "75 %" in page and ("CLB Khác" in page) == (role == "officer")
        report = browser.get(f"/clubs/{house.id}/report").text
        assert "75 %" in report and "Bạn 00" not in report
        assert browser.get(f"/clubs/{other.id}/report").status_code == (200 if role == "officer" else 404)
        assert len(read_table(browser.get("/club-health/xlsx").data).rows) == (2 if role == "officer" else 1)
    assert as_person(person("Sinh Viên")).get("/club-health").status_code == 403


def test_a_manager_plans_and_a_wrong_plan_keeps_what_was_typed(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    house = club()
    clock_at(BUILT)
    browser = as_person(person("Quản Lý Nhà", ("manager", house.id)))
    given = {"title_vi": "Lớp gọi vốn", "kind": "training", "topic": "finance", "starts_at": "2026-10-20T18:00"}
    given |= {"ends_at": "2026-10-20T17:00", "place": "B21", "audience": "members", "capacity": "", "points": "3"}
    path = f"/clubs/{house.id}/new-activity"
    wrong = browser.post(path, data=given)
    assert wrong.status_code == 422 and "Lớp gọi vốn" in wrong.text and "sau giờ bắt đầu" in wrong.text
    past = given | {"starts_at": "2026-09-20T18:00", "ends_at": "2026-09-20T19:00", "announce": "1"}
    assert browser.post(path, data=past).status_code == 422
    sound = given | {"ends_at": "2026-10-20T20:00"}
    answer = browser.post(path, data=sound)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/club-activities/")
    place = answer.headers["Location"]
    assert as_person(person("Ai Đó")).get(place).status_code == 404
    stale = browser.post(f"{place}/editing", data=sound | {"version": "7", "place": "Nơi khác"})
    assert stale.status_code == 409 and "Nơi khác" in stale.text
    assert browser.post(f"{place}/editing", data=sound | {"version": "1"}).status_code == 303
    assert browser.post(f"{place}/announcement").status_code == 303
    assert browser.post(f"{place}/cancellation", data={"reason": ""}).status_code == 422
    assert browser.post(f"{place}/cancellation", data={"reason": "Bão"}).status_code == 303
    assert "Bão" in browser.get(place).text
