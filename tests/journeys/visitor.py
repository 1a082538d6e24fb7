"""People at their browsers: they find things by what is written on the page, in their own language."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from babel.messages.pofile import read_po

from tests.journeys.house import House

PASSWORD = "mùa nước nổi 2026"
CATALOGUES = Path(__file__).resolve().parents[2] / "compapp" / "translations" / "vi"
_PLACE = re.compile(r"%\(\w+\)[sd]")


@cache
def catalogue() -> Mapping[str, tuple[str, ...]]:
    """Return English msgid → Vietnamese words (several where a number decides)."""
    words: dict[str, tuple[str, ...]] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as stream:
            for entry in read_po(stream, locale="vi"):
                if entry.id and entry.string:
                    one = entry.id if isinstance(entry.id, str) else entry.id[0]
                    said = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
                    words.setdefault(one, said)
    return words


@cache
def foreign_words(locale: str) -> frozenset[str]:
    """Return the program's texts (without places to fill) that a page in ``locale`` must not hold."""
    pairs = [(one, said[0]) for one, said in catalogue().items() if "%" not in one and one != said[0]]
    mine = {vi if locale == "vi" else en for en, vi in pairs}
    return frozenset(en if locale == "vi" else vi for en, vi in pairs) - mine


TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest("script, style, [lang], code")) continue;
    words.push(text.data.replace(/\\s+/g, " ").trim());
  }
  return [document.documentElement.lang, words.filter((one) => one)];
}"""
"""Reads the page's language and each piece of text, but what is marked to be in another language."""


