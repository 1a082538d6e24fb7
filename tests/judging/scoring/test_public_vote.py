"""Counting a public vote, and what its report tells and leaves alone."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from compapp.judging.scoring.public_vote import Ballot, anomalies, count

OPENS = datetime(2027, 1, 5, 5, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=14)
OLD = OPENS - timedelta(days=30)


def _ballot(number: int, entry: str, minutes: float, **more: object) -> Ballot:
    return Ballot(number, entry, OPENS + timedelta(minutes=minutes), more.pop("made", OLD), **more)


def _quiet() -> list[Ballot]:
    """Return 120 honest votes spread over two weeks for three entries."""
    return [
        _ballot(number, "ABC"[number % 3], 160 * number, address=f"a{number}", network=f"n{number % 40}")
        for number in range(120)
    ]


def test_an_honest_vote_has_no_findings():
    assert anomalies(_quiet(), OPENS, CLOSES) == []
    assert count(_quiet(), "ABCD") == {"A": 40, "B": 40, "C": 40, "D": 0}


def test_each_kind_is_found_and_names_its_ballots():
    burst = [_ballot(1000 + n, "A", 5000 + n / 4, address=f"x{n}", network="campus", made=OLD) for n in range(25)]
    found = anomalies([*_quiet(), *burst], OPENS, CLOSES)
    assert [(one.kind, one.entry) for one in found] == [("burst", "A")]
    assert set(found[0].ballots) == {ballot.id for ballot in burst} and found[0].of == 65
    made = OPENS + timedelta(minutes=100)
    puppets = [
        _ballot(2000 + n, "B", 110 + 400 * n, address="one", network="net", made=made + timedelta(minutes=400 * n))
        for n in range(45)
    ]
    kinds = {one.kind: one for one in anomalies([*_quiet(), *puppets], OPENS, CLOSES)}
    assert set(kinds) == {"address", "network", "fresh"}
    assert kinds["address"].count == 45 and kinds["network"].others_percent == 0
    school = [_ballot(3000 + n, "C", 300 * n, school="Trường X", domain="x.edu.vn") for n in range(60)]
    kinds = {one.kind: one for one in anomalies([*_quiet(), *school], OPENS, CLOSES)}
    assert set(kinds) == {"school", "domain"} and kinds["school"].percent == 60


def test_the_second_vote_of_one_person_is_told_and_never_the_confirmed_students_own():
    number, mail = frozenset({"number:1:sv1"}), frozenset({"mail:a@b.vn"})
    votes = [
        _ballot(1, "A", 1, person=number),
        _ballot(2, "B", 2, person=number | mail, is_confirmed=True),
        _ballot(3, "B", 3, person=mail),
        _ballot(4, "B", 4, person=mail, paper="pupil"),
        _ballot(5, "A", 5, person=frozenset({"mail:c@d.vn"})),
    ]
    found = [one for one in anomalies(votes, OPENS, CLOSES) if one.kind == "person"]
    assert [(one.entry, one.ballots, one.of) for one in found] == [("A", (1,), 2), ("B", (3,), 3)]


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 20000), st.sampled_from("xy")), max_size=60), st.randoms()
)
@settings(max_examples=40)
def test_the_order_of_ballots_and_who_else_stands_do_not_matter(given_votes, chance: random.Random):
    votes = [_ballot(n, entry, minutes, address=mark) for n, (entry, minutes, mark) in enumerate(given_votes)]
    shuffled = list(votes)
    chance.shuffle(shuffled)
    assert anomalies(votes, OPENS, CLOSES) == anomalies(shuffled, OPENS, CLOSES)
    assert sum(count(votes, "AB").values()) == len(votes)
