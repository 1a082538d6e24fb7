"""Where a team goes on once it has a place: the room above knows the page, and registers it here."""

from collections.abc import Callable

Page = Callable[[int], str | None]

_page: Page | None = None


def register(page: Page | None) -> None:
    """Let ``page(entry_id)`` return the address where a placed team goes on, nothing where it has none yet."""
    global _page
    _page = page


def after_placement(entry_id: int) -> str | None:
    """Return the address where the team of an entry goes on."""
    return None if _page is None else _page(entry_id)
