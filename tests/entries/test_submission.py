"""Submitting: what is frozen, when it is open, and what a double click does."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.queries import consents_of
from compapp.core import clock
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries, services
from compapp.entries.models import EntryVersion
from tests.conftest import StoppedClock
from tests.entries import builders as b


def test_a_complete_entry_is_frozen_with_its_hash(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(contest, lead), lead)
    assert queries.completeness(entry).missing == ()
    with unit_of_work():
        version = services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    assert entry.state == "submitted"
    assert version.sha256 == services.digest_of(version.content)
    assert version.content["answers"]["funding_received"] == 0
    kinds = set(session().scalars(select(OutboxMessage.kind)))
    assert "entry_submitted" in kinds


def test_a_double_click_gets_the_same_receipt(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(b.a_contest(), lead)
    first = queries.newest_version(entry.id)
    with unit_of_work():
        again = services.submit_entry(entry, actor=lead, at=b.OPEN_AT + timedelta(seconds=1))
    assert first is not None and again.receipt == first.receipt
    assert len(queries.versions_of(entry.id)) == 1


def test_a_change_makes_a_second_version_and_the_first_stays(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(b.a_contest(), lead)
    with unit_of_work():
        services.save_answers(entry, {"problem": "Khác đi.", "title": "Tên mới"}, actor=lead, at=b.OPEN_AT)
    assert queries.entry(entry.id).title["vi"] == "Trạm đo mặn"
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    versions = queries.versions_of(entry.id)
    assert [one.number for one in versions] == [2, 1]
    assert versions[1].content["answers"]["problem"] == b.ANSWERS["problem"]
    assert queries.entry(entry.id).title["vi"] == "Tên mới"


@pytest.mark.parametrize(("after", "is_open"), [(timedelta(microseconds=-1), True), (timedelta(), False)])
def test_the_deadline_is_exact(db: Session, clock_at: StoppedClock, after: timedelta, is_open: bool) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(b.a_contest(), lead), lead)
    at = clock_at(b.CLOSES + after)
    if is_open:
        with unit_of_work():
            services.submit_entry(entry, actor=lead, at=at)
        return
    with pytest.raises(Closed), unit_of_work():
        services.submit_entry(entry, actor=lead, at=at)
    with pytest.raises(Closed), unit_of_work():
        services.save_answers(entry, {"problem": "Trễ."}, actor=lead, at=at)
    assert session().scalars(select(EntryVersion)).all() == []


def test_an_incomplete_entry_is_refused_with_what_is_missing(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    with pytest.raises(Invalid) as refused, unit_of_work():
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    assert {"field:problem", "attachment:thuyet_minh", "field:consent_privacy"} <= set(refused.value.fields)


def test_only_the_lead_submits(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(b.a_contest(), lead), lead)
    other = b.person("Huỳnh Thùy Oanh")
    b.add_member(entry, other)
    for who in (b.actor(other), b.actor(b.person("Người Lạ"))):
        with pytest.raises(Refused), unit_of_work():
            services.submit_entry(entry, actor=who, at=b.OPEN_AT)


def test_one_entry_is_reopened_with_a_reason(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead, organiser = b.actor(b.person("Lâm Hoài Thảo")), b.staff(contest)
    entry = b.complete(b.a_draft(contest, lead), lead)
    at = clock_at(b.AFTER)
    with pytest.raises(Refused), unit_of_work():
        services.reopen_entry(entry, until=at + timedelta(hours=2), reason="Mất điện", actor=lead, at=at)
    with pytest.raises(Invalid), unit_of_work():
        services.reopen_entry(entry, until=at + timedelta(hours=2), reason=" ", actor=organiser, at=at)
    with unit_of_work():
        services.reopen_entry(entry, until=at + timedelta(hours=2), reason="Mất điện", actor=organiser, at=at)
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=at)
    assert queries.entry(entry.id).submitted_at == at
    late = clock_at(at + timedelta(hours=2))
    with pytest.raises(Closed), unit_of_work():
        services.save_answers(entry, {"problem": "Nữa."}, actor=lead, at=late)
    assert clock.now() == late


def test_a_withdrawn_entry_frees_its_members(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    with unit_of_work():
        services.withdraw_entry(entry, actor=lead, at=b.OPEN_AT)
    assert b.a_draft(contest, lead).id != entry.id


def test_what_the_lead_agrees_to_in_the_form_stands_in_the_lead_s_own_ledger(
    db: Session, clock_at: StoppedClock
) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    b.a_submitted(b.a_contest(), lead)
    assert lead.person_id is not None
    assert [one.purpose for one in consents_of(lead.person_id) if one.withdrawn_at is None] == ["run_contest"]
