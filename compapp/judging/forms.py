"""Shapes of what people type about the jury and its sheets; limits are the services' business."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from compapp.judging.services import PaperInput, SheetInput
from compapp.web.forms import Form, LongTextField, MomentField, TextField
from compapp.web.i18n import lazy, localized

Choices = Iterable[tuple[str, str]]


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Several choices as a list of boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SeatForm(Form):
    """What the organiser says of a judge's seat."""

    sectors = Boxes(lazy("Sectors the judge knows"), description=lazy("The first ones count as the main field."))
    institution = SelectField(lazy("Institution"), validators=[Optional()])
    max_load = IntegerField(lazy("Most entries in one round"), validators=[Optional(), NumberRange(min=1, max=10000)])
    chair = BooleanField(lazy("Chairs the jury"))

    def offer(self, sectors: Choices, institutions: Choices) -> None:
        """Set what can be chosen."""
        self.sectors.choices = list(sectors)
        self.institution.choices = [("", "–"), *institutions]


class InvitationForm(SeatForm):
    """Inviting a judge by name and e-mail."""

    name = TextField(lazy("Full name"), validators=[DataRequired(), Length(max=200)])
    email = TextField(lazy("E-mail"), validators=[DataRequired(), Email(), Length(max=254)])


class AnswerForm(Form):
    """An invited judge's answer."""

    pledge = BooleanField(
        lazy("I keep confidential all that I read, use none of it, and show it to nobody, also after the contest.")
    )
    reason = LongTextField(lazy("Why not (if you like to say)"), validators=[Length(max=2000)])


class ReasonForm(Form):
    """A reason in words."""

    reason = LongTextField(lazy("Reason"), validators=[DataRequired(), Length(max=2000)])


class ConflictForm(Form):
    """A conflict of interest: with which entries, of what kind."""

    entries = Boxes(lazy("Entries"), coerce=int, validators=[DataRequired()])
    kind = RadioField(lazy("What kind of conflict"), validators=[InputRequired()])
    note = LongTextField(lazy("Note for the organiser"), validators=[Length(max=2000)])


class RecusalForm(Form):
    """Stepping back from one entry."""

    kind = RadioField(lazy("What kind of conflict"), validators=[InputRequired()])
    note = LongTextField(lazy("Note for the organiser"), validators=[Length(max=2000)])


class ReaderForm(Form):
    """One entry for one judge by hand; without a judge the best free one is asked."""

    entry = SelectField(lazy("Entry"), coerce=int)
    seat = SelectField(lazy("Judge"), coerce=int)
    reason = LongTextField(lazy("Reason"), validators=[DataRequired(), Length(max=2000)])
    due_at = MomentField(lazy("Own deadline (only where another than the round’s shall hold)"), validators=[Optional()])


class PanelForm(Form):
    """One panel for every entry of a round."""

    seats = Boxes(lazy("Judges of the panel"), coerce=int, validators=[DataRequired()])


class AddressForm(Form):
    """An address, to send something to."""

    email = TextField(lazy("E-mail"), validators=[DataRequired(), Email(), Length(max=254)])


class PlainForm(Form):
    """A button: only the hidden token is checked."""


def sheet_input(data: Mapping[str, Any] | None = None) -> SheetInput:
    """Read a sheet as typed: from the posted form, or from a JSON body with the same names.

    ``score-<criterion>``, ``comment-<criterion>``, ``comment``, ``comment_to_jury``; what is absent stays.
    """
    source: Mapping[str, Any] = request.form if data is None else data
    scores: dict[str, str | None] = {}
    comments: dict[str, str] = {}
    for name in source:
        value = source[name]
        text = "" if value is None else str(value)
        if name.startswith("score-"):
            scores[name.removeprefix("score-")] = text
        elif name.startswith("comment-"):
            comments[name.removeprefix("comment-")] = text
    return SheetInput(
        scores=scores,
        comments=comments,
        comment=_text(source, "comment"),
        comment_to_jury=_text(source, "comment_to_jury"),
    )


def _text(source: Mapping[str, Any], name: str) -> str | None:
    value = source.get(name)
    return None if value is None else str(value)


def version_of(data: Mapping[str, Any] | None = None) -> int | None:
    """Return the version the judge saw; nothing where it is missing or no number."""
    return _number((request.form if data is None else data).get("version"))


def _number(value: Any) -> int | None:
    try:
        return int(str(value)) if value is not None and len(str(value)) < 10 else None
    except ValueError:
        return None


def note_input(data: Mapping[str, Any] | None = None) -> tuple[str | None, int | None]:
    """Read the judge's own note as typed, and the version it was typed upon."""
    source: Mapping[str, Any] = request.form if data is None else data
    return _text(source, "note"), _number(source.get("note_version"))


def is_note_alone(data: Mapping[str, Any] | None = None) -> bool:
    """Whether nothing but the judge's own note was sent."""
    source: Mapping[str, Any] = request.form if data is None else data
    return "note" in source and not any(name.startswith(("score-", "comment")) for name in source)


def paper_input() -> PaperInput:
    """Read a paper sheet as typed: scores, or a total alone."""
    typed = sheet_input()
    return PaperInput(scores=typed.scores, total=request.form.get("total"), comment=typed.comment or "")


def declined() -> bool:
    """Whether the button that declines was pressed."""
    return request.form.get("answer") == "decline"


def in_words(title: Mapping[str, str]) -> str:
    """Return a title in the reader's language."""
    return localized(title)
