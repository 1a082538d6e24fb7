"""What belongs to a team's workspace besides its answers: links looked at, remarks with the advisor."""

import contextlib
import socket
import threading
import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.core.db import unit_of_work
from compapp.core.errors import Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries import fetching, queries, services
from compapp.entries.queries.links import newest_checks
from compapp.entries.services import links, remarks
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_pages import SignIn, sign_in

__all__ = ["sign_in"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "https://[::1]/",
        "http://10.0.0.8/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://[::a00:1]/",
        "http://[fec0::1]/",
        "https://[broken.example/",
        "http://100.64.0.1/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user:word@example.com/",
        "http://8.8.8.8:22/",
        "http://8.8.8.8:99999/",
        "https:///",
    ],
)
def test_only_public_addresses_are_looked_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: Any, **_named: Any) -> Any:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", never)
    found = fetching.look(address)
    assert not found.is_open and found.note == fetching.NOT_PUBLIC


def test_a_name_with_one_private_address_is_not_public(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: Any, **_named: Any) -> Any:
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert fetching.public_address("two.example", 80) is None


def test_a_redirection_is_held_to_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_ask", lambda *_args: "http://127.0.0.1/admin")
    monkeypatch.setattr(fetching, "public_address", lambda host, _port: None if host == "127.0.0.1" else "8.8.8.8")
    assert fetching.look("https://video.example/").note == fetching.NOT_PUBLIC


def test_a_stranger_server_neither_breaks_nor_holds_up_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nonsense to go on to, a page made to stall the search for its title, and an answer that never ends."""
    monkeypatch.setattr(fetching, "public_address", lambda _host, _port: "127.0.0.1")
    monkeypatch.setattr(fetching, "_ask", lambda *_args: "http://[broken")
    assert fetching.look("https://video.example/").note == fetching.NO_ANSWER
    monkeypatch.undo()
    begun = time.monotonic()
    assert fetching._title(b"<title" * 170_000) is None
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_trickle, args=(server,), daemon=True).start()
        with contextlib.suppress(OSError):  # cut off
            fetching._ask("http", "video.example", server.getsockname()[1], "127.0.0.1", "/", "")
    assert time.monotonic() - begun < 3


def _trickle(server: socket.socket) -> None:
    """Answer one request with a byte now and then, for eight seconds."""
    stranger, _ = server.accept()
    with stranger, contextlib.suppress(OSError):
        stranger.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        for _ in range(80):
            stranger.sendall(b"x")
            time.sleep(0.1)


def test_a_link_is_looked_at_when_given_and_again_when_handed_in(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(b.a_contest(), lead), lead)
    seen = fetching.Look(True, 200, "Trạm đo mặn", "ab" * 32, 10)
    for _time in range(2):
        waiting = links.links_to_look_at()
        assert [address for _id, address in waiting] == ["https://video.example/mieng-vuon"]
        with unit_of_work():
            links.keep_look(waiting[0][0], seen, actor=b.IMPORTER, at=b.OPEN_AT)
            if not _time:
                services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    check = newest_checks(entry.id)["video", "https://video.example/mieng-vuon"]
    assert check.is_open and check.title == "Trạm đo mặn" and check.sha256 == "ab" * 32


def test_an_advisor_reads_and_remarks_but_does_not_write(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    lead, teacher = b.actor(b.person("Lâm Hoài Thảo")), b.person("Nguyễn Văn Tâm")
    entry = b.a_draft(b.a_contest(), lead)
    b.add_member(entry, teacher, role="advisor")
    advisor = b.actor(teacher)
    browser = sign_in(advisor)
    sent = browser.post(f"/entries/{entry.id}/remarks", data={"key": "problem", "text": "Nêu số liệu."})
    assert sent.status_code == 303
    first = remarks.remarks_of(entry.id)[0]
    with pytest.raises(Refused), unit_of_work():
        services.save_answers(entry, {"problem": "của thầy"}, actor=advisor, at=b.OPEN_AT)
    browser = sign_in(lead)
    assert "Nêu số liệu." in browser.get(f"/entries/{entry.id}/remarks").get_data(as_text=True)
    browser.post(f"/entries/{entry.id}/remarks", data={"thread": str(first.id), "text": "Đã thêm."})
    browser.post(f"/entries/{entry.id}/remarks/{first.id}/settlement")
    said = remarks.remarks_of(entry.id)
    assert [(one.key, one.answers_id) for one in said] == [("problem", None), ("problem", first.id)]
    assert said[0].settled_at is not None
    told = db.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "remark_made")).all()
    assert set(told) == {lead.person_id, teacher.id}
    assert browser.post(f"/entries/{entry.id}/remarks", data={"text": " "}).status_code == 422
    stranger = sign_in(b.actor(b.person("Người Lạ")))
    assert stranger.get(f"/entries/{entry.id}/remarks").status_code == 404
    assert queries.entry(entry.id).answers.get("problem") is None
