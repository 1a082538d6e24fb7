"""Every registered mode: what it promises of its figures and outcomes, whatever the judges say."""

import json
import random
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import compapp.contests
from compapp.contests.setup import words
from compapp.judging.scoring.card import read_card
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.marks import Mark
from compapp.judging.scoring.model import Comparison
from compapp.judging.scoring.modes import MODES, options_of, sheet_rubric
from compapp.judging.scoring.modes.mode import FAILS, PASSES, UNDECIDED
from compapp.judging.scoring.modes.pairwise import bradley_terry, coming_pairs, strengths
from compapp.judging.scoring.modes.top_pick import borda, placed
from compapp.judging.scoring.modes.yes_no import outcome

SCHEMA = json.loads((Path(compapp.contests.__file__).parent / "file" / "schema.json").read_text(encoding="utf-8"))
VERDICTS = st.sampled_from([Fraction(0), Fraction(50), Fraction(100)])
_GREATER = {FAILS: 0, UNDECIDED: 1, PASSES: 2}


def test_file_form_and_registry_know_the_same_modes_and_options():
    piece = SCHEMA["properties"]["rounds"]["items"]["properties"]
    assert piece["mode"]["enum"] == list(MODES) == ["rubric", *words.MODES]
    options = {option.name: (mode.name, option) for mode in MODES.values() for option in mode.options}
    assert {name: mode for name, (mode, _) in options.items()} == words.MODE_OPTIONS
    for name, shape in piece["mode_options"]["properties"].items():
        option = options[name][1]
        assert (shape["minimum"], shape["maximum"]) == (option.least, option.most)
        assert option.least <= option.default <= option.most
    for name in words.MODES:
        rubric = sheet_rubric({"mode": name})
        assert rubric is not None and read_card(rubric).lines
        assert MODES[name].decides % options_of({"mode": name})


@given(st.lists(VERDICTS, max_size=7), st.integers(2, 4), st.randoms())
@settings(max_examples=40)
def test_consensus_is_fair(totals, needed, chance):
    options = {"yes_needed": needed}
    found = outcome(totals, options, None)
    shuffled = list(totals)
    chance.shuffle(shuffled)
    assert outcome(shuffled, options, None) == found
    assert _GREATER[outcome([*totals, Fraction(100)], options, None)] >= _GREATER[found]
    mirrored = outcome([100 - one for one in totals], options, None)
    assert _GREATER[mirrored] == 2 - _GREATER[found]
    assert outcome(totals, options, True) == PASSES and outcome(totals, options, False) == FAILS


def _screening(verdicts: dict[str, list[float]], **more: object) -> dict[str, object]:
    return {
        "contest": {"boards": [{"code": "b"}], "rules": {"aggregation": {"method": "judge_rank"}}},
        "rounds": [{"code": "R1", "mode": "yes_no", **more}],
        "entries": [{"code": code, "board": "b"} for code in verdicts],
        "sheets": {
            "R1": [
                {"entry": code, "judge": f"J{number}", "scores": {"verdict": given}}
                for code, all_given in verdicts.items()
                for number, given in enumerate(all_given)
            ]
        },
    }


def test_everybody_who_passes_goes_on_and_the_chair_settles_what_is_open():
    document = _screening({"A": [1, 1, 0], "B": [0, 0, 1], "C": [1, 0, 0.5], "D": [1, 1, 1], "E": [1]})
    rows = {row.entry: row for row in contest_scoring(document).standings("R1")["b"]}
    assert {code: row.advances for code, row in rows.items()} == {
        "A": True,
        "B": False,
        "C": None,
        "D": True,
        "E": False,
    }
    assert (rows["A"].total, rows["D"].rank, rows["E"].rank) == ("66.67", 1, None)
    assert (rows["B"].gates_failed, rows["C"].gates_failed) == (("screened_out",), ("no_consensus",))
    document["chair_decisions"] = [{"round": "R1", "entries": ["C"], "by": "J0", "reason": "…", "passes": True}]
    again = {row.entry: row for row in contest_scoring(document).standings("R1")["b"]}
    assert again["C"].advances is True and again["C"].gates_failed == ()
    limited = _screening({"A": [1, 1, 0], "C": [1, 1, 0.5], "D": [1, 1, 1]}, advance={"b": 2})
    assert [row.entry for row in contest_scoring(limited).standings("R1")["b"] if row.advances] == ["D", "C"]


def _orders(orders, places):
    return [
        Mark(entry, "b", judge, Fraction(points))
        for judge, order in orders.items()
        for entry, points in placed(order[:places], order, places).items()
    ]


