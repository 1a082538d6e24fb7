"""What an entry is asked for: answers and attachments."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from compapp.contests.definition.form_parts import (
    STANDARD_CANVAS,
    Block,
    Choice,
    Column,
    Condition,
    EligibilityQuestion,
    FormSection,
    choices_of,
    some_text,
)
from compapp.contests.definition.times import Json, Text, moment, text_of
from compapp.core.text import fold

PUBLIC, JUDGES, JUDGES_CONFIDENTIAL, ORGANISERS = "public", "judges", "judges_confidential", "organisers"

IF_UNDER_18 = "if_any_member_under_18"

FIELD_TYPES = (
    "text",
    "longtext",
    "choice",
    "multichoice",
    "ranked",
    "reference",
    "money",
    "number",
    "date",
    "checkbox",
    "consents",
    "link",
    "table",
    "canvas",
)
"""Every type of question. A ``table`` is answered by a list of ``{column key: value}``, a ``canvas`` by
``{block key: text}``."""

NUMERIC = frozenset({"number", "money"})


class HasForm(Protocol):
    """A row that keeps the file's ``form`` section."""

    @property
    def form(self) -> dict[str, Any]:
        """Return the JSON."""
        ...


@dataclass(frozen=True)
class FormField:
    """One question.

    ``type`` is one of :data:`FIELD_TYPES`. ``visibility``: public, judges, judges_confidential or organisers;
    ``hidden_when_blind`` keeps the answer from judges in a blind round whatever its visibility.
    ``max`` is the most characters of a text, the most choices of a ranked list or multichoice; ``max_words`` the
    most words of a text. ``least`` and ``most`` bound a number or amount, ``unit`` stands behind it.
    ``options_from`` names the section of the contest file whose codes are the options (sectors, incubators,
    tech_needs). ``columns`` and ``max_rows`` are a table's, ``blocks`` a canvas's. ``section`` is the code of the
    form's part it stands in; ``shown_if`` the condition under which it is asked; ``example`` an answer to learn from.
    """

    key: str
    label: Text
    type: str
    required: bool
    visibility: str
    from_round: str | None
    max: int | None
    options: tuple[Choice, ...]
    options_from: str | None
    help: Text | None
    boards: tuple[str, ...]
    example: Text | None = None
    section: str | None = None
    shown_if: Condition | None = None
    hidden_when_blind: bool = False
    max_words: int | None = None
    unit: Text | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    columns: tuple[Column, ...] = ()
    max_rows: int | None = None
    blocks: tuple[Block, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether the answer runs over several lines."""
        return self.type == "longtext"

    def asked_of(self, board_code: str) -> bool:
        """Whether entries on this board are asked; every board where the file names none."""
        return not self.boards or board_code in self.boards

    def asked_with(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked beside these answers (question's key to value)."""
        return self.shown_if is None or self.shown_if.met_by(answers)

    @staticmethod
    def read(piece: Json) -> "FormField":
        """Read one item of ``form.fields``."""
        return FormField(
            key=piece["key"],
            label=text_of(piece.get("label"), piece["key"]),
            type=piece["type"],
            required=bool(piece.get("required")),
            visibility=piece.get("visibility") or JUDGES,
            from_round=piece.get("from_round"),
            max=piece.get("max"),
            options=choices_of(piece.get("options")),
            options_from=piece.get("options_from"),
            help=some_text(piece.get("help")),
            boards=tuple(piece.get("boards") or ()),
            example=some_text(piece.get("example")),
            section=piece.get("section"),
            shown_if=Condition.read(piece.get("shown_if")),
            hidden_when_blind=bool(piece.get("hidden_when_blind")),
            max_words=piece.get("max_words"),
            unit=some_text(piece.get("unit")),
            least=_decimal(piece.get("least")),
            most=_decimal(piece.get("most")),
            columns=tuple(Column.read(one) for one in piece.get("columns") or ()),
            max_rows=piece.get("max_rows"),
            blocks=tuple(Block.read(one) for one in piece.get("blocks") or STANDARD_CANVAS)
            if piece["type"] == "canvas"
            else (),
        )


@dataclass(frozen=True)
class AttachmentRule:
    """One file or link. Sizes are MB (1,000,000 bytes), lengths seconds.

    ``formats`` are file endings, ``link`` and ``e-consent``.
    ``required`` is False, True or only where a member is under 18 (``only_if_minor``). ``closes_at`` is its
    own deadline; None means the submission deadline. ``from_round`` is the round from which it may be given.
    ``file_name`` is what the file must be called, without its ending; a ``*`` in it stands for any letters.
    """

    key: str
    label: Text
    required: bool
    only_if_minor: bool
    formats: tuple[str, ...]
    max_mb: int | float | None
    max_pages: int | None
    max_seconds: int | None
    max_slides: int | None
    min_resolution: str | None
    ratio: str | None
    from_round: str | None
    closes_at: datetime | None
    visibility: str
    boards: tuple[str, ...]
    note: Text | None
    section: str | None = None
    shown_if: Condition | None = None
    hidden_when_blind: bool = False
    opens_at: datetime | None = None
    file_name: str | None = None

    def takes_name(self, name: str) -> bool:
        """Whether a file may be called ``name``: as the rule says, whatever its case, accents and ending."""
        if self.file_name is None:
            return True
        parts = [re.escape(fold(part)) for part in self.file_name.split("*")]
        stem = name.rpartition(".")[0] or name
        return re.fullmatch(".*".join(parts), fold(stem)) is not None

    @property
    def takes_link(self) -> bool:
        """Whether an address may stand in for a file."""
        return "link" in self.formats

    @property
    def takes_consent(self) -> bool:
        """Whether a guardian's answer by link counts."""
        return "e-consent" in self.formats

    @property
    def file_formats(self) -> tuple[str, ...]:
        """Return the endings of files that are taken."""
        return tuple(one for one in self.formats if one not in ("link", "e-consent"))

    def asked_of(self, board_code: str) -> bool:
        """Whether entries on this board may give it; every board where the file names none."""
        return not self.boards or board_code in self.boards

    def asked_with(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked beside these answers (question's key to value)."""
        return self.shown_if is None or self.shown_if.met_by(answers)

    @staticmethod
    def read(piece: Json) -> "AttachmentRule":
        """Read one item of ``form.attachments``."""
        return AttachmentRule(
            key=piece["key"],
            label=text_of(piece.get("label"), piece["key"]),
            required=piece.get("required") is True,
            only_if_minor=piece.get("required") == IF_UNDER_18,
            formats=tuple(piece.get("formats") or ()),
            max_mb=piece.get("max_mb"),
            max_pages=piece.get("max_pages"),
            max_seconds=piece.get("max_seconds"),
            max_slides=piece.get("max_slides"),
            min_resolution=piece.get("min_resolution"),
            ratio=piece.get("ratio"),
            from_round=piece.get("from_round"),
            closes_at=moment(piece.get("closes")),
            visibility=piece.get("visibility") or JUDGES,
            boards=tuple(piece.get("boards") or ()),
            note=some_text(piece.get("note")),
            section=piece.get("section"),
            shown_if=Condition.read(piece.get("shown_if")),
            hidden_when_blind=bool(piece.get("hidden_when_blind")),
            opens_at=moment(piece.get("opens")),
            file_name=piece.get("file_name"),
        )


@dataclass(frozen=True)
class EntryForm:
    """Everything an entry is asked for, in the organiser's order."""

    fields: tuple[FormField, ...]
    attachments: tuple[AttachmentRule, ...]
    sections: tuple[FormSection, ...] = ()
    eligibility: tuple[EligibilityQuestion, ...] = ()

    def section(self, code: str | None) -> FormSection | None:
        """Return the part ``code``; None for none or an unknown one."""
        return next((one for one in self.sections if one.code == code), None)

    def field(self, key: str) -> FormField:
        """Return the question ``key``; KeyError for an unknown one."""
        return _by_key(self.fields, key)

    def attachment(self, key: str) -> AttachmentRule:
        """Return the attachment ``key``; KeyError for an unknown one."""
        return _by_key(self.attachments, key)

    def seen_by(self, visibilities: Iterable[str]) -> tuple[FormField, ...]:
        """Return the questions whose answers readers of these visibilities may see."""
        wanted = set(visibilities)
        return tuple(field for field in self.fields if field.visibility in wanted)

    @staticmethod
    def of(contest: HasForm) -> "EntryForm":
        """Read the form of a contest's row; a page that asks often reads it once (a new form is a new object)."""
        source = contest.form
        kept = _read.get(id(source))
        if kept is None or kept[0] is not source:
            if len(_read) >= _MOST_KEPT:
                _read.clear()
            kept = _read[id(source)] = source, EntryForm.read(source)
        return kept[1]

    @staticmethod
    def read(piece: Mapping[str, Any]) -> "EntryForm":
        """Read the file's ``form`` section."""
        return EntryForm(
            fields=tuple(FormField.read(one) for one in piece.get("fields") or ()),
            attachments=tuple(AttachmentRule.read(one) for one in piece.get("attachments") or ()),
            sections=tuple(FormSection.read(one) for one in piece.get("sections") or ()),
            eligibility=tuple(EligibilityQuestion.read(one) for one in piece.get("eligibility") or ()),
        )


_MOST_KEPT = 16
_read: dict[int, tuple[Mapping[str, Any], EntryForm]] = {}
"""The forms read last, each with the JSON that it was read from."""

Item = TypeVar("Item", FormField, AttachmentRule)


def _by_key(items: tuple[Item, ...], key: str) -> Item:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
