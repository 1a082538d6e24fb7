"""The pages of the jury: they work without a script, in both languages, for the right people only."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.core.db import unit_of_work
from compapp.judging import queries, services
from compapp.judging.models import Seat, Sheet
from tests.conftest import StoppedClock
from tests.judging import builders as b

SignIn = Callable[..., Any]


def _form(**values: str) -> dict[str, str]:
    return {f"score-{code}": score for code, score in b.FULL.items()} | values


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample()
    b.assign_all(made)
    return made


def test_a_judge_scores_from_desk_to_submission(contest: Any, sign_in: SignIn, db: Session) -> None:
    client = sign_in(b.judge(contest, "J02"))
    one = b.assignments(contest, judge="J02")[0]
    number, address = one.id, f"/sheets/{one.id}"
    assert f'href="{address}"' in client.get("/desk").text
    page = client.get(address)
    assert page.status_code == 200
    assert "Tính mới, tính sáng tạo" in page.text
    assert "Sao chép giải pháp sẵn có" in page.text
    saved = client.post(address, data=_form(version="0", comment="Ý tưởng hay", review="yes"))
    assert saved.headers["Location"].endswith("/review")
    review = client.get(f"{address}/review")
    assert "69,75" in review.text or "69.75" in review.text or "Tổng" in review.text
    done = client.post(f"{address}/submission", data={"version": "1"})
    assert done.status_code == 303
    sheet = db.scalars(select(Sheet)).one()
    assert (sheet.state, sheet.scores["need"], sheet.comment) == ("submitted", "6.5", "Ý tưởng hay")
    assert client.get(address).status_code == 200
    again = client.post(address, data=_form(version="1"))
    assert again.status_code == 409
    assert client.get("/desk").status_code == 200
    assert number


def test_wrong_numbers_come_back_as_typed(contest: Any, sign_in: SignIn) -> None:
    client = sign_in(b.judge(contest, "J02"))
    address = f"/sheets/{b.assignments(contest, judge='J02')[0].id}"
    for wrong in ("11", "7,3", "-1", "bảy", "NaN", "1e3", "9" * 5000):
        page = client.post(address, data=_form(version="0", comment="giữ lại nhé") | {"score-innovation": wrong})
        assert page.status_code == 422, wrong
        assert "giữ lại nhé" in page.text


def test_autosave_answers_in_json_and_shows_both_on_conflict(contest: Any, sign_in: SignIn) -> None:
    client = sign_in(b.judge(contest, "J02"))
    address = f"/sheets/{b.assignments(contest, judge='J02')[0].id}"
    asked = {"Accept": "application/json"}
    first = client.post(address, json={"version": 0, "score-innovation": "7,5"}, headers=asked)
    assert first.status_code == 200
    assert first.json["version"] == 1
    second = client.post(address, data={"version": "1", "comment": "tốt", "score-need": "99"}, headers=asked)
    assert second.json["version"] == 2
    assert "score-need" in second.json["errors"]
    stale = client.post(address, json={"version": 1, "comment": "khác"}, headers=asked)
    assert stale.status_code == 409
    assert stale.json["current"]["comment"] == "tốt"
    assert stale.json["sent"]["comment"] == "khác"
    plain = client.post(address, data={"version": "1", "comment": "khác"})
    assert plain.status_code == 409
    assert "tốt" in plain.text and "khác" in plain.text
    for junk in (b"[]", b"{", b"\xff"):
        answer = client.post(address, data=junk, headers=asked, content_type="application/json")
        assert answer.status_code in (400, 415)


def test_budgets_of_desk_sheet_and_autosave(contest: Any, sign_in: SignIn, count_queries: Any) -> None:
    client = sign_in(b.judge(contest, "J02"))
    address = f"/sheets/{b.assignments(contest, judge='J02')[0].id}"
    client.get("/desk")
    with count_queries() as seen:
        client.get("/desk")
    assert len(seen) <= 10, seen
    client.post(address, data={"version": "0", "comment": "một"}, headers={"Accept": "application/json"})
    with count_queries() as seen:
        client.get(address)
    assert len(seen) <= 12, seen
    with count_queries() as seen:
        answer = client.post(address, data={"version": "1", "comment": "hai"}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= 8, seen


def test_desk_takes_the_same_queries_for_one_and_for_many(
    db: Session, app: Any, sign_in: SignIn, clock_at: StoppedClock, count_queries: Any
) -> None:
    clock_at(b.DURING)
    contest = b.load_sample()
    organiser = b.staff(contest, "organiser")
    with unit_of_work():
        services.assign(
            b.round_(contest),
            b.entry(contest, "S01"),
            b.seat(contest, "J02"),
            reason="một",
            actor=organiser,
            at=b.BEFORE,
        )
    client = sign_in(b.judge(contest, "J02"))
    client.get("/desk")
    with count_queries() as one:
        client.get("/desk")
    for code in ("S02", "S03", "S04", "S05", "P01", "P02"):
        with unit_of_work():
            services.assign(
                b.round_(contest),
                b.entry(contest, code),
                b.seat(contest, "J02"),
                reason="n",
                actor=organiser,
                at=b.BEFORE,
            )
    with count_queries() as many:
        client.get("/desk")
    assert len(one) == len(many)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_office_pages_render(contest: Any, sign_in: SignIn, language: str) -> None:
    client = sign_in(b.staff(contest, "organiser"))
    client.set_cookie("language", language)
    seat = b.seat(contest, "J02").id
    given = b.assignments(contest, judge="J02")[0].id
    code = contest.code
    for path in (
        f"/contests/{code}/judging",
        f"/contests/{code}/jury",
        f"/contests/{code}/jury/{seat}",
        f"/contests/{code}/assignments/R1",
        f"/contests/{code}/assignments/R2",
        f"/contests/{code}/progress/R1",
        f"/contests/{code}/given/{given}/withdrawal",
        f"/contests/{code}/paper-sheets",
        f"/contests/{code}/paper-sheets/R1/{seat}",
        f"/contests/{code}/paper-sheets/R1/{seat}/blanks",
        f"/contests/{code}/paper/{given}",
        "/home",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[:500])
    sign_in(b.staff(contest, "chair"))
    assert client.get(f"/contests/{code}/unlocking").status_code == 200
    sign_in(b.judge(contest, "J02"))
    for path in (
        f"/contests/{code}/my-seat",
        "/desk",
        f"/sheets/{given}",
        f"/sheets/{given}/recusal",
        f"/sheets/{given}/print",
    ):
        assert client.get(path).status_code == 200, path


def test_inviting_answering_by_link_and_by_hand(contest: Any, sign_in: SignIn, db: Session) -> None:
    client = sign_in(b.staff(contest, "organiser"))
    base = f"/contests/{contest.code}/jury"
    wrong = client.post(base, data={"name": "", "email": "không phải"})
    assert wrong.status_code == 422
    sent = client.post(base, data={"name": "Giám Khảo Mới", "email": "moi@example.vn", "sectors": ["ict"]})
    assert sent.status_code == 303
    twice = client.post(base, data={"name": "Giám Khảo Mới", "email": "moi@example.vn"})
    assert twice.status_code == 409
    from compapp.core.outbox import OutboxMessage

    message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "jury_invitation")).one()
    assert message.address == "moi@example.vn"
    visitor = sign_in(None)
    path = message.data["secret_path"]
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, data={"answer": "accept"}).status_code == 422
    accepted = visitor.post(path, data={"answer": "accept", "pledge": "y"})
    assert accepted.status_code == 303
    assert accepted.headers["Location"].startswith("/invitation/")
    assert visitor.post(path, data={"answer": "accept", "pledge": "y"}).status_code == 409
    seat = db.scalars(select(Seat).where(Seat.code == "J13")).one()
    assert seat.state == "accepted"
    assert b.judge(contest, "J13").has("judge", "contest", contest.id)


def test_declaring_hides_the_titles(contest: Any, sign_in: SignIn, db: Session) -> None:
    client = sign_in(b.judge(contest, "J02"))
    one = b.assignments(contest, judge="J02")[0]
    title, number = one.entry.title["vi"], one.id
    page = client.get(f"/contests/{contest.code}/my-seat")
    assert title in page.text
    answer = client.post(
        f"/contests/{contest.code}/my-seat/conflicts", data={"entries": [str(one.entry_id)], "kind": "family"}
    )
    assert answer.status_code == 303
    for path in (f"/contests/{contest.code}/my-seat", "/desk", "/home"):
        assert title not in client.get(path).text
    assert client.get(f"/sheets/{number}").status_code == 404
    assert client.post(f"/sheets/{number}", data=_form()).status_code == 404


def test_paper_takes_two_people_on_the_pages(contest: Any, sign_in: SignIn, db: Session) -> None:
    given = b.assignments(contest, judge="J02")[0]
    base = f"/contests/{contest.code}"
    draft = _form(comment="Còn cân nhắc", version="0") | {"score-need": "9,5"}
    assert sign_in(b.judge(contest, "J02")).post(f"/sheets/{given.id}", data=draft).status_code == 303
    client = sign_in(b.staff(contest, "secretary"))
    blank = client.get(f"{base}/paper/{given.id}").text
    assert "đã bắt đầu chấm trực tuyến" in blank and "9,5" not in blank and "Còn cân nhắc" not in blank
    assert client.post(f"{base}/paper/{given.id}", data={"total": "130"}).status_code == 422
    wrong = client.post(f"{base}/paper/{given.id}", data=_form() | {"total": "71"})
    assert wrong.status_code == 422 and "Cộng các tiêu chí được 69,75, trên giấy ghi 71" in wrong.text
    entered = client.post(f"{base}/paper/{given.id}", data=_form() | {"total": "69,8", "next": "yes"})
    others = {f"{base}/paper/{one.id}" for one in b.assignments(contest, judge="J02") if one.id != given.id}
    assert entered.status_code == 303 and entered.headers["Location"] in others, "on to the next of the heap"
    sheet = db.scalars(select(Sheet)).one()
    number = sheet.id
    waiting = f"{base}/paper-sheets/waiting/{number}"
    assert sheet.state == "unconfirmed"
    assert client.get(f"{base}/paper/{given.id}").headers["Location"] == waiting, "the code on the paper leads there"
    assert client.post(f"{waiting}/confirmation").status_code == 403
    sign_in(b.staff(contest, "organiser"))
    assert "paper-differs" in client.get(waiting).text
    assert client.post(f"{waiting}/return", data={"reason": ""}).status_code == 422
    differs = {"score-need": "7", "reason": "Chữ ký ở trang sau."}
    assert client.post(f"{waiting}/return", data=differs).status_code == 303
    sign_in(b.staff(contest, "secretary"))
    listed = client.get(f"{base}/paper-sheets").text
    assert "đã nhập 6,5, trên giấy ghi 7." in listed and f'href="{base}/paper/{given.id}"' in listed
    assert queries.sheets_in_need([contest.id], b.staff(contest, "secretary").person_id)[contest.id] == (0, 0, 1)
    assert "Chữ ký ở trang sau." in client.get(f"{base}/paper/{given.id}").text
    assert client.post(f"{base}/paper/{given.id}", data=_form() | {"score-need": "7"}).status_code == 303
    sign_in(b.staff(contest, "organiser"))
    assert client.post(f"{base}/paper-sheets/waiting/{number}/confirmation").status_code == 303
    assert db.scalars(select(Sheet)).one().state == "submitted"
    assert queries.paper_waiting(contest.id) == []
