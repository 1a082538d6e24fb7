"""Standings of random contests equal a slow, independent calculation."""

import json
import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from compapp.judging.scoring.fingerprint import inputs_hash
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.standings import as_file_rows
from tests.judging.scoring.documents import documents
from tests.judging.scoring.slow_standings import slow_rows


@given(documents())
@settings(max_examples=250)
def test_rows_equal_the_slow_calculation(document):
    scoring = contest_scoring(document)
    for code in ("R1", "R2"):
        assert as_file_rows(scoring.standings(code)) == slow_rows(document, code)


@given(documents(), st.randoms())
@settings(max_examples=60)
def test_order_of_sheets_and_entries_does_not_matter(document, chance: random.Random):
    before = contest_scoring(document)
    shuffled = json.loads(json.dumps(document))
    for rows in (shuffled["sheets"]["R1"], shuffled["sheets"]["R2"], shuffled["entries"]):
        chance.shuffle(rows)
    after = contest_scoring(shuffled)
    assert as_file_rows(before.standings("R2")) == as_file_rows(after.standings("R2"))
    for code in ("R1", "R2"):
        first, second = before.rounds[code], after.rounds[code]
        assert inputs_hash(first.sheets, first.rule, before.entrants) == inputs_hash(
            second.sheets, second.rule, after.entrants
        )


@given(documents())
@settings(max_examples=60)
def test_explanation_leads_to_the_figure(document):
    for rows in contest_scoring(document).standings("R2").values():
        for row in rows:
            steps = {}
            for step in row.explanation:
                steps.setdefault(step.kind, []).append(step)
            assert sum(step.counted for step in steps["sheet"]) == row.sheets
            figure = steps["aggregate"][0].figure
            figure += sum((step.value for step in steps.get("extra_points", [])), Fraction(0))
            if "carry" in steps:
                parts = [step.part for step in steps["carry"]]
                figure = None if None in parts else sum(parts)
            assert figure == row.figure
            assert ("unranked" in steps) == (row.rank is None)
            assert [step.gate for step in steps.get("gate", []) if not step.passed] == list(row.gates_failed)
            assert [step.step for step in steps.get("tie_break", []) if step.decided][-1:] == (
                [row.tie_break] if row.tie_break else []
            )
