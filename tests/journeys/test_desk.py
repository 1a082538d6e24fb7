"""The judge's desk without network: six sheets filled, a second device, an ended session; nothing lost or doubled.

Also how many keys a sheet takes, and that nothing stays on the device after signing out or stepping back.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from tests.journeys.house import WEB, House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.one_database
PHASE = "scoring"
Player = Callable[..., Visitor]
SHELVES = "async () => (await caches.keys()).filter((one) => one.startsWith('desk:')).length"
KEPT = "() => Object.keys(localStorage).filter((one) => one.startsWith('desk:')).length"
FEWEST_KEYS = 6 + 6
"""Six whole scores, and Enter after each: the last one leads to the comment."""


def _packed(judge: Visitor) -> list[str]:
    """Go to the desk, wait until its packets are on the device; return the sheets that are still open."""
    judge.go("/desk").page.locator("[data-desk][data-ready]").wait_for(timeout=20_000)
    return [str(row.get_attribute("data-packet")) for row in judge.page.locator("[data-packet]").all()]


def _fill_by_keys(page: Any, comment: str) -> int:
    """Score with the keyboard alone; return how many keys it took beside the comment's letters."""
    keys = 0
    for _criterion in range(6):
        for key in ("7", "Enter"):
            page.keyboard.press(key)
            keys += 1
    page.keyboard.insert_text(comment)
    return keys


def _stored(house: House, sheet: str) -> Any:
    return house.rows(
        "SELECT s.* FROM sheet s JOIN assignment a ON a.round_id = s.round_id AND a.entry_id = s.entry_id"
        f" AND a.seat_id = s.seat_id WHERE a.id = {int(sheet)}"
    )


def _give_one_back(house: House) -> None:
    """Let J02 have six sheets to fill: one that was handed in is a draft again, as the chair would give it back."""
    with closing(sqlite3.connect(house.data_dir / "compapp.db", timeout=10)) as connection, connection:
        connection.execute(
            "UPDATE sheet SET state = 'draft' WHERE id = (SELECT MIN(s.id) FROM sheet s"
            " JOIN seat ON seat.id = s.seat_id JOIN contest c ON c.id = seat.contest_id"
            " WHERE seat.code = 'J02' AND c.code = 'VL-KNST-2026' AND s.state = 'submitted')"
        )


def _arrived(judge: Visitor) -> None:
    judge.page.locator("[data-desk-state]").wait_for(state="hidden", timeout=15_000)
    judge.page.locator("[data-waiting]:visible").first.wait_for(state="detached", timeout=15_000)


def test_an_hour_without_network(demonstration: House, player: Player) -> None:
    """Everything typed offline arrives once, also over an ended session, beside what another device wrote."""
    _give_one_back(demonstration)
    phone, desktop = player("judge", width=390), player("judge")
    page = phone.page
    open_sheets = _packed(phone)[:6]
    assert len(open_sheets) == 6
    page.context.set_offline(True)
    for number, sheet in enumerate(open_sheets):
        page.goto(f"/sheets/{sheet}")
        page.locator("[data-sheet-done]").wait_for()
        for field in page.locator(".score-number").all():
            field.fill("")
        page.locator("main h1").click()
        assert _fill_by_keys(page, f"Viết khi mất mạng, phiếu {number}") == FEWEST_KEYS
        page.fill("#note", f"Ghi riêng {number}")
    page.clock.install()
    page.reload()
    page.locator("[data-sheet-done]").wait_for()
    page.clock.run_for(3_600_000)  # an hour of trying again: nothing is given up, nothing piles up
    assert page.input_value("#comment") == "Viết khi mất mạng, phiếu 5"
    page.clock.resume()
    phone.press("Review and hand in").reads(
        "Handing in needs the network. Everything you typed is kept on this device;"
        " hand in when you are connected again."
    )
    desktop.go(f"/sheets/{open_sheets[0]}").fill("Comment to the team", "Viết ở máy bàn")
    desktop.page.locator(".save-state-good").wait_for()
    desktop.go("/account/sessions").press("End all other sessions")
    page.context.set_offline(False)
    page.goto("/desk")
    phone.sign_in()
    page.goto("/desk")
    clash = page.locator(f'[data-waiting="{open_sheets[0]}"]')
    clash.filter(has_text=phone.say("Two texts: choose")).wait_for(timeout=15_000)
    page.goto(f"/sheets/{open_sheets[0]}")
    page.locator("[data-clash-theirs]").filter(has_text="Viết ở máy bàn").wait_for()
    phone.press("Join both")
    page.locator(".save-state-good").wait_for(timeout=15_000)
    page.goto("/desk")
    _arrived(phone)
    for number, sheet in enumerate(open_sheets):
        (row,) = _stored(demonstration, sheet)
        assert set(json.loads(row["scores"]).values()) == {"7"} and row["state"] == "draft"
        assert f"Viết khi mất mạng, phiếu {number}" in row["comment"]
        assert row["comment"].count("Viết khi mất mạng") == 1
        (note,) = demonstration.rows(f"SELECT text FROM judge_note WHERE assignment_id = {int(sheet)}")
        assert note["text"] == f"Ghi riêng {number}"
    assert "Viết ở máy bàn" in _stored(demonstration, open_sheets[0])[0]["comment"]
    page.goto(f"/sheets/{open_sheets[1]}")
    page.locator("[data-sheet-done]").filter(has_text="6/6").wait_for()
    for place in ("**/review", "**/desk"):
        page.keyboard.press("Control+Enter")
        page.wait_for_url(place)
    assert _stored(demonstration, open_sheets[1])[0]["state"] == "submitted"


def test_a_killed_server_and_what_stays_on_the_device(demonstration: House, player: Player) -> None:
    """The server dies, then hangs, while somebody scores: its text arrives. Signing out leaves nothing behind."""
    judge = player("chair")
    page = judge.page
    sheet, given_up = _packed(judge)[:2]
    judge.go(f"/sheets/{sheet}")
    demonstration.kill(WEB)
    judge.fill("Comment to the team", "Viết khi máy chủ ngừng")
    page.locator(".save-state-warn").wait_for()
    page.reload()
    assert page.input_value("#comment") == "Viết khi máy chủ ngừng"
    demonstration.start(WEB)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.locator(".save-state-good").wait_for(timeout=15_000)
    assert _stored(demonstration, sheet)[0]["comment"] == "Viết khi máy chủ ngừng"
    demonstration.hang(WEB)
    judge.fill("Comment to the team", "Viết khi máy chủ im lặng")
    page.locator(".save-state-warn").wait_for(timeout=6_000)
    demonstration.hang(WEB, again=True)
    page.locator(".save-state-good").wait_for(timeout=15_000)
    assert _stored(demonstration, sheet)[0]["comment"] == "Viết khi máy chủ im lặng"
    judge.go(f"/sheets/{given_up}/recusal")
    page.locator("main [name=kind]").first.check()
    page.locator("main form button[type=submit]").first.click()
    page.locator("[data-desk][data-ready]").wait_for(timeout=20_000)
    paths = page.evaluate(
        "async () => (await (await caches.open((await caches.keys()).find((one) => one.startsWith('desk:')))).keys())"
        ".map((one) => new URL(one.url).pathname)"
    )
    assert f"/sheets/{sheet}" in paths and not [one for one in paths if one.startswith(f"/sheets/{given_up}")]
    page.locator("[data-forget-drafts] button").first.evaluate("(button) => button.click()")
    page.wait_for_url("**/")
    assert page.evaluate(SHELVES) == 0 and page.evaluate(KEPT) == 0
