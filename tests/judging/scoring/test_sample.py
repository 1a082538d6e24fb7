"""The sample contest gives exactly its expected results."""

import copy
import json
from pathlib import Path

import pytest

from compapp.judging.scoring.exact import decimal_string
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.model import sheet_total
from compapp.judging.scoring.spread import spread_alerts
from compapp.judging.scoring.standings import as_file_rows

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def sample():
    return json.loads((DATA / "sample-contest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def expected():
    return json.loads((DATA / "sample-expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def corrected(sample, expected):
    """The sample after the late conflict: one sheet void, a replacement handed in."""
    document = copy.deepcopy(sample)
    late = expected["R1"]["late_conflict"]
    scores = {code: score for code, score in late["replacement_scores"].items() if code != "total"}
    for sheet in document["sheets"]["R1"]:
        if (sheet["entry"], sheet["judge"]) == (late["entry"], late["voided_judge"]):
            sheet |= {"void": True, "reason": "conflict"}
    document["sheets"]["R1"].append({"entry": late["entry"], "judge": late["replacement_judge"], "scores": scores})
    return document


def check_tables(tables, expected):
    assert list(tables) == list(expected)
    for board, rows in expected.items():
        for row, wanted in zip(tables[board], rows, strict=True):
            shown = row.as_file_row() | {
                "innovation_mean": decimal_string(row.criterion_means["innovation"], 2),
                "feasibility_mean": decimal_string(row.criterion_means["feasibility"], 2),
                "spread": decimal_string(row.spread, 2),
            }
            assert {key: shown[key] for key in wanted} == wanted


def test_every_sheet_total(sample, expected):
    round_ = contest_scoring(sample).rounds["R1"]
    totals = {
        (sheet.entry, sheet.judge): decimal_string(sheet_total(sheet, round_.rule.rubric), 2) for sheet in round_.sheets
    }
    assert totals == {(piece["entry"], piece["judge"]): piece["total"] for piece in expected["R1"]["sheet_totals"]}


def test_first_table_before_the_conflict(sample, expected):
    check_tables(contest_scoring(sample).standings("R1"), expected["R1"]["before_conflict"])


def test_corrected_table(corrected, expected):
    check_tables(contest_scoring(corrected).standings("R1"), expected["R1"]["published"])


def test_replacement_sheet_total(corrected, expected):
    late = expected["R1"]["late_conflict"]
    round_ = contest_scoring(corrected).rounds["R1"]
    sheet = round_.sheets[-1]
    assert decimal_string(sheet_total(sheet, round_.rule.rubric), 2) == late["replacement_scores"]["total"]


def test_the_tie_at_the_cut_is_decided_by_the_first_step(sample, expected):
    (incident,) = [piece for piece in expected["incidents"] if piece["kind"] == "tie_at_cut"]
    rows = as_file_rows(contest_scoring(sample).standings("R1"))["student"]
    decided = {row["entry"]: row["tie_break"] for row in rows if row["tie_break"]}
    first = next(iter(sample["contest"]["rules"]["tie_break"][0].items()))
    assert decided == dict.fromkeys(incident["refs"], ":".join(first))


def test_spread_alert_names_the_entry_of_the_incident(sample, expected):
    (incident,) = [piece for piece in expected["incidents"] if piece["kind"] == "score_spread"]
    round_ = contest_scoring(sample).rounds["R1"]
    alerts = spread_alerts(round_.sheets, round_.rule, sheets_due=3)
    assert [alert.entry for alert in alerts] == incident["refs"]
    assert all(alert.answered for alert in alerts)


@pytest.mark.parametrize("code", ["R2", "R3"])
def test_later_rounds(sample, expected, code):
    tables = contest_scoring(sample).standings(code)
    totals = {row.entry: row.total for rows in tables.values() for row in rows}
    assert totals == expected[code]["totals"]
    for board, wanted in expected[code].get("finalists", {}).items():
        assert sorted(row.entry for row in tables[board] if row.advances) == wanted
    for board, wanted in expected[code].get("order", {}).items():
        assert [row.entry for row in tables[board]] == wanted


def test_awards_follow_the_order_of_the_final(sample, expected):
    tables = contest_scoring(sample).standings("R3")
    given = []
    for board, rows in tables.items():
        prizes = [prize for prize in sample["contest"]["prizes"] if prize["board"] == board]
        awards = [prize["award"] for prize in prizes for _ in range(prize["count"])]
        winners = [row.entry for row in rows if not row.gates_failed]
        given += [
            {"board": board, "award": award, "entry": entry} for award, entry in zip(awards, winners, strict=False)
        ]
    assert given == expected["R3"]["awards"]
