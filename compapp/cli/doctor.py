"""``flask doctor``: checks what must never happen, and ends with a status other than 0 when it has."""

import sys
import time
from collections.abc import Callable, Iterator

import click
from sqlalchemy import func, select, text

from compapp.accounts.models import Person
from compapp.cli.frame import answer, with_database
from compapp.clubs.queries import miscounted
from compapp.core import anchors, audit, files
from compapp.core.audit import AuditRow
from compapp.core.db import engine, session
from compapp.core.files import Blob
from compapp.core.outbox import CLAIMED, HELD, READY, OutboxMessage
from compapp.demo.removal import REMOVED as DEMONSTRATION_REMOVED
from compapp.entries.lifecycle import ENTRY
from compapp.entries.models import Entry, EntryVersion
from compapp.entries.services import digest_of
from compapp.judging.models import Publication, RoundFigure, Sheet
from compapp.judging.services.publication import publication_faults
from compapp.placement.models import Intake, Offer

Check = Callable[[], Iterator[str]]

IN_FLIGHT = 3600.0
"""Seconds within which a file may still be waiting for its row."""


def audit_chain() -> Iterator[str]:
    """The audit chain is unbroken and holds every head that was ever noted (I9)."""
    fault = audit.verify()
    if fault:
        yield fault
    yield from anchors.lost_notes()


def database() -> Iterator[str]:
    """The database file is sound."""
    if engine().dialect.name == "sqlite":
        found = session().scalar(text("PRAGMA integrity_check"))
        if found != "ok":
            yield f"the database is damaged: {found}"


def stored_files() -> Iterator[str]:
    """Every stored file has its row and its content, and the reverse (I21)."""
    known = set()
    for sha256, size in session().execute(select(Blob.sha256, Blob.size)):
        known.add(sha256)
        path = files.path_of(sha256)
        if not path.is_file():
            yield f"the content of file {sha256[:12]} is missing"
        elif path.stat().st_size != size:
            yield f"the content of file {sha256[:12]} has another size than stored"
    long_ago = time.time() - IN_FLIGHT
    if files.root().is_dir():
        for path in files.root().glob("??/??/*"):
            if path.name not in known and path.stat().st_mtime < long_ago:
                yield f"file {path.name[:12]} lies in the store without a row (an upload that was never saved)"


def principals() -> Iterator[str]:
    """Plain person ids of audit and outbox exist, or belong to a demonstration that was taken down."""
    people = select(Person.id)
    removed: set[int] = set()
    for data in session().scalars(select(AuditRow.data).where(AuditRow.verb == DEMONSTRATION_REMOVED)):
        removed |= set(data.get("people") or ())
    for table, column in ((AuditRow, AuditRow.actor_id), (OutboxMessage, OutboxMessage.person_id)):
        named = session().scalars(select(column).where(column.is_not(None), column.not_in(people)).distinct())
        strays = sorted({person for person in named if person is not None} - removed)
        if strays:
            yield f"rows of {table.__tablename__} name people who do not exist: {strays[:10]}"


def publications() -> Iterator[str]:
    """Every publication is as it was sealed, and can be reckoned again (I7)."""
    for publication in session().scalars(select(Publication).order_by(Publication.id)):
        yield from publication_faults(publication)


def receipts() -> Iterator[str]:
    """Every submitted version still has the content its hash was taken of (I1)."""
    for version in session().scalars(select(EntryVersion)).yield_per(500):
        if digest_of(version.content) != version.sha256:
            yield f"version {version.number} of entry {version.entry_id} was changed after its receipt"


def states() -> Iterator[str]:
    """Every entry is in a state of its life cycle (I13)."""
    for state, count in session().execute(select(Entry.state, func.count()).group_by(Entry.state)):
        if state not in ENTRY.states:
            yield f"{count} entries are in the unknown state {state!r}"


def figures() -> Iterator[str]:
    """The kept figures agree with the sheets they are kept for (I7)."""
    counted = (
        select(Sheet.round_id, Sheet.entry_id, func.count().label("sheets"))
        .where(Sheet.state == "submitted")
        .group_by(Sheet.round_id, Sheet.entry_id)
        .subquery()
    )
    joined = select(RoundFigure.round_id, RoundFigure.entry_id, RoundFigure.sheets, counted.c.sheets).join(
        counted,
        (counted.c.round_id == RoundFigure.round_id) & (counted.c.entry_id == RoundFigure.entry_id),
        isouter=True,
    )
    for round_id, entry_id, kept, stands in session().execute(joined):
        if kept != (stands or 0):
            yield f"entry {entry_id} in round {round_id}: {kept} sheets are kept, {stands or 0} stand"


def capacities() -> Iterator[str]:
    """No intake has more open and accepted offers than places, no club activity more people than it counts (I12)."""
    held = (
        select(Offer.intake_id, func.count().label("held"))
        .where(Offer.state.in_(["offered", "accepted"]))
        .group_by(Offer.intake_id)
        .subquery()
    )
    rows = select(Intake.code, Intake.capacity, Intake.occupied, Intake.taken, held.c.held).join(
        held, held.c.intake_id == Intake.id, isouter=True
    )
    for code, capacity, occupied, taken, count in session().execute(rows):
        if (count or 0) != taken:
            yield f"intake {code} counts {taken} places as taken, {count or 0} offers hold one"
        if occupied + taken > capacity:
            yield f"intake {code} has given {occupied + taken} of {capacity} places"
    for activity, taken, came, registered, present in miscounted():
        yield f"activity {activity} counts {taken} places and {came} present; {registered} have one, {present} came"


def messages() -> Iterator[str]:
    """No message has been waiting for more than a day (I10)."""
    waiting = session().scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.state.in_([READY, CLAIMED]), OutboxMessage.attempts >= 40)
    )
    if waiting:
        yield f"{waiting} messages have been tried 40 times without success"
    lost = session().scalar(
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == HELD, OutboxMessage.hold.is_(None))
    )
    if lost:
        yield f"{lost} messages are held by nothing"


CHECKS: tuple[Check, ...] = (
    database,
    audit_chain,
    stored_files,
    principals,
    receipts,
    states,
    figures,
    publications,
    capacities,
    messages,
)


@click.command("doctor")
@with_database
def doctor() -> None:
    """Check the invariants: audit chain, files, receipts, figures, places, messages."""
    found = {check.__name__: list(check()) for check in CHECKS}
    answer({"ok": not any(found.values()), "checks": found})
    for name, faults in found.items():
        for fault in faults:
            click.echo(f"{name}: {fault}", err=True)
    if any(found.values()):
        sys.exit(1)
