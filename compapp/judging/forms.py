"""Shapes of what people type about the jury and its sheets; limits are the services' business."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import request
from wtforms import BooleanField, FileField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from compapp.core.text import N_
from compapp.judging.policy import LANGUAGES
from compapp.judging.services import JudgeProfile, PaperInput, SheetInput
from compapp.web.forms import Form, LongTextField, MomentField, TextField
from compapp.web.i18n import _, lazy, localized

Choices = Iterable[tuple[str, str]]
LANGUAGE_NAMES = {"vi": N_("Vietnamese"), "en": N_("English"), "km": N_("Khmer"), "zh": N_("Chinese")}
LONGEST_NUMBER = 18
"""Digits of a row's number; a longer one names nothing."""
_DAY = r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?"
_PERIOD = re.compile(rf"(?:từ\s+|from\s+)?{_DAY}(?:\s*(?:-|–|—|đến|to)\s*{_DAY})?", re.IGNORECASE)


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Several choices as a list of boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TitledForm(Form):
    """Degree and position, as papers name a judge."""

    degree = TextField(
        lazy("Academic degree"),
        description=lazy("Such as: Associate Professor, Doctor."),
        validators=[Length(max=300)],
    )
    position = TextField(
        lazy("Position"), description=lazy("Such as: Head of Department, Director."), validators=[Length(max=300)]
    )


class SeatForm(TitledForm):
    """What the organiser says of a judge's seat."""

    sectors = Boxes(lazy("Sectors the judge knows"), description=lazy("The first ones count as the main field."))
    institution = SelectField(lazy("Institution"), validators=[Optional()])
    min_load = IntegerField(lazy("Least entries in one round"), validators=[Optional(), NumberRange(min=0, max=10000)])
    max_load = IntegerField(lazy("Most entries in one round"), validators=[Optional(), NumberRange(min=1, max=10000)])
    thanks = TextField(lazy("Fee or thanks, as the invitation promises it"), validators=[Length(max=500)])
    chair = BooleanField(lazy("Chairs the jury"))
    reserve = BooleanField(lazy("Substitute: gets no entry until the judge takes over from somebody"))

    def offer(self, sectors: Choices, institutions: Choices) -> None:
        """Set what can be chosen."""
        self.sectors.choices = list(sectors)
        self.institution.choices = [("", "–"), *institutions]


class SeatChangeForm(SeatForm):
    """What the organiser changes of a judge's seat; an institution that withholds entries needs a reason."""

    why = LongTextField(lazy("Why the institution changes"), validators=[Length(max=2000)])


class InvitationForm(SeatForm):
    """Inviting a judge by name and e-mail."""

    name = TextField(lazy("Full name"), validators=[DataRequired(), Length(max=200)])
    email = TextField(lazy("E-mail"), validators=[DataRequired(), Email(), Length(max=254)])


class JuryListForm(Form):
    """A whole jury at once: pasted lines or a spreadsheet, and what all are promised."""

    pasted = LongTextField(lazy("The list"), description=lazy("Such as: Võ Hữu Ý, vhy@truong.edu.vn"))
    file = FileField(lazy("Or a spreadsheet"))
    thanks = TextField(lazy("Fee or thanks, as the invitation promises it"), validators=[Length(max=500)])


class PeriodsField(LongTextField):
    """Periods of days, one a line (``28/11/2026 – 02/12/2026``, or one day alone); ``data`` is a list of date pairs.

    Of two days one year is enough (``27/11 – 02/12/2026``).
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines; a ValueError with a sentence for the first that is no period."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = []
        for line in filter(None, (line.strip() for line in self.typed.splitlines())):
            found = _PERIOD.fullmatch(line)
            if found is None or not (found[3] or found[6]):
                raise ValueError(_("“%(line)s” is no period: write dd/mm/yyyy – dd/mm/yyyy.", line=line))
            first, last = (found[1], found[2], found[3] or found[6]), (found[4], found[5], found[6] or found[3])
            try:
                read = [date(int(year), int(month), int(day)) for day, month, year in (first, last) if day]
            except ValueError:
                raise ValueError(_("“%(line)s”: there is no such day.", line=line)) from None
            self.data.append((read[0], read[-1]))

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return str(self.typed)
        return "\n".join(_period(first, last) for first, last in self.data or ())


def _period(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def periods_in_words(away: Iterable[tuple[str, str]]) -> list[str]:
    """Return periods of ISO dates as people read them."""
    return [_period(date.fromisoformat(first), date.fromisoformat(last)) for first, last in away]


class ProfileForm(TitledForm):
    """What a judge says of the own knowledge and time."""

    sectors = Boxes(lazy("Sectors I know"))
    expertise = LongTextField(
        lazy("What I know, in words"),
        description=lazy("Separate by commas, such as: aquaculture, sensors, cooperative finance."),
        validators=[Length(max=1000)],
    )
    languages = Boxes(
        lazy("Languages in which I read entries"),
        description=lazy("You get no entry that says it is in another language. Nothing chosen: every entry may come."),
    )
    max_load = IntegerField(
        lazy("Most entries I can read in one round"), validators=[Optional(), NumberRange(min=1, max=10000)]
    )
    away = PeriodsField(
        lazy("Days on which I cannot read"),
        description=lazy("One period a line, such as 28/11/2026 – 02/12/2026. You then get fewer entries."),
        validators=[Length(max=1000)],
    )

    def offer(self, sectors: Choices) -> None:
        """Set what can be chosen."""
        self.sectors.choices = list(sectors)
        self.languages.choices = [(code, _(LANGUAGE_NAMES[code])) for code in LANGUAGES]

    def stated(self) -> JudgeProfile | None:
        """Return what the judge says; nothing where the form that was sent did not ask for it."""
        return self.profile() if "stated" in request.form else None

    def profile(self) -> JudgeProfile:
        """Return what the judge says."""
        return JudgeProfile(
            sectors=self.sectors.data or [],
            expertise=self.expertise.data or "",
            languages=self.languages.data or [],
            max_load=self.max_load.data,
            away=self.away.data or [],
            degree=self.degree.data,
            position=self.position.data,
        )


class PledgeForm(Form):
    """The pledge of confidentiality alone."""

    pledge = BooleanField(
        lazy("I keep confidential all that I read, use none of it, and show it to nobody, also after the contest.")
    )


class AnswerForm(ProfileForm, PledgeForm):
    """An invited judge's answer."""

    reason = LongTextField(lazy("Why not (if you like to say)"), validators=[Length(max=2000)])


