"""Rounds judged otherwise than by criteria: from the judge's page to the published result."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.plain import deciding_by_round
from compapp.contests.sentences import plain_in
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, NotFound, Refused
from compapp.core.outbox import OutboxMessage
from compapp.judging import queries, services
from compapp.judging.file_sections.comparisons import check_comparisons, write_comparisons
from compapp.judging.models import ChairDecision, PairChoice, RoundFigure, Sheet, Shortlist
from compapp.judging.queries.pairs import pair_page
from compapp.judging.queries.papers import sheet_facts
from compapp.judging.queries.standings import file_rows, round_inputs
from compapp.judging.scoring.standings import as_file_rows
from compapp.judging.services.content import build_content, scoring_of
from compapp.judging.services.pairs import choose, hand_in_pairs
from compapp.judging.services.picks import hand_in_picks, save_picks
from compapp.judging.services.publication import publish
from compapp.judging.services.screening import decide_screening
from compapp.judging.services.shortlist import approve_shortlist, blockers, propose_shortlist
from tests.conftest import StoppedClock
from tests.judging import builders as b

pytestmark = pytest.mark.one_database
SignIn = Callable[..., Any]


def _document(mode: str, **more: Any) -> dict[str, Any]:
    """Return the sample with a first round of another mode."""
    document = b.sample(sheets=False)
    first = next(one for one in document["rounds"] if one["code"] == "R1")
    for key in ("rubric", "gates", "spread_alert_points", "advance"):
        first.pop(key, None)
    first |= {"mode": mode, **more}
    for key in ("points", "votes", "chair_decisions", "publications", "placements"):
        document.pop(key, None)
    return document


@pytest.fixture
def screening(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample(document=_document("yes_no"))
    b.assign_all(made)
    return made


def test_verdicts_from_the_page_to_the_decision(
    screening: Any, sign_in: SignIn, db: Session, clock_at: StoppedClock
) -> None:
    one = b.assignments(screening, judge="J02")[0]
    with pytest.raises(Closed), unit_of_work():
        given = services.PaperInput(total="72")
        services.enter_paper_sheet(
            one.round, one.entry, one.seat, given, actor=b.staff(screening, "secretary"), at=b.DURING
        )
    form, desk = f"/contests/{screening.code}/paper/{one.id}", sign_in(b.staff(screening, "secretary"))
    blank = desk.get(form).text
    assert blank.count('type="radio"') == 3 and 'name="total"' not in blank and "bước 0,5" not in blank
    typed = desk.post(form, data={"comment": "Chưa nêu khách hàng"})
    assert (
        typed.status_code == 422 and "Chưa nêu khách hàng" in typed.text and 'class="field field-wrong"' in typed.text
    )
    client = sign_in(b.judge(screening, "J02"))
    page = client.get(f"/sheets/{one.id}").text
    assert 'type="radio" name="score-verdict"' in page and "Từ câu trả lời sang lý do" in page
    printed = client.get(f"/sheets/{one.id}/print").text
    assert all(f"<td>☐ {word}</td>" in printed for word in ("Có", "Không", "Chưa chắc")) and "0–1" not in printed
    saved = client.post(f"/sheets/{one.id}", data={"version": "0", "score-verdict": "0", "review": "yes"})
    assert saved.status_code == 303
    refused = client.post(f"/sheets/{one.id}/submission", data={"version": "1"})
    assert refused.status_code == 422 and "Trả lời" in refused.text and "Trọng số" not in refused.text
    assert "Trả lời Không phải nêu lý do" in refused.text
    client.post(f"/sheets/{one.id}", data={"version": "1", "comment-verdict": "Chưa nêu khách hàng"})
    assert client.post(f"/sheets/{one.id}/submission", data={"version": "2"}).status_code == 303
    readers: dict[int, list[Any]] = {}
    for other in b.assignments(screening):
        readers.setdefault(other.entry_id, []).append(other)
    for entry_id, several in readers.items():
        verdicts = iter(["1", "0.5"] if entry_id == one.entry_id else ["1", "1", "1"])
        for other in several:
            if other.id != one.id:
                b.score(other, b.actor_of(other.seat.person), {"verdict": next(verdicts)})
    round_ = b.round_(screening)
    code = one.entry.code
    assert [row.advances for rows in round_inputs(round_).rows.values() for row in rows].count(None) == 1
    assert len(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "verdicts_apart")).all()) > 0
    assert code in str(blockers(round_inputs(round_)))
    clock_at(b.AFTER)
    address = f"/contests/{screening.code}/standings/R1/screening"
    chair = sign_in(b.judge(screening, "J01"))
    shown = chair.get(address).text
    assert "ít nhất 2 phiếu Có" in shown and "Ban giám khảo chưa thống nhất" in shown
    assert shown.index("Quyết định: ") < shown.index("<table"), "what waits for the chair stands on top"
    standings = f"/contests/{screening.code}/standings/R1"
    row = chair.get(f"{standings}/entries/{code}").text
    assert "Ý kiến: 1 Có, 1 Không, 1 Chưa chắc; bên nào có ít nhất 2 phiếu" in row
    assert "– ban giám khảo chưa thống nhất" in row
    supposed = chair.get(f"{standings}/what-if?yes_needed=4&method=median").text
    assert "Ra khỏi danh sách: –." not in supposed, "three yes are not enough then"
    assert "ban giám khảo chưa thống nhất" in supposed and "không đạt điều kiện" not in supposed
    assert 'id="yes_needed"' in supposed and 'id="method"' not in supposed and 'id="no_zero"' not in supposed
    assert "từ 2 đến 50" in chair.get(f"{standings}/what-if?yes_needed=1").text
    assert chair.get(f"{standings}/severity").status_code == 404
    assert f"{standings}/severity" not in chair.get(standings).text
    for data in ({"entry": code}, {"entry": code, "passes": "yes", "reason": " "}):
        assert chair.post(address, data=data).status_code == 422
    with pytest.raises(Refused), unit_of_work():
        decide_screening(round_, code, True, "…", actor=b.staff(screening, "organiser"), at=b.AFTER)
    settled = {"entry": code, "passes": "yes", "reason": "Có khách hàng thử nghiệm"}
    assert [chair.post(address, data=settled).status_code for _pressed in range(2)] == [303, 303]
    assert len(db.scalars(select(ChairDecision)).all()) == 1
    agreed = next(row["entry"] for row in file_rows(screening.code, "R1")["student"] if row["entry"] != code)
    assert chair.post(address, data=settled | {"entry": agreed}).status_code == 409
    inputs = round_inputs(b.round_(screening))
    assert blockers(inputs) == []
    with unit_of_work():
        made = propose_shortlist(b.round_(screening), actor=b.staff(screening, "organiser"), at=b.AFTER)
    assert sum(map(len, made.decided.values())) == len(readers)
    content = build_content(inputs, made, [])
    assert as_file_rows(scoring_of(content).standings("R1")) == as_file_rows(inputs.rows)
    assert queries.round_before(b.round_(screening, "R2")).code == "R1"
    for path in ("", f"/entries/{code}"):
        assert chair.get(f"/contests/{screening.code}/standings/R1{path}").status_code == 200
    written = sheet_facts(round_.id, queries.card_of(screening, round_), skip=0, most=99)
    assert {one.said for one in written} == {"Có", "Không", "Chưa chắc"}
    assert all(one.criteria[0][1:3] == ("", one.said) for one in written), "a paper sheet says the answer, no figure"
    assert sign_in(b.judge(screening, "J02")).get(address).status_code == 403
    with unit_of_work():
        approve_shortlist(made, actor=b.staff(screening, "chair"), at=b.AFTER)
    with unit_of_work():
        clock_at(publish(made, actor=b.staff(screening, "organiser"), at=b.AFTER).public_from)
    assert "Bài thi qua vòng khi có ít nhất 2 phiếu Có" in chair.get(f"/results/{screening.code}").text


def test_the_best_in_order_become_borda_points(db: Session, app: Any, sign_in: SignIn, clock_at: StoppedClock) -> None:
    clock_at(b.DURING)
    contest = b.load_sample(document=_document("top_pick", advance={"student": 2}, mode_options={"places": 2}))
    b.assign_all(contest)
    round_ = b.round_(contest)
    client = sign_in(b.judge(contest, "J02"))
    pile = queries.pile(b.judge(contest, "J02"), round_.id)
    assert pile is not None
    address = f"/desk/rounds/{round_.id}"
    said = contest.definition
    with unit_of_work():
        contest.definition = said | {"rules": said["rules"] | {"conflict_answer_before_opening": True}}
    with pytest.raises(NotFound), unit_of_work():
        save_picks(round_, {}, actor=b.judge(contest, "J02"), at=b.DURING)
    with unit_of_work():
        contest.definition = said
    assert f'href="{address}"' in client.get("/desk").text
    board, items = next((code, items) for code, items in pile.boards().items() if len(items) > 2)
    first, second, third = (one.assignment.id for one in items[:3])
    assert f'href="{address}"' in client.get(f"/sheets/{first}").text
    assert client.post(f"/sheets/{first}", data={"version": "0", "score-points": "2"}).status_code == 409
    twice = client.post(address, data={f"place-{board}-1": first, f"place-{board}-2": first})
    assert twice.status_code == 422 and "đã đứng ở vị trí khác" in twice.text
    assert client.post(address, data={f"place-{board}-1": first, f"place-{board}-2": second}).status_code == 303
    assert client.post(address, data={f"place-{board}-1": third, f"place-{board}-2": first}).status_code == 303
    _two_devices_order(client, address, board, (first, second, third))
    if len(pile.boards()) > 1:
        assert client.post(f"{address}/submission").status_code == 422
    chosen = {f"place-{board}-1": third, f"place-{board}-2": first}
    for other, several in pile.boards().items():
        if other != board:
            chosen |= {f"place-{other}-{n + 1}": one.assignment.id for n, one in enumerate(several[:2])}
    assert client.post(address, data=chosen | {"review": "yes"}).headers["Location"].endswith("/review")
    assert client.post(f"{address}/submission").status_code == 303
    assert client.post(f"{address}/submission").status_code == 303
    assert client.post(address, data=chosen).status_code == 409
    desk, kept = client.get("/desk").text, client.get(address).text
    assert [desk.count(f">Vị trí thứ {n}<") for n in (1, 2)] == [len(pile.boards())] * 2
    assert ">Không có vị trí<" in desk and "Ý kiến của tôi" in desk and "Tổng điểm của tôi" not in desk
    paper = sign_in(b.staff(contest, "secretary")).get(f"/contests/{contest.code}/paper-sheets").text
    assert "không có phiếu giấy" in paper and "/blanks" not in paper
    client = sign_in(b.judge(contest, "J02"))
    assert f"/sheets/{third}/print" not in client.get(f"/sheets/{third}").text
    assert ">Vị trí thứ 1<" in client.get(f"/sheets/{third}").text and "Vì sao Ông/Bà cần lấy lại" in kept
    points = {one.assignment_id: one.total for one in queries.desk(b.judge(contest, "J02"))[0].items}
    assert (points[third], points[first], points[second]) == (2, 1, 0)
    assert sign_in(b.judge(contest, "J03")).get(f"/sheets/{first}").status_code == 404
    for code in ("J03", "J04", "J05", "J06"):
        _order_as_given(contest, code)
    inputs = round_inputs(round_)
    figures = {row.entry: row.figure for rows in inputs.rows.values() for row in rows}
    kept = {
        row.entry.code: row.figure for row in db.scalars(select(RoundFigure).where(RoundFigure.round_id == round_.id))
    }
    assert figures == kept and len(figures) > 8
    told = " ".join(plain_in(one, "vi") for one in deciding_by_round(contest)["R1"])
    assert "Khi bằng điểm" in told and "innovation" not in told, "no judge marks the criteria of other rounds here"
    assert inputs.own.rule.tie_break and not [one for one in inputs.own.rule.tie_break if one.criterion]
    reckoned = sign_in(b.judge(contest, "J01")).get(
        f"/contests/{contest.code}/standings/R1/entries/{items[2].assignment.entry.code}"
    )
    assert "<br>" in reckoned.text and re.search(r"J02: 100,00 %", reckoned.text), "the first stands above all others"
    sheet = db.scalars(
        select(Sheet).where(Sheet.seat_id == pile.seat_id, Sheet.entry_id == items[0].assignment.entry_id)
    ).one()
    client = sign_in(b.judge(contest, "J02"))
    asking = re.search(r"/sheets/\d+/unlock-request", client.get(address).text)
    assert asking and client.post(f"/sheets/{items[0].assignment.id}/unlock-request", data={"reason": "Đọc lại"})
    assert "Ông/Bà đã xin lại" in client.get(address).text
    assert "nhận lại toàn bộ" in sign_in(b.judge(contest, "J01")).get(f"/contests/{contest.code}/unlocking").text
    with unit_of_work():
        services.reopen_sheet(sheet, actor=b.judge(contest, "J01"), at=b.DURING)
    again = queries.pile(b.judge(contest, "J02"), round_.id)
    assert again is not None and not again.is_locked and {one.sheet.state for one in again.items} == {"draft"}


def _save(client: Any, address: str, **values: Any) -> Any:
    data = {name.replace("__", "-"): value for name, value in values.items()}
    return client.post(address, data=data, headers={"Accept": "application/json"})


def _two_devices_order(client: Any, address: str, board: str, entries: tuple[int, int, int]) -> None:
    """Save places as the script does: third, first stand; nothing is lost, doubled or taken over unseen."""
    first, second, third = entries
    one, two = f"place__{board}__1", f"place__{board}__2"
    stale = _save(client, address, version=0, **{one: first})
    known = stale.get_json()["current"]
    assert stale.status_code == 409 and known["state"] == "draft"
    assert known["values"][f"place-{board}-1"] == str(third) and known["values"][f"place-{board}-2"] == str(first)
    saved = _save(client, address, version=known["version"], **{two: second})
    assert saved.status_code == 200 and saved.get_json()["errors"] == {} and saved.get_json()["saved_at"]
    version = saved.get_json()["version"]
    assert version > known["version"]
    twice = _save(client, address, version=version, **{two: third, one: ""}).get_json()
    assert twice["errors"] == {}, "moved up: the other place was emptied in the same breath"
    double = _save(client, address, version=twice["version"], **{one: third}).get_json()
    assert list(double["errors"]) == [f"place-{board}-1"] and "vị trí khác" in double["errors"][f"place-{board}-1"][0]
    assert double["version"] == twice["version"], "a refused place changes nothing"
    alien = _save(client, address, version=double["version"], **{one: 999_999}).get_json()
    assert "không nằm trong" in alien["errors"][f"place-{board}-1"][0]
    back = _save(client, address, version=alien["version"], **{one: third, two: first})
    assert back.get_json()["errors"] == {}
    assert _save(client, address, version=back.get_json()["version"], **{two: first}).get_json() | {"saved_at": ""} == {
        "version": back.get_json()["version"],
        "saved_at": "",
        "errors": {},
    }, "sent again after a lost answer: the same"


def _order_as_given(contest: Any, code: str) -> None:
    """Let a judge take the entries of each board in the order of the desk."""
    actor, round_ = b.judge(contest, code), b.round_(contest)
    pile = queries.pile(actor, round_.id)
    assert pile is not None
    with unit_of_work():
        order = {board: [one.assignment.id for one in items[:2]] for board, items in pile.boards().items()}
        save_picks(round_, order, actor=actor, at=b.DURING)
        hand_in_picks(round_, actor=actor, at=b.DURING)


def test_pairs_are_compared_one_tap_each_and_ranked_by_strength(
    db: Session, app: Any, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    clock_at(b.DURING)
    contest = b.load_sample(document=_document("pairwise", advance={"student": 2}, mode_options={"compared": 2}))
    b.assign_all(contest)
    round_, judge = b.round_(contest), b.judge(contest, "J02")
    clock_at(b.AFTER)
    assert "Bắt đầu chấm" not in sign_in(judge).get("/desk").text, "what is over is no next step"
    clock_at(b.DURING)
    desk = sign_in(judge).get("/desk").text
    assert "Bắt đầu chấm" in desk and f'aria-labelledby="contest-{round_.id} round-{round_.id}"' in desk
    client, address = sign_in(judge), f"/desk/rounds/{round_.id}"
    page = client.get(address).text
    assert 'data-pair-key="ArrowLeft"' in page and "So sánh từng cặp" in page and 'progress value="0"' in page
    first = _shown_pair(page)
    for _tap in range(2):
        assert client.post(f"{address}/choices", data=first | {"word": "left"}).status_code == 303
    (choice,) = db.scalars(select(PairChoice)).all()
    work = {one.code: one for one in queries.judges_progress(round_, reader_id=None, at=b.DURING)}
    assert work["J02"].begun == work["J02"].given > 0 and work["J03"].begun == 0, "who compares has begun"
    assert (choice.number, choice.winner_id) == (1, choice.left_id)
    _two_devices_compare(client, address, db)
    second = _shown_pair(client.get(address).text)
    assert second["number"] == "6" and {second["left"], second["right"]} != {first["left"], first["right"]}
    client.post(f"{address}/choices", data=second | {"word": "neither"})
    for _tap in range(2):
        client.post(f"{address}/choices", data={"number": "6", "undo": "yes"})
    standing = db.scalars(select(PairChoice).where(PairChoice.undone_at.is_(None))).all()
    assert [one.number for one in standing] == [1]
    again = _shown_pair(client.get(address).text)
    assert {again["left"], again["right"]} == {second["left"], second["right"]} and again["number"] == "7"
    assert client.post(f"{address}/submission", follow_redirects=True).text.count("chưa được so sánh đủ") == 1
    assert round_inputs(round_).rows["student"] == []
    for code in ("J02", "J03", "J04", "J05"):
        _prefer_lower_codes(contest, code)
    pile = queries.pile(judge, round_.id)
    assert pile is not None and pile.is_in
    inputs = round_inputs(round_)
    assert inputs.own.comparisons and all(row.figure is not None for rows in inputs.rows.values() for row in rows)
    ranked = [row.entry for row in inputs.rows["student"] if row.rank is not None]
    assert len(ranked) > 2 and ranked[-1] == max(ranked)
    before = inputs.hash
    sheet = db.scalars(select(Sheet).where(Sheet.round_id == round_.id, Sheet.state == "submitted")).first()
    with unit_of_work():
        services.void_sheet(sheet, "Xung đột phát hiện sau", actor=b.staff(contest, "organiser"), at=b.DURING)
    assert round_inputs(b.round_(contest)).hash != before
    chair = sign_in(b.judge(contest, "J01"))
    shown = chair.get(f"/contests/{contest.code}/standings/R1/strengths")
    assert shown.status_code == 200 and "khoảng tin cậy" in shown.text
    reckoned = chair.get(f"/contests/{contest.code}/standings/R1/entries/{ranked[0]}").text
    assert re.search(r"So sánh \d+ lần: thắng \d+, thua \d+, khó nói 0", reckoned)
    assert sign_in(judge).get(f"/contests/{contest.code}/standings/R1/strengths").status_code == 403
    made = Shortlist(decided={}, computed={}, reserves={}, reason="", prepared_by_name="", approved_by_name=None)
    kept = round_inputs(b.round_(contest))
    content = build_content(kept, made, [])
    assert as_file_rows(scoring_of(content).standings("R1")) == as_file_rows(kept.rows)
    exported = write_comparisons(b.round_(contest).contest)
    assert len(exported["R1"]) == len(kept.own.comparisons)
    assert check_comparisons(exported, {"rounds": [round_.definition], "entries": content["basis"]["entries"]}) == []


def _two_devices_compare(client: Any, address: str, db: Session) -> None:
    """Say words as the script does: what was said without network comes once, another word replaces the first."""
    page = client.get(address).text
    plan = json.loads(html.unescape(page.partition('data-plan="')[2].partition('"')[0]))
    (said, word), *_more = json.loads(html.unescape(page.partition('data-known="')[2].partition('"')[0]))[
        "values"
    ].items()
    names = [f"pair__{min(pair)}__{max(pair)}" for pair in plan]
    assert len(set(names)) == len(names) > 3 and said.replace("-", "__") not in names
    left = plan[0][0]
    both = {names[0]: str(left), names[1]: "neither"}
    old = _save(client, address, version=0, **both)
    assert old.status_code == 409 and old.get_json()["current"]["values"] == {said: word}
    for _again in range(2):
        version = _save(client, address, version=0).get_json()["current"]["version"]
        sent = _save(client, address, version=version, **both)
        assert sent.get_json()["errors"] == {} and sent.get_json()["version"] == 3, "the same word twice counts once"
    other = _save(client, address, version=3, **{names[0]: str(plan[0][1])}).get_json()
    assert other["version"] == 5, "another word takes the place of the first, which is kept as taken back"
    wrong = _save(client, address, version=5, **{names[1]: str(left + 10_000), "pair__1__999999": "neither"}).get_json()
    assert set(wrong["errors"]) == {names[1].replace("__", "-"), "pair-1-999999"} and wrong["version"] == 5
    back = _save(client, address, version=5, **{names[0]: "", names[1]: ""}).get_json()
    assert (back["errors"], back["version"]) == ({}, 7)
    pair = sorted(plan[2])
    both_ways = {f"pair__{pair[0]}__{pair[1]}": "neither", f"pair__{pair[1]}__{pair[0]}": "neither"}
    assert _save(client, address, version=7, **both_ways).get_json()["version"] == 8, "one pair, whichever way round"
    assert _save(client, address, version=8, **{names[2]: ""}).get_json()["version"] == 9
    kept = db.scalars(select(PairChoice).order_by(PairChoice.number)).all()
    assert [one.undone_at is None for one in kept] == [True, False, False, False, False]


def _shown_pair(page: str) -> dict[str, str]:
    """Return the hidden fields of the choice that a page offers."""
    form = page[page.index("data-pair>") :]
    return {name: re.search(rf'name="{name}" value="(\d+)"', form).group(1) for name in ("number", "left", "right")}  # type: ignore[union-attr]


def _prefer_lower_codes(contest: Any, code: str) -> None:
    """Let a judge find the entry with the lower code better until it is enough, and hand in."""
    actor, round_ = b.judge(contest, code), b.round_(contest)
    for _step in range(60):
        pile = queries.pile(actor, round_.id)
        assert pile is not None
        state = pair_page(pile)
        if state.pair is None:
            break
        one, other = state.pair
        with unit_of_work():
            word = "left" if one.code < other.code else "right"
            choose(round_, state.number, one.assignment.id, other.assignment.id, word, actor=actor, at=b.DURING)
    with unit_of_work():
        hand_in_pairs(round_, actor=actor, at=b.DURING)
