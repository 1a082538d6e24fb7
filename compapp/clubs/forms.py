"""The forms of a club's pages. They check shape; limits live in the services."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from compapp.clubs.lifecycle import AUDIENCES, KINDS, OF_MEMBERS, OFFICES, ROLES, TOPICS
from compapp.clubs.services import SUBJECT_MOST, TEXT_MOST, ActivityPlan
from compapp.clubs.terms import current_term, term_name, terms_to_choose
from compapp.web.forms import Form, LongTextField, MomentField, TextField, options
from compapp.web.i18n import _, lazy, localized


class CohortForm(Form):
    """The cohort of a term with what it aims at."""

    term = SelectField(lazy("Term"))
    size = IntegerField(lazy("Members planned"), [InputRequired()])
    goal_entries = IntegerField(lazy("Goal: entries handed in"), [InputRequired()])

    def offer(self, known: Sequence[str], today: date) -> Self:
        """Offer the terms around ``today`` and those that the club knows; the newest known stands first chosen."""
        self.term.choices = options((code, localized(term_name(code))) for code in terms_to_choose(today, known))
        self.term.data = self.term.data or (known[0] if known else current_term(today))
        return self


class InvitationForm(Form):
    """An address to be asked into the cohort, or to advise the club."""

    email = TextField(lazy("E-mail address"), [InputRequired(), Length(max=254)])
    name = TextField(lazy("Full name"), [InputRequired(), Length(max=200)])


class OfficeForm(InvitationForm):
    """An address to be asked to advise the club, or to manage it with the others."""

    role = SelectField(lazy("As"))

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.role.choices = options((role, _(label)) for role, label in OFFICES.items())


class CohortMessageForm(Form):
    """Words to the whole cohort, in English too where the manager wants."""

    subject = TextField(lazy("Subject"), [InputRequired(), Length(max=SUBJECT_MOST)])
    text = LongTextField(lazy("Message"), [InputRequired(), Length(max=TEXT_MOST)])
    subject_en = TextField(lazy("Subject in English"), [Optional(), Length(max=SUBJECT_MOST)])
    text_en = LongTextField(lazy("Message in English"), [Optional(), Length(max=TEXT_MOST)])


class RoleForm(Form):
    """What a member is in the club this term."""

    role = SelectField(lazy("Role in the club"))

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.role.choices = options((role, _(label)) for role, label in ROLES.items())


class StudentRecordForm(Form):
    """Where somebody studies."""

    faculty = TextField(lazy("Faculty"), [InputRequired(), Length(max=120)])
    class_name = TextField(lazy("Class"), [InputRequired(), Length(max=60)])
    number = TextField(lazy("Student number"), [InputRequired(), Length(max=40)])


class JoinForm(Form):
    """A request to join."""

    text = LongTextField(lazy("Why you would like to join"), [Optional(), Length(max=500)])


class AnswerForm(Form):
    """An answer to a request to join."""

    answer = LongTextField(lazy("Reason"), [Optional(), Length(max=500)])


class CodeForm(Form):
    """The code that the room shows, typed or scanned."""

    code = TextField(lazy("Code in the room"), [InputRequired(), Length(max=40)])


class CancellationForm(Form):
    """Why an activity does not take place."""

    reason = LongTextField(lazy("Reason"), [InputRequired(), Length(max=500)])


class ActivityForm(Form):
    """What a manager says of an activity."""

    title_vi = TextField(lazy("Title of the activity"), [InputRequired(), Length(max=150)])
    title_en = TextField(lazy("Title in English"), [Optional(), Length(max=150)])
    kind = SelectField(lazy("Kind of activity"))
    topic = SelectField(lazy("Topic"), [Optional()])
    starts_at = MomentField(lazy("Begins"), [InputRequired()])
    ends_at = MomentField(lazy("Ends"), [InputRequired()])
    place = TextField(lazy("Where it takes place"), [InputRequired(), Length(max=200)])
    link = TextField(lazy("Address of the online meeting"), [Optional(), Length(max=500)])
    host_name = TextField(lazy("Who leads it"), [Optional(), Length(max=200)])
    summary_vi = LongTextField(lazy("What happens there"), [Optional(), Length(max=2000)])
    summary_en = LongTextField(lazy("What happens there, in English"), [Optional(), Length(max=2000)])
    audience = RadioField(lazy("Who may register"), default=OF_MEMBERS)
    capacity = IntegerField(lazy("Places"), [Optional(), NumberRange(1, 5000)])
    closes_at = MomentField(lazy("Registration closes"), [Optional()])
    points = IntegerField(lazy("Conduct points for attending"), [Optional(), NumberRange(0, 100)], default=0)

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.kind.choices = options((key, _(label)) for key, label in KINDS.items())
        self.topic.choices = options((key, _(label)) for key, label in TOPICS.items())
        self.audience.choices = options((key, _(label)) for key, label in AUDIENCES.items())

    def plan(self) -> ActivityPlan:
        """Return what was said; only of a form that is sound."""
        assert self.starts_at.data is not None and self.ends_at.data is not None
        return ActivityPlan(
            kind=self.kind.data,
            topic=self.topic.data or "",
            title_vi=self.title_vi.data,
            title_en=self.title_en.data or "",
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            place=self.place.data,
            link=self.link.data or "",
            host_name=self.host_name.data or "",
            summary_vi=self.summary_vi.data or "",
            summary_en=self.summary_en.data or "",
            audience=self.audience.data,
            capacity=self.capacity.data,
            closes_at=self.closes_at.data,
            points=self.points.data or 0,
        )
