"""The wizard and the form builder: what they do not know they keep, what they are told they say in words."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from compapp.contests import queries, services
from compapp.contests.definition import EntryForm
from compapp.contests.file.writer import definition
from compapp.contests.models import Contest
from compapp.contests.queries.wishes import message_wishes
from compapp.contests.setup import messages
from compapp.contests.setup.steps import STEPS
from compapp.core import outbox
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid
from compapp.core.messages import kinds
from compapp.core.outbox import OutboxMessage
from compapp.judging.scoring.card import read_card
from compapp.notifications.models import InboxItem
from compapp.notifications.services import drain
from tests.contests.builders import sample
from tests.contests.test_pages import AT, SYSTEM, contest, organiser, person, with_role  # noqa: F401 - fixtures
from tests.contests.wizard import Organiser, shown

pytestmark = pytest.mark.one_database


def test_a_page_saved_as_it_stands_changes_nothing(contest: Contest, as_person: Any) -> None:  # noqa: F811
    """Every page of the sample contest, sent back as a browser would: the definition stays equal, key by key."""
    with unit_of_work():
        full = services.import_document(sample(), actor=SYSTEM, at=AT)
    client = as_person(with_role(full, "other@example.vn", "organiser"))
    before = definition(full)
    pages = [
        step.name
        for step in STEPS
        if step.name not in ("boards", "form", "rubrics", "rounds", "sponsors", "people", "messages")
    ]
    pages += [f"boards/items/{one['code']}" for one in before["contest"]["boards"]]
    pages += [f"rubrics/items/{one['code']}" for one in before["rubrics"]]
    pages += [f"rounds/items/{one['code']}" for one in before["rounds"]]
    pages += [f"files/items/{one['key']}" for one in before["form"]["attachments"]]
    kinds = {one["type"]: one["key"] for one in before["form"]["fields"]}
    pages += [f"questions/items/{key}" for key in kinds.values()]
    for page in pages:
        address = f"/contests/{full.code}/manage/setup/{page}"
        answer = client.post(address, data=shown(client.get(address).text))
        assert answer.status_code == 303, page
        assert definition(queries.contest_by_code(full.code)) == before, page


def test_the_form_builder(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    wizard = Organiser(organiser, "NHO-2027")
    wizard.fill("first-questions/new", label__vi="Bạn là sinh viên?", label__en="Are you a student?", answer="yes")
    wizard.fill("rounds/new", label__vi="Chung kết", label__en="Final", rubric="RB1")
    wizard.fill(
        "parts/new",
        label__vi="Hồ sơ chung kết",
        label__en="For the final",
        from_round="R2",
        closes="2027-03-30T17:00",
        confirm="y",
    )
    choice = [{"label__vi": "Ý tưởng", "label__en": "Idea"}, {"label__vi": "Đã bán", "label__en": "Sold"}]
    wizard.rows("questions/new?type=choice", "options", choice, label__vi="Giai đoạn", label__en="Stage")
    columns = [
        {"label__vi": "Khoản mục", "label__en": "Item", "type": "text"},
        {"label__vi": "Số tiền", "label__en": "Amount", "type": "money", "total": "y"},
    ]
    wizard.rows("questions/new?type=table", "columns", columns, label__vi="Dự toán", label__en="Budget", section="P1")
    wizard.fill(
        "questions/new?type=number",
        label__vi="Doanh thu",
        label__en="Sales",
        unit__vi="đơn",
        unit__en="orders",
        least="0",
        shown_if=["stage=sold"],
        hidden_when_blind="y",
    )
    wizard.fill("questions/new?type=longtext", label__vi="Tóm tắt", label__en="Summary", max_words=150)
    wizard.fill(
        "files/new", label__vi="Video", label__en="Video", formats=["mp4", "link"], max_seconds=180, ratio="16:9"
    )
    form = EntryForm.of(queries.contest_by_code("NHO-2027"))
    assert [one.key for one in form.fields] == ["title", "stage", "budget", "sales", "summary"]
    budget, sales = form.field("budget"), form.field("sales")
    assert [(one.key, one.type, one.total) for one in budget.columns] == [
        ("item", "text", False),
        ("amount", "money", True),
    ]
    assert (budget.section, form.sections[0].from_round, form.sections[0].confirm) == ("P1", "R2", True)
    assert sales.asked_with({"stage": "sold"})
    assert not sales.asked_with({"stage": "idea"})
    assert sales.hidden_when_blind
    assert form.field("summary").max_words == 150
    assert form.attachments[0].formats == ("mp4", "link")
    assert form.eligibility[0].answer
    seen = organiser.get("/contests/NHO-2027/manage/rehearsal/form?language=en").text
    for words in ("Are you a student?", "For the final", "Budget", "orders", "At most 150 words", "Stage: Sold"):
        assert words in seen, words
    refused = {**shown(organiser.get(f"{wizard.base}/questions/new?type=choice").text).to_dict(), "label__vi": "Trống"}
    assert organiser.post(f"{wizard.base}/questions/new?type=choice", data=refused).status_code == 422


def test_what_is_deleted_takes_what_points_to_it_along(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    wizard = Organiser(organiser, "NHO-2027")
    wizard.fill("rubrics/items/RB1", remove="1")
    document = definition(queries.contest_by_code("NHO-2027"))
    assert document["rubrics"] == []
    assert "rubric" not in document["rounds"][0]
    assert "chưa có phiếu tiêu chí" in organiser.get(f"{wizard.base}/rounds").text


def test_nobody_overwrites_what_somebody_else_saved(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    page = "/contests/NHO-2027/manage/setup/boards/items/all"
    sent = shown(organiser.get(page).text)
    assert organiser.post(page, data={**sent.to_dict(), "team_max": "4"}).status_code == 303
    for version in ({}, {"version": ""}):
        kept = {key: value for key, value in sent.to_dict().items() if key != "version"} | version
        answer = organiser.post(page, data={**kept, "team_max": "6"})
        assert answer.status_code == 409
        assert definition(queries.contest_by_code("NHO-2027"))["contest"]["boards"][0]["team_max"] == 4
    answer = organiser.post(page, data={**sent.to_dict(), "team_max": "6", "label__en": ""})
    assert answer.status_code == 409
    for text in ('Đã lưu: <span class="pre-line">4</span>', 'Ông/Bà đã viết: <span class="pre-line">6</span>'):
        assert text in answer.text
    assert answer.text.count("Ông/Bà đã viết:") == 2
    again = shown(answer.text)
    assert (again["team_max"], organiser.post(page, data=again).status_code) == ("6", 303)
    prizes = page.replace("boards/items/all", "prizes")
    rows = {**shown(organiser.get(prizes).text).to_dict(), "row": "prizes-add"}
    Organiser(organiser, "NHO-2027").fill("boards/items/all", team_max=5)
    sent = shown(organiser.post(prizes, data=rows).text)
    assert (
        organiser.post(prizes, data={**sent.to_dict(), "prizes-1-award": "second", "prizes-1-vnd": "5"}).status_code
        == 409
    )
    assert organiser.get("/contests/NHO-2027/manage/setup/boards/items/gone").status_code == 404
    assert organiser.get("/contests/NHO-2027/manage/setup/nothing").status_code == 404


def test_a_rubric_that_scoring_cannot_read_is_refused_in_its_words(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    wizard = Organiser(organiser, "NHO-2027")
    page = f"{wizard.base}/rubrics/items/RB1"
    sent = {**shown(organiser.get(page).text).to_dict(), "label__vi": "Phiếu chấm"}
    refused = organiser.post(page, data={**sent, "criteria-0-anchors__vi": "10 = Rất tốt\r\nKhá = Có số liệu"})
    assert refused.status_code == 422
    assert "“Khá” không phải là mức điểm" in refused.text
    wizard.fill(
        "rubrics/items/RB1", label__vi="Phiếu chấm", **{"criteria-0-anchors__vi": "10 = Rất tốt\r\n7,5 = Có số liệu"}
    )
    rubric = definition(queries.contest_by_code("NHO-2027"))["rubrics"][0]
    assert rubric["criteria"][0]["anchors"]["vi"] == {"10": "Rất tốt", "7.5": "Có số liệu"}
    assert "7,5 = Có số liệu" in organiser.get(page).text
    weightless = organiser.post(page, data={**shown(organiser.get(page).text).to_dict(), "criteria-0-weight": "0"})
    assert "Tiêu chí 1, Trọng số: Phải lớn hơn 0." in weightless.text
    wizard.rows("prizes", "prizes", [{"award": "first", "vnd": "5000000"}, {"award": "second"}])
    prizes = definition(queries.contest_by_code("NHO-2027"))["contest"]["prizes"]
    assert [one["award"] for one in prizes] == ["first", "second"], "a rank alone is a prize"
    dates = f"{wizard.base}/dates"
    early = {**shown(organiser.get(dates).text).to_dict(), "submission__closes": "2020-01-01T17:00"}
    assert "Thời điểm này phải sau lúc bắt đầu." in organiser.post(dates, data=early).text
    wizard.fill("rules", rules__max_entries_per_institution=2, rules__min_entries_per_institution=5)
    assert "nhưng chỉ được gửi tối đa 2 bài" in organiser.get(f"{wizard.base}/rules").text
    parts = [{"label__vi": "Độc đáo", "weight": 15}, {"label__vi": "Khác biệt", "weight": 5}]
    wizard.rows("rubrics/items/RB1", "criteria", [{**one, "group__vi": "Tính mới"} for one in parts])
    assert "Chỉ mới sửa một ngôn ngữ của “Độc đáo”." in organiser.get(f"{wizard.base}/rubrics").text, "English: Idea"
    rubric = definition(queries.contest_by_code("NHO-2027"))["rubrics"][0]
    assert read_card(rubric).heads == {"idea": ({"vi": "Tính mới"}, 20)}
    assert "Tính mới – Độc đáo (15), Tính mới – Khác biệt (5)" in organiser.get(f"{wizard.base}/rounds").text


def test_messages_are_read_before_they_go_and_some_are_left_out(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    wizard = Organiser(organiser, "NHO-2027")
    listed = organiser.get(f"{wizard.base}/messages").text
    assert "Gửi mọi thành viên trong đội, khi có người vào hoặc rời đội" in listed
    page = organiser.get(f"{wizard.base}/messages/entry_submitted").text
    assert "Cuộc thi nhỏ" in page and "Small contest" in page and "Chào bạn Thảo," in page
    for kind in ("deadline_near", "assigned", "result"):
        assert organiser.get(f"{wizard.base}/messages/{kind}").status_code == 200, kind
    assert set(messages.catalogue()) <= set(kinds())
    assert organiser.get(f"{wizard.base}/messages/password_reset").status_code == 404
    wizard.fill("messages/team_changed", off="y")
    own = {"words_vi": "Hỏi cô Mai, 0900 000 000.", "words_en": "Ask Ms Mai."}
    receipt = f"{wizard.base}/messages/entry_submitted"
    sent = {**shown(organiser.get(receipt).text).to_dict(), **own}
    assert organiser.post(receipt, data={**sent, "off": "y"}).status_code == 422
    assert "Ask Ms Mai." in organiser.post(receipt, data={**sent, "row": "preview"}).text
    wizard.fill("messages/entry_submitted", **own)
    kept = definition(queries.contest_by_code("NHO-2027"))["contest"]["messages"]
    said = {"vi": "Hỏi cô Mai, 0900 000 000.", "en": "Ask Ms Mai."}
    assert kept == {"off": ["team_changed"], "words": {"entry_submitted": said}}
    assert message_wishes([contest.id])[contest.id].off == {"team_changed"}
    sent = shown(organiser.get(f"{wizard.base}/messages/remark_made").text).to_dict()
    answer = organiser.post(f"{wizard.base}/messages/remark_made", data={**sent, "words_vi": "x", "version": "1"})
    assert answer.status_code == 409 and "Ông/Bà đã viết:" in answer.text
    with pytest.raises(Invalid), unit_of_work():
        at_hand = queries.contest_by_code("NHO-2027")
        services.change_message(at_hand, "result", off=True, words={}, actor=SYSTEM, at=AT)
    who = person("doi@example.vn").id
    with unit_of_work():
        for kind in ("team_changed", "entry_submitted"):
            data = dict(kinds()[kind].sample)
            outbox.post(kind, to=[who], subject=("entry", 1), data=data, at=AT, contest_id=contest.id)
    drain(at=AT)
    rows = session().execute(select(OutboxMessage.kind, OutboxMessage.state, OutboxMessage.reason)).all()
    assert {row.reason for row in rows if row.kind == "team_changed"} == {"contest_off"}
    assert {row.state for row in rows if row.kind == "entry_submitted"} == {"sent"}
    assert "\n\nHỏi cô Mai, 0900 000 000.\n" in session().scalars(select(InboxItem.body)).one()
