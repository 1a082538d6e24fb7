"""The page on which an official paper is edited. The words of the paper are Vietnamese."""

from wtforms.validators import InputRequired, Length

from compapp.contests.forms.setup.binding import Group, PieceForm, RowForm, Rows
from compapp.contests.forms.setup.fields import NOTHING, Line, Words
from compapp.core.text import N_
from compapp.web.forms import DayField
from compapp.web.i18n import lazy

Short, Long = Length(max=300), Length(max=30_000)


class Day(DayField):
    """A day, kept as ``yyyy-mm-dd``."""

    def of_json(self, value: object) -> object:
        """Return the day as people write it."""
        from datetime import date

        return date.fromisoformat(str(value)) if value else None

    def to_json(self, old: object) -> object:
        """Return the day's ISO text; nothing for none."""
        return self.data.isoformat() if self.data else NOTHING


class PersonRow(RowForm):
    """One person in the list of a paper."""

    key_name = ""
    name = Line(lazy("Full name"), [InputRequired(), Short])
    degree = Line(lazy("Degree"), [Short])
    position = Line(lazy("Position"), [Short])
    unit = Line(lazy("Unit"), [Short])
    duty = Line(lazy("Duty"), [Short])


class PaperForm(PieceForm):
    """An official paper."""

    superior_body = Line(lazy("Superior body"), [Short])
    issuing_body = Line(lazy("Issuing body"), [InputRequired(), Short])
    kind = Line(lazy("Kind of paper"), [InputRequired(), Short])
    number = Line(lazy("Number of the paper"), [Length(max=30)], description=lazy("Empty: the office fills it in."))
    sign = Line(lazy("Sign after the number"), [Length(max=60)], description=lazy("Such as QĐ-SKHCN."))
    place = Line(lazy("Place of issue"), [Short])
    dated = Day(lazy("Date"), description=lazy("Empty: the office fills it in."))
    abstract = Line(lazy("Abstract"), [InputRequired(), Length(max=1000)])
    grounds = Words(lazy("Grounds, one a line"), [Long])
    body = Words(
        lazy("Content"),
        [InputRequired(), Long],
        description=lazy("The line [danh sách] is the list of people."),
    )
    people = Rows(PersonRow, lazy("People listed"), most=200, add=lazy("Add a person"))
    authority = Line(lazy("On behalf of"), [Short])
    office = Line(lazy("Office of who signs"), [Short])
    signer = Line(lazy("Name of who signs"), [Short])
    recipients = Words(lazy("Recipients, one a line"), [Length(max=5000)])
    groups = (
        Group(
            N_("Head"),
            (("superior_body", "issuing_body"), ("number", "sign"), ("place", "dated"), "kind", "abstract"),
        ),
        Group(N_("Text of the paper"), ("grounds", "body")),
        Group(N_("List of people"), ("people",)),
        Group(N_("Foot"), (("office", "signer"), "authority", "recipients")),
    )