class ReasonForm(Form):
    """A reason in words."""

    reason = LongTextField(lazy("Reason"), validators=[DataRequired(), Length(max=2000)])


class DifferenceForm(Form):
    """What stands otherwise on paper, where a figure at its line does not say it."""

    reason = LongTextField(lazy("What else differs"), validators=[Length(max=1500)])


class DepartureForm(ReasonForm):
    """A judge leaves: why, and who takes over (nobody: the entries go to the next best judges)."""

    substitute = SelectField(lazy("Who takes over"), coerce=int, default=0, validators=[Optional()])


class ConflictForm(Form):
    """A conflict of interest: with which entries, of what kind."""

    entries = Boxes(lazy("Entries"), coerce=int, validators=[DataRequired()])
    kind = RadioField(lazy("What kind of conflict"), validators=[InputRequired()])
    note = LongTextField(lazy("Note for the organiser"), validators=[Length(max=2000)])


class TieForm(Form):
    """Whether a tie is a conflict, and why."""

    outcome = RadioField(lazy("Is it a conflict?"), validators=[InputRequired()])
    kind = SelectField(lazy("What kind of conflict"), validators=[Optional()])
    reason = LongTextField(lazy("Reason"), validators=[DataRequired(), Length(max=2000)])


class OverrideForm(Form):
    """One conflict that shall not hold, and why."""

    entry = SelectField(lazy("Entry"), id="override-entry", coerce=int)
    reason = LongTextField(lazy("Reason"), id="override-reason", validators=[DataRequired(), Length(max=2000)])


class LiftingForm(Form):
    """Why a judge may read what stayed withheld."""

    reason = LongTextField(lazy("Reason"), id="lifting-reason", validators=[DataRequired(), Length(max=2000)])


class RecusalForm(Form):
    """Stepping back from one entry."""

    kind = RadioField(lazy("What kind of conflict"), validators=[InputRequired()])
    note = LongTextField(lazy("Note for the organiser"), validators=[Length(max=2000)])


class DesignForm(Form):
    """What the organiser asks of a computed assignment: the loads of every judge who has no own limit."""

    least = IntegerField(lazy("Least entries for each judge"), validators=[Optional(), NumberRange(min=0, max=10000)])
    most = IntegerField(lazy("Most entries for each judge"), validators=[Optional(), NumberRange(min=1, max=10000)])


class ExtensionForm(Form):
    """A later deadline for one judge, with a reason."""

    due_at = MomentField(lazy("New deadline"), validators=[DataRequired()])
    reason = LongTextField(lazy("Reason"), id="extension-reason", validators=[DataRequired(), Length(max=2000)])


class HandoverForm(Form):
    """Who takes over what one judge has not handed in."""

    seat = RadioField(lazy("Who takes over"), coerce=int, validators=[InputRequired()])
    reason = LongTextField(lazy("Reason"), id="handover-reason", validators=[DataRequired(), Length(max=2000)])


class FetchingForm(Form):
    """How many entries a judge who has finished may fetch at once."""

    batch = IntegerField(lazy("Entries at once"), default=3, validators=[DataRequired(), NumberRange(min=1, max=20)])


class ReaderForm(Form):
    """One entry for one judge by hand; without a judge the best free one is asked."""

    entry = SelectField(lazy("Entry"), coerce=int)
    seat = SelectField(lazy("Judge"), coerce=int)
    reason = LongTextField(lazy("Reason"), validators=[DataRequired(), Length(max=2000)])
    due_at = MomentField(lazy("Own deadline (only where another than the round’s shall hold)"), validators=[Optional()])


class PanelForm(Form):
    """One panel for every entry of a round, or of one board or sector of it."""

    part = SelectField(lazy("For which entries"), validators=[Optional()])
    seats = Boxes(lazy("Judges of the panel"), coerce=int, validators=[DataRequired()])
    reason = LongTextField(lazy("Reason"), id="panel-reason", validators=[Length(max=2000)])


class ByeForm(Form):
    """One entry that skips a round, and why."""

    entry = SelectField(lazy("Entry"), id="bye-entry", coerce=int)
    reason = LongTextField(
        lazy("Why it has a bye (teams read it)"), id="bye-reason", validators=[DataRequired(), Length(max=500)]
    )


class AddressForm(Form):
    """An address, to send something to."""

    email = TextField(lazy("E-mail"), validators=[DataRequired(), Email(), Length(max=254)])


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


def shown_ids() -> set[int]:
    """Return the numbers (of entries or assignments) that stood on the page whose button was pressed.

    One act about everything says so of what was shown, not of what came since.
    """
    named = request.form.get("shown", "").split(",")[:10000]
    return {int(one) for one in named if one.isascii() and one.isdigit() and len(one) <= LONGEST_NUMBER}


def declined() -> bool:
    """Whether the button that declines was pressed."""
    return request.form.get("answer") == "decline"


def in_words(title: Mapping[str, str]) -> str:
    """Return a title in the reader's language."""
    return localized(title)
