"""The oracle: the sample contest, played from sheets to awards, against its expected results."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict
from compapp.core.numbers import round_half_up
from compapp.judging.models import Award, Sheet
from compapp.judging.queries.results import places_of, publications_of
from compapp.judging.queries.standings import file_rows, round_inputs
from compapp.judging.scoring.standings import Row
from compapp.judging.services.publication import publication_faults, verify_publication
from compapp.judging.services.shortlist import approve_shortlist, propose_shortlist
from compapp.judging.services.votes import record_votes
from tests.judging import builders
from tests.judging.results import play

EXPECTED = Path(__file__).parents[2] / "data" / "sample-expected.json"
KEYS = ("rank", "entry", "total", "gates_failed", "advances")


@lru_cache(maxsize=1)
def expected() -> Any:
    return json.loads(EXPECTED.read_text(encoding="utf-8"))


def table(contest: Contest, code: str = "R1") -> dict[str, list[dict[str, Any]]]:
    """The standings in the words of the expected results."""
    rows: dict[str, list[Row]] = round_inputs(builders.round_(contest, code)).rows
    return {
        board: [
            {
                **{key: getattr(row, key) for key in ("rank", "entry", "total", "advances")},
                "gates_failed": list(row.gates_failed),
                "innovation_mean": str(round_half_up(row.criterion_means["innovation"], 2)),
                "feasibility_mean": str(round_half_up(row.criterion_means["feasibility"], 2)),
                "spread": str(round_half_up(row.spread, 2)),
            }
            for row in of_board
        ]
        for board, of_board in rows.items()
    }


def published(contest: Contest, number: int, code: str = "R1") -> dict[str, list[dict[str, Any]]]:
    content = publications_of(builders.round_(contest, code).id)[number - 1].content
    return {
        board["code"]: [
            {key: row["decided"] if key == "advances" else row[key] for key in KEYS} for row in board["rows"]
        ]
        for board in content["boards"]
    }


def short(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {board: [{key: row[key] for key in KEYS} for row in rows] for board, rows in tables.items()}


def test_round_one_before_and_after_the_late_conflict(db: Session) -> None:
    contest = play.loaded()
    first, second = expected()["R1"]["before_conflict"], expected()["R1"]["published"]
    totals = {(row["entry"], row["judge"]): row["total"] for row in expected()["R1"]["sheet_totals"]}
    stored = {
        (sheet.entry.code, sheet.seat.code): str(round_half_up(sheet.total, 2))
        for sheet in db.scalars(select(Sheet))
        if sheet.total is not None
    }
    assert stored == totals
    assert table(contest) == first
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    assert published(contest, 1) == short(first)

    play.late_conflict(contest)
    assert table(contest) == second
    correction = play.decide_and_publish(
        contest, "R1", play.CORRECTED, reason="Hủy một phiếu chấm vì xung đột lợi ích, giám khảo khác chấm lại."
    )
    assert published(contest, 2) == short(second)
    assert correction.difference["concerned"] == ["S05", "S08"]
    assert published(contest, 1) == short(first), "the first publication stands as it was"
    assert all(verify_publication(one) for one in publications_of(correction.round_id))


def test_the_tie_at_the_cut_is_decided_by_novelty(db: Session) -> None:
    contest = play.loaded()
    rows = {row["entry"]: row for row in file_rows(contest.code, "R1")["student"]}
    assert rows["S14"]["tie_break"] == rows["S08"]["tie_break"] == "criterion_mean:innovation"
    assert (rows["S14"]["rank"], rows["S08"]["rank"]) == (8, 9)


def test_the_spread_of_one_entry_asks_for_a_fourth_judge(db: Session) -> None:
    alerts = round_inputs(builders.round_(play.loaded())).spread_alerts()
    assert [(alert.entry, alert.sheets, str(round_half_up(alert.spread, 2)), alert.answered) for alert in alerts] == [
        ("S13", 4, "26.25", True)
    ]


def _change_the_votes_after_the_proposal(contest: Contest, votes: dict[str, int]) -> None:
    """Nobody can move the audience's prize between the two people who decide."""
    round_, count = builders.round_(contest, "R3"), builders.round_(contest, "RV")
    who: dict[str, Any] = {"actor": play.organiser(contest), "at": play.R3_PUBLISHED}
    with unit_of_work():
        waiting = propose_shortlist(round_, actor=builders.staff(contest, "secretary"), at=play.R3_PUBLISHED)
    with unit_of_work():
        record_votes(count, {min(votes, key=lambda code: votes[code]): 10**6}, **who)
    with pytest.raises(Conflict, match="prize"), unit_of_work():
        approve_shortlist(waiting, actor=play.chair(contest), at=play.R3_PUBLISHED)
    with unit_of_work():
        record_votes(count, votes, **who)


def test_the_whole_contest_to_its_awards(db: Session) -> None:
    contest = play.loaded()
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Đính chính do xung đột lợi ích.")
    places = {place.entry.code: place for place in places_of(builders.round_(contest).id)}
    assert (places["S08"].state, places["S05"].state, places["S05"].reserve_rank) == ("waiting", "reserve", 2)

    play.enter_pitches(contest, "R2", play.R2_HELD)
    semi = file_rows(contest.code, "R2")
    assert {row["entry"]: row["total"] for rows in semi.values() for row in rows} == expected()["R2"]["totals"]
    play.decide_and_publish(contest, "R2", play.R2_PUBLISHED)
    decided = publications_of(builders.round_(contest, "R2").id)[0].content["decided"]
    assert {board: sorted(codes) for board, codes in decided.items()} == expected()["R2"]["finalists"]

    votes = {row["entry"]: row["votes"] for row in builders.sample()["votes"]["RV"]}
    with unit_of_work():
        record_votes(builders.round_(contest, "RV"), votes, actor=play.organiser(contest), at=play.VOTE_OVER)
    play.enter_pitches(contest, "R3", play.R3_HELD)
    final = file_rows(contest.code, "R3")
    assert {row["entry"]: row["total"] for rows in final.values() for row in rows} == expected()["R3"]["totals"]
    assert {board: [row["entry"] for row in rows] for board, rows in final.items()} == expected()["R3"]["order"]
    _change_the_votes_after_the_proposal(contest, votes)
    last = play.decide_and_publish(contest, "R3", play.R3_PUBLISHED)
    awards = [
        {"board": award.board_code, "award": award.award, "entry": award.entry.code}
        for award in db.scalars(select(Award).order_by(Award.id))
        if award.entry is not None
    ]
    assert awards[:-1] == expected()["R3"]["awards"]
    assert awards[-1] == {"board": "", "award": "audience", "entry": expected()["R3"]["audience_award"]}
    assert contest.state == "decided" or not publication_faults(last)
    assert publication_faults(last) == []
