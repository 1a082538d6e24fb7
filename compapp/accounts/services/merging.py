"""Merging two accounts of one person: all that hangs on the duplicate moves to the one that is kept.

Whatever table points to a person is found from the models, so a room above needs not be told. Where both
hold a thing that can be held only once, nothing moves and the tables are named.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, UniqueConstraint, func, select, update

from compapp.accounts import notifications
from compapp.accounts.models import Person
from compapp.accounts.policy import is_admin
from compapp.accounts.services.sessions import end_other_sessions
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import Base, session
from compapp.core.errors import Conflict, Refused
from compapp.core.outbox import CLAIMED, HELD, READY, OutboxMessage
from compapp.core.text import N_

Check = Callable[[int, int], str]
_checks: list[Check] = []
_OWN_EACH = frozenset({"sign_in_session", "notification_preference", "club_student_record"})
"""What stays with the duplicate: it ends with it."""
_CLASHES = {
    "membership": N_("Both accounts have the same role in an organisation. Take it away from one of them first."),
    "student_identity": N_(
        "Both accounts name a student number at the same school. One of them must be removed first."
    ),
    "team_member": N_("Both accounts are on the same team. One of them must leave it first."),
    "contest_role": N_("Both accounts have the same role in a contest. Take it away from one of them first."),
}
_ANY_CLASH = N_("Both accounts hold something that one person can hold only once. One of them must let go of it first.")


def register_merge_check(check: Check) -> None:
    """Let a room above say, in a marked msgid, why two accounts must not become one; empty where they may."""
    if check not in _checks:
        _checks.append(check)


def merge_people(kept: Person, duplicate: Person, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Move what hangs on ``duplicate`` to ``kept``, close the duplicate and tell both; return table to number of rows.

    Refused but for administrators; Conflict where the same account is given twice or is the administrator's own
    (nobody takes over teams and seats alone), one is closed, or both hold what can be held only once (the same team,
    contest role, club, student number).
    """
    if not is_admin(actor):
        raise Refused(N_("Only an administrator merges accounts."))
    if kept.id == duplicate.id or actor.person_id in (kept.id, duplicate.id):
        raise Conflict(N_("Choose two different accounts, neither of them your own: another administrator does that."))
    if not kept.active or not duplicate.active:
        raise Conflict(N_("One of these accounts is closed. Open it first."))
    for check in _checks:
        reason = check(kept.id, duplicate.id)
        if reason:
            raise Conflict(reason)
    moved: dict[str, int] = {}
    for table, column in _pointing_here():
        _refuse_clash(table, column, kept.id, duplicate.id)
        values = {column: kept.id}
        result: Any = session().execute(update(table).where(table.c[column] == duplicate.id).values(values))
        if result.rowcount:
            moved[table.name] = moved.get(table.name, 0) + int(result.rowcount)
    _move_waiting_messages(kept.id, duplicate.id)
    left = [one for one in (duplicate.email, duplicate.second_email) if one]
    _take_over(kept, duplicate)
    end_other_sessions(duplicate.id, keep=None, actor=actor, at=at)
    session().expire_all()
    data = {"duplicate": duplicate.id, "moved": moved}
    audit.record("accounts.person.merged", kept, actor=actor, at=at, data=data)
    notifications.accounts_merged(kept, left, admin=actor.name, at=at)
    return moved


def _pointing_here() -> Sequence[tuple[Table, str]]:
    tables = (one for one in Base.metadata.sorted_tables if one.name not in _OWN_EACH)
    return [
        (table, key.parent.name)
        for table in tables
        for key in table.foreign_keys
        if key.column.table.name == Person.__tablename__
    ]


def _refuse_clash(table: Table, column: str, kept_id: int, duplicate_id: int) -> None:
    """Raise Conflict where a unique rule of the table would be broken by the move."""
    for names in _unique_with(table, column):
        others = [table.c[name] for name in names if name != column]
        if not others:
            own, theirs = (_count(table, column, one) for one in (kept_id, duplicate_id))
            clash = bool(own and theirs)
        else:
            twin = table.alias()
            same = [twin.c[one.name].is_not_distinct_from(one) for one in others]
            both = select(func.count()).where(table.c[column] == kept_id, twin.c[column] == duplicate_id, *same)
            clash = bool(session().scalar(both))
        if clash:
            raise Conflict(_CLASHES.get(table.name, _ANY_CLASH))


def _count(table: Table, column: str, person_id: int) -> int:
    return session().scalar(select(func.count()).select_from(table).where(table.c[column] == person_id)) or 0


def _unique_with(table: Table, column: str) -> Sequence[list[str]]:
    rules = [list(one.columns.keys()) for one in table.constraints if isinstance(one, UniqueConstraint)]
    rules += [[part.name for part in one.columns] for one in table.indexes if one.unique]
    return [names for names in rules if column in names]


def _move_waiting_messages(kept_id: int, duplicate_id: int) -> None:
    """What has not gone yet goes to the account that stays."""
    session().execute(
        update(OutboxMessage)
        .where(OutboxMessage.person_id == duplicate_id, OutboxMessage.state.in_([HELD, READY, CLAIMED]))
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )


def _take_over(kept: Person, duplicate: Person) -> None:
    """Fill gaps of the kept account from the duplicate, whose address becomes the second one where none is."""
    session().refresh(kept)
    session().refresh(duplicate)
    kept.born = kept.born or duplicate.born
    kept.birth_year = kept.birth_year or duplicate.birth_year
    kept.phone = kept.phone or duplicate.phone
    address, duplicate.email, duplicate.second_email = duplicate.email, None, None
    duplicate.active, duplicate.password_hash = False, None
    session().flush()
    if kept.email is None:
        kept.email = address
    elif kept.second_email is None:
        kept.second_email = address
    session().flush()
