"""Rules, eligibility, cases, reminders and the contest file."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.file import reader, registry, sections, writer
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.events import subscribe
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries, services
from compapp.entries.events import EntryBecameEligible
from compapp.entries.file_section import ENTRIES_SECTION
from compapp.entries.models import Entry
from compapp.entries.services import guardians
from compapp.entries.versions import Seen
from tests.conftest import StoppedClock
from tests.contests.builders import sample
from tests.entries import builders as b


def test_organisers_and_judges_may_not_enter(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    for role in ("organiser", "judge"):
        with pytest.raises(Refused):
            b.a_draft(contest, b.staff(contest, role))


def test_a_board_wants_its_kind_of_institution(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest, lead = b.a_contest(), b.actor(b.person("Lâm Hoài Thảo"))
    with pytest.raises(Invalid), unit_of_work():
        services.start_entry(
            contest, board_code="pupil", institution=b.institution(), title="Ý", actor=lead, at=b.OPEN_AT
        )


def test_codes_and_numbers_go_on(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    first = b.a_draft(contest, b.actor(b.person("Một Người")))
    second = b.a_draft(contest, b.actor(b.person("Hai Người")))
    assert (first.code, second.code) == ("S01", "S02")
    assert second.number.endswith("-002")


def test_needs_fix_opens_a_window_and_the_team(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead, organiser = b.actor(b.person("Lâm Hoài Thảo")), b.staff(contest)
    entry = b.a_submitted(contest, lead)
    at = clock_at(b.AFTER)
    with pytest.raises(Closed), unit_of_work():
        services.invite_member(entry, email=None, name="Oanh", actor=lead, at=at)
    with pytest.raises(Refused), unit_of_work():
        services.decide_eligibility(entry, "eligible", actor=lead, at=at)
    with unit_of_work():
        services.decide_eligibility(entry, "needs_fix", reason="Thiếu đồng ý.", actor=organiser, at=at)
    with unit_of_work():
        services.invite_member(entry, email="a@example.vn", name="Oanh", actor=lead, at=at)
    late = clock_at(at + timedelta(hours=40))
    with unit_of_work():
        services.post_reminders(at=late)
        services.post_reminders(at=late)
    count = session().scalar(select(func.count()).where(OutboxMessage.kind == "needs_fix_due"))
    assert count == 2
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=late)
    assert queries.entry(entry.id).state == "submitted"
    with pytest.raises(Closed), unit_of_work():
        services.save_answers(entry, {"problem": "Nữa"}, actor=lead, at=late)
    heard: list[EntryBecameEligible] = []
    subscribe(EntryBecameEligible, heard.append)
    with unit_of_work():
        services.decide_eligibility(entry, "eligible", actor=organiser, at=late)
    assert [event.entry_id for event in heard] == [entry.id]
    assert len(queries.decisions_of(entry.id)) == 2


def test_a_split_team_is_frozen_until_it_is_settled(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead, organiser = b.actor(b.person("Lâm Hoài Thảo")), b.staff(contest)
    entry = b.a_draft(contest, lead)
    mate = b.person("Huỳnh Thùy Oanh")
    member = b.add_member(entry, mate)
    b.complete(entry, lead)
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
        case = services.open_case(entry, "team_split", reason="Trưởng nhóm rời.", actor=organiser, at=b.OPEN_AT)
    assert queries.entry(entry.id).frozen_at == b.OPEN_AT
    with pytest.raises(Closed), unit_of_work():
        services.withdraw_entry(entry, actor=lead, at=b.OPEN_AT)
    with unit_of_work():
        services.state_in_case(case, "Ý tưởng của cả hai.", actor=b.actor(mate), at=b.OPEN_AT)
    with pytest.raises(Closed), unit_of_work():
        services.state_in_case(case, "Trễ.", actor=b.actor(mate), at=case.due_at)
    old = queries.lead_of(entry.id)
    assert old is not None
    with unit_of_work():
        services.settle_case(
            case, "Đội tiếp tục với trưởng nhóm mới.", lead=member.id, departed=[old.id], actor=organiser, at=b.OPEN_AT
        )
    now_lead = queries.lead_of(entry.id)
    assert now_lead is not None and now_lead.person_id == mate.id
    assert queries.entry(entry.id).frozen_at is None


def test_reminders_go_once_to_drafts_only(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    b.a_draft(contest, b.actor(b.person("Một Người")))
    b.a_submitted(contest, b.actor(b.person("Hai Người")), title="Khác")
    for before in (timedelta(days=3), timedelta(hours=24)):
        at = clock_at(b.CLOSES - before + timedelta(minutes=3))
        for _again in range(2):
            with unit_of_work():
                services.post_reminders(at=at)
    rows = list(session().scalars(select(OutboxMessage).where(OutboxMessage.kind == "deadline_near")))
    assert len(rows) == 4


def test_minors_need_a_guardian(db: Session, clock_at: StoppedClock) -> None:
    from datetime import date

    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo", born=date(2010, 1, 1)))
    entry = b.complete(b.a_draft(contest, lead), lead)
    assert [one.kind for one in queries.completeness(entry).missing] == ["guardian"]
    with unit_of_work():
        _row, token = services.ask_guardian(
            entry,
            queries.active_members(entry.id)[0].id,
            guardian_name="Lâm Văn Ba",
            guardian_email="ba@example.vn",
            actor=lead,
            at=b.OPEN_AT,
        )
    with unit_of_work():
        services.answer_guardian(token, given=True, at=b.OPEN_AT)
    assert queries.completeness(entry).is_complete
    assert _guardian_check(entry) is True
    member = queries.active_members(entry.id)[0].id
    with unit_of_work():
        asked, token = services.ask_guardian(
            entry,
            member,
            guardian_name="Lâm Văn Ba",
            guardian_email=None,
            guardian_phone="0912345678",
            actor=lead,
            at=b.OPEN_AT,
        )
        services.answer_guardian(token, given=True, at=b.OPEN_AT)
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    assert _guardian_check(entry) is None  # through the team's hands: an organiser calls first
    boss = b.staff(contest)
    with pytest.raises(Refused), unit_of_work():
        guardians.check_consent(entry, asked.id, actor=lead, at=b.OPEN_AT)
    with unit_of_work():
        guardians.check_consent(entry, asked.id, actor=boss, at=b.OPEN_AT)
    assert _guardian_check(entry) is True and asked.checked_by_name == boss.name
    with pytest.raises(Conflict), unit_of_work():
        guardians.check_consent(entry, asked.id, actor=boss, at=b.OPEN_AT)
    with unit_of_work():
        named = {"guardian_name": "Lâm Văn Ba", "guardian_email": "ba@example.vn", "actor": lead, "at": b.OPEN_AT}
        for given in (False, True):
            services.answer_guardian(services.ask_guardian(entry, member, **named)[1], given=given, at=b.OPEN_AT)
    assert _guardian_check(entry) is None, "somebody refused before: an organiser asks"


def _guardian_check(entry: Entry) -> bool | None:
    return next(one.holds for one in queries.checklist(entry, b.OPEN_AT) if one.key == "guardian")


def test_seen_tokens_tell_own_saves_from_those_of_others() -> None:
    seen = Seen.read("5;problem=7")
    assert (seen.of("problem"), seen.of("title")) == (7, 5)
    stands = {"problem": 7, "title": 8}
    assert seen.with_own(["title"], 8).shortened(stands, 8) == Seen(8)
    unseen = {"problem": 7, "impact": 6, "title": 8}
    saved = seen.with_own(["title"], 8).shortened(unseen, 8)
    assert saved.of("title") == 8 and saved.missed(unseen) == ["impact"]
    assert Seen.read("x;;=;a=b").token() == "0"


def test_saving_over_a_team_mate_is_a_conflict(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    with unit_of_work():
        services.save_answers(entry, {"problem": "một"}, seen=Seen(1), actor=lead, at=b.OPEN_AT)
    with pytest.raises(Conflict) as clash, unit_of_work():
        services.save_answers(entry, {"problem": "hai"}, seen=Seen(1), actor=lead, at=b.OPEN_AT)
    assert clash.value.current["answers"] == {"problem": "một"}


def test_the_sample_goes_in_and_comes_out_equal(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    sections.register()
    registry.register(ENTRIES_SECTION)
    document = sample()
    with unit_of_work():
        contest = reader.load(document, actor=b.IMPORTER, at=b.AFTER)
    assert writer.export(contest)["entries"] == document["entries"]
    states = set(session().scalars(select(Entry.state)))
    assert states == {"eligible"}
    assert len(queries.active_members(queries.entry_by_code(contest.id, "S01").id)) == 4


def test_what_was_entered_here_can_be_taken_elsewhere(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    b.a_submitted(contest, lead)
    document = writer.export(contest)
    with unit_of_work():
        copy = reader.load(document, actor=b.IMPORTER, at=b.OPEN_AT, code="KHAC-2027")
    again = writer.export(copy)["entries"]
    assert again == document["entries"]
    assert again[0]["answers"]["problem"] == b.ANSWERS["problem"]
