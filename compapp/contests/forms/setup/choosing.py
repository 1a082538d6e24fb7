"""What a field of the wizard lets one choose from, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from compapp.contests.setup.lists import BOARDS, PARTS, QUESTIONS, ROUNDS, RUBRICS, SECTORS
from compapp.web.i18n import _, localized

Pairs = list[tuple[str, str]]


def worded(words: Mapping[str, str], none: str | None = None) -> Pairs:
    """Return codes with their translated words; ``none`` (a msgid) is what the empty choice says."""
    first = [] if none is None else [("", _(none))]
    return [*first, *((code, _(text)) for code, text in words.items())]


def labelled(items: Iterable[Mapping[str, Any]], key: str = "code") -> Pairs:
    """Return the codes of a definition's items with their labels."""
    return [(str(one[key]), localized(one.get("label")) or str(one[key])) for one in items]


def boards(document: Mapping[str, Any]) -> Pairs:
    """Return the boards."""
    return labelled(BOARDS.items(document))


def rounds(document: Mapping[str, Any], none: str) -> Pairs:
    """Return the rounds after an empty choice."""
    return [("", _(none)), *labelled(ROUNDS.items(document))]


def rubrics(document: Mapping[str, Any], none: str) -> Pairs:
    """Return the rubrics after an empty choice."""
    return [("", _(none)), *labelled(RUBRICS.items(document))]


def parts(document: Mapping[str, Any], none: str) -> Pairs:
    """Return the parts of the form after an empty choice."""
    return [("", _(none)), *labelled(PARTS.items(document))]


def conditions(document: Mapping[str, Any], but: str = "") -> Pairs:
    """Return ``question=answer`` for every answer that a condition may ask for."""
    found: Pairs = []
    for field in QUESTIONS.items(document):
        if field["key"] == but:
            continue
        label = localized(field.get("label")) or field["key"]
        if field["type"] == "checkbox":
            found += [(f"{field['key']}=true", _("%(question)s: ticked", question=label))]
            found += [(f"{field['key']}=false", _("%(question)s: not ticked", question=label))]
        elif field["type"] in ("choice", "multichoice"):
            options = field.get("options") or _sourced(document, field.get("options_from"))
            found += [(f"{field['key']}={code}", f"{label}: {text}") for code, text in labelled(options)]
    return found


def _sourced(document: Mapping[str, Any], source: str | None) -> Iterable[Mapping[str, Any]]:
    return {"sectors": SECTORS, "boards": BOARDS}[source].items(document) if source in ("sectors", "boards") else ()
