"""Reading a contest file: everything is checked before anything is written."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from compapp.contests import lifecycle
from compapp.contests.definition.rounds import ELIGIBILITY
from compapp.contests.definition.times import moment
from compapp.contests.file import registry
from compapp.contests.file.faults import ContestFileRefused, Fault
from compapp.contests.file.references import duplicate_faults, reference_faults, window_faults
from compapp.contests.file.registry import ImportContext
from compapp.contests.file.rulings import ruling_faults
from compapp.contests.file.sections.structure import load_boards
from compapp.contests.file.shape import FIRST_YEAR, LAST_YEAR, MOST_FAULTS, normalised, shape_faults, text_faults
from compapp.contests.file.shift import shifted
from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.text import N_

KEPT_SECTIONS, KEPT_EMPTY = "sections", "empty"
"""Keys of ``contest.kept``: sections that no room claims, and what was present but empty."""


def parse(content: bytes | str) -> Any:
    """Return the JSON of a file's content; ContestFileRefused when it is none, or not in UTF-8."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ContestFileRefused([Fault("", N_("The file is not in UTF-8."))]) from None
    except _DoubleKey as error:
        fault = Fault("", N_("The key “%(key)s” stands twice in one object."), {"key": str(error)})
        raise ContestFileRefused([fault]) from None
    except json.JSONDecodeError as error:
        fault = Fault("", N_("This is not JSON: line %(line)s, column %(column)s."), _place(error))
        raise ContestFileRefused([fault]) from None
    except (ValueError, RecursionError):
        raise ContestFileRefused([Fault("", N_("This is not JSON that can be read."))]) from None


class _DoubleKey(Exception):
    """A key that stands twice."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in pairs:
        if key in read:
            raise _DoubleKey(key.encode(errors="replace").decode())
        read[key] = value
    return read


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _place(error: json.JSONDecodeError) -> dict[str, int]:
    return {"line": error.lineno, "column": error.colno}


def check(document: Any) -> list[Fault]:
    """Return every fault of a document: shape, references, ranges, contradictions; none means it can be loaded.

    The code of an existing contest is a fault too (this reads the database).
    """
    faults = faults_of(document)
    return faults or code_faults(document["contest"]["code"])


def faults_of(document: Any) -> list[Fault]:
    """Return every fault that a document has by itself, whatever contests exist here."""
    try:
        return _faults(document)
    except RecursionError:
        return [Fault("", N_("This is not JSON that can be read."))]


def _faults(document: Any) -> list[Fault]:
    faults = text_faults(document)
    if faults:
        return faults[:MOST_FAULTS]
    document = normalised(document)
    faults = shape_faults(document)
    if isinstance(document, Mapping):
        faults += duplicate_faults(document) + reference_faults(document)
    if not faults:
        faults += window_faults(document) + ruling_faults(document)
    if not faults:
        for section in registry.sections():
            if section.name in document:
                faults += section.check(document[section.name], document)
    if not faults:
        faults += registry.further_faults(document)
    return faults[:MOST_FAULTS]


def code_faults(code: str) -> list[Fault]:
    """Return a fault when a contest of this code exists."""
    if session().scalar(select(Contest.id).where(Contest.code == code)) is None:
        return []
    return [Fault("contest.code", N_("There is a contest with the code “%(code)s” already."), {"code": code})]


def load(
    document: Any,
    *,
    actor: Actor,
    at: datetime,
    shift_to: date | None = None,
    code: str | None = None,
) -> Contest:
    """Add the contest of a document, inside the caller's unit of work; ContestFileRefused, with nothing written.

    ``shift_to`` becomes the launch day and every time moves with it; ``code`` replaces the contest's code.
    """
    document = prepared(document, shift_to=shift_to, code=code)
    contest = _new_contest(document, at)
    context = ImportContext(contest, document, actor, at)
    load_boards(contest, document["contest"]["boards"], context)
    for section in registry.sections():
        if section.name in document:
            section.load(contest, document[section.name], context)
    organiser = context.organisation(document["contest"].get("organiser"))
    contest.organiser_id = organiser.id if organiser else None
    place_in_time(contest, document, at)
    session().flush()
    audit.record(
        "contests.contest.imported",
        contest,
        actor=actor,
        at=at,
        contest_id=contest.id,
        data={"code": contest.code, "sections": sorted(document)},
    )
    return contest


def place_in_time(contest: Contest, document: Mapping[str, Any], at: datetime) -> None:
    """Set the states of a contest that comes with entries, by what it holds and by its calendar at ``at``.

    A file holds no states: one without entries is a draft; sheets mean that judging has begun.
    """
    sheets: Mapping[str, Any] = document.get("sheets") or {}
    if not document.get("entries"):
        return
    contest.state = lifecycle.JUDGING if sheets else lifecycle.OPEN if at < contest.closes_at else lifecycle.CLOSED
    judged = {sheet["entry"] for found in sheets.values() for sheet in found}
    checked = judged.issuperset(item["code"] for item in document["entries"] if item.get("submitted"))
    for round_ in contest.rounds:
        if at >= round_.closes_at:
            done = round_.kind == ELIGIBILITY and bool(judged) and checked
            round_.state = lifecycle.ROUND_DECIDED if done else lifecycle.ROUND_CLOSED
        elif at >= round_.opens_at or sheets.get(round_.code):
            round_.state = lifecycle.ROUND_OPEN


def prepared(document: Any, *, shift_to: date | None = None, code: str | None = None) -> dict[str, Any]:
    """Return the document as it will be loaded (NFC, code replaced, shifted); ContestFileRefused for any fault."""
    if code is not None and isinstance(document, Mapping) and isinstance(document.get("contest"), Mapping):
        document = {**document, "contest": {**document["contest"], "code": code}}
    faults = check(document)
    if shift_to is not None and not FIRST_YEAR <= shift_to.year <= LAST_YEAR:
        faults.append(Fault("contest.launch", N_("The launch day is too far away.")))
    if faults:
        raise ContestFileRefused(faults)
    document = normalised(document)
    return document if shift_to is None else shifted(document, shift_to)


def _new_contest(document: dict[str, Any], at: datetime) -> Contest:
    section = document["contest"]
    claimed = {one.name for one in registry.sections()} | {"contest"}
    contest = Contest(
        code=section["code"],
        title=section["title"],
        launch_at=moment(section["launch"]),
        opens_at=moment(section["submission"]["opens"]),
        closes_at=moment(section["submission"]["closes"]),
        definition=section,
        form=document["form"],
        rubrics=document["rubrics"],
        kept={
            KEPT_SECTIONS: {name: data for name, data in document.items() if name not in claimed},
            KEPT_EMPTY: {
                name: hollow
                for name, data in document.items()
                if name in claimed and (hollow := hollow_of(data)) is not None
            },
        },
        created_at=at,
    )
    session().add(contest)
    session().flush()
    return contest


def hollow_of(data: Any) -> Any:
    """Return what of a section is present but empty: itself, or its empty lists; None when nothing is."""
    if data in ([], {}):
        return data
    if isinstance(data, Mapping):
        return {key: item for key, item in data.items() if item == []} or None
    return None
