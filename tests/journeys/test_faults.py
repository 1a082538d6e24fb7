"""What may die, dies: web workers, the queue server, the worker of jobs, the mail server, the whole tree.

A demonstration in its entry phase runs as processes of its own. Whatever was acknowledged exists afterwards with
its content, messages go out once, pages answer, and ``flask doctor`` finds nothing.
"""

import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from compapp.demo.cast import PASSWORD
from tests.journeys.house import CLOCK, JOBS, ROOT, WEB, House
from tests.journeys.permissions.building import moment_of
from tests.journeys.permissions.stages import built
from tests.services import QueueServer, _free_port

__all__ = ["built"]
pytestmark = [pytest.mark.one_database, pytest.mark.slow]

STUDENT = "student@demo.example"
MAILS = 50


@dataclass
class Answer:
    """What came back, and how long it took."""

    status: int
    text: str
    location: str
    seconds: float


@dataclass
class Browser:
    """Somebody with cookies, on one connection a request."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", patience: float = 20) -> Answer:
        """Send a request; OSError or HTTPException where the server dies under it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        began = time.monotonic()
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, text, response.headers.get("Location", ""), time.monotonic() - began)

    def get(self, path: str, patience: float = 20) -> Answer:
        """Open a page and remember its form token."""
        answer = self.ask("GET", path, patience=patience)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
        self.token = unescape(found[1]) if found else self.token
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file."""
        mark = "limit-0815"
        parts = f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'
        parts += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = parts.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self.ask("POST", path, body, f"multipart/form-data; boundary={mark}")


class Site(House):
    """The demonstration with two web workers behind one master, as ``./run`` starts it."""

    def start_one(self, name: str) -> None:
        """Start one of the processes, each in a group of its own."""
        gunicorn = ["gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--preload"]
        gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"]
        command = gunicorn if name == WEB else ["compapp.worker", name]
        with (self.data_dir / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def web_workers(self) -> list[int]:
        """Return the process ids of the web workers."""
        master = self.running[WEB].pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def kill_tree(self) -> None:
        """Let everything but the queue server die at once."""
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGKILL)
        for process in self.running.values():
            process.wait()
        self.running.clear()

    def start_web(self) -> None:
        """Start the web alone."""
        self.start_one(WEB)
        deadline = time.monotonic() + 30
        while not self._answers():
            assert time.monotonic() < deadline, self.log(WEB)
            time.sleep(0.05)

    def signed_in(self, email: str = STUDENT) -> Browser:
        """Return a browser of somebody with a demonstration's account."""
        browser = Browser(self.port)
        browser.get("/sign-in")
        assert browser.post("/sign-in", email=email, password=PASSWORD).status == 303
        return browser

    def ask(self, question: str) -> list[sqlite3.Row]:
        """Return the rows that answer an SQL question."""
        with sqlite3.connect(f"file:{self.data_dir / 'compapp.db'}?mode=ro", uri=True, timeout=10) as connection:
            connection.row_factory = sqlite3.Row
            return list(connection.execute(question))


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration in its entry phase, with the web running."""
    queue = QueueServer()
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(built / "entry.db", folder / "compapp.db")
    shutil.copytree(built / "files", folder / "files", copy_function=os.link)
    (folder / "run").mkdir()
    (folder / "run" / "clock").write_text(str(moment_of("entry").timestamp() - time.time()))
    made = Site(folder, queue)
    try:
        made.flask("db", "stamp", "head")
        made.start_web()
        yield made
    finally:
        if made.running:
            made.kill_tree()
        queue.stop()


@pytest.fixture(scope="module")
def entry(site: Site) -> int:
    """The entry that the student of the demonstration leads."""
    lead = f"SELECT id FROM person WHERE email = '{STUDENT}'"
    question = (
        f"SELECT entry_id FROM team_member WHERE role = 'lead' AND person_id = ({lead}) ORDER BY entry_id LIMIT 1"
    )
    return int(site.ask(question)[0][0])


class Writer(threading.Thread):
    """Saves answers or hands files in, again and again, and remembers what was acknowledged."""

    def __init__(self, site: Site, entry: int, field_key: str) -> None:
        super().__init__(daemon=True)
        self.browser, self.entry, self.key = site.signed_in(), entry, field_key
        self.browser.get(f"/entries/{entry}/answers")
        self.acknowledged: list[str] = []
        self.sent: list[str] = []
        self.failures: list[int] = []
        self.ending = False

    def run(self) -> None:
        """Write until told to end."""
        number = 0
        while not self.ending:
            number += 1
            try:
                self.failures += [status for status in [self.write(number)] if status >= 500]
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def write(self, number: int) -> int:
        """Save one text; return the status."""
        text = f"Câu số {number} của {self.key}"
        self.sent.append(text)
        path = f"/entries/{self.entry}/answers/autosave"
        given = {f"a-{self.key}": text, "changed": self.key, "version": "999999"}
        answer = self.browser.post(path, **given)
        if answer.status == 200:
            self.acknowledged.append(text)
        return answer.status


class Uploader(Writer):
    """Hands in files."""

    def write(self, number: int) -> int:
        """Hand one file in, a different one each time; return the status."""
        content = _pdf(f"file {number} " + "x" * 200_000)
        answer = self.browser.upload(f"/entries/{self.entry}/files/{self.key}", "ban thuyet minh.pdf", content)
        if answer.status == 303:
            self.acknowledged.append(hashlib.sha256(content).hexdigest())
        time.sleep(0.1)
        return answer.status


def _pdf(words: str) -> bytes:
    from fpdf import FPDF

    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=12)
    made.multi_cell(0, 8, words[:200])
    return bytes(made.output()) + b"\n% " + words.encode() + b"\n"


def test_workers_that_die_lose_nothing_they_acknowledged(site: Site, entry: int) -> None:
    """F1, I1: every 0.7 seconds a web worker dies while two people type and two hand files in."""
    keys = [row["key"] for row in site.ask("SELECT key FROM attachment WHERE link IS NULL GROUP BY key ORDER BY key")]
    fields = _text_fields(site, entry)
    writers = [Writer(site, entry, fields[0]), Writer(site, entry, fields[1]), Uploader(site, entry, keys[-1])]
    for writer in writers:
        writer.start()
    chance, dead = random.Random(7), 0
    for _round in range(8):
        time.sleep(0.7)
        workers = site.web_workers()
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            dead += 1
    time.sleep(1.0)
    for writer in writers:
        writer.ending = True
        writer.join(20)
    assert dead >= 6
    answers = str(site.ask(f"SELECT answers FROM entry WHERE id = {entry}")[0][0])
    kept = {row[0] for row in site.ask("SELECT b.sha256 FROM attachment a JOIN blob b ON b.id = a.blob_id")}
    for writer in writers:
        assert not [status for status in writer.failures if status != 503], writer.failures
        assert len(writer.acknowledged) > 3, site.log(WEB)
        if isinstance(writer, Uploader):
            missing = [digest for digest in writer.acknowledged if digest not in kept]
            assert not missing
            for digest in writer.acknowledged:
                content = (site.data_dir / "files" / digest[:2] / digest[2:4] / digest).read_bytes()
                assert hashlib.sha256(content).hexdigest() == digest
            continue
        last = writer.sent.index(writer.acknowledged[-1])
        assert any(_as_json(text) in answers for text in writer.sent[last:]), writer.acknowledged[-1]
    site.flask("doctor")


def _as_json(text: str) -> str:
    return json.dumps(text)


def _text_fields(site: Site, entry: int) -> list[str]:
    """Return the keys of the long questions of the form."""
    page = site.signed_in().get(f"/entries/{entry}/answers").text
    return re.findall(r'<textarea[^>]* name="a-([\w-]+)"', page)


def test_a_database_that_is_held_keeps_what_was_typed(site: Site, entry: int) -> None:
    """F7: another process holds the write lock for eight seconds: 503 with the text on the page; reading goes on."""
    browser, words = site.signed_in(), "Nước ngọt cho mương nhỏ, đo từng giờ"
    browser.get(f"/entries/{entry}/answers")
    field_key = _text_fields(site, entry)[0]
    holder = sqlite3.connect(site.data_dir / "compapp.db", isolation_level=None, timeout=10)
    holder.execute("BEGIN IMMEDIATE")
    until = time.monotonic() + 8.0
    try:
        saved = browser.post(f"/entries/{entry}/answers", **{f"a-{field_key}": words, "version": "999999"})
        read = Browser(site.port).get("/")
        opened = browser.get(f"/entries/{entry}/answers")
        health = Browser(site.port).get("/healthz")
    finally:
        time.sleep(max(0.0, until - time.monotonic()))
        holder.execute("ROLLBACK")
        holder.close()
    assert saved.status == 503 and saved.seconds < 10
    assert words in unescape(saved.text)
    assert (read.status, opened.status, health.status) == (200, 200, 200)
    assert max(read.seconds, health.seconds) < 2
    again = browser.post(f"/entries/{entry}/answers", **{f"a-{field_key}": words, "version": "999999"})
    assert again.status in {303, 422}
    assert _as_json(words) in str(site.ask(f"SELECT answers FROM entry WHERE id = {entry}")[0][0])


def test_fifty_messages_outlive_the_queue_and_its_worker(site: Site) -> None:
    """F3, F5: the worker dies, the queue server dies with all it knew, the messages go out once each."""
    site.start_one(JOBS)
    _ask_for_links(site, range(0, MAILS // 2))
    site.kill(JOBS)
    _ask_for_links(site, range(MAILS // 2, MAILS))
    assert site.outbox("kind = 'password_reset' AND channel = 'email'") or site.outbox("state = 'ready'")
    site.queue.kill()
    shutil.rmtree(site.queue.folder / "store", ignore_errors=True)
    site.queue.start()
    site.start_one(JOBS)
    site.start_one(CLOCK)
    site.settled(60)
    letters = Counter(letter.key for letter in site.letters() if "/new-password/" in letter.text)
    assert len(letters) == MAILS
    assert set(letters.values()) == {1}
    for name in (JOBS, CLOCK):
        site.kill(name)


def _ask_for_links(site: Site, numbers: range) -> None:
    """Ask for new passwords of as many people."""
    people = site.ask(f"SELECT email FROM person WHERE email IS NOT NULL AND active ORDER BY id DESC LIMIT {MAILS}")
    browser = Browser(site.port)
    browser.get("/forgotten-password")
    for number in numbers:
        assert browser.post("/forgotten-password", email=people[number]["email"]).status == 303


def test_a_frozen_queue_server_holds_no_page_up(site: Site) -> None:
    """F4: pages answer within a second, also those that count tries and ring the bell."""
    assert site.queue.process is not None
    site.queue.process.send_signal(signal.SIGSTOP)
    try:
        browser = site.signed_in()
        asked = [browser.get("/home"), browser.get("/forgotten-password")]
        asked.append(browser.post("/forgotten-password", email="judge2@demo.example"))
        asked += [Browser(site.port).get("/"), Browser(site.port).get("/sign-in"), browser.get("/inbox")]
    finally:
        site.queue.process.send_signal(signal.SIGCONT)
    assert [one.status for one in asked] == [200, 200, 303, 200, 200, 200]
    assert max(one.seconds for one in asked) < 2.0
    assert sorted(one.seconds for one in asked)[len(asked) // 2] < 1.0


def test_a_mail_server_that_refuses_keeps_the_message_waiting(site: Site) -> None:
    """F9: nobody listens; the page is not concerned, the message waits for its next try, the inbox is filled."""
    site.environment["MAIL_URL"] = f"smtp://127.0.0.1:{_free_port()}"
    try:
        site.start_one(CLOCK)
        browser = Browser(site.port)
        browser.get("/forgotten-password")
        assert browser.post("/forgotten-password", email="mentor@demo.example").seconds < 2
        waiting = "kind LIKE '%reset%' AND channel = 'email' AND state = 'ready' AND attempts > 0"
        deadline = time.monotonic() + 30
        while not (found := site.outbox(waiting)):
            assert time.monotonic() < deadline, site.log(CLOCK)
            time.sleep(0.2)
        assert found[-1]["reason"]
    finally:
        site.kill(CLOCK)
        site.environment["MAIL_URL"] = f"file:{site.data_dir / 'mail'}"
    site.start_one(CLOCK)
    with sqlite3.connect(site.data_dir / "compapp.db", timeout=10) as connection:
        connection.execute("UPDATE outbox_message SET not_before = posted_at WHERE state = 'ready'")
    connection.close()
    site.settled(60)  # what the dead clock had claimed is free again after 30 s
    site.kill(CLOCK)


def test_it_starts_after_everything_was_killed(site: Site, entry: int) -> None:
    """F2: the whole tree dies in mid writing, three times; it starts again at once with what was acknowledged."""
    for turn in range(3):
        writer = Writer(site, entry, _text_fields(site, entry)[turn % 2])
        writer.start()
        time.sleep(0.8)
        site.kill_tree()
        site.queue.kill()
        writer.ending = True
        writer.join(20)
        site.queue.start()
        began = time.monotonic()
        site.start_web()
        assert time.monotonic() - began < 15
        assert writer.acknowledged
        answers = str(site.ask(f"SELECT answers FROM entry WHERE id = {entry}")[0][0])
        last = writer.sent.index(writer.acknowledged[-1])
        assert any(_as_json(text) in answers for text in writer.sent[last:])
    site.flask("doctor")
