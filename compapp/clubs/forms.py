"""The forms of a club's page. They check shape; limits live in the services."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, Optional

from compapp.clubs.services import SUBJECT_MOST, TEXT_MOST
from compapp.web.forms import Form, LongTextField, TextField
from compapp.web.i18n import lazy


class CohortForm(Form):
    """The cohort of a term with what it aims at."""

    term = TextField(lazy("Term"), [InputRequired(), Length(max=40)])
    size = IntegerField(lazy("Members planned"), [InputRequired()])
    goal_entries = IntegerField(lazy("Goal: entries handed in"), [InputRequired()])


class CohortMemberForm(Form):
    """Somebody who joins the cohort."""

    email = TextField(lazy("E-mail address"), [InputRequired(), Length(max=254)])
    name = TextField(lazy("Full name"), [InputRequired(), Length(max=200)])


class CohortMessageForm(Form):
    """Words to the whole cohort."""

    subject = TextField(lazy("Subject"), [InputRequired(), Length(max=SUBJECT_MOST)])
    text = LongTextField(lazy("Message"), [Optional(), Length(max=TEXT_MOST)])
