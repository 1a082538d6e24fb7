"""Marked sentences in the reader's language: rules in words, faults, changes; and the workspace's tabs.

Registered as filters and globals by the room's wiring, for pages and messages alike.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request, url_for

from compapp.contests.models import Contest
from compapp.contests.policy import ContestFacts
from compapp.contests.sayings import PlainRule
from compapp.contests.setup.words import FIELD_TYPES, ROUND_KINDS, SCHOOL_KINDS
from compapp.contests.tabs import Tab, groups_of, tab_of, tabs_for
from compapp.core.actor import current_actor
from compapp.web.filters import moment, number
from compapp.web.i18n import _, in_locale, localized, ngettext

_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
"""An exact figure as rules carry it (JSON keeps it as text)."""


def plain(rule: PlainRule | Mapping[str, Any]) -> str:
    """Return a rule in words (a :class:`PlainRule`, or its JSON from the record)."""
    piece = rule.as_json() if isinstance(rule, PlainRule) else rule
    params = {key: _value(value) for key, value in piece["params"].items()}
    one, many, count = piece["msgid"], piece.get("plural"), piece.get("count", 0)
    return ngettext(one, many, count, **params) if many else _(one, **params)


def plain_in(rule: PlainRule | Mapping[str, Any], locale: str) -> str:
    """Return a rule in words of a given language."""
    with in_locale(locale):
        return plain(rule)


def _word(words: Mapping[str, str], code: str) -> str:
    return _(words[code]) if code in words else code


_BRIEF: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "boards": lambda item: [
        _("up to %(most)s people", most=item["team_max"]) if item.get("team_max") else "",
        ", ".join(_word(SCHOOL_KINDS, kind) for kind in item.get("eligible_kinds") or ()),
    ],
    "rubrics": lambda item: [
        ngettext("%(num)d criterion", "%(num)d criteria", len(item["criteria"])),
        _("weights: %(total)s", total=f"{sum(one['weight'] for one in item['criteria']):g}"),
    ],
    "rounds": lambda item: [
        _word(ROUND_KINDS, item["kind"]),
        window({"opens": item["opens"]["at"], "closes": item["closes"]["at"]}),
    ],
    "questions": lambda item: [
        _word(FIELD_TYPES, item["type"]),
        _("required") if item.get("required") else "",
    ],
    "files": lambda item: [", ".join(item.get("formats") or ()), _("required") if item.get("required") is True else ""],
    "sponsors": lambda item: [localized(item.get("gives"))],
}


def in_brief(item: Mapping[str, Any], kind: str) -> str:
    """Return one line about a thing of the wizard's list ``kind``."""
    texts = _BRIEF[kind](item) if kind in _BRIEF else []
    return " · ".join(text for text in texts if text)


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_value(item)) for item in value)
    if isinstance(value, PlainRule):
        return plain(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Mapping):
        return plain(value) if "msgid" in value else localized(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return number(Decimal(value))
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def sentence(item: Any) -> str:
    """Return the sentence of anything with ``msgid`` and ``params`` (a fault, an error), or of such a pair."""
    msgid, params = item if isinstance(item, tuple) else (item.msgid, item.params)
    return _(msgid, **params)


def point_label(point: Any) -> str:
    """Return the label of a calendar point, or of its JSON in a change."""
    msgid, name = (point["msgid"], point["name"]) if isinstance(point, Mapping) else (point.msgid, point.name)
    return _(msgid, name=localized(name))


def window(value: Mapping[str, str | None]) -> str:
    """Return a window of the record (``opens`` and ``closes`` as ISO text) as words."""
    opens, closes = value.get("opens"), value.get("closes")
    if opens and closes:
        return _("%(opens)s to %(closes)s", opens=moment(opens), closes=moment(closes))
    return moment(opens or closes)


def workspace_tabs(contest: Contest) -> list[dict[str, Any]]:
    """Return the tabs of a contest's workspace for ``page.tabs``; a group's own tabs stand under ``inner``."""
    facts = ContestFacts(contest.id, contest.code, contest.state, contest.organiser_id)
    tabs = tabs_for(current_actor(), facts)
    here = tab_of(request.endpoint or "", tabs)
    return [_place(group, here, contest.code) for group in groups_of(tabs)]


def _place(group: list[Tab], here: Tab | None, code: str) -> dict[str, Any]:
    inner = [_entry(tab, tab.label, tab is here, code) for tab in group] if len(group) > 1 else []
    label = group[0].group if inner else group[0].label
    return _entry(group[0], label, here in group, code) | {"inner": inner}


def _entry(tab: Tab, label: str, current: bool, code: str) -> dict[str, Any]:
    return {"label": _(label), "url": url_for(tab.endpoint, code=code), "current": current}
