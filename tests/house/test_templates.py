"""Rules of the templates: each is shown by a view, stays small, and holds no script or style of its own."""

import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from compapp.core.messages import kinds
from tests.house.source import modules, template_text, templates

pytestmark = pytest.mark.one_database

LONGEST_TEMPLATE = 200
SHARED = {"_macros", "errors", "messages"}
MESSAGE_PARTS = {"subject.txt", "body.txt", "body.html"}
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<script\b(?![^>]*\bsrc=)(?![^>]*type="application/(?:ld\+)?json")""",
    re.IGNORECASE,
)
NAMED = re.compile(r"""["']([\w/.-]+\.(?:html|txt|xml))["']""")


def _pages() -> list[Path]:
    return [path for path in templates() if path.parts[0] not in SHARED and path.name != "base.html"]


@cache
def _named() -> set[str]:
    """Every template that the code or another template names."""
    code = {name for module in modules() for name in NAMED.findall(module.text)}
    return code | {name for path in templates() for name in NAMED.findall(template_text(path)) if name != str(path)}


def test_every_template_is_shown_by_a_view(app: Flask) -> None:
    views = {endpoint.replace(".", "/") for endpoint in app.view_functions}
    orphans = [str(path) for path in _pages() if str(path) not in _named() and str(path.with_suffix("")) not in views]
    assert orphans == []


def test_every_template_that_is_named_exists() -> None:
    known = {str(path) for path in templates()}
    folders = {path.parts[0] for path in templates() if len(path.parts) > 1}
    wanted = {name for name in _named() if name.split("/")[0] in folders and "/" in name}
    assert wanted - known == set()


@pytest.mark.parametrize("path", templates(), ids=str)
def test_template_stays_within_its_budget(path: Path) -> None:
    assert template_text(path).count("\n") <= LONGEST_TEMPLATE


def test_no_template_holds_script_or_style() -> None:
    """The content security policy would refuse them; only mail needs its style beside the text."""
    found = [
        f"{path}: {match[0]}"
        for path in templates()
        if path.parts[0] != "messages" and path.suffix == ".html"
        for match in [INLINE.search(re.sub(r"\{#.*?#\}", "", template_text(path), flags=re.DOTALL))]
        if match
    ]
    assert found == []


def test_no_template_switches_escaping_off() -> None:
    found = [
        f"{path}:{number}"
        for path in templates()
        for number, line in enumerate(template_text(path).splitlines(), 1)
        if re.search(r"\|\s*safe\b|autoescape\s+false", line)
    ]
    assert found == []


def test_every_template_compiles(app: Flask) -> None:
    for path in templates():
        app.jinja_env.get_template(str(path))


def test_every_message_has_its_three_parts() -> None:
    folders: dict[str, set[str]] = {}
    for path in templates():
        if path.parts[0] == "messages" and len(path.parts) == 3 and not path.parts[1].startswith("_"):
            folders.setdefault(path.parts[1], set()).add(path.name)
    assert {name: MESSAGE_PARTS - parts for name, parts in folders.items() if MESSAGE_PARTS - parts} == {}


def test_every_message_is_declared_by_the_function_that_posts_it(app: Flask) -> None:
    folders = {path.parts[1] for path in templates() if path.parts[0] == "messages" and len(path.parts) == 3}
    assert folders == set(kinds())
