"""The sections of the contest file that incubation owns: ``mentors``, ``incubation`` and ``followups``."""

from compapp.contests.file import registry
from compapp.incubation.file import followups, mentors, plan


def register() -> None:
    """Claim the sections."""
    for section in (mentors.SECTION, plan.SECTION, followups.SECTION):
        registry.register(section)
