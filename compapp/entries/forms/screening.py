"""Forms of screening: what is decided about entries that are alike."""

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from compapp.entries.lifecycle import CASE_KINDS
from compapp.web.forms import Form, LongTextField, MomentField, options
from compapp.web.i18n import lazy

REASON = [DataRequired(), Length(max=2000)]
LATER, EARLIER = "later", "earlier"


class DismissForm(Form):
    """Why two entries are no copies of each other."""

    note = LongTextField(
        lazy("Why it is not a copy"), REASON, description=lazy("Other organisers read it; the teams do not.")
    )


class PursueForm(Form):
    """A case about one of two entries that are alike."""

    against = RadioField(
        lazy("Whose team is asked"),
        choices=options([(LATER, lazy("The later entry")), (EARLIER, lazy("The earlier entry"))]),
        default=LATER,
        validators=[DataRequired()],
    )
    kind = SelectField(
        lazy("What it is about"),
        choices=options([(key, lazy(CASE_KINDS[key])) for key in ("suspected_copy", "two_contests")]),
    )
    reason = LongTextField(
        lazy("What happened"), REASON, description=lazy("The team reads it word for word. Do not name other teams.")
    )
    due_at = MomentField(lazy("The team may answer until"), [Optional()])
