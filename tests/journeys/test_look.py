"""The main pages of every role: axe finds nothing, nothing overflows sideways, the keyboard reaches everything.

On the demonstration while the jury scores, and while teams are in their incubators. Each page is looked at at 1280
pixels (with axe), at 640 (1280 at a zoom of 200 %) and at 390; home pages and a few more also in the dark.
"""

from collections.abc import Callable

import pytest

from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.one_database
PHASE = "scoring"
CODE = "VL-KNST-2026"

Player = Callable[..., Visitor]
Accessible = Callable[..., None]

THIS = f"(SELECT id FROM contest WHERE code = '{CODE}')"
ENTRY = f"SELECT id FROM entry WHERE code = 'S01' AND contest_id = {THIS}"
SHEET = (
    "SELECT a.id FROM assignment a JOIN seat s ON s.id = a.seat_id JOIN person p ON p.id = s.person_id "
    "LEFT JOIN sheet h ON h.entry_id = a.entry_id AND h.seat_id = a.seat_id AND h.round_id = a.round_id "
    "WHERE p.email = 'judge@demo.example' AND (h.state IS NULL OR h.state = 'draft') ORDER BY a.id LIMIT 1"
)
RESIDENCY = f"SELECT id FROM residency WHERE entry_id = ({ENTRY})"
INTAKE = f"SELECT id FROM intake WHERE contest_id = {THIS} AND code = 'IN1'"
CLUB = (
    "SELECT organisation_id FROM membership m JOIN person p ON p.id = m.person_id WHERE p.email = 'club@demo.example'"
)

