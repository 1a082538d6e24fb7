"""The forms of the workspace; they parse, services judge."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, SubmitField
from wtforms.validators import InputRequired, Length, Optional

from compapp.contests.policy import GRANTABLE, ROLES
from compapp.web.forms import Form, LongTextField, MomentField, TextField
from compapp.web.i18n import _, lazy


class ContestForm(Form):
    """A new contest, to be filled in as a draft."""

    organiser = SelectField(lazy("Organised by"), coerce=int)
    code = TextField(lazy("Code"), validators=[InputRequired(), Length(max=60)])
    title_vi = TextField(lazy("Name in Vietnamese"), validators=[InputRequired(), Length(max=290)])
    title_en = TextField(lazy("Name in English"), validators=[InputRequired(), Length(max=290)])
    launch_at = MomentField(lazy("Launch; entries open"), validators=[InputRequired()])
    closes_at = MomentField(lazy("Entries close"), validators=[InputRequired()])


class ImportForm(Form):
    """A contest file, to be checked or imported."""

    file = FileField(lazy("Contest file"), validators=[FileRequired()])
    code = TextField(lazy("Another code"), validators=[Optional(), Length(max=60)])
    shift_to = DateField(lazy("Move the launch to this day"), validators=[Optional()])
    check_only = SubmitField(lazy("Check only"))


class CloneForm(Form):
    """Next year's contest from this one."""

    code = TextField(lazy("Code of the new contest"), validators=[InputRequired(), Length(max=60)])
    title_vi = TextField(lazy("Name in Vietnamese"), validators=[Length(max=290)])
    title_en = TextField(lazy("Name in English"), validators=[Length(max=290)])
    launch = DateField(lazy("Launch day"), validators=[InputRequired()])


class RoleForm(Form):
    """A role for a person known by e-mail address."""

    email = TextField(lazy("E-mail address"), validators=[InputRequired(), Length(max=254)])
    name = TextField(lazy("Full name"), validators=[InputRequired(), Length(max=150)])
    role = SelectField(lazy("Role"), validators=[InputRequired()])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.role.choices = [(role, _(ROLES[role])) for role in GRANTABLE]


class ReasonForm(Form):
    """A reason that people will read."""

    reason = LongTextField(lazy("Reason"), validators=[InputRequired(), Length(max=2000)])


class ExtensionForm(ReasonForm):
    """A later deadline for everybody."""

    closes_at = MomentField(lazy("New deadline"), validators=[InputRequired()])


class RevisionForm(Form):
    """An edited definition file."""

    file = FileField(lazy("Edited definition"), validators=[FileRequired()])
    reason = LongTextField(lazy("Reason"), validators=[Length(max=2000)])


def calendar_form(moments: Sequence[tuple[str, str, datetime]]) -> Form:
    """Return a form with a field per moment: ``(key, label, present value)``; :func:`typed_moments` reads it."""
    fields: dict[str, Any] = {
        f"moment_{index}": MomentField(label, validators=[InputRequired()])
        for index, (_key, label, _at) in enumerate(moments)
    }
    fields["reason"] = LongTextField(lazy("Reason"), validators=[Length(max=2000)])
    made: type[Form] = type("CalendarForm", (Form,), fields)
    return made(data={f"moment_{index}": at for index, (_key, _label, at) in enumerate(moments)})


def typed_moments(form: Form, moments: Sequence[tuple[str, str, datetime]]) -> dict[str, datetime]:
    """Return the moments that were changed, by key (a minute is the finest that a form can say)."""
    changed: dict[str, datetime] = {}
    for index, (key, _label, at) in enumerate(moments):
        typed: datetime = form[f"moment_{index}"].data.astimezone(UTC)
        if typed != at.astimezone(UTC).replace(second=0, microsecond=0):
            changed[key] = typed
    return changed
