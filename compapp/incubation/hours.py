"""When a mentor is free: the week, the days that differ, and what of it is still open. Pure arithmetic of local days.

Minutes are counted from midnight in Asia/Ho_Chi_Minh, which has no summer time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from compapp.core.clock import ZONE, local

STEP = 30
"""Minutes between two starts that are offered."""
AHEAD = timedelta(days=28)
"""How far ahead free times are shown."""
NOTICE = timedelta(hours=12)
"""How long before a session a team can still book it."""
LENGTHS = (30, 45, 60, 90, 120)
"""Minutes that a team chooses from."""
WHOLE_DAY = 24 * 60

Span = tuple[int, int]
"""From and to, in minutes of the local day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A mentor's hours: spans by weekday (0 is Monday), and the days that differ (no span: away)."""

    week: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    days: Mapping[date, Sequence[Span]] = field(default_factory=dict)

    @property
    def are_stated(self) -> bool:
        """Whether the mentor has said anything."""
        return bool(self.week) or bool(self.days)

    def on(self, day: date) -> list[Span]:
        """Return the spans of a day, joined where they touch."""
        return joined(self.days[day] if day in self.days else self.week.get(day.weekday(), ()))

    def cover(self, starts_at: datetime, minutes: int) -> bool:
        """Whether a session lies within the hours of its day."""
        begins = local(starts_at)
        first = begins.hour * 60 + begins.minute
        return any(start <= first and first + minutes <= end for start, end in self.on(begins.date()))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def moment_of(day: date, minute: int) -> datetime:
    """Return the moment of a local minute, in UTC."""
    midnight = datetime.combine(day, time(), ZONE)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def month_of(moment: datetime) -> tuple[int, int]:
    """Return the local year and month."""
    there = local(moment)
    return there.year, there.month


def free_starts(
    hours: Hours,
    minutes: int,
    *,
    at: datetime,
    busy: Collection[int],
    left: Mapping[tuple[int, int], int],
    limit: int,
) -> Iterator[datetime]:
    """Yield the starts that are open from ``at`` (with notice) on, in order.

    ``busy``: minutes from 1970 that mentor or team already gave; ``left``: minutes that the mentor still gives in a
    month, ``limit`` in a month that is not named.
    """
    first = local(at).date()
    for number in range(AHEAD.days + 1):
        day = first + timedelta(days=number)
        for start, end in hours.on(day):
            for minute in range(start, end - minutes + 1, STEP):
                begins = moment_of(day, minute)
                whole = int(begins.timestamp() // 60)
                if begins < at + NOTICE or left.get(month_of(begins), limit) < minutes:
                    continue
                if not any(whole + offset in busy for offset in range(minutes)):
                    yield begins
