"""The sections that contests reads and writes itself."""

from compapp.contests.file import registry
from compapp.contests.file.sections import bodies, people, structure


def register() -> None:
    """Claim contests' own sections (called by the room's wiring; doing it twice is harmless)."""
    for section in (*structure.SECTIONS, *bodies.SECTIONS, *people.SECTIONS):
        registry.register(section)
