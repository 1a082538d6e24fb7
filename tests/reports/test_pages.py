"""The officer's page, its export and the home cards: who may, what it shows, what it never shows."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation
from compapp.contests.models import Contest
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.outbox import FAILED, OutboxMessage
from compapp.core.text import fold, sort_key
from compapp.entries.models import Entry
from tests.contests.builders import sample
from tests.reports.builders import a_finished_contest, person

NOW = datetime(2026, 12, 10, 3, 0, tzinfo=UTC)
AsPerson = Callable[..., FlaskClient]

MAY_READ = {
    "student": (403, 403),
    "organiser": (403, 403),
    "manager": (403, 403),
    "representative": (403, 403),
    "officer": (200, 200),
    "admin": (200, 403),
}
"""Role to what the page and its export answer; aggregates are for the department."""


def somebody(db: Session, role: str) -> Any:
    if role in ("officer", "admin"):
        return person("Người Thử", (role, None))
    if role == "student":
        return person("Người Thử")
    return person("Người Thử", (role, db.scalars(select(Organisation.id)).first()))


@pytest.mark.parametrize(("role", "answers"), MAY_READ.items())
def test_who_may_read_and_take_along(db: Session, as_person: AsPerson, role: str, answers: tuple[int, int]) -> None:
    a_finished_contest()
    client = as_person(somebody(db, role))
    assert (client.get("/reports/funnel").status_code, client.get("/reports/funnel.csv").status_code) == answers


def test_visitors_are_led_to_sign_in(client: FlaskClient) -> None:
    for path in ("/reports/funnel", "/reports/funnel.csv"):
        answer = client.get(path)
        assert answer.status_code == 303 and "/sign-in" in answer.location


def test_the_page_shows_numbers_and_nobody(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    clock_at(NOW)
    a_finished_contest()
    document = sample()
    client = as_person(person("Trần Thị Cán Bộ", ("officer", None)))
    pages = [client.get("/reports/funnel").text, client.get("/reports/funnel.csv").text, client.get("/home").text]
    names = [member["name"] for entry in document["entries"] for member in entry["members"]]
    titles = [entry["title"]["vi"] for entry in document["entries"]]
    for page in pages:
        assert [text for text in (*names, *titles) if text in page] == []
    assert "Từ ý tưởng đến giải thưởng" in pages[0] and "ưu tiên" in pages[0] and "Đại học Trà Vinh" in pages[0]
    assert 'href="/reports/funnel.csv?"' in pages[0]


def test_an_administrator_is_not_offered_the_export(db: Session, as_person: AsPerson) -> None:
    a_finished_contest()
    assert "funnel.csv" not in as_person(person("Lê Văn Trị", ("admin", None))).get("/reports/funnel").text


def test_filters_live_in_the_address(db: Session, as_person: AsPerson) -> None:
    a_finished_contest()
    client = as_person(person("Trần Thị Cán Bộ", ("officer", None)))
    page = client.get("/reports/funnel?contest=VL-KNST-2026&since=01/01/2030&until=").text
    assert "Không có ý tưởng nào trong phạm vi này" in page and 'value="2030-01-01"' in page
    assert "contest=VL-KNST-2026&amp;since=01%2F01%2F2030" in page
    assert client.get("/reports/funnel?contest=VL-KNST-2026&since=hôm+qua").status_code == 200
    assert client.get("/reports/funnel?_external=1&_scheme=javascript").status_code == 200


def rows_of(answer: Any, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=delimiter))


def test_the_export_opens_in_a_spreadsheet_and_is_written_down(db: Session, as_person: AsPerson) -> None:
    a_finished_contest()
    with unit_of_work():
        school = db.scalars(select(Organisation).join(Entry, Entry.institution_id == Organisation.id)).first()
        assert school is not None
        school.name_vi = "=HYPERLINK(1)"
        school.name_fold, school.name_sort = fold(school.name_vi), sort_key(school.name_vi)
    officer = person("Trần Thị Cán Bộ", ("officer", None))
    answer = as_person(officer).get("/reports/funnel.csv?contest=VL-KNST-2026")
    assert answer.data.startswith("\ufeff".encode()) and answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = rows_of(answer)
    assert rows[1][3:] == ["24", "23", "21", "5", "3", "2", "3", "2", "1"]
    cells = [cell for row in rows for cell in row]
    assert "'=HYPERLINK(1)" in cells and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    noted = db.scalars(select(AuditRow).where(AuditRow.verb == "reports.funnel.exported")).one()
    assert noted.actor_id == officer.id and noted.data["contest"] == "VL-KNST-2026"


def test_the_page_in_english(db: Session, as_person: AsPerson) -> None:
    a_finished_contest()
    officer = person("Trần Thị Cán Bộ", ("officer", None))
    with unit_of_work():
        db.merge(officer).locale = "en"
    client = as_person(officer)
    page = client.get("/reports/funnel").text
    assert "From idea to prize" in page and "Tra Vinh University" in page
    assert rows_of(client.get("/reports/funnel.csv"), ",")[0][0] == "Split"


def test_the_officer_begins_with_what_is_overdue(db: Session, as_person: AsPerson, clock_at: Any) -> None:
    a_finished_contest()
    clock_at(NOW)
    page = as_person(person("Trần Thị Cán Bộ", ("officer", None))).get("/home").text
    assert "Việc quá hạn ở các cuộc thi" in page and "quá hạn 4 ngày" in page and "Từ ý tưởng đến doanh nghiệp" in page


def test_the_administrator_sees_what_does_not_go_out(db: Session, as_person: AsPerson) -> None:
    admin = person("Lê Văn Trị", ("admin", None))
    assert "Mọi thứ ổn." in as_person(admin).get("/home").text
    with unit_of_work():
        db.add(
            OutboxMessage(
                dedupe_key="x",
                kind="x",
                channel="email",
                data={},
                state=FAILED,
                posted_at=NOW,
                not_before=NOW,
                attempts=9,
            )
        )
    assert "Thư không gửi đi được." in as_person(admin).get("/home").text


def test_students_see_none_of_these_cards(db: Session, as_person: AsPerson) -> None:
    a_finished_contest()
    page = as_person(person("Người Thử")).get("/home").text
    assert "/reports/funnel" not in page and "Tình trạng hệ thống" not in page


def test_the_page_costs_the_same_for_one_contest_and_for_none(
    db: Session, as_person: AsPerson, count_queries: Any
) -> None:
    client = as_person(person("Trần Thị Cán Bộ", ("officer", None)))

    def cost() -> int:
        with count_queries() as seen:
            assert client.get("/reports/funnel").status_code == 200
        return len(seen)

    empty = cost()
    a_finished_contest()
    assert db.scalars(select(Contest)).one().code == "VL-KNST-2026"
    assert cost() == empty <= 24
