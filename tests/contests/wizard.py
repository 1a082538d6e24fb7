"""Filling in the wizard as a browser without JavaScript does: look at a page, type, press the button."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict


class _Form(HTMLParser):
    """Collects what a browser would send of the form that carries ``version`` (or of the first that posts)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self._select, self._text = "", ""
        self._inside = False

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in pairs}
        if tag == "form":
            self._inside = found.get("method") == "post"
            if self._inside:
                self.forms.append([])
        if not self._inside:
            return
        name, sent = found.get("name", ""), self.forms[-1]
        if tag == "input" and name:
            if found.get("type") not in ("checkbox", "radio") or "checked" in found:
                sent.append((name, found.get("value", "y")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            first = all(key != self._select for key, _ in sent)
            if first or "selected" in found:
                sent[:] = [pair for pair in sent if pair[0] != self._select]
                sent.append((self._select, found.get("value", "")))
        elif tag == "textarea":
            self._text = name
            sent.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            sent = self.forms[-1]
            sent[-1] = (self._text, sent[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            name, text = self.forms[-1][-1]
            self.forms[-1][-1] = (name, text.removeprefix("\r\n").removeprefix("\n"))
            self._text = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def shown(page: str) -> MultiDict[str, str]:
    """Return what the page's own form would send as it stands."""
    parser = _Form()
    parser.feed(page)
    own = [form for form in parser.forms if any(name in ("version", "launch_at") for name, _ in form)]
    return MultiDict(own[0])


class Organiser:
    """Somebody who cannot program, at the wizard of one contest."""

    def __init__(self, client: FlaskClient, code: str) -> None:
        self.client, self.base = client, f"/contests/{code}/manage/setup"

    def fill(self, page: str, turn: dict[str, str] | None = None, **typed: Any) -> str:
        """Open a page, type, save; return where it leads. Lists are several ticks, None unticks.

        ``turn`` is typed and sent first: another kind of round or answer shows other fields.
        """
        sent = shown(self.client.get(f"{self.base}/{page}").text)
        if turn:
            sent = shown(self.client.post(f"{self.base}/{page}", data={**sent.to_dict(), **turn}).text)
        for name, value in typed.items():
            sent.poplist(name)
            if isinstance(value, list | tuple):
                sent.setlist(name, [str(one) for one in value])
            elif value is not None:
                sent[name] = str(value)
        answer = self.client.post(f"{self.base}/{page}", data=sent)
        assert answer.status_code == 303, (page, said(answer.text))
        return str(answer.headers["Location"])

    def rows(self, page: str, name: str, rows: Iterable[dict[str, Any]], **typed: Any) -> str:
        """Fill a page with rows: press “Add” as often as needed, then type and save."""
        rows = list(rows)
        sent = shown(self.client.get(f"{self.base}/{page}").text)
        present = {key.split("-")[1] for key in sent if key.startswith(f"{name}-")}
        for _ in range(len(rows) - len(present)):
            sent["row"] = f"{name}-add"
            sent = shown(self.client.post(f"{self.base}/{page}", data=sent).text)
        for place, row in enumerate(rows):
            for key, value in row.items():
                sent[f"{name}-{place}-{key}"] = str(value)
        for key, value in typed.items():
            sent[key] = str(value)
        answer = self.client.post(f"{self.base}/{page}", data=sent)
        assert answer.status_code == 303, (page, said(answer.text))
        return str(answer.headers["Location"])


def said(page: str) -> str:
    """Return the error summary of a page, for the report of a failed test."""
    start = page.find("error-summary")
    return page[start : start + 1500]
