"""Two accounts of one person become one; where both hold what can be held once, nothing moves."""

import pytest
from sqlalchemy import select

from compapp.accounts import queries, services
from compapp.accounts.models import Person
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import TeamMember
from tests.accounts.builders import actor, give, make_organisation, make_person, sign_in


@pytest.fixture
def admin(app, db):
    return give(make_person("Quản trị"), "admin")


def merge(db, kept, duplicate, by, at):
    with unit_of_work():
        one, two = (db.get_one(Person, person.id) for person in (kept, duplicate))
        return services.merge_people(one, two, actor=actor(by), at=at)


def test_what_hangs_on_the_duplicate_moves_and_its_address_still_works(client, db, at, admin):
    school, kept, duplicate = make_organisation(), make_person(email="an@truong.vn"), make_person(email="an@nha.vn")
    give(duplicate, "member", school)
    with unit_of_work():
        services.state_identity(duplicate, school, "SV1", actor=actor(duplicate), at=at)
        services.give_consent(duplicate.id, "news", locale="vi", actor=actor(duplicate), at=at)
        services.ask_for_reset("an@truong.vn", at=at)
        services.ask_for_reset("an@nha.vn", at=at)
    with pytest.raises(Refused):
        merge(db, kept, duplicate, kept, at)
    sign_in(client, admin)
    path = f"/people/{kept.id}/merging"
    assert "an@nha.vn" in client.get(f"{path}?duplicate=an@nha.vn").get_data(as_text=True)
    assert client.post(path, data={"duplicate": "khong@co.vn"}).status_code == 422
    assert client.post(path, data={"duplicate": "an@nha.vn"}).status_code == 303
    assert client.post(path, data={"duplicate": "an@nha.vn"}).status_code == 409
    db.rollback()
    assert actor(kept).has("member", "organisation", school.id)
    assert queries.identity(kept.id, school.id).number == "SV1"
    assert [one.purpose for one in queries.consents_of(kept.id)] == ["news"]
    assert queries.person_by_email("an@nha.vn").id == kept.id
    gone = db.get_one(Person, duplicate.id)
    assert (gone.active, gone.email, gone.password_hash) == (False, None, None)
    told = db.execute(
        select(OutboxMessage.person_id, OutboxMessage.address, OutboxMessage.data).where(
            OutboxMessage.kind == "accounts_merged", OutboxMessage.channel == "email"
        )
    ).all()
    assert [(who, address, data["left"]) for who, address, data in told] == [
        (kept.id, None, False),
        (None, "an@nha.vn", True),
    ]
    assert all((data["kept"], data["gone"]) == ("a…@truong.vn", "a…@nha.vn") for _who, _address, data in told)
    recorded = db.scalars(select(AuditRow).where(AuditRow.verb == "accounts.person.merged")).one()
    assert (recorded.actor_id, recorded.data["duplicate"]) == (admin.id, duplicate.id)
    resets = select(OutboxMessage.person_id).where(OutboxMessage.kind == "password_reset")
    assert set(db.scalars(resets)) == {kept.id}


def test_what_both_hold_keeps_them_apart(db, at, admin):
    school, kept, duplicate = make_organisation(), make_person(), make_person()
    give(give(kept, "member", school), "advisor", school)
    give(duplicate, "member", school)
    with pytest.raises(Conflict, match="same role in an organisation"):
        merge(db, kept, duplicate, admin, at)
    with pytest.raises(Conflict):
        merge(db, kept, kept, admin, at)
    with pytest.raises(Conflict, match="neither of them your own"):
        merge(db, admin, make_person(), admin, at)
    with pytest.raises(Conflict):
        merge(db, kept, admin, admin, at)
    assert db.get_one(Person, duplicate.id).active


def test_two_who_meet_in_a_contest_stay_apart(db, clock_at, admin):
    from tests.entries import builders as entries

    clock_at(entries.OPEN_AT)
    contest = entries.a_contest()
    first, second = (entries.person("Lâm Hoài Thảo", email=f"{n}@nha.vn") for n in (1, 2))
    entry = entries.a_draft(contest, entries.actor(first))
    entries.a_draft(contest, entries.actor(second), title="Ý tưởng khác")
    with pytest.raises(Conflict, match="teams of the same contest"):
        merge(db, first, second, admin, entries.OPEN_AT)
    third = entries.person("Lâm Hoài Thảo", email="3@nha.vn")
    assert merge(db, third, first, admin, entries.OPEN_AT)["team_member"] == 1
    member = db.scalars(select(TeamMember).where(TeamMember.entry_id == entry.id)).one()
    assert member.person_id == third.id
