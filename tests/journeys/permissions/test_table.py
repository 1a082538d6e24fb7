"""Every route asked as every account in four phases; what comes back must be what the table says.

Forms are sent empty: whether somebody is let in is measured, not what they wrote. Whatever was refused must have
left the database as it was.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.journeys.permissions.building import BUILT
from tests.journeys.permissions.names import FIXED, NOBODY, QUESTIONS
from tests.journeys.permissions.reading import NAME, Row, rows
from tests.journeys.permissions.stages import ACCOUNTS, Stage

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

StageOf = Callable[[str], Stage]


def _names(stage: Stage) -> dict[str, str | None]:
    return {**FIXED, **{name: stage.one(question) for name, question in QUESTIONS.items()}}


def _letter(status: int, location: str) -> str:
    """Return the table's letter for an answer; an exclamation mark for what must never come (5xx and the like)."""
    if status == 401 or (300 <= status < 400 and location.startswith("/sign-in?")):
        return "s"
    if 200 <= status < 400 or status in {409, 422}:
        return "y"
    return {403: "f", 404: "n"}.get(status, "!")


def _ask(stage: Stage, row: Row, address: str) -> tuple[str, list[str]]:
    """Ask as every account; return the letters, and what went wrong beside them."""
    letters, wrong = [], []
    for account in ACCOUNTS:
        client = stage.client(account)
        answer = client.open(address, method=row.method, data={} if row.method == "POST" else None)
        letter = _letter(answer.status_code, answer.headers.get("Location", ""))
        answer.close()
        letters.append(letter)
        if stage.has_changed():
            if answer.status_code >= 400:
                wrong.append(f"{row.place} [{stage.phase}] {row.method} {row.address}: {account} changed something")
            stage.put_back()
    return "".join(letters), wrong


def _spaced(letters: str) -> str:
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


@pytest.mark.parametrize("phase", BUILT)
def test_everybody_is_let_in_where_the_table_says(stage_of: StageOf, phase: str) -> None:
    stage = stage_of(phase)
    names = _names(stage)
    wrong: list[str] = []
    for row in rows():
        if phase not in row.phases:
            continue
        missing = [name for name in row.names() if names[name] is None]
        if missing:
            wrong.append(f"{row.place} [{phase}]: nothing is called {missing}")
            continue
        found, changes = _ask(stage, row, NAME.sub(lambda match: str(names[match[1]]), row.address))
        wrong += changes
        if found != row.letters:
            people = [
                f"{account} {expected}→{got}"
                for account, expected, got in zip(ACCOUNTS, row.letters, found, strict=False)
                if expected != got
            ]
            wrong.append(f"{row.place} [{phase}] {row.method} {row.address}: {', '.join(people)}")
    assert not wrong, "\n" + "\n".join(wrong)


def _rule_of(app: Flask, row: Row) -> Rule | None:
    address = NAME.sub(NOBODY, row.address)
    try:
        rule, _arguments = app.url_map.bind("localhost").match(address, row.method, return_rule=True)
    except HTTPException:
        return None
    return rule


def test_every_route_stands_in_the_table_and_every_line_is_a_route(stage_of: StageOf) -> None:
    app = stage_of("entry").app
    asked: set[tuple[str, str]] = set()
    strays = []
    for row in rows():
        rule = _rule_of(app, row)
        if rule is None:
            strays.append(f"{row.place}: {row.method} {row.address} is no route")
        else:
            asked.add((row.method, rule.rule))
    known = {
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & {"GET", "POST"}
    }
    missing = [f"{method} {rule} stands in no line of the table" for method, rule in sorted(known - asked)]
    assert not strays + missing, "\n" + "\n".join(strays + missing)


def test_the_table_says_nothing_twice() -> None:
    seen: dict[tuple[str, str, str], str] = {}
    twice = []
    for row in rows():
        for phase in row.phases:
            before = seen.setdefault((phase, row.method, row.address), row.place)
            if before != row.place:
                twice.append(f"{row.place} repeats {before}")
    assert not twice, "\n".join(twice)
