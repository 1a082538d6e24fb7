"""The chapters of the year in their order."""

from tests.journeys.chapters import opening

CHAPTERS = (
    opening.found_the_house,
    opening.bring_in_the_contest,
    opening.announce,
)
