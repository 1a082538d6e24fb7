"""Writing a contest file: import, then export, gives an equal JSON value."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from compapp.contests.file import registry
from compapp.contests.file.reader import KEPT_EMPTY, KEPT_SECTIONS
from compapp.contests.file.shape import schema
from compapp.contests.file.shift import shifted
from compapp.contests.models import Contest


def export(contest: Contest) -> dict[str, Any]:
    """Return the whole contest as the JSON value of a contest file."""
    document: dict[str, Any] = dict(contest.kept.get(KEPT_SECTIONS) or {})
    document["contest"] = {**contest.definition, "boards": [board.definition for board in contest.boards]}
    empty: Mapping[str, Any] = contest.kept.get(KEPT_EMPTY) or {}
    for section in registry.sections():
        data = _with_hollow(section.write(contest), empty.get(section.name, _LEAST.get(section.name)))
        if data is not None:
            document[section.name] = data
    return {name: document[name] for name in sorted(document, key=_place)}


def definition(contest: Contest) -> dict[str, Any]:
    """Return the definition sections alone: no people, entries, sheets or results are read for them."""
    document: dict[str, Any] = {"contest": {**contest.definition, "boards": [row.definition for row in contest.boards]}}
    empty: Mapping[str, Any] = contest.kept.get(KEPT_EMPTY) or {}
    for section in registry.sections():
        if section.definition:
            data = _with_hollow(section.write(contest), empty.get(section.name, _LEAST.get(section.name)))
            if data is not None:
                document[section.name] = data
    return {name: document[name] for name in sorted(document, key=_place)}


def clone_document(contest: Contest, code: str, launch: date) -> dict[str, Any]:
    """Return the definition of ``contest`` as the file of a new contest that is launched on ``launch``.

    Only definition sections are carried over: no people, entries, sheets or results.
    """
    kept: Mapping[str, Any] = contest.kept.get(KEPT_SECTIONS) or {}
    document = {name: data for name, data in kept.items() if name == "meta"} | definition(contest)
    document["contest"] = {**document["contest"], "code": code}
    document["contest"].pop("accepted_warnings", None)
    document["rounds"] = [
        {name: value for name, value in one.items() if name != "entry_byes"} for one in document.get("rounds") or ()
    ]
    return shifted(document, launch)


_LEAST: Mapping[str, Any] = {"form": {"fields": []}, "rubrics": [], "rounds": []}
"""Sections that every file has, even when there is nothing in them."""


def _with_hollow(data: Any, hollow: Any) -> Any:
    """Return a section's data with what was present but empty put back; None when there is nothing."""
    if not data:
        return hollow
    if isinstance(data, Mapping) and isinstance(hollow, Mapping):
        return {**hollow, **data}
    return data


def _place(name: str) -> tuple[int, str]:
    """Return where a section stands: in the schema's order."""
    order = list(schema()["properties"])
    return (order.index(name) if name in order else len(order), name)
