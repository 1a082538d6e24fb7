"""Rules of the routes: an access rule on each, tidy addresses, no form without its token."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from compapp.web.security import csrf

pytestmark = pytest.mark.one_database

STATIC = "static"
PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WITHOUT_TOKEN: set[str] = {"compapp.notifications.views.unsubscribe", "compapp.web.views.set_language"}
"""Views that take a POST without a CSRF token: one click in a mail program (RFC 8058), and the choice of a
language, whose form stands on pages that are the same for every visitor."""


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != STATIC]


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    silent = [rule.rule for rule in _rules(app) if not hasattr(app.view_functions[rule.endpoint], "access")]
    assert silent == []


def test_a_policy_is_public_or_a_predicate(app: Flask) -> None:
    odd = [
        rule.rule
        for rule in _rules(app)
        if (access := getattr(app.view_functions[rule.endpoint], "access", None)) != "public" and not callable(access)
    ]
    assert odd == []


def _takes(function: Callable[..., Any], *given: str, **named: str) -> bool:
    try:
        inspect.signature(function).bind(*given, **named)
    except TypeError:
        return False
    return True


def test_views_loaders_and_policies_take_what_a_route_gives_them(app: Flask) -> None:
    """A facts loader gets the actor and the parts of the address by name; a policy the actor, and the facts."""
    faults = []
    for rule in _rules(app):
        view = app.view_functions[rule.endpoint]
        parts = dict.fromkeys(rule.arguments, "") | dict(rule.defaults or {})
        loader, access = getattr(view, "facts_loader", None), getattr(view, "access", None)
        if not _takes(view, **parts):
            faults.append(f"{rule.rule}: the view does not take {sorted(parts)}")
        if loader is not None and not _takes(loader, "actor", **parts):
            faults.append(f"{rule.rule}: {loader.__qualname__} does not take {sorted(parts)}")
        if callable(access) and not _takes(access, *(("actor",) if loader is None else ("actor", "facts"))):
            faults.append(
                f"{rule.rule}: {access.__qualname__} does not take {'the actor' if loader is None else 'facts'}"
            )
    assert faults == []


def test_addresses_are_written_in_kebab_case(app: Flask) -> None:
    wrong = []
    for rule in _rules(app):
        bare = re.sub(r"<[^>]*>", "", rule.rule)
        parts = [piece for part in bare.split("/") for piece in re.split(r"[.~@]", part) if piece]
        if not all(PART.fullmatch(part.strip("-")) for part in parts):
            wrong.append(rule.rule)
    assert wrong == []


def test_addresses_do_not_end_in_a_slash(app: Flask) -> None:
    assert [rule.rule for rule in _rules(app) if rule.rule.endswith("/") and rule.rule != "/"] == []


def test_every_form_is_checked_for_its_token() -> None:
    assert set(csrf._exempt_views) - WITHOUT_TOKEN == set()
    assert csrf._exempt_blueprints == set()


def test_views_live_in_views_or_interfaces(app: Flask) -> None:
    strays = []
    for rule in _rules(app):
        module = inspect.unwrap(app.view_functions[rule.endpoint]).__module__
        if not re.fullmatch(r"compapp\.\w+\.(views|api)(\.\w+)*", module):
            strays.append(f"{rule.rule} in {module}")
    assert strays == []
