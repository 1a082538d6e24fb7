"""Whether a judge will be done in time: what is left against the days that are left, days away counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

LATE, CANNOT, NO_TIME, TOO_SLOW, ABSENT, SILENT, ON_COURSE, DONE = (
    *("late", "cannot", "no_time", "too_slow"),
    *("absent", "silent", "on_course", "done"),
)
"""Worst first: past the deadline, said so, away to the end, not at this pace, not signed in, no answer, fine, done."""
WARNINGS = (LATE, CANNOT, NO_TIME, TOO_SLOW, ABSENT, SILENT)
GRACE = 2
"""Days after entries were given before silence or absence means anything."""
SLACK = 1.5
"""People hurry when the end is near: half as fast again as so far is still believed."""


@dataclass(frozen=True, slots=True)
class Work:
    """One judge's work in a round, as the records have it; dates are local, days away include both ends.

    ``answer``: will_do, cannot or empty; ``answered`` and ``seen``: since the newest entries were given.
    """

    given: int
    done: int
    since: date
    today: date
    due: date
    is_over: bool = False
    away: tuple[tuple[date, date], ...] = ()
    answer: str = ""
    answered: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected: the worst first. ``days``: days with time until the deadline, today among them.

    ``needed`` and ``so_far`` are sheets a day with time; ``needed`` is None where no day is left.
    """

    verdicts: tuple[str, ...]
    left: int
    days: int
    days_away: int
    needed: float | None
    so_far: float
    waiting: int = field(default=0)

    @property
    def verdict(self) -> str:
        """The worst."""
        return self.verdicts[0]

    @property
    def is_warning(self) -> bool:
        """Whether somebody should act."""
        return self.verdict in WARNINGS

    @property
    def rank(self) -> tuple[int, int]:
        """Order of a list: the worst first, then who has most left."""
        return (*WARNINGS, ON_COURSE, DONE).index(self.verdict), -self.left


def days_with_time(first: date, last: date, away: Iterable[tuple[date, date]]) -> int:
    """Return how many days from ``first`` to ``last`` (both included) are not away; 0 where the end is past."""
    gone = {
        start + timedelta(number) for start, end in away for number in range(max((min(end, last) - start).days + 1, 0))
    }
    return sum(1 for number in range((last - first).days + 1) if first + timedelta(number) not in gone)


def most_in_time(most: int, done: int, days: int, all_days: int) -> int:
    """Return how many entries somebody can have in all who has ``days`` of ``all_days`` left; in all, ``most`` fit.

    What is done stays; of the rest a share like that of the days, rounded up. Nothing more without a day.
    """
    if days >= all_days:
        return most
    return done + -(-max(most - done, 0) * days // all_days)


def _is_too_slow(work: Work, expected: float, left: int, elapsed: int, days: int) -> bool:
    if work.done:
        return elapsed > GRACE and SLACK * expected < left
    return elapsed > GRACE and elapsed >= (elapsed + days - 1) / 2


def outlook(work: Work) -> Outlook:
    """Return what is to be expected of a judge's work.

    Too slow: even at ``SLACK`` times the pace so far (sheets a day with time, since the entries were given) some
    would be missing; who has not begun is too slow when half of the days are gone. Silence and absence count after
    ``GRACE`` days for who has not begun.
    """
    left = work.given - work.done
    days = days_with_time(work.today, work.due, work.away)
    all_days = days_with_time(work.today, work.due, ())
    elapsed = days_with_time(work.since, work.today, work.away)
    so_far = work.done / max(elapsed, 1)
    waiting = (work.today - work.since).days
    if left <= 0:
        return Outlook((DONE,), 0, days, all_days - days, None, so_far, waiting)
    found = []
    if work.is_over:
        found.append(LATE)
    if work.answer == "cannot" and work.answered:
        found.append(CANNOT)
    if days == 0 and not work.is_over:
        found.append(NO_TIME)
    elif not work.is_over and _is_too_slow(work, so_far * days, left, elapsed, days):
        found.append(TOO_SLOW)
    if waiting >= GRACE and not work.seen and not work.done:
        found.append(ABSENT)
    elif waiting >= GRACE and not work.answered and not work.done:
        found.append(SILENT)
    needed = left / days if days and not work.is_over else None
    return Outlook(tuple(found) or (ON_COURSE,), left, days, all_days - days, needed, so_far, waiting)
