"""A contest from draft to archive."""

from datetime import datetime, timedelta
from typing import Any

from compapp.accounts.models import Organisation
from compapp.contests.definition.rounds import SCORED
from compapp.contests.events import ContestAnnounced, ContestClosed
from compapp.contests.file.reader import load
from compapp.contests.file.sections.bodies import DEPARTMENT
from compapp.contests.lifecycle import CONTEST, DRAFT, PLANNED
from compapp.contests.models import Contest, ContestRole
from compapp.contests.policy import ORGANISER, may_create
from compapp.contests.services.rights import must_manage
from compapp.contests.services.setup import accepted_warnings, check_setup
from compapp.contests.setup import start
from compapp.contests.setup.checks import WARNING
from compapp.contests.setup.words import APPEAL_GROUNDS, CONFLICT_KINDS
from compapp.core import clock, events
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, Refused
from compapp.core.moves import move
from compapp.core.text import N_

_SCHOOLS = {"university", "university_campus", "college", "high_school", "lower_secondary"}
_ROUND_LASTS = timedelta(days=14)


def create_contest(
    code: str,
    title: dict[str, str],
    organiser: Organisation,
    *,
    launch_at: datetime,
    closes_at: datetime,
    actor: Actor,
    at: datetime,
) -> Contest:
    """Make a draft with one board, one round and a short form, to be filled in.

    Raises Refused for who may not make contests, ContestFileRefused for a bad code, title or time.
    """
    if not may_create(actor) or not (actor.is_system or actor.has(ORGANISER, ORGANISATION, organiser.id)):
        raise Refused(N_("Only organisers of this organisation may make a contest for it."))
    document = _minimal(code, title, organiser, launch_at, closes_at)
    contest = load(document, actor=actor, at=at)
    make_organiser(contest, actor, at)
    return contest


def make_organiser(contest: Contest, actor: Actor, at: datetime) -> None:
    """Make who brought a contest in its organiser; nothing for the system."""
    if actor.person_id is not None:
        role = ContestRole(contest_id=contest.id, person_id=actor.person_id, role=ORGANISER, definition={}, since=at)
        session().add(role)
        session().flush()


def _minimal(
    code: str, title: dict[str, str], organiser: Organisation, launch_at: datetime, closes_at: datetime
) -> dict[str, Any]:
    launch = clock.local(launch_at)

    def when(moment: datetime) -> dict[str, Any]:
        there = clock.local(moment)
        return {"at": there.isoformat(), "day": (there.date() - launch.date()).days}

    body = {"code": "BTC", "name": organiser.name}
    section = "bodies" if organiser.kind == DEPARTMENT else "institutions"
    if section == "institutions" and organiser.kind not in _SCHOOLS:
        section = "organisations"
    return {
        "contest": {
            "code": code,
            "title": title,
            "organiser": "BTC",
            "launch": when(launch_at),
            "submission": {
                "opens": when(launch_at),
                "closes": when(closes_at),
                "reminders_before": ["3d", "24h", "3h"],
            },
            "boards": [start.BOARD],
            "rules": {
                "one_team_per_person": True,
                "organisers_and_judges_may_not_enter": True,
                "aggregation": {"method": "mean", "decimals": 2, "rounding": "half_up"},
                "tie_break": [{"lower_spread": True}, {"chair_decision": True}],
                "judge_conflict_kinds": list(CONFLICT_KINDS),
                "appeal_window_hours": 72,
                "appeal_grounds": list(APPEAL_GROUNDS),
                "labels": {"judge_conflict_kinds": CONFLICT_KINDS, "appeal_grounds": APPEAL_GROUNDS},
            },
            "prizes": [],
        },
        section: [body if section == "bodies" else {**body, "kind": organiser.kind}],
        "form": {"fields": start.FIELDS, "attachments": []},
        "rubrics": [start.RUBRIC],
        "rounds": [
            {
                **start.ROUND,
                "opens": when(closes_at + timedelta(days=1)),
                "closes": when(closes_at + _ROUND_LASTS),
            }
        ],
    }


def announce_contest(contest: Contest, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Make a draft public. Invalid while something is missing, or a warning is answered by no reason.

    ``reason`` says why the open warnings are all right; it stands in the record. The system (an import at the command
    line) need not answer warnings. Raises Refused and Conflict as everywhere.
    """
    must_manage(actor, contest)
    found = check_setup(contest, at) if contest.state == DRAFT else []
    if any(one.level != WARNING for one in found):
        raise Invalid(
            N_("Something still keeps the contest from being announced. The check says what, and what to do.")
        )
    open_ = [one.key for one in found if one.key not in accepted_warnings(contest)]
    if open_ and not actor.is_system and not reason.strip():
        raise Invalid(fields={"reason": [(N_("Write why the warnings are all right."), {})]})
    data = {"warnings": open_, "reason": reason.strip()} if open_ and reason.strip() else None
    move(contest, CONTEST, "announce", actor=actor, at=at, contest_id=contest.id, data=data)
    events.emit(ContestAnnounced(actor, at, contest.id))


def close_contest(contest: Contest, *, actor: Actor, at: datetime) -> None:
    """Close the contest for entries: the clock does it at the deadline, not before.

    Where scoring began before an extension, the contest is being judged again at once.
    """
    if not actor.is_system:
        must_manage(actor, contest)
    if at < contest.closes_at:
        raise Invalid(N_("Entries are received until the deadline. Change the calendar first."))
    move(contest, CONTEST, "close", actor=actor, at=at, contest_id=contest.id)
    events.emit(ContestClosed(actor, at, contest.id))
    if any(row.kind in SCORED and row.state != PLANNED for row in contest.rounds):
        move(contest, CONTEST, "start_judging", actor=actor, at=at, contest_id=contest.id)


def conclude_contest(contest: Contest, *, actor: Actor, at: datetime) -> None:
    """Say that the results are decided (judging does it with the last publication)."""
    must_manage(actor, contest)
    move(contest, CONTEST, "decide", actor=actor, at=at, contest_id=contest.id)


def archive_contest(contest: Contest, *, actor: Actor, at: datetime) -> None:
    """Put a contest that is over into the archive; Invalid while entries are received."""
    must_manage(actor, contest)
    if contest.state == "open" and at < contest.closes_at:
        raise Invalid(N_("A contest that receives entries cannot be archived."))
    move(contest, CONTEST, "archive", actor=actor, at=at, contest_id=contest.id)
