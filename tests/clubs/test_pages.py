"""The page of a club: its managers alone, titles and states alone, words to the cohort in moderation."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation, Person
from compapp.clubs import queries, services
from compapp.clubs.models import Cohort, CohortMember
from compapp.clubs.views.club import _MESSAGES
from compapp.contests.models import Contest
from compapp.core.actor import Actor, Grant
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry, TeamMember
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


WHO = {
    "visitor": 303,
    "student": 404,
    "organiser": 404,
    "officer": 404,
    "admin": 404,
    "other manager": 404,
    "representative of the school": 404,
    "manager": 200,
}


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_opens_the_page(db: Session, client: FlaskClient, as_person: AsPerson, who: str, status: int) -> None:
    whole_sample()
    club, other = clubs_of(db)
    roles: dict[str, list[tuple[str, int | None]]] = {
        "student": [],
        "organiser": [("organiser", db.scalars(select(Contest.organiser_id)).one())],
        "officer": [("officer", None)],
        "admin": [("admin", None)],
        "other manager": [("manager", other.id)],
        "representative of the school": [("representative", club.parent_id)],
        "manager": [("manager", club.id)],
    }
    browser = client if who == "visitor" else as_person(person("Người Thử", *roles[who]))
    assert browser.get(f"/clubs/{club.id}").status_code == status
    fields = {"term": "HK9", "size": "1", "goal_entries": "1"}
    answer = browser.post(f"/clubs/{club.id}/cohort", data=fields)
    assert answer.status_code == {200: 303, 303: 401}.get(status, status)
    assert (queries.current_cohort(club.id).term == "HK9") == (who == "manager")  # type: ignore[union-attr]


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
    page = as_person(manager).get(f"/clubs/{club.id}").text
    assert entries[own[0]]["title"]["vi"] not in page
    assert entries[foreign[0]]["title"]["vi"] in page and "còn" in page.lower()
    for code in own[1:]:
        assert entries[code]["title"]["vi"] in page
    for code in foreign[1:]:
        assert entries[code]["title"]["vi"] not in page
    for code in (*own, foreign[0]):
        assert entries[code]["one_liner"]["vi"] not in page
        assert all(member["name"] not in page for member in entries[code]["members"][1:])
    assert f">{len(own) - 1}/8<" in page


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


def test_members_come_and_go(db: Session, as_person: AsPerson) -> None:
    whole_sample()
    club, _other = clubs_of(db)
    browser = as_person(manager_of(club))
    known = person("Trần Gia An")
    for email, name in ((known.email, "Trần Gia An"), ("moi@example.vn", "Lê Thị Mới"), (known.email, "Trần Gia An")):
        assert browser.post(f"/clubs/{club.id}/members", data={"email": email, "name": name}).status_code == 303
    assert len(db.scalars(select(CohortMember)).all()) == 2
    page = browser.get(f"/clubs/{club.id}").text
    assert "Lê Thị Mới" in page and "moi@example.vn" in page
    assert browser.post(f"/clubs/{club.id}/members", data={"email": "không", "name": "X"}).status_code == 422
    assert browser.post(f"/clubs/{club.id}/members/{known.id}/removal").status_code == 303
    assert browser.post(f"/clubs/{club.id}/members/{known.id}/removal").status_code == 404
    left = db.scalars(select(CohortMember).where(CohortMember.person_id == known.id)).one()
    assert left.left_at is not None and "Trần Gia An" not in browser.get(f"/clubs/{club.id}").text
    verbs = set(db.scalars(select(AuditRow.verb).where(AuditRow.verb.startswith("clubs."))))
    assert {"clubs.cohort.joined", "clubs.cohort.left"} <= verbs


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
    assert "Các khóa trước" in browser.get(f"/clubs/{club.id}").text


def test_words_reach_the_cohort_once_and_not_too_often(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    whole_sample()
    clock_at(NOW)
    club, other = clubs_of(db)
    manager = manager_of(club)
    _MESSAGES.forget(str(manager.id))
    browser = as_person(manager)
    path, words = f"/clubs/{club.id}/messages", {"subject": "Họp", "text": "Tối thứ Năm <b>nhé</b>"}
    assert browser.post(path, data=words).status_code == 422
    for name in ("Lê An", "Trần Bình"):
        with unit_of_work():
            cohort = queries.current_cohort(club.id)
            assert cohort is not None
            services.ensure_cohort_member(cohort, db.merge(person_of(db, name)).id, actor=Actor.system(), at=NOW)
    assert [browser.post(path, data=words).status_code for _ in range(2)] == [303, 303]
    posted = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "club_message")).all()
    assert len(posted) == 4 and posted[0].data["text"]["vi"] == words["text"]
    assert browser.post(path, data={"subject": "Họp", "text": ""}).status_code == 422
    assert [browser.post(path, data=words).status_code for _ in range(3)][-1] == 429
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
        lambda: services.add_member(cohort, "a@example.vn", "A", actor=stranger, at=NOW),
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


def test_the_page_costs_the_same_for_one_member_and_for_thirty(
    db: Session, as_person: AsPerson, count_queries: Any
) -> None:
    whole_sample()
    club, _other = clubs_of(db)
    browser = as_person(manager_of(club))

    def fill(count: int) -> int:
        for number in range(count):
            with unit_of_work():
                cohort = queries.current_cohort(club.id)
                assert cohort is not None
                services.ensure_cohort_member(cohort, person_of(db, f"Bạn {number}").id, actor=Actor.system(), at=NOW)
        with count_queries() as seen:
            assert browser.get(f"/clubs/{club.id}").status_code == 200
        return len(seen)

    assert fill(1) == fill(29) <= 20
