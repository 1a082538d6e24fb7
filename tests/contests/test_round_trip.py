"""Import, then export, gives an equal JSON value; also when everything was moved to another launch day."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation, Person
from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.file.reader import check, load
from compapp.contests.file.sections import register
from compapp.contests.file.writer import clone_document, export
from compapp.contests.models import Body, Contest
from compapp.core.actor import Actor
from compapp.core.db import unit_of_work
from tests.contests.builders import sample, small

SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _sections() -> None:
    register()


def bring_in(document: Any, at: datetime, **options: Any) -> Contest:
    with unit_of_work():
        return load(document, actor=SYSTEM, at=at, **options)


def test_the_sample_comes_back_equal(db: Session, at: datetime) -> None:
    contest = bring_in(sample(), at)
    db.expire_all()
    assert export(contest) == sample()
    assert contest.opens_at == datetime(2026, 9, 15, 1, 0, tzinfo=UTC)
    assert contest.organiser is not None and contest.organiser.name_vi == "Sở Khoa học và Công nghệ"


def times(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {key: text for name, item in value.items() for key, text in times(item, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {key: text for i, item in enumerate(value) for key, text in times(item, f"{path}[{i}]").items()}
    return {path: value} if isinstance(value, str) and path.endswith(".at") else {}


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "…" if key == "at" and isinstance(item, str) else without_times(item) for key, item in value.items()
        }
    return [without_times(item) for item in value] if isinstance(value, list) else value


def test_a_shifted_sample_differs_in_its_times_only(db: Session, at: datetime) -> None:
    contest = bring_in(sample(), at, shift_to=date(2028, 2, 29))
    written = export(contest)
    assert without_times(written) == without_times(sample())
    before, after = times(sample()), times(written)
    assert after[".contest.launch.at"] == "2028-02-29T08:00:00+07:00"
    for path, text in before.items():
        moved = date.fromisoformat(after[path][:10]) - date.fromisoformat(text[:10])
        assert moved.days == (date(2028, 2, 29) - date(2026, 9, 15)).days
        assert after[path][10:] == text[10:]
        assert re.match(r"\d{4}-", after[path])


def test_shifting_to_the_same_day_changes_nothing(db: Session, at: datetime) -> None:
    assert export(bring_in(sample(), at, shift_to=date(2026, 9, 15))) == sample()


def test_a_second_import_is_refused(db: Session, at: datetime) -> None:
    bring_in(sample(), at)
    with pytest.raises(ContestFileRefused) as refused:
        bring_in(sample(), at)
    assert [str(fault) for fault in refused.value.faults] == [
        "$.contest.code: There is a contest with the code “VL-KNST-2026” already."
    ]
    assert db.scalar(select(func.count()).select_from(Contest)) == 1


def test_two_contests_share_codes_and_organisations(db: Session, at: datetime) -> None:
    first = bring_in(sample(), at)
    people = db.scalar(select(func.count()).select_from(Person)) or 0
    second = bring_in(sample(), at, code="VL-KNST-2027", shift_to=date(2027, 9, 15))
    assert (
        db.scalar(select(func.count()).select_from(Organisation).where(Organisation.name_vi == "Đại học Trà Vinh")) == 1
    )
    bodies = db.execute(select(Body.contest_id, Body.organisation_id).where(Body.code == "I01")).all()
    assert {contest_id for contest_id, _ in bodies} == {first.id, second.id}
    assert len({organisation_id for _, organisation_id in bodies}) == 1
    assert (db.scalar(select(func.count()).select_from(Person)) or 0) == 2 * people
    assert export(first) == sample()


def test_one_code_for_two_organisations(db: Session, at: datetime) -> None:
    bring_in(small("A"), at)
    other = small("B")
    other["bodies"][0]["name"] = {"vi": "Đoàn trường", "en": "Youth union"}
    bring_in(other, at)
    named = db.scalars(select(Organisation.name_vi).order_by(Organisation.id)).all()
    assert named == ["Phòng Khoa học", "Đoàn trường"]


def test_empty_sections_and_lists_come_back(db: Session, at: datetime) -> None:
    document = small() | {"sectors": [], "votes": {}, "sheets": {"R1": []}, "entries": [], "clubs": []}
    assert export(bring_in(document, at)) == document


def test_an_entry_without_a_title_comes_back_without_one(db: Session, at: datetime) -> None:
    document = sample()
    del document["entries"][0]["title"], document["entries"][0]["one_liner"]
    document["entries"][1] |= {"title": {"vi": document["entries"][1]["code"]}}
    contest = bring_in(document, at)
    db.expire_all()
    assert export(contest) == document


def test_people_are_matched_by_e_mail(db: Session, at: datetime) -> None:
    secretary = {"code": "TK1", "name": "Ngô Thị Kiều", "email": "Kieu@example.vn"}
    first = small("A") | {"secretaries": [secretary]}
    second = small("B") | {"secretaries": [secretary | {"name": "Kiều", "email": "kieu@example.vn"}]}
    contests = [bring_in(first, at), bring_in(second, at)]
    assert db.scalar(select(func.count()).select_from(Person)) == 1
    assert [export(contest) for contest in contests] == [first, second]


def test_a_clone_holds_the_definition_only(db: Session, at: datetime) -> None:
    contest = bring_in(sample(), at)
    document = clone_document(contest, "VL-KNST-2027", date(2027, 9, 14))
    assert document["contest"]["launch"] == {"at": "2027-09-14T08:00:00+07:00", "day": 0}
    assert not {"entries", "judges", "sheets", "votes", "secretaries", "followups"} & set(document)
    assert {"meta", "contest", "sectors", "institutions", "form", "rubrics", "rounds"} <= set(document)
    assert check(document) == []
    clone = bring_in(document, at)
    assert clone.state == "draft"
    assert export(clone) == document


def test_texts_are_kept_in_nfc(db: Session, at: datetime) -> None:
    document = small()
    document["contest"]["title"]["vi"] = "Cuo\u0323\u0302c thi"
    assert bring_in(document, at).title["vi"] == "Cuộc thi"


def test_every_room_gives_its_sections_back(app: object, db: Session, at: datetime) -> None:
    contest = bring_in(sample(), at)
    db.expire_all()
    assert export(contest) == sample()
    other = bring_in(sample(), at, code="VL-KNST-2027", shift_to=date(2027, 9, 15))
    db.expire_all()
    assert without_times(export(other)["sheets"]) == without_times(sample()["sheets"])
    assert export(contest) == sample()
