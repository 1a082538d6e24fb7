"""One contest from an empty installation to a logged mentoring session, in Vietnamese, through pages only.

Nine roles and an officer in Chromium, a real worker on a real queue, every mail in a folder. After each step the mails
are counted: exactly the expected kinds reached exactly the expected people, none twice.
"""

from collections.abc import Callable

from tests.journeys.house import House
from tests.journeys.story import CHAPTERS
from tests.journeys.visitor import Visitor
from tests.journeys.year import Year


def test_a_contest_from_an_empty_house_to_a_mentoring_session(house: House, newcomer: Callable[..., Visitor]) -> None:
    year = Year(house, newcomer)
    for chapter in CHAPTERS:
        try:
            chapter(year)
        except Exception as error:
            error.add_note(f"in the chapter “{chapter.__name__}”: {chapter.__doc__}")
            raise
    house.flask("doctor")
