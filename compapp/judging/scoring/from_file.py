"""From the JSON of a contest file to the values of scoring; pure, no database.

Optional keys may be absent. Faults are :class:`ScoringFault` sentences that
begin with the JSON path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from compapp.judging.scoring.exact import ScoringFault, exact_sum, to_fraction
from compapp.judging.scoring.model import (
    CRITERION_MEAN,
    TIE_STEPS,
    ZERO_ANY_JUDGE,
    ZERO_MEAN,
    Aggregation,
    ChairDecision,
    Comparison,
    Criterion,
    Entrant,
    ExtraPoint,
    Gates,
    Point,
    RoundSheets,
    Rubric,
    Rule,
    Scale,
    Sheet,
    TieStep,
)
from compapp.judging.scoring.modes import has_sheets, mode_of, options_of, sheet_rubric
from compapp.judging.scoring.registry import METHODS
from compapp.judging.scoring.standings import Row, standings
from compapp.judging.scoring.vote_points import vote_points_of_file

Json = Mapping[str, Any]

_DEFAULT_SCALE = {"min": 0, "max": 10}
_ROUNDINGS = ("half_up",)


@dataclass(frozen=True, slots=True)
class ContestScoring:
    """All that a contest file says about scoring, by round code."""

    boards: tuple[str, ...]
    entrants: Mapping[str, Entrant]
    rounds: Mapping[str, RoundSheets]

    def standings(self, code: str) -> dict[str, list[Row]]:
        """Return the standings of a round; raises :class:`ScoringFault` if it has no rubric."""
        if code not in self.rounds:
            raise ScoringFault(f"Round {code!r} is not a scored round of this contest.")
        round_ = self.rounds[code]
        return standings(
            round_.sheets,
            round_.rule,
            self.entrants,
            points=round_.points,
            decisions=round_.decisions,
            comparisons=round_.comparisons,
            earlier=self.rounds,
            boards=self.boards,
        )


def contest_scoring(document: Json) -> ContestScoring:
    """Read the scoring part of a whole contest file."""
    contest = document["contest"]
    rubrics = {piece["code"]: rubric(piece, f"rubrics[{i}]") for i, piece in enumerate(document.get("rubrics", ()))}
    rounds: dict[str, RoundSheets] = {}
    for index, piece in enumerate(document.get("rounds", ())):
        code = piece["code"]
        if not has_sheets(piece) and not document.get("sheets", {}).get(code):
            continue
        of_mode = sheet_rubric(piece)
        found = rubrics.get(piece.get("rubric"), Rubric("", ())) if of_mode is None else rubric(of_mode)
        rounds[code] = RoundSheets(
            rule=rule(piece, contest.get("rules", {}), found, f"rounds[{index}]"),
            sheets=sheets(document.get("sheets", {}).get(code, ()), f"sheets.{code}"),
            points=(
                *points(document.get("points", {}).get(code, ()), f"points.{code}"),
                *vote_points_of_file(piece, document),
            ),
            decisions=decisions(document.get("chair_decisions", ()), code),
            comparisons=comparisons(document.get("comparisons", {}).get(code, ())),
        )
    return ContestScoring(
        boards=tuple(board["code"] for board in contest.get("boards", ())),
        entrants=entrants(document.get("entries", ()), sectors=any(one.rule.per_sector for one in rounds.values())),
        rounds=rounds,
    )


def scale(piece: Json, fallback: Json, path: str) -> Scale:
    """Read a scale; what it lacks comes from ``fallback`` (the rubric's scale)."""
    merged = {key: piece.get(key, fallback.get(key)) for key in ("min", "max", "step")}
    minimum = to_fraction(merged["min"] if merged["min"] is not None else 0, f"{path}.min")
    maximum = to_fraction(merged["max"], f"{path}.max")
    step = None if merged["step"] is None else to_fraction(merged["step"], f"{path}.step")
    if maximum <= 0 or maximum <= minimum:
        raise ScoringFault(f"{path}.max: must be above 0 and above the minimum.")
    if step is not None and step <= 0:
        raise ScoringFault(f"{path}.step: must be above 0.")
    return Scale(minimum, maximum, step)


def rubric(piece: Json, path: str = "rubric") -> Rubric:
    """Read one rubric; a criterion's own ``min``, ``max``, ``step`` replace the scale's."""
    common = {**_DEFAULT_SCALE, **(piece.get("scale") or {})}
    criteria = tuple(
        Criterion(
            code=part["code"],
            weight=to_fraction(part["weight"], f"{path}.criteria[{index}].weight"),
            scale=scale(part.get("scale") or part, common, f"{path}.criteria[{index}]"),
        )
        for index, part in enumerate(piece.get("criteria", ()))
    )
    return Rubric(piece["code"], criteria)


def rule(piece: Json, rules: Json, used: Rubric, path: str = "round") -> Rule:
    """Read a round's rule; its own ``aggregation`` replaces the contest's key by key."""
    merged = {**(rules.get("aggregation") or {}), **(piece.get("aggregation") or {})}
    chain = piece["tie_break"] if piece.get("tie_break") is not None else rules.get("tie_break") or ()
    alert = piece.get("spread_alert_points")
    extra = piece.get("extra_points") or ()
    carry = piece.get("carry") or {}
    return Rule(
        round=piece["code"],
        rubric=used,
        aggregation=aggregation(merged, f"{path}.aggregation"),
        tie_break=_answerable(tie_break(chain, f"{path}.tie_break"), piece, used),
        gates=gates(piece.get("gates") or {}, f"{path}.gates"),
        advance=dict(piece.get("advance") or {}),
        per_sector=piece.get("advance_by") == "sector",
        extra_points=tuple(
            ExtraPoint(part["code"], to_fraction(part["max"], f"{path}.extra_points[{index}].max"))
            for index, part in enumerate(extra)
        ),
        carry={code: to_fraction(percent, f"{path}.carry.{code}") for code, percent in carry.items()},
        spread_alert=None if alert is None else to_fraction(alert, f"{path}.spread_alert_points"),
        waived=tuple((one[0], one[1]) for one in piece.get("waived") or ()),
        mode=mode_of(piece).name,
        options=options_of(piece),
        screens=mode_of(piece).outcome is not None,
    )


def _answerable(chain: tuple[TieStep, ...], piece: Json, used: Rubric) -> tuple[TieStep, ...]:
    """Leave out what the contest's chain asks of criteria that judges of a mode without points never mark."""
    if sheet_rubric(piece) is None:
        return chain
    codes = {criterion.code for criterion in used.criteria}
    return tuple(step for step in chain if step.criterion is None or step.criterion in codes)


def aggregation(piece: Json, path: str = "aggregation") -> Aggregation:
    """Read an aggregation; raises :class:`ScoringFault` for what is not known."""
    method: Any = piece.get("method", "mean")
    decimals: Any = piece.get("decimals", 2)
    rounding: Any = piece.get("rounding", "half_up")
    if method not in METHODS:
        raise ScoringFault(f"{path}.method: {method!r} is none of {', '.join(METHODS)}.")
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 9:
        raise ScoringFault(f"{path}.decimals: expected a whole number from 0 to 9.")
    if rounding not in _ROUNDINGS:
        raise ScoringFault(f"{path}.rounding: {rounding!r} is not {_ROUNDINGS[0]}.")
    return Aggregation(method, decimals, rounding)


def tie_break(chain: Sequence[Json], path: str = "tie_break") -> tuple[TieStep, ...]:
    """Read a tie-break chain; a step set to false is left out."""
    steps: list[TieStep] = []
    for index, piece in enumerate(chain):
        for name, value in piece.items():
            if name not in TIE_STEPS:
                raise ScoringFault(f"{path}[{index}]: {name!r} is none of {', '.join(TIE_STEPS)}.")
            if value is False or value is None:
                continue
            steps.append(TieStep(name, value if name == CRITERION_MEAN else None))
    return tuple(steps)


def gates(piece: Json, path: str = "gates") -> Gates:
    """Read a round's gates."""
    limit: Any = piece.get("min_total")
    no_zero: Any = piece.get("no_zero") or None
    if no_zero not in (None, ZERO_ANY_JUDGE, ZERO_MEAN):
        raise ScoringFault(f"{path}.no_zero: {no_zero!r} is neither {ZERO_ANY_JUDGE} nor {ZERO_MEAN}.")
    return Gates(None if limit is None else to_fraction(limit, f"{path}.min_total"), no_zero)


def sheet(piece: Json, path: str = "sheet") -> Sheet:
    """Read one sheet: ``scores`` by criterion, or ``total`` alone."""
    scores, total = piece.get("scores"), piece.get("total")
    if (scores is None) == (total is None):
        raise ScoringFault(f"{path}: a sheet has either scores or a total.")
    return Sheet(
        entry=piece["entry"],
        judge=piece["judge"],
        scores=None
        if scores is None
        else {code: to_fraction(score, f"{path}.scores.{code}") for code, score in scores.items()},
        total=None if total is None else to_fraction(total, f"{path}.total"),
        void=bool(piece.get("void", False)),
        submitted=piece.get("submitted") is not False,
    )


def sheets(pieces: Sequence[Json], path: str = "sheets") -> tuple[Sheet, ...]:
    """Read the sheets of one round."""
    return tuple(sheet(piece, f"{path}[{index}]") for index, piece in enumerate(pieces))


def points(pieces: Sequence[Json], path: str = "points") -> tuple[Point, ...]:
    """Read the extra points of one round."""
    return tuple(
        Point(piece["entry"], piece["code"], to_fraction(piece["value"], f"{path}[{index}].value"))
        for index, piece in enumerate(pieces)
    )


def decisions(pieces: Sequence[Json], round_code: str) -> tuple[ChairDecision, ...]:
    """Read the chair's decisions of one round, oldest first."""
    return tuple(
        ChairDecision(
            tuple(piece["entries"]), str(piece.get("by") or ""), str(piece.get("reason") or ""), piece.get("passes")
        )
        for piece in pieces
        if piece.get("round") == round_code
    )


def comparisons(pieces: Sequence[Json]) -> tuple[Comparison, ...]:
    """Read the comparisons of one round; a winner that is not said is “cannot say”."""
    return tuple(Comparison(one["judge"], one["left"], one["right"], one.get("winner")) for one in pieces)


def entrants(pieces: Sequence[Json], *, sectors: bool = False) -> dict[str, Entrant]:
    """Read what scoring may know of the entries, by code; their ``sectors`` where a rule asks for them."""
    return {
        piece["code"]: Entrant(
            piece["code"],
            piece["board"],
            moment(piece.get("submitted")),
            piece.get("sector") if sectors else None,
        )
        for piece in pieces
    }


def moment(value: object) -> datetime | None:
    """Read a time of the contest file: ``{"at": …}`` or the ISO 8601 text itself."""
    text = value.get("at") if isinstance(value, Mapping) else value
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def rule_faults(used: Rule, others: Mapping[str, Rule], path: str = "round") -> list[str]:
    """Return a sentence per combination that the contest file refuses.

    ``judge_rank`` goes with no carry, extra points or ``min_total``; carried
    percents sum to 100 and name rounds that exist and score.
    """
    faults: list[str] = []
    if used.aggregation.method == "judge_rank":
        refused = {"carry": used.carry, "extra_points": used.extra_points, "gates.min_total": used.gates.min_total}
        faults += [
            f"{path}.{key}: not to be combined with judge_rank."
            for key, present in refused.items()
            if present is not None and present != () and present != {}
        ]
    if used.carry and exact_sum(used.carry.values()) != 100:
        faults.append(f"{path}.carry: the percents must sum to 100.")
    for code, percent in used.carry.items():
        other = used if code == used.round else others.get(code)
        if other is None:
            faults.append(f"{path}.carry.{code}: there is no such scored round.")
        elif other is not used and other.aggregation.method == "judge_rank":
            faults.append(f"{path}.carry.{code}: a judge_rank figure cannot be carried.")
        if percent < Fraction(0):
            faults.append(f"{path}.carry.{code}: must not be negative.")
    return faults
