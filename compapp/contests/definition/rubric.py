"""Rubrics as people read them; judging's scoring reads the same JSON into exact numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from compapp.contests.definition.times import Json, Text, text_of


class HasRubrics(Protocol):
    """A row that keeps the file's ``rubrics`` section."""

    @property
    def rubrics(self) -> list[Any]:
        """Return the JSON."""
        ...


@dataclass(frozen=True)
class CriterionText:
    """One criterion: weight, scale, and what a mark means (``anchors``: mark to text, by language).

    ``group`` is the criterion that it is a part of, as for novelty 20 = 15 + 5; None where it stands by itself.
    """

    code: str
    label: Text
    weight: Decimal
    least: Decimal
    most: Decimal
    step: Decimal | None
    anchors: tuple[tuple[str, Text], ...]
    group: Text | None = None


@dataclass(frozen=True)
class RubricText:
    """One rubric; comments are required below and above the two marks where they are set."""

    code: str
    label: Text
    criteria: tuple[CriterionText, ...]
    comment_required_below: Decimal | None
    comment_required_above: Decimal | None

    @property
    def weight(self) -> Decimal:
        """Return the sum of the weights, the highest possible sheet total."""
        return sum((criterion.weight for criterion in self.criteria), Decimal())

    @staticmethod
    def read(piece: Json) -> "RubricText":
        """Read one item of ``rubrics``."""
        scale: Json = piece.get("scale") or {}
        return RubricText(
            code=piece["code"],
            label=text_of(piece.get("label"), piece["code"]),
            criteria=tuple(_criterion(one, scale) for one in piece.get("criteria") or ()),
            comment_required_below=_decimal(scale.get("comment_required_below")),
            comment_required_above=_decimal(scale.get("comment_required_above")),
        )


def rubrics_of(contest: HasRubrics) -> dict[str, RubricText]:
    """Return the rubrics of a contest's row by code."""
    read = (RubricText.read(piece) for piece in contest.rubrics)
    return {rubric.code: rubric for rubric in read}


def _criterion(piece: Json, scale: Json) -> CriterionText:
    own: Json = piece.get("scale") or piece
    return CriterionText(
        code=piece["code"],
        label=text_of(piece.get("label"), piece["code"]),
        weight=Decimal(str(piece["weight"])),
        least=Decimal(str(own.get("min", scale.get("min", 0)))),
        most=Decimal(str(own.get("max", scale.get("max", 10)))),
        step=_decimal(own.get("step", scale.get("step"))),
        anchors=_anchors(piece.get("anchors") or {}),
        group=text_of(piece["group"]) if piece.get("group") else None,
    )


def _anchors(piece: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, Text], ...]:
    marks = {mark for texts in piece.values() for mark in texts}
    return tuple(
        (mark, {language: texts[mark] for language, texts in piece.items() if mark in texts})
        for mark in sorted(marks, key=_mark_order)
    )


def _mark_order(mark: str) -> tuple[int, Decimal, str]:
    try:
        return 0, Decimal(mark), mark
    except ArithmeticError:
        return 1, Decimal(), mark


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
