"""A form with one bad field keeps everything that was typed and says at the field what is wrong."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.judging.models import Sheet
from compapp.judging.queries.results import open_shortlist, places_of
from compapp.judging.queries.workbench import comments_of, workbench
from compapp.judging.services.hall.order import draw_order
from compapp.judging.services.standings import read_inputs
from tests.judging import builders
from tests.judging.results import play
from tests.judging.results.test_decisions import approved, tied_document
from tests.judging.results.test_pages import member_of, sign_in

__all__ = ["sign_in"]

TOO_LONG = "dài " * 600
Case = tuple[str, dict[str, Any], str, Actor]


def _withdrawal(contest: Contest) -> Case:
    shortlist = approved(contest)
    return f"/shortlists/{shortlist.id}/withdrawal", {"reason": TOO_LONG}, "withdraw-reason", play.chair(contest)


def _award_reason(contest: Contest) -> Case:
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    typed = {"reason": TOO_LONG, "board": ["student"], "through-student": ["S01"]}
    return f"/contests/{contest.code}/shortlist/R1", typed, "reason", play.organiser(contest)


def _void(contest: Contest) -> Case:
    sheets = session().scalars(select(Sheet).where(Sheet.entry_id == builders.entry(contest, "S01").id)).all()
    typed = {"sheet": str(sheets[1].id), "reason": TOO_LONG}
    return f"/contests/{contest.code}/standings/R1/entries/S01/void", typed, "reason", play.organiser(contest)


def _comment(contest: Contest) -> Case:
    with unit_of_work():
        sheet = session().scalars(select(Sheet).order_by(Sheet.id)).first()
        assert sheet is not None
        sheet.comment = "Lời nhận xét của giám khảo."
    one = comments_of(builders.round_(contest).id)[0]
    path = f"/contests/{contest.code}/feedback/R1/{one.sheet_id}/{one.part}"
    return path, {"reason": TOO_LONG}, f"reason-{one.sheet_id}-{one.part}", play.organiser(contest)


def _place(contest: Contest) -> Case:
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    place = next(one for one in places_of(builders.round_(contest).id) if one.entry.code == "S01")
    return f"/places/{place.id}/refusal", {"reason": TOO_LONG}, "reason", member_of(contest, "S01")


def _tie(contest: Contest) -> Case:
    chair = play.chair(contest)
    group = workbench(read_inputs(builders.round_(contest)), chair).ties[0]
    typed = {
        "entry": list(group),
        **{f"place-{entry}": str(7 - n) for n, entry in enumerate(group)},
        "reason": TOO_LONG,
    }
    return f"/contests/{contest.code}/standings/R1/ties", typed, "reason-1", chair


def _redraw(contest: Contest) -> Case:
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    with unit_of_work():
        draws = draw_order(builders.round_(contest, "R2"), actor=play.organiser(contest), at=play.R1_PUBLISHED)
    typed = {"board": draws[0].board_code, "reason": TOO_LONG}
    return f"/contests/{contest.code}/pitch/R2/draw", typed, f"reason-{draws[0].id}", play.organiser(contest)


def _votes(contest: Contest) -> Case:
    typed = {"votes-S01": "1204", "votes-S02": "nhiều lắm"}
    return f"/contests/{contest.code}/votes/RV", typed, "votes-S02", play.organiser(contest)


@pytest.mark.parametrize(
    "case", [_withdrawal, _award_reason, _void, _comment, _place, _tie, _redraw, _votes], ids=lambda case: case.__name__
)
def test_what_was_typed_stays(
    db: Session,
    client: FlaskClient,
    sign_in: Callable[[Actor], None],
    clock_at: Any,
    case: Callable[[Contest], Case],
) -> None:
    clock_at(play.R1_DECIDED)
    contest = builders.load_sample(document=tied_document()) if case is _tie else play.loaded()
    play.team(contest)
    path, typed, field, actor = case(contest)
    clock_at(play.VOTE_OVER if case is _votes else play.R1_PUBLISHED)
    sign_in(actor)
    answer = client.post(path, data=typed)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', answer.text) or f'id="{field}-error"' in answer.text
    for name, values in typed.items():
        for value in values if isinstance(values, list) else [values]:
            assert value.strip() in answer.text, name
    if case is _tie:
        assert [re.search(rf'name="place-{entry}"[^>]*value="(\d)"', answer.text) for entry in typed["entry"]]
    if case is _withdrawal:
        assert open_shortlist(builders.round_(contest).id) is not None
