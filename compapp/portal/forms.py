"""Forms of the gallery; they read and check shape, the services know the limits."""

from wtforms import SelectMultipleField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from compapp.web.forms import Form, LongTextField
from compapp.web.i18n import lazy


class ListingForm(Form):
    """Which answers the gallery shows besides title, one line and team."""

    answers = SelectMultipleField(
        lazy("Answers that everybody may read as well"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


class HidingForm(Form):
    """Why an entry is hidden."""

    reason = LongTextField(lazy("Reason (the team reads it)"), [DataRequired(), Length(max=2000)])
