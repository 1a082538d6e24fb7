"""Random small contest files for property tests: rubrics, rules, sheets, points, decisions."""

from hypothesis import strategies as st

from compapp.judging.scoring.registry import METHODS

ENTRIES = [f"E{number}" for number in range(1, 8)]
JUDGES = [f"J{number}" for number in range(1, 7)]
SCALES = ((0, 10, "0.5"), (1, 5, "1"), (0, 300, "25"), (0, 3, "1"))
"""Few different marks, so that ties, zeros and equal totals are common."""


@st.composite
def rubrics(draw, code):
    low, high, step = draw(st.sampled_from(SCALES))
    criteria = []
    for number in range(draw(st.integers(1, 3))):
        criterion = {"code": f"c{number}", "weight": draw(st.sampled_from([1, 3, 20, 33.3, 40, "12.5"]))}
        if draw(st.booleans()):
            criterion["max"] = draw(st.sampled_from([7, 40, 300]))
        criteria.append(criterion)
    return {"code": code, "scale": {"min": low, "max": high, "step": float(step)}, "criteria": criteria}


@st.composite
def sheets(draw, rubric, method):
    """Sheets of a round; where it is calibrated fewer than 30, below which the plain mean stands (judging.md 2.5)."""
    most = 4 if method == "calibrated" else 6
    low = rubric["scale"]["min"]
    made = []
    for entry in ENTRIES:
        for judge in draw(st.lists(st.sampled_from(JUDGES), max_size=most, unique=True)):
            sheet = {"entry": entry, "judge": judge}
            if draw(st.integers(0, 9)) == 0:
                sheet["total"] = draw(st.sampled_from(["0", "7.5", "12.25", "40"]))
            else:
                sheet["scores"] = {
                    criterion["code"]: draw(st.sampled_from([low, low + 1, low + 1.5, low + 2.5]))
                    for criterion in rubric["criteria"]
                }
            if draw(st.integers(0, 9)) == 0:
                sheet |= {"void": True, "reason": "conflict"}
            made.append(sheet)
    return made


STEPS = (
    {"criterion_mean": "c0"},
    {"criterion_mean": "c1"},
    {"criterion_mean": "elsewhere"},
    {"lower_spread": True},
    {"earlier_submission": True},
    {"chair_decision": True},
)


@st.composite
def rounds(draw, code, rubric, *, carry, method):
    made = {"code": code, "rubric": rubric["code"], "aggregation": {"method": method}}
    if draw(st.booleans()):
        made["aggregation"]["decimals"] = draw(st.integers(0, 4))
    if draw(st.booleans()):
        made["advance"] = {"a": draw(st.integers(0, 5)), "b": draw(st.integers(1, 2))}
    if draw(st.booleans()):
        made["tie_break"] = draw(st.lists(st.sampled_from(STEPS), max_size=4, unique_by=str))
    gates = {}
    if method != "judge_rank" and draw(st.booleans()):
        gates["min_total"] = draw(st.sampled_from([1, 2.5, "12.5", 40]))
    if draw(st.booleans()):
        gates["no_zero"] = draw(st.sampled_from(["any_judge", "mean"]))
    if gates:
        made["gates"] = gates
    if method != "judge_rank" and draw(st.booleans()):
        made["extra_points"] = [{"code": "demo", "max": 5}]
    if carry:
        percent = draw(st.sampled_from([0, 30, 33.3, 100]))
        made["carry"] = {"R1": percent, "R2": round(100 - percent, 1)}
    return made


@st.composite
def documents(draw):
    """A contest of two boards and two scored rounds; the second may carry the first."""
    methods = [draw(st.sampled_from(sorted(METHODS))) for _ in range(2)]
    carry = "judge_rank" not in methods and draw(st.booleans())
    papers = [draw(rubrics("RB1")), draw(rubrics("RB2"))]
    two = [
        draw(rounds("R1", papers[0], carry=False, method=methods[0])),
        draw(rounds("R2", papers[1], carry=carry, method=methods[1])),
    ]
    points = {
        round_["code"]: [
            {"entry": entry, "code": "demo", "value": draw(st.sampled_from([0, 1, 2.5, "0.125"]))}
            for entry in draw(st.lists(st.sampled_from(ENTRIES), max_size=3, unique=True))
        ]
        for round_ in two
        if "extra_points" in round_
    }
    return {
        "contest": {
            "boards": [{"code": "a"}, {"code": "b"}],
            "rules": {"tie_break": draw(st.lists(st.sampled_from(STEPS), max_size=3, unique_by=str))},
        },
        "rubrics": papers,
        "rounds": two,
        "entries": [
            {
                "code": entry,
                "board": draw(st.sampled_from(["a", "a", "b"])),
                "submitted": {"at": f"2026-11-0{draw(st.integers(1, 4))}T10:00:00+07:00", "day": 1},
            }
            for entry in ENTRIES
        ],
        "sheets": {"R1": draw(sheets(papers[0], methods[0])), "R2": draw(sheets(papers[1], methods[1]))},
        "points": points,
        "chair_decisions": [
            {"round": draw(st.sampled_from(["R1", "R2"])), "entries": order, "by": "J1", "reason": "seen together"}
            for order in draw(st.lists(st.permutations(ENTRIES).map(lambda order: order[:5]), max_size=2))
        ],
    }
