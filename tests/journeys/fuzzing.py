"""Forms as a browser would send them, and what no browser would ever put into them."""

import html
import logging
import re
import traceback
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.journeys.crawl.walking import walk
from tests.journeys.permissions.stages import Stage

SVG = "<svg onload=alert(1)>"
NFD = unicodedata.normalize("NFD", "Vị ngọt nước nổi")
LONG = "ệ" * 22_000
"""About 64 kB in UTF-8."""
TEXTS = {
    "64 kB": LONG,
    "NUL": "a\x00b",
    "lone surrogate": b"a\xed\xa0\x80b",
    "no UTF-8": b"a\xff\xfe\xc3(b",
    "right-to-left override": "abc\u202egnp.exe",
    "NFD": NFD,
    "joined emoji": "👩🏽‍🌾👨‍👩‍👧",
    "template": "zq{{7*191}}zq${7*191}zq%(name)s%s{0}",
    "markup": f"\"'>{SVG}</textarea></script>&amp;",
    "line breaks": "a\r\nBcc: x@y.example\r\n\r\nb",
    "formula": '=HYPERLINK("http://x","y")',
    "negative": "-1",
    "not a number": "NaN",
    "infinite": "1e309",
    "comma": "1,5",
    "thousands": "1.234,5",
    "many digits": "9" * 5000,
    "year 0": "0000-00-00",
    "year 9999": "9999-12-31",
    "year 9999 at night": "31/12/9999 23:59",
    "year 1": "0001-01-01T00:00",
    "huge id": "99999999999999999999",
    "other digits": "²٣",
    "empty": "",
}
QUERIES = ("-1", "0", "1e9", "abc", "99999999999999999999", "9" * 5000, "a%00b", "%ff%fe", "%3Csvg+onload%3E", "")
RAW = (SVG, "zq1337zq")


@dataclass
class Input:
    """One field of a form: what it is called, of which kind it is, what stands in it."""

    name: str
    kind: str
    value: str
    options: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """Whether a person can type there what they like."""
        return self.kind in {"text", "textarea", "search"}


@dataclass
class Sheet:
    """A form found on a page."""

    page: str
    action: str
    method: str
    inputs: list[Input] = field(default_factory=list)

    def filled(self) -> dict[str, Any]:
        """Return what a patient person would send."""
        return {one.name: _plausible(one) for one in self.inputs}


def _plausible(one: Input) -> Any:
    if one.kind == "file":
        return (BytesIO(b"%PDF-1.4 nothing"), "a.pdf")
    if one.value:
        return one.value
    if one.options:
        return next((option for option in one.options if option), "")
    return {"email": "moi@demo.example", "number": "1", "date": "2026-11-25", "url": "https://x.example/y"}.get(
        one.kind, "Một dòng chữ"
    )


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.found: list[Sheet] = []
        self._open: Sheet | None = None
        self._named: dict[str, Sheet] = {}
        self._text: Input | None = None
        self._select: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Sheet(self.page, given.get("action") or self.page, given.get("method", "get").lower())
            self._named[given.get("id", "")] = self._open
            self.found.append(self._open)
        owner = self._named.get(given["form"]) if given.get("form") else self._open
        if owner is None:
            return
        if tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")
        if tag not in {"input", "textarea", "select", "button"} or not given.get("name"):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        made = Input(given["name"], kind, given.get("value", ""))
        known = next((one for one in owner.inputs if one.name == made.name), None)
        if known is None:
            owner.inputs.append(made)
        elif "checked" in given:
            known.value = made.value
        self._text = made if tag == "textarea" else None
        self._select = made if tag == "select" else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._text = None
        if tag == "select":
            self._select = None


def forms_on(page: str, body: str) -> list[Sheet]:
    """Return the forms of a page."""
    reader = _Forms(page)
    reader.feed(body)
    return reader.found


def forms_of(stage: Stage, client: FlaskClient, *, of_each_kind: int = 2) -> Iterator[Sheet]:
    """Yield one form of each route that the links of this account lead to."""
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    adapter = stage.app.url_map.bind("localhost")
    for page in walk(stage, client, of_each_kind=of_each_kind):
        if not page.is_html or page.status >= 300:
            continue
        for form in forms_on(page.path, page.body):
            try:
                endpoint = str(adapter.match(urlsplit(form.action).path, form.method.upper())[0])
            except HTTPException:
                endpoint = form.action
            key = (endpoint, form.method, tuple(sorted(re.sub(r"\d+", "", one.name) for one in form.inputs)))
            if key not in seen:
                seen.add(key)
                yield form


def send(client: FlaskClient, form: Sheet, values: dict[str, Any], **more: Any) -> TestResponse:
    """Send a form; a list sends a field several times, bytes go as they are."""
    if form.method != "post":
        return client.get(urlsplit(form.action).path, query_string=_plain(values))
    if any(isinstance(one, tuple) for one in values.values()):
        data = {name: _text(one) for name, one in values.items()}
        return client.post(form.action, data=data, content_type="multipart/form-data", **more)
    body = urlencode(list(_plain(values).items(multi=True)))
    headers = {"Referer": f"http://localhost{form.page}"}
    return client.post(
        form.action, data=body, content_type="application/x-www-form-urlencoded", headers=headers, **more
    )


def _plain(values: dict[str, Any]) -> "MultiDict[str, Any]":
    return MultiDict([(name, one) for name, given in values.items() for one in _several(given)])


def _several(given: Any) -> Sequence[Any]:
    return given if isinstance(given, list) else [given]


def _text(one: Any) -> Any:
    return one.decode("utf-8", "replace") if isinstance(one, bytes) else one


def says(body: str, text: str) -> bool:
    """Whether a page shows ``text`` (line breaks and outer spaces aside)."""
    there = " ".join(unicodedata.normalize("NFC", html.unescape(body)).split())
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "").split()) in there


class Faults:
    """Gathers what went wrong, each kind of fault once, with the traceback behind a 5xx."""

    def __init__(self, log: pytest.LogCaptureFixture) -> None:
        self.found: dict[str, str] = {}
        self._log = log
        log.set_level(logging.ERROR)

    def look_at(self, answer: TestResponse, what: str) -> str:
        """Return the text of an answer after noting a 5xx or an echo of markup in it."""
        shown = (answer.mimetype or "").startswith("text/html")
        body = answer.get_data(as_text=True) if shown else ""
        answer.close()
        if answer.status_code >= 500:
            self.found.setdefault(f"{answer.status_code} {self._cause()}", what)
        for raw in RAW:
            if raw in body:
                self.found.setdefault(f"{raw} echoed at {re.sub(r'[0-9]+', 'N', what)}", what)
        self._log.clear()
        return body

    def _cause(self) -> str:
        errors = [record.exc_info for record in self._log.records if record.exc_info and record.exc_info[0]]
        return "".join(traceback.format_exception(*errors[-1])[-3:])[-600:] if errors else ""

    def note(self, fault: str, what: str) -> None:
        """Note another fault."""
        self.found.setdefault(fault, what)

    def must_be_none(self) -> None:
        """Fail with all faults."""
        assert not self.found, "\n".join(f"{fault}\n    {what}" for fault, what in self.found.items())
