"""The jury's room: in order of doubt, for its own jury alone; a recusal leaves the room; votes open or secret."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, NotFound, Refused
from compapp.judging import services
from compapp.judging.models import Ballot, JuryRemark, Motion
from compapp.judging.queries import deliberation as room
from compapp.judging.queries.standings import round_inputs
from compapp.judging.services import deliberation as talks
from tests.judging import builders as b
from tests.judging.results import play
from tests.judging.results.test_pages import sign_in

__all__ = ["sign_in"]

pytestmark = pytest.mark.one_database
AT = play.R1_DECIDED


def opened(contest: Contest) -> None:
    """Open the room with open votes, as far as the chair may choose."""
    with unit_of_work():
        talks.open_room(b.round_(contest), is_secret=False, actor=play.chair(contest), at=AT)


def motion(contest: Contest, code: str) -> Motion:
    with unit_of_work():
        return talks.open_vote(
            b.round_(contest), b.entry(contest, code), "Vào vòng trong?", actor=play.chair(contest), at=AT
        )


def test_agenda_comes_in_order_of_doubt(db: Session) -> None:
    contest = play.loaded()
    opened(contest)
    judge = b.judge(contest, "J02")
    for seconds in (0, 2, 61):
        at = AT + timedelta(seconds=seconds)
        with unit_of_work():
            talks.say(b.round_(contest), b.entry(contest, "S01"), "Xin xem lại.", is_flag=True, actor=judge, at=at)
    assert len(db.scalars(select(JuryRemark)).all()) == 2, "a second press says nothing twice"
    found = room.agenda(round_inputs(b.round_(contest)), judge.person_id)
    weights = [one.doubt.weight for one in found]
    assert weights == sorted(weights, reverse=True)
    why = {one.entry.code: one.doubt.reasons for one in found}
    assert why["S01"] == ("flagged",)
    assert "gate" in why["P07"]
    assert {code for code, reasons in why.items() if "near" in reasons} >= {"S14", "P03"}
    assert "S03" not in why


def test_only_the_rounds_jury_is_in_the_room_and_only_once_it_is_open(
    client: FlaskClient, sign_in: Callable[[Actor], None], db: Session, clock_at: Any
) -> None:
    clock_at(AT)
    contest = play.loaded()
    play.team(contest)
    base = f"/contests/{contest.code}/deliberation/R1"
    judge = b.judge(contest, "J02")
    sign_in(judge)
    assert client.get(base).status_code == 403
    opened(contest)
    page = client.get(base).text
    assert client.get(f"{base}/S14").status_code == 200
    total = round_inputs(b.round_(contest)).rows["student"][7].total
    assert total is not None
    assert total.replace(".", ",") not in page, "judges deliberate without others' figures"
    assert client.post(base, data={"door": "close"}).status_code == 403
    sign_in(play.chair(contest))
    assert total.replace(".", ",") in client.get(base).text
    for actor in (play.organiser(contest), Actor(9_999, "Người lạ")):
        sign_in(actor)
        assert client.get(base).status_code == 403
        assert client.post(f"{base}/S14", data={"reason": "x"}).status_code == 403
    left = b.judge(contest, "J06")
    with unit_of_work():
        services.replace_judge(b.seat(contest, "J06"), "ốm", actor=left, at=AT)
    sign_in(left)
    assert client.get(base).status_code == 403


def test_who_has_a_conflict_has_left_the_room(
    client: FlaskClient, sign_in: Callable[[Actor], None], db: Session, clock_at: Any
) -> None:
    clock_at(AT)
    contest = play.loaded()
    opened(contest)
    entry, judge = b.entry(contest, "S14"), b.judge(contest, "J02")
    with unit_of_work():
        talks.say(b.round_(contest), entry, "LỜI KÍN", actor=play.chair(contest), at=AT)
    asked = motion(contest, "S14")
    with unit_of_work():
        talks.cast(asked, "yes", actor=judge, at=AT)
    sign_in(judge)
    path = f"/contests/{contest.code}/deliberation/R1"
    page = client.get(f"{path}/S14").text
    assert "LỜI KÍN" in page and "data-room" in page and "judging/room" in page, "asks every few seconds whether it may"
    with unit_of_work():
        services.declare_conflict(b.seat(contest, "J02"), entry, kind="family", actor=judge, at=AT)
    assert "S14" not in client.get(path).text
    assert client.get(f"{path}/S14").status_code == client.get(f"{path}/S99").status_code == 404
    for data in ({"reason": "Tôi vẫn nói."}, {"choice": "no"}):
        assert client.post(f"{path}/S14" + ("/votes/1" if "choice" in data else ""), data=data).status_code == 404
    for deed in (
        lambda: talks.say(b.round_(contest), entry, "x", actor=judge, at=AT),
        lambda: talks.cast(asked, "no", actor=judge, at=AT),
    ):
        with pytest.raises(NotFound), unit_of_work():
            deed()
    sign_in(play.chair(contest))
    page = client.get(f"{path}/S14").text
    assert "Hãy bỏ cuộc biểu quyết này" in page and 'name="count"' not in page, "what cannot be counted has no button"
    assert room.remarks_of(b.round_(contest).id, judge.person_id) == []
    assert room.motions_of(b.round_(contest).id, judge.person_id) == []
    assert judge.person_id not in {seat.person_id for seat in room.voters(b.round_(contest), entry.id)}
    with pytest.raises(Conflict), unit_of_work():
        talks.close_vote(asked, actor=play.chair(contest), at=AT)
    with unit_of_work():
        talks.drop_vote(asked, "Một giám khảo phải rời phòng.", actor=play.chair(contest), at=AT)
    again = motion(contest, "S14")
    with unit_of_work():
        talks.close_vote(again, actor=play.chair(contest), at=AT)
    assert (again.state, again.yes) == ("closed", 0)


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_vote_counts_each_judge_once_and_a_secret_one_keeps_no_choice(db: Session, is_secret: bool) -> None:
    contest = play.loaded()
    with unit_of_work():
        round_ = session().get_one(Round, b.round_(contest).id)
        fixed = {"deliberation": {"ballot": "secret"}} if is_secret else {}
        round_.definition = {**round_.definition, **fixed}
    opened(contest)
    asked = motion(contest, "P07")
    for code, choice in (("J02", "yes"), ("J03", "no"), ("J04", "abstain"), ("J05", "yes")):
        with unit_of_work():
            talks.cast(asked, choice, actor=b.judge(contest, code), at=AT)
    if is_secret:
        with pytest.raises(Conflict), unit_of_work():
            talks.cast(asked, "no", actor=b.judge(contest, "J02"), at=AT)
    else:
        with unit_of_work():
            talks.cast(asked, "no", actor=b.judge(contest, "J02"), at=AT)
    with pytest.raises(Refused), unit_of_work():
        talks.cast(asked, "yes", actor=b.staff(contest, "secretary"), at=AT)
    with pytest.raises(Conflict), unit_of_work():
        talks.close_room(b.round_(contest), actor=play.chair(contest), at=AT)
    with pytest.raises(Refused), unit_of_work():
        talks.close_vote(asked, actor=b.judge(contest, "J02"), at=AT)
    with unit_of_work():
        talks.close_vote(asked, actor=play.chair(contest), at=AT)
    assert (asked.yes, asked.no, asked.abstained) == ((2, 1, 1) if is_secret else (1, 2, 1))
    choices = set(session().scalars(select(Ballot.choice)))
    assert choices == ({None} if is_secret else {"no", "abstain", "yes"})
    cast = session().scalars(select(AuditRow).where(AuditRow.verb == "judging.motion.cast")).all()
    assert [row.data for row in cast] == [{}] * 4
    with pytest.raises(Closed), unit_of_work():
        talks.cast(asked, "yes", actor=b.judge(contest, "J06"), at=AT)


def test_nobody_deliberates_while_sheets_are_missing(db: Session) -> None:
    contest = b.load_sample()
    b.assign_all(contest)
    with pytest.raises(Closed), unit_of_work():
        talks.open_room(b.round_(contest), is_secret=False, actor=play.chair(contest), at=AT)
    with pytest.raises(Refused), unit_of_work():
        talks.open_room(b.round_(contest), is_secret=False, actor=play.organiser(contest), at=AT)
