"""Files in pieces: they go on where the line broke, keep every limit, and may finish within the stated grace only."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.core import files
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed
from compapp.entries import queries, services
from compapp.entries.models import Entry, Upload
from compapp.entries.services import uploads
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_pages import SignIn, sign_in

__all__ = ["sign_in"]

JSON = {"Accept": "application/json"}
CONTENT = b.pdf("Trạm đo mặn")


@pytest.fixture
def entry(app: Flask, db: Session, clock_at: StoppedClock) -> Entry:
    """A draft of a contest with fifteen minutes of grace."""
    clock_at(b.OPEN_AT)
    document = b.definition()
    document["contest"]["submission"] |= {"late_policy": "grace", "grace_minutes": 15}
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    return b.a_draft(b.a_contest(document=document), lead)


def _lead(entry: Entry) -> Any:
    found = queries.lead_of(entry.id)
    assert found is not None and found.person is not None
    return b.actor(found.person)


def _begin(browser: Any, entry: Entry, content: bytes = CONTENT, **more: Any) -> Any:
    data = {"key": "thuyet_minh", "name": "thuyết minh.pdf", "size": str(len(content)), "mark": "1:a.pdf"} | more
    return browser.post(f"/entries/{entry.id}/uploads", data=data, headers=JSON)


def _send(browser: Any, begun: dict[str, Any], offset: int, piece: bytes) -> Any:
    return browser.post(f"{begun['address']}?offset={offset}", data=piece, headers=JSON)


def test_a_file_goes_on_where_the_line_broke(entry: Entry, sign_in: SignIn) -> None:
    browser, half = sign_in(_lead(entry)), len(CONTENT) // 2
    begun = _begin(browser, entry).get_json()
    assert begun["offset"] == 0
    assert _send(browser, begun, 0, CONTENT[:half]).get_json() == {"offset": half}
    again = _begin(browser, entry).get_json()
    assert again["address"] == begun["address"] and again["offset"] == half
    stale = _send(browser, begun, 0, CONTENT[:half])
    assert stale.status_code == 409 and stale.get_json()["offset"] == half
    early = browser.post(f"{begun['address']}/completion", headers=JSON)
    assert early.status_code == 409 and early.get_json()["offset"] == half
    assert _send(browser, begun, half, CONTENT[half:]).get_json() == {"offset": len(CONTENT)}
    told = {"sha256": hashlib.sha256(CONTENT).hexdigest()}
    for _time in range(2):
        assert browser.post(f"{begun['address']}/completion", data=told, headers=JSON).status_code == 200
    row = queries.current_attachments(entry.id)["thuyet_minh"]
    assert row.blob is not None and row.blob.sha256 == told["sha256"] and row.file_name == "thuyết minh.pdf"
    assert not list((files.root() / "pieces").iterdir())


def test_limits_hold_while_a_file_arrives(entry: Entry, db: Session, sign_in: SignIn) -> None:
    browser = sign_in(_lead(entry))
    large = _begin(browser, entry, size="999000000")
    assert large.status_code == 422 and "MB" in large.get_json()["error"]
    assert _begin(browser, entry, size="0").status_code == 422
    assert _begin(browser, entry, key="khong_co").status_code == 404
    begun = _begin(browser, entry).get_json()
    assert _send(browser, begun, 0, CONTENT + b"more").status_code == 422
    assert _send(browser, begun, 0, bytes(uploads.PIECE + 1)).status_code == 413
    assert sign_in(b.actor(b.person("Người Lạ"))).get(begun["address"]).status_code == 404
    browser = sign_in(_lead(entry))
    _send(browser, begun, 0, CONTENT)
    broken = browser.post(f"{begun['address']}/completion", data={"sha256": "0" * 64}, headers=JSON)
    assert broken.status_code == 422 and not queries.current_attachments(entry.id)
    assert db.scalars(select(Upload.finished_at)).all() == [b.OPEN_AT]
    gif = b"GIF89a" + bytes(50)
    begun = _begin(browser, entry, gif, mark="gif").get_json()
    _send(browser, begun, 0, gif)
    assert browser.post(f"{begun['address']}/completion", headers=JSON).status_code == 422


def test_what_is_never_finished_is_swept(entry: Entry, sign_in: SignIn) -> None:
    browser = sign_in(_lead(entry))
    begun = _begin(browser, entry).get_json()
    _send(browser, begun, 0, CONTENT[:10])
    with unit_of_work():
        assert uploads.sweep_uploads(at=b.OPEN_AT + timedelta(hours=23)) == 0
        assert uploads.sweep_uploads(at=b.OPEN_AT + timedelta(hours=25)) == 1
    assert not list((files.root() / "pieces").iterdir())


def test_a_file_begun_in_time_arrives_within_the_grace_and_nothing_else_does(
    entry: Entry, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    lead = _lead(entry)
    b.complete(entry, lead)
    browser = sign_in(lead)
    clock_at(b.CLOSES - timedelta(minutes=1))
    begun = _begin(browser, entry).get_json()
    clock_at(b.CLOSES + timedelta(minutes=14))
    assert _begin(browser, entry, mark="another").status_code == 409, "begun too late"
    assert _send(browser, begun, 0, CONTENT).status_code == 200
    assert browser.post(f"{begun['address']}/completion", headers=JSON).status_code == 200
    with pytest.raises(Closed), unit_of_work():
        services.save_answers(entry, {"problem": "muộn"}, actor=lead, at=b.CLOSES + timedelta(minutes=14))
    assert "15/11/2026, 17:15" in browser.get(f"/entries/{entry.id}/submission").get_data(as_text=True)
    with unit_of_work():
        version = services.submit_entry(entry, actor=lead, at=b.CLOSES + timedelta(minutes=14))
    late = next(one for one in version.content["attachments"] if one["key"] == "thuyet_minh")
    assert late["begun_in_time"] == (b.CLOSES - timedelta(minutes=1)).isoformat()


@pytest.mark.parametrize("minutes", [15, 60])
def test_after_the_grace_nothing_arrives(entry: Entry, clock_at: StoppedClock, sign_in: SignIn, minutes: int) -> None:
    lead = _lead(entry)
    b.complete(entry, lead)
    browser = sign_in(lead)
    clock_at(b.CLOSES - timedelta(minutes=1))
    begun = _begin(browser, entry).get_json()
    _send(browser, begun, 0, CONTENT[:10])
    late = clock_at(b.CLOSES + timedelta(minutes=minutes))
    assert _send(browser, begun, 10, CONTENT[10:]).status_code == 409
    assert browser.post(f"{begun['address']}/completion", headers=JSON).status_code == 409
    with pytest.raises(Closed), unit_of_work():
        services.submit_entry(entry, actor=lead, at=late or b.CLOSES + timedelta(minutes=minutes))


@pytest.mark.parametrize("state", ["eligible", "ineligible", "withdrawn"])
def test_what_was_decided_has_no_grace(entry: Entry, clock_at: StoppedClock, sign_in: SignIn, state: str) -> None:
    """A file on its way must not change under the jury what the organiser has looked through."""
    browser = sign_in(_lead(entry))
    clock_at(b.CLOSES - timedelta(minutes=1))
    begun = _begin(browser, entry).get_json()
    with unit_of_work():
        queries.locked_entry(entry.id).state = state
    clock_at(b.CLOSES + timedelta(minutes=1))
    assert _send(browser, begun, 0, CONTENT).status_code == 409
    assert browser.post(f"{begun['address']}/completion", headers=JSON).status_code == 409
    assert not queries.current_attachments(entry.id)
