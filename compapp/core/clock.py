"""The one clock. A request, job or command takes one reading and uses it throughout.

For a demonstration or a test the clock can be moved: ``CLOCK_FILE`` (DATA_DIR/run/clock) holds a
number of seconds added to the machine's time. Production never reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_reading: ContextVar[datetime | None] = ContextVar("clock_reading", default=None)
_offset_file: Path | None = None


def use_offset_file(path: Path | None) -> None:
    """Let ``path`` move the clock (demonstration and tests only); ``None`` for the real time."""
    global _offset_file
    _offset_file = path


def system_time() -> datetime:
    """Return the machine's time in UTC, moved by the offset file where one is in use."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """Return by how much the clock is moved; zero without a readable offset file."""
    if _offset_file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(_offset_file.read_text() or "0"))
    except (OSError, ValueError):
        return timedelta()


def set_offset(moved_by: timedelta) -> None:
    """Move the clock of every process of this installation; only where an offset file is in use."""
    if _offset_file is None:
        raise RuntimeError("the clock of this installation cannot be moved")
    _offset_file.parent.mkdir(parents=True, exist_ok=True)
    _offset_file.write_text(str(moved_by.total_seconds()))


def now() -> datetime:
    """Return this request's reading, or the time itself outside of one (aware, UTC)."""
    return _reading.get() or system_time()


@contextmanager
def reading(at: datetime | None = None) -> Iterator[datetime]:
    """Hold one reading (``at``, or the time now) for the block."""
    taken = (at or system_time()).astimezone(UTC)
    token = _reading.set(taken)
    try:
        yield taken
    finally:
        _reading.reset(token)


def local(moment: datetime) -> datetime:
    """Return ``moment`` in the province's zone."""
    return moment.astimezone(ZONE)