class Visitor:
    """Somebody with an own browser; ``locale`` is the language in which the pages must speak."""

    def __init__(self, page: Any, house: House, name: str, email: str, locale: str = "vi") -> None:
        self.page = page
        self.house = house
        self.name = name
        self.email = email
        self.locale = locale
        self.password = PASSWORD

    # Words -------------------------------------------------------------------------------------------

    def say(self, msgid: str, **params: Any) -> str:
        """Return a text of the program as this person reads it; AssertionError where it is not translated."""
        said = msgid
        if self.locale == "vi":
            assert msgid in catalogue(), f"no Vietnamese for “{msgid}”"
            said = catalogue()[msgid][0]
        return said % params if params else said

    def pattern(self, msgid: str) -> re.Pattern[str]:
        """Return what matches a text whatever stands in its places."""
        parts = _PLACE.split(self.say(msgid))
        return re.compile(".+?".join(re.escape(part.replace("%%", "%")) for part in parts))

    # Going about -------------------------------------------------------------------------------------

    def go(self, path: str) -> Self:
        """Open a page of the site; sign in where it asks for that."""
        self.page.goto(path)
        if "/sign-in" in self.page.url:
            self.sign_in()
        self._must_be_well()
        return self

    def sign_in(self) -> Self:
        """Fill the sign-in form that is on the page."""
        self.fill("E-mail address", self.email)
        self.fill("Password", self.password)
        self.press("Sign in", within="main")
        return self

    def follow(self, label: str, *, exact: bool = True, translate: bool = True, within: str = "main") -> Self:
        """Follow the first link of this name."""
        name = self.say(label) if translate else label
        self.page.locator(within).get_by_role("link", name=name, exact=exact).first.click()
        self._must_be_well()
        return self

    def press(self, label: str, *, within: str = "main", row: str = "", **params: Any) -> Self:
        """Press the first button of this name; ``row`` is a text that stands in the same table row or list item."""
        place = self.page.locator(within)
        if row:
            place = place.locator("tr, li, article, section").filter(has_text=row).last
        place.get_by_role("button", name=self.say(label, **params), exact=True).first.click()
        self.page.wait_for_function("() => !document.querySelector('form[data-busy], button[aria-busy]')")
        self._must_be_well()
        return self

    def fill(self, label: str, text: str, *, translate: bool = True) -> Self:
        """Write into the field of this label."""
        self.field(label, translate=translate).fill(text)
        return self

    def field(self, label: str, *, translate: bool = True) -> Any:
        """Return the field of this label."""
        name = self.say(label) if translate else label
        labelled = self.page.get_by_label(re.compile(rf"^{re.escape(name)}(\s*\*)?$"))
        return self.page.locator("main").locator("input, textarea, select").and_(labelled).first

    def choose(self, label: str, option: str, *, translate: bool = True) -> Self:
        """Choose an option, whose text holds ``option``, of a list."""
        chosen = self.field(label, translate=translate)
        value = chosen.locator("option").filter(has_text=option).first.get_attribute("value")
        chosen.select_option(value)
        return self

    def tick(self, label: str | re.Pattern[str], *, translate: bool = True) -> Self:
        """Tick a box or a round button."""
        if isinstance(label, str):
            label = re.compile("^" + re.escape(self.say(label) if translate else label))
        self.page.locator("main").get_by_label(label).first.check()
        return self

    def tick_in(self, group: str, text: str) -> Self:
        """Tick the box whose label holds ``text`` in the group of this name."""
        self.page.get_by_role("group", name=self.say(group)).get_by_label(re.compile(re.escape(text))).first.check()
        return self

    def upload(self, name: str, content: bytes, *, place: str = "main") -> Self:
        """Choose a PDF in the first file field of ``place``, and wait until the page shows it."""
        chosen = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.page.locator(f"{place} input[type=file]").first.set_input_files(chosen)
        self.page.locator("main").get_by_role("link", name=name).first.wait_for()
        return self

    def unfold(self, label: str) -> Self:
        """Open a folded part of the page."""
        self.page.locator("main summary").filter(has_text=self.say(label)).first.click()
        return self

    def open_letter(self, kind: str, number: int = -1) -> Self:
        """Follow the link of a mail that this person got (the last of its kind)."""
        self.house.settled()
        mine = [one for one in self.house.letters() if one.kind == kind and one.to == self.email]
        assert mine, f"{self.name} has no mail “{kind}”: {[one.kind for one in self.house.letters()]}"
        link = next(link for link in mine[number].links if link.startswith("http://127.0.0.1:"))
        return self.go(urlsplit(link).path)

    # Looking -----------------------------------------------------------------------------------------

    def sees(self, text: str, *, within: str = "main") -> Self:
        """Assert that a text of the contest stands on the page."""
        found = self.text(within)
        assert text in found, f"{self.name} does not see “{text}” at {self.page.url}:\n{found}"
        return self

    def reads(self, msgid: str, *, within: str = "main") -> Self:
        """Assert that a text of the program stands on the page, whatever fills its places."""
        found = self.text(within)
        assert self.pattern(msgid).search(found), f"{self.name} does not read “{msgid}” at {self.page.url}:\n{found}"
        return self

    def sees_not(self, text: str, *, within: str = "main") -> Self:
        """Assert that a text does not stand on the page."""
        assert text not in self.text(within), f"{self.name} sees “{text}” at {self.page.url}"
        return self

    def numbers_of(self, title: str) -> dict[str, int]:
        """Return name → number of a picture, read from the table beside it."""
        figure = self.page.locator("figure").filter(has_text=self.say(title)).first
        rows = figure.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.children].slice(0, 2).map(cell => cell.textContent.trim()))"
        )
        return {name: int(number.replace(".", "")) for name, number in rows}

    def text(self, within: str = "main") -> str:
        """Return what can be read on the page, folded parts included."""
        words = self.page.locator(within).first.evaluate("node => node.textContent")
        return re.sub(r"\s+", " ", str(words))

    def _must_be_well(self) -> None:
        """Assert that the page speaks this person's language, down to its last label."""
        self.page.wait_for_load_state("domcontentloaded")
        language, words = self.page.evaluate(TEXTS)
        assert language == self.locale, f"wrong language at {self.page.url}"
        wrong = sorted(set(words) & foreign_words(self.locale))
        assert not wrong, f"not in “{self.locale}” at {self.page.url}: {wrong}"


Newcomer = Callable[..., Visitor]
"""Makes a visitor with a browser of their own: ``newcomer(name, email, width=390, locale="vi")``."""
