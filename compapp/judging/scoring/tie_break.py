"""Ties: the chain of steps, each splitting only what is still tied.

Contest file, "Ranks": exact unrounded values; ``criterion_mean`` is skipped
for a group in which any entry has a total-only sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from compapp.judging.scoring.explanation import TieStepTaken
from compapp.judging.scoring.model import (
    CHAIR_DECISION,
    CRITERION_MEAN,
    EARLIER_SUBMISSION,
    LOWER_SPREAD,
    ChairDecision,
    TieStep,
)
from compapp.judging.scoring.tally import Tally


@dataclass(slots=True)
class Contender:
    """An entry in a tie: what the steps may look at, and what they did."""

    code: str
    tally: Tally
    submitted: datetime | None = None
    decided_by: str | None = None
    steps: list[TieStepTaken] = field(default_factory=list)
    sector: str | None = None


Key = Fraction | datetime | int
Keys = list[Fraction] | list[datetime] | list[int]
"""A smaller key is better."""


def split_tie(
    group: Sequence[Contender],
    chain: Sequence[TieStep],
    decisions: Sequence[ChairDecision] = (),
) -> list[list[Contender]]:
    """Split a tied group into classes, best first; a class of several stays tied.

    Writes on each contender the last step that decided a group it was in, and
    every step tried.
    """
    if len(group) < 2 or not chain:
        return [sorted(group, key=lambda contender: contender.code)]
    step, rest = chain[0], chain[1:]
    keys, skipped = _keys(group, step, decisions)
    classes = _classes(group, keys)
    decided = len(classes) > 1
    _note(group, step, keys, decided=decided, skipped=skipped)
    parts: list[list[Contender]] = []
    for members in classes:
        parts.extend(split_tie(members, rest, decisions))
    return parts


def _classes(group: Sequence[Contender], keys: Sequence[Key] | None) -> list[list[Contender]]:
    if keys is None:
        return [list(group)]
    by_key: dict[Key, list[Contender]] = {}
    for contender, key in zip(group, keys, strict=True):
        by_key.setdefault(key, []).append(contender)
    return [by_key[key] for key in sorted(by_key)]


def _note(
    group: Sequence[Contender],
    step: TieStep,
    keys: Sequence[Key] | None,
    *,
    decided: bool,
    skipped: str | None,
) -> None:
    codes = tuple(sorted(contender.code for contender in group))
    for position, contender in enumerate(group):
        if decided:
            contender.decided_by = step.label
        value = None if keys is None else _shown(step, keys[position])
        contender.steps.append(TieStepTaken(step.label, codes, value, decided, skipped))


def _shown(step: TieStep, key: Key) -> str:
    """Write a key as the value that was compared."""
    if isinstance(key, datetime):
        return key.isoformat()
    if step.name == CRITERION_MEAN:
        return str(-key)
    return str(key)


def _keys(
    group: Sequence[Contender], step: TieStep, decisions: Sequence[ChairDecision]
) -> tuple[Sequence[Key] | None, str | None]:
    """Return one key per contender, or None and why the step is skipped."""
    if step.name == CRITERION_MEAN:
        return _criterion_keys(group, step.criterion or "")
    if step.name == LOWER_SPREAD:
        return [contender.tally.spread for contender in group], None
    if step.name == EARLIER_SUBMISSION:
        times = [contender.submitted for contender in group if contender.submitted is not None]
        return (times, None) if len(times) == len(group) else (None, "no_time")
    if step.name == CHAIR_DECISION:
        return _chair_keys(group, decisions)
    raise ValueError(f"Unknown tie-break step {step.name!r}.")


def _criterion_keys(group: Sequence[Contender], criterion: str) -> tuple[list[Fraction] | None, str | None]:
    if any(contender.tally.total_only for contender in group):
        return None, "total_only_sheet"
    keys: list[Fraction] = []
    for contender in group:
        mean = contender.tally.criterion_means.get(criterion)
        if mean is None:
            return None, "no_criterion"
        keys.append(-mean)
    return keys, None


def _chair_keys(group: Sequence[Contender], decisions: Sequence[ChairDecision]) -> tuple[list[int] | None, str | None]:
    """Use the latest decision that orders the whole group; half an order decides nothing."""
    codes = {contender.code for contender in group}
    for decision in reversed(decisions):
        if decision.passes is None and codes <= set(decision.entries):
            place = {code: index + 1 for index, code in enumerate(decision.entries)}
            return [place[contender.code] for contender in group], None
    return None, "no_decision"
