"""Setting up a contest: the check before opening, and the reasons given for its warnings."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from compapp.contests.lifecycle import DRAFT
from compapp.contests.models import Contest, ContestRole
from compapp.contests.policy import APPROVER, CHAIR, JUDGE, SECRETARY
from compapp.contests.services.revision import definition_of, must_be_what_was_seen, revise
from compapp.contests.setup.checks import WARNING, Facts, Finding, findings
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid
from compapp.core.text import N_

_WARNINGS = "accepted_warnings"


def setup_facts(contest: Contest, at: datetime) -> Facts:
    """Return what the check needs beside the definition: the people by role."""
    statement = (
        select(ContestRole.role, func.count(func.distinct(ContestRole.person_id)))
        .where(ContestRole.contest_id == contest.id, ContestRole.until.is_(None))
        .group_by(ContestRole.role)
    )
    counts = {str(row[0]): int(row[1]) for row in session().execute(statement)}
    judges = counts.get(JUDGE, 0) or counts.get(CHAIR, 0)
    secretaries, approvers = counts.get(SECRETARY, 0), counts.get(APPROVER, 0)
    return Facts(at, judges=judges, secretaries=secretaries, approvers=approvers, opened=contest.state != DRAFT)


def check_setup(contest: Contest, at: datetime, document: dict[str, Any] | None = None) -> list[Finding]:
    """Return everything the check finds in the definition (or in ``document``, not yet saved)."""
    return findings(definition_of(contest) if document is None else document, setup_facts(contest, at))


def accepted_warnings(contest: Contest) -> set[str]:
    """Return the keys of the warnings for which a reason was given."""
    return {one["warning"] for one in contest.definition.get(_WARNINGS) or ()}


def open_warnings(contest: Contest, at: datetime) -> list[Finding]:
    """Return the warnings that nobody has answered yet."""
    answered = accepted_warnings(contest)
    return [one for one in check_setup(contest, at) if one.level == WARNING and one.key not in answered]


def accept_warnings(contest: Contest, reason: str, *, version: int | None = None, actor: Actor, at: datetime) -> None:
    """Write down why the open warnings of a draft are all right. Invalid without a reason; nothing where none is open.

    Raises as :func:`revise`.
    """
    must_be_what_was_seen(contest, version, actor)
    open_ = open_warnings(contest, at)
    if not open_:
        return
    if not reason.strip():
        raise Invalid(fields={"reason": [(N_("Write why the warnings are all right."), {})]})
    document = definition_of(contest)
    answered = document["contest"].setdefault(_WARNINGS, [])
    answered += [{"warning": one.key, "reason": reason.strip(), "by": actor.name or "-"} for one in open_]
    revise(contest, document, version=version, actor=actor, at=at)
