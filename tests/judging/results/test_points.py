"""Points beside the sheets: entered on their page, or given by the public vote; wild cards within their number."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compapp.contests.events import RulesChanged
from compapp.contests.file.rulings import ruling_faults
from compapp.contests.file.writer import clone_document
from compapp.contests.models import Contest, Round
from compapp.contests.services.revision import definition_of
from compapp.core import actor as acting_as
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry
from compapp.judging.file_sections.points import write_points
from compapp.judging.models import Assignment, RoundFigure
from compapp.judging.papers.lists import result_grid
from compapp.judging.queries.assignments import problem_of
from compapp.judging.queries.conflicts import has_conflict
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.papers import round_paper_facts
from compapp.judging.queries.results import entry_names, places_of
from compapp.judging.queries.rounds import entries_of_round, takes_part
from compapp.judging.queries.standings import file_rows, round_inputs
from compapp.judging.queries.workbench import workbench
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.standings import as_file_rows
from compapp.judging.services.assignment import assign
from compapp.judging.services.byes import end_bye, follow_rules, give_bye
from compapp.judging.services.places import decline_place
from compapp.judging.services.publication import publication_faults
from compapp.judging.services.shortlist import blockers, propose_shortlist, suggested_shortlist
from compapp.judging.services.votes import record_votes
from tests.judging import builders
from tests.judging.results import play
from tests.judging.results.test_decisions import lead_of
from tests.judging.results.test_pages import _Fixed

pytestmark = pytest.mark.one_database
KINDS = [{"code": "training", "label": {"vi": "Tập huấn"}, "max": 15}, {"code": "crowd", "max": 20, "from_vote": "RV"}]
VOTES = {"S01": 10, "S02": 4, "S03": 0, "P01": 3}


def document() -> dict[str, Any]:
    """Return the sample with sheets of the first round, which counts training and the public vote."""
    made = builders.sample()
    made.pop("votes", None)
    made["sheets"] = {"R1": made["sheets"]["R1"]}
    made["rounds"][1] |= {"extra_points": KINDS, "wildcards": {"student": 1}}
    return made


@pytest.fixture
def contest(app: Flask, db: Session) -> Contest:
    return builders.load_sample(document=document())


def figures(contest: Contest) -> dict[str, Fraction]:
    rows = round_inputs(builders.round_(contest)).rows
    return {row.entry: row.figure for board in rows.values() for row in board if row.figure is not None}


def test_points_are_entered_on_their_page_and_count(
    contest: Contest, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, before = f"/contests/{contest.code}/points/R1", figures(contest)
    for who, status in (("judge", 403), ("chair", 403), ("secretary", 200)):
        actor = builders.judge(contest, "J02") if who == "judge" else builders.staff(contest, who)
        monkeypatch.setattr(acting_as, "_current", _Fixed(actor))
        assert client.get(page).status_code == status, who
    assert client.get(page.replace("R1", "R2")).status_code == 404
    answer = client.post(page, data={"S01.training": "16", "S02.training": "x", "S03.training": "2"})
    assert answer.status_code == 422 and "Điểm ngoài phiếu chấm" in answer.text and 'value="16"' in answer.text
    assert figures(contest) == before
    assert "nằm trong khoảng" in client.post(page, data={"S01.training": "16"}).text
    assert client.post(page, data={"S01.training": "12,5", "S02.training": "", "S01.crowd": "9"}).status_code == 303
    assert 'value="12,5"' in client.get(page).text
    after = figures(contest)
    assert after == {**before, "S01": before["S01"] + Fraction(25, 2)}
    assert write_points(contest)["R1"][0]["value"] == "12.5"
    kept = select(RoundFigure.figure).join(Entry, Entry.id == RoundFigure.entry_id).where(Entry.code == "S01")
    assert session().scalar(kept) == after["S01"]
    assert client.post(page, data={"S01.training": ""}).status_code == 303
    assert figures(contest) == before


def test_a_public_vote_gives_points_in_proportion(contest: Contest) -> None:
    before, round_ = figures(contest), builders.round_(contest)
    assert any("RV" in str(params) for _msgid, params in blockers(round_inputs(round_)))
    with unit_of_work():
        record_votes(builders.round_(contest, "RV"), VOTES, actor=play.organiser(contest), at=play.VOTE_OVER)
    given = {"S01": 20, "S02": 8, "P01": 20}
    assert figures(contest) == {code: figure + given.get(code, 0) for code, figure in before.items()}
    assert not any("RV" in str(params) for _msgid, params in blockers(round_inputs(builders.round_(contest))))
    file = document() | {"votes": {"RV": [{"entry": entry, "votes": count} for entry, count in VOTES.items()]}}
    assert as_file_rows(contest_scoring(file).standings("R1")) == file_rows(contest.code, "R1")


def test_so_many_of_each_sector_go_through(app: Flask, db: Session) -> None:
    made = document()
    made["rounds"][1] |= {"advance": {"student": 1}, "advance_by": "sector", "extra_points": [], "wildcards": {}}
    contest = builders.load_sample(document=made)
    sector_of = {one["code"]: one["sector"] for one in made["entries"]}
    inputs = round_inputs(builders.round_(contest))
    best: dict[str, str] = {}
    for row in inputs.rows["student"]:
        if row.rank is not None and not row.gates_failed:
            best.setdefault(sector_of[row.entry], row.entry)
    through = [row.entry for row in inputs.rows["student"] if row.advances]
    assert sorted(through) == sorted(best.values()) and len(through) > 3
    assert suggested_shortlist(inputs, entry_names(contest.id))["student"] == through
    bench = workbench(inputs, play.organiser(contest))
    parts = next(board for board in bench.boards if board.code == "student").parts
    assert {part.last_through for part in parts} - {None} == set(through), "a cut is drawn in each sector"
    assert all(len({sector_of[one.row.entry] for one in part.rows}) == 1 for part in parts)
    assert as_file_rows(contest_scoring(made).standings("R1")) == file_rows(contest.code, "R1")
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    first = next(
        one for one in through if sum(sector_of[row.entry] == sector_of[one] for row in inputs.rows["student"]) > 1
    )
    with unit_of_work():
        given = next(one for one in places_of(builders.round_(contest).id) if one.entry.code == first)
        decline_place(given, actor=lead_of(contest, first), at=play.R1_PUBLISHED)
    held = [one.entry.code for one in places_of(builders.round_(contest).id) if one.state == "waiting"]
    moved = (set(held) - set(through)).pop()
    assert sector_of[moved] == sector_of[first]


def test_wild_cards_are_no_more_than_the_rules_say(contest: Contest) -> None:
    with unit_of_work():
        record_votes(builders.round_(contest, "RV"), VOTES, actor=play.organiser(contest), at=play.VOTE_OVER)
    round_ = builders.round_(contest)
    inputs = round_inputs(round_)
    best = suggested_shortlist(inputs, entry_names(contest.id))
    more = [row.entry for row in inputs.rows["student"] if row.entry not in best["student"]]
    staff: Callable[..., Actor] = builders.staff
    for count, fine in ((2, False), (1, True)):
        decided = {**best, "student": best["student"] + more[:count]}
        try:
            with unit_of_work():
                propose_shortlist(
                    round_,
                    decided=decided,
                    reason="Suất đặc cách.",
                    actor=staff(contest, "secretary"),
                    at=play.R1_DECIDED,
                )
        except Invalid as refused:
            assert not fine and refused.params == {"most": 9, "count": 10}
        else:
            assert fine


AT_LAUNCH = date(2027, 9, 15)
WHY = {"vi": "Bảng chỉ có tám đội.", "en": "The board has eight teams only."}


def test_a_board_with_a_bye_goes_through_unjudged(
    app: Flask, db: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = builders.sample()
    board_of = {one["code"]: one["board"] for one in made["entries"]}
    pupils = sorted(code for code, board in board_of.items() if board == "pupil")
    made["sheets"] = {"R1": [one for one in made["sheets"]["R1"] if board_of[one["entry"]] == "student"]}
    made.pop("votes", None)
    made["rounds"][1] |= {"advance": {"student": 8}, "byes": {"pupil": WHY}}
    assert not ruling_faults(made)
    contest = builders.load_sample(document=made)
    play.team(contest)
    round_, organiser = builders.round_(contest), play.organiser(contest)
    problem = problem_of(round_, at=builders.DURING)
    assert {entry.board.code for entry in problem.entries.values()} == {"student"}
    with pytest.raises(Conflict, match="has a bye"), unit_of_work():
        pupil, seat = builders.entry(contest, pupils[0]), builders.seat(contest, "J02")
        assign(round_, pupil, seat, reason="thử", actor=organiser, at=builders.DURING)
    assert not any(pupil in str(params) for _msgid, params in blockers(round_inputs(round_)) for pupil in pupils)
    assert takes_part(builders.entry(contest, "S01").id, "R1")
    assert not takes_part(builders.entry(contest, pupils[0]).id, "R1")
    monkeypatch.setattr(acting_as, "_current", _Fixed(organiser))
    for page in ("assignments", "standings", "shortlist"):
        assert f"{len(pupils)} bài vào thẳng vòng sau" in client.get(f"/contests/{contest.code}/{page}/R1").text, page
    with unit_of_work():
        late = Assignment(
            round_id=round_.id,
            entry_id=pupil.id,
            seat_id=seat.id,
            state="open",
            position=1,
            assigned_at=builders.DURING,
        )
        session().add(late)
    with unit_of_work():
        follow_rules(RulesChanged(organiser, builders.DURING, contest.id, 0))
    assert (late.state, late.reason) == ("withdrawn", "bye"), "given out before the rules changed"
    publication = play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    assert publication.content["decided"]["pupil"] == publication.content["computed"]["pupil"] == pupils
    assert [(one["entry"], one["why"]) for one in publication.content["byes"]] == [(code, WHY) for code in pupils]
    assert not publication_faults(publication) and file_rows(contest.code, "R1")["pupil"] == []
    places = {one.entry.code: one.state for one in places_of(round_.id)}
    assert {places[code] for code in pupils} == {"waiting"} and sum(one == "waiting" for one in places.values()) == 16
    told = select(OutboxMessage).where(OutboxMessage.kind == "result", OutboxMessage.channel == "inapp")
    outcomes = [one.data for one in session().scalars(told) if one.data["outcome"] == "bye"]
    assert outcomes and all(one["why"] == WHY and one["total"] is None for one in outcomes)
    assert {one.code for one in session().scalars(entries_of_round(builders.round_(contest, "R2")))} >= set(pupils)
    assert "Được miễn vòng này và vào thẳng vòng sau: Bảng chỉ có tám đội." in _public(client, publication)
    assert "Vào thẳng (Bảng chỉ có tám đội.)" in str(round_paper_facts_of(round_, publication))
    lead = lead_of(contest, pupils[0])
    monkeypatch.setattr(acting_as, "_current", _Fixed(lead))
    own = client.get(f"/entries/{builders.entry(contest, pupils[0]).id}/results").text
    assert "Đội của bạn được miễn vòng này và vào thẳng vòng sau. Lý do: Bảng chỉ có tám đội." in own


def _public(client: FlaskClient, publication: Any) -> str:
    with unit_of_work():
        publication.public_from = builders.BEFORE
    return client.get(f"/results/{publication.content['contest']}").text


def round_paper_facts_of(round_: Any, publication: Any) -> Any:
    facts = round_paper_facts(round_, publication.content, publication, ())
    return [result_grid(board).rows for board in facts.boards]


def test_one_entry_with_a_bye_stands_beside_those_of_its_board(
    app: Flask, db: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = builders.sample()
    made["sheets"] = {"R1": [one for one in made["sheets"]["R1"] if one["entry"] != "S16"]}
    made.pop("votes", None)
    contest = builders.load_sample(document=made)
    play.team(contest)
    round_, entry, chair = builders.round_(contest), builders.entry(contest, "S16"), play.chair(contest)
    monkeypatch.setattr(acting_as, "_current", _Fixed(chair))
    page, path = f"/contests/{contest.code}/assignments/R1", f"/contests/{contest.code}/assignments/R1/byes"
    with unit_of_work():
        seat = next(one for one in active_seats(contest.id) if not has_conflict(one.id, entry.id))
        given = assign(round_, entry, seat, reason="thử", actor=play.organiser(contest), at=builders.DURING)
    assert client.post(path, data={"entry": entry.id, "reason": " "}).status_code == 422
    for code in ("S01", "S02"):
        refused = client.post(
            path, data={"entry": builders.entry(contest, code).id, "reason": "x"}, follow_redirects=True
        )
        assert "Bài này đã có phiếu chấm ở vòng này nên không thể được miễn." in refused.text
    assert client.post(path, data={"entry": entry.id, "reason": "Quán quân năm trước."}).status_code == 303
    assert given.state == "withdrawn" and round_.definition["entry_byes"] == {"S16": {"vi": "Quán quân năm trước."}}
    for shown in (page, page.replace("assignments", "standings"), page.replace("assignments", "shortlist")):
        assert "S16" in client.get(shown).text and "Quán quân năm trước." in client.get(shown).text
    assert client.post(path, data={"end": entry.id}).status_code == 303
    assert "entry_byes" not in round_.definition
    with unit_of_work():
        meanwhile = {**round_.definition, "entry_byes": {"S02": {"vi": "x"}}}
        session().connection().execute(update(Round).where(Round.id == round_.id).values(definition=meanwhile))
        give_bye(round_, entry, reason="Quán quân năm trước.", actor=chair, at=builders.DURING)
        assert set(round_.definition["entry_byes"]) == {"S02", "S16"}, "what another gave since it was read stands"
        end_bye(round_, builders.entry(contest, "S02"), actor=chair, at=builders.DURING)
    again = definition_of(contest)["rounds"][1]
    assert again["entry_byes"] == {"S16": {"vi": "Quán quân năm trước."}}, "the contest file holds it"
    assert "entry_byes" not in clone_document(contest, "NEXT", AT_LAUNCH)["rounds"][1]
    publication = play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    through = publication.content["decided"]["student"]
    assert len(through) == 9 and through[-1] == "S16" and not publication_faults(publication)
    places = {one.entry.code: one for one in places_of(round_.id)}
    first = next(code for code, one in places.items() if one.reserve_rank == 1 and one.entry.board.code == "student")
    with unit_of_work():
        decline_place(places["S16"], actor=lead_of(contest, "S16"), at=play.R1_PUBLISHED)
    assert places[first].state == "reserve", "the place of a bye is nobody else's"
    with pytest.raises(Conflict, match="byes are fixed"), unit_of_work():
        end_bye(round_, entry, actor=chair, at=play.R1_PUBLISHED)
