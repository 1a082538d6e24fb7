"""Two persons, one truth: decisions, publications, messages, corrections, places."""

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session, session_scope, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry, TeamMember
from compapp.judging import services
from compapp.judging.models import Award, ChairDecision, Place, Publication, Sheet, Shortlist, StandingsRun
from compapp.judging.queries.hall import slots_of
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.public import public_results
from compapp.judging.queries.results import (
    latest_publication,
    open_shortlist,
    places_of,
    public_part,
    publications_of,
)
from compapp.judging.queries.standings import round_inputs
from compapp.judging.services.awards import AwardChoice, audience_order
from compapp.judging.services.hall.order import draw_order
from compapp.judging.services.pitch import enter_panel_total
from compapp.judging.services.places import confirm_place, decline_place, lapse_places
from compapp.judging.services.publication import publication_faults, publish, verify_publication
from compapp.judging.services.shortlist import (
    approve_shortlist,
    computed_shortlist,
    propose_shortlist,
    withdraw_shortlist,
)
from compapp.judging.services.standings import compute_standings, decide_tie
from compapp.judging.services.votes import decide_vote_tie, record_votes
from tests.judging import builders
from tests.judging.results import play

AT = play.R1_DECIDED


def proposed(contest: Contest, role: str = "secretary", **choices: Any) -> Shortlist:
    with unit_of_work():
        return propose_shortlist(builders.round_(contest), actor=builders.staff(contest, role), at=AT, **choices)


def approved(contest: Contest) -> Shortlist:
    shortlist = proposed(contest)
    with unit_of_work():
        return approve_shortlist(shortlist, actor=play.chair(contest), at=AT)


def rows(kind: str | None = None, state: str | None = None) -> int:
    statement = select(func.count()).select_from(OutboxMessage)
    if kind:
        statement = statement.where(OutboxMessage.kind == kind)
    if state:
        statement = statement.where(OutboxMessage.state == state)
    return session().scalar(statement) or 0


def test_the_one_who_prepares_never_approves(db: Session) -> None:
    contest = play.loaded()
    organiser = play.organiser(contest)
    with unit_of_work():
        shortlist = propose_shortlist(builders.round_(contest), actor=organiser, at=AT)
    with pytest.raises(Refused), unit_of_work():
        approve_shortlist(shortlist, actor=organiser, at=AT)
    with pytest.raises(Refused), unit_of_work():
        approve_shortlist(shortlist, actor=builders.staff(contest, "secretary"), at=AT)
    with pytest.raises(Refused), unit_of_work():
        approve_shortlist(shortlist, actor=builders.judge(contest, "J02"), at=AT)
    with unit_of_work():
        approve_shortlist(shortlist, actor=play.organiser(contest, 1), at=AT)
    assert (shortlist.state, shortlist.approved_by_name) == ("approved", "Lê Tổ Chức")
    assert builders.round_(contest).state == "decided"


@pytest.mark.parametrize(
    ("deed", "allowed"),
    [
        ("compute", {"organiser", "secretary", "chair", "approver"}),
        ("propose", {"organiser", "secretary", "chair"}),
        ("publish", {"organiser", "chair", "approver"}),
        ("votes", {"organiser"}),
        ("draw", {"organiser", "secretary", "chair"}),
        ("total", {"organiser", "secretary"}),
    ],
)
def test_who_may_do_what(db: Session, deed: str, allowed: set[str]) -> None:
    contest = play.loaded()
    with unit_of_work():
        builders.add_role(contest, "approver", builders.add_person("Người Duyệt"))
    ready = approved(contest) if deed == "publish" else None
    if deed in ("draw", "total"):
        play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    deeds: dict[str, Callable[[Any], Any]] = {
        "compute": lambda actor: compute_standings(builders.round_(contest), actor=actor, at=AT),
        "propose": lambda actor: propose_shortlist(builders.round_(contest), actor=actor, at=AT),
        "publish": lambda actor: publish(ready, actor=actor, at=AT),  # type: ignore[arg-type]
        "votes": lambda actor: record_votes(builders.round_(contest, "RV"), {"S01": 3}, actor=actor, at=play.VOTE_OVER),
        "draw": lambda actor: draw_order(builders.round_(contest, "R2"), actor=actor, at=AT),
        "total": lambda actor: enter_panel_total(
            builders.round_(contest, "R2"),
            builders.entry(contest, "S01"),
            builders.seat(contest, "J02"),
            "70",
            actor=actor,
            at=play.R2_HELD,
        ),
    }
    for role in ("judge", "organiser", "secretary", "chair", "approver"):
        actor = builders.judge(contest, "J02") if role == "judge" else builders.staff(contest, role)
        if role in allowed:
            with unit_of_work():
                deeds[deed](actor)
        else:
            with pytest.raises(Refused), unit_of_work():
                deeds[deed](actor)


