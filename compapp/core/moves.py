"""A move along a life cycle: compare-and-set in the database, with its audit row."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import Base, current_unit, identity_of, session
from compapp.core.errors import Conflict
from compapp.core.lifecycle import Lifecycle
from compapp.core.text import N_


def move(
    row: Base,
    lifecycle: Lifecycle,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    contest_id: int | None = None,
    data: dict[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Move ``row`` by ``verb`` and set ``columns`` with it, if it still is where it must be.

    Raises Conflict when the row's state no longer allows the move (somebody was faster).
    """
    current_unit()
    transition = lifecycle.transition(verb)
    mapped: Any = type(row)
    session().flush()
    before = getattr(row, "state")  # noqa: B009 - every row with a life cycle has a state
    moved = session().scalars(
        update(mapped)
        .where(mapped.id == identity_of(row), mapped.state.in_(transition.from_states))
        .values(state=transition.to_state, **columns)
        .returning(mapped)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if moved.one_or_none() is None:
        session().refresh(row)
        raise Conflict(N_("This has changed in the meantime. Please look at how it stands now."))
    audit.record(
        f"{lifecycle.name}.{verb}",
        row,
        actor=actor,
        at=at,
        contest_id=contest_id if contest_id is not None else getattr(row, "contest_id", None),
        data={"from": before, "to": transition.to_state, **(data or {})},
    )
