"""Near-duplicates: copies are found however they are dressed up, strangers are left alone, passages are shown."""

import pytest

from benchmarks.vietnamese import QUOTE, Writer
from compapp.entries.similarity import FLAG_AT, Piece, compare, pairs, passages, quoted, read

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
