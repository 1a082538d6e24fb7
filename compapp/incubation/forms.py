"""Forms of incubation; they read and check shape, the services know the limits."""

import re
from datetime import UTC, datetime
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from compapp.incubation.hours import WHOLE_DAY
from compapp.incubation.lifecycle import FIGURES, MISSED_BY, RAG
from compapp.web.forms import DayField, Form, LongTextField, MomentField, MoneyField, TextField, options
from compapp.web.i18n import _, lazy

_COUNT = [Optional(), NumberRange(min=0, max=10**9)]


class ReasonForm(Form):
    """A reason that must be given."""

    reason = LongTextField(lazy("Reason"), [DataRequired(), Length(max=2000)])


class ReportForm(Form):
    """A milestone that the team has reached."""

    note = LongTextField(lazy("How can one see it?"), [Optional(), Length(max=2000)])


class GraduationForm(Form):
    """Words that go with a graduation."""

    note = LongTextField(lazy("Words to the team"), [Optional(), Length(max=2000)])


class BookingForm(Form):
    """A session to be booked."""

    mentorship = SelectField(lazy("Mentor"), [DataRequired()])
    starts_at = MomentField(lazy("Date and time"), [InputRequired()])
    minutes = IntegerField(lazy("Minutes"), [InputRequired()], default=60)
    place = TextField(lazy("Place or link"), [Optional(), Length(max=300)])
    topic = LongTextField(lazy("What you want to talk about"), [Optional(), Length(max=2000)])


class MoveForm(Form):
    """Another time for a session; ``seen`` is the time that the page showed."""

    seen = HiddenField(validators=[DataRequired()])
    starts_at = MomentField(lazy("New date and time"), [InputRequired()])
    minutes = IntegerField(lazy("Minutes"), [InputRequired()])
    place = TextField(lazy("Place or link"), [Optional(), Length(max=300)])
    reason = LongTextField(lazy("Why the session moves (you need not say)"), [Optional(), Length(max=2000)])

    def seen_at(self) -> datetime:
        """Return the time that the page showed; a made-up one is no time of any session."""
        try:
            found = datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


class CancelForm(Form):
    """Why a session does not take place; one need not say."""

    reason = LongTextField(lazy("Your reason (you need not give one)"), [Optional(), Length(max=2000)])


class HourField(StringField):  # type: ignore[misc]
    """A time of the day, ``08:30``, ``8h30``, ``830`` or ``8``; ``data`` counts minutes from midnight up to 24:00."""

    _FORM = re.compile(r"(\d{1,2})(?:[:hg.]?(\d{2})|[:hg.])?", re.IGNORECASE)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        self.data = None
        self.typed = valuelist[0].strip() if valuelist else ""
        if not self.typed:
            return
        found = self._FORM.fullmatch(self.typed.replace(" ", ""))
        minutes = int(found[1]) * 60 + int(found[2] or 0) if found else WHOLE_DAY + 1
        if minutes > WHOLE_DAY or (found and int(found[2] or 0) > 59):
            raise ValueError(_("Write the time as hh:mm, such as 08:30."))
        self.data = minutes

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return str(self.typed)
        return "" if self.data is None else f"{self.data // 60:02}:{self.data % 60:02}"


SPANS_A_DAY = 2
"""Spans that the form of the week has for each day: most have one before noon and one after."""


class WeekForm(Form):
    """A mentor's week: two spans a day, ``from_0_1`` to ``to_0_1`` being the first of Monday; empty is not free."""

    def pairs(self) -> list[tuple[int, Any, Any]]:
        """Return weekday and the two fields of every span."""
        return [
            (weekday, self[f"from_{weekday}_{number}"], self[f"to_{weekday}_{number}"])
            for weekday in range(7)
            for number in range(1, SPANS_A_DAY + 1)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Want both ends of a span or neither."""
        valid = bool(super().validate(extra_validators))
        for _weekday, begins, ends in self.pairs():
            for here, there in ((begins, ends), (ends, begins)):
                if here.data is None and not here.errors and there.data is not None:
                    here.errors = [_("Write both times, or neither.")]
                    valid = False
        return valid


for _weekday in range(7):
    for _number in range(1, SPANS_A_DAY + 1):
        setattr(WeekForm, f"from_{_weekday}_{_number}", HourField(lazy("from"), [Optional()]))
        setattr(WeekForm, f"to_{_weekday}_{_number}", HourField(lazy("to"), [Optional()]))


class DayForm(Form):
    """A day that differs from the week."""

    day = DayField(lazy("Day"), [InputRequired()])
    kind = RadioField(lazy("On this day"), [DataRequired()], default="away")
    begins = HourField(lazy("from"), [Optional()])
    ends = HourField(lazy("to"), [Optional()])

    def offer_choices(self) -> "DayForm":
        """Fill in the choices."""
        self.kind.choices = options(
            [("away", _("I am away the whole day")), ("free", _("I am free at other hours than usual"))]
        )
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Want both times where there are to be hours."""
        valid = bool(super().validate(extra_validators))
        for field in (self.begins, self.ends) if self.kind.data == "free" else ():
            if field.data is None and not field.errors:
                field.errors = [_("Write from when to when you are free.")]
                valid = False
        return valid


class FiguresForm(Form):
    """A team's figures; what is left empty is not reported."""

    customers = IntegerField(lazy("Customers"), _COUNT)
    jobs = IntegerField(lazy("Jobs"), _COUNT)
    revenue_vnd = MoneyField(lazy("Revenue (đồng)"), [Optional()])

    def figures(self) -> dict[str, int]:
        """Return the figures that were filled in."""
        given: dict[str, Any] = {key: self[key].data for key in FIGURES}
        return {key: value for key, value in given.items() if value is not None}


class LogForm(FiguresForm):
    """What a mentor writes down after a session."""

    rag = RadioField(lazy("How the team stands"), [DataRequired()])
    shared_note = LongTextField(lazy("Note for team and incubator"), [Optional(), Length(max=5000)])
    next_steps = LongTextField(lazy("Next steps"), [Optional(), Length(max=5000)])
    milestone = SelectField(lazy("Milestone you worked on"), [Optional()])
    milestone_met = BooleanField(lazy("This milestone is met"))
    private_note = LongTextField(lazy("Private note: only you read it"), [Optional(), Length(max=5000)])

    def offer_choices(self, milestones: list[tuple[str, str]]) -> "LogForm":
        """Fill in the choices; ``milestones`` are (code, label) pairs."""
        self.rag.choices = options((key, _(label)) for key, label in RAG.items())
        self.milestone.choices = options([("", _("none")), *milestones])
        return self


class AbsenceForm(Form):
    """Who did not come."""

    missed_by = RadioField(lazy("Who did not come?"), [DataRequired()])

    def offer_choices(self) -> "AbsenceForm":
        """Fill in the choices."""
        self.missed_by.choices = options((key, _(label)) for key, label in MISSED_BY.items())
        return self
