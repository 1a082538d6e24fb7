"""What was found behind the links of an entry."""

from sqlalchemy import select

from compapp.core.db import session
from compapp.entries.models import LinkCheck


def link_checks(entry_id: int) -> list[LinkCheck]:
    """Return every look at a link of the entry, the newest first."""
    return list(
        session().scalars(select(LinkCheck).where(LinkCheck.entry_id == entry_id).order_by(LinkCheck.id.desc()))
    )


def newest_checks(entry_id: int) -> dict[tuple[str, str], LinkCheck]:
    """Return the newest look at each link: (question or file, address) to what was found."""
    found: dict[tuple[str, str], LinkCheck] = {}
    for check in link_checks(entry_id):
        found.setdefault((check.key, check.link), check)
    return found
