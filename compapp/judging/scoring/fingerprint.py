"""The fingerprint of what standings were computed from, and the seal of what was published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from compapp.judging.scoring.model import (
    RUBRIC_MODE,
    ChairDecision,
    Comparison,
    Entrant,
    Point,
    RoundSheets,
    Rule,
    Sheet,
)

_KNOWN_TO_JSON = frozenset({str, int, bool})
_SAYS_NOTHING: tuple[tuple[str, Any], ...] = (
    ("mode", RUBRIC_MODE),
    ("options", {}),
    ("screens", False),
    ("passes", None),
    ("waived", ()),
    ("sector", None),
    ("per_sector", False),
)
"""Fields that came later, with the value that means what was always meant: older fingerprints stay as they are."""


def inputs_hash(
    sheets: Iterable[Sheet],
    rule: Rule,
    entrants: Mapping[str, Entrant],
    *,
    points: Sequence[Point] = (),
    decisions: Sequence[ChairDecision] = (),
    comparisons: Sequence[Comparison] = (),
    earlier: Mapping[str, RoundSheets] | None = None,
) -> str:
    """Return the SHA-256 (hex) of a canonical JSON of everything that decides standings.

    Independent of the order of sheets and entrants; equal inputs, equal hash.
    """
    carried = {code: other for code, other in (earlier or {}).items() if code in rule.carry}
    text = _object(
        rule=_text(rule),
        sheets=_list(sheets),
        entrants=_object(**{code: _said(one) for code, one in entrants.items()}),
        points=_text(sorted(points, key=lambda point: (point.entry, point.code, point.value))),
        decisions=_text(decisions),
        **({"comparisons": _text(sorted(map(_as_text, comparisons)))} if comparisons else {}),
        earlier=_object(**{code: _round(other) for code, other in carried.items()}),
    )
    return sha256(text.encode()).hexdigest()


def _round(other: RoundSheets) -> str:
    return _object(rule=_text(other.rule), sheets=_list(other.sheets), points=_text(other.points))


def _as_text(one: Comparison) -> list[str]:
    return [one.judge, one.left, one.right, one.winner or ""]


def _object(**parts: str) -> str:
    """Return a JSON object of texts that are JSON already, as ``json.dumps`` with sorted keys writes it."""
    return "{" + ",".join(f"{_text(key)}:{parts[key]}" for key in sorted(parts)) + "}"


def _list(sheets: Iterable[Sheet]) -> str:
    ordered = sorted(sheets, key=lambda sheet: (sheet.entry, sheet.judge))
    return "[" + ",".join(map(_said, ordered)) + "]"


def _text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=16_384)
def _said(one: Sheet | Entrant) -> str:
    """Return what a sheet or an entrant says; most are the same whenever a round is reckoned anew."""
    return _text(one)


def _plain(value: Any) -> Any:
    """Reduce frozen values to what JSON knows; fractions as "n/d"."""
    if value is None or type(value) in _KNOWN_TO_JSON:
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        parts = ((name, getattr(value, name)) for name in _names(value.__class__))
        return {name: _plain(item) for name, item in parts if (name, item) not in _SAYS_NOTHING}
    return value


def seal(content: Mapping[str, Any], *, number: int, inputs_hash: str, previous: str) -> str:
    """Return the SHA-256 of a content with its number, its inputs and the seal before it."""
    sealed = {"content": content, "number": number, "inputs": inputs_hash, "previous": previous}
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))
