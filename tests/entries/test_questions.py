"""Questions of every kind: read, held against their limits, shown to the team, the organiser and the judges."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from compapp.contests.definition import FormField
from compapp.core.actor import acting
from compapp.core.db import unit_of_work
from compapp.core.spreadsheets import read_table
from compapp.entries import answers, queries, services, structured
from compapp.entries.models import Entry
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_pages import SignIn, sign_in

__all__ = ["sign_in"]

COLUMNS = [
    {"key": "item", "label": {"vi": "Khoản mục", "en": "Item"}, "type": "text", "required": True, "max": 20},
    {"key": "cost", "label": {"vi": "Thành tiền", "en": "Cost"}, "type": "money", "total": True},
    {"key": "share", "label": {"vi": "Tỉ lệ", "en": "Share"}, "type": "number"},
]
FOUNDERS = [{"who": "An", "part": 60}, {"who": "Bo", "part": 40}]
SHARES = [{"key": "who", "type": "text"}, {"key": "part", "type": "number", "sum": 100}]
QUESTIONS: list[dict[str, Any]] = [
    {"key": "founders", "label": {"vi": "Góp vốn", "en": "Equity"}, "type": "table", "columns": SHARES},
    {"key": "short", "label": {"vi": "Tóm tắt", "en": "Summary"}, "type": "longtext", "max_words": 3},
    {
        "key": "area",
        "label": {"vi": "Diện tích", "en": "Area"},
        "type": "number",
        "unit": {"vi": "ha", "en": "ha"},
        "least": 1,
        "most": 50,
    },
    {"key": "budget", "label": {"vi": "Dự toán", "en": "Budget"}, "type": "table", "columns": COLUMNS, "max_rows": 4},
    {"key": "canvas", "label": {"vi": "Mô hình", "en": "Canvas"}, "type": "canvas", "hidden_when_blind": True},
    {
        "key": "patent",
        "label": {"vi": "Số bằng", "en": "Patent number"},
        "type": "text",
        "required": True,
        "shown_if": {"field": "ip_status", "values": ["granted"]},
    },
]


def _question(key: str) -> FormField:
    return FormField.read(next(one for one in QUESTIONS if one["key"] == key))


@pytest.mark.parametrize(
    ("key", "typed", "stored", "fault"),
    [
        ("short", "một hai ba", "một hai ba", ""),
        ("short", "một hai ba bốn", "một hai ba bốn", "words"),
        ("area", "2,5", 2.5, ""),
        ("area", "0", 0, "at least"),
        ("area", "51", 51, "at most"),
        (
            "budget",
            [{"item": " Phao ", "cost": "1.500.000", "share": "2,5"}, {"item": " "}],
            [{"item": "Phao", "cost": 1500000, "share": 2.5}],
            "",
        ),
        ("budget", [{"item": "Phao", "cost": "nhiều"}], [{"item": "Phao", "cost": "nhiều"}], "not a number"),
        ("budget", [{"cost": "5"}], [{"cost": 5}], "star"),
        ("budget", [{"item": str(n)} for n in range(5)], [{"item": str(n)} for n in range(5)], "lines"),
        ("budget", "text", None, "cannot be read"),
        ("founders", [{"who": "An", "part": "60"}, {"who": "Bo", "part": "40"}], [*FOUNDERS], ""),
        ("founders", [{"who": "An", "part": "60"}], FOUNDERS[:1], "must add up"),
        ("canvas", {"value": " Nước ngọt ", "strange": "x"}, {"value": "Nước ngọt"}, ""),
        ("canvas", {"value": " "}, None, ""),
    ],
)
def test_an_answer_is_read_and_held_against_its_limits(key: str, typed: Any, stored: Any, fault: str) -> None:
    value, sentence = answers.clean(_question(key), typed, ())
    assert value == stored
    assert (sentence is None) if not fault else (sentence is not None and fault in sentence[0]), sentence


def test_columns_add_up() -> None:
    layout = structured.laid_out(
        _question("budget"), [{"item": "a", "cost": 5, "share": 0.1}, {"item": "b", "cost": 7}]
    )
    assert [one.value if one else None for one in layout.totals] == [None, 12, None]


@pytest.fixture
def entry(app: Flask, db: Session, clock_at: StoppedClock) -> Entry:
    """A draft of a contest that asks questions of every kind."""
    clock_at(b.OPEN_AT)
    document = b.definition()
    document["form"]["fields"] += [{"from_round": "R0", "visibility": "judges", **one} for one in QUESTIONS]
    return b.a_draft(b.a_contest(document=document), b.actor(b.person("Lâm Hoài Thảo")))


def _lead(entry: Entry) -> Any:
    found = queries.lead_of(entry.id)
    assert found is not None and found.person is not None
    return b.actor(found.person)


def test_the_page_takes_parts_and_gives_them_back(entry: Entry, sign_in: SignIn) -> None:
    browser = sign_in(_lead(entry))
    page = browser.get(f"/entries/{entry.id}/answers").get_data(as_text=True)
    assert 'name="a-budget.2.cost"' in page and 'name="a-canvas.partners"' in page and "Tỉ lệ" in page
    sent = {"version": "1", "a-budget.0.item": "Phao", "a-budget.0.cost": "1.000.000", "a-budget.1.item": "Pin"}
    sent |= {"a-canvas.value": "Nước ngọt của Lâm Hoài Thảo", "a-area": "2,5"}
    assert browser.post(f"/entries/{entry.id}/answers", data=sent).status_code == 303
    stored = queries.entry(entry.id).answers
    assert stored["budget"] == [{"item": "Phao", "cost": 1000000}, {"item": "Pin"}]
    page = browser.get(f"/entries/{entry.id}/answers").get_data(as_text=True)
    assert 'value="1.000.000"' in page and "2,5" in page
    wrong = sent | {"version": "9", "a-budget.1.cost": "rẻ"}
    again = browser.post(f"/entries/{entry.id}/answers", data=wrong)
    assert again.status_code == 422 and "Dòng 2" in again.get_data(as_text=True) and 'value="rẻ"' in again.text
    saved = browser.post(
        f"/entries/{entry.id}/answers/autosave",
        data={"version": "9", "changed": "a-budget", "a-budget.0.item": "Dây"},
        headers={"Accept": "application/json"},
    ).get_json()
    assert saved["fields"]["a-budget"]["pairs"] == [["a-budget.0.item", "Dây"]]
    assert "canvas" in queries.name_findings(queries.entry(entry.id))


def test_a_question_counts_only_where_its_condition_is_met(entry: Entry) -> None:
    lead = _lead(entry)
    b.complete(entry, lead)
    with unit_of_work():
        services.save_answers(entry, {"ip_status": "granted"}, actor=lead, at=b.OPEN_AT)
    assert [one.key for one in queries.completeness(entry).missing] == ["patent"]
    for locale, label in (("vi", "Số bằng"), ("en", "Patent number")):
        with acting(replace(lead, locale=locale)):
            assert queries.checklist(entry, b.OPEN_AT)[0].sentence[1] == {"names": label}
    with unit_of_work():
        services.save_answers(entry, {"patent": "VN-1", "ip_status": "none"}, actor=lead, at=b.OPEN_AT)
        version = services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    assert "patent" not in version.content["answers"]


def test_judges_read_parts_without_names_and_nothing_kept_from_a_blind_round(entry: Entry, sign_in: SignIn) -> None:
    lead = _lead(entry)
    b.complete(entry, lead)
    lines = [{"item": "Công Lâm Hoài Thảo", "cost": 1500000, "share": 2.5}, {"item": "=Pin", "cost": 500000}]
    given = {"budget": lines, "canvas": {"value": "Nước"}, "area": 3}
    with unit_of_work():
        services.save_answers(entry, given, actor=lead, at=b.OPEN_AT)
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    rounds = {one.code: one for one in entry.contest.rounds}
    seen = {one.key: one for one in queries.anonymous_entry(entry.id, rounds["R1"]).answers}
    assert seen["budget"].layout is not None and "Thảo" not in str(seen["budget"])
    assert "canvas" not in seen and seen["area"].unit == {"vi": "ha", "en": "ha"}
    later = {one.key for one in queries.anonymous_entry(entry.id, rounds["R3"]).answers}
    assert "canvas" in later
    _leave_as_a_table(entry, sign_in)


def _leave_as_a_table(entry: Entry, sign_in: SignIn) -> None:
    """Whoever runs the contest takes the answers out: parts in columns of their own, words and units, no codes."""
    boss, path = b.staff(entry.contest), f"/contests/{entry.contest.code}/answers/table"
    assert sign_in(_lead(entry)).get(path).status_code == 404
    table = read_table(sign_in(boss).get(path).data)
    (row,) = table.rows
    said = {heading: table.value(row, heading) for heading in table.headings}
    assert said["Diện tích (ha)"] == "3" and said["Dự toán – cộng: Thành tiền"] == "2000000"
    assert said["Dự toán"] == "Công Lâm Hoài Thảo · 1.500.000 VND · 2,5\n=Pin · 500.000 VND"
    assert said["Mô hình – Giá trị mang lại"] == "Nước" and "Mô hình – Đối tác chính" in said
    assert "agri_hightech" not in said.values() and "Nông nghiệp" in said["Lĩnh vực"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(sign_in(boss).get(path).data))
    assert book.sheet_names == ["Nội dung", "Thành viên", "Góp vốn", "Dự toán"]
    head, first, second = book.get_sheet_by_name("Dự toán").to_python()
    assert head == ["Mã bài", "Số hồ sơ", "Dòng", "Khoản mục", "Thành tiền (VND)", "Tỉ lệ"]
    assert first == [entry.code, entry.number, 1, "Công Lâm Hoài Thảo", 1500000, 2.5]
    assert second == [entry.code, entry.number, 2, "=Pin", 500000, ""]
    _head, *people = book.get_sheet_by_name("Thành viên").to_python()
    lead = [entry.code, entry.number, "Trạm đo mặn", "Đại học Trà Vinh", "Trưởng nhóm", "Lâm Hoài Thảo"]
    assert [one[:7] for one in people] == [[*lead, date(2005, 6, 13)]]
    english = sign_in(replace(boss, locale="en")).get(f"{path}?format=csv").data.decode("utf-8-sig")
    assert "Budget – total: Cost" in english and "=Pin · 500,000 VND" in english and "Area (ha)" in english
