"""Moving a whole contest file to another launch day: clock times and offsets stay, ``day`` stays."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from compapp.contests.definition.times import iso_moment

_MOMENT_KEYS = {"submitted", "at", "published", "public_from", "offered", "expires", "answered", "starts", "uploaded"}
_MOMENT_KEYS |= {"arrived", "phase", "paused", "started", "ended", "opened", "closed"}
"""Keys under which a time may stand alone as text."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


def launch_day(document: Mapping[str, Any]) -> date:
    """Return the day on which the contest of this file is launched, in the file's own offset."""
    return iso_moment(document["contest"]["launch"]["at"]).date()


def shifted(document: Mapping[str, Any], launch: date) -> dict[str, Any]:
    """Return ``document`` with every time moved by the days from its launch day to ``launch``; nothing else changes."""
    days = launch - launch_day(document)
    moved: dict[str, Any] = _shift(document, days)
    return moved


def _shift(value: Any, days: timedelta) -> Any:
    if isinstance(value, list):
        return [_shift(item, days) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _shift_text(item, days)
        if key in _MOMENT_KEYS and isinstance(item, str)
        else item
        if key in ("answers", "content", "difference")
        else _shift(item, days)
        for key, item in value.items()
    }


def _shift_text(text: str, days: timedelta) -> str:
    """Return a time moved by whole days, written as it was: only the date's ten characters change."""
    if not _ISO.fullmatch(text):
        return text
    moved = (datetime.fromisoformat(text[:10]) + days).date()
    return moved.isoformat() + text[10:]
