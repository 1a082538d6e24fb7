"""What an entry form is made of: options, conditions, columns, blocks of a canvas, sections, first questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from compapp.contests.definition.times import Json, Text, moment, text_of


@dataclass(frozen=True)
class Choice:
    """One option of a choice."""

    code: str
    label: Text


@dataclass(frozen=True)
class Condition:
    """When something is asked: the question ``field`` has (one of) ``values`` as its answer.

    A checkbox's values are true and false; a list answer meets it when it holds one of the values.
    """

    field: str
    values: tuple[str | bool, ...]

    def met_by(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers (question's key to value) meet it; what is not answered does not."""
        given = answers.get(self.field)
        if self.field not in answers or given is None:
            return False in self.values
        return any(one in self.values for one in (given if isinstance(given, list | tuple) else [given]))

    @staticmethod
    def read(piece: Json | None) -> "Condition | None":
        """Read ``shown_if``; None for none."""
        return Condition(piece["field"], tuple(piece.get("values") or ())) if piece else None


@dataclass(frozen=True)
class Column:
    """One column of a table question. ``type``: text, number, money or choice; ``total`` adds its figures up.

    ``sum`` is what the figures must add up to (shares of founders to 100); None for anything.
    """

    key: str
    label: Text
    type: str
    required: bool
    max: int | None
    unit: Text | None
    options: tuple[Choice, ...]
    total: bool
    sum: Decimal | None = None

    @staticmethod
    def read(piece: Json) -> "Column":
        """Read one item of ``columns``."""
        return Column(
            key=piece["key"],
            label=text_of(piece.get("label"), piece["key"]),
            type=piece.get("type") or "text",
            required=bool(piece.get("required")),
            max=piece.get("max"),
            unit=some_text(piece.get("unit")),
            options=choices_of(piece.get("options")),
            total=bool(piece.get("total")) or piece.get("sum") is not None,
            sum=None if piece.get("sum") is None else Decimal(str(piece["sum"])),
        )


@dataclass(frozen=True)
class Block:
    """One block of a canvas question; ``max`` is the most characters."""

    key: str
    label: Text
    help: Text | None
    max: int | None

    @staticmethod
    def read(piece: Json) -> "Block":
        """Read one item of ``blocks``."""
        return Block(
            piece["key"], text_of(piece.get("label"), piece["key"]), some_text(piece.get("help")), piece.get("max")
        )


@dataclass(frozen=True)
class FormSection:
    """A part of the form under a heading of its own.

    A part with ``from_round`` is asked only of entries that reached that round, between ``opens_at`` and
    ``closes_at`` (None: from the round before's publication; until the submission closes).
    """

    code: str
    label: Text
    help: Text | None
    from_round: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    boards: tuple[str, ...]
    confirm: bool

    def asked_of(self, board_code: str) -> bool:
        """Whether entries on this board are asked; every board where the file names none."""
        return not self.boards or board_code in self.boards

    @staticmethod
    def read(piece: Json) -> "FormSection":
        """Read one item of ``form.sections``."""
        return FormSection(
            code=piece["code"],
            label=text_of(piece.get("label"), piece["code"]),
            help=some_text(piece.get("help")),
            from_round=piece.get("from_round"),
            opens_at=moment(piece.get("opens")),
            closes_at=moment(piece.get("closes")),
            boards=tuple(piece.get("boards") or ()),
            confirm=bool(piece.get("confirm")),
        )


@dataclass(frozen=True)
class EligibilityQuestion:
    """A yes/no question before the form: who answers otherwise than ``answer`` may not enter and reads why."""

    key: str
    label: Text
    help: Text | None
    answer: bool
    otherwise: Text | None
    boards: tuple[str, ...]

    def asked_of(self, board_code: str) -> bool:
        """Whether entries on this board are asked; every board where the file names none."""
        return not self.boards or board_code in self.boards

    @staticmethod
    def read(piece: Json) -> "EligibilityQuestion":
        """Read one item of ``form.eligibility``; yes is the answer that lets in unless the file says no."""
        return EligibilityQuestion(
            key=piece["key"],
            label=text_of(piece.get("label"), piece["key"]),
            help=some_text(piece.get("help")),
            answer=piece.get("answer", "yes") == "yes",
            otherwise=some_text(piece.get("otherwise")),
            boards=tuple(piece.get("boards") or ()),
        )


def choices_of(pieces: Iterable[Json] | None) -> tuple[Choice, ...]:
    """Read a list of options; none for nothing."""
    return tuple(Choice(one["code"], text_of(one.get("label"), one["code"])) for one in pieces or ())


def some_text(value: object) -> Text | None:
    """Read a text in two languages; None for nothing."""
    return text_of(value) if value else None


STANDARD_CANVAS: tuple[Json, ...] = (
    {"key": "partners", "label": {"vi": "Đối tác chính", "en": "Key partners"}},
    {"key": "activities", "label": {"vi": "Hoạt động chính", "en": "Key activities"}},
    {"key": "resources", "label": {"vi": "Nguồn lực chính", "en": "Key resources"}},
    {"key": "value", "label": {"vi": "Giá trị mang lại", "en": "Value propositions"}},
    {"key": "relations", "label": {"vi": "Quan hệ khách hàng", "en": "Customer relationships"}},
    {"key": "channels", "label": {"vi": "Kênh phân phối", "en": "Channels"}},
    {"key": "segments", "label": {"vi": "Phân khúc khách hàng", "en": "Customer segments"}},
    {"key": "costs", "label": {"vi": "Cơ cấu chi phí", "en": "Cost structure"}},
    {"key": "revenue", "label": {"vi": "Dòng doanh thu", "en": "Revenue streams"}},
)
"""The nine blocks of the business model canvas: a canvas without blocks of its own has these."""
