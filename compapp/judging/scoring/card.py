"""The score card: a rubric as a judge fills it in, with words, anchors and demanded comments. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from compapp.core.errors import Sentence
from compapp.core.text import N_
from compapp.judging.scoring.exact import ScoringFault, to_fraction
from compapp.judging.scoring.from_file import rubric as read_rubric
from compapp.judging.scoring.model import Criterion, Rubric

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of a card. Anchors are (mark, text) pairs by language; limits are scores, not totals.

    ``group`` is the criterion that it is a part of (its sub-points): neighbours of one group stand under a heading.
    """

    code: str
    label: Json
    criterion: Criterion
    anchors: Mapping[str, tuple[tuple[str, str], ...]]
    comment_below: Fraction | None
    comment_above: Fraction | None
    group: Json | None = None

    @property
    def weight(self) -> int | Decimal:
        """The weight as a plain number to show."""
        return plain(self.criterion.weight)

    @property
    def least(self) -> int | Decimal:
        """The lowest score as a plain number to show."""
        return plain(self.criterion.scale.minimum)

    @property
    def most(self) -> int | Decimal:
        """The highest score as a plain number to show."""
        return plain(self.criterion.scale.maximum)

    @property
    def step(self) -> int | Decimal:
        """The step as a plain number to show; a hundredth where the scale has none."""
        return plain(self.criterion.scale.step or Fraction(1, 100))

    def wants_comment(self, score: Fraction) -> bool:
        """Whether the rubric asks for a comment with this score."""
        if self.comment_below is not None and score < self.comment_below:
            return True
        return self.comment_above is not None and score > self.comment_above


@dataclass(frozen=True, slots=True)
class Card:
    """A rubric ready for a judge."""

    code: str
    label: Json
    rubric: Rubric
    lines: tuple[Line, ...]

    @property
    def most(self) -> int | Decimal:
        """The highest possible total as a plain number to show."""
        return plain(self.rubric.maximum)

    @property
    def heads(self) -> dict[str, tuple[Json, int | Decimal]]:
        """Return the headings: code of a group's first line to the group's name and what all its parts are worth."""
        found: dict[str, tuple[Json, int | Decimal]] = {}
        for group, lines in groupby(self.lines, key=lambda line: line.group):
            parts = list(lines)
            if group is not None:
                worth = sum((line.criterion.weight for line in parts), Fraction(0))
                found[parts[0].code] = group, plain(worth)
        return found

    def line(self, code: str) -> Line | None:
        """Return the criterion ``code``, nothing for an unknown one."""
        return next((line for line in self.lines if line.code == code), None)

    def total(self, scores: Mapping[str, str]) -> Fraction:
        """Return Σ weight × score ÷ max over the scores given so far, exact."""
        return sum(
            (line.criterion.worth * Fraction(scores[line.code]) for line in self.lines if line.code in scores),
            Fraction(0),
        )

    def score_faults(self, scores: Mapping[str, str]) -> dict[str, list[Sentence]]:
        """Return what is wrong with the given scores (range, step, unknown criterion), by criterion."""
        faults: dict[str, list[Sentence]] = {}
        for code, text in scores.items():
            line = self.line(code)
            if line is None:
                faults[code] = [(N_("This criterion is not part of the sheet."), {})]
            elif not line.criterion.scale.holds(Fraction(text)):
                faults[code] = [_range_sentence(line)]
        return faults

    def open_points(self, scores: Mapping[str, str], comments: Mapping[str, str]) -> dict[str, list[Sentence]]:
        """Return what a sheet still lacks before it can be handed in, by criterion."""
        lacking: dict[str, list[Sentence]] = {}
        for line in self.lines:
            if line.code not in scores:
                lacking[line.code] = [(N_("Give a score."), {})]
            elif line.wants_comment(Fraction(scores[line.code])) and not comments.get(line.code, "").strip():
                lacking[f"comment-{line.code}"] = [(N_("The rubric asks for a comment with this score."), {})]
        return lacking


def _range_sentence(line: Line) -> Sentence:
    scale = line.criterion.scale
    values = {"least": plain(scale.minimum), "most": plain(scale.maximum)}
    if scale.step is None:
        return N_("Give a score from %(least)s to %(most)s."), values
    return N_("Give a score from %(least)s to %(most)s in steps of %(step)s."), {
        **values,
        "step": plain(scale.step),
    }


def plain(value: Fraction) -> int | Decimal:
    """Return a number without needless decimals: 10, not 10.0."""
    if value.denominator == 1:
        return value.numerator
    return (Decimal(value.numerator) / Decimal(value.denominator)).normalize()


def number_text(value: Fraction) -> str:
    """Return a decimal number as short as it is: 10, 0.5."""
    return format(plain(value), "f") if value.denominator != 1 else str(value.numerator)


def read_card(piece: Json, path: str = "rubric") -> Card:
    """Read a rubric of a contest's definition; ``ScoringFault`` (with its place under ``path``) for an unusable one."""
    used = read_rubric(piece, path)
    scale = piece.get("scale") or {}
    lines = tuple(
        Line(
            code=criterion.code,
            label=part.get("label") or {"vi": criterion.code, "en": criterion.code},
            criterion=criterion,
            anchors=_anchors(part.get("anchors") or {}, f"{path}.criteria[{index}].anchors"),
            comment_below=_limit(part, scale, "comment_required_below"),
            comment_above=_limit(part, scale, "comment_required_above"),
            group=part.get("group"),
        )
        for index, (part, criterion) in enumerate(zip(piece.get("criteria", ()), used.criteria, strict=True))
    )
    return Card(piece["code"], piece.get("label") or {"vi": piece["code"], "en": piece["code"]}, used, lines)


def _anchors(piece: Json, path: str) -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        language: tuple(sorted(marks.items(), key=lambda pair: _mark(pair[0], f"{path}.{language}")))
        for language, marks in piece.items()
    }


def _mark(text: str, path: str) -> Fraction:
    try:
        return to_fraction(text)
    except ScoringFault:
        sentence = N_("“%(mark)s” is not a mark. Begin the line with a number, such as: 10 = surveyed, real figures")
        raise ScoringFault(sentence, path, mark=text) from None


def _limit(part: Json, scale: Json, key: str) -> Fraction | None:
    value = part.get(key, scale.get(key))
    return None if value is None else to_fraction(value, key)


def sheet_text(value: Decimal | Fraction | int | str) -> str:
    """Return a score as the text that is stored; ValueError for what is no finite number."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a score is a finite number")
        return format(value, "f")
    if isinstance(value, str):
        Fraction(value)
        return value
    return number_text(Fraction(value))
