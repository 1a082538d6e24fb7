"""What a later round asks: of those who reached it, in its own window, frozen when confirmed, for its judges only."""

import json
import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid
from compapp.core.outbox import OutboxMessage
from compapp.entries import advancement, queries, services
from compapp.entries.queries.parts import confirmed_parts, later_parts
from compapp.entries.services import parts
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_pages import SignIn, sign_in

__all__ = ["sign_in"]


def _reminded(db: Session, at: datetime) -> int:
    """Return how many reminders of later parts stand in the inbox after the clock's round."""
    with unit_of_work():
        services.post_reminders(at=at)
    due = select(func.count()).where(OutboxMessage.kind == "part_due", OutboxMessage.channel == "inapp")
    return db.scalar(due) or 0


def test_a_later_round_asks_for_a_part(
    app: Flask, db: Session, clock_at: StoppedClock, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(b.OPEN_AT)
    document = b.definition()
    opens, closes = b.AFTER + timedelta(days=10), b.AFTER + timedelta(days=15)
    section = {"code": "S2", "label": {"vi": "Kế hoạch", "en": "Plan"}, "from_round": "R2", "confirm": True}
    section |= {"opens": {"at": opens.isoformat(), "day": 0}, "closes": {"at": closes.isoformat(), "day": 0}}
    document["form"]["sections"] = [section]
    question = {"key": "plan", "label": {"vi": "Kế hoạch 6 tháng", "en": "Plan"}, "type": "longtext", "required": True}
    document["form"]["fields"].append(question | {"section": "S2", "visibility": "judges"})
    contest = b.a_contest(document=document)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    assert "plan" not in {one.key for one in queries.fields_asked(contest, "student")}
    number = entry.id
    path = f"/entries/{number}/parts/S2"
    assert sign_in(lead).get(path).status_code == 404 and not later_parts(entry)
    monkeypatch.setattr(advancement, "_answer", lambda entry_id, code: (entry_id, code) == (number, "R2"))
    monkeypatch.setattr(advancement, "_rounds_of", lambda ids: {one: frozenset({"R2"}) for one in ids})
    clock_at(opens - timedelta(hours=1))
    with pytest.raises(Closed), unit_of_work():
        parts.save_part(entry, "S2", {"plan": "sớm"}, actor=lead, at=opens - timedelta(hours=1))
    clock_at(opens)
    browser = sign_in(lead)
    overview = browser.get(f"/entries/{entry.id}").get_data(as_text=True)
    assert "Hoàn thành và xác nhận: Kế hoạch" in overview and path in overview
    assert f"/entries/{entry.id}/files#file-slides" in overview, "a file of the next round stands there, too"
    with pytest.raises(Invalid), unit_of_work():
        parts.confirm_part(entry, "S2", actor=lead, at=opens)
    assert _reminded(db, closes - timedelta(hours=25)) == 0
    for _time in range(2):
        assert _reminded(db, closes - timedelta(hours=24)) == 1
    assert browser.post(path, data={"version": "99", "a-plan": "Bán 20 trạm", "a-title": "Khác"}).status_code == 303
    saved = browser.post(f"{path}/autosave", data={"version": "99", "changed": "a-plan", "a-plan": "Bán 30 trạm"})
    assert saved.get_json()["fields"]["a-plan"]["pairs"] == [["a-plan", "Bán 30 trạm"]]
    assert browser.get(f"{path}/state?version=1").status_code == 200
    for _time in range(2):
        assert browser.post(f"{path}/confirmation").status_code == 303
    assert "Nộp: Bài trình chiếu (slide)" in browser.get(f"/entries/{entry.id}").text, "the next thing to do"
    confirmed = confirmed_parts(entry.id)["S2"]
    assert (confirmed.number, confirmed.content["answers"]) == (1, {"plan": "Bán 30 trạm"})
    assert _reminded(db, closes - timedelta(hours=6)) == 1, "what is confirmed needs no reminder"
    receipts = db.scalars(select(OutboxMessage.data).where(OutboxMessage.kind == "part_confirmed")).all()
    assert {one["sha256"] for one in receipts} == {confirmed.sha256} and len(receipts) == 2  # inbox and e-mail
    assert "Bán 30 trạm" in browser.get(path).get_data(as_text=True)
    kept = queries.entry(entry.id)
    assert kept.answers["title"] == "Trạm đo mặn", "the submission itself is closed"
    newest = queries.newest_version(entry.id)
    assert newest is not None and services.digest_of(services.content_of(kept)) == newest.sha256
    rounds = {one.code: one for one in contest.rounds}
    with unit_of_work():
        parts.save_part(entry, "S2", {"plan": "chưa xác nhận"}, actor=lead, at=opens)
    boss = sign_in(b.staff(contest))
    assert "Bán 30 trạm" in boss.get(f"/entries/{number}/dossier").get_data(as_text=True)
    read = {one.key: one.value for one in queries.anonymous_entry(entry.id, rounds["R2"]).answers}
    assert read["plan"] == "Bán 30 trạm"
    assert "plan" not in {one.key for one in queries.anonymous_entry(entry.id, rounds["R1"]).answers}
    with pytest.raises(Closed), unit_of_work():
        parts.confirm_part(entry, "S2", actor=lead, at=closes)
    clock_at(closes)
    page = sign_in(lead).get(path).text  # closed: what the device still keeps is held against what is saved
    assert 'name="a-plan"' not in page and f'data-kept="entry-{number}-S2"' in page
    held = re.search(r'data-question="a-plan" data-saved="([^"]*)"', page)
    assert held is not None and json.loads(unescape(held[1])) == [["a-plan", "chưa xác nhận"]]