def test_a_role_ends_with_a_place_on_a_team(db: Session) -> None:
    contest = play.loaded()
    organiser = play.organiser(contest)
    with unit_of_work():
        member = session().scalars(select(TeamMember).limit(1)).one()
        member.person_id = organiser.person_id
    with pytest.raises(Refused), unit_of_work():
        propose_shortlist(builders.round_(contest), actor=organiser, at=AT)


def test_an_exception_needs_a_reason_and_keeps_both(db: Session) -> None:
    contest = play.loaded()
    round_ = builders.round_(contest)
    chosen = {"student": ["S01", "S06", "S03", "S02", "S10", "S07", "S05", "S14", "S08"], "pupil": ["P02"]}
    with pytest.raises(Invalid), unit_of_work():
        propose_shortlist(round_, decided=chosen, actor=play.chair(contest), at=AT)
    shortlist = proposed(contest, decided=chosen, reason="Ban giám khảo mở rộng một suất.")
    assert shortlist.computed["student"] == chosen["student"][:8]
    assert shortlist.decided == chosen
    assert shortlist.reserves["pupil"][:2] == ["P05", "P08"]
    assert "P07" not in shortlist.reserves["pupil"], "a zero bars the reserve list too"


@pytest.mark.parametrize("decided", [{"student": ["P01"]}, {"student": ["S99"]}])
def test_only_scored_entries_of_the_board_go_through(db: Session, decided: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid):
        proposed(play.loaded(), decided=decided, reason="vì sao")


def test_a_missing_sheet_blocks_the_decision(db: Session) -> None:
    contest = play.loaded()
    with unit_of_work():
        services.declare_conflict(
            builders.seat(contest, "J06"),
            builders.entry(contest, "S05"),
            kind="other",
            note="",
            actor=play.chair(contest),
            at=AT,
        )
        services.add_reader(
            builders.round_(contest),
            builders.entry(contest, "S05"),
            reason="thay",
            seat=builders.seat(contest, "J05"),
            due_at=play.CORRECTED,
            actor=play.organiser(contest),
            at=AT,
        )
    with pytest.raises(Closed, match="S05–J05"):
        proposed(contest)


def tied_document() -> dict[str, Any]:
    """The sample with S08's sheets made equal to S14's: nothing but the chair can order them."""
    document = builders.sample()
    sheets = [one for one in document["sheets"]["R1"] if one["entry"] != "S08"]
    judges = [one["judge"] for one in document["sheets"]["R1"] if one["entry"] == "S08"]
    model = [one["scores"] for one in sheets if one["entry"] == "S14"]
    sheets += [{"entry": "S08", "judge": judge, "scores": scores} for judge, scores in zip(judges, model, strict=True)]
    document["sheets"] = {"R1": sheets}
    return document


def test_a_tie_across_the_cut_waits_for_the_chair(db: Session) -> None:
    contest = builders.load_sample(document=tied_document())
    round_ = builders.round_(contest)
    with pytest.raises(Closed, match="S08, S14"):
        proposed(contest)
    with pytest.raises(Refused), unit_of_work():
        decide_tie(round_, ["S08", "S14"], "vì …", actor=play.organiser(contest), at=AT)
    with pytest.raises(Invalid), unit_of_work():
        decide_tie(round_, ["S08", "S14"], "  ", actor=play.chair(contest), at=AT)
    with pytest.raises(Invalid), unit_of_work():
        decide_tie(round_, ["S08", "S01"], "vì …", actor=play.chair(contest), at=AT)
    with unit_of_work():
        decide_tie(round_, ["S08", "S14"], "Khả thi hơn.", actor=play.chair(contest), at=AT)
    shortlist = proposed(contest)
    assert shortlist.decided["student"][-1] == "S08"
    ranked = {row.entry: row for row in round_inputs(round_).rows["student"]}
    assert ranked["S08"].tie_break == ranked["S14"].tie_break == "chair_decision"


