"""Measures what the pages cost: CPU milliseconds a request, queries, and the ratio to ``hello world``.

``python -m benchmarks.pages [--entries 1000 10000] [--requests 100] [--database-url URL]``: for each size a fresh
database is filled with entries of 5 sheets each and served by gunicorn (2 workers of 4 threads); every page is
asked for one request after another on a kept connection, signed in where it needs to be. CPU is read from /proc for
the whole process tree of the server (on PostgreSQL the database's own is not in it); ratios hold across machines.
"""

import argparse
import hashlib
import http.client
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from benchmarks.fill import Filled, fill
from benchmarks.server import Server, serving
from compapp.app import create_app
from compapp.core import clock, db
from compapp.core.db import Base, session_scope

SECRET = "a secret of the benchmark only 0123456789abcdef"
RAW_CSRF = hashlib.sha1(os.urandom(64)).hexdigest()


@dataclass(frozen=True)
class Page:
    """One thing to ask for, with the budget of docs/benchmarks.md in CPU milliseconds."""

    name: str
    path: str
    who: str = ""
    must: float = 8
    body: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    expect: int = 200


def pages(filled: Filled) -> list[Page]:
    """Return the pages that speed budgets exist for."""
    code = filled.contest
    sheet = f"/sheets/{filled.assignment_id}"
    return [
        Page("manager's list", f"/contests/{code}/eligibility", "organiser", 25),
        Page("manager's list, searched", f"/contests/{code}/eligibility?search=do+luong", "organiser", 25),
        Page("leaderboard", f"/contests/{code}/standings/R1/leaderboard", "organiser", 15),
        Page("workbench", f"/contests/{code}/standings/R1", "organiser", 60),
        Page("judge's desk", "/desk", "judge", 60),
        Page("scoring page", sheet, "judge", 20),
        Page("public contest page", f"/contests/{code}", "", 8),
        Page("public contest page, 304", f"/contests/{code}", "", 3, expect=304),
        Page("public contest list", "/contests", "", 8),
    ]


def main() -> None:
    """Measure and print one table for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--database-url", help="default: a fresh SQLite file")
    wanted = parser.parse_args()
    floor = _hello(wanted.requests)
    print(f"hello world: {floor:.2f} ms CPU a request under the same server\n")
    for size in wanted.entries:
        with tempfile.TemporaryDirectory(prefix="compapp-bench-") as folder:
            _measure(size, Path(folder), wanted.requests, floor, wanted.database_url)


def _hello(requests: int) -> float:
    with serving("benchmarks.hello:app", {}, "/") as server:
        return _cost(server, Page("hello", "/"), {}, requests * 5)


def _measure(size: int, folder: Path, requests: int, floor: float, url: str | None) -> None:
    environment = {
        "APP_ENV": "demo",
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "REDIS_URL": "",
        "DATABASE_URL": url or f"sqlite:///{folder / 'bench.db'}",
    }
    os.environ.update(environment)
    app = create_app()
    Base.metadata.drop_all(db.engine())
    Base.metadata.create_all(db.engine())
    with clock.reading(), session_scope():
        filled = fill(size)
    cookies = {who: session_cookie(app, getattr(filled, who)) for who in ("organiser", "judge")} | {"": ""}
    autosave = _autosave(app, filled, cookies["judge"])
    print(f"{size} entries of 5 sheets\n{'page':28} {'CPU ms':>8} {'x hello':>8} {'must':>6} {'queries':>8} {'kB':>7}")
    with serving("wsgi:app", environment) as server:
        for page in [*pages(filled), *autosave]:
            queries, length = _once(app, page, cookies[page.who])
            cost = _cost(server, page, _headers(page, cookies[page.who]), requests)
            print(
                f"{page.name:28} {cost:8.2f} {cost / floor:8.1f} {page.must:6.0f} {queries:8} {length / 1000:7.1f}",
                flush=True,
            )
        print(f"memory of a worker: {server.memory():.0f} MB\n")


def _autosave(app: Flask, filled: Filled, cookie: str) -> list[Page]:
    """Return the page that saves one score of an open sheet."""
    path = f"/sheets/{filled.assignment_id}"
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW_CSRF)
    with app.test_client(use_cookies=False) as client:
        found = client.get(path, headers={"Cookie": cookie}).get_data(as_text=True)
    if 'data-sheet="' not in found:
        raise SystemExit(f"{path} shows no sheet to save")
    version = found.split('name="version" value="', 1)[1].split('"', 1)[0]
    body = {"score-innovation": "7,5", "changed": "score-innovation", "version": version}
    headers = {"X-CSRFToken": token, "Accept": "application/json", "Referer": "http://127.0.0.1/"}
    return [Page("autosave", path, "judge", 20, body, headers)]


def session_cookie(app: Flask, token: str) -> str:
    """Return the cookie of a signed-in browser."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return "compapp=" + str(signer.dumps({"token": token, "csrf_token": RAW_CSRF, "_permanent": True}))


def _headers(page: Page, cookie: str) -> dict[str, str]:
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if page.body is not None else {}
    return {**({"Cookie": cookie} if cookie else {}), **kind, **page.headers}


def _once(app: Flask, page: Page, cookie: str) -> tuple[int, int]:
    """Ask once in this process; return queries and size."""
    with app.test_client(use_cookies=False) as client, _counting() as seen:
        method = "POST" if page.body is not None else "GET"
        answer = client.open(page.path, method=method, headers=_headers(page, cookie), data=page.body)
    if answer.status_code != 200:
        raise SystemExit(f"{page.name} ({page.path}) answered {answer.status_code}, not 200")
    if page.body is not None:
        page.body["version"] = str(json.loads(answer.get_data())["version"])
    return len(seen), len(answer.get_data())


@contextmanager
def _counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def _cost(server: Server, page: Page, headers: dict[str, str], requests: int) -> float:
    """Return the CPU milliseconds of one request, the mean of ``requests`` after a warm-up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    body = dict(page.body) if page.body is not None else None
    if page.expect == 304:
        connection.request("GET", page.path, headers=headers)
        first = connection.getresponse()
        first.read()
        headers = {**headers, "If-None-Match": first.headers["ETag"]}
    before = 0.0
    for turn in range(requests + 20):
        if turn == 20:
            before = server.cpu_seconds()
        data = urlencode(body) if body is not None else None
        connection.request("POST" if body is not None else "GET", page.path, data, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != page.expect:
            raise SystemExit(f"{page.name} ({page.path}) answered {answer.status}, not {page.expect}")
        if body is not None:
            version = json.loads(content)["version"]
            body["version"] = str(version)
            body["score-innovation"] = "7,5" if turn % 2 else "8"
    return (server.cpu_seconds() - before) / requests * 1000


if __name__ == "__main__":
    main()
