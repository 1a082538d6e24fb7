"""What a club says of an entry."""

from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from compapp.clubs.lifecycle import VERDICTS
from compapp.entries.services.nominations import NOTE_MOST
from compapp.web.forms import Form, LongTextField, options
from compapp.web.i18n import _, lazy


class ReviewForm(Form):
    """A club's word on an entry."""

    verdict = RadioField(lazy("What the club says"), [InputRequired()])
    note = LongTextField(lazy("Note to the team"), [InputRequired(), Length(max=NOTE_MOST)])

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.verdict.choices = options((key, _(label)) for key, label in VERDICTS.items())
