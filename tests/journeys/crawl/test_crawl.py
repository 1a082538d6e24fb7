"""Walks as every account in both languages: whole pages, safe heads, no leak, nothing untranslated."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import compapp
from tests.journeys.crawl.walking import Page, walk
from tests.journeys.permissions.stages import ACCOUNTS, VISITOR, Stage

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

StageOf = Callable[[str], Stage]
HEADS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
WITHOUT_TOKEN = ("/language", "/unsubscribe")
"""The choice of a language and the one click of a mail program carry no token (tests/house/test_routes.py)."""
TOKENS = re.compile(r'(name="csrf_token" value|csrf-token" content|name="(back|here)" value|back=)[="]*[^"&]*')
SAME_IN_BOTH = re.compile(r"[\W\d_]*|.{1,3}")


@cache
def _catalogue() -> dict[str, str]:
    """Return English → Vietnamese for every text without a placeholder that differs between them."""
    found: dict[str, str] = {}
    for path in (Path(compapp.__file__).parent / "translations" / "vi").rglob("*.po"):
        with path.open("rb") as opened:
            for message in read_po(opened):
                if not isinstance(message.id, str) or not message.string or "%(" in message.id:
                    continue
                if message.id != message.string and not SAME_IN_BOTH.fullmatch(message.id):
                    found[" ".join(message.id.split())] = " ".join(str(message.string).split())
    return found


def _faults(page: Page, account: str, language: str) -> list[str]:
    """Return what is wrong with a page, a word each."""
    faults = []
    if page.status >= 400:
        faults.append(f"answers {page.status} (link on {page.came_from or 'no page'})")
    faults += [f"head {name}" for name, value in HEADS.items() if page.headers.get(name) != value]
    if not re.search(r"frame-ancestors 'none'|default-src 'none'", page.headers.get("Content-Security-Policy", "")):
        faults.append("no policy for content")
    if account != VISITOR and page.headers.get("Cache-Control") != "private, no-store":
        faults.append("may be stored")
    if not page.is_html or page.status >= 300:
        return faults
    faults += [f"form without token to {action}" for action in page.bare_forms if not action.startswith(WITHOUT_TOKEN)]
    if page.language != language:
        faults.append(f"lang={page.language!r}")
    if page.headings != 1:
        faults.append(f"{page.headings} h1")
    if not page.title:
        faults.append("no title")
    return faults + _strange_words(page, language)


def _strange_words(page: Page, language: str) -> list[str]:
    english = _catalogue()
    if language == "vi":
        return [f"English: {text!r}" for text in page.texts if text in english]
    if page.path.startswith("/inbox"):
        return []  # messages keep the language in which they arrived
    vietnamese = {there for there in english.values() if not there.isascii()} - set(english)
    return [f"Vietnamese: {text!r}" for text in page.texts if text in vietnamese]


def _speak(stage: Stage, language: str) -> None:
    stage.execute(f"UPDATE person SET locale = '{language}'")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("phase", ["scoring", "incubation"])
def test_every_page_is_whole(stage_of: StageOf, phase: str, language: str) -> None:
    stage = stage_of(phase)
    stage.app.config["WTF_CSRF_ENABLED"] = True
    _speak(stage, language)
    wrong: dict[str, list[str]] = {}
    for account in ACCOUNTS:
        for page in walk(stage, stage.client(account, language), of_each_kind=3 if language == "vi" else 1):
            for fault in _faults(page, account, language):
                wrong.setdefault(f"{page.path}: {fault}", []).append(account)
    assert not wrong, "\n" + "\n".join(f"{fault} [{', '.join(who)}]" for fault, who in sorted(wrong.items()))


@pytest.mark.parametrize("account", ["judge", "chair", "judge2"])
def test_no_judge_meets_a_team(stage_of: StageOf, account: str) -> None:
    stage = stage_of("scoring")
    names = set(stage.column("SELECT DISTINCT name FROM team_member"))
    names -= set(stage.column("SELECT p.name FROM seat s JOIN person p ON p.id = s.person_id"))
    addresses = stage.column("SELECT p.email FROM team_member t JOIN person p ON p.id = t.person_id")
    schools = stage.column(
        "SELECT DISTINCT o.name_vi FROM entry e JOIN organisation o ON o.id = e.institution_id"
    ) + stage.column("SELECT DISTINCT o.name_en FROM entry e JOIN organisation o ON o.id = e.institution_id")
    files = stage.column("SELECT DISTINCT file_name FROM attachment WHERE file_name <> ''")
    pages = walk(stage, stage.client(account), of_each_kind=30)
    assert any(page.path.startswith("/sheets/") for page in pages)
    found = []
    for page in pages:
        if page.path == "/inbox/preferences":
            continue  # made-up examples of messages stand there, with made-up names
        # A school is named on public pages as host, and on a judge's seat as the judge's own.
        blind = page.path.startswith(("/desk", "/sheets")) or re.search(
            r"/(standings|shortlist|pitch|feedback)", page.path
        )
        hidden = {*names, *addresses, *((*schools, *files) if blind else ())}
        found += [f"{page.path} says {mark!r}" for mark in hidden if len(mark) > 6 and mark in page.body]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("account", ["judge", "chair", "judge2"])
def test_hidden_fields_neither_filter_nor_sort(stage_of: StageOf, account: str) -> None:
    """T-FILTER: what a judge may not see changes no list that a judge sees."""
    stage = stage_of("scoring")
    lead = stage.one("SELECT name FROM team_member WHERE role = 'lead'")
    client = stage.client(account)
    questions = [
        {"q": lead, "search": lead, "name": lead, "team": lead, "member": lead},
        {"institution": "1", "school": "1", "institution_id": "1", "sector": "no", "state": "draft", "club": "1"},
        {"sort": "institution", "order": "desc", "by": "lead", "direction": "desc", "sort_by": "team"},
    ]
    differing = []
    for page in walk(stage, client, of_each_kind=2):
        is_list = page.path.startswith(("/desk", "/sheets", "/contests/")) and "?" not in page.path
        if not is_list or not page.is_html or page.status != 200:
            continue
        plain = _comparable(client.get(page.path).text)
        for question in questions:
            asked = client.get(page.path, query_string=question)
            if asked.status_code != 200 or _comparable(asked.text) != plain:
                differing.append(f"{page.path} {question}")
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize("phase", ["scoring", "incubation"])
def test_the_chairs_record_finds_nobody_on_a_team(stage_of: StageOf, phase: str) -> None:
    """The chair narrows the record by who did something: the name of a team's lead finds no deed, whoever knows it."""
    stage = stage_of(phase)
    contest = "JOIN entry e ON e.id = t.entry_id JOIN contest c ON c.id = e.contest_id AND c.code = 'VL-KNST-2026'"
    leads = stage.column(f"SELECT DISTINCT t.name FROM team_member t {contest} WHERE t.role = 'lead'")
    record, chair = "/contests/VL-KNST-2026/manage/audit", stage.client("chair")
    assert "<table" in chair.get(record).text and len(leads) > 6
    asked = {name: chair.get(record, query_string={"who": name}) for name in leads}
    assert {answer.status_code for answer in asked.values()} == {200}
    assert not [name for name, answer in asked.items() if "<table" in answer.text]
    known = [
        name for name in leads if "<table" in stage.client("organiser").get(record, query_string={"who": name}).text
    ]
    assert known, "the organiser finds what leads have done"


def _comparable(body: str) -> str:
    """Return a page without tokens and without the address that it repeats in its language form and links."""
    return re.sub(r"\?[^\"'\s]*", "", TOKENS.sub("", body))


@pytest.mark.parametrize("phase", ["published", "incubation"])
def test_a_visitor_never_reads_a_minors_name(stage_of: StageOf, phase: str) -> None:
    stage = stage_of(phase)
    born_after = stage.today.replace(year=stage.today.year - 18).isoformat()
    minors = stage.column(f"SELECT name FROM team_member WHERE born > '{born_after}'")
    adults = set(stage.column(f"SELECT name FROM team_member WHERE born <= '{born_after}'"))
    assert minors
    pages = walk(stage, stage.client(VISITOR), of_each_kind=40)
    assert any(page.path.startswith("/results/") and page.status == 200 for page in pages)
    hidden = set(minors) - adults
    found = [f"{page.path} names {name}" for page in pages for name in hidden if name in page.body]
    assert not found, "\n".join(found)
