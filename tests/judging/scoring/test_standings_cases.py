"""Standings by hand: each rule of the contest file's page in its smallest case."""

from fractions import Fraction

import pytest

from compapp.judging.scoring.exact import ScoringFault, decimal_string, round_half_up, to_fraction
from compapp.judging.scoring.from_file import contest_scoring, rubric, rule_faults
from compapp.judging.scoring.standings import as_file_rows

THREE = [{"code": "idea", "weight": 60}, {"code": "team", "weight": 40}]


def contest(totals, *, round_=None, rules=None, scores=None, boards=("a",), **more):
    """A contest of one round; ``totals`` maps an entry to its judges' totals."""
    sheets = [
        {"entry": entry, "judge": f"J{number}", "total": str(total)}
        for entry, given in totals.items()
        for number, total in enumerate(given)
    ]
    return {
        "contest": {"boards": [{"code": board} for board in boards], "rules": rules or {}},
        "rubrics": [{"code": "RB", "scale": {"min": 0, "max": 10, "step": 0.5}, "criteria": THREE}],
        "rounds": [{"code": "R1", "rubric": "RB", **(round_ or {})}],
        "entries": [{"code": entry, "board": boards[0]} for entry in totals],
        "sheets": {"R1": scores or sheets},
        **more,
    }


def rows(document, code="R1", board="a"):
    return as_file_rows(contest_scoring(document).standings(code))[board]


def test_equal_figures_share_the_rank_and_are_listed_by_code():
    found = rows(contest({"C": [50, 50], "A": [40, 60], "B": [60, 60], "D": [30, 30]}))
    assert [(row["rank"], row["entry"], row["tie_break"]) for row in found] == [
        (1, "B", None),
        (2, "A", None),
        (2, "C", None),
        (4, "D", None),
    ]


def test_a_step_marks_every_row_of_the_group_it_decided():
    document = contest(
        {"A": [40, 60], "B": [45, 55], "C": [50, 50], "D": [50, 50]}, round_={"tie_break": [{"lower_spread": True}]}
    )
    assert [(row["rank"], row["entry"], row["tie_break"]) for row in rows(document)] == [
        (1, "C", "lower_spread"),
        (1, "D", "lower_spread"),
        (3, "B", "lower_spread"),
        (4, "A", "lower_spread"),
    ]


def test_the_chair_decides_last_even_if_the_chain_does_not_say_so():
    decided = [{"round": "R1", "entries": ["B", "A"], "by": "J1", "reason": "after discussion"}]
    document = contest({"A": [50, 50], "B": [50, 50]}, round_={"advance": {"a": 1}}, chair_decisions=decided)
    assert [(row["entry"], row["tie_break"], row["advances"]) for row in rows(document)] == [
        ("B", "chair_decision", True),
        ("A", "chair_decision", False),
    ]


def test_the_chair_decides_last_also_where_the_chain_asks_the_chair_earlier():
    """An order of two of three says nothing at first; once the spread has split them it decides what is left."""
    decided = [{"round": "R1", "entries": ["C", "B"], "by": "J1", "reason": "after discussion"}]
    chain = [{"chair_decision": True}, {"lower_spread": True}]
    totals = {"A": [40, 60], "B": [50, 50], "C": [50, 50]}
    document = contest(totals, round_={"tie_break": chain}, chair_decisions=decided)
    assert [(row["rank"], row["entry"], row["tie_break"]) for row in rows(document)] == [
        (1, "C", "chair_decision"),
        (2, "B", "chair_decision"),
        (3, "A", "lower_spread"),
    ]


def test_an_order_of_some_of_the_tied_decides_nothing():
    decided = [{"round": "R1", "entries": ["B", "A"], "by": "J1", "reason": "x"}]
    document = contest({code: [50, 50] for code in "ABC"}, chair_decisions=decided)
    assert [row["rank"] for row in rows(document)] == [1, 1, 1]


