"""What an entry is asked for: answers and attachments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from compapp.contests.definition.times import Json, Text, moment, text_of

PUBLIC, JUDGES, JUDGES_CONFIDENTIAL, ORGANISERS = "public", "judges", "judges_confidential", "organisers"

IF_UNDER_18 = "if_any_member_under_18"


class HasForm(Protocol):
    """A row that keeps the file's ``form`` section."""

    @property
    def form(self) -> dict[str, Any]:
        """Return the JSON."""
        ...


@dataclass(frozen=True)
class Choice:
    """One option of a choice."""

    code: str
    label: Text


@dataclass(frozen=True)
class FormField:
    """One question.

    ``type``: text, longtext, choice, multichoice, ranked, reference, money, number, date, checkbox, consents
    or link. ``visibility``: public, judges, judges_confidential or organisers.
    ``max`` is the most characters of a text, the most choices of a ranked list. ``options_from`` names the
    section of the contest file whose codes are the options (sectors, incubators, tech_needs).
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

    @property
    def is_long(self) -> bool:
        """Whether the answer runs over several lines."""
        return self.type == "longtext"

    def asked_of(self, board_code: str) -> bool:
        """Whether entries on this board are asked; every board where the file names none."""
        return not self.boards or board_code in self.boards

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
            options=tuple(
                Choice(option["code"], text_of(option.get("label"), option["code"]))
                for option in piece.get("options") or ()
            ),
            options_from=piece.get("options_from"),
            help=text_of(piece["help"]) if piece.get("help") else None,
            boards=tuple(piece.get("boards") or ()),
        )


@dataclass(frozen=True)
class AttachmentRule:
    """One file or link. Sizes are MB (1,000,000 bytes), lengths seconds.

    ``formats`` are file endings, ``link`` and ``e-consent``.
    ``required`` is False, True or only where a member is under 18 (``only_if_minor``). ``closes_at`` is its
    own deadline; None means the submission deadline. ``from_round`` is the round from which it may be given.
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
            note=text_of(piece["note"]) if piece.get("note") else None,
        )


@dataclass(frozen=True)
class EntryForm:
    """Everything an entry is asked for, in the organiser's order."""

    fields: tuple[FormField, ...]
    attachments: tuple[AttachmentRule, ...]

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
        """Read the form of a contest's row."""
        return EntryForm.read(contest.form)

    @staticmethod
    def read(piece: Mapping[str, Any]) -> "EntryForm":
        """Read the file's ``form`` section."""
        return EntryForm(
            fields=tuple(FormField.read(one) for one in piece.get("fields") or ()),
            attachments=tuple(AttachmentRule.read(one) for one in piece.get("attachments") or ()),
        )


Item = TypeVar("Item", FormField, AttachmentRule)


def _by_key(items: tuple[Item, ...], key: str) -> Item:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
