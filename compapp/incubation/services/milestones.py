"""Milestones and figures: reported by the team, confirmed by mentor or manager, asked for in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from compapp.accounts.queries import managers_of
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.errors import Invalid
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries.queries import people_of
from compapp.incubation import notifications, policy, queries
from compapp.incubation.lifecycle import MILESTONE
from compapp.incubation.models import Milestone, Residency
from compapp.incubation.services.figures import figure_faults, keep_figures
from compapp.placement.services.rights import MOST_REASON, must, reason_of


def report_milestone(milestone: Milestone, *, note: str, actor: Actor, at: datetime) -> None:
    """Say as the team that a milestone is reached; mentors and managers are asked to confirm."""
    residency = milestone.residency
    must(policy.may_report(actor, queries.facts_of_residency(actor, residency)))
    words = nfc(note).strip()[:MOST_REASON]
    move(milestone, MILESTONE, "report", actor=actor, at=at, contest_id=residency.contest_id, note=words)
    notifications.milestone_reported(milestone, _judges(residency), at=at)


def confirm_milestone(milestone: Milestone, *, actor: Actor, at: datetime) -> None:
    """Confirm as mentor or manager that a milestone is met."""
    residency = milestone.residency
    must(policy.may_confirm(actor, queries.facts_of_residency(actor, residency)))
    move(milestone, MILESTONE, "confirm", actor=actor, at=at, contest_id=residency.contest_id, met_at=at)
    notifications.milestone_answered(milestone, met=True, note="", at=at)


def return_milestone(milestone: Milestone, *, reason: str, actor: Actor, at: datetime) -> None:
    """Send a reported milestone back with what is missing."""
    residency = milestone.residency
    must(policy.may_confirm(actor, queries.facts_of_residency(actor, residency)))
    words = reason_of(reason)
    move(milestone, MILESTONE, "return", actor=actor, at=at, contest_id=residency.contest_id, data={"reason": words})
    notifications.milestone_answered(milestone, met=False, note=words, at=at)


def drop_milestone(milestone: Milestone, *, reason: str, actor: Actor, at: datetime) -> None:
    """Drop a milestone that does not fit this team, with a reason."""
    residency = milestone.residency
    must(policy.may_run(actor, queries.facts_of_residency(actor, residency)))
    words = reason_of(reason)
    move(milestone, MILESTONE, "drop", actor=actor, at=at, contest_id=residency.contest_id, note=words)


def report_figures(residency: Residency, figures: Mapping[str, int], *, actor: Actor, at: datetime) -> None:
    """Report figures of this moment as the team (progress, and outcomes after graduation)."""
    must(policy.may_report(actor, queries.facts_of_residency(actor, residency)))
    faults = figure_faults(figures)
    if faults:
        raise Invalid(fields=faults)
    if not figures:
        raise Invalid(N_("Write at least one figure."))
    keep_figures(residency.id, figures, at=at)
    audit.record(
        "incubation.figures.report",
        residency,
        actor=actor,
        at=at,
        contest_id=residency.contest_id,
        data=dict(figures),
    )


def _judges(residency: Residency) -> list[int]:
    mentors = [one.mentor.person_id for one in queries.mentorships_of(residency.id, active_only=True)]
    return [*mentors, *managers_of(residency.incubator_id)]


def remind_of_milestones(*, at: datetime) -> int:
    """Remind of milestones 7 days before and once when late; return how many messages are new."""
    told = 0
    for milestone in queries.milestones_due(at):
        late = milestone.due_at < at
        people = people_of(milestone.residency.entry_id)
        if late:
            people = [*people, *_judges(milestone.residency)]
        told += notifications.milestone_due(milestone, people, late=late, at=at)
    return told


OUTCOMES = {6: timedelta(days=182), 12: timedelta(days=365)}
"""Months after graduation at which a team is asked how it does."""
ASK_WITHIN = timedelta(days=30)


def ask_for_outcomes(*, at: datetime) -> int:
    """Ask graduated teams for their outcome after 6 and 12 months, once each; return how many messages are new."""
    return sum(
        notifications.outcome_due(residency, months=months, at=at)
        for months, span in OUTCOMES.items()
        for residency in queries.graduated_between(at - span - ASK_WITHIN, at - span)
    )
