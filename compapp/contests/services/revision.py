"""Changing what was fixed: freely in a draft, afterwards only with a reason that everybody is told."""

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from compapp.contests import notifications
from compapp.contests.definition import Calendar, CalendarPoint, moment, moved_moment
from compapp.contests.events import RulesChanged
from compapp.contests.file import writer
from compapp.contests.file.faults import ContestFileRefused, Fault
from compapp.contests.file.reader import faults_of
from compapp.contests.file.sections.bodies import apply_bodies, body_codes
from compapp.contests.file.sections.structure import new_round
from compapp.contests.file.shape import normalised
from compapp.contests.file.shift import launch_day
from compapp.contests.lifecycle import ARCHIVED, CLOSED, CONTEST, DRAFT, JUDGING
from compapp.contests.models import Board, Contest, RuleChange, Sector
from compapp.contests.plain import every_rule
from compapp.contests.policy import ROLES
from compapp.contests.queries.contests import contest_by_id
from compapp.contests.queries.roles import people_with_role
from compapp.contests.sayings import PlainRule
from compapp.contests.services.rights import must_manage
from compapp.core import audit, events
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.moves import move
from compapp.core.text import N_

_REASON: dict[str, list[Sentence]] = {"reason": [(N_("Write the reason. Every team will read it."), {})]}
_BODIES = ("institutions", "bodies", "organisations")
_REVISED = ("contest", "sectors", "form", "rubrics", "rounds", *_BODIES)
"""The sections that can be revised."""

_PARTS = {
    "contest": N_("the description of the contest"),
    "sectors": N_("the sectors"),
    "form": N_("help and details of the entry form"),
    "rubrics": N_("what marks mean on the score sheets"),
    "rounds": N_("details of the rounds"),
    "institutions": N_("the institutions that take part"),
    "bodies": N_("the organisers"),
    "organisations": N_("the partners"),
}
"""What people are told of a change that no rule in words speaks of."""


def definition_of(contest: Contest) -> dict[str, Any]:
    """Return a copy of the definition sections, to be edited and given to :func:`revise`."""
    return copy.deepcopy(writer.definition(contest))