def test_changed_scores_stop_an_approved_decision(db: Session) -> None:
    contest = play.loaded()
    shortlist = approved(contest)
    with unit_of_work():
        sheet = session().scalars(select(Sheet).join(Sheet.entry).where(Entry.code == "S13").limit(1)).one()
        services.void_sheet(sheet, "nhầm phiếu", actor=play.chair(contest), at=AT)
    with pytest.raises(Conflict), unit_of_work():
        publish(shortlist, actor=play.organiser(contest), at=play.R1_PUBLISHED)
    assert latest_publication(shortlist.round_id) is None


def test_messages_are_held_then_sent_once_to_each_team(db: Session) -> None:
    contest = play.loaded()
    play.team(contest)
    shortlist = approved(contest)
    assert rows("result", "held") == rows("result") == 24 * 2 * 2
    with unit_of_work():
        approve_shortlist(shortlist, actor=play.chair(contest), at=AT)
    assert rows("result") == 24 * 2 * 2, "a second press posts nothing"
    with unit_of_work():
        first = publish(shortlist, actor=play.organiser(contest), at=play.R1_PUBLISHED)
    with unit_of_work():
        assert publish(shortlist, actor=play.organiser(contest), at=play.R1_PUBLISHED).id == first.id
    assert (rows("result", "ready"), rows("result", "held")) == (96, 0)
    assert rows("confirm_place") == 12 * 2, "each lead, in the inbox and by e-mail"
    assert first.public_from - first.published_at == timedelta(minutes=30)
    moments = set(session().scalars(select(OutboxMessage.not_before).where(OutboxMessage.kind == "result")))
    assert moments == {play.R1_PUBLISHED}


def test_a_message_tells_a_team_its_own_result_only(db: Session) -> None:
    contest = play.loaded()
    play.team(contest)
    approved(contest)
    judges = [seat.person.name for seat in (builders.seat(contest, f"J{n:02d}") for n in range(1, 13))]
    titles = {entry.id: entry.title["vi"] for entry in session().scalars(select(Entry))}
    for message in session().scalars(select(OutboxMessage).where(OutboxMessage.kind == "result")):
        text = json.dumps(message.data, ensure_ascii=False)
        own = int(message.data["path"].split("/")[2])
        assert not any(name in text for name in judges)
        assert not any(title in text for entry, title in titles.items() if entry != own)


def test_a_withdrawn_decision_sends_nothing(db: Session) -> None:
    contest = play.loaded()
    play.team(contest)
    shortlist = approved(contest)
    with pytest.raises(Invalid), unit_of_work():
        withdraw_shortlist(shortlist, " ", actor=play.chair(contest), at=AT)
    with unit_of_work():
        withdraw_shortlist(shortlist, "Cần xem lại.", actor=play.chair(contest), at=AT)
    assert rows("result", "cancelled") == rows("result") > 0
    assert open_shortlist(shortlist.round_id) is None
    with pytest.raises(Closed), unit_of_work():
        publish(shortlist, actor=play.organiser(contest), at=AT)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    assert rows("result", "ready") == 96


def test_a_correction_tells_only_the_teams_concerned(db: Session) -> None:
    contest = play.loaded()
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    with pytest.raises(Invalid), unit_of_work():
        propose_shortlist(builders.round_(contest), actor=play.organiser(contest), at=play.CORRECTED)
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Xung đột lợi ích.")
    told = {
        message.data["title"]["vi"]
        for message in session().scalars(select(OutboxMessage).where(OutboxMessage.kind == "correction"))
    }
    assert told == {builders.entry(contest, code).title["vi"] for code in ("S05", "S08")}
    assert rows("result") == 96, "nobody reads the first result twice"


def test_a_publication_is_sealed_onto_the_one_before_it(db: Session) -> None:
    contest = play.loaded()
    first = play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    second = play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Xung đột lợi ích.")
    assert verify_publication(first)
    assert verify_publication(second)
    changed = json.loads(json.dumps(first.content))
    changed["boards"][0]["rows"][0]["total"] = "99.99"
    with unit_of_work():
        session().get_one(Publication, first.id).content = changed
    assert publication_faults(first) == [f"publication {first.id} (R1, no. 1): the content is not what was sealed"]
    assert audit.verify() is None


def test_a_changed_sheet_is_found(db: Session) -> None:
    contest = play.loaded()
    publication = play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    with unit_of_work():
        sheet = session().scalars(select(Sheet).limit(1)).one()
        assert sheet.total is not None
        sheet.total += 1
    assert not verify_publication(publication)


