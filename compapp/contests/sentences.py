"""Marked sentences in the reader's language: rules in words, faults, changes; and the workspace's tabs.

Registered as filters and globals by the room's wiring, for pages and messages alike.
"""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from compapp.contests.models import Contest
from compapp.contests.plain import PlainRule
from compapp.contests.policy import ContestFacts
from compapp.contests.tabs import Tab, groups_of, tab_of, tabs_for
from compapp.core.actor import current_actor
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext


def plain(rule: PlainRule | Mapping[str, Any]) -> str:
    """Return a rule in words (a :class:`PlainRule`, or its JSON from the record)."""
    piece = rule.as_json() if isinstance(rule, PlainRule) else rule
    params = {key: _value(value) for key, value in piece["params"].items()}
    one, many, count = piece["msgid"], piece.get("plural"), piece.get("count", 0)
    return ngettext(one, many, count, **params) if many else _(one, **params)


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_value(item)) for item in value)
    if isinstance(value, Mapping):
        return plain(value) if "msgid" in value else localized(value)
    return value


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
