"""Importing, exporting and cloning whole contests; the answers are those of the command line."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from compapp.contests.file import reader, writer
from compapp.contests.file.faults import ContestFileRefused, Fault
from compapp.contests.file.shape import FIRST_YEAR, LAST_YEAR
from compapp.contests.models import Contest
from compapp.contests.policy import ORGANISER, may_create
from compapp.contests.queries.contests import contest_by_code
from compapp.contests.queries.roles import people_with_role
from compapp.contests.services.contests import make_organiser
from compapp.contests.services.rights import must_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.errors import Refused
from compapp.core.text import N_, nfc

_MAY_NOT = N_("Only organisers may bring in contests.")


def import_file(
    content: bytes | str, *, shift_to: date | None = None, code: str | None = None, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Import a contest file; return ``{"contest": CODE, "entries": n, "sheets": {"R1": n}}``.

    Raises Refused for who may not, ContestFileRefused (with every fault) and then nothing is written.
    """
    if not may_create(actor):
        raise Refused(_MAY_NOT)
    document = reader.parse(content)
    contest = import_document(document, shift_to=shift_to, code=code, actor=actor, at=at)
    sheets = document.get("sheets") or {}
    return {
        "contest": contest.code,
        "entries": len(document.get("entries") or ()),
        "sheets": {round_code: len(items) for round_code, items in sheets.items()},
    }


def import_document(
    document: Any, *, shift_to: date | None = None, code: str | None = None, actor: Actor, at: datetime
) -> Contest:
    """Import a parsed contest file; who brings it in becomes its organiser.

    Nobody brings in a contest in the name of an organisation that has organisers of its own here: ContestFileRefused.
    """
    if not may_create(actor):
        raise Refused(_MAY_NOT)
    contest = reader.load(document, actor=actor, at=at, shift_to=shift_to, code=code)
    staff = people_with_role(contest.id, ORGANISER)
    if staff and not actor.is_system and actor.person_id not in staff:
        sentence = N_("Only organisers of this organisation may make a contest for it.")
        raise ContestFileRefused([Fault("contest.organiser", sentence)])
    make_organiser(contest, actor, at)
    return contest


def export_file(code: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the contest as a contest file's JSON value; the export is audited, it holds people and scores.

    Raises NotFound, Refused.
    """
    contest = contest_by_code(code)
    must_manage(actor, contest)
    document = writer.export(contest)
    audit.record("contests.contest.exported", contest, actor=actor, at=at, contest_id=contest.id)
    return document


def clone_contest(
    code: str,
    new_code: str,
    launch: date,
    *,
    title: Mapping[str, str | None] | None = None,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Make a draft with the definition of another contest, its calendar moved to ``launch``.

    ``title`` replaces the contest's in the languages in which it says anything.

    Returns ``{"contest": NEW_CODE, "launch": DATE}``. Raises NotFound, Refused, ContestFileRefused.
    """
    contest = contest_by_code(code)
    must_manage(actor, contest)
    if not FIRST_YEAR <= launch.year <= LAST_YEAR:
        raise ContestFileRefused([Fault("contest.launch", N_("The launch day is too far away."))])
    document = writer.clone_document(contest, new_code, launch)
    said = {language: " ".join(nfc(text).split()) for language, text in (title or {}).items() if text}
    document["contest"]["title"] = {**document["contest"]["title"], **{key: text for key, text in said.items() if text}}
    clone = reader.load(document, actor=actor, at=at)
    make_organiser(clone, actor, at)
    data = {"from": contest.code}
    audit.record("contests.contest.cloned", clone, actor=actor, at=at, contest_id=clone.id, data=data)
    return {"contest": clone.code, "launch": launch.isoformat()}