def test_the_public_part_holds_only_those_who_go_through(db: Session) -> None:
    contest = play.loaded()
    publication = play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    text = json.dumps(public_part(publication.content), ensure_ascii=False)
    assert len([row for board in public_part(publication.content)["boards"] for row in board["rows"]]) == 12
    assert "J01" not in text
    assert builders.entry(contest, "P06").title["vi"] not in text


def test_equal_inputs_are_stored_once(db: Session) -> None:
    contest = play.loaded()
    for _ in range(2):
        with unit_of_work():
            compute_standings(builders.round_(contest), actor=play.chair(contest), at=AT)
    assert session().scalar(select(func.count()).select_from(StandingsRun)) == 1


def test_standings_take_a_constant_number_of_queries(db: Session, count_queries: Callable[[], Any]) -> None:
    round_ = builders.round_(play.loaded())
    session().expire_all()
    round_.contest.boards  # noqa: B018 - loaded beforehand
    with count_queries() as seen:
        round_inputs(round_)
    assert len(seen) <= 8


def lead_of(contest: Contest, code: str) -> Any:
    member = (
        session()
        .scalars(
            select(TeamMember).where(TeamMember.entry_id == builders.entry(contest, code).id, TeamMember.role == "lead")
        )
        .one()
    )
    assert member.person is not None
    return builders.actor_of(member.person)


def with_places() -> Contest:
    contest = play.loaded()
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    return contest


def place(contest: Contest, code: str) -> Place:
    return next(one for one in places_of(builders.round_(contest).id) if one.entry.code == code)


def test_the_lead_confirms_and_nobody_else(db: Session) -> None:
    contest = with_places()
    own = place(contest, "S01")
    for stranger in (lead_of(contest, "S02"), play.organiser(contest)):
        with pytest.raises(Refused), unit_of_work():
            confirm_place(own, actor=stranger, at=play.R1_PUBLISHED)
    lead = lead_of(contest, "S01")
    for _ in range(2):
        with unit_of_work():
            assert confirm_place(own, actor=lead, at=play.R1_PUBLISHED).state == "confirmed"


def test_a_declined_place_goes_to_the_first_reserve_of_the_board(db: Session) -> None:
    contest = with_places()
    with unit_of_work():
        decline_place(place(contest, "S06"), "bận thi", actor=lead_of(contest, "S06"), at=play.R1_PUBLISHED)
    assert (place(contest, "S08").state, place(contest, "S11").state) == ("waiting", "reserve")
    assert place(contest, "P01").state == "reserve"


def test_places_lapse_and_reserves_move_up_once(db: Session) -> None:
    contest = with_places()
    with unit_of_work():
        confirm_place(place(contest, "S01"), actor=lead_of(contest, "S01"), at=play.R1_PUBLISHED)
    deadline = place(contest, "S02").confirm_by
    assert deadline is not None
    later = deadline + timedelta(minutes=1)
    with pytest.raises(Closed), unit_of_work():
        confirm_place(place(contest, "S02"), actor=lead_of(contest, "S02"), at=later)
    with unit_of_work():
        assert lapse_places(later) == 11
    with unit_of_work():
        assert lapse_places(later) == 0
    states = [one.state for one in places_of(builders.round_(contest).id) if one.entry.code.startswith("S")]
    assert (states.count("confirmed"), states.count("lapsed")) == (1, 7)
    assert states.count("waiting") == 7, "reserves fill the free places, no more"
    assert rows("place_lapsed") == 11 * 2 * 2


