"""The organiser's questions as a form: one control (or several) a question, filled and read back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, SelectField
from wtforms.validators import Length

from compapp.contests.definition import Choice, FormField
from compapp.contests.models import Contest
from compapp.core.errors import Sentence
from compapp.entries import answers as answer_rules
from compapp.entries.forms.controls import ChecksField
from compapp.entries.models import Entry
from compapp.entries.options import options_of
from compapp.web.forms import Form, LongTextField, TextField, options
from compapp.web.i18n import _, localized

PREFIX = "a-"


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
        pairs = [("", _("Please choose")), *labels(options_of(contest, field))]
        return SelectField(label, choices=options(pairs), validate_choice=False, **common)
    if field.type == "multichoice":
        return ChecksField(label, choices=options(labels(options_of(contest, field))), validate_choice=False, **common)
    if field.type == "ranked":
        pairs = labels(options_of(contest, field))
        return RanksField(label, pairs=pairs, places=min(field.max or 3, len(pairs)), description=description)
    if field.type == "checkbox":
        return BooleanField(label, description=description)
    if field.type == "consents":
        return ChecksField(label, choices=options(_purposes(field)), validate_choice=False, **common)
    if field.is_long:
        return LongTextField(label, [Length(max=field.max or answer_rules.MOST_TEXT)], **common)
    return TextField(label, [Length(max=field.max)] if field.max else [], **common)


def labels(options: Iterable[Choice]) -> list[tuple[str, str]]:
    """Return (code, label in the reader's language) of each option."""
    return [(option.code, localized(option.label)) for option in options]


def shown_choices(contest: Contest, fields: Iterable[FormField]) -> dict[str, dict[str, str]]:
    """Return field key to (code to label in the reader's language), so that pages show words and never codes."""
    return {
        field.key: dict(_purposes(field) if field.type == "consents" else labels(options_of(contest, field)))
        for field in fields
    }


def _purposes(field: FormField) -> list[tuple[str, str]]:
    if field.options:
        return labels(field.options)
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
