"""Direction: takes down the old demonstration, plays the story up to today, and says who can sign in."""

import gc
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from compapp.accounts import passwords
from compapp.core import clock, outbox
from compapp.core.db import session_scope, unit_of_work
from compapp.demo import content, story
from compapp.demo.calendar import PHASES, Calendar
from compapp.demo.cast import ACCOUNTS, PASSWORD, players
from compapp.demo.making import Workshop
from compapp.demo.stage import Stage, play
from compapp.notifications.services.history import fill_inboxes

UNREAD_FOR = timedelta(days=7)
"""How long ago a message may have come and still be unread."""


@dataclass(frozen=True)
class Performance:
    """What was built."""

    phase: str
    contest: str
    second_contest: str
    launch: str
    today: str
    day: int
    steps: int
    accounts: tuple[dict[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return what ``flask demo --json`` prints."""
        return {**self.__dict__, "accounts": list(self.accounts)}


def perform(phase: str, *, data_dir: Path, now: datetime) -> Performance:
    """Build the demonstration of ``phase`` on the empty place; KeyError for an unknown phase."""
    document = content.contest_document()
    calendar = Calendar.of(document, phase, now)
    stage = Stage(
        document=document,
        second=content.contest_document(content.SECOND_CONTEST),
        words=content.comments(),
        calendar=calendar,
        workshop=Workshop(data_dir / "demo-cache"),
        password_hash=passwords.hash_password(PASSWORD),
    )
    end = calendar.at(PHASES[phase] + 1, "00:00")
    outbox.record_as_sent(True)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    gc.freeze()
    try:
        count = play(stage, (step for step in story.steps(stage) if step.at < end))
    finally:
        outbox.record_as_sent(False)
        gc.unfreeze()
    _fill_inboxes(stage)
    return Performance(
        phase=phase,
        contest=stage.code,
        second_contest=str(stage.second["contest"]["code"]),
        launch=calendar.launch.isoformat(),
        today=clock.local(now).date().isoformat(),
        day=PHASES[phase],
        steps=count,
        accounts=accounts(stage),
    )


def _fill_inboxes(stage: Stage) -> None:
    """Let those who can sign in find the messages of the year, the last week' unread."""
    now = stage.calendar.now
    people = [stage.people[key] for key in ACCOUNTS.values()]
    with clock.reading(now), session_scope(), unit_of_work():
        fill_inboxes(people, read_until=now - UNREAD_FOR, site_url="")


def accounts(stage: Stage) -> tuple[dict[str, str], ...]:
    """Return who can sign in, in the order in which a visitor meets them."""
    found = {player.key: player for player in players(stage.document, stage.second)}
    return tuple(
        {"role": role, "email": found[key].email, "password": PASSWORD, "name": found[key].name}
        for role, key in ACCOUNTS.items()
    )