def change_calendar(
    contest: Contest,
    moments: Mapping[str, datetime],
    *,
    reason: str = "",
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> RuleChange | None:
    """Set moments by key (``submission.closes``, ``round.R1.opens``, ``appeals.R1.closes``, ``launch.opens``, …).

    Raises as :func:`revise`.
    """
    must_be_what_was_seen(contest, version, actor)
    document = definition_of(contest)
    places = moment_places(document)
    launch = launch_day(document)
    if "launch.opens" in moments:
        holder, key = places["launch.opens"]
        holder[key] = moved_moment(holder[key], moments["launch.opens"], launch) | {"day": 0}
        launch = launch_day(document)
    for name, value in moments.items():
        holder, key = places[name]
        if name != "launch.opens" and moment(holder[key]) != value:
            holder[key] = moved_moment(holder[key], value, launch)
    return revise(contest, document, reason=reason, version=version, actor=actor, at=at)


def moment_places(document: Mapping[str, Any]) -> dict[str, tuple[dict[str, Any], str]]:
    """Return for each moment's key the object that holds it and the key there."""
    contest = document["contest"]
    holders: dict[str, dict[str, Any]] = {"submission": contest["submission"]}
    holders |= {f"round.{one['code']}": one for one in document["rounds"]}
    holders |= {f"appeals.{one['round']}": one for one in contest.get("appeals") or ()}
    holders |= {f"attachment.{one['key']}": one for one in document["form"].get("attachments") or ()}
    holders |= {f"section.{one['code']}": one for one in document["form"].get("sections") or ()}
    places = {
        f"{name}.{key}": (holder, key)
        for name, holder in holders.items()
        for key in ("opens", "closes")
        if key in holder
    }
    return places | {"launch.opens": (contest, "launch")}


def extend_deadline(
    contest: Contest, closes_at: datetime, reason: str, *, actor: Actor, at: datetime
) -> RuleChange | None:
    """Give everybody more time to submit; a contest that was closed by the clock is open again.

    Invalid unless the new deadline is later than the old one and lies ahead.
    """
    if closes_at <= max(at, contest.closes_at):
        raise Invalid(
            fields={"closes_at": [(N_("The new deadline must be later than the old one and lie ahead."), {})]}
        )
    change = change_calendar(contest, {"submission.closes": closes_at}, reason=reason, actor=actor, at=at)
    if contest.state in (CLOSED, JUDGING):
        move(contest, CONTEST, "reopen", actor=actor, at=at, contest_id=contest.id, data={"reason": reason})
    return change


def revise(
    contest: Contest,
    document: Any,
    *,
    reason: str = "",
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> RuleChange | None:
    """Replace the definition by that of ``document``; after the announcement a reason is needed and teams are told.

    A draft changes freely (returns None). Later boards, rounds and sectors may be added but not removed. Raises
    Refused, ContestFileRefused with every fault, Invalid without a reason or a change, or (``submission.closes``)
    where an announced deadline would be moved into the past, Conflict when somebody else has saved since ``version``.
    """
    must_be_what_was_seen(contest, version, actor)
    if contest.state == ARCHIVED:
        raise Invalid(N_("This contest is archived."))
    announced = contest.state != DRAFT
    reason = reason.strip()
    if announced and not reason:
        raise Invalid(fields=_REASON)
    document = _checked(contest, document, announced)
    if announced and _sure(document["contest"]["submission"]["closes"]) < min(at, contest.closes_at):
        raise Invalid(fields={"submission.closes": [(N_("The deadline cannot be moved into the past."), {})]})
    before = definition_of(contest)
    if all(before.get(name) == document.get(name) for name in _REVISED):
        raise Invalid(N_("Nothing was changed."))
    old = (Calendar.of(contest), every_rule(contest))
    take_version(contest, version)
    _apply(contest, document, announced)
    apply_bodies(contest, document, _BODIES, removing=not announced, actor=actor, at=at)
    difference = _difference(contest, *old)
    changed = [name for name in _REVISED if before.get(name) != document.get(name)]
    if not any(difference.values()):
        parts = [PlainRule(_PARTS[name]).as_json() for name in changed if name in _PARTS]
        difference["new"] = [PlainRule(N_("Details were changed: %(parts)s."), {"parts": parts}).as_json()]
    audit.record(
        "contests.contest.revised",
        contest,
        actor=actor,
        at=at,
        contest_id=contest.id,
        data={"reason": reason, "before": {name: before.get(name) for name in changed}},
    )
    return _tell(contest, difference, reason, actor, at) if announced else None


def _checked(contest: Contest, document: Any, announced: bool) -> dict[str, Any]:
    faults = faults_of(document)
    if faults:
        raise ContestFileRefused(faults)
    sound: dict[str, Any] = normalised(document)
    if sound["contest"]["code"] != contest.code:
        faults.append(Fault("contest.code", N_("The code of a contest cannot be changed.")))
    present = {
        "contest.boards": ({row.code for row in contest.boards}, sound["contest"]["boards"]),
        "rounds": ({row.code for row in contest.rounds}, sound["rounds"]),
        "sectors": ({row.code for row in contest.sectors}, sound.get("sectors") or []),
        "institutions": (body_codes(contest, "institutions"), sound.get("institutions") or []),
    }
    for path, (codes, items) in present.items():
        if announced:
            for code in sorted(codes - {item["code"] for item in items}):
                faults.append(Fault(path, N_("“%(code)s” cannot be removed any more."), {"code": code}))
    if faults:
        raise ContestFileRefused(faults)
    return sound


def must_be_what_was_seen(contest: Contest, version: int | None, actor: Actor) -> None:
    """Raise Refused without the right; Conflict for an older version, before anything is held against the newer."""
    must_manage(actor, contest)
    if version is not None and version != contest.version:
        raise Conflict(N_("This has changed in the meantime. Please look at how it stands now."))


def take_version(contest: Contest, version: int | None) -> None:
    """Count the version up, if it still is what the actor saw."""
    seen = contest.version if version is None else version
    session().flush()
    result: Any = session().execute(
        update(Contest)
        .where(Contest.id == contest.id, Contest.version == seen)
        .values(version=seen + 1)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        raise Conflict(N_("This has changed in the meantime. Please look at how it stands now."))
    session().refresh(contest)


def _apply(contest: Contest, document: dict[str, Any], announced: bool) -> None:
    section = document["contest"]
    contest.title, contest.definition = section["title"], section
    contest.launch_at = _sure(section["launch"])
    contest.opens_at = _sure(section["submission"]["opens"])
    contest.closes_at = _sure(section["submission"]["closes"])
    contest.form, contest.rubrics = document["form"], document["rubrics"]
    boards = {row.code: row for row in contest.boards}
    for position, piece in enumerate(section["boards"]):
        row = boards.pop(piece["code"], None)
        if row is None:
            contest.boards.append(Board(code=piece["code"], position=position, definition=piece))
        else:
            row.position, row.definition = position, piece
    _apply_rounds(contest, document["rounds"])
    _apply_sectors(contest, document.get("sectors") or [])
    if not announced:
        _remove_missing(contest, document)
    session().flush()
    session().refresh(contest, ["boards", "rounds", "sectors"])


def _apply_rounds(contest: Contest, pieces: list[dict[str, Any]]) -> None:
    rounds = {row.code: row for row in contest.rounds}
    for position, piece in enumerate(pieces):
        row = rounds.get(piece["code"])
        if row is None:
            contest.rounds.append(new_round(piece, position))
            continue
        row.position, row.kind, row.definition = position, piece["kind"], piece
        row.opens_at, row.closes_at = _sure(piece["opens"]), _sure(piece["closes"])


def _apply_sectors(contest: Contest, pieces: list[dict[str, Any]]) -> None:
    sectors = {row.code: row for row in contest.sectors}
    for position, piece in enumerate(pieces):
        priority = bool(piece.get("province_priority"))
        row = sectors.get(piece["code"])
        if row is None:
            added = Sector(code=piece["code"], position=position, province_priority=priority, definition=piece)
            contest.sectors.append(added)
        else:
            row.position, row.province_priority, row.definition = position, priority, piece


def _remove_missing(contest: Contest, document: dict[str, Any]) -> None:
    """Remove from a draft what its new definition no longer holds."""
    kept = {
        "boards": {piece["code"] for piece in document["contest"]["boards"]},
        "rounds": {piece["code"] for piece in document["rounds"]},
        "sectors": {piece["code"] for piece in document.get("sectors") or ()},
    }
    session().flush()
    for name, codes in kept.items():
        for row in list(getattr(contest, name)):
            if row.code not in codes:
                session().delete(row)


def _sure(value: object) -> datetime:
    read = moment(value)
    if read is None:
        raise ValueError("a checked document has all its moments")
    return read


def _difference(contest: Contest, calendar: Calendar, rules: Iterable[PlainRule]) -> dict[str, Any]:
    """Return what changed, as moments before and after and as sentences that are gone or new."""
    before = {point.key: point for point in calendar.points}
    after = {point.key: point for point in Calendar.of(contest).points}
    old = [rule.as_json() for rule in rules]
    new = [rule.as_json() for rule in every_rule(contest)]
    return {
        "moments": [
            {
                "msgid": point.msgid,
                "name": dict(point.name),
                "before": _window(before.get(key)),
                "after": _window(point),
            }
            for key, point in after.items()
            if _window(before.get(key)) != _window(point)
        ],
        "gone": [rule for rule in old if rule not in new],
        "new": [rule for rule in new if rule not in old],
    }


def _window(point: CalendarPoint | None) -> dict[str, str | None]:
    if point is None:
        return {"opens": None, "closes": None}
    return {
        "opens": point.opens_at.isoformat() if point.opens_at else None,
        "closes": point.closes_at.isoformat() if point.closes_at else None,
    }


def _tell(contest: Contest, difference: dict[str, Any], reason: str, actor: Actor, at: datetime) -> RuleChange:
    change = RuleChange(contest_id=contest.id, at=at, by_name=actor.name, reason=reason, change=difference)
    session().add(change)
    session().flush()
    staff = {person for role in ROLES for person in people_with_role(contest.id, role)}
    notifications.rules_changed(contest, change, to=sorted(staff - {actor.person_id}), at=at)
    events.emit(RulesChanged(actor, at, contest.id, change.id))
    return change


def tell_of_rule_change(change_id: int, people: Iterable[int], *, at: datetime) -> None:
    """Tell more people (the teams, by their room's listener) of a change of rules."""
    change = session().get(RuleChange, change_id)
    if change is not None:
        notifications.rules_changed(contest_by_id(change.contest_id), change, to=people, at=at)
