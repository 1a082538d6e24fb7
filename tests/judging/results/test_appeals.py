"""Appeals against results: in time, decided by who took no part; exactly one thing is opened, the rest stands."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.judging.models import Publication, ResultAppeal, Sheet
from compapp.judging.queries import appeals
from compapp.judging.queries.standings import round_inputs
from compapp.judging.services import appeals as services
from compapp.judging.services.publication import verify_publication
from tests.judging import builders as b
from tests.judging.results import play
from tests.judging.results.test_pages import member_of, sign_in

__all__ = ["sign_in"]

pytestmark = pytest.mark.one_database
SOON = play.R1_PUBLISHED + timedelta(hours=20)
GROUND = "arithmetic"
TEXT = "Tổng điểm của phiếu thứ hai cộng sai."


@pytest.fixture
def contest(db: Session, clock_at: Any) -> Contest:
    clock_at(play.R1_PUBLISHED)
    made = play.loaded()
    play.team(made)
    play.decide_and_publish(made, "R1", play.R1_PUBLISHED)
    clock_at(SOON)
    return made


def published(contest: Contest) -> Publication:
    return session().scalars(select(Publication).order_by(Publication.id.desc())).first()  # type: ignore[return-value]


def filed(contest: Contest, code: str = "P07", at: datetime = SOON) -> ResultAppeal:
    with unit_of_work():
        return services.file_appeal(
            b.entry(contest, code), published(contest), ground=GROUND, text=TEXT, actor=member_of(contest, code), at=at
        )


def decided(contest: Contest, row: ResultAppeal, actor: Actor, key: str = "", verb: str = "uphold") -> None:
    with unit_of_work():
        services.decide_appeal(row, verb, reopens=key, outcome="Đúng như đội nêu.", actor=actor, at=SOON)


def sheet_states() -> dict[int, str]:
    return {sheet.id: sheet.state for sheet in session().scalars(select(Sheet))}


def officer(contest: Contest) -> Actor:
    with unit_of_work():
        person = b.add_person("Trần Phê Duyệt")
        session().flush()
        b.add_role(contest, "approver", person)
    return b.actor_of(person)


def test_a_team_appeals_once_in_time_and_free_officers_are_asked(contest: Contest) -> None:
    free = officer(contest)
    window = appeals.appeal_window(published(contest))
    assert window is not None
    for at in (window[0] - timedelta(seconds=1), window[1]):
        with pytest.raises(Closed):
            filed(contest, at=at)
    with pytest.raises(Invalid), unit_of_work():
        services.file_appeal(
            b.entry(contest, "P07"), published(contest), ground="x", text=" ", actor=member_of(contest, "P07"), at=SOON
        )
    with pytest.raises(Refused), unit_of_work():
        services.file_appeal(b.entry(contest, "P07"), published(contest), ground=GROUND, text=TEXT, actor=free, at=SOON)
    row = filed(contest)
    with pytest.raises(Conflict):
        filed(contest)
    asked = appeals.officers_for(row)
    assert free.person_id in asked
    assert play.chair(contest).person_id not in asked
    told = session().scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "result_appeal_filed"))
    assert set(asked) < set(told)
    assert [(one.endpoint, one.waits) for one in appeals.appeal_rows(contest.id)] == [("results.appeal_office", True)]


def test_who_decided_or_judged_never_decides_the_appeal(contest: Contest) -> None:
    row, free = filed(contest), officer(contest)
    judged = b.seat(contest, "J02").person
    with unit_of_work():
        b.add_role(contest, "approver", judged)
        b.add_role(contest, "approver", session().get_one(Person, b.staff(contest, "secretary").person_id))
    for actor in (b.actor_of(judged), play.chair(contest), b.staff(contest, "secretary"), member_of(contest, "P07")):
        with pytest.raises(Refused):
            decided(contest, row, actor, "gate:zero_criterion")
    for key in ("", "gate:below_min_total", "sheet:999999"):
        with pytest.raises(Invalid):
            decided(contest, row, free, key)
    decided(contest, row, free, verb="dismiss")
    assert (row.state, row.reopens) == ("dismissed", None)
    with pytest.raises(Conflict):
        decided(contest, row, free, "gate:zero_criterion")


@pytest.mark.parametrize("kind", ["sheet", "sum", "gate"])
def test_upheld_opens_exactly_one_thing(contest: Contest, kind: str) -> None:
    if kind == "sum":
        with unit_of_work():
            for sheet in session().scalars(select(Sheet).where(Sheet.entry_id == b.entry(contest, "P07").id)):
                sheet.source, sheet.entered_by_id = "paper", b.staff(contest, "secretary").person_id
    row, free, round_ = filed(contest), officer(contest), b.round_(contest)
    before = {one.entry: one for rows in round_inputs(round_).rows.values() for one in rows}
    states = sheet_states()
    chosen = next(one for one in appeals.reopenings(row) if one.kind == kind)
    decided(contest, row, free, chosen.key)
    changed = {number for number, state in sheet_states().items() if states[number] != state}
    assert changed == (set() if chosen.sheet is None else {chosen.sheet.id})
    after = {one.entry: one for rows in round_inputs(round_).rows.values() for one in rows}
    figures = {code for code, one in after.items() if one.total != before[code].total}
    assert figures <= ({"P07"} if chosen.sheet is not None else set())
    if kind == "gate":
        assert (before["P07"].gates_failed, after["P07"].gates_failed) == (("zero_criterion",), ())
        assert after["P07"].advances
        others = [code for code, one in after.items() if one.gates_failed != before[code].gates_failed]
        assert others == ["P07"]
        correction = play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Khiếu nại được chấp nhận.")
        assert verify_publication(correction)
        moved = {
            one["entry"]: (one["before"]["decided"], one["after"]["decided"]) for one in correction.difference["moved"]
        }
        assert moved == {"P07": (False, True), "P03": (True, False)}
    told = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "result_appeal_decided")
    assert session().scalar(told)


def test_pages_file_decide_and_show_the_difference(
    client: FlaskClient, sign_in: Callable[[Actor], None], contest: Contest
) -> None:
    entry, publication, free = b.entry(contest, "P07"), published(contest), officer(contest)
    path = f"/entries/{entry.id}/results/{publication.id}/appeal"
    lead = member_of(contest, "P07")
    sign_in(lead)
    assert path in client.get(f"/entries/{entry.id}/results").text
    wrong = client.post(path, data={"ground": GROUND, "text": " "})
    assert wrong.status_code == 422
    assert client.post(path, data={"ground": GROUND, "text": TEXT}).status_code == 303
    assert TEXT in client.get(path).text
    for actor, status in ((member_of(contest, "S01"), 404), (free, 404)):
        sign_in(actor)
        assert client.get(path).status_code == status
    office = f"/contests/{contest.code}/result-appeals/{session().scalar(select(ResultAppeal.id))}"
    for actor, status in ((lead, 404), (b.judge(contest, "J02"), 404), (free, 200)):
        sign_in(actor)
        assert client.get(office).status_code == status
    assert office in client.get(f"/contests/{contest.code}/appeals").text
    data = {"verb": "uphold", "outcome": "Giám khảo nhập nhầm số 0.", "reopens": ""}
    refused = client.post(f"{office}/decision", data=data)
    assert refused.status_code == 422
    assert "Giám khảo nhập nhầm số 0." in refused.text
    assert client.post(f"{office}/decision", data=data | {"reopens": "gate:zero_criterion"}).status_code == 303
    page = client.get(office).text
    assert "Vào danh sách" in page
    assert "P03" in page
    sign_in(lead)
    assert "Giám khảo nhập nhầm số 0." in client.get(path).text
