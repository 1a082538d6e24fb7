"""Forms of the entries room: they read and check shape; the services know the limits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField
from markupsafe import Markup
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from compapp.accounts.models import Organisation
from compapp.contests.definition import Choice, FormField
from compapp.contests.models import Contest
from compapp.core.errors import Sentence
from compapp.entries import answers as answer_rules
from compapp.entries.lifecycle import CASE_KINDS, ELIGIBLE, INELIGIBLE, NEEDS_FIX
from compapp.entries.models import Entry, TeamMember
from compapp.entries.options import options_of
from compapp.web.forms import DayField, Form, LongTextField, MomentField, TextField, options
from compapp.web.i18n import _, lazy, localized

PREFIX = "a-"
REASON = [DataRequired(), Length(max=2000)]


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick; none is ticked beforehand."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _Ranks:
    """Draws one selection box per place; they share one name, so the order is that of the boxes."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        boxes = []
        chosen: list[str] = list(field.data or [])
        for place in range(field.places):
            name = _("Choice %(place)s", place=place + 1)
            mark = f"{field.id}-{place}" if place else field.id
            boxes.append(Markup('<select id="{}" name="{}" aria-label="{}">').format(mark, field.name, name))
            boxes.append(Markup('<option value="">{}</option>').format(name + " –"))
            for code, label in field.pairs:
                here = Markup(" selected") if place < len(chosen) and chosen[place] == code else Markup("")
                boxes.append(Markup('<option value="{}"{}>{}</option>').format(code, here, label))
            boxes.append(Markup("</select>"))
        return Markup('<div class="stack">') + Markup("").join(boxes) + Markup("</div>")


