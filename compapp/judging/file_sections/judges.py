"""``judges``: seats in the jury, with their roles in the contest."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Body, Contest
from compapp.core.db import session
from compapp.judging.lifecycle import ACCEPTED, LEFT
from compapp.judging.models import Seat
from compapp.judging.queries.jury import seats_of
from compapp.judging.services.jury import grant_roles


def check_judges(_data: Any, _document: Mapping[str, Any]) -> list[Fault]:
    """Return no fault: shape, codes and references were checked before."""
    return []


def load_judges(contest: Contest, data: Sequence[Mapping[str, Any]], context: ImportContext) -> None:
    """Seat every judge as accepted, and give the roles judge and chair."""
    for item in data:
        person = context.person(item["name"], email=item.get("email"))
        institution = context.institution(item.get("institution"))
        affiliation = _affiliation(item, context)
        seat = Seat(
            contest_id=contest.id,
            person_id=person.id,
            code=item["code"],
            state=ACCEPTED,
            chair=bool(item.get("chair", False)),
            sectors=list(item.get("sectors") or []),
            institution_id=None if institution is None else institution.id,
            affiliation_id=None if affiliation is None else affiliation.id,
            max_load=item.get("max_load"),
            invited_at=context.at,
            answered_at=context.at,
            definition=dict(item),
        )
        session().add(seat)
        session().flush()
        grant_roles(seat, context.at)
        context.keep("seat", seat.code, seat)


def _affiliation(item: Mapping[str, Any], context: ImportContext) -> Organisation | None:
    """Return the judge's organisation; nothing for a code whose section no room has loaded."""
    try:
        return context.organisation(item.get("affiliation"))
    except KeyError:
        return None


def write_judges(contest: Contest) -> Any:
    """Return the jury as the file has it: judges who accepted, and those who left after judging."""
    codes = _codes(contest.id)
    seats = sorted(seats_of(contest.id), key=lambda seat: seat.id)
    items = [_item(seat, codes) for seat in seats if seat.state in (ACCEPTED, LEFT)]
    return items or None


def _codes(contest_id: int) -> dict[tuple[bool, int], str]:
    """Return codes of organisations in this contest: (is an institution, organisation id) to code."""
    bodies = session().scalars(select(Body).where(Body.contest_id == contest_id).order_by(Body.position.desc()))
    return {(body.section == "institutions", body.organisation_id): body.code for body in bodies}


def _item(seat: Seat, codes: Mapping[tuple[bool, int], str]) -> dict[str, Any]:
    """Return one judge: what the file said, with what the columns say now."""
    kept = dict(seat.definition)
    now: dict[str, Any] = {"code": seat.code, "name": kept.get("name", seat.person.name)}
    institution = codes.get((True, seat.institution_id or 0))
    affiliation = codes.get((False, seat.affiliation_id or 0)) or codes.get((True, seat.affiliation_id or 0))
    values = {
        "sectors": list(seat.sectors),
        "institution": institution,
        "affiliation": _same_or(kept.get("affiliation"), affiliation),
        "max_load": seat.max_load,
        "chair": seat.chair,
    }
    if seat.person.email and "email" in kept:
        now["email"] = kept["email"]
    elif seat.person.email and "name" not in kept:
        now["email"] = seat.person.email
    item = {**kept, **now}
    for key, value in values.items():
        if key in kept or value not in (None, [], False):
            item[key] = value
    return {key: value for key, value in item.items() if not (key == "max_load" and value is None)}


def _same_or(kept: Any, found: str | None) -> Any:
    """Keep the code that the file used; an organisation may have one in several sections."""
    return kept if kept is not None else found
