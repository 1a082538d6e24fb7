"""What an assignment starts from, and how it is read from JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray


class InstanceFault(ValueError):
    """An instance that cannot be used; the sentence begins with the JSON path."""


@dataclass(frozen=True, slots=True)
class EntryNeed:
    """An entry, its own institution, and how many judges it shall have."""

    code: str
    reviews: int
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class JudgeLoad:
    """A judge, the judge's institution, and the least and most entries to read."""

    code: str
    institution: str | None = None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """An assignment problem.

    ``affinity`` is entries × judges, 0 to 1. ``conflicts`` and ``fixed`` are
    pairs of codes. A judge never reads an entry of the judge's own
    institution; with ``one_per_institution`` no two judges of an entry come
    from the same one.
    """

    entries: tuple[EntryNeed, ...]
    judges: tuple[JudgeLoad, ...]
    affinity: Sequence[Sequence[float]] | NDArray[np.float64]
    conflicts: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    fixed: tuple[tuple[str, str], ...] = ()
    one_per_institution: bool = False

    def allows(self, entry: EntryNeed, judge: JudgeLoad) -> bool:
        """Whether the judge may read the entry at all."""
        if (entry.code, judge.code) in self.conflicts:
            return False
        return entry.institution is None or entry.institution != judge.institution


def read_instance(document: object) -> Instance:
    """Read the JSON of ``flask judging assign``; raises :class:`InstanceFault`."""
    top = _mapping(document, "$")
    reviews = _count(top["reviews"], "reviews") if "reviews" in top else None
    entries = tuple(
        _entry(_mapping(piece, f"entries[{at}]"), f"entries[{at}]", reviews)
        for at, piece in enumerate(_list(top, "entries"))
    )
    judges = tuple(
        _judge(_mapping(piece, f"judges[{at}]"), f"judges[{at}]") for at, piece in enumerate(_list(top, "judges"))
    )
    _refuse_doubles([entry.code for entry in entries], "entries")
    _refuse_doubles([judge.code for judge in judges], "judges")
    one = top.get("one_per_institution", False)
    if not isinstance(one, bool):
        raise InstanceFault("one_per_institution: expected true or false.")
    entry_codes, judge_codes = {entry.code for entry in entries}, {judge.code for judge in judges}
    instance = Instance(
        entries=entries,
        judges=judges,
        affinity=_affinity(_list(top, "affinity"), len(entries), len(judges)),
        conflicts=frozenset(_pairs(top, "conflicts", entry_codes, judge_codes)),
        fixed=tuple(_pairs(top, "fixed", entry_codes, judge_codes)),
        one_per_institution=one,
    )
    _check_fixed(instance)
    return instance


def _entry(piece: Mapping[str, Any], path: str, reviews: int | None) -> EntryNeed:
    own = _count(piece["reviews"], f"{path}.reviews") if piece.get("reviews") is not None else reviews
    if own is None:
        raise InstanceFault(f"{path}.reviews: missing, and the instance has no reviews either.")
    return EntryNeed(_code(piece, path), own, _institution(piece, path))


def _judge(piece: Mapping[str, Any], path: str) -> JudgeLoad:
    least = _count(piece["min"], f"{path}.min") if piece.get("min") is not None else 0
    most = _count(piece["max"], f"{path}.max") if piece.get("max") is not None else None
    if most is not None and most < least:
        raise InstanceFault(f"{path}.max: must not be below min.")
    return JudgeLoad(_code(piece, path), _institution(piece, path), least, most)


def _affinity(rows: Sequence[Any], entries: int, judges: int) -> list[list[float]]:
    if len(rows) != entries:
        raise InstanceFault(f"affinity: expected {entries} rows, one per entry, found {len(rows)}.")
    read: list[list[float]] = []
    for at, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != judges:
            raise InstanceFault(f"affinity[{at}]: expected {judges} numbers, one per judge.")
        for column, value in enumerate(row):
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not isfinite(value) or not 0 <= value <= 1:
                raise InstanceFault(f"affinity[{at}][{column}]: expected a number from 0 to 1.")
        read.append([float(value) for value in row])
    return read


def _pairs(top: Mapping[str, Any], key: str, entries: set[str], judges: set[str]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for at, pair in enumerate(_list(top, key, optional=True)):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(code, str) for code in pair):
            raise InstanceFault(f"{key}[{at}]: expected an entry and a judge.")
        if pair[0] not in entries:
            raise InstanceFault(f"{key}[{at}]: there is no entry {pair[0]!r}.")
        if pair[1] not in judges:
            raise InstanceFault(f"{key}[{at}]: there is no judge {pair[1]!r}.")
        pairs.append((pair[0], pair[1]))
    return list(dict.fromkeys(pairs))


def _check_fixed(instance: Instance) -> None:
    """Refuse fixed pairs that break a rule: no assignment could keep both."""
    entries = {entry.code: entry for entry in instance.entries}
    judges = {judge.code: judge for judge in instance.judges}
    of_entry: Counter[str] = Counter()
    of_judge: Counter[str] = Counter()
    institutions: set[tuple[str, str]] = set()
    for at, (entry_code, judge_code) in enumerate(instance.fixed):
        path, entry, judge = f"fixed[{at}]", entries[entry_code], judges[judge_code]
        of_entry[entry_code] += 1
        of_judge[judge_code] += 1
        if not instance.allows(entry, judge):
            raise InstanceFault(f"{path}: judge {judge_code} has a conflict with entry {entry_code}.")
        if of_entry[entry_code] > entry.reviews:
            raise InstanceFault(f"{path}: entry {entry_code} has more fixed judges than reviews.")
        if judge.most is not None and of_judge[judge_code] > judge.most:
            raise InstanceFault(f"{path}: judge {judge_code} has more fixed entries than max.")
        if instance.one_per_institution and judge.institution is not None:
            if (entry_code, judge.institution) in institutions:
                raise InstanceFault(f"{path}: entry {entry_code} would have two judges of {judge.institution}.")
            institutions.add((entry_code, judge.institution))


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InstanceFault(f"{path}: expected an object.")
    return value


def _list(top: Mapping[str, Any], key: str, *, optional: bool = False) -> list[Any]:
    value = top.get(key, [] if optional else None)
    if value is None and optional:
        return []
    if not isinstance(value, list):
        raise InstanceFault(f"{key}: expected a list.")
    return value


def _code(piece: Mapping[str, Any], path: str) -> str:
    code = piece.get("id")
    if not isinstance(code, str) or not code:
        raise InstanceFault(f"{path}.id: expected a text.")
    return code


def _institution(piece: Mapping[str, Any], path: str) -> str | None:
    institution = piece.get("institution")
    if institution is not None and not isinstance(institution, str):
        raise InstanceFault(f"{path}.institution: expected a text.")
    return institution or None


def _count(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InstanceFault(f"{path}: expected a whole number, 0 or more.")
    return value


def _refuse_doubles(codes: Sequence[str], path: str) -> None:
    seen: set[str] = set()
    for at, code in enumerate(codes):
        if code in seen:
            raise InstanceFault(f"{path}[{at}].id: {code!r} occurs twice.")
        seen.add(code)
