"""Whether somebody else has saved since the page was shown, and what both have written."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import request

from compapp.contests.forms.setup.binding import PieceForm, Rows
from compapp.web.filters import moment
from compapp.web.i18n import _

UNSEEN = 0
"""The version of a form that does not say which one it shows: older than every other, so it overwrites nothing."""


class Clash(NamedTuple):
    """One field in which what is saved by now differs from what was typed; both in words."""

    label: str
    saved: str
    typed: str


def seen_version() -> int:
    """Return the version that the sent form was made from; :data:`UNSEEN` where it names none."""
    version: int | None = request.form.get("version", type=int)
    return UNSEEN if version is None else version


def shown_version(now: int) -> int:
    """Return the version for the form of a page: of one that is shown again with its faults, the one it had."""
    return seen_version() if request.method == "POST" else now


def clashes(saved: PieceForm, typed: PieceForm) -> list[Clash]:
    """Return the fields that differ between the form as it is saved now and the one that was typed, in words."""
    found = (
        Clash(str(field.label.text), said(saved[name]) if name in saved else "", said(field))
        for name, field in typed._fields.items()
        if hasattr(field, "to_json")
    )
    return [one for one in found if one.saved != one.typed]


def said(field: Any) -> str:
    """Return the value of a field (of a list of rows, all of them) as people read it; empty for nothing."""
    if isinstance(field, Rows):
        return "\n".join(_row(entry.form) for entry in field.entries if not entry.form.is_blank())
    if field.type == "Flag":
        return _("Yes") if field.data else _("No")
    if getattr(field, "choices", None) is not None:
        chosen = field.data if isinstance(field.data, list) else [field.data or ""]
        return ", ".join(str(choice[1]) for choice in field.choices if choice[0] in chosen)
    if field.type == "Moment":
        return moment(field.data) if field.data else ""
    return str(field._value() if hasattr(field, "_value") else field.data or "")


def _row(form: Any) -> str:
    texts: Iterable[str] = (said(field) for field in form if hasattr(field, "to_json"))
    return " · ".join(text for text in texts if text)
