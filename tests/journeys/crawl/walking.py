"""Walks along the links of the site as one account, a handful of pages of each kind, and takes pages apart."""

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.journeys.permissions.stages import Stage

MOST_PAGES = 250
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
UNSEEN = frozenset({"script", "style", "template", "textarea", "code", "pre"})
SPACE = re.compile(r"\s+")


@dataclass
class Page:
    """One answer: where it was found, its head, and for HTML what is in it."""

    path: str
    came_from: str
    status: int
    headers: dict[str, str]
    body: str
    language: str = ""
    title: str = ""
    headings: int = 0
    links: list[str] = field(default_factory=list)
    bare_forms: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def is_html(self) -> bool:
        """Whether a person sees this as a page."""
        return self.headers.get("Content-Type", "").startswith("text/html")


class _Reader(HTMLParser):
    """Collects links, forms, headings and visible text; what stands in another language is left out."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self._open: list[tuple[str, bool]] = []
        self._form: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.page.language = given.get("lang", "")
        if tag == "h1":
            self.page.headings += 1
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
        if tag == "form":
            self._form = given.get("action", self.page.path) if given.get("method", "").lower() == "post" else None
        if tag == "input" and given.get("name") == "csrf_token" and given.get("value"):
            self._form = None
        if tag not in VOID:
            foreign = given.get("lang", self.page.language) != self.page.language
            self._open.append((tag, tag in UNSEEN or foreign))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.page.bare_forms.append(self._form)
            self._form = None
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        text = SPACE.sub(" ", data).strip()
        if self._open and self._open[-1][0] == "title":
            self.page.title += text
        if text and not any(hidden for _tag, hidden in self._open):
            self.page.texts.append(text)


def read(path: str, came_from: str, answer: TestResponse) -> Page:
    """Take an answer apart and close it."""
    page = Page(
        path,
        came_from,
        answer.status_code,
        dict(answer.headers),
        answer.get_data(as_text=True) if _is_text(answer) else "",
    )
    answer.close()
    if page.is_html:
        _Reader(page).feed(page.body)
    return page


def _is_text(answer: TestResponse) -> bool:
    return (answer.mimetype or "").startswith("text/") or answer.mimetype == "application/json"


def walk(stage: Stage, client: FlaskClient, *, of_each_kind: int = 4, but: Container[str] = frozenset()) -> list[Page]:
    """Return the pages that links lead to from the home page, at most ``of_each_kind`` of each route.

    Routes in ``but`` are not asked for.
    """
    adapter = stage.app.url_map.bind("localhost")
    waiting, seen = [("/home", ""), ("/", "")], {"/home", "/"}
    pages: list[Page] = []
    kinds: Counter[str] = Counter()
    while waiting and len(pages) < MOST_PAGES:
        path, came_from = waiting.pop(0)
        try:
            endpoint, _arguments = adapter.match(urlsplit(path).path, "GET")
        except HTTPException:
            endpoint = f"no route: {path}"
        kinds[endpoint] += 1
        if endpoint == "static" or endpoint in but or kinds[endpoint] > of_each_kind:
            continue
        page = read(path, came_from, client.get(path))
        pages.append(page)
        following = [page.headers["Location"]] if 300 <= page.status < 400 else page.links
        for link in following:
            target = urldefrag(link)[0]
            if target.startswith("/") and not target.startswith("//") and target not in seen:
                seen.add(target)
                waiting.append((target, path))
    return pages
