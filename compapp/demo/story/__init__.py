"""The story in chapters; each yields steps, and the stage lets them happen in order of time."""

from collections.abc import Iterator

from compapp.demo.stage import Stage, Step
from compapp.demo.story import (
    appealing,
    clubs,
    deliberating,
    eligibility,
    finals,
    incubating,
    jury,
    opening,
    placing,
    results,
    scoring,
    second,
    showing,
    students,
    teams,
    voting,
)

BEFORE_THE_JURY = (opening, students, clubs, teams, eligibility)
BESIDE_THE_DECISIONS = (deliberating, appealing, showing, voting)
CHAPTERS = (*BEFORE_THE_JURY, jury, scoring, results, finals, placing, incubating, second, *BESIDE_THE_DECISIONS)


def steps(stage: Stage) -> Iterator[Step]:
    """Yield every step of the whole year."""
    for chapter in CHAPTERS:
        yield from chapter.steps(stage)
