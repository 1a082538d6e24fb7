"""The ``incubation`` section: stages, milestones, cohort, and how places are given."""

from collections.abc import Mapping
from typing import Any

from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.placement.models import IncubationPlan
from compapp.placement.queries import plan_of


def load(contest: Contest, data: Mapping[str, Any], _context: ImportContext) -> None:
    """Keep the plan; it is read where it is used."""
    session().add(IncubationPlan(contest_id=contest.id, definition=dict(data)))
    session().flush()


def write(contest: Contest) -> Any:
    """Return the plan as it was given."""
    return plan_of(contest.id) or None


SECTION = Section("incubation", registry.INCUBATION, no_check, load, write, definition=True)
