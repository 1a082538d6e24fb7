"""The one thing that reports write: who took figures along."""

from dataclasses import asdict
from datetime import datetime

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.errors import Refused
from compapp.core.text import N_
from compapp.reports.policy import is_officer
from compapp.reports.queries import Chosen


def note_export(chosen: Chosen, *, actor: Actor, at: datetime) -> None:
    """Write down that ``actor`` exported the funnel of what was chosen; Refused for who may not."""
    if not (is_officer(actor) or actor.is_system):
        raise Refused(N_("Only officers of the department can export figures."))
    audit.record("reports.funnel.exported", ("report", None), actor=actor, at=at, data=asdict(chosen))