@given(st.lists(st.permutations("ABCDEF"), min_size=1, max_size=4), st.integers(1, 6))
@settings(max_examples=40)
def test_borda_is_exact_and_a_better_place_never_costs(orders, places):
    named = {f"J{number}": list(order) for number, order in enumerate(orders)}
    found = borda(_orders(named, places)).values
    for entry in "ABCDEF":
        above = Fraction(0)
        for order in orders:
            ranks = {code: min(position, places) for position, code in enumerate(order)}
            for other in set("ABCDEF") - {entry}:
                above += Fraction(1, 2) if ranks[entry] == ranks[other] else int(ranks[entry] < ranks[other])
        assert found[entry] == 100 * above / (5 * len(orders))
    for position in range(1, places):
        moved = dict(named)
        first = list(orders[0])
        first[position - 1], first[position] = first[position], first[position - 1]
        moved["J0"] = first
        assert borda(_orders(moved, places)).values[first[position - 1]] > found[first[position - 1]]


def test_a_small_pile_is_no_advantage():
    marks = _orders({"J1": list("ABCDE"), "J2": list("AB"), "J3": ["F"]}, 2)
    found = borda(marks).values
    assert found == {"A": 100, "B": Fraction(75, 2), "C": 25, "D": 25, "E": 25, "F": 50}
    assert sum(borda(_orders({"J": list("XYZ")}, 2)).values.values()) / 3 == 50


def _said(pairs, seed=0):
    return [
        Comparison(f"J{(number + seed) % 4}", left, right, winner) for number, (left, right, winner) in enumerate(pairs)
    ]


@st.composite
def _comparisons(draw):
    codes = "ABCDE"[: draw(st.integers(2, 5))]
    pair = st.tuples(st.sampled_from(codes), st.sampled_from(codes), st.integers(0, 2)).filter(
        lambda one: one[0] != one[1]
    )
    said = draw(st.lists(pair, max_size=25))
    return codes, [(left, right, (left, right, None)[who]) for left, right, who in said]


@given(_comparisons(), st.randoms())
@settings(max_examples=40)
def test_strengths_are_fair(given_said, chance):
    codes, pairs = given_said
    found = strengths(codes, _said(pairs))
    shuffled = [
        (right, left, winner) if chance.random() < 0.5 else (left, right, winner) for left, right, winner in pairs
    ]
    chance.shuffle(shuffled)
    again = strengths(reversed(codes), _said(shuffled))
    assert all(abs(found[code].chance - again[code].chance) < 1e-6 for code in codes)
    assert all(0 < one.low <= one.chance <= one.high < 100 for one in found.values())
    better = strengths(codes, _said([*pairs, (codes[0], codes[1], codes[0])]))
    assert better[codes[0]].chance > found[codes[0]].chance - 1e-6
    assert better[codes[1]].chance < found[codes[1]].chance + 1e-6


def test_a_planted_order_comes_out_and_few_comparisons_are_asked():
    chance = random.Random(7)
    codes = [f"S{number:02}" for number in range(12)]
    truth = {code: 1.7**-number for number, code in enumerate(codes)}
    said = []
    for judge in range(8):
        pile = chance.sample(codes, 9)
        own = []
        while (pair := next(coming_pairs(pile, own, said, wanted=4, seed=f"J{judge}"), None)) is not None:
            left, right = pair
            assert {left, right} <= set(pile) and frozenset(pair) not in {frozenset(one) for one in own}
            own.append(pair)
            won = chance.random() < truth[left] / (truth[left] + truth[right])
            said.append(Comparison(f"J{judge}", left, right, left if won else right))
        assert min(sum(code in pair for pair in own) for code in pile) >= 4 and len(own) <= 22
    found = sorted(strengths(codes, said).values(), key=lambda one: -one.chance)
    place = {one.entry: number for number, one in enumerate(found)}
    agreeing = sum(place[a] < place[b] for number, a in enumerate(codes) for b in codes[number + 1 :])
    assert agreeing >= 0.85 * 66 and found[0].entry in codes[:3]
    assert list(coming_pairs(["A"], [], [], wanted=4, seed="")) == []
    lone = strengths(["A", "B"], [Comparison("J", "A", "B", "A")] * 50)
    assert 90 < lone["A"].chance < 100 and abs(lone["A"].chance + lone["B"].chance - 100) < 1e-6


def test_only_what_was_handed_in_is_compared():
    marks = [Mark("A", "b", "J1", Fraction(1)), Mark("B", "b", "J1", Fraction(0)), Mark("C", "c", "J1", Fraction(1))]
    handed_in = bradley_terry(marks, [Comparison("J1", "A", "B", "A")]).values
    drafts = [Comparison("J2", "B", "A", "B"), Comparison("J1", "A", "C", "C"), Comparison("J1", "A", "D", "D")]
    assert bradley_terry(marks, [Comparison("J1", "A", "B", "A"), *drafts]).values == handed_in
    assert handed_in["A"] > 50 > handed_in["B"] and handed_in["C"] == 50
