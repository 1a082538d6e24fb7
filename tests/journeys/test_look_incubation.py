"""The same look (see ``test_look.py``) at the pages that are alive when teams sit in their incubators."""

import pytest

from tests.journeys.house import House
from tests.journeys.test_look import DARK_LATER, INCUBATION, Accessible, Player, address, look

pytestmark = pytest.mark.one_database
PHASE = "incubation"


@pytest.mark.parametrize("account", INCUBATION)
def test_pages_while_teams_are_incubated(
    account: str, demonstration: House, player: Player, assert_accessible: Accessible
) -> None:
    found = look(player(account), demonstration, INCUBATION[account], assert_accessible)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("account", DARK_LATER)
def test_pages_in_the_dark_on_a_phone(
    account: str, demonstration: House, player: Player, assert_accessible: Accessible
) -> None:
    visitor = player(account, width=390, color_scheme="dark")
    for path in DARK_LATER[account]:
        assert_accessible(visitor.go(address(demonstration, path)).page)
