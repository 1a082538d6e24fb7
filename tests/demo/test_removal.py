"""A second demonstration replaces the first and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from compapp.accounts import services as accounts
from compapp.accounts.models import Membership, Organisation, Person
from compapp.contests import services as contests
from compapp.contests.file import writer
from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, session_scope, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.demo import content
from compapp.demo.removal import REMOVED
from compapp.entries.models import Entry
from compapp.judging.models import Sheet

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")


def real_data() -> dict[str, Any]:
    """Add a real person, a real organisation and a real contest with entries and sheets; return what they are."""
    document = {**content.contest_document(), "contest": {**content.contest_document()["contest"], "code": "THAT-2026"}}
    with session_scope(), unit_of_work():
        person = accounts.ensure_person("Nguyễn Văn Thật", email="that@truong.edu.vn", actor=SYSTEM, at=AT)
        school = accounts.ensure_organisation("college", "Trường Cao đẳng Có Thật", "Real College", actor=SYSTEM, at=AT)
        accounts.ensure_membership(person.id, "representative", school.id, actor=SYSTEM, at=AT)
        contests.import_document(document, actor=SYSTEM, at=AT)
    return standing()


def standing() -> dict[str, Any]:
    """Return everything real that there is."""
    with session_scope():
        contest = session().scalars(select(Contest).where(Contest.code == "THAT-2026")).one()
        entries = session().scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.id)).all()
        sheets = session().execute(
            select(Sheet.id, Sheet.total).where(Sheet.entry_id.in_([one.id for one in entries])).order_by(Sheet.id)
        )
        return {
            "people": [
                p.name for p in session().scalars(select(Person).where(~Person.demonstration).order_by(Person.id))
            ],
            "organisations": sorted(session().scalars(select(Organisation.name_vi).where(~Organisation.demonstration))),
            "memberships": session()
            .scalars(select(Membership.id).join(Membership.person).where(~Person.demonstration))
            .all(),
            "entries": [(one.code, one.state, one.institution_id) for one in entries],
            "sheets": [tuple(row) for row in sheets],
            "file": json.dumps(writer.export(contest), sort_keys=True),
        }


def run(runner: FlaskCliRunner, *arguments: str) -> Any:
    result = runner.invoke(args=["demo", *arguments])
    assert result.exit_code == 0, result.output
    return result


def real_person_at_a_demonstration_school() -> int:
    """Let a real person represent a school of the demonstration, under which a club stands; return its id."""
    with session_scope(), unit_of_work():
        school = session().scalars(select(Organisation).where(Organisation.name_vi == "Đại học Trà Vinh")).one()
        assert session().scalars(select(Organisation.id).where(Organisation.parent_id == school.id)).first()
        person = accounts.ensure_person("Trần Thị Thật", email="tran@truong.edu.vn", actor=SYSTEM, at=AT)
        accounts.ensure_membership(person.id, "representative", school.id, actor=SYSTEM, at=AT)
        return school.id


@pytest.mark.slow
def test_a_second_demonstration_keeps_real_data_and_a_sound_chain(runner: FlaskCliRunner) -> None:
    before = real_data()
    run(runner, "--phase", "entry")
    assert standing() == before
    with session_scope():
        old = set(session().scalars(select(Person.id).where(Person.demonstration)))
        old_contest = session().scalars(select(Contest.id).where(Contest.code == "VL-KNST-2026")).one()

    school_id = real_person_at_a_demonstration_school()
    before = standing()

    refused = runner.invoke(args=["demo", "--phase", "entry"])
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    replaced = run(runner, "--phase", "entry", "--yes", "--json")

    printed = json.loads(replaced.stdout)
    assert printed["phase"] == "entry"
    assert {"role", "email", "password", "name"} == set(printed["accounts"][0])
    assert standing() == before
    with session_scope():
        same_name = select(Organisation.id).where(Organisation.name_vi == "Đại học Trà Vinh")
        assert session().scalars(same_name).all() == [school_id]
        assert not old & set(session().scalars(select(Person.id)))
        assert session().scalars(select(Contest.id).where(Contest.code == "VL-KNST-2026")).one() > old_contest
        row = session().scalars(select(AuditRow).where(AuditRow.verb == REMOVED)).one()
        assert set(row.data["people"]) == old
        assert session().scalars(select(OutboxMessage.id).where(OutboxMessage.person_id.in_(old))).first() is None
        assert audit.verify() is None
    doctor = runner.invoke(args=["doctor"])
    assert json.loads(doctor.stdout)["ok"], doctor.output


def test_production_holds_no_demonstration(runner: FlaskCliRunner, app: Any) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], environment="production")
    refused = runner.invoke(args=["demo", "--yes"])
    assert refused.exit_code == 1
    assert "production" in refused.stderr
