"""A club looks at entries before the school: title and state alone, within the quota, never its manager's own team."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation, Person
from compapp.clubs import services as clubs
from compapp.contests.models import Contest
from compapp.core.actor import Actor, Grant
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Endorsement, Entry, TeamMember
from compapp.entries.services import nominations as services
from tests.clubs.builders import NOW, SYSTEM, cohort_of
from tests.clubs.test_pages import clubs_of
from tests.contests.builders import sample
from tests.portal.builders import whole_sample
from tests.reports.builders import person


def _prepare(db: Session, most: int | None) -> tuple[Organisation, Organisation, list[Entry]]:
    """Return club C01, club C02, and the handed-in, unconfirmed entries of the first one's school."""
    whole_sample()
    club, other = clubs_of(db)
    with unit_of_work():
        contest = db.scalars(select(Contest)).one()
        rules = dict(contest.definition["rules"], max_entries_per_institution=most)
        contest.definition = dict(contest.definition, rules=rules)
        entries = list(db.scalars(select(Entry).where(Entry.institution_id == club.parent_id).order_by(Entry.id)))
        for entry in entries:
            entry.state = "submitted"
        for word in db.scalars(select(Endorsement).where(Endorsement.entry_id.in_([one.id for one in entries]))):
            word.state = "waiting"
    return club, other, entries


def _manager(club: Organisation, someone: Person) -> Actor:
    return Actor(someone.id, someone.name, None, "vi", frozenset({Grant("manager", "organisation", club.id)}))


def test_a_club_nominates_within_the_quota_of_its_school(app: Any, db: Session) -> None:
    club, other, entries = _prepare(db, 2)
    boss, stranger = _manager(club, person("Quản Lý")), _manager(other, person("Người Ngoài"))
    with pytest.raises(NotFound), unit_of_work():
        services.nominate(entries[0], club, actor=boss, at=NOW)
    with pytest.raises(Invalid), unit_of_work():
        services.review_for_club(entries[0], club, verdict="great", note="", actor=boss, at=NOW)
    for entry in entries[:3]:
        with unit_of_work():
            services.review_for_club(entry, club, verdict="ready", note="Tốt", actor=boss, at=NOW)
    for entry in entries[:2]:
        with unit_of_work():
            services.nominate(entry, club, actor=boss, at=NOW)
    with pytest.raises(Conflict), unit_of_work():
        services.nominate(entries[2], club, actor=boss, at=NOW)
    with unit_of_work():
        services.take_back_nomination(entries[0], club, actor=boss, at=NOW)
    with unit_of_work():
        services.nominate(entries[2], club, actor=boss, at=NOW)
    for actor, of in ((stranger, club), (stranger, other)):
        with pytest.raises(Refused), unit_of_work():
            services.review_for_club(entries[3], of, verdict="ready", note="x", actor=actor, at=NOW)
    with unit_of_work():
        db.scalars(select(TeamMember).where(TeamMember.entry_id == entries[3].id)).first().person_id = boss.person_id  # type: ignore[union-attr]
    with pytest.raises(Refused), unit_of_work():
        services.review_for_club(entries[3], club, verdict="ready", note="x", actor=boss, at=NOW)


def test_the_page_shows_title_and_state_and_the_team_reads_the_note(db: Session, as_person: Any, clock_at: Any) -> None:
    club, _other, entries = _prepare(db, 5)
    clock_at(NOW)
    entry, student = entries[0], person("Lâm Hoài Thảo")
    piece = next(one for one in sample()["entries"] if one["code"] == entry.code)
    with unit_of_work():
        db.scalars(select(TeamMember).where(TeamMember.entry_id == entry.id)).first().person_id = student.id  # type: ignore[union-attr]
        clubs.ensure_cohort_member(cohort_of(club), student.id, actor=SYSTEM, at=NOW)
    browser, path = as_person(person("Quản Lý", ("manager", club.id))), f"/entries/{entry.id}/clubs/{club.id}"
    assert path in browser.get(f"/clubs/{club.id}/teams").text
    page = browser.get(path).text
    assert piece["title"]["vi"] in page and piece["one_liner"]["vi"] not in page
    assert all(member["name"] not in page for member in piece["members"])
    assert browser.post(path, data={"verdict": "improve", "note": ""}).status_code == 422
    assert browser.post(path, data={"verdict": "improve", "note": "Thêm số liệu nhé"}).status_code == 303
    assert browser.post(f"{path}/nomination").status_code == 303
    assert "Thêm số liệu nhé" in as_person(student).get(f"/entries/{entry.id}/team").text
    kinds = set(db.scalars(select(OutboxMessage.kind).where(OutboxMessage.person_id == student.id)))
    assert {"club_review", "club_nomination"} <= kinds
    school = as_person(person("Đại Diện", ("representative", club.parent_id)))
    assert "Đề cử của CLB" in school.get(f"/endorsements/{entry.contest.code}").text
    assert browser.post(f"{path}/nomination", data={"word": "take-back"}).status_code == 303
    assert as_person(person("Cố Vấn", ("advisor", club.id))).get(path).status_code == 200
    assert as_person(person("Ai Đó")).get(path).status_code == 404
