"""The public vote: one vote each, changed until it closes, counted and cleaned by the organiser in the open."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from compapp.accounts.models import Person, StudentIdentity
from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry
from compapp.judging.models import Place, VoteResult
from compapp.portal import queries, services
from compapp.portal.models import GalleryListing, PublicVote
from compapp.portal.services import Trace
from tests.conftest import StoppedClock
from tests.entries.builders import OPEN_AT, a_contest, a_submitted, actor, person, staff

As = Callable[[Person], FlaskClient]
VOTE = "/contests/VL-KNST-2026/vote"


@pytest.fixture
def voting(app: Any, db: Any, clock_at: StoppedClock) -> tuple[Contest, Round, list[Entry]]:
    """Two finalists in an open gallery, and the vote under way."""
    clock_at(OPEN_AT)
    contest = a_contest()
    entries = [a_submitted(contest, actor(person(name))) for name in ("Lâm Hoài Thảo", "Đỗ Gia Bảo")]
    with unit_of_work():
        rounds = {one.code: one for one in contest.rounds}
        for one in contest.rounds:
            one.state = "decided"
        for entry in entries:
            entry.state = "eligible"
            session().add(GalleryListing(entry_id=entry.id, state="shown", answers=[], changed_at=OPEN_AT))
            session().add(Place(round_id=rounds["R2"].id, entry_id=entry.id, state="confirmed"))
    clock_at(rounds["RV"].opens_at + timedelta(days=1))
    return contest, rounds["RV"], entries


def _votes() -> list[PublicVote]:
    return list(session().scalars(select(PublicVote).order_by(PublicVote.id)))


def test_one_vote_each_changed_until_the_end_and_hidden_until_then(
    voting: tuple[Contest, Round, list[Entry]], client: FlaskClient, as_person: As, clock_at: StoppedClock
) -> None:
    contest, round_, (first, second) = voting
    stranger = client.get(VOTE).text
    assert "Đăng nhập để bình chọn" in stranger and 'href="/sign-up?back=' in stranger
    assert client.post(VOTE, data={"entry": first.code}).status_code == 401
    assert _votes() == []
    voter = person("Nguyễn Cử Tri")
    browser = as_person(voter)
    for code in (first.code, first.code, second.code):
        assert browser.post(VOTE, data={"entry": code}).status_code == 303
    (vote,) = _votes()
    assert (vote.entry_id, vote.person_id, vote.changes) == (second.id, voter.id, 1)
    assert vote.address_key and "127.0.0.1" not in vote.address_key and len(vote.address_key) == 64
    assert browser.post(VOTE, data={"entry": "S99"}).status_code == 404
    for code, left in ((first.code, 1), (second.code, 0), (second.code, 0)):
        assert browser.post(VOTE, data={"entry": code, "withdraw": "yes"}).status_code == 303
        assert len(_votes()) == left, "only the own vote for this very entry is taken back"
    assert "Bạn đã rút phiếu" in browser.get(VOTE).text and "Rút phiếu" not in browser.get(VOTE).text
    browser.post(VOTE, data={"entry": second.code})
    with unit_of_work():
        shown = session().scalars(select(GalleryListing).where(GalleryListing.entry_id == second.id)).one()
        shown.state = "hidden"
    assert "không còn trong cuộc bình chọn" in browser.get(VOTE).text
    with unit_of_work():
        shown.state = "shown"
    page = browser.get(VOTE).text
    assert "Bạn đã bình chọn" in page and "1 phiếu" not in page
    assert "Nguyễn Cử Tri" not in str([row.data for row in session().scalars(select(AuditRow))])
    organiser = staff(contest, "organiser")
    report = as_person(session().get_one(Person, organiser.person_id)).get(f"{VOTE}/report")
    assert report.status_code == 200 and "Số phiếu được giữ kín" in report.text
    assert browser.get(f"{VOTE}/report").status_code == 403
    clock_at(round_.closes_at + timedelta(minutes=1))
    late = as_person(voter)
    for more in ({}, {"withdraw": "yes"}):
        answer = late.post(VOTE, data={"entry": first.code, **more}, follow_redirects=True)
        assert "chưa mở hoặc đã đóng" in answer.text and _votes()[0].entry_id == second.id


@pytest.mark.one_database
def test_the_unique_rule_stands_behind_the_service(voting: tuple[Contest, Round, list[Entry]]) -> None:
    _contest, round_, (first, second) = voting
    voter = person("Trần Hai Tay")
    with pytest.raises(IntegrityError), unit_of_work():
        for entry in (first, second):
            session().add(
                PublicVote(
                    round_id=round_.id, board_code="", person_id=voter.id, entry_id=entry.id, cast_at=OPEN_AT, changes=0
                )
            )
    with unit_of_work(), pytest.raises(Refused):
        services.cast_vote(round_, first.code, trace=Trace(), actor=Actor.anonymous("vi"), at=round_.opens_at)
    with unit_of_work():
        round_.definition = {**round_.definition, "one_vote_per": queries.PER_BOARD}
    assert queries.ballot_of(round_, "student") == "student"


def test_the_organiser_voids_what_came_from_one_address_and_takes_over_the_count(
    voting: tuple[Contest, Round, list[Entry]], client: FlaskClient, as_person: As, clock_at: StoppedClock
) -> None:
    contest, round_, (first, second) = voting
    begin = round_.opens_at + timedelta(days=2)
    for number in range(9):
        voter = actor(person(f"Người {number}", email=f"nguoi{number}@example.vn"))
        entry = first if number < 6 else second
        trace = services.trace_of("203.0.113.7" if number < 6 else f"198.51.{number}.1", round_.id, "s" * 32)
        with unit_of_work():
            services.cast_vote(round_, entry.code, trace=trace, actor=voter, at=begin + timedelta(hours=3 * number))
    twins = [session().get_one(Person, vote.person_id) for vote in _votes()[6:8]]
    with unit_of_work():
        for who in twins:
            school = first.institution_id
            known = {"person_id": who.id, "organisation_id": school, "number": "SV 001", "number_fold": "sv001"}
            session().add(StudentIdentity(state="stated", stated_at=begin, **known))
    organiser = staff(contest, "organiser")
    with unit_of_work(), pytest.raises(Closed):
        services.take_over_count(round_, actor=organiser, at=begin)
    clock_at(round_.closes_at + timedelta(hours=1))
    office = as_person(session().get_one(Person, organiser.person_id))
    page = office.get(f"{VOTE}/report").text
    assert "6 trên 6 phiếu đến từ một địa chỉ internet" in page and "203.0.113.7" not in page
    assert "1 trên 3 phiếu đến từ người dường như đã bình chọn bằng tài khoản khác" in page and "SV 001" not in page
    assert office.post(f"{VOTE}/count").status_code == 303
    assert {row.entry.code: row.votes for row in session().scalars(select(VoteResult))} == {
        first.code: 6,
        second.code: 3,
    }
    name = f"address:{first.code}:{_votes()[0].id}:6"
    refused = office.post(f"{VOTE}/voiding", data={"finding": name, "reason": " "})
    assert refused.status_code == 422 and "checked" in refused.text
    assert office.post(f"{VOTE}/voiding", data={"finding": name, "reason": "Một máy, sáu tài khoản"}).status_code == 303
    assert queries.counts_of(round_.id) == {second.code: 3}
    told = session().scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "vote_voided")).all()
    assert set(told) == {vote.person_id for vote in _votes()[:6]}
    deed = session().scalars(select(AuditRow).where(AuditRow.verb == "portal.votes.void")).one()
    assert deed.data["entries"] == {first.code: 6} and deed.data["reason"] == "Một máy, sáu tài khoản"
    assert "khác với kết quả đã ghi" in office.get(f"{VOTE}/report").text
    office.post(f"{VOTE}/count")
    assert sorted(row.votes for row in session().scalars(select(VoteResult))) == [0, 3]
    with unit_of_work():
        contest.state = "decided"
        assert services.forget_traces(round_.closes_at) == 9
    assert all(vote.address_key is None and vote.network_key is None for vote in _votes())
