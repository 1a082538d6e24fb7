"""Forms of incubation; they read and check shape, the services know the limits."""

from datetime import UTC, datetime
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from compapp.incubation.lifecycle import FIGURES, MISSED_BY, RAG
from compapp.web.forms import Form, LongTextField, MomentField, MoneyField, TextField, options
from compapp.web.i18n import _, lazy

_COUNT = [Optional(), NumberRange(min=0, max=10**9)]


class ReasonForm(Form):
    """A reason that must be given."""

    reason = LongTextField(lazy("Reason"), [DataRequired(), Length(max=2000)])


class NoteForm(Form):
    """Words that may be added."""

    note = LongTextField(lazy("What you want to say about it"), [Optional(), Length(max=2000)])


class BookingForm(Form):
    """A session to be booked."""

    mentorship = SelectField(lazy("Mentor"), [DataRequired()])
    starts_at = MomentField(lazy("Date and time"), [InputRequired()])
    minutes = IntegerField(lazy("Minutes"), [InputRequired()], default=60)
    place = TextField(lazy("Place or link"), [Optional(), Length(max=300)])
    topic = LongTextField(lazy("What it is about"), [Optional(), Length(max=2000)])


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