def test_a_tie_across_the_cut_waits_but_one_above_it_does_not():
    totals = {"A": [80, 80], "B": [80, 80], "C": [70, 70], "D": [70, 70], "E": [60, 60]}
    found = rows(contest(totals, round_={"advance": {"a": 3}}))
    assert [row["advances"] for row in found] == [True, True, None, None, False]
    assert [row["advances"] for row in rows(contest(totals, round_={"advance": {"a": 2}}))][:3] == [True, True, False]


def test_a_failed_gate_keeps_the_rank_and_lets_the_next_one_through():
    scores = [
        {"entry": entry, "judge": judge, "scores": {"idea": idea, "team": team}}
        for entry, judge, idea, team in [
            ("A", "J1", 10, 0),
            ("A", "J2", 10, 5),
            ("B", "J1", 6, 6),
            ("B", "J2", 6, 6),
            ("C", "J1", 4, 4),
            ("C", "J2", 4, 4),
        ]
    ]
    gates = {"min_total": 50, "no_zero": "any_judge"}
    document = contest(dict.fromkeys("ABC", ()), scores=scores, round_={"advance": {"a": 2}, "gates": gates})
    assert [(row["rank"], row["entry"], row["gates_failed"], row["advances"]) for row in rows(document)] == [
        (1, "A", ["zero_criterion"], False),
        (2, "B", [], True),
        (3, "C", ["below_min_total"], False),
    ]
    document["rounds"][0]["gates"]["no_zero"] = "mean"
    assert rows(document)[0]["advances"] is True


def test_the_gate_looks_at_the_rounded_figure():
    document = contest({"A": ["49.996", "49.994"], "B": ["49.99", "49.99"]}, round_={"gates": {"min_total": 50}})
    assert [(row["total"], row["gates_failed"]) for row in rows(document)] == [
        ("50.00", []),
        ("49.99", ["below_min_total"]),
    ]


def test_fewer_than_two_valid_sheets_is_unranked_and_last():
    document = contest({"A": [90], "B": [50, 50]}, round_={"advance": {"a": 2}})
    found = rows(document)
    assert [(row["rank"], row["entry"], row["total"], row["advances"]) for row in found] == [
        (1, "B", "50.00", True),
        (None, "A", "90.00", False),
    ]


def test_void_sheets_and_drafts_do_not_count():
    document = contest({"A": [90, 50, 50, 10], "B": [90]})
    document["sheets"]["R1"][0]["void"] = True
    document["sheets"]["R1"][3]["submitted"] = False
    document["sheets"]["R1"][4]["void"] = True
    assert rows(document) == [
        {
            "rank": 1,
            "entry": "A",
            "total": "50.00",
            "sheets": 2,
            "gates_failed": [],
            "tie_break": None,
            "advances": False,
        }
    ]


def test_trimmed_mean_needs_five_sheets():
    rules = {"aggregation": {"method": "trimmed_mean"}}
    found = rows(contest({"A": [0, 50, 60, 70, 100], "B": [0, 50, 60, 70]}, rules=rules))
    assert [(row["entry"], row["total"]) for row in found] == [("A", "60.00"), ("B", "45.00")]


def test_judge_rank_is_better_when_lower_and_shares_average_ranks():
    document = contest({"A": [90, 70], "B": [80, 80], "C": [80, 60]}, rules={"aggregation": {"method": "judge_rank"}})
    found = rows(document)
    assert [(row["rank"], row["entry"], row["total"]) for row in found] == [
        (1, "A", "1.50"),
        (2, "B", "1.75"),
        (3, "C", "2.75"),
    ]


def test_carry_weighs_each_round_by_its_own_maximum_and_lacks_nothing():
    document = contest({"A": [80, 80], "B": [60, 60], "C": [90, 90]})
    document["rounds"].append(
        {
            "code": "R2",
            "rubric": "RB",
            "carry": {"R1": 25, "R2": 75},
            "extra_points": [{"code": "booth", "max": 25}],
            "gates": {"min_total": 50},
            "advance": {"a": 3},
        }
    )
    document["sheets"]["R2"] = [
        {"entry": entry, "judge": judge, "total": total}
        for entry, total in (("A", "90"), ("B", "40"), ("D", "99"))
        for judge in ("J1", "J2")
    ]
    document["entries"].append({"code": "D", "board": "a"})
    document["points"] = {"R2": [{"entry": "A", "code": "booth", "value": 10}]}
    found = rows(document, "R2")
    # A: 25 x 80/100 + 75 x (90 + 10)/125; B: 25 x 60/100 + 75 x 40/125
    assert [(row["rank"], row["entry"], row["total"], row["gates_failed"], row["advances"]) for row in found] == [
        (1, "A", "80.00", [], True),
        (2, "B", "39.00", ["below_min_total"], False),
        (None, "D", None, [], False),
    ]


