"""Appeals go to an officer without a conflict; two entries of one team become one and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Membership, Person
from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries, services
from compapp.entries.models import EligibilityAppeal, Entry
from compapp.entries.queries import appeals
from tests.conftest import StoppedClock
from tests.entries import builders as b

AsPerson = Callable[..., FlaskClient]
AT = b.AFTER


def _refused(clock_at: StoppedClock) -> tuple[Contest, Entry, Actor, Actor]:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    organiser, lead = b.staff(contest), b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    clock_at(AT)
    with unit_of_work():
        services.decide_eligibility(entry, "ineligible", reason="Sai bảng thi.", actor=organiser, at=AT)
    return contest, entry, lead, organiser


def _file(entry: Entry, lead: Actor, hours: int = 1) -> EligibilityAppeal:
    with unit_of_work():
        return services.file_appeal(
            entry, ground="wrong_fact", text="Cả đội là sinh viên.", actor=lead, at=AT + timedelta(hours=hours)
        )


def test_an_appeal_is_decided_by_somebody_else(as_person: AsPerson, db: Session, clock_at: StoppedClock) -> None:
    contest, entry, lead, organiser = _refused(clock_at)
    appeal = _file(entry, lead)
    with pytest.raises(Conflict):
        _file(entry, lead)
    second = b.staff(contest, "approver", "Phạm Thị Duyệt")
    insider = b.staff(contest, "organiser", "Võ Văn Trường")
    with unit_of_work():
        session().add(
            Membership(
                person_id=insider.person_id, organisation_id=entry.institution_id, role="advisor", since=b.OPEN_AT
            )
        )
    assert appeals.officers_for(appeal) == [second.person_id]
    for actor in (organiser, insider, lead):
        with pytest.raises(Refused), unit_of_work():
            services.decide_appeal(appeal, "uphold", outcome="Đúng.", actor=actor, at=AT)
    code, path = contest.code, f"/contests/{contest.code}/appeals/{appeal.id}"
    for actor, allowed in ((organiser, False), (insider, False), (second, True)):
        client = as_person(session().get_one(Person, actor.person_id))
        assert appeal.filed_by_name in client.get(path).get_data(as_text=True)
        assert ("/decision" in client.get(path).get_data(as_text=True)) is allowed
        answer = client.post(f"{path}/decision", data={"verb": "uphold", "outcome": "Đúng là sinh viên của trường."})
        assert answer.status_code == (303 if allowed else 403)
    assert "Võ" not in as_person(session().get_one(Person, lead.person_id)).get(f"/entries/{entry.id}/appeal").get_data(
        as_text=True
    )
    session().expire_all()
    assert (entry.state, appeal.state) == ("eligible", "upheld")
    told = session().scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "appeal_decided"))
    assert {lead.person_id, organiser.person_id} <= set(told)
    assert code


def test_an_appeal_ends_with_its_time_and_is_the_leads(
    as_person: AsPerson, db: Session, clock_at: StoppedClock
) -> None:
    _contest, entry, lead, _organiser = _refused(clock_at)
    mate = b.person("Huỳnh Thùy Oanh")
    b.add_member(entry, mate)
    with pytest.raises(Refused):
        _file(entry, b.actor(mate))
    with pytest.raises(Closed):
        _file(entry, lead, hours=72)
    client = as_person(session().get_one(Person, lead.person_id))
    assert client.post(f"/entries/{entry.id}/appeal", data={"ground": "", "text": ""}).status_code == 422
    sent = {"ground": "procedure", "text": "Chưa ai hỏi đội."}
    assert client.post(f"/entries/{entry.id}/appeal", data=sent).status_code == 303
    assert len(appeals.appeals_of_entry(entry.id)) == 1


def test_what_can_still_be_undone_is_not_appealed_against(db: Session, clock_at: StoppedClock) -> None:
    """Undoing would leave an appeal against nothing behind; the team is told only afterwards."""
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    organiser, lead = b.staff(contest), b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    clock_at(AT)
    with unit_of_work():
        choice = services.Choice(entry.id, "ineligible", "Sai bảng thi.")
        services.decide_many(contest, [choice], actor=organiser, at=AT)
    for minutes in (0, 9):
        with pytest.raises(Closed), unit_of_work():
            text = "Cả đội là sinh viên."
            when = AT + timedelta(minutes=minutes)
            services.file_appeal(entry, ground="wrong_fact", text=text, actor=lead, at=when)
    with unit_of_work():
        services.let_go(at=AT + timedelta(minutes=10))
    assert _file(entry, lead).state == "filed"


def test_two_entries_of_one_team_become_one(as_person: AsPerson, db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    document = b.definition()
    document["contest"]["rules"]["one_team_per_person"] = False
    contest = b.a_contest(document=document)
    organiser, lead = b.staff(contest), b.actor(b.person("Lâm Hoài Thảo"))
    first, second = (b.a_submitted(contest, lead, title=title) for title in ("Bản đầu", "Bản sau"))
    stranger = b.a_submitted(contest, b.actor(b.person("Võ Hạnh Dung")), title="Bài khác")
    clock_at(AT)
    client = as_person(session().get_one(Person, organiser.person_id))
    page = client.get(f"/entries/{first.id}/merging").get_data(as_text=True)
    assert "Bản sau" in page and "Bài khác" not in page
    for stays, status in ((stranger.id, 422), (second.id, 303)):
        sent = {"stays": str(stays), "reason": "Hai bài của một đội."}
        assert client.post(f"/entries/{first.id}/merging", data=sent).status_code == status
    session().expire_all()
    assert (first.state, first.merged_into_id, second.state) == ("withdrawn", second.id, "submitted")
    assert len(queries.versions_of(first.id)) == 1
    with pytest.raises(Refused), unit_of_work():
        services.merge_entries(second, first, reason="Nhầm.", actor=organiser, at=AT)
