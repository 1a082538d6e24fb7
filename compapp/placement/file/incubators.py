"""The ``incubators`` section: organisations that take teams, each with its intake."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from compapp.accounts.services import ensure_organisation
from compapp.contests.definition import moment
from compapp.contests.file import registry
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext, Section
from compapp.contests.file.sections.bodies import names
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.core.text import N_
from compapp.placement.models import Intake

Json = Mapping[str, Any]

USUAL_WINDOW = timedelta(days=21)
USUAL_ANSWER_DAYS = 7
KIND = "incubator"


def check(data: Sequence[Json], _document: Json) -> list[Fault]:
    """Return a fault for every incubator with more places in use, or reserved, than there are."""
    faults: list[Fault] = []
    for index, piece in enumerate(data):
        occupied, reserved = piece.get("occupied") or 0, piece.get("reserved") or {}
        if occupied > piece["capacity"]:
            faults.append(
                Fault(f"incubators[{index}].occupied", N_("There are not more places in use than there are places."))
            )
        if sum(reserved.values()) > piece["capacity"]:
            faults.append(Fault(f"incubators[{index}].reserved", N_("More places are reserved than there are.")))
        for sector in reserved:
            if "sectors" in piece and sector not in piece["sectors"]:
                path = f"incubators[{index}].reserved.{sector}"
                faults.append(Fault(path, N_("The incubator does not take this sector.")))
    return faults


def load(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    """Add the incubators with their intakes; an intake without a window gets three weeks after the last round."""
    for position, piece in enumerate(data):
        host = context.organisation(piece.get("host"))
        incubator = ensure_organisation(
            KIND, *names(piece), parent_id=host.id if host else None, actor=context.actor, at=context.at
        )
        context.add_body("incubators", position, piece, incubator)
        opens_at, closes_at = _window(piece, context.document, contest)
        intake = Intake(
            contest_id=contest.id,
            incubator_id=incubator.id,
            code=piece["code"],
            position=position,
            capacity=piece["capacity"],
            occupied=piece.get("occupied", 0),
            taken=0,
            sectors=list(piece.get("sectors") or ()),
            opens_at=opens_at,
            closes_at=closes_at,
            offer_valid_days=piece.get("offer_valid_days", USUAL_ANSWER_DAYS),
            months=piece.get("months"),
            definition=dict(piece),
        )
        session().add(intake)
        context.keep("intake", piece["code"], intake)
    session().flush()


def _window(piece: Json, document: Json, contest: Contest) -> tuple[datetime, datetime]:
    window = piece.get("intake") or {}
    opens, closes = moment(window.get("opens")), moment(window.get("closes"))
    if opens is not None and closes is not None:
        return opens, closes
    ends = [moment(round_.get("closes")) for round_ in document.get("rounds") or ()]
    last = max([contest.closes_at, *(end for end in ends if end is not None)])
    return last, last + USUAL_WINDOW


def write(contest: Contest) -> list[Any]:
    """Return the incubators as they stand, in the file's order."""
    statement = select(Intake.definition).where(Intake.contest_id == contest.id)
    return list(session().scalars(statement.order_by(Intake.position, Intake.id)))


SECTION = Section("incubators", registry.INCUBATORS, check, load, write, definition=True)
