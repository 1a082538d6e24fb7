"""A jury's evening: 60 judges open sheets and give marks at 60 requests a second.

``python -m benchmarks.judging_evening [--seconds 30] [--journeys 10]``: a fresh SQLite database of 1,000 entries of 5
sheets is served as ``./run`` does. Ten times a second a judge, signed in, opens the desk and a sheet and gives four
marks, each saved by itself, with the pauses of somebody typing. Waiting counts from opening a connection. Afterwards
the database is asked: a mark that was acknowledged and is not what stands there, or an answer but 200, fails the run.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, update

from benchmarks.fill import fill
from benchmarks.http_client import Answer, Browser
from benchmarks.pages import RAW_CSRF, SECRET, session_cookie
from benchmarks.server import serving
from compapp.accounts.models import Person
from compapp.accounts.services import sessions
from compapp.app import create_app
from compapp.core import clock, db
from compapp.core.db import Base, session, session_scope, unit_of_work
from compapp.judging.models import Assignment, Seat, Sheet

ENTRIES, JUDGES, MARKS = 1_000, 60, 4
PAUSE = 1.5
"""Seconds between two marks of a judge."""


@dataclass
class Heard:
    """What came back: waiting seconds by step, answers by status, and the last acknowledged mark of each sheet."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    marks: dict[int, tuple[str, str]] = field(default_factory=dict)

    def note(self, step: str, answer: Answer) -> Answer:
        """Count an answer."""
        self.seconds.setdefault(step, []).append(answer.seconds)
        self.statuses[answer.status] += 1
        return answer


@dataclass(frozen=True)
class Judge:
    """A judge's browser with the sheets that are still open, and the criteria to mark."""

    browser: Browser
    sheets: list[int]
    criteria: tuple[str, ...]


def main() -> None:
    """Play the evening and say how long judges waited."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--journeys", type=int, default=10, help="journeys begun a second, of six requests each")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compapp-evening-") as folder:
        environment = {
            "APP_ENV": "demo",
            "DATA_DIR": folder,
            "SECRET_KEY": SECRET,
            "REDIS_URL": "",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}",
        }
        os.environ.update(environment)
        app = create_app()
        Base.metadata.create_all(db.engine())
        with clock.reading(), session_scope():
            fill(ENTRIES, judges=JUDGES)
            signed_in, criteria = _judges()
        heard = Heard()
        with serving("wsgi:app", environment) as server:
            judges = [
                Judge(Browser(server.port, dict([_cookie(app, token)])), own, criteria) for token, own in signed_in
            ]
            used, began = server.cpu_seconds(), time.monotonic()
            asyncio.run(_play(judges, wanted.seconds, wanted.journeys, heard))
            took, cpu = time.monotonic() - began, server.cpu_seconds() - used
        with clock.reading(), session_scope():
            _report(heard, took, cpu)


def _cookie(app: Flask, token: str) -> tuple[str, str]:
    name, _, value = session_cookie(app, token).partition("=")
    return name, value


def _judges() -> tuple[list[tuple[str, list[int]]], tuple[str, ...]]:
    """Open every second sheet again; return each judge's token and open assignments, and the criteria."""
    at = clock.now()
    with unit_of_work():
        session().execute(update(Sheet).where(Sheet.entry_id % 2 == 0).values(state="draft", submitted_at=None))
        people = session().scalars(select(Person).join(Seat, Seat.person_id == Person.id).order_by(Seat.id)).all()
        tokens = [sessions.sign_in(one, browser="benchmark", address="127.0.0.1", at=at) for one in people]
    rows = session().execute(
        select(Seat.person_id, Assignment.id)
        .join(Assignment, Assignment.seat_id == Seat.id)
        .where(Assignment.entry_id % 2 == 0)
        .order_by(Assignment.id)
    )
    own: dict[int, list[int]] = {}
    for person_id, assignment_id in rows:
        own.setdefault(person_id, []).append(assignment_id)
    criteria = tuple(session().scalars(select(Sheet.scores).limit(1)).one())
    return [(token, own[one.id]) for token, one in zip(tokens, people, strict=True)], criteria[:MARKS]


async def _play(judges: list[Judge], seconds: int, journeys: int, heard: Heard) -> None:
    chance = random.Random(2026)

    async def one(turn: int) -> None:
        await asyncio.sleep(turn / journeys + chance.uniform(0, 0.1))
        judge = judges[turn % len(judges)]
        await _journey(judge, judge.sheets[turn // len(judges)], heard, chance)

    await asyncio.gather(*map(one, range(seconds * journeys)))


async def _journey(judge: Judge, sheet: int, heard: Heard, chance: random.Random) -> None:
    browser, path = judge.browser, f"/sheets/{sheet}"
    heard.note("desk", await browser.get("/desk"))
    page = heard.note("scoring page", await browser.get(path))
    version = page.text.split('name="version" value="', 1)[1].split('"', 1)[0]
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW_CSRF)
    for code in judge.criteria:
        await asyncio.sleep(PAUSE * chance.uniform(0.5, 1.5))
        mark = str(chance.randint(0, 20) / 2)
        form = {f"score-{code}": mark, "changed": f"score-{code}", "version": version, "csrf_token": token}
        answer = heard.note("save", await browser.post(path, urlencode(form).encode(), accept="application/json"))
        if answer.status == 200:
            version = str(json.loads(answer.text)["version"])
            heard.marks[sheet] = (code, mark)


def _lost(marks: dict[int, tuple[str, str]]) -> list[int]:
    """Return the sheets whose last acknowledged mark is not what stands in the database."""
    rows = session().execute(
        select(Assignment.id, Sheet.scores)
        .join(Sheet, (Sheet.seat_id == Assignment.seat_id) & (Sheet.entry_id == Assignment.entry_id))
        .where(Sheet.round_id == Assignment.round_id, Assignment.id.in_(marks))
    )
    stored: dict[int, dict[str, str]] = dict(rows.all())
    return [number for number, (code, mark) in marks.items() if float(stored[number][code]) != float(mark)]


def _report(heard: Heard, took: float, cpu: float) -> None:
    requests = sum(heard.statuses.values())
    print(f"{requests} requests in {took:.0f} s, {requests / took:.0f} a second; answers {dict(heard.statuses)}")
    print(f"CPU of the server: {cpu / requests * 1000:.1f} ms a request, {cpu / took * 100:.0f} % of one core")
    for step, seconds in heard.seconds.items():
        print(f"{step:13}", *(f"p{percent} {_at(seconds, percent):4.0f} ms " for percent in (50, 95, 99)))
    lost = _lost(heard.marks)
    print(f"sheets marked: {len(heard.marks)}; last mark not stored: {len(lost)}")
    if lost or any(status != 200 for status in heard.statuses):
        raise SystemExit("something was lost or refused")


def _at(seconds: Iterable[float], percent: int) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


if __name__ == "__main__":
    main()
