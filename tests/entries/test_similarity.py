"""Near-duplicates: copies are found however they are dressed up, strangers are left alone, passages are shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.vietnamese import QUOTE, Writer
from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries, services
from compapp.entries.jobs import compare_texts
from compapp.entries.models import Entry, SimilarityCheck, TeamMember
from compapp.entries.queries import copies
from compapp.entries.similarity import FLAG_AT, Piece, compare, pairs, passages, quoted, read
from tests.conftest import StoppedClock
from tests.entries import builders as b

MANY = 60


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(7)


@pytest.fixture(scope="module")
def texts(writer: Writer) -> dict[int, str]:
    return {key: writer.proposal(500) for key in range(1, MANY + 1)}


def test_every_way_of_copying_is_found_and_nobody_else(writer: Writer, texts: dict[int, str]) -> None:
    given = dict(texts)
    planted = set()
    for place, way in enumerate(writer.ways().values(), 1):
        given[MANY + place] = way(texts[place])
        planted.add((place, MANY + place))
    runs = {key: read([Piece("a", text)]).runs for key, text in given.items()}
    found = {(one.left, one.right): one.score for one in pairs(runs)}
    assert {pair for pair, score in found.items() if score >= FLAG_AT} == planted
    for original, copy in planted:
        others = {key: those for key, those in runs.items() if key != copy}
        best = compare(runs[copy], others).matches[0]
        assert best.key == original and best.score == pytest.approx(found[original, copy], abs=0.1)


def test_passages_stand_side_by_side_with_their_words_marked() -> None:
    copied = "Trạm đo mặn gồm một phao ống nhựa neo ở đầu mương, mười phút báo một lần."
    one = read([Piece("problem", "Nước mặn vào vườn cây của bà con."), Piece("solution", f"Điểm mới là đây. {copied}")])
    other = read([Piece("idea", f"{copied.replace('Trạm', 'Tram').replace('mương', 'muong')} Phần sau khác hẳn.")])
    (passage,) = passages(one, other)
    assert (passage.left.place, passage.right.place) == ("solution", "idea")
    assert passage.words == len(copied.split())
    ((start, end),) = passage.left.marks
    assert passage.left.text[start:end] == copied.removesuffix(".")
    ((start, end),) = passage.right.marks
    assert passage.right.text[start:end].startswith("Tram đo mặn")
    common = frozenset(one.runs.tolist())
    assert passages(one, other, common=common) == []


def test_a_decision_that_many_quote_is_no_copy(writer: Writer, texts: dict[int, str]) -> None:
    given = {key: read([Piece("a", f"{text} {QUOTE}" if key % 4 == 0 else text)]) for key, text in texts.items()}
    runs = {key: reading.runs for key, reading in given.items()}
    assert [one for one in pairs(runs) if one.score >= FLAG_AT] == []
    assert passages(given[4], given[8], common=quoted(runs)) == []


def test_short_and_empty_texts_are_like_nothing() -> None:
    empty, short = read([]), read([Piece("a", "Không có. Chưa có.")])
    assert compare(empty.runs, {1: short.runs}).matches == ()
    assert pairs({1: short.runs, 2: short.runs}) == []


def _text(writer: Writer) -> str:
    return " ".join(writer.sentence() for _line in range(12))[:1400]


def _entry(contest: Contest, name: str, text: str, title: str, writer: Writer) -> Entry:
    lead = b.actor(b.person(name))
    entry = b.complete(b.a_draft(contest, lead, title=title), lead)
    own = dict.fromkeys(("problem", "customers", "model", "finance", "impact", "resources", "member_roles"))
    with unit_of_work():
        values = {key: writer.sentence() for key in own} | {"solution": text}
        services.save_answers(entry, values, actor=lead, at=b.OPEN_AT)
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    return entry


def test_a_copy_is_flagged_shown_and_decided_by_a_person(
    db: Session, clock_at: StoppedClock, as_person: Callable[..., FlaskClient], writer: Writer
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    organiser = b.staff(contest)
    text = _text(writer)
    first = _entry(contest, "Lâm Hoài Thảo", text, "Trạm đo mặn", writer)
    other = b.a_contest("THU-HAI")
    foreign = _entry(other, "Phạm Gia Bảo", writer.reordered(text), "Một ý ở cuộc thi khác", writer)
    second = _entry(contest, "Nguyễn Minh Khôi", writer.unmarked(text), "Ý tưởng khác hẳn", writer)
    _entry(contest, "Võ Hạnh Dung", _text(writer), "Ý tưởng riêng", writer)
    ids = (first.id, second.id, foreign.id)
    compare_texts()
    compare_texts()
    session().expire_all()
    flags = {(one.other_entry_id, one.entry_id): one for one in copies.flags_of_contest(contest.id)}
    assert set(flags) == {(ids[0], ids[1]), (ids[2], ids[1])}
    found = session().scalars(select(OutboxMessage).where(OutboxMessage.kind == "similarity_found")).all()
    assert {one.person_id for one in found if one.contest_id == contest.id} == {organiser.person_id}
    client = as_person(session().get_one(Person, organiser.person_id))
    code, near, far = contest.code, flags[ids[0], ids[1]].id, flags[ids[2], ids[1]].id
    assert "Trạm đo mặn" in client.get(f"/contests/{code}/similarities").get_data(as_text=True)
    narrowed = [client.get(f"/contests/{code}/similarities?entry={one}").get_data(as_text=True) for one in ids[:2]]
    assert [(f"/similarities/{near}" in one, f"/similarities/{far}" in one) for one in narrowed] == [
        (True, False),
        (True, True),
    ]
    page = client.get(f"/contests/{code}/similarities/{near}").get_data(as_text=True)
    assert page.count("<mark>") >= 2 and "Trạm đo mặn" in page
    page = client.get(f"/contests/{code}/similarities/{far}").get_data(as_text=True)
    assert "Một ý ở cuộc thi khác" not in page
    assert client.get(f"/contests/{other.code}/similarities/{far}").status_code == 404
    advisor = TeamMember(
        entry_id=ids[2],
        person_id=organiser.person_id,
        position=9,
        role="advisor",
        name="Ban tổ chức",
        joined_at=b.OPEN_AT,
        definition={},
    )
    with unit_of_work():
        session().add(advisor)
    assert client.get(f"/contests/{code}/similarities/{far}").status_code == 404, "the team beats the office"
    assert f"/similarities/{far}" not in client.get(f"/contests/{code}/similarities").get_data(as_text=True)
    with unit_of_work():
        session().get_one(TeamMember, advisor.id).left_at = b.OPEN_AT
    sent = {"kind": "suspected_copy", "against": "later", "reason": "Hai phần giải pháp giống nhau."}
    assert client.post(f"/contests/{code}/similarities/{near}/case", data=sent).status_code == 303
    assert client.post(f"/contests/{code}/similarities/{far}/dismissal", data={"note": ""}).status_code == 422
    assert client.post(f"/contests/{code}/similarities/{far}/dismissal", data={"note": "Đã hỏi."}).status_code == 303
    session().expire_all()
    assert {one.state for one in copies.flags_of_contest(contest.id)} == {"pursued", "dismissed"}
    (case,) = queries.open_cases(contest.id)
    assert (case.entry_id, case.other_entry_id, case.due_at - case.opened_at) == (ids[1], ids[0], timedelta(hours=72))


def test_after_the_deadline_all_are_compared_together_once(db: Session, clock_at: StoppedClock, writer: Writer) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    for name in ("Lâm Hoài Thảo", "Nguyễn Minh Khôi"):
        _entry(contest, name, _text(writer), f"Ý của {name}", writer)
    compare_texts()
    clock_at(b.AFTER)
    compare_texts()
    compare_texts()
    check = copies.last_check(contest.id)
    assert check is not None and (check.entries, check.flags) == (2, 0)
    assert session().scalar(select(func.count()).select_from(SimilarityCheck)) == 1
