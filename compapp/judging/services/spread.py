"""Judges far apart on one entry: the chair and the organiser are told once all sheets are in."""

from datetime import datetime

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.numbers import exact
from compapp.entries.models import Entry
from compapp.judging import notifications, queries
from compapp.judging.models import RoundFigure


def watch_spread(round_: Round, figure: RoundFigure, *, actor: Actor, at: datetime) -> bool:
    """Tell chair and organiser when the last sheet of an entry is in and its judges lie too far apart.

    Once per entry, round and number of sheets. Return whether the spread is above the round's limit.
    """
    limit = round_.definition.get("spread_alert_points")
    if limit is None or figure.highest is None or figure.lowest is None:
        return False
    if queries.sheets_missing(round_.id, figure.entry_id):
        return False
    spread = figure.highest - figure.lowest
    if spread <= exact(limit):
        return False
    entry = session().get_one(Entry, figure.entry_id)
    if notifications.spread_alert(round_, entry, figure, at=at):
        audit.record(
            "judging.entry.spread_alert",
            entry,
            actor=actor,
            at=at,
            contest_id=round_.contest_id,
            data={"round": round_.code, "spread": str(spread), "sheets": figure.sheets},
        )
    return True
