"""The sections of the contest file that placement owns: ``incubators`` and ``placements``."""

from compapp.contests.file import registry
from compapp.placement.file import incubators, placements


def register() -> None:
    """Claim the sections."""
    registry.register(incubators.SECTION)
    registry.register(placements.SECTION)
