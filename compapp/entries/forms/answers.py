"""The organiser's questions as a form: one control (or several) a question, filled and read back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, SelectField
from wtforms.validators import Length

from compapp.contests.definition import Choice, FormField
from compapp.contests.models import Contest
from compapp.core.errors import Sentence
from compapp.entries import answers as answer_rules
from compapp.entries import structured
from compapp.entries.forms.controls import ChecksField
from compapp.entries.models import Entry
from compapp.entries.options import options_of
from compapp.web.forms import Form, LongTextField, TextField, options
from compapp.web.i18n import _, localized

PREFIX = "a-"
_OF_CODES = answer_rules.CODES | answer_rules.CODE_LISTS


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


class PartsField(Field):  # type: ignore[misc]
    """A table or a canvas: many controls, drawn by the page; ``data`` is the list of lines or the blocks."""

    def __init__(self, label: str, *, question: FormField, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.question = question

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was posted, else what is stored."""
        self.process_errors: list[str] = []
        self.data = data
        if formdata is not None:
            posted = _parts(self.question, formdata)
            self.data = data if posted is None else posted


def _parts(field: FormField, sent: Any) -> Any:
    """Return the posted parts of a table or canvas; None where the page had none of them."""
    head = f"{PREFIX}{field.key}."
    given = {name.removeprefix(head): sent.get(name) for name in sent if name.startswith(head)}
    if not given:
        return None
    if field.type == "canvas":
        return given
    lines: dict[int, dict[str, str]] = {}
    for name, text in given.items():
        number, _point, column = name.partition(".")
        if number.isascii() and number.isdigit() and len(number) < 4:
            lines.setdefault(int(number), {})[column] = text
    return [lines[number] for number in sorted(lines)]


def answers_form(entry: Entry, fields: Sequence[FormField], *, stored: Iterable[str] = ()) -> Form:
    """Return the form of the organiser's questions: filled with the entry's answers, and with what was posted.

    ``stored`` names questions that show what is saved even where something else was posted (a page that was old).
    """
    made = {field.key: _control(entry.contest, field) for field in fields}
    kind: Any = type("AnswersForm", (Form,), made)
    given: dict[str, Any] = {"data": {field.key: _shown(field, entry.answers.get(field.key)) for field in fields}}
    again = set(stored)
    if again:
        given["formdata"] = _with_stored(entry, [field for field in fields if field.key in again])
    form: Form = kind(prefix=PREFIX, **given)
    return form


def _with_stored(entry: Entry, fields: Sequence[FormField]) -> MultiDict[str, str]:
    sent = MultiDict(request.form)
    for field in fields:
        for name in [one for one in sent if one.startswith(PREFIX) and field_of(one) == field.key]:
            del sent[name]
        for name, text in control_pairs(field, entry.answers.get(field.key)):
            sent.add(name, text)
    return sent


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
    if field.type in structured.STRUCTURED:
        return PartsField(label, question=field, description=description)
    if field.type == "checkbox":
        return BooleanField(label, description=description)
    if field.type == "consents":
        return ChecksField(label, choices=options(_purposes(field)), validate_choice=False, **common)
    if field.is_long:
        limits = [] if field.max_words and not field.max else [Length(max=field.max or answer_rules.MOST_TEXT)]
        return LongTextField(label, limits, **common)
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


def control_pairs(field: FormField, value: Any) -> list[list[str]]:
    """Return the (name, text) pairs with which a page that shows ``value`` would send this question."""
    name, shown = PREFIX + field.key, _shown(field, value)
    if isinstance(shown, dict):
        return [[f"{name}.{key}", text] for key, text in shown.items()]
    if field.type == "table":
        return [
            [f"{name}.{number}.{key}", text_of_cell(field, key, cell)]
            for number, row in enumerate(shown or [])
            for key, cell in row.items()
        ]
    if shown is None or shown is False:
        return []
    if shown is True:
        return [[name, "y"]]
    return [[name, str(one)] for one in (shown if isinstance(shown, list) else [shown])]


def text_of_cell(field: FormField, key: str, cell: Any) -> str:
    """Return a cell as its control shows it: amounts with points, numbers with a comma."""
    column = next((one for one in field.columns if one.key == key), None)
    if column is None or isinstance(cell, str) or cell is None:
        return str(cell or "")
    return f"{cell:,}".replace(",", ".") if column.type == "money" else str(cell).replace(".", ",")


def field_of(name: str) -> str:
    """Return the key of the question that a control (``a-budget.0.item``) belongs to."""
    return name.removeprefix(PREFIX).split(".", 1)[0]


def typed_answers(fields: Iterable[FormField], sent: Any, *, only: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what was typed, key to JSON value, from a posted MultiDict; ``only`` names the changed controls.

    ``clean`` reads numbers, amounts and dates, so that a page and a script are judged alike.
    """
    wanted = None if only is None else {field_of(name) for name in only}
    values: dict[str, Any] = {}
    for field in fields:
        if wanted is not None and field.key not in wanted:
            continue
        given = sent.getlist(PREFIX + field.key)
        if field.type in structured.STRUCTURED:
            parts = _parts(field, sent)
            if parts is not None or wanted is not None:
                values[field.key] = parts or ([] if field.type == "table" else {})
        elif field.type == "checkbox":
            values[field.key] = bool(given)
        elif field.type == "consents":
            values[field.key] = {purpose: purpose in given for purpose in answer_rules.purposes_of(field)}
        elif field.type in answer_rules.CODE_LISTS:
            values[field.key] = [one for one in given if one]
        elif given:
            values[field.key] = given[0]
    return values


def shown_token(fields: Iterable[FormField], answers: Mapping[str, Any]) -> str:
    """Return what a page carries to tell later which questions its reader left as they were."""
    return ";".join(f"{field.key}={answer_rules.fingerprint(answers.get(field.key))}" for field in fields)


def untouched(contest: Contest, fields: Iterable[FormField], typed: Mapping[str, Any], token: str | None) -> set[str]:
    """Return the keys whose typed answer is what the page had shown: nobody meant to change them."""
    shown = dict(piece.partition("=")[::2] for piece in (token or "").split(";") if "=" in piece)
    left: set[str] = set()
    for field in fields:
        if field.key in typed and field.key in shown:
            codes = {option.code for option in options_of(contest, field)} if field.type in _OF_CODES else set()
            value, _fault = answer_rules.clean(field, typed[field.key], codes)
            if answer_rules.fingerprint(value) == shown[field.key]:
                left.add(field.key)
    return left


def place_errors(form: Form, errors: Mapping[str, Sentence]) -> None:
    """Put sentences on the questions they belong to."""
    for key, (msgid, params) in errors.items():
        if key in form._fields:
            form._fields[key].errors = [_(msgid, **params)]
