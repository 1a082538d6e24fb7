"""A spreadsheet that was checked row by row and waits to be taken up: once, soon, by whoever had it checked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from compapp.core import links
from compapp.core.actor import Actor
from compapp.core.errors import Closed, Invalid
from compapp.core.spreadsheets import Table
from compapp.core.text import N_

KEPT_FOR = timedelta(hours=2)


def must_hold(table: Table, needed: Sequence[Sequence[str]], *, most: int) -> None:
    """Raise Invalid where a needed column is missing (each by its names), or there are no rows, or beyond ``most``."""
    for names in needed:
        if table.column(*names) is None:
            raise Invalid(N_("The file needs a column “%(name)s”."), name=names[0])
    if not table.rows:
        raise Invalid(N_("The file holds no rows. The first row must be the headings."))
    if len(table.rows) > most:
        raise Invalid(N_("The file holds more than %(most)s rows. Split it and upload the parts."), most=most)


def keep(purpose: str, subject: tuple[str, int], rows: Sequence[Any], *, actor: Actor, at: datetime) -> str:
    """Keep checked rows (plain JSON) about ``subject``; return the token that takes them up."""
    data = {"rows": list(rows), "by": actor.person_id}
    return links.issue(purpose, subject, data=data, expires_at=at + KEPT_FOR, at=at)


def take_up(purpose: str, token: str, subject: tuple[str, int], *, actor: Actor, at: datetime) -> list[Any]:
    """Return the kept rows and forget them; Closed once used or too old, and for another subject or person."""
    link = links.redeem(purpose, token, at=at)
    if (link.subject_kind, link.subject_id) != subject or link.data.get("by") != actor.person_id:
        raise Closed(N_("This list was checked for something else or by somebody else. Upload it again."))
    rows = list(link.data["rows"])
    link.data = {}
    return rows
