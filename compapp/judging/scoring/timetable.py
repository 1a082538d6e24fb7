"""When each team of a hall pitches, and how far a running clock is: pure arithmetic."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the time of a hall is cut (minutes); ``pause_after`` teams (None: never) comes a pause."""

    pitch: int
    questions: int
    change: int = 0
    pause_after: int | None = None
    pause: int = 0

    @property
    def slot(self) -> timedelta:
        """How long one team has the stage."""
        return timedelta(minutes=self.pitch + self.questions)

    def starts(self, begins: datetime, count: int) -> list[datetime]:
        """Return when each of ``count`` teams starts, one after the other from ``begins``."""
        found: list[datetime] = []
        moment = begins
        for number in range(count):
            if number:
                moment += timedelta(minutes=self.change)
                if self.pause_after and number % self.pause_after == 0:
                    moment += timedelta(minutes=self.pause)
            found.append(moment)
            moment += self.slot
        return found


def seconds_run(began: datetime | None, stopped: datetime | None, at: datetime) -> int:
    """Return the whole seconds that a clock has run which ``began`` then and may be ``stopped``; never below 0."""
    if began is None:
        return 0
    return max(0, int(((stopped or at) - began).total_seconds()))


def resumed(began: datetime, stopped: datetime, at: datetime) -> datetime:
    """Return the beginning to reckon with once a clock goes on that was ``stopped``: moved by the time it stood."""
    return began + max(timedelta(), at - stopped)
