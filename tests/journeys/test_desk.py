"""The judge's desk without network: sheets filled, piles ordered and compared, a second device, an ended session.

Nothing is lost or doubled. Also how many keys a sheet takes, and that nothing stays on the device after signing out or
stepping back.
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
    phone, desktop = player("judge", width=390, is_mobile=True, has_touch=True), player("judge")
    page = phone.page
    open_sheets = _packed(phone)[:6]
    assert len(open_sheets) == 6
    page.context.set_offline(True)
    page.goto(f"/sheets/{open_sheets[0]}")
    page.locator(".sheet-reader summary").first.click()
    phone.page.get_by_label(phone.say("Page {page} of {pages}").format(page=1, pages=2)).wait_for()
    page.locator("canvas[data-drawn]").first.wait_for()
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
    page.goto(f"/sheets/{open_sheets[2]}")
    page.locator(".score-number").first.fill("11")
    page.locator("[data-error]").wait_for()
    with page.expect_response(f"**/sheets/{open_sheets[2]}"):
        page.fill("#comment", "Một lời nữa")
    page.locator("[data-save-state]").filter(has_text=page.locator("[data-error]").inner_text()).wait_for()


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


def _give_piles(house: House) -> dict[str, int]:
    """Give J02 three entries of one board (one to screen) in rounds of other modes instead; return mode → round."""
    modes = {"top_pick": {"places": 2}, "pairwise": {"compared": 2}, "yes_no": {"yes_needed": 2}}
    with closing(sqlite3.connect(house.data_dir / "compapp.db", timeout=10)) as connection, connection:
        (first, contest, definition) = connection.execute(
            "SELECT r.id, r.contest_id, r.definition FROM round r JOIN contest c ON c.id = r.contest_id"
            " WHERE r.code = 'R1' AND c.code = 'VL-KNST-2026'"
        ).fetchone()
        kept = {
            key: value for key, value in json.loads(definition).items() if key not in ("rubric", "gates", "advance")
        }
        made = {}
        for place, (mode, options) in enumerate(modes.items(), start=10):
            own = json.dumps({**kept, "code": mode, "mode": mode, "mode_options": options})
            made[mode] = connection.execute(
                "INSERT INTO round (contest_id, code, position, kind, state, opens_at, closes_at, definition)"
                " SELECT contest_id, ?, ?, kind, state, opens_at, closes_at, ? FROM round WHERE id = ?",
                (mode, place, own, first),
            ).lastrowid
            connection.execute(
                "INSERT INTO assignment (round_id, entry_id, seat_id, state, position, assigned_at)"
                " SELECT ?, a.entry_id, a.seat_id, 'open', a.position, a.assigned_at FROM assignment a"
                " JOIN entry e ON e.id = a.entry_id JOIN seat s ON s.id = a.seat_id"
                " WHERE a.round_id = ? AND s.code = 'J02' AND a.state = 'open' AND e.board_id ="
                " (SELECT id FROM board WHERE contest_id = ? AND code = 'student') ORDER BY a.id LIMIT ?",
                (made[mode], first, contest, 1 if mode == "yes_no" else 3),
            )
        connection.execute(
            "UPDATE assignment SET state = 'withdrawn' WHERE round_id = ? AND seat_id = (SELECT id FROM seat"
            " WHERE contest_id = ? AND code = 'J02')",
            (first, contest),
        )
    return made


def _take(page: Any, side: int) -> tuple[frozenset[str], str]:
    """Tap on the left (0) or right (1) entry of the pair that is shown; return the pair and who won."""
    buttons = page.locator("form[data-pair] button:not([disabled])")
    buttons.first.wait_for()
    links = page.locator("[data-side-link]")
    pair = [str(links.nth(place).get_attribute("href")).rpartition("/")[2] for place in (0, 1)]
    buttons.nth(2 * side).click()
    return frozenset(pair), pair[side]


def _order(judge: Visitor, address: str, first: int, second: int) -> list[str]:
    """Choose the entries with these places in the lists as the best two; return their assignments."""
    page = judge.go(address).page
    lists = page.locator("select[name^=place-]")
    page.locator("[data-save-state]").wait_for(state="attached")
    for place, chosen in enumerate((first, second)):
        lists.nth(place).select_option(index=chosen)
    return [lists.nth(place).input_value() for place in (0, 1)]


def test_piles_without_network(demonstration: House, player: Player) -> None:
    """An order and comparisons made in an hour without network, the page closed meanwhile: both devices agree then."""
    rounds = _give_piles(demonstration)
    order, pairs = f"/desk/rounds/{rounds['top_pick']}", f"/desk/rounds/{rounds['pairwise']}"
    phone, desktop = player("judge", width=390, has_touch=True), player("judge")
    _packed(phone)
    context, page = phone.page.context, phone.page
    context.set_offline(True)
    mine = _order(phone, order, 1, 2)
    page.goto(pairs)
    said = dict([_take(page, 0)])
    second, _wrong = _take(page, 0)
    phone.press("Take the last one back")
    last = _take(page, 1)
    assert last[0] == second
    page.close()
    page = phone.page = context.new_page()
    page.clock.install()
    page.goto(order)
    page.clock.run_for(3_600_000)  # an hour of trying again: nothing is given up, nothing piles up
    assert [one.input_value() for one in page.locator("select[name^=place-]").all()] == mine
    page.clock.resume()
    page.goto(pairs)
    said |= dict([last, _take(page, 0)])
    phone.reads("Everything is compared. What you chose is sent as soon as there is a connection; then hand in.")
    theirs = _order(desktop, order, 3, 2)
    desktop.page.locator(".save-state-good").wait_for()
    desktop.page.goto(pairs)
    first, other = _take(desktop.page, 1)
    desktop.page.locator("progress[value='1']").wait_for()
    assert said[first] != other and theirs[1] == mine[1] and theirs[0] != mine[0]
    context.set_offline(False)
    page.goto(order)
    page.locator("[data-clash-theirs]").wait_for()
    phone.press("Keep my text")
    page.locator(".save-state-good").wait_for()
    page.goto(pairs)
    page.locator("[data-pair-clash] [data-choice=theirs]").tap()
    page.locator("progress[value='3']").wait_for()
    desktop.go(order)
    assert [one.input_value() for one in desktop.page.locator("select[name^=place-]").all()] == mine
    for one in (phone, desktop.go(pairs)):
        one.reads("Enough comparisons")
    sheet = demonstration.rows(f"SELECT id FROM assignment WHERE round_id = {rounds['yes_no']}")[0]["id"]
    desktop.go(f"/sheets/{sheet}").page.keyboard.press("2")
    assert desktop.page.locator("[name=score-verdict]:checked").input_value() == "0", "the second answer, by its digit"
    points = {row["id"]: row["scores"] for row in demonstration.rows(_POINTS.format(rounds["top_pick"]))}
    assert {str(key): json.loads(value)["points"] for key, value in points.items()} == {mine[0]: "2", mine[1]: "1"}
    said[first] = other
    words = demonstration.rows(_WORDS.format(rounds["pairwise"]))
    assert len(words) == 3 and {frozenset((str(row["one"]), str(row["two"]))): str(row["won"]) for row in words} == said


_POINTS = (
    "SELECT a.id, s.scores FROM sheet s JOIN assignment a ON a.round_id = s.round_id AND a.entry_id = s.entry_id"
    " AND a.seat_id = s.seat_id WHERE s.round_id = {} AND s.scores LIKE '%points%'"
)
_WORDS = (
    "SELECT l.id AS one, r.id AS two, w.id AS won FROM pair_choice c"
    " JOIN assignment l ON l.round_id = c.round_id AND l.seat_id = c.seat_id AND l.entry_id = c.left_id"
    " JOIN assignment r ON r.round_id = c.round_id AND r.seat_id = c.seat_id AND r.entry_id = c.right_id"
    " JOIN assignment w ON w.round_id = c.round_id AND w.seat_id = c.seat_id AND w.entry_id = c.winner_id"
    " WHERE c.round_id = {} AND c.undone_at IS NULL"
)
