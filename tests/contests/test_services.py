"""A contest lives: announced, changed with a reason, closed by the clock; roles come and go."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from compapp.accounts.models import Person
from compapp.accounts.services import ensure_membership, ensure_person
from compapp.contests import queries, services
from compapp.contests.events import RulesChanged
from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.file.sections import register
from compapp.contests.file.writer import export
from compapp.contests.models import Contest, RuleChange
from compapp.contests.services.revision import definition_of
from compapp.core import audit, events
from compapp.core.actor import CONTEST, ORGANISATION, Actor, Grant
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from tests.contests.builders import moment, sample, small

SYSTEM = Actor.system("test")
AT = datetime(2027, 2, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sections(db: Session) -> None:
    register()


@pytest.fixture
def contest(db: Session) -> Contest:
    with unit_of_work():
        return services.import_document(small(), actor=SYSTEM, at=AT)


def person(name: str) -> Person:
    with unit_of_work():
        return ensure_person(name, email=f"{len(name)}{name[-1].lower()}@example.vn", actor=SYSTEM, at=AT)


def organiser(contest: Contest, who: Person) -> Actor:
    return Actor(who.id, who.name, grants=frozenset({Grant("organiser", CONTEST, contest.id)}))


@pytest.fixture
def boss(contest: Contest) -> Actor:
    who = person("Lê Văn An")
    with unit_of_work():
        services.ensure_role(contest, who.id, "organiser", actor=SYSTEM, at=AT)
    return organiser(contest, who)


def announce(contest: Contest, boss: Actor) -> None:
    with unit_of_work():
        services.announce_contest(contest, reason="Đã cân nhắc.", actor=boss, at=AT)


def test_a_draft_is_announced_and_closed_by_the_clock(contest: Contest, boss: Actor) -> None:
    announce(contest, boss)
    assert contest.state == "open"
    with unit_of_work():
        assert services.follow_calendar(at=contest.closes_at - timedelta(seconds=1)) == 0
    with unit_of_work():
        assert services.follow_calendar(at=contest.closes_at) == 1
    assert contest.state == "closed"
    round_ = contest.rounds[0]
    with unit_of_work():
        services.follow_calendar(at=round_.opens_at)
    assert (round_.state, contest.state) == ("open", "judging")
    with unit_of_work():
        services.follow_calendar(at=round_.closes_at)
    assert round_.state == "closed"
    assert audit.verify() is None


def test_an_incomplete_draft_is_not_announced(contest: Contest, boss: Actor) -> None:
    with pytest.raises(Invalid) as refused, unit_of_work():
        services.announce_contest(contest, actor=boss, at=contest.closes_at)
    assert "keeps the contest from being announced" in str(refused.value)
    found = services.check_setup(contest, contest.closes_at)
    assert "The deadline for entries has passed already." in [one.sentence.msgid for one in found]
    assert contest.state == "draft"


def test_a_contest_under_way_is_not_told_to_open_earlier(contest: Contest, boss: Actor) -> None:
    announce(contest, boss)
    sentences = [one.sentence.msgid for one in services.check_setup(contest, contest.closes_at)]
    assert "The deadline for entries has passed already." not in sentences


@pytest.mark.parametrize("who", ["stranger", "other", "system"])
def test_only_its_organisers_may_announce(contest: Contest, boss: Actor, who: str) -> None:
    other = Actor(boss.person_id, grants=frozenset({Grant("organiser", CONTEST, contest.id + 1)}))
    actors = {"stranger": Actor(boss.person_id), "other": other, "system": SYSTEM}
    if who == "system":
        announce(contest, SYSTEM)
        return
    with pytest.raises(Refused), unit_of_work():
        services.announce_contest(contest, actor=actors[who], at=AT)


def test_a_draft_changes_freely(contest: Contest, boss: Actor) -> None:
    later = contest.closes_at + timedelta(days=1)
    with unit_of_work():
        assert services.change_calendar(contest, {"submission.closes": later}, actor=boss, at=AT) is None
    assert contest.closes_at == later
    assert export(contest)["contest"]["submission"]["closes"] == {"at": "2027-03-22T17:00:00+07:00", "day": 21}


def test_a_change_after_the_announcement_needs_a_reason_and_is_told(db: Session, contest: Contest, boss: Actor) -> None:
    announce(contest, boss)
    judge = person("Trần Thị Bình")
    with unit_of_work():
        services.ensure_role(contest, judge.id, "judge", actor=SYSTEM, at=AT)
    later = contest.closes_at + timedelta(days=1)
    with pytest.raises(Invalid), unit_of_work():
        services.change_calendar(contest, {"submission.closes": later}, actor=boss, at=AT)
    heard: list[RulesChanged] = []
    events.subscribe(RulesChanged, heard.append)
    with unit_of_work():
        change = services.change_calendar(contest, {"submission.closes": later}, reason="Mất điện", actor=boss, at=AT)
    assert change is not None
    assert [event.change_id for event in heard] == [change.id]
    assert change.change["moments"][0]["after"]["closes"] == later.isoformat()
    told = db.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "rules_changed")).all()
    assert set(told) == {judge.id}
    with unit_of_work():
        services.tell_of_rule_change(change.id, [judge.id, boss.person_id or 0], at=AT)
    assert len(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "rules_changed")).all()) == 4


def test_rules_that_change_are_said_in_words(contest: Contest, boss: Actor) -> None:
    announce(contest, boss)
    document = definition_of(contest)
    document["rounds"][0]["advance"]["all"] = 7
    with unit_of_work():
        change = services.revise(contest, document, reason="Nhiều bài tốt", actor=boss, at=AT)
    assert change is not None
    assert [rule["params"]["count"] for rule in change.change["gone"]] == [5]
    assert [rule["params"]["count"] for rule in change.change["new"]] == [7]
    assert queries.rule_changes(contest.id)[0].reason == "Nhiều bài tốt"
    document = definition_of(contest)
    document["contest"]["submission"]["closes"] = moment(4)
    with pytest.raises(Invalid) as refused, unit_of_work():
        services.revise(contest, document, reason="Khóa sớm", actor=boss, at=AT + timedelta(days=40))
    assert set(refused.value.fields) == {"submission.closes"}, "no page cuts teams off at once"


def edited(contest: Contest, edit: Any) -> dict[str, Any]:
    document = definition_of(contest)
    edit(document)
    return document


def test_what_entries_point_at_cannot_go_any_more(contest: Contest, boss: Actor) -> None:
    def without_board(document: dict[str, Any]) -> None:
        document["contest"]["boards"][0]["code"] = "other"
        document["contest"]["prizes"] = []
        document["rounds"][0]["advance"] = {}

    with unit_of_work():
        services.revise(contest, edited(contest, without_board), actor=boss, at=AT)
    assert [board.code for board in contest.boards] == ["other"]
    announce(contest, boss)
    with pytest.raises(ContestFileRefused) as refused, unit_of_work():
        document = edited(contest, lambda doc: doc["contest"]["boards"][0].update(code="third"))
        services.revise(contest, document, reason="x", actor=boss, at=AT)
    assert "“other” cannot be removed any more." in str(refused.value)


def test_who_saves_second_is_told(contest: Contest, boss: Actor) -> None:
    seen = contest.version
    for day in (1, 2):
        moments = {"submission.closes": contest.closes_at + timedelta(days=day)}
        if day == 1:
            with unit_of_work():
                services.change_calendar(contest, moments, version=seen, actor=boss, at=AT)
            continue
        with pytest.raises(Conflict), unit_of_work():
            services.change_calendar(contest, moments, version=seen, actor=boss, at=AT)


def test_an_extension_opens_a_closed_contest_again(contest: Contest, boss: Actor) -> None:
    announce(contest, boss)
    at = contest.closes_at + timedelta(minutes=5)
    with unit_of_work():
        services.follow_calendar(at=at)
    with pytest.raises(Invalid), unit_of_work():
        services.extend_deadline(contest, at - timedelta(minutes=1), "Lỗi mạng", actor=boss, at=at)
    with unit_of_work():
        services.extend_deadline(contest, at + timedelta(hours=24), "Lỗi mạng", actor=boss, at=at)
    assert contest.state == "open"
    assert contest.closes_at == at + timedelta(hours=24)


def test_an_extension_during_scoring_ends_in_scoring(contest: Contest, boss: Actor) -> None:
    announce(contest, boss)
    at = contest.rounds[0].opens_at
    with unit_of_work():
        services.follow_calendar(at=at)
    assert contest.state == "judging"
    with unit_of_work():
        services.extend_deadline(contest, at + timedelta(hours=1), "Lỗi mạng", actor=boss, at=at)
    assert contest.state == "open"
    with unit_of_work():
        services.follow_calendar(at=at + timedelta(hours=1))
    assert contest.state == "judging"


def test_roles_come_and_go(db: Session, contest: Contest, boss: Actor) -> None:
    with unit_of_work():
        role = services.grant_role(contest, "thuky@example.vn", "Ngô Thị Kiều", "secretary", actor=boss, at=AT)
    assert queries.people_with_role(contest.id, "secretary") == [role.person_id]
    assert queries.contest_grants(role.person_id) == [Grant("secretary", CONTEST, contest.id)]
    assert export(contest)["secretaries"] == [{"code": "TK01", "name": "Ngô Thị Kiều", "email": "thuky@example.vn"}]
    with unit_of_work():
        services.revoke_role(contest, role.person_id, "secretary", actor=boss, at=AT)
    assert queries.contest_grants(role.person_id) == []
    assert "secretaries" not in export(contest)
    with pytest.raises(Invalid), unit_of_work():
        services.revoke_role(contest, boss.person_id or 0, "organiser", actor=boss, at=AT)
    with pytest.raises(Invalid), unit_of_work():
        services.grant_role(contest, "gk@example.vn", "Giám Khảo", "judge", actor=boss, at=AT)
    verbs = db.scalars(select(AuditRow.verb).where(AuditRow.contest_id == contest.id)).all()
    assert {"contests.role.granted", "contests.role.revoked"} <= set(verbs)


def test_staff_of_the_organising_body_organise_and_a_team_bars_them(contest: Contest) -> None:
    who = person("Phạm Thị Cúc")
    with unit_of_work():
        ensure_membership(who.id, "organiser", contest.organiser_id, actor=SYSTEM, at=AT)
    assert queries.contest_grants(who.id) == [Grant("organiser", CONTEST, contest.id)]
    assert queries.people_with_role(contest.id, "organiser") == [who.id]

    with unit_of_work():
        services.ensure_role(contest, who.id, "secretary", actor=SYSTEM, at=AT)
    entered = aliased(Contest)

    def bar(person_id: int) -> Select[int]:
        return select(entered.id).where(entered.id == contest.id, person_id == who.id)

    queries.register_bar(bar)
    try:
        assert queries.contest_grants(who.id) == []
        assert queries.people_with_role(contest.id, "organiser") == []
        assert queries.people_with_role(contest.id, "secretary") == [], "nor do they get its office's messages"
    finally:
        queries.roles._bars.remove(bar)


def test_nobody_brings_a_contest_in_for_an_organisation_of_others(contest: Contest) -> None:
    theirs, stranger = person("Phạm Thị Cúc"), person("Đỗ Văn Lan")
    with unit_of_work():
        ensure_membership(theirs.id, "organiser", contest.organiser_id, actor=SYSTEM, at=AT)
    grant = frozenset({Grant("organiser", ORGANISATION, 999)})
    with pytest.raises(ContestFileRefused) as refused, unit_of_work():
        services.import_document(small(), code="MAO", actor=Actor(stranger.id, "Lạ", grants=grant), at=AT)
    assert [fault.path for fault in refused.value.faults] == ["contest.organiser"]
    with unit_of_work():
        services.import_document(small(), code="THAT", actor=Actor(theirs.id, "Cúc", grants=grant), at=AT)


def test_a_new_contest_needs_little(db: Session, contest: Contest) -> None:
    organisation = contest.organiser
    assert organisation is not None
    who = person("Võ Văn Dũng")
    actor = Actor(who.id, who.name, grants=frozenset({Grant("organiser", ORGANISATION, organisation.id)}))
    options: dict[str, Any] = {"launch_at": AT, "closes_at": AT + timedelta(days=30), "at": AT}
    with unit_of_work():
        made = services.create_contest("MOI", {"vi": "Mới", "en": "New"}, organisation, actor=actor, **options)
    assert made.state == "draft"
    assert made.organiser_id == organisation.id
    assert queries.people_with_role(made.id, "organiser") == [who.id]
    with pytest.raises(Refused), unit_of_work():
        services.create_contest("MOI2", {"vi": "Mới", "en": "New"}, organisation, actor=Actor(who.id), **options)
    with pytest.raises(ContestFileRefused), unit_of_work():
        services.create_contest("MOI", {"vi": "Mới", "en": "New"}, organisation, actor=actor, **options)


def test_the_answers_of_the_command_line(db: Session, at: datetime) -> None:
    import json

    content = json.dumps(sample(), ensure_ascii=False).encode()
    with unit_of_work():
        done = services.import_file(content, shift_to=date(2026, 9, 15), actor=SYSTEM, at=at)
    assert done == {"contest": "VL-KNST-2026", "entries": 24, "sheets": {"R1": 73, "R2": 60, "R3": 56}}
    with unit_of_work():
        assert services.export_file("VL-KNST-2026", actor=SYSTEM, at=at) == sample()
    with unit_of_work():
        done = services.clone_contest("VL-KNST-2026", "VL-KNST-2027", date(2027, 9, 15), actor=SYSTEM, at=at)
    assert done == {"contest": "VL-KNST-2027", "launch": "2027-09-15"}
    with pytest.raises(Refused), unit_of_work():
        services.export_file("VL-KNST-2026", actor=Actor(None), at=at)


def test_the_public_value_of_the_sample(db: Session, at: datetime) -> None:
    with unit_of_work():
        services.import_document(sample(), actor=SYSTEM, at=at)
    public = queries.public_contest("VL-KNST-2026")
    assert public is not None
    assert [board.rule.code for board in public.boards] == ["student", "pupil"]
    assert len(public.organisers) == 5
    assert public.rounds[1].rubric is not None and public.rounds[1].rubric.weight == 100
    assert len(public.deciding) > 10
    assert [point.key for point in public.calendar.points][:2] == ["launch", "submission"]
    assert queries.public_contest("NOBODY") is None
    assert db.scalars(select(RuleChange)).all() == []


def test_a_draft_is_not_public(contest: Contest) -> None:
    assert queries.public_contest(contest.code) is None
    assert queries.contest_facts(Actor.anonymous(), contest.code) is None
    assert list(queries.visible_contests(Actor.anonymous())) == []
