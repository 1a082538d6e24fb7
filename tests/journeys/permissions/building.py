"""Builds the demonstration once and keeps a copy of the database at each phase: ``python -m … FOLDER``.

One story is played from its beginning; at the noon of each phase's day the database is copied. All phases share the
folder of files. Run as a program of its own so that nothing of it stays in the tests' process.
"""

import json
import logging
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, update

from compapp.accounts import passwords
from compapp.accounts.models import Person
from compapp.app import create_app
from compapp.core import clock, db, outbox
from compapp.core.outbox import OutboxMessage
from compapp.core.settings import Settings
from compapp.demo import content, story
from compapp.demo.calendar import PHASES, Calendar
from compapp.demo.cast import PASSWORD
from compapp.demo.direction import accounts
from compapp.demo.making import Workshop
from compapp.demo.stage import Stage, play
from compapp.notifications import services
from compapp.notifications.models import InboxItem

BUILT = ("entry", "scoring", "published", "placement", "incubation")
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""What the clock shows in the phase of scoring: noon in Vietnam, Monday, 23 November 2026."""


def moment_of(phase: str) -> datetime:
    """Return what the clock shows in ``phase``."""
    return NOON + timedelta(days=PHASES[phase] - PHASES["scoring"])


def settings_in(folder: Path, database: Path) -> Settings:
    """Return settings that keep everything in ``folder``."""
    return Settings(
        environment="test",
        database_url=f"sqlite:///{database}",
        redis_url="",
        mail_url=f"file:{folder / 'mail'}",
        secret_key="a secret that only the tests use 0123456789",
        site_url="http://localhost",
        data_dir=folder,
        port=8000,
        mail_from="compapp <no-reply@localhost>",
        trusted_proxies=0,
    )


def _hurry(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def build(folder: Path) -> None:
    """Play the story and leave ``entry.db``, ``scoring.db`` … and ``accounts.json`` in ``folder``."""
    logging.disable(logging.WARNING)
    working = folder / "working.db"
    create_app(settings_in(folder, working))
    event.listen(db.engine(), "connect", _hurry)
    db.Base.metadata.create_all(db.engine())
    passwords.use_light_profile()
    document = content.contest_document()
    stage = Stage(
        document=document,
        second=content.contest_document(content.SECOND_CONTEST),
        words=content.comments(),
        calendar=Calendar.of(document, "scoring", NOON),
        workshop=Workshop(folder / "demo-cache"),
        password_hash=passwords.hash_password(PASSWORD),
    )
    outbox.record_as_sent(True)
    waiting = sorted(story.steps(stage), key=lambda step: step.at)
    for phase in BUILT:
        stage.calendar = replace(stage.calendar, now=moment_of(phase))
        end = stage.calendar.at(PHASES[phase] + 1, "00:00")
        with clock.reading(moment_of(phase)):
            play(stage, [step for step in waiting if step.at < end])
        waiting = [step for step in waiting if step.at >= end]
        _deliver([one["email"] for one in accounts(stage)], moment_of(phase))
        _copy(working, folder / f"{phase}.db")
    found = {one["role"]: one["email"] for one in accounts(stage)}
    (folder / "accounts.json").write_text(json.dumps(found), encoding="utf-8")


def _deliver(addresses: list[str], at: datetime) -> None:
    """Put into the inboxes of the accounts what the story counts as sent."""
    people = select(Person.id).where(Person.email.in_(addresses))
    with clock.reading(at), db.session_scope(), db.unit_of_work():
        db.session().execute(
            update(OutboxMessage)
            .where(OutboxMessage.channel == outbox.INAPP, OutboxMessage.person_id.in_(people))
            .where(OutboxMessage.id.not_in(select(InboxItem.outbox_id)))
            .values(state=outbox.READY)
        )
    services.drain(at=at)


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as opened, sqlite3.connect(target) as copy:
        opened.backup(copy)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
