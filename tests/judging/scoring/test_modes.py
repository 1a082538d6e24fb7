"""Every registered mode: what it promises of its figures and outcomes, whatever the judges say."""

import json
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import compapp.contests
from compapp.contests.setup import words
from compapp.judging.scoring.card import read_card
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.modes import MODES, options_of, sheet_rubric
from compapp.judging.scoring.modes.mode import FAILS, PASSES, UNDECIDED
from compapp.judging.scoring.modes.top_pick import borda
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
@settings(max_examples=120)
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


@given(st.permutations("ABCDEF"), st.integers(1, 6))
@settings(max_examples=40)
def test_borda_is_exact_and_a_better_place_never_costs_points(order, places):
    points = borda(order[:places], "FEDCBA", places)
    assert [points[entry] for entry in order[:places]] == list(range(places, 0, -1))
    assert sum(points.values()) == places * (places + 1) // 2 and set(points) == set("ABCDEF")
    for lower in range(1, places):
        moved = [*order[: lower - 1], order[lower], order[lower - 1], *order[lower + 1 : places]]
        assert borda(moved, "ABCDEF", places)[order[lower]] > points[order[lower]]
