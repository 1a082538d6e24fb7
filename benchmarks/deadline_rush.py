"""The last minute: students sign in, save, hand in a file of 1 MB and submit, all before one deadline.

``python -m benchmarks.deadline_rush [--students 1000] [--seconds 60] [--signed-in] [--database sqlite postgres]``.
One gunicorn (2 workers of 4 threads) serves; another process plays the students, who arrive evenly over the time and
go on until they have an answer. Afterwards the database is asked: every acknowledged submission must be stored with
the hash on its receipt and its file on the disk, none may be later than the deadline, no answer may be 5xx.
"""

import argparse
import asyncio
import hashlib
import io
import os
import random
import re
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from sqlalchemy import select

from benchmarks.http_client import Answer, Browser
from benchmarks.rush_fill import FILE_KEY, PASSWORD, Student, fill, set_deadline
from benchmarks.server import serving
from compapp.app import create_app
from compapp.core import clock, db, files
from compapp.core.db import Base, session, session_scope
from compapp.entries.models import Attachment, Entry, EntryVersion

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([^"]+)"')


@dataclass
class Tally:
    """What happened to the students."""

    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    def note(self, step: str, answer: Answer) -> Answer:
        """Count one answer."""
        self.statuses[answer.status] += 1
        self.seconds.setdefault(step, []).append(answer.seconds)
        return answer


def main() -> None:
    """Run once for each database and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--signed-in", action="store_true", help="the students signed in earlier")
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"])
    wanted = parser.parse_args()
    for database in wanted.database:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="compapp-rush-")))
            url = f"sqlite:///{folder / 'rush.db'}" if database == "sqlite" else _postgres(stack)
            print(f"{database}: {wanted.students} students in {wanted.seconds} s, signed in: {wanted.signed_in}")
            _rush(wanted.students, wanted.seconds, wanted.signed_in, folder, url)


def _postgres(stack: ExitStack) -> str:
    """Start the PostgreSQL of the tests, but one that writes to the disk before it acknowledges."""
    from tests.services import PostgresCluster

    cluster = PostgresCluster(durable=True)
    stack.callback(cluster.stop)
    return cluster.create_database()


def _rush(count: int, seconds: int, signed_in: bool, folder: Path, url: str) -> None:
    environment = {
        "APP_ENV": "demo",
        "DATA_DIR": str(folder),
        "REDIS_URL": "",
        "SECRET_KEY": "a secret of the benchmark only 0123456789abcdef",
        "DATABASE_URL": url,
    }
    os.environ.update(environment)
    create_app()
    Base.metadata.create_all(db.engine())
    with clock.reading(), session_scope():
        students = fill(count, folder)
    upload = _file()
    with serving("wsgi:app", environment) as server:
        tally = Tally()
        browsers = [Browser(server.port) for _ in students]
        if signed_in:
            asyncio.run(_sign_all_in(browsers, students))
        deadline = clock.now() + timedelta(seconds=seconds)
        with clock.reading(), session_scope():
            set_deadline(deadline)
        started, used = time.monotonic(), server.cpu_seconds()
        asyncio.run(_play(browsers, students, upload, seconds, signed_in, tally))
        took, cpu = time.monotonic() - started, server.cpu_seconds() - used
    with clock.reading(), session_scope():
        _report(tally, students, upload, deadline, took, cpu)


async def _sign_all_in(browsers: list[Browser], students: list[Student]) -> None:
    for browser, student in zip(browsers, students, strict=True):
        assert (await _sign_in(browser, student, Tally())).status == 303


async def _play(
    browsers: list[Browser], students: list[Student], upload: bytes, seconds: int, signed_in: bool, tally: Tally
) -> None:
    order = random.Random(2026)
    arrivals = sorted(order.uniform(0, seconds * 0.95) for _ in students)

    async def one(browser: Browser, student: Student, arrival: float) -> None:
        await asyncio.sleep(arrival)
        began = time.monotonic()
        outcome = await _journey(browser, student, upload, signed_in, tally)
        tally.outcomes[outcome] += 1
        tally.seconds.setdefault("whole journey", []).append(time.monotonic() - began)

    await asyncio.gather(*map(one, browsers, students, arrivals))


async def _sign_in(browser: Browser, student: Student, tally: Tally) -> Answer:
    page = tally.note("sign-in page", await browser.get("/sign-in"))
    form = {"csrf_token": TOKEN.findall(page.text)[0], "email": student.email, "password": PASSWORD}
    return tally.note("sign in", await browser.post("/sign-in", urlencode(form).encode()))


async def _journey(browser: Browser, student: Student, upload: bytes, signed_in: bool, tally: Tally) -> str:
    """Return how it ended: accepted, or the step that was refused."""
    if not signed_in and (await _sign_in(browser, student, tally)).status != 303:
        return "no sign-in"
    path = f"/entries/{student.entry_id}"
    page = tally.note("form", await browser.get(f"{path}/answers"))
    token, version = TOKEN.findall(page.text), VERSION.findall(page.text)
    if page.status != 200 or not token:
        return "no form"
    typed = {"csrf_token": token[0], "changed": "problem", "a-problem": "Chữ cuối cùng trước hạn nộp. " * 8}
    body = urlencode({**typed, "version": version[0] if version else ""}).encode()
    saved = tally.note("save", await browser.post(f"{path}/answers/autosave", body, accept="application/json"))
    if saved.status != 200:
        return f"save refused ({saved.status})"
    sent = tally.note("1 MB file", await browser.send_file(f"{path}/files/{FILE_KEY}", token[0], _own(upload, student)))
    if sent.status != 200:
        return f"file refused ({sent.status})"
    page = tally.note("last look", await browser.get(f"{path}/submission"))
    token = TOKEN.findall(page.text)
    if not token:
        return f"no submit button ({page.status})"
    form = urlencode({"csrf_token": token[0]}).encode()
    done = tally.note("submit", await browser.post(f"{path}/submission", form))
    if done.status != 303:
        return f"submission refused ({done.status})"
    tally.receipts.append(done.location)
    return "accepted"


def _file() -> bytes:
    """Return a PDF of about 1 MB: noise, which no compression shrinks."""
    noise = Image.frombytes("RGB", (680, 512), random.Random(1).randbytes(680 * 512 * 3))
    out = io.BytesIO()
    noise.save(out, "PDF", quality=97)
    return out.getvalue()


def _own(upload: bytes, student: Student) -> bytes:
    """Return the file as this student has it: no two are the same."""
    return upload + f"\n% {student.entry_id}\n".encode()


def _report(tally: Tally, students: list[Student], upload: bytes, deadline: datetime, took: float, cpu: float) -> None:
    entries = [student.entry_id for student in students]
    stored = dict(
        session()
        .execute(select(EntryVersion.entry_id, EntryVersion.submitted_at).where(EntryVersion.entry_id.in_(entries)))
        .all()
    )
    states = Counter(session().scalars(select(Entry.state).where(Entry.id.in_(entries))))
    accepted = tally.outcomes["accepted"]
    acknowledged = {int(found[1]) for place in tally.receipts if (found := re.search(r"/entries/(\d+)", place))}
    whole = {
        student.entry_id
        for student in students
        if files.path_of(hashlib.sha256(_own(upload, student)).hexdigest()).is_file()
    }
    rows = select(Attachment.entry_id).where(Attachment.key == FILE_KEY, Attachment.entry_id.in_(acknowledged))
    kept = whole & set(session().scalars(rows))
    print(f"  outcomes: {dict(tally.outcomes)}; states: {dict(states)}; answers: {dict(tally.statuses)}")
    print(f"  accepted a second: {accepted / took:.1f}; the server's CPU for each: {cpu / accepted * 1000:.0f} ms")
    for step, seconds in tally.seconds.items():
        ordered = sorted(seconds)
        print(f"  {step:14} p50 {ordered[len(ordered) // 2]:6.2f} s   p95 {ordered[int(len(ordered) * 0.95)]:6.2f} s")
    faults = {
        "acknowledged but not stored": len(acknowledged - set(stored)),
        "acknowledged without its file": len(acknowledged - kept),
        "stored after the deadline": sum(at >= deadline for at in stored.values()),
        "5xx": sum(number for status, number in tally.statuses.items() if status >= 500),
    }
    print(f"  faults: {faults}")
    if any(faults.values()):
        raise SystemExit("something was lost, late or broken")


if __name__ == "__main__":
    main()
