"""What visitors see: which contests, which action, in both languages, and nobody's name."""

import copy
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core.db import unit_of_work
from compapp.portal.views.kept import forget
from compapp.web.i18n import COOKIE
from tests.entries.builders import a_contest, definition, person
from tests.portal.builders import publish, whole_sample

OPEN_AT = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


def text_of(client: FlaskClient, path: str, language: str = "vi") -> str:
    client.set_cookie(COOKIE, language)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def set_state(contest: Contest, state: str) -> None:
    with unit_of_work() as _unit:
        from compapp.core.db import session

        session().get_one(Contest, contest.id).state = state


def test_visitors_start_at_what_is_open(client: FlaskClient, clock_at: Any) -> None:
    clock_at(OPEN_AT)
    a_contest()
    page = text_of(client, "/")
    assert "Cuộc thi Ý tưởng khởi nghiệp" in page and 'href="/contests/VL-KNST-2026"' in page
    assert "Đang nhận bài" in page and "Hết hạn nộp bài" in page
    assert "Vinh Long Student Startup" in text_of(client, "/", "en")


def test_who_is_signed_in_goes_to_their_work(as_person: Callable[..., FlaskClient]) -> None:
    answer = as_person(person("Lê An")).get("/")
    assert (answer.status_code, answer.location) == (303, "/home")


def test_empty_lists_say_so(client: FlaskClient) -> None:
    assert "No contest receives entries today" in text_of(client, "/", "en")
    assert "No result is published yet" in text_of(client, "/", "en")
    assert "No contest is announced yet" in text_of(client, "/contests", "en")


def test_a_draft_is_nobodys_business(client: FlaskClient, as_person: Callable[..., FlaskClient]) -> None:
    contest = a_contest()
    set_state(contest, "draft")
    assert client.get("/contests/VL-KNST-2026").status_code == 404
    assert as_person(person("Lê An")).get("/contests/VL-KNST-2026").status_code == 404
    assert "VL-KNST-2026" not in text_of(client, "/contests")
    assert client.get("/contests/khong-co").status_code == 404


@pytest.mark.parametrize("search", ["khoi nghiep", "KHỞI NGHIỆP", "hoc sinh", "startup idea", "so khoa hoc"])
def test_the_search_needs_no_marks(client: FlaskClient, clock_at: Any, search: str) -> None:
    clock_at(OPEN_AT)
    a_contest()
    assert "VL-KNST-2026" in text_of(client, f"/contests?q={search}")


def test_a_search_without_a_hit_offers_a_way_back(client: FlaskClient) -> None:
    a_contest()
    page = text_of(client, "/contests?q=%3Cb%3Exyz", "en")
    assert "No contest has these words" in page and "Show all contests" in page and "<b>xyz" not in page


PHASES = [
    (timedelta(days=-30), "open", "Mở nhận bài lúc", "Xem cần chuẩn bị gì"),
    (timedelta(), "open", "Nhận bài đến", "Dự thi ngay"),
    (timedelta(days=60), "judging", "Đã đóng nhận bài", "Cách xét kết quả"),
    (timedelta(days=400), "archived", "Cuộc thi đã kết thúc.", "Cách xét kết quả"),
]


@pytest.mark.parametrize(("moved", "state", "sentence", "action"), PHASES)
def test_each_phase_has_one_action(
    client: FlaskClient, clock_at: Any, moved: timedelta, state: str, sentence: str, action: str
) -> None:
    contest = a_contest()
    set_state(contest, state)
    clock_at(OPEN_AT + moved)
    page = text_of(client, "/contests/VL-KNST-2026")
    assert sentence in page and action in page
    assert len(re.findall(r'class="[^"]*button-primary', page)) == 1
    assert ('href="/contests/VL-KNST-2026/entries/new"' in page) == (action == "Dự thi ngay")


def test_the_page_says_everything_a_team_needs(client: FlaskClient, clock_at: Any) -> None:
    clock_at(OPEN_AT)
    a_contest()
    page = text_of(client, "/contests/VL-KNST-2026")
    for wanted in (
        "Từ ý tưởng đến vườn ươm",
        "trường THPT và trường THCS",
        "1 đến 5 người",
        "30.000.000 đồng",
        "tối đa 20 MB, tối đa 15 trang",
        "tối đa 3 phút",
        "Tính mới, tính sáng tạo",
        "Cách tiếp cận mới, khác biệt rõ",
        "Ý tưởng vẫn là của bạn.",
        "Sở Khoa học và Công nghệ",
        "đang diễn ra",
    ):
        assert wanted in page, wanted
    english = text_of(client, "/contests/VL-KNST-2026", "en")
    assert "high schools and lower secondary schools" in english and "at most 3 minutes" in english


def test_published_results_become_the_action(client: FlaskClient, clock_at: Any) -> None:
    contest = a_contest()
    set_state(contest, "judging")
    publish(contest, "R1", at=OPEN_AT + timedelta(days=70), public_from=OPEN_AT + timedelta(days=71))
    clock_at(OPEN_AT + timedelta(days=70, hours=1))
    assert "Xem kết quả" not in text_of(client, "/contests/VL-KNST-2026")
    clock_at(OPEN_AT + timedelta(days=71, hours=1))
    assert 'href="/results/VL-KNST-2026"' in text_of(client, "/contests/VL-KNST-2026")
    assert 'href="/results/VL-KNST-2026"' in text_of(client, "/")


def test_no_page_names_anybody(client: FlaskClient, clock_at: Any) -> None:
    """The whole sample: teams, judges, mentors, secretaries; half of the teams are under 18."""
    document = whole_sample()
    people = [member["name"] for entry in document["entries"] for member in entry["members"]]
    people += [one["name"] for section in ("judges", "mentors", "secretaries") for one in document[section]]
    assert len(people) > 100
    for moment in (OPEN_AT, OPEN_AT + timedelta(days=70), OPEN_AT + timedelta(days=300)):
        clock_at(moment)
        for path in ("/", "/contests", "/contests/VL-KNST-2026", "/privacy", "/help"):
            page = text_of(client, path)
            assert [name for name in people if name in page] == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/privacy", "/help"])
def test_standing_texts_are_there_in_both_languages(client: FlaskClient, path: str, language: str) -> None:
    page = text_of(client, path, language)
    assert f'<html lang="{language}">' in page
    if path == "/privacy":
        assert "91/2025/QH15" in page


def test_robots_leave_private_pages_alone(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain" and "Disallow: /entries" in answer.text


def test_the_foot_of_every_page_leads_on(client: FlaskClient) -> None:
    page = text_of(client, "/help")
    for path in ("/contests", "/help", "/privacy"):
        assert f'href="{path}"' in page.split("<footer")[1]


def test_a_list_of_thirty_costs_as_many_queries_as_one(
    app: Flask, db: Session, client: FlaskClient, count_queries: Any
) -> None:
    def seen(path: str) -> int:
        forget()
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    a_contest()
    one = {path: seen(path) for path in ("/", "/contests")}
    for number in range(2, 12):
        document = copy.deepcopy(definition())
        document["contest"]["code"] = f"VL-{number}"
        a_contest(f"VL-{number}", document)
    assert {path: seen(path) for path in one} == one
    assert max(one.values()) <= 8