def test_boards_without_rows_are_there():
    assert as_file_rows(contest_scoring(contest({}, boards=("a", "b"))).standings("R1")) == {"a": [], "b": []}


def test_refused_combinations():
    document = contest(
        {"A": [1, 2]},
        round_={
            "aggregation": {"method": "judge_rank"},
            "gates": {"min_total": 1},
            "extra_points": [{"code": "x", "max": 1}],
            "carry": {"R1": 50, "R7": 40},
        },
    )
    used = contest_scoring(document).rounds["R1"].rule
    assert rule_faults(used, {}, "rounds[0]") == [
        "rounds[0].carry: not to be combined with judge_rank.",
        "rounds[0].extra_points: not to be combined with judge_rank.",
        "rounds[0].gates.min_total: not to be combined with judge_rank.",
        "rounds[0].carry: the percents must sum to 100.",
        "rounds[0].carry.R7: there is no such scored round.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"aggregation": {"method": "best"}}, "rounds[0].aggregation.method"),
        ({"aggregation": {"decimals": -1}}, "rounds[0].aggregation.decimals"),
        ({"aggregation": {"rounding": "down"}}, "rounds[0].aggregation.rounding"),
        ({"tie_break": [{"by_name": True}]}, "rounds[0].tie_break[0]"),
        ({"gates": {"no_zero": "some"}}, "rounds[0].gates.no_zero"),
        ({"gates": {"min_total": "many"}}, "rounds[0].gates.min_total"),
    ],
)
def test_faults_name_the_path(change, sentence):
    with pytest.raises(ScoringFault) as fault:
        contest_scoring(contest({"A": [1, 2]}, round_=change))
    assert str(fault.value).startswith(sentence)


def test_an_incomplete_sheet_is_a_fault():
    document = contest({"A": ()}, scores=[{"entry": "A", "judge": "J1", "scores": {"idea": 5}}])
    with pytest.raises(ScoringFault, match="J1 for A has no score for 'team'"):
        rows(document)


def test_a_criterion_may_have_its_own_scale():
    read = rubric(
        {
            "code": "RB",
            "scale": {"min": 1, "max": 5, "step": 1},
            "criteria": [{"code": "x", "weight": 1}, {"code": "y", "weight": 40, "max": 40, "min": 0, "step": 0.5}],
        }
    )
    first, second = (criterion.scale for criterion in read.criteria)
    assert not first.holds(Fraction(0)) and not first.holds(Fraction(3, 2)) and first.holds(Fraction(5))
    assert second.holds(Fraction(79, 2)) and not second.holds(Fraction(41))
    assert read.maximum == 41


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("2.345", 2, "2.35"),
        ("2.344", 2, "2.34"),
        ("-0.005", 2, "-0.01"),
        ("0.5", 0, "1"),
        ("-0.4", 0, "0"),
        ("7", 3, "7.000"),
    ],
)
def test_rounding_is_half_up_and_keeps_its_decimals(value, decimals, text):
    assert decimal_string(Fraction(value), decimals) == text
    assert decimal_string(round_half_up(Fraction(value), decimals), decimals) == text


@pytest.mark.parametrize("value", [True, None, "x", float("nan"), float("inf"), "1/0", []])
def test_not_a_number(value):
    with pytest.raises(ScoringFault, match=r"^here: "):
        to_fraction(value, "here")


def test_json_numbers_mean_what_is_written():
    assert to_fraction(0.1) == Fraction(1, 10)
    assert to_fraction("81.75") == Fraction(327, 4)
