"""The rules of a board about one team, and the limits that many teams share, settled by the database."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.contests.definition import BoardRule
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import queries, services
from compapp.entries.models import Entry, OwnershipStatement
from compapp.entries.ruling import Member, Team, faults
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_races import together

CLOSES = date(2026, 11, 15)
HERE, ELSEWHERE = 1, 2


def _rule(**keys: Any) -> BoardRule:
    return BoardRule.read({"code": "student", "label": {"vi": "Sinh viên", "en": "Students"}, **keys})


def _member(name: str = "An", role: str = "member", born: date | None = date(2005, 1, 1), at: int = HERE) -> Member:
    return Member(name, role, born, at)


def _team(*members: Member, **more: Any) -> Team:
    return Team(members, HERE, CLOSES, **more)


@pytest.mark.parametrize(
    ("rule", "team", "broken"),
    [
        ({"team_min": 2}, _team(_member()), ["team_size"]),
        ({"team_max": 1}, _team(_member(), _member("Cô Hoa", "advisor")), []),
        ({"needs_advisor": True}, _team(_member()), ["advisor"]),
        ({"needs_advisor": True}, _team(_member(), _member("Cô Hoa", "advisor")), []),
        ({"own_students_percent": 50}, _team(_member(), _member("Bình", at=ELSEWHERE)), []),
        ({"own_students_percent": 51}, _team(_member(), _member("Bình", at=ELSEWHERE)), ["own_share"]),
        ({"own_students_percent": 50}, _team(_member(at=ELSEWHERE), _member("Thầy Tâm", "advisor")), ["own_share"]),
        ({"own_students_min": 2}, _team(_member(), _member("Bình", at=ELSEWHERE)), ["own_number"]),
        ({"age_max": 25}, _team(_member(born=date(2000, 11, 16))), []),
        ({"age_max": 25}, _team(_member(born=date(2000, 11, 15))), ["age_max"]),
        ({"age_min": 18}, _team(_member(born=date(2008, 11, 15))), []),
        ({"age_min": 18}, _team(_member(born=date(2008, 11, 16))), ["age_min"]),
        ({"age_max": 25}, _team(_member(born=None)), ["age_unknown"]),
        ({"age_max": 25}, _team(_member("Thầy Tâm", "advisor", date(1960, 1, 1))), ["team_size"]),
        ({"funding_vnd": 50}, _team(_member(), received=Decimal(50)), []),
        ({"funding_vnd": 50}, _team(_member(), received=Decimal(51)), ["funding"]),
        ({"company_years": 3}, _team(_member(), founded=date(2023, 11, 15)), []),
        ({"company_years": 3}, _team(_member(), founded=date(2023, 11, 14)), ["company"]),
    ],
)
def test_each_rule_holds_to_the_day_and_the_head(rule: dict[str, Any], team: Team, broken: list[str]) -> None:
    found = faults(_rule(**rule), team)
    assert [one.rule for one in found] == broken
    for one in found:
        assert one.sentence[0] % one.sentence[1]


def _with(rules: dict[str, Any] | None = None, **board: Any) -> dict[str, Any]:
    document = b.definition()
    document["contest"]["rules"].update(rules or {})
    next(one for one in document["contest"]["boards"] if one["code"] == "student").update(board)
    return document


def test_the_workspace_tells_while_working_and_submission_refuses(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest(document=_with(age_max=20, needs_advisor=True))
    lead = b.actor(b.person("Lâm Hoài Thảo", born=date(2000, 6, 13)))
    entry = b.complete(b.a_draft(contest, lead), lead)
    wanted = {"may have members of at most %(most)s years when entries close; too old: %(names)s"}
    told = {one.sentence[0] for one in queries.completeness(entry).missing}
    assert wanted <= told and any("advisor" in one for one in told)
    with pytest.raises(Invalid), unit_of_work():
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    assert [one.holds for one in queries.checklist(entry, b.OPEN_AT) if one.key == "age_max"] == [False]


def test_one_person_leads_one_team_and_is_on_two(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    limits = {"one_team_per_person": False, "max_teams_per_person": 2, "max_teams_led_per_person": 1}
    contest = b.a_contest(document=_with(limits))
    who = b.person("Lâm Hoài Thảo")
    lead = b.actor(who)
    b.a_draft(contest, lead)
    with pytest.raises(Conflict, match="may lead at most"):
        b.a_draft(contest, lead, title="Ý thứ hai")
    for number in range(2):
        other = b.actor(b.person(f"Trưởng nhóm {number}"))
        entry = b.a_draft(contest, other, title=f"Ý của người khác {number}")
        with unit_of_work():
            _row, token = services.invite_member(entry, email=None, name="Thảo", actor=other, at=b.OPEN_AT)
        if number == 0:
            with unit_of_work():
                services.accept_invitation(token, actor=lead, at=b.OPEN_AT)
        else:
            with pytest.raises(Conflict, match="may be on at most"), unit_of_work():
                services.accept_invitation(token, actor=lead, at=b.OPEN_AT)


def test_a_school_never_hands_in_more_than_its_quota_of_a_sector(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    document = _with({"max_entries_per_institution": 100}, max_entries_per_institution_and_sector=3)
    contest = b.a_contest(document=document)
    ready = []
    for number in range(20):
        lead = b.actor(b.person(f"Trưởng nhóm {number}"))
        ready.append((b.complete(b.a_draft(contest, lead, title=f"Ý {number}"), lead).id, lead))
    contest_id = contest.id
    session().rollback()

    def submit(entry_id: int, lead: Any) -> Any:
        return services.submit_entry(queries.entry(entry_id), actor=lead, at=b.OPEN_AT).receipt

    results = together([partial(submit, entry_id, lead) for entry_id, lead in ready])
    assert sum(isinstance(one, str) for one in results) == 3
    assert all(isinstance(one, str | Conflict) for one in results)
    handed_in = select(func.count()).where(Entry.contest_id == contest_id, Entry.state == "submitted")
    assert session().scalar(handed_in) == 3


def test_a_full_school_is_told_before_it_submits(
    as_person: Callable[..., FlaskClient], db: Session, clock_at: StoppedClock
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest(document=_with({}, max_entries_per_institution_and_sector=1))
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    late = b.a_draft(contest, lead)
    with unit_of_work():
        services.save_answers(late, {"sector": "agri_hightech"}, actor=lead, at=b.OPEN_AT)
    client, said = as_person(session().get_one(Person, lead.person_id)), "Trường của bạn đã hết chỗ"
    assert said not in client.get(f"/entries/{late.id}").text
    b.a_submitted(contest, b.actor(b.person("Nguyễn Minh Khôi")), title="Ý nhanh hơn")
    for place in ("", "/submission"):
        page = client.get(f"/entries/{late.id}{place}").text
        assert said in page and "lĩnh vực" in page and "Hãy nói chuyện với trường" in page
    with unit_of_work():
        services.save_answers(late, {"sector": "ict"}, actor=lead, at=b.OPEN_AT)
    assert said not in client.get(f"/entries/{late.id}").text


def test_everybody_states_that_the_idea_is_theirs(
    as_person: Callable[..., FlaskClient], db: Session, clock_at: StoppedClock
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest(document=_with({"ownership_statement_by_all": True}))
    lead, mate = b.actor(b.person("Lâm Hoài Thảo")), b.person("Huỳnh Thùy Oanh")
    entry = b.complete(b.a_draft(contest, lead), lead)
    b.add_member(entry, mate)
    b.add_member(entry, b.person("Hồ Văn Thành Tựu"), "advisor")
    (missing,) = queries.completeness(entry).missing
    assert (missing.kind, missing.sentence[1]["names"]) == ("ownership", "Lâm Hoài Thảo, Huỳnh Thùy Oanh")
    for person_id in (lead.person_id, mate.id):
        client = as_person(session().get_one(Person, person_id))
        page = client.get(f"/entries/{entry.id}/submission").get_data(as_text=True)
        assert f"/entries/{entry.id}/ownership" in page
        for _time in range(2):
            assert client.post(f"/entries/{entry.id}/ownership").status_code == 303
    session().expire_all()
    assert queries.completeness(entry).is_complete
    assert session().scalar(select(func.count(OwnershipStatement.id))) == 2
