"""Carrying a wizard's form to the JSON of a definition and back.

The name of a field is its place: ``gates__min_total`` stands at ``gates.min_total`` of the piece that the form
edits (``places`` of the form says otherwise). Only what differs from what stands there is written, so that a page
that is saved unchanged changes nothing.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, ClassVar, NamedTuple

from wtforms import FieldList, FormField, HiddenField

from compapp.contests.forms.setup.fields import NOTHING, Moment, Pick
from compapp.contests.setup.lists import code_of
from compapp.web.forms import Form

Piece = dict[str, Any]


class Group(NamedTuple):
    """Some fields under a heading; a pair of names stands side by side. ``folded``: shut until it is needed.

    ``only``: the way of judging that the fields belong to; the page shows them while it is the chosen one.
    """

    title: str
    names: tuple[str | tuple[str, str], ...]
    help: str = ""
    folded: bool = False
    only: str = ""


class PieceForm(Form):
    """A form that edits a piece of the definition. ``groups`` is its layout; names left out are not shown."""

    groups: tuple[Group, ...] = ()
    places: Mapping[str, tuple[str, ...]] = {}
    root: ClassVar[tuple[str, ...]] = ()

    def offer(self, document: Piece, piece: Piece) -> None:
        """Fill in what can be chosen, from the definition; ``piece`` is what the form edits."""

    def ready(self, document: Piece, piece: Piece, launch: date) -> "PieceForm":
        """Offer the choices, among them what stands in the file; count the days of moments from ``launch``."""
        self.offer(document, piece)
        for field in leaves(self):
            if isinstance(field, Moment):
                field.launch = launch
        for name, field in self._fields.items():
            if isinstance(field, Pick):
                found, value = dig(piece, place_of(self, name))
                field.admit(field.of_json(value) if found else None)
        return self

    def store(self, document: Piece, piece: Piece) -> None:
        """Write what was typed into ``piece`` (a part of ``document``, or all of it)."""
        write(self, piece)

    def name_at(self, path: tuple[str, ...]) -> str | None:
        """Return the name of the field that stands at ``path`` or holds it; None for none."""
        for name in self._fields:
            place = place_of(self, name)
            if path[: len(place)] == place:
                return str(name)
        return None


class RowForm(PieceForm):
    """One row of a list inside a form. A row in which nothing was typed is left out."""

    key_name: ClassVar[str] = "code"
    label_name: ClassVar[str] = "label"

    origin = HiddenField()

    class Meta(PieceForm.Meta):
        """Rows carry no token of their own."""

        csrf = False

    def is_blank(self) -> bool:
        """Whether nothing was typed in this row."""
        return not any(
            field.data and not (field.default and field.data == field.default)
            for field in self
            if not isinstance(field, HiddenField) and field.type not in ("Flag", "Pick", "YesNo")
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the row, unless it is blank."""
        return self.is_blank() or bool(super().validate(extra_validators))


class Rows(FieldList):  # type: ignore[misc]
    """A list of rows: buttons add, move and remove them, without JavaScript."""

    def __init__(self, row: type[RowForm], label: Any = None, *, most: int = 60, add: Any = "", **options: Any) -> None:
        super().__init__(FormField(row), label, max_entries=most, **options)
        self.row, self.add_label = row, add

    def of_json(self, value: Any) -> Any:
        """Return what each row shows, and where it came from."""
        return [{**values_of(self.row, one), "origin": str(place)} for place, one in enumerate(value or ())]

    def to_json(self, old: Any) -> Any:
        """Return the items: each row's over the item it came from, new ones with a code of their own."""
        key = self.row.key_name
        taken = {str(one.get(key)) for one in old or ()}
        made: list[Piece] = []
        for form in (entry.form for entry in self.entries):
            if form.is_blank():
                continue
            piece = self._origin(form, old or [])
            write(form, piece)
            if key and not piece.get(key):
                piece = {key: code_of(piece.get(form.label_name) or {}, taken), **piece}
                taken.add(piece[key])
            made.append(piece)
        return made or ([] if old is not None else NOTHING)

    @staticmethod
    def _origin(form: Any, old: list[Piece]) -> Piece:
        """Return a copy of the item that a row came from; an empty one for a new row."""
        origin = form.origin.data or ""
        return deepcopy(old[int(origin)]) if origin.isdigit() and int(origin) < len(old) else {}


def field_at(form: PieceForm, path: tuple[str, ...]) -> Any | None:
    """Return the field that stands at ``path`` of the piece, within a row too; None for none."""
    name = form.name_at(path)
    if name is None:
        return None
    field = form[name]
    if not isinstance(field, Rows):
        return field
    number, *rest = path[len(place_of(form, name)) :] or ("",)
    rows = [entry.form for entry in field.entries if not entry.form.is_blank()]
    return field_at(rows[int(number)], tuple(rest)) if rest and number.isdigit() and int(number) < len(rows) else None


def place_of(form: Any, name: str) -> tuple[str, ...]:
    """Return where the field of this name stands."""
    found: tuple[str, ...] | None = form.places.get(name)
    return (*form.root, *(found or name.split("__")))


def leaves(form: Any) -> Iterator[Any]:
    """Yield the fields of a form and of its rows."""
    for field in form:
        if isinstance(field, Rows):
            for entry in field.entries:
                yield from leaves(entry.form)
        else:
            yield field


def values_of(form: Any, piece: Mapping[str, Any]) -> Piece:
    """Return what the fields of a form (or form class) show of ``piece``; absent keys are left to the defaults."""
    shown: Piece = {}
    blank = form(formdata=None) if isinstance(form, type) else form
    for name, field in blank._fields.items():
        found, value = dig(piece, place_of(blank, name))
        if hasattr(field, "of_json") and found and value is not None:
            shown[name] = field.of_json(value)
    return shown


def write(form: Any, piece: Piece) -> None:
    """Put what was typed into ``piece``; keys that no field knows stay."""
    for name, field in form._fields.items():
        if not hasattr(field, "to_json"):
            continue
        path = place_of(form, name)
        found, old = dig(piece, path)
        value = field.to_json(old if found else None)
        if value is NOTHING:
            if found and not (old is None or old in ([], "")):
                _drop(piece, path)
        elif found:
            if old != value or type(old) is bool is not type(value):
                _put(piece, path, value)
        elif value != (field.default if field.default is not None else False) and value != []:
            _put(piece, path, value)


def dig(piece: Any, path: tuple[str, ...]) -> tuple[bool, Any]:
    """Return whether something stands at ``path``, and what."""
    for step in path:
        if not isinstance(piece, Mapping) or step not in piece:
            return False, None
        piece = piece[step]
    return True, piece


def _put(piece: Piece, path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        piece = piece.setdefault(step, {})
    piece[path[-1]] = value


def _drop(piece: Piece, path: tuple[str, ...]) -> None:
    """Take a key out, and what it leaves empty behind it."""
    trail = [piece]
    for step in path[:-1]:
        trail.append(trail[-1][step])
    for holder, step in zip(reversed(trail), reversed(path), strict=True):
        holder.pop(step, None)
        if holder:
            return
