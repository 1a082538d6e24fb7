"""Shapes of what people type about decisions; limits are the services' business."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import DateField
from wtforms.validators import DataRequired, Length, Optional

from compapp.judging.services.awards import AwardChoice, Key
from compapp.web.forms import Form, MomentField, TextField
from compapp.web.i18n import lazy


class PublishForm(Form):
    """The signed decision, where there is one, and until when teams confirm their place."""

    number = TextField(lazy("Number of the decision"), validators=[Optional(), Length(max=60)])
    signed_on = DateField(lazy("Date of the decision"), validators=[Optional()])
    signer = TextField(lazy("Signed by"), validators=[Optional(), Length(max=200)])
    scan = FileField(lazy("Scan of the signed decision (PDF)"))
    confirm_by = MomentField(lazy("Teams confirm their place until"), validators=[Optional()])


class PaperForm(Form):
    """What the office gave a paper: number, date, signer, and a scan of it."""

    number = TextField(lazy("Number of the paper"), validators=[DataRequired(), Length(max=60)])
    signed_on = DateField(lazy("Date"), validators=[DataRequired()])
    signer = TextField(lazy("Signed by"), validators=[DataRequired(), Length(max=200)])
    scan = FileField(lazy("Scan of the signed paper (PDF)"))


def typed_lists(form: MultiDict[str, str]) -> dict[str, list[str]] | None:
    """Return the entries ticked per board, or None where the page offered none."""
    boards = form.getlist("board")
    if not boards:
        return None
    return {board: form.getlist(f"through-{board}") for board in boards}


def award_choices(form: Mapping[str, Any]) -> dict[Key, AwardChoice]:
    """Return a person's word on each prize that the page offered (``award-BOARD-AWARD-POSITION``)."""
    choices: dict[Key, AwardChoice] = {}
    for name, value in form.items():
        parts = name.split("|")
        if len(parts) != 4 or parts[0] != "award" or not parts[3].isdigit():
            continue
        key = (parts[1], parts[2], int(parts[3]))
        reason = str(form.get("|".join(["why", *parts[1:]]), ""))
        choices[key] = AwardChoice(str(value) or None, reason)
    return choices


def whole_numbers(form: Mapping[str, Any], prefix: str) -> tuple[dict[str, int], list[str]]:
    """Return the whole numbers typed under ``prefix`` by code, and the codes whose text is none."""
    read: dict[str, int] = {}
    wrong: list[str] = []
    for name, value in form.items():
        text = str(value).strip().replace(".", "").replace(" ", "")
        if not name.startswith(prefix) or not text:
            continue
        code = name.removeprefix(prefix)
        if text.isascii() and text.isdigit() and len(text) <= 10:
            read[code] = int(text)
        else:
            wrong.append(code)
    return read, wrong