class RanksField(TextField):
    """An ordered choice of up to ``places`` options."""

    widget = _Ranks()

    def __init__(self, label: str, *, pairs: Sequence[tuple[str, str]], places: int, **kwargs: Any) -> None:
        self.pairs, self.places = pairs, places
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the chosen codes in order, empty places left out."""
        self.data = [value for value in valuelist if value]


def answers_form(entry: Entry, fields: Sequence[FormField], *, values: Mapping[str, Any] | None = None) -> Form:
    """Return the form of the organiser's questions, filled with ``values`` (default: the entry's answers)."""
    made = {field.key: _control(entry.contest, field) for field in fields}
    kind: Any = type("AnswersForm", (Form,), made)
    given = dict(entry.answers if values is None else values)
    form: Form = kind(prefix=PREFIX, data={field.key: _shown(field, given.get(field.key)) for field in fields})
    return form


def _control(contest: Contest, field: FormField) -> Any:
    label, description = localized(field.label), localized(field.help)
    common: dict[str, Any] = {"description": description, "render_kw": {"required": False}}
    if field.type in {"choice", "reference"}:
        pairs = [("", _("Please choose")), *_labels(options_of(contest, field))]
        return SelectField(label, choices=options(pairs), validate_choice=False, **common)
    if field.type == "multichoice":
        return ChecksField(label, choices=options(_labels(options_of(contest, field))), validate_choice=False, **common)
    if field.type == "ranked":
        pairs = _labels(options_of(contest, field))
        return RanksField(label, pairs=pairs, places=min(field.max or 3, len(pairs)), description=description)
    if field.type == "checkbox":
        return BooleanField(label, description=description)
    if field.type == "consents":
        return ChecksField(label, choices=options(_purposes(field)), validate_choice=False, **common)
    if field.is_long:
        return LongTextField(label, [Length(max=field.max or answer_rules.MOST_TEXT)], **common)
    return TextField(label, [Length(max=field.max)] if field.max else [], **common)


def _labels(options: Iterable[Choice]) -> list[tuple[str, str]]:
    return [(option.code, localized(option.label)) for option in options]


def shown_choices(contest: Contest, fields: Iterable[FormField]) -> dict[str, dict[str, str]]:
    """Return field key to (code to label in the reader's language), so that pages show words and never codes."""
    return {
        field.key: dict(_purposes(field) if field.type == "consents" else _labels(options_of(contest, field)))
        for field in fields
    }


def _purposes(field: FormField) -> list[tuple[str, str]]:
    if field.options:
        return _labels(field.options)
    return [(key, _(label)) for key, label in answer_rules.PURPOSES.items()]


def _shown(field: FormField, value: Any) -> Any:
    """Return a stored value as its control shows it."""
    if field.type == "consents":
        return [key for key, given in (value or {}).items() if given]
    if field.type == "money" and isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    if field.type == "date" and isinstance(value, str):
        return "/".join(reversed(value.split("-")))
    if field.type == "number" and value is not None:
        return str(value).replace(".", ",")
    return value


def typed_answers(fields: Iterable[FormField], sent: Any, *, only: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what was typed, key to JSON value, from a posted MultiDict; ``only`` names the changed controls.

    ``clean`` reads numbers, amounts and dates, so that a page and a script are judged alike.
    """
    wanted = None if only is None else {name.removeprefix(PREFIX) for name in only}
    values: dict[str, Any] = {}
    for field in fields:
        if wanted is not None and field.key not in wanted:
            continue
        given = sent.getlist(PREFIX + field.key)
        if field.type == "checkbox":
            values[field.key] = bool(given)
        elif field.type == "consents":
            values[field.key] = {purpose: purpose in given for purpose in answer_rules.purposes_of(field)}
        elif field.type in answer_rules.CODE_LISTS:
            values[field.key] = [one for one in given if one]
        elif given:
            values[field.key] = given[0]
    return values


def place_errors(form: Form, errors: Mapping[str, Sentence]) -> None:
    """Put sentences on the questions they belong to."""
    for key, (msgid, params) in errors.items():
        if key in form._fields:
            form._fields[key].errors = [_(msgid, **params)]


def _schools(institutions: Iterable[Organisation]) -> Any:
    return options([("", _("Please choose")), *((str(one.id), localized(one.name)) for one in institutions)])


class StartForm(Form):
    """Where to enter, for which institution, with what idea."""

    title = TextField(lazy("Name of your idea"), [DataRequired(), Length(max=150)])
    board = RadioField(lazy("Board"), validators=[DataRequired()], choices=[])
    institution = SelectField(lazy("Your school"), choices=[], validate_choice=False)

    def offer(self, boards: Iterable[Choice], institutions: Iterable[Organisation]) -> "StartForm":
        """Set what can be chosen."""
        self.board.choices = options(_labels(boards))
        self.institution.choices = _schools(institutions)
        return self


class InviteForm(Form):
    """Whom to invite, and as what."""

    name = TextField(lazy("Full name"), [DataRequired(), Length(max=200)])
    email = TextField(
        lazy("E-mail address"),
        [Optional(), Length(max=254)],
        description=lazy("Leave it empty to send the link yourself, such as by Zalo."),
    )
    role = SelectField(
        lazy("Role in the team"), choices=options([("member", lazy("Member")), ("advisor", lazy("Advisor (teacher)"))])
    )


class MemberForm(Form):
    """What is kept about a member. The student number helps the school to confirm; judges never see it."""

    born = DayField(lazy("Date of birth"), description=lazy("Needed to know whether a guardian must agree."))
    institution = SelectField(lazy("School"), choices=[], validate_choice=False)
    class_name = TextField(lazy("Class"), [Optional(), Length(max=60)])
    student_number = TextField(lazy("Student number"), [Optional(), Length(max=40)])

    def offer(self, institutions: Iterable[Organisation]) -> "MemberForm":
        """Set what can be chosen."""
        self.institution.choices = _schools(institutions)
        return self

    def show(self, member: TeamMember) -> "MemberForm":
        """Fill the form with what is kept."""
        self.born.data = member.born
        self.institution.data = str(member.institution_id or "")
        self.class_name.data = member.class_name
        self.student_number.data = member.student_number
        return self


class GuardianForm(Form):
    """Which guardian to ask."""

    guardian_name = TextField(lazy("Name of the parent or guardian"), [DataRequired(), Length(max=200)])
    guardian_email = TextField(
        lazy("Their e-mail address"),
        [Optional(), Length(max=254)],
        description=lazy("Leave it empty to send the link yourself, such as by Zalo."),
    )


class GuardianAnswerForm(Form):
    """A guardian's answer; nothing is chosen beforehand."""

    answer = RadioField(
        lazy("Your answer"),
        choices=options([("given", lazy("I agree")), ("refused", lazy("I do not agree"))]),
        validators=[DataRequired()],
    )


class UploadForm(Form):
    """One file."""

    file = FileField(lazy("File"))


class LinkForm(Form):
    """One address."""

    link = TextField(lazy("Link"), [DataRequired(), Length(max=1000)], render_kw={"placeholder": "https://"})


class ReasonForm(Form):
    """A reason in words."""

    reason = LongTextField(lazy("Reason"), REASON)


class NeutralForm(ReasonForm):
    """A neutral copy made by hand."""

    file = FileField(lazy("Neutral copy"))


class DecisionForm(Form):
    """A decision on eligibility."""

    outcome = RadioField(
        lazy("Decision"),
        choices=options(
            [
                (ELIGIBLE, lazy("Eligible")),
                (NEEDS_FIX, lazy("Send back to be completed")),
                (INELIGIBLE, lazy("Not eligible")),
            ]
        ),
        validators=[DataRequired()],
    )
    reason = LongTextField(
        lazy("Reason"),
        [Length(max=2000)],
        description=lazy("The team reads it word for word. Needed unless the entry is eligible."),
    )


class ReopenForm(ReasonForm):
    """Until when a single entry is open again, and why."""

    until = MomentField(lazy("Open until"), [DataRequired()])


class CaseForm(Form):
    """A matter to be looked into."""

    kind = SelectField(
        lazy("What it is about"), choices=options([(key, lazy(label)) for key, label in CASE_KINDS.items()])
    )
    reason = LongTextField(
        lazy("What happened"), REASON, description=lazy("The team reads it word for word. Do not name other teams.")
    )
    due_at = MomentField(lazy("The team may answer until"), [Optional()])
    other = TextField(lazy("Code of the other entry, if there is one"), [Optional(), Length(max=60)])


class StatementForm(Form):
    """What a member says."""

    text = LongTextField(lazy("Your statement"), [DataRequired(), Length(max=5000)])


class SettleForm(Form):
    """How a case ends."""

    outcome = LongTextField(lazy("How the matter ends"), REASON)
    lead = SelectField(lazy("Who leads from now on"), coerce=str, choices=[], validate_choice=False)
    departed = ChecksField(lazy("Who has left the team"), coerce=str, choices=[], validate_choice=False)

    def offer(self, members: Iterable[TeamMember]) -> "SettleForm":
        """Set who can be chosen."""
        people = [(str(member.id), member.name) for member in members]
        self.lead.choices = options([("", _("No change")), *people])
        self.departed.choices = options(people)
        return self


class EndorsementForm(Form):
    """The school's note; needed to refuse."""

    note = TextField(lazy("Note to the team"), [Optional(), Length(max=500)])
