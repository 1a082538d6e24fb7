"""What differs between two versions of an entry, in words: shown to the team, and to the office that sent it back."""

from collections.abc import Sequence
from typing import Any

from compapp.contests.definition import FormField
from compapp.entries import queries
from compapp.entries.differences import pieces
from compapp.entries.forms import shown_choices
from compapp.entries.lifecycle import NEEDS_FIX
from compapp.entries.models import EligibilityDecision, Entry, EntryVersion
from compapp.entries.structured import STRUCTURED, Cell, laid_out
from compapp.web.filters import number
from compapp.web.i18n import _, localized


def since_sent_back(
    entry: Entry, newest: EntryVersion | None, decisions: Sequence[EligibilityDecision], fields: Sequence[FormField]
) -> list[dict[str, Any]] | None:
    """Return what a team changed after its entry was last sent back to be completed; None while it has not answered."""
    sent_back = next((one for one in decisions if one.outcome == NEEDS_FIX), None)
    if sent_back is None or newest is None or newest.submitted_at <= sent_back.decided_at:
        return None
    older = next((one for one in queries.versions_of(entry.id) if one.submitted_at <= sent_back.decided_at), None)
    if older is None:
        return None
    choices = shown_choices(entry.contest, fields)
    return changes_between(newest, older, choices, {field.key: field for field in fields})


def changes_between(
    newer: EntryVersion, older: EntryVersion, choices: dict[str, dict[str, str]], fields: dict[str, FormField]
) -> list[dict[str, Any]]:
    """Return what differs between two versions: key and the words kept, gone and new."""
    new, old = _flat(newer.content, choices, fields), _flat(older.content, choices, fields)
    return [
        {"key": key, "pieces": pieces(old.get(key, ""), new.get(key, ""))}
        for key in dict.fromkeys([*new, *old])
        if new.get(key) != old.get(key)
    ]


def _flat(content: dict[str, Any], choices: dict[str, dict[str, str]], fields: dict[str, FormField]) -> dict[str, str]:
    flat = {key: _words(value, choices.get(key, {}), fields.get(key)) for key, value in content["answers"].items()}
    flat |= {
        one["key"]: one["link"] or f"{one['file_name']} ({(one['sha256'] or '')[:12]})"
        for one in content["attachments"]
    }
    flat["team"] = ", ".join(member["name"] for member in content["team"])
    return flat


def _parts(field: FormField, value: Any) -> str:
    """Return a table or canvas as lines of text, so that its words can be compared."""
    layout = laid_out(field, value)
    lines = [" | ".join(_cell(cell) for cell in line) for line in layout.lines]
    return "\n".join(lines + [f"{localized(label)}: {text}" for label, text in layout.blocks if text])


def _cell(cell: Cell) -> str:
    if cell.label is not None:
        return localized(cell.label)
    return number(cell.value) if isinstance(cell.value, int | float) else str(cell.value or "–")


def _words(value: Any, labels: dict[str, str], field: FormField | None = None) -> str:
    """Return an answer as people read it: labels for codes, numbers as they are written here."""
    if field is not None and field.type in STRUCTURED:
        return _parts(field, value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        value = [key for key, given in value.items() if given]
    if isinstance(value, list):
        return ", ".join(labels.get(one, str(one)) for one in value)
    if isinstance(value, int | float):
        return number(value)
    return labels.get(value, str(value)) if isinstance(value, str) else ""
