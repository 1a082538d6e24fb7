"""Forms of placement; they read and check shape, the services know the limits."""

from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from compapp.web.forms import Form, LongTextField, MomentField
from compapp.web.i18n import lazy


class TermsForm(Form):
    """The terms of an intake."""

    capacity = IntegerField(lazy("Places in all"), [InputRequired()])
    occupied = IntegerField(lazy("Places in use already"), [InputRequired()])
    sectors = SelectMultipleField(
        lazy("Sectors you take"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    opens_at = MomentField(lazy("Teams can order their wishes from"), [InputRequired()])
    closes_at = MomentField(lazy("until"), [InputRequired()])
    offer_valid_days = IntegerField(lazy("Days a team has to answer an offer"), [InputRequired()])


class WishesForm(Form):
    """Only the token: the order is read from the ranked list's own fields."""


class RefusalForm(Form):
    """Why a team declines; it need not say."""

    reason = LongTextField(lazy("Your reason (you need not give one)"), [Optional(), Length(max=2000)])


class ReasonForm(Form):
    """A reason that must be given."""

    reason = LongTextField(lazy("Reason"), [DataRequired(), Length(max=2000)])


class HandForm(Form):
    """A place given by hand."""

    entry = SelectField(lazy("Team"), [DataRequired()])
    intake = SelectField(lazy("Incubator"), [Optional()])
    reason = LongTextField(lazy("Reason"), [DataRequired(), Length(max=2000)])
