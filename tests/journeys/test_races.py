"""Many hands at one thing in the same moment: real threads, one winner, nobody's words lost, one message."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compapp.accounts import services as accounts
from compapp.contests import services as contests
from compapp.contests.models import Contest, Round
from compapp.core import audit, clock, links
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, session_scope, unit_of_work
from compapp.core.errors import Closed, Conflict, DomainError, NotFound
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries as entry_queries
from compapp.entries import services as entries
from compapp.entries.versions import Seen
from compapp.judging import services as judging
from compapp.judging.models import Assignment, Place, Publication, Sheet, Shortlist, VoteResult
from compapp.judging.queries.conflicts import conflict_pairs
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.results import open_shortlist
from compapp.judging.services.feedback import pass_comment_on, withhold_comment
from compapp.judging.services.publication import publish
from compapp.judging.services.sheets import void_sheet
from compapp.judging.services.shortlist import approve_shortlist, propose_shortlist
from compapp.judging.services.votes import record_votes
from compapp.placement import queries as placement_queries
from compapp.placement import services as placement
from tests.accounts import builders as people
from tests.conftest import StoppedClock
from tests.entries import builders as drafts
from tests.judging import builders as jury
from tests.judging.results import play
from tests.placement import builders as market

HANDS = 20


def together(deed: Callable[[int], Any], at: Any, hands: int = HANDS) -> list[Any]:
    """Let ``hands`` threads do ``deed(number)`` at once, each in its own unit; return results or errors."""
    session().rollback()
    barrier = threading.Barrier(hands)
    results: list[Any] = [None] * hands

    def run(number: int) -> None:
        with session_scope(), clock.reading(at):
            barrier.wait(30)
            try:
                with unit_of_work():
                    results[number] = deed(number)
            except (DomainError, IntegrityError) as error:
                results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    session().rollback()
    session().expire_all()
    assert audit.verify() is None
    return results


def _won(results: list[Any]) -> list[Any]:
    return [one for one in results if not isinstance(one, Exception)]


def _count(column: Any, *conditions: Any) -> int:
    return session().scalar(select(func.count()).select_from(column).where(*conditions)) or 0


def _deeds(verb: str) -> int:
    return _count(AuditRow, AuditRow.verb == verb)


def test_a_link_for_a_new_password_sets_one(db: Session, at: Any) -> None:
    person = people.make_person(email="lam.thao@x.example")
    with unit_of_work():
        accounts.ask_for_reset("lam.thao@x.example", at=at)
    message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind.contains("reset"))).first()
    assert message is not None
    token = next(str(value).rsplit("/", 1)[1] for value in message.data.values() if "/new-password/" in str(value))
    results = together(lambda number: accounts.reset_password(token, f"hash {number}", at=at), at)
    assert len(_won(results)) == 1
    assert all(isinstance(one, Closed) for one in results if isinstance(one, Exception))
    assert _deeds("accounts.person.password_changed") == 1
    assert db.get_one(type(person), person.id).password_hash == f"hash {results.index(_won(results)[0])}"


def test_a_sign_up_makes_one_person(db: Session, at: Any) -> None:
    with unit_of_work():
        visitor = Actor.anonymous()
        accounts.sign_up("ai.do@x.example", "Ai Đó", birth_year=2005, locale="vi", actor=visitor, at=at)
    message = db.scalars(select(OutboxMessage)).one()
    token = next(str(value).rsplit("/", 1)[1] for value in message.data.values() if "/confirmation/" in str(value))
    results = together(lambda _number: accounts.confirm_sign_up(token, "hash", at=at).id, at)
    assert len(_won(results)) == 1
    assert _deeds("accounts.person.created") == 1


@pytest.mark.parametrize("hands", [2, HANDS])
def test_any_link_is_redeemed_once(db: Session, at: Any, hands: int) -> None:
    with unit_of_work():
        token = links.issue("race", ("person", 1), expires_at=at + timedelta(days=1), at=at)
    results = together(lambda _number: links.redeem("race", token, at=at).id, at, hands)
    assert len(_won(results)) == 1


def test_one_of_two_members_who_save_the_same_answer_is_shown_both(db: Session, clock_at: StoppedClock) -> None:
    clock_at(drafts.OPEN_AT)
    lead = drafts.actor(drafts.person("Lâm Hoài Thảo"))
    entry = drafts.a_draft(drafts.a_contest(), lead)
    number, seen = entry.id, Seen(entry.version)

    def save(hand: int) -> Any:
        given = {"title": f"Ý của người {hand}"}
        return entries.save_answers(
            entry_queries.entry(number), given, seen=seen, actor=lead, at=drafts.OPEN_AT
        ).entry.version

    results = together(save, drafts.OPEN_AT)
    assert len(_won(results)) == 1
    kept = entry_queries.entry(number).answers["title"]
    assert kept == f"Ý của người {results.index(_won(results)[0])}"
    for one in results:
        if isinstance(one, Exception):
            assert isinstance(one, Conflict) and one.current["answers"]["title"] == kept


def test_one_of_many_windows_saves_a_sheet_and_the_others_are_shown_it(db: Session) -> None:
    contest = jury.load_sample()
    jury.assign_all(contest)
    one, actor = jury.assignments(contest, judge="J02")[0], jury.judge(contest, "J02")
    with unit_of_work():
        judging.save_sheet(one, judging.SheetInput(comment="đầu"), version=0, actor=actor, at=jury.DURING)
    number = one.id

    def save(hand: int) -> Any:
        given = judging.SheetInput(comment=f"của cửa sổ {hand}")
        assignment = session().get_one(Assignment, number)
        try:
            return judging.save_sheet(assignment, given, version=1, actor=actor, at=jury.DURING).comment
        except Conflict as clash:
            raise Conflict(clash.msgid, current=clash.current.comment) from None

    results = together(save, jury.DURING)
    assert len(_won(results)) == 1
    for refused in results:
        if isinstance(refused, Exception):
            assert isinstance(refused, Conflict) and refused.current == _won(results)[0]


def test_one_of_two_organisers_changes_the_calendar(db: Session) -> None:
    contest = jury.load_sample()
    number, seen, boss = contest.id, contest.version, jury.staff(contest, "organiser")
    first = contest.closes_at + timedelta(days=1)

    def change(hand: int) -> Any:
        moments = {"submission.closes": first + timedelta(minutes=hand)}
        row = session().get_one(Contest, number)
        contests.change_calendar(row, moments, reason="Mưa lũ", version=seen, actor=boss, at=jury.BEFORE)
        return moments["submission.closes"]

    results = together(change, jury.BEFORE, 8)
    assert len(_won(results)) == 1, results
    assert db.get_one(Contest, number).closes_at == _won(results)[0]
    assert all(isinstance(one, Conflict) for one in results if isinstance(one, Exception)), results


def test_a_decision_is_prepared_approved_and_published_once(db: Session) -> None:
    contest = play.loaded()
    round_id, secretary, chair = jury.round_(contest).id, jury.staff(contest, "secretary"), play.chair(contest)
    contest_id = contest.id

    def propose(_hand: int) -> int:
        return propose_shortlist(session().get_one(Round, round_id), actor=secretary, at=play.R1_DECIDED).id

    results = together(propose, play.R1_DECIDED, 6)
    assert len(set(_won(results))) == 1 and _count(Shortlist) == 1, results
    found = open_shortlist(round_id)
    assert found is not None
    number = found.id
    results = together(
        lambda _hand: approve_shortlist(session().get_one(Shortlist, number), actor=chair, at=play.R1_DECIDED).id,
        play.R1_DECIDED,
        6,
    )
    assert len(_won(results)) == 6, results
    assert _count(OutboxMessage, OutboxMessage.state == "held") == _count(
        OutboxMessage, OutboxMessage.hold.is_not(None)
    )
    held = _count(OutboxMessage, OutboxMessage.hold.is_not(None))
    results = together(
        lambda _hand: publish(session().get_one(Shortlist, number), actor=chair, at=play.R1_DECIDED).id,
        play.R1_DECIDED,
        6,
    )
    assert len(_won(results)) == 6 and len(set(results)) == 1, results
    assert _count(Publication) == 1 and _deeds("judging.publication.publish") == 1
    assert _count(OutboxMessage, OutboxMessage.hold.is_not(None), OutboxMessage.state == "ready") == held
    twice = select(Place.entry_id).where(Place.round_id == round_id).group_by(Place.entry_id).having(func.count() > 1)
    assert not db.scalars(twice).all()
    assert db.get_one(Contest, contest_id).state


def test_votes_entered_twice_are_counted_once(db: Session) -> None:
    contest = play.loaded()
    round_id, boss = jury.round_(contest, "RV").id, play.organiser(contest)

    def enter(_hand: int) -> int:
        votes = {"S01": 9, "S02": 1}
        return len(record_votes(session().get_one(Round, round_id), votes, actor=boss, at=play.VOTE_OVER))

    results = together(enter, play.VOTE_OVER, 6)
    assert results == [2] * 6
    assert _count(VoteResult) == 2 and _deeds("judging.votes.record") == 1


def test_an_offer_is_taken_once_however_often_it_is_pressed(db: Session) -> None:
    contest = market.load()
    market.release(contest)
    number, lead = market.offer(contest, "S01").id, market.lead(contest, "S01")
    intake_id = market.offer(contest, "S01").intake_id
    before = _count(OutboxMessage)

    def take(_hand: int) -> Any:
        return placement.accept_offer(placement_queries.offer(number), actor=lead, at=market.MATCHED)

    results = together(take, market.MATCHED, 8)
    assert _won(results), results
    assert all(isinstance(one, Conflict | Closed) for one in results if isinstance(one, Exception))
    accepted = select(func.count()).select_from(AuditRow).where(AuditRow.verb.like("placement.offer.accept%"))
    assert db.scalar(accepted.where(AuditRow.subject_id == number)) == 1
    keys = db.scalars(select(OutboxMessage.dedupe_key)).all()
    assert len(keys) == len(set(keys)) and len(keys) > before
    assert intake_id


def test_judges_who_fetch_at_once_never_bring_an_entry_more_than_it_needs(db: Session) -> None:
    """Seventy-two places in twenty-four entries; twenty judges fetch four each in the same moment."""
    contest = jury.load_sample()
    organiser = jury.staff(contest, "organiser")
    with unit_of_work():
        judging.let_judges_pull(jury.round_(contest), batch=4, actor=organiser, at=jury.DURING)
        for number in range(HANDS - 12):
            seat = judging.invite_judge(
                contest,
                name=f"Giám Khảo {number}",
                email=f"them{number}@example.vn",
                wish=judging.SeatWish(sectors=["ict"]),
                actor=organiser,
                at=jury.BEFORE,
            )
            judging.accept(seat, pledge=True, actor=jury.actor_of(seat.person), at=jury.BEFORE)
    codes = [seat.code for seat in active_seats(contest.id)]
    judges = {code: jury.judge(contest, code) for code in codes}
    number = contest.id

    def fetch(hand: int) -> int:
        own, code = session().get_one(Contest, number), codes[hand]
        return len(judging.fetch_more(jury.seat(own, code), jury.round_(own), actor=judges[code], at=jury.DURING))

    fetched = together(fetch, jury.DURING)
    given = jury.assignments(session().get_one(Contest, number))
    assert len(given) == sum(one for one in fetched if isinstance(one, int)) == 72
    assert set(Counter(one.entry_id for one in given).values()) == {3}
    assert max(Counter(one.seat_id for one in given).values()) <= 4
    barred = conflict_pairs(number, {one.entry_id for one in given})
    assert not barred & {(one.entry_id, one.seat_id) for one in given}


def test_a_chair_with_a_conflict_has_no_hand_in_the_sheets_of_that_entry(db: Session) -> None:
    """A conflict that is declared while the page stands open counts in the service too."""
    contest = jury.load_sample()
    jury.assign_all(contest)
    one, chair = jury.assignments(contest, judge="J02")[0], jury.judge(contest, "J01")
    jury.score(one, jury.judge(contest, "J02"))
    number = db.scalars(select(Sheet.id).where(Sheet.entry_id == one.entry_id, Sheet.seat_id == one.seat_id)).one()
    with unit_of_work():
        judging.declare_conflict(jury.seat(contest, "J01"), one.entry, kind="family", actor=chair, at=jury.DURING)
    deeds: list[Callable[[Sheet], Any]] = [
        lambda sheet: void_sheet(sheet, "x", actor=chair, at=jury.DURING),
        lambda sheet: judging.reopen_sheet(sheet, actor=chair, at=jury.DURING),
        lambda sheet: judging.refuse_unlock(sheet, "x", actor=chair, at=jury.DURING),
        lambda sheet: withhold_comment(sheet, "comment", "x", actor=chair, at=jury.DURING),
        lambda sheet: pass_comment_on(sheet, "comment", actor=chair, at=jury.DURING),
    ]
    for deed in deeds:
        with pytest.raises(NotFound), unit_of_work():
            deed(db.get_one(Sheet, number))
