"""The two sides of a placement, and how they are read from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

Merit = tuple[int, Fraction]
"""Which merit round the figure is of (0 first), and the figure, higher being better."""


class MarketFault(ValueError):
    """A market that cannot be matched; the sentence begins with the JSON path."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its incubators, most wanted first; ``merit`` None ranks last."""

    code: str
    preferences: tuple[str, ...]
    merit: Merit | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Incubator:
    """An incubator with its free places.

    ``preferences`` is its own ranking: only listed teams are acceptable; None
    ranks by merit. ``sectors``: only these are acceptable; None takes all.
    ``reserved``: places that teams of a sector fill first; those they leave
    are open to all.
    """

    code: str
    places: int
    preferences: tuple[str, ...] | None = None
    sectors: frozenset[str] | None = None
    reserved: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Market:
    """Teams and incubators, codes unique on each side."""

    teams: tuple[Team, ...]
    incubators: tuple[Incubator, ...]


def read_market(document: object) -> Market:
    """Read the JSON of ``flask placement match``; raises :class:`MarketFault`."""
    top = _mapping(document, "$")
    teams = tuple(_team(piece, f"teams[{at}]") for at, piece in enumerate(_list(top, "teams", "teams")))
    incubators = tuple(
        _incubator(piece, f"incubators[{at}]") for at, piece in enumerate(_list(top, "incubators", "incubators"))
    )
    market = Market(teams, incubators)
    check_market(market)
    return market


def check_market(market: Market) -> None:
    """Refuse doubled codes, unknown codes and impossible reservations."""
    _refuse_doubles([team.code for team in market.teams], "teams", ".id")
    _refuse_doubles([incubator.code for incubator in market.incubators], "incubators", ".id")
    teams = {team.code for team in market.teams}
    incubators = {incubator.code for incubator in market.incubators}
    for at, team in enumerate(market.teams):
        _check_codes(team.preferences, incubators, f"teams[{at}].prefs", "incubator")
    for at, incubator in enumerate(market.incubators):
        if incubator.preferences is not None:
            _check_codes(incubator.preferences, teams, f"incubators[{at}].prefs", "team")
        if sum(incubator.reserved.values()) > incubator.places:
            raise MarketFault(f"incubators[{at}].reserved: more reserved places than places.")
        for sector in incubator.reserved:
            if incubator.sectors is not None and sector not in incubator.sectors:
                raise MarketFault(f"incubators[{at}].reserved.{sector}: not one of the incubator's sectors.")


def _team(value: object, path: str) -> Team:
    piece = _mapping(value, path)
    score = piece.get("score")
    return Team(
        code=_text(piece.get("id"), f"{path}.id"),
        preferences=_texts(piece, "prefs", path),
        merit=None if score is None else (0, _score(score, f"{path}.score")),
        sector=None if piece.get("sector") is None else _text(piece["sector"], f"{path}.sector"),
    )


def _incubator(value: object, path: str) -> Incubator:
    piece = _mapping(value, path)
    reserved = _mapping(piece.get("reserved") or {}, f"{path}.reserved")
    return Incubator(
        code=_text(piece.get("id"), f"{path}.id"),
        places=_count(piece.get("places"), f"{path}.places"),
        preferences=_texts(piece, "prefs", path) if piece.get("prefs") is not None else None,
        sectors=frozenset(_texts(piece, "sectors", path)) if piece.get("sectors") is not None else None,
        reserved={sector: _count(places, f"{path}.reserved.{sector}") for sector, places in reserved.items()},
    )


def _score(value: object, path: str) -> Fraction:
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise MarketFault(f"{path}: {value!r} is not a number.") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise MarketFault(f"{path}: expected a number.")
    return Fraction(Decimal(str(value)))


def _check_codes(codes: Sequence[str], known: set[str], path: str, kind: str) -> None:
    _refuse_doubles(codes, path, "")
    for at, code in enumerate(codes):
        if code not in known:
            raise MarketFault(f"{path}[{at}]: there is no {kind} {code!r}.")


def _refuse_doubles(codes: Sequence[str], path: str, tail: str) -> None:
    seen: set[str] = set()
    for at, code in enumerate(codes):
        if code in seen:
            raise MarketFault(f"{path}[{at}]{tail}: {code!r} occurs twice.")
        seen.add(code)


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MarketFault(f"{path}: expected an object.")
    return value


def _list(top: Mapping[str, Any], key: str, path: str) -> list[Any]:
    value = top.get(key)
    if not isinstance(value, list):
        raise MarketFault(f"{path}: expected a list.")
    return value


def _texts(piece: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
    values = _list(piece, key, f"{path}.{key}")
    return tuple(_text(value, f"{path}.{key}[{at}]") for at, value in enumerate(values))


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise MarketFault(f"{path}: expected a text.")
    return value


def _count(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MarketFault(f"{path}: expected a whole number, 0 or more.")
    return value
