"""Mentoring sessions after they are booked: reminded of, logged, missed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from compapp.core.actor import Actor
from compapp.core.errors import Closed, Invalid, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.incubation import notifications, policy, queries
from compapp.incubation.lifecycle import MISSED, MISSED_BY, RAG, SESSION
from compapp.incubation.models import MentoringSession, Residency
from compapp.incubation.services.figures import figure_faults, keep_figures
from compapp.incubation.services.milestones import confirm_milestone
from compapp.placement.services.rights import must

MOST_TEXT = 5000


@dataclass(frozen=True, slots=True)
class SessionLog:
    """What a mentor writes down: ``rag`` green, amber or red; ``figures`` by key (whole numbers from 0).

    ``private_note`` stays with the mentor; ``milestone`` is a code of the team's, ``milestone_met`` confirms it.
    """

    rag: str
    shared_note: str = ""
    private_note: str = ""
    next_steps: str = ""
    milestone: str | None = None
    milestone_met: bool = False
    figures: Mapping[str, int] = field(default_factory=dict)


def log_session(one: MentoringSession, log: SessionLog, *, actor: Actor, at: datetime) -> None:
    """Log a session that took place, or correct its log: the session's mentor.

    Raises Refused for anybody else, Closed before it begins, Invalid for an unknown milestone or figure.
    """
    must(policy.may_log(actor, queries.facts_of_session(actor, one)))
    if at < one.starts_at:
        raise Closed(N_("This session has not begun yet."))
    residency = one.mentorship.residency
    _check_log(residency, log)
    move(
        one,
        SESSION,
        "log",
        actor=actor,
        at=at,
        contest_id=residency.contest_id,
        data={"rag": log.rag, "milestone": log.milestone, "figures": dict(log.figures)},
        rag=log.rag,
        shared_note=nfc(log.shared_note).strip(),
        private_note=nfc(log.private_note).strip(),
        next_steps=nfc(log.next_steps).strip(),
        milestone_code=log.milestone,
        logged_at=at,
    )
    keep_figures(residency.id, log.figures, at=one.starts_at, session_id=one.id)
    if log.milestone and log.milestone_met:
        _confirm(residency, log.milestone, actor, at)


def _check_log(residency: Residency, log: SessionLog) -> None:
    faults: dict[str, list[Sentence]] = {}
    if log.rag not in RAG:
        faults["rag"] = [(N_("Choose how the team stands."), {})]
    for name in ("shared_note", "private_note", "next_steps"):
        if len(getattr(log, name)) > MOST_TEXT:
            faults[name] = [(N_("Write at most %(most)s characters."), {"most": MOST_TEXT})]
    known = {one.code for one in queries.milestones_of(residency.id)}
    if log.milestone and log.milestone not in known:
        faults["milestone"] = [(N_("Choose one of the team’s milestones."), {})]
    faults |= figure_faults(log.figures)
    if faults:
        raise Invalid(fields=faults)


def _confirm(residency: Residency, code: str, actor: Actor, at: datetime) -> None:
    found = next(one for one in queries.milestones_of(residency.id) if one.code == code)
    if found.state in ("planned", "reported"):
        confirm_milestone(found, actor=actor, at=at)


def record_absence(one: MentoringSession, *, missed_by: str, actor: Actor, at: datetime) -> bool:
    """Note who did not come; the one concerned is reminded. Return whether another mentor is proposed now.

    Two sessions in a row missed by the mentor propose a change to the incubator's manager.
    """
    must(policy.may_change_booking(actor, queries.facts_of_session(actor, one)))
    if at < one.starts_at:
        raise Closed(N_("This session has not begun yet."))
    if missed_by not in MISSED_BY:
        raise Invalid(fields={"missed_by": [(N_("Say who did not come."), {})]})
    contest_id = one.mentorship.residency.contest_id
    data = {"missed_by": missed_by}
    move(one, SESSION, "miss", actor=actor, at=at, contest_id=contest_id, data=data, missed_by=missed_by, logged_at=at)
    notifications.session_missed(one, at=at)
    before = queries.session_before(one)
    twice = missed_by == "mentor" and before is not None and before.state == MISSED and before.missed_by == "mentor"
    if twice:
        notifications.mentor_change_proposed(one, at=at)
    return twice


REMIND_BEFORE = (24, 1)
"""Hours before a session at which both sides are reminded."""


def remind_of_sessions(*, at: datetime) -> int:
    """Remind mentors and teams 24 hours and 1 hour before; return how many messages are new.

    A session booked (or moved) at shorter notice is reminded of only in the spans that lay ahead then.
    """
    told = 0
    for hours in REMIND_BEFORE:
        within = timedelta(hours=hours)
        for one in queries.sessions_soon(at, within):
            nearer = min((timedelta(hours=h) for h in REMIND_BEFORE if h < hours), default=timedelta())
            if (one.moved_at or one.booked_at) <= one.starts_at - within and one.starts_at - at > nearer:
                told += notifications.session_reminder(one, hours=hours, at=at)
    return told