def test_twenty_answers_at_once_never_give_one_place_too_many(db: Session) -> None:
    contest = with_places()
    contest_id, round_id = contest.id, builders.round_(contest).id
    actors = {one.id: lead_of(contest, one.entry.code) for one in places_of(round_id) if one.state == "waiting"}
    jobs = [*actors.items()][:10] * 2
    barrier, problems = threading.Barrier(len(jobs)), []
    db.rollback()

    def decline(place_id: int, actor: Any) -> None:
        with session_scope():
            barrier.wait()
            try:
                with unit_of_work():
                    decline_place(session().get_one(Place, place_id), actor=actor, at=play.R1_PUBLISHED)
            except Conflict:
                pass
            except Exception as error:
                problems.append(error)

    threads = [threading.Thread(target=decline, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    db.expire_all()
    for board, most in (("student", 8), ("pupil", 4)):
        held = session().scalar(
            select(func.count())
            .select_from(Place)
            .join(Entry, Entry.id == Place.entry_id)
            .where(
                Entry.contest_id == contest_id,
                Entry.board.has(code=board),
                Place.round_id == round_id,
                Place.state.in_(["waiting", "confirmed"]),
            )
        )
        assert held is not None
        assert held <= most


def test_the_running_order_can_be_drawn_again_by_anybody(db: Session) -> None:
    contest = with_places()
    round_ = builders.round_(contest, "R2")
    with unit_of_work():
        first = draw_order(round_, seed="abc", actor=play.organiser(contest), at=AT)
    with unit_of_work():
        again = draw_order(round_, seed="other", actor=play.organiser(contest), at=AT)
    assert [draw.order for draw in again] == [draw.order for draw in first]
    slots = slots_of(round_.id)
    assert len(slots) == 12
    assert slots[1].starts_at - slots[0].starts_at == timedelta(minutes=12)
    assert rows("pitch_order") == 12 * 2 * 2
    assert rows("pitch_order_jury") == len(active_seats(contest.id)) * 2, "the jury hears of it too"


@pytest.mark.parametrize("typed", ["", "abc", "-1", "100,01", "1e2", "NaN"])
def test_an_impossible_total_is_refused(db: Session, typed: str) -> None:
    contest = with_places()
    with pytest.raises(Invalid), unit_of_work():
        enter_panel_total(
            builders.round_(contest, "R2"),
            builders.entry(contest, "S01"),
            builders.seat(contest, "J02"),
            typed,
            actor=play.organiser(contest),
            at=play.R2_HELD,
        )


def test_what_was_decided_of_an_entry_that_left_since_is_not_published(db: Session) -> None:
    contest = play.loaded()
    shortlist = approved(contest)
    with unit_of_work():
        builders.entry(contest, shortlist.decided["student"][0]).state = "ineligible"
    with pytest.raises(Conflict, match="left the contest"), unit_of_work():
        publish(shortlist, actor=play.organiser(contest), at=AT)


def test_nobody_alone_gives_marks_in_a_round_in_which_nobody_pitches(db: Session) -> None:
    contest = builders.load_sample()
    given = builders.round_(contest), builders.entry(contest, "S01"), builders.seat(contest, "J02")
    with pytest.raises(Closed), unit_of_work():
        enter_panel_total(*given, "95", actor=play.organiser(contest), at=builders.DURING)


def test_a_total_changes_only_with_a_reason(db: Session) -> None:
    contest = with_places()
    given = (
        builders.round_(contest, "R2"),
        builders.entry(contest, "S01"),
        builders.seat(contest, "J02"),
    )
    who: dict[str, Any] = {"actor": play.organiser(contest), "at": play.R2_HELD}
    with unit_of_work():
        enter_panel_total(*given, "81,75", **who)
        enter_panel_total(*given, "81.75", **who)
    with pytest.raises(Conflict), unit_of_work():
        enter_panel_total(*given, "80", **who)
    with unit_of_work():
        assert enter_panel_total(*given, "80", reason="nghe nhầm", **who).total == 80


def test_votes_tied_for_the_first_place_wait_for_the_chair(db: Session) -> None:
    contest = play.loaded()
    round_ = builders.round_(contest, "RV")
    with pytest.raises(Closed), unit_of_work():
        record_votes(round_, {"S01": 1}, actor=play.organiser(contest), at=AT)
    with unit_of_work():
        record_votes(round_, {"S01": 9, "P05": 9, "S02": 1}, actor=play.organiser(contest), at=play.VOTE_OVER)
    for _pressed in range(2):
        with unit_of_work():
            decide_vote_tie(round_, ["P05", "S01"], "bốc thăm", actor=play.chair(contest), at=play.VOTE_OVER)
    said = select(ChairDecision.entries).where(ChairDecision.round_id == round_.id)
    assert db.scalars(said).all() == [["P05", "S01"]], "a second press says nothing new"
    with unit_of_work():
        builders.entry(contest, "P05").state = "withdrawn"
    assert audience_order(contest) == (["S01", "S02"], [])


def test_a_prize_may_be_withheld_with_a_reason(
    db: Session, client: FlaskClient, sign_in: Callable[[Actor | None], Any], clock_at: Any
) -> None:
    contest = play.loaded(pitches=True)
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Xung đột lợi ích.")
    play.decide_and_publish(contest, "R2", play.R2_PUBLISHED)
    with pytest.raises(Invalid):
        play.decide_and_publish(contest, "R3", play.R3_PUBLISHED)
    no_votes = AwardChoice(None, "Không tổ chức bình chọn.")
    with pytest.raises(Invalid):
        choices = {("", "audience", 1): no_votes, ("pupil", "third", 1): AwardChoice(None, "")}
        play.decide_and_publish(contest, "R3", play.R3_PUBLISHED, awards=choices)
    choices = {("", "audience", 1): no_votes, ("pupil", "third", 1): AwardChoice(None, "Chưa đạt chất lượng.")}
    clock_at(play.R3_PUBLISHED)
    sign_in(play.organiser(contest))
    address = f"/contests/{contest.code}/shortlist/R3"
    page = unescape(client.get(address).text)
    of_pupils = page[page.index("<h4>Bảng học sinh</h4>") :].split("</select>")[0]
    found = re.findall(r"<option[^>]*>([^<]*)<|label=\"([^\"]*)", of_pupils)
    offered = [" ".join((one or label).split()) for one, label in found]
    assert [one[:6] for one in offered[1:4]] == ["1. P02", "2. P05", "3. P08"], "who pitched, in order, with the figure"
    assert (offered[1], offered[4]) == ("1. P02 · Bộ kit nước kênh · 76,11", "Không có điểm ở vòng này")
    assert page.count("Lý do không trao") == 1, "nobody won the vote"
    with unit_of_work():
        propose_shortlist(
            builders.round_(contest, "R3"), awards=choices, actor=play.organiser(contest), at=play.R3_PUBLISHED
        )
    waiting = re.sub(r"<[^>]*>|\s+", " ", unescape(client.get(address).text))
    assert re.search(r"Giải Nhất *Bảng sinh viên *Trạm đo mặn Miệt Vườn *S01 *1 *86,21 *30.000.000 đồng", waiting)
    with unit_of_work():
        withdraw_shortlist(
            open_shortlist(builders.round_(contest, "R3").id),
            "Thử.",
            actor=play.organiser(contest),
            at=play.R3_PUBLISHED,
        )
    play.decide_and_publish(contest, "R3", play.R3_PUBLISHED, awards=choices)
    withheld = session().scalars(select(Award).where(Award.entry_id.is_(None)).order_by(Award.id)).all()
    assert [(one.award, one.reason) for one in withheld] == [
        ("third", "Chưa đạt chất lượng."),
        ("audience", "Không tổ chức bình chọn."),
    ]
    assert rows("award", "ready") == 7 * 2 * 2
    closed = unescape(client.get(f"/contests/{contest.code}/pitch/R3/entries/S01").text)
    assert ("phải là đính chính" in closed, 'name="total-' in closed) == (True, False)
    last = publications_of(builders.round_(contest, "R3").id)[0]
    boards = [{**board, "rows": []} for board in last.content["boards"]]
    rowless = SimpleNamespace(content={**last.content, "boards": boards}, difference={}, number=1, round=last.round)
    rowless.round_id = last.round_id
    shown = public_results(contest, [cast(Publication, rowless)], play.R3_PUBLISHED)
    assert shown[0].titles["S01"]["vi"] == "Trạm đo mặn Miệt Vườn", "a winner is named without a row in the round"


@pytest.mark.one_database
def test_every_departure_from_the_figures_has_a_reason(db: Session) -> None:
    contest = play.loaded()
    computed = computed_shortlist(round_inputs(builders.round_(contest)))
    other = {**computed, "pupil": [code for code in computed["pupil"] if code != "P03"] + ["P01"]}
    for given in ({}, {"P03": "Rút đề tài."}, {"P01": "Bổ sung.", "P03": "  "}):
        with pytest.raises(Invalid) as refused:
            proposed(contest, decided=other, departures=given)
        said = {code for code, words in given.items() if words.strip()}
        assert set(refused.value.fields) == {f"because-{code}" for code in {"P01", "P03"} - said}
    made = proposed(contest, decided=other, departures={"P03": "Rút đề tài."}, reason="Ban giám khảo biểu quyết.")
    assert made.departures == {"P01": "Ban giám khảo biểu quyết.", "P03": "Rút đề tài."}
    assert made.computed != made.decided