SCORING: dict[str, tuple[str, ...]] = {
    "visitor": ("/", "/contests", f"/contests/{CODE}", "/help", "/privacy", "/sign-in", "/sign-up"),
    "student": (
        *("/home", "/entries", "/inbox", "/inbox/preferences", "/account", "/account/data"),
        *("/entries/{entry}", "/entries/{entry}/answers", "/entries/{entry}/team", "/entries/{entry}/versions"),
    ),
    "judge": ("/home", "/desk", "/sheets/{sheet}", f"/contests/{CODE}/my-seat"),
    "chair": ("/home", f"/contests/{CODE}/standings/R1", f"/contests/{CODE}/standings/R1/severity"),
    "secretary": ("/home", f"/contests/{CODE}/paper-sheets"),
    "organiser": (
        *("/home", "/contests/manage", "/contests/import", f"/contests/{CODE}/manage"),
        *(f"/contests/{CODE}/manage/definition", f"/contests/{CODE}/manage/calendar", f"/contests/{CODE}/eligibility"),
        *(f"/contests/{CODE}/manage/roles", f"/contests/{CODE}/manage/messages", "/entries/{entry}/dossier"),
        *(f"/contests/{CODE}/jury", f"/contests/{CODE}/assignments/R1", f"/contests/{CODE}/progress/R1"),
    ),
    "school": ("/home", f"/endorsements/{CODE}"),
    "club": ("/home", "/clubs/{club}"),
    "officer": ("/home", "/reports/funnel"),
    "admin": ("/home", "/people", "/organisations"),
}
INCUBATION: dict[str, tuple[str, ...]] = {
    "visitor": (f"/results/{CODE}", f"/contests/{CODE}"),
    "student": ("/home", "/entries/{entry}/placement", "/entries/{entry}/results", "/residencies/{residency}"),
    "organiser": (f"/placement/{CODE}", f"/contests/{CODE}/publications/R3", f"/contests/{CODE}/pitch/R3"),
    "incubator": ("/home", "/intakes", "/intakes/{intake}", "/cohorts", "/residencies/{residency}"),
    "mentor": ("/home", "/mentoring", "/residencies/{residency}"),
    "officer": ("/reports/funnel",),
}
DARK: dict[str, tuple[str, ...]] = {
    "visitor": ("/", f"/contests/{CODE}"),
    "student": ("/home", "/entries/{entry}"),
    "judge": ("/home", "/desk", "/sheets/{sheet}"),
    "chair": (f"/contests/{CODE}/standings/R1",),
    "secretary": (f"/contests/{CODE}/paper-sheets",),
    "organiser": ("/home", f"/contests/{CODE}/eligibility"),
    "school": (f"/endorsements/{CODE}",),
    "club": ("/clubs/{club}",),
    "officer": ("/reports/funnel",),
    "admin": ("/people",),
}
DARK_LATER: dict[str, tuple[str, ...]] = {
    "student": ("/residencies/{residency}",),
    "incubator": ("/cohorts",),
    "mentor": ("/mentoring",),
}
OVERFLOW = """() => {
  const most = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > most + 1)
    .filter((one) => !one.closest(".table-scroll, .visually-hidden, svg, details:not([open]) > :not(summary)"))
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
  return document.documentElement.scrollWidth > most + 1 ? wide.slice(0, 5).join(", ") || "the page" : "";
}"""
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const inside = one.getBoundingClientRect();
  const shown = inside.width > 0 && inside.height > 0 && inside.bottom > 0 && inside.top < innerHeight;
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const label = one.getAttribute("aria-label") || one.textContent.trim().slice(0, 40) || one.name || one.tagName;
  const again = one === window.stoppedAt;
  window.stoppedAt = one;
  return {label, shown, again, marked: marked || !!one.closest(":focus-within .affixed, .choice")};
}"""


def address(house: House, path: str) -> str:
    """Return ``path`` with the numbers that this demonstration gave."""
    names = {"entry": ENTRY, "sheet": SHEET, "residency": RESIDENCY, "intake": INTAKE, "club": CLUB}
    for name, question in names.items():
        if "{" + name + "}" in path:
            path = path.replace("{" + name + "}", str(house.rows(question)[0][0]))
    return path


def look(visitor: Visitor, house: House, paths: tuple[str, ...], accessible: Accessible) -> list[str]:
    """Return what is wrong with the pages of these paths."""
    found: list[str] = []
    for path in (address(house, one) for one in paths):
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        visitor.go(path)
        assert path in visitor.page.url, f"{visitor.name} was led from {path} to {visitor.page.url}"
        try:
            accessible(visitor.page)
        except AssertionError as error:
            found.append(f"{path}: {error}")
        for width in (1280, 640, 390):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            wide = visitor.page.evaluate(OVERFLOW)
            if wide:
                found.append(f"{path} at {width}: wider than the screen: {wide}")
    return found


@pytest.mark.parametrize("account", SCORING)
def test_pages_while_the_jury_scores(
    account: str, demonstration: House, player: Player, assert_accessible: Accessible
) -> None:
    found = look(player(account), demonstration, SCORING[account], assert_accessible)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("account", DARK)
def test_pages_in_the_dark_on_a_phone(
    account: str, demonstration: House, player: Player, assert_accessible: Accessible
) -> None:
    visitor = player(account, width=390, color_scheme="dark")
    for path in DARK[account]:
        assert_accessible(visitor.go(address(demonstration, path)).page)


@pytest.mark.parametrize("account", ["visitor", "student", "judge", "organiser", "officer"])
def test_the_keyboard_goes_everywhere(account: str, player: Player) -> None:
    """The first stop leads to the content; every stop can be seen, and none is a trap."""
    path = "/" if account == "visitor" else "/home"
    visitor = player(account).go(path)
    keyboard = visitor.page.keyboard
    keyboard.press("Tab")
    first = visitor.page.evaluate(FOCUS)
    assert first["label"] == visitor.say("Skip to content") and first["shown"], first
    keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"
    visitor.go(path)
    stops = []
    for _ in range(60):
        keyboard.press("Tab")
        stop = visitor.page.evaluate(FOCUS)
        if stop is None:
            break
        assert stop["shown"] and stop["marked"] and not stop["again"], stop
        stops.append(stop["label"])
    reachable = visitor.page.locator("a[href]:visible, button:visible, summary:visible, input:visible").count()
    assert len(stops) >= min(reachable, 60) - 1, (len(stops), reachable, stops)
