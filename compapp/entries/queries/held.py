"""Decisions about several entries that wait to take effect: what an organiser can still undo, and nobody else sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.models import BulkAct, BulkActItem


@dataclass(frozen=True, slots=True)
class Held:
    """A decision that waits: in which act, what is decided, by whom, and when it goes out."""

    act_id: int
    outcome: str
    reason: str
    made_by_name: str
    goes_out_at: datetime


def undoable(at: Any) -> tuple[Any, ...]:
    """Return the conditions of an act that can still be undone at a moment (or at a bound parameter)."""
    return BulkAct.undone_at.is_(None), BulkAct.told_at.is_(None), BulkAct.undo_until > at


def held_of(entry_ids: Iterable[int], at: datetime) -> dict[int, Held]:
    """Return which of some entries are decided about without effect yet, in one query."""
    rows = session().execute(
        select(BulkActItem, BulkAct)
        .join(BulkAct, BulkAct.id == BulkActItem.act_id)
        .where(BulkActItem.entry_id.in_(list(entry_ids)), BulkActItem.decision_id.is_(None), *undoable(at))
        .order_by(BulkActItem.id)
    )
    return {
        item.entry_id: Held(act.id, item.outcome, item.reason, act.made_by_name, act.undo_until) for item, act in rows
    }


def held_in(contest_id: int, at: datetime) -> frozenset[int]:
    """Return the entries of a contest that are decided about without effect yet."""
    rows = session().scalars(
        select(BulkActItem.entry_id)
        .join(BulkAct, BulkAct.id == BulkActItem.act_id)
        .where(BulkAct.contest_id == contest_id, BulkActItem.decision_id.is_(None), *undoable(at))
    )
    return frozenset(rows)


def act_of(contest_id: int, act_id: int) -> BulkAct:
    """Return one act on several entries of the contest; NotFound."""
    found = session().get(BulkAct, act_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def acts_to_undo(contest_id: int, at: datetime) -> list[tuple[BulkAct, int]]:
    """Return the acts on several entries that can still be undone, each with its number of entries, newest first."""
    count = select(func.count()).where(BulkActItem.act_id == BulkAct.id).scalar_subquery()
    rows = session().execute(
        select(BulkAct, count).where(BulkAct.contest_id == contest_id, *undoable(at)).order_by(BulkAct.id.desc())
    )
    return [(act, number) for act, number in rows]
