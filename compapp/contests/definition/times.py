"""Texts in two languages, moments and durations as the contest file writes them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from compapp.core.clock import ZONE

Text = Mapping[str, str]
"""A text in both languages: ``{"vi": …, "en": …}``."""

Json = Mapping[str, Any]

_DURATION = re.compile(r"(\d{1,4})([dh])")


class HasDefinition(Protocol):
    """A row that keeps its JSON of the contest file."""

    @property
    def definition(self) -> dict[str, Any]:
        """Return the JSON."""
        ...


def text_of(value: object, fallback: str = "") -> Text:
    """Return a two-language text; a plain string (or ``fallback``) stands in both languages."""
    if isinstance(value, Mapping):
        return {key: str(text) for key, text in value.items()}
    plain = value if isinstance(value, str) else fallback
    return {"vi": plain, "en": plain}


def iso_moment(text: str) -> datetime:
    """Return the moment of an ISO 8601 text, aware; a bare date is its midnight in Vietnam.

    Raises ValueError for anything else.
    """
    read = datetime.fromisoformat(text)
    return read if read.tzinfo is not None else read.replace(tzinfo=ZONE)


def moment(value: object) -> datetime | None:
    """Return the moment (UTC) of ``{"at": …, "day": …}`` or of the ISO text itself; None for nothing."""
    text = value.get("at") if isinstance(value, Mapping) else value
    return iso_moment(text).astimezone(UTC) if isinstance(text, str) else None


def moved_moment(value: object, at: datetime, launch: date) -> dict[str, Any]:
    """Return the file's form of a moment that was changed to ``at``, in the old one's offset.

    ``day`` counts the days since ``launch`` and stays absent where it was absent.
    """
    old = value.get("at") if isinstance(value, Mapping) else value
    zone = iso_moment(old).tzinfo if isinstance(old, str) else ZONE
    there = at.astimezone(zone)
    moved: dict[str, Any] = {"at": there.isoformat()}
    if not isinstance(value, Mapping) or "day" in value:
        moved["day"] = (there.date() - launch).days
    return moved


def duration(text: str) -> timedelta:
    """Return the length of ``14d``, ``24h`` or ``3h``; ValueError for anything else."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a duration: {text!r}")
    amount = int(match[1])
    return timedelta(days=amount) if match[2] == "d" else timedelta(hours=amount)
