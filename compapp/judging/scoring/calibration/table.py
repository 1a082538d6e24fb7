"""From a table of scores (CSV) to a calibrated ranking: ``flask judging rank``."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from math import fsum, isfinite
from typing import Any

from compapp.judging.scoring.calibration.design import Review
from compapp.judging.scoring.calibration.fit import GUARDS, INTERVAL_90, PANEL_WEIGHTED, Calibration, calibrate
from compapp.judging.scoring.exact import ScoringFault

_PLACES = 6
"""Figures are given to six decimals, so that a second run gives the same file."""


class ScoresFault(ScoringFault):
    """A table of scores that cannot be read; the sentence names the line."""


def rank_table(
    text: str,
    *,
    method: str = PANEL_WEIGHTED,
    cut: int | None = None,
    draws: int = 1000,
    seed: int = 0,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Rank the entries of a CSV text; returns what ``flask judging rank`` writes.

    Columns: ``judge``, ``entry``, then ``score`` or one column per criterion
    (weighted sum; ``weights`` per criterion, 1 by default), optionally
    ``group``. Raises :class:`ScoresFault` naming the line at fault.
    """
    if cut is not None and cut < 0:
        raise ScoresFault("cut: must not be negative.")
    if draws < 1:
        raise ScoresFault("draws: must be at least 1.")
    reviews = read_reviews(text, weights or {})
    fit = calibrate(reviews, method=method, cut=cut, draws=draws, seed=seed)
    return _as_json(fit)


def read_reviews(text: str, weights: Mapping[str, float]) -> list[Review]:
    """Read the reviews of a CSV text; raises :class:`ScoresFault`."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        columns = _columns(header, weights)
        reviews: list[Review] = []
        seen: dict[tuple[str, str], int] = {}
        groups: dict[str, str] = {}
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            review = _review(header, cells, columns, lines.line_num)
            first = seen.setdefault((review.judge, review.entry), lines.line_num)
            if first != lines.line_num:
                raise ScoresFault(
                    f"line {lines.line_num}: judge {review.judge} has already scored {review.entry} (line {first})."
                )
            if groups.setdefault(review.entry, review.group) != review.group:
                raise ScoresFault(
                    f"line {lines.line_num}: entry {review.entry} is in two groups: "
                    f"{groups[review.entry]} and {review.group}."
                )
            reviews.append(review)
    except csv.Error as error:
        raise ScoresFault(f"line {lines.line_num}: {error}.") from None
    if not reviews:
        raise ScoresFault("line 2: there is no score in the table.")
    return reviews


def _columns(header: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the score columns with their weights."""
    for name in ("judge", "entry"):
        if name not in header:
            raise ScoresFault(f"line 1: the header has no column {name!r}.")
    if len(set(header)) != len(header) or "" in header:
        raise ScoresFault("line 1: every column needs a name of its own.")
    criteria = [name for name in header if name not in ("judge", "entry", "group")]
    if not criteria:
        raise ScoresFault("line 1: the header has neither a column 'score' nor a criterion.")
    if "score" in criteria and len(criteria) > 1:
        raise ScoresFault("line 1: either one column 'score' or one per criterion, not both.")
    for name, weight in weights.items():
        if name not in criteria or criteria == ["score"]:
            raise ScoresFault(f"weights: the table has no criterion {name!r}.")
        if not isfinite(weight) or weight < 0:
            raise ScoresFault(f"weights: the weight of {name!r} must be a number, not negative.")
    return {name: weights.get(name, 1.0) for name in criteria}


def _review(header: Sequence[str], cells: Sequence[str], columns: Mapping[str, float], line: int) -> Review:
    if len(cells) != len(header):
        raise ScoresFault(f"line {line}: expected {len(header)} cells, found {len(cells)}.")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name in ("judge", "entry"):
        if not row[name]:
            raise ScoresFault(f"line {line}: the {name} is empty.")
    parts: list[float] = []
    for name, weight in columns.items():
        try:
            score = float(row[name])
        except ValueError:
            raise ScoresFault(f"line {line}: {name} {row[name]!r} is not a number.") from None
        if not isfinite(score):
            raise ScoresFault(f"line {line}: {name} {row[name]!r} is not a finite number.")
        parts.append(weight * score)
    return Review(row["entry"], row["judge"], fsum(parts), row.get("group", ""))


def _as_json(fit: Calibration) -> dict[str, Any]:
    """Return a fit as the JSON object of ``flask judging rank``."""
    calibrated = {code: _rounded(value) for code, value in fit.calibrated.items()}
    rank_raw = _ranks({code: _rounded(value) for code, value in fit.raw.items()})
    rank = _ranks(calibrated)
    order = sorted(calibrated, key=lambda code: (rank[code], code))
    return {
        "method": fit.method,
        "guards": [GUARDS[code] for code in fit.guards],
        "reviews": fit.reviews,
        "components": fit.components,
        "variance": {name: _maybe(value) for name, value in fit.variance.items()},
        "entries": [_entry(fit, code, rank_raw[code], rank[code]) for code in order],
        "judges": [
            {
                "judge": code,
                "reviews": fit.judge_counts[code],
                "offset": _rounded(fit.offset[code]),
                "se": _maybe(fit.offset_error[code]),
                "reliability": _rounded(fit.reliability[code]),
            }
            for code in sorted(fit.offset)
        ],
    }


def _entry(fit: Calibration, code: str, rank_raw: int, rank: int) -> dict[str, Any]:
    estimate, error = fit.calibrated[code], fit.error[code]
    return {
        "entry": code,
        "reviews": fit.counts[code],
        "raw": _rounded(fit.raw[code]),
        "calibrated": _rounded(estimate),
        "se": _maybe(error),
        "low": None if error is None else _rounded(estimate - INTERVAL_90 * error),
        "high": None if error is None else _rounded(estimate + INTERVAL_90 * error),
        "rank_raw": rank_raw,
        "rank": rank,
        "p_top_k": _maybe(fit.top[code]),
    }


def _ranks(values: Mapping[str, float]) -> dict[str, int]:
    """Rank from the highest; equal values share the rank (1, 1, 3)."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return {code: first[value] for code, value in values.items()}


def _rounded(value: float) -> float:
    return round(value, _PLACES) + 0.0


def _maybe(value: float | None) -> float | None:
    return None if value is None else _rounded(value)
