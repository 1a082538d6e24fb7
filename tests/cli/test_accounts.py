"""``flask accounts create-admin``, ``flask clock`` and ``flask doctor``."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text

from compapp.accounts import passwords
from compapp.accounts.models import Membership, Person
from compapp.core import audit, clock, files
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, session_scope, unit_of_work

GOOD = "một câu dài chỉ tôi biết\n"


def test_the_first_administrator_can_sign_in(runner: FlaskCliRunner) -> None:
    done = runner.invoke(
        args=["accounts", "create-admin", "Admin@So.Gov.VN", "--name", "Nguyễn Quản Trị", "--password-stdin"],
        input=GOOD,
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"email": "admin@so.gov.vn", "name": "Nguyễn Quản Trị", "role": "admin"}
    with session_scope():
        person = session().scalars(select(Person)).one()
        assert passwords.matches(person.password_hash, GOOD.strip())
        assert [(one.role, one.organisation_id) for one in session().scalars(select(Membership))] == [("admin", None)]


def test_an_administrator_made_twice_is_one(runner: FlaskCliRunner) -> None:
    for password in (GOOD, "another good sentence\n"):
        arguments = ["accounts", "create-admin", "admin@so.gov.vn", "--password-stdin"]
        assert runner.invoke(args=arguments, input=password).exit_code == 0
    with session_scope():
        person = session().scalars(select(Person)).one()
        assert passwords.matches(person.password_hash, "another good sentence")
        assert len(session().scalars(select(Membership)).all()) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody", GOOD),
        ("a b@c.vn", GOOD),
        ("admin@so.gov.vn", ""),
        ("admin@so.gov.vn", "short\n"),
        ("admin@so.gov.vn", "admin@so.gov.vn\n"),
        ("admin@so.gov.vn", "1234567890\n"),
        ("admin@so.gov.vn", "x" * 300),
    ],
)
def test_a_bad_address_or_password_makes_nobody(email: str, password: str, runner: FlaskCliRunner) -> None:
    refused = runner.invoke(args=["accounts", "create-admin", email, "--password-stdin"], input=password)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: ")
    with session_scope():
        assert session().scalars(select(Person)).all() == []


def test_without_a_terminal_nobody_is_asked(runner: FlaskCliRunner) -> None:
    refused = runner.invoke(args=["accounts", "create-admin", "admin@so.gov.vn"], input=GOOD)
    assert refused.exit_code == 1
    assert "--password-stdin" in refused.stderr


def test_the_clock_is_moved_and_set_right_again(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "_offset_file", tmp_path / "clock")
    moved = runner.invoke(args=["clock", "set", "2026-12-05T17:00"])
    assert json.loads(moved.stdout)["now"].startswith("2026-12-05T17:00:0")
    assert json.loads(runner.invoke(args=["clock", "show"]).stdout)["now"].startswith("2026-12-05T17:0")
    assert runner.invoke(args=["clock", "set", "real"]).exit_code == 0
    assert clock.offset().total_seconds() == 0
    refused = runner.invoke(args=["clock", "set", "soon"])
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_the_clock_of_production_stays(runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_offset_file", None)
    refused = runner.invoke(args=["clock", "set", "2026-12-05T17:00"])
    assert refused.exit_code == 1
    assert "production" in refused.stderr


def test_doctor_is_content_with_nothing(runner: FlaskCliRunner) -> None:
    found = runner.invoke(args=["doctor"])
    assert (found.exit_code, json.loads(found.stdout)["ok"]) == (0, True), found.output


def test_doctor_finds_a_changed_deed(runner: FlaskCliRunner, at: object) -> None:
    with session_scope(), unit_of_work():
        for number in range(3):
            audit.record("test.thing.done", ("thing", number), actor=Actor.system("test"), at=clock.now())
    with session_scope(), unit_of_work():
        session().scalars(select(AuditRow).where(AuditRow.subject_id == 1)).one().data = {"changed": True}
    found = runner.invoke(args=["doctor"])
    assert found.exit_code == 1
    assert "was changed after it was written" in found.stderr


def test_a_seal_noted_earlier_is_asked_for(runner: FlaskCliRunner, at: datetime) -> None:
    with session_scope(), unit_of_work():
        for verb in ("x.y.z", "x.y.w"):
            audit.record(verb, ("thing", 1), actor=Actor.system("test"), at=at)
    head = json.loads(runner.invoke(args=["audit", "head"]).stdout)["head"]
    assert head.startswith("2:") and len(head) == 66
    found = runner.invoke(args=["audit", "verify", "--head", head, "--head", head[:20]])
    assert found.exit_code == 0 and found.stderr.count("The record still holds 2:") == 2
    with session_scope(), unit_of_work():
        session().execute(text("DELETE FROM audit_row WHERE id = 2"))
        session().execute(text("UPDATE audit_head SET hash = (SELECT hash FROM audit_row WHERE id = 1)"))
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0, "alone, what is left is sound"
    found = runner.invoke(args=["audit", "verify", "--head", head])
    assert found.exit_code == 1 and "it ends at 1. Its end was cut off." in found.stderr
    assert json.loads(found.stdout)["ok"] is False
    assert runner.invoke(args=["audit", "verify", "--head", "2:abc"]).exit_code == 1


def test_doctor_finds_a_lost_file_and_a_stray_person(runner: FlaskCliRunner) -> None:
    with session_scope(), unit_of_work():
        blob = files.store(b"some content that will be lost", at=clock.now())
        audit.record("test.thing.done", ("thing", 1), actor=Actor(4711, "Nobody"), at=clock.now())
        session().execute(text("SELECT 1"))
        files.path_of(blob.sha256).unlink()
    found = runner.invoke(args=["doctor"])
    assert found.exit_code == 1
    assert "is missing" in found.stderr
    assert "4711" in found.stderr
