"""The demonstration's calendar: the sample's days counted from a launch day that makes today the wanted day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from compapp.core.clock import ZONE

PHASES: Mapping[str, int] = {"entry": 40, "scoring": 75, "published": 84, "placement": 170, "incubation": 245}
"""Each phase and the day of the contest's calendar that today becomes."""

SETTLED = timedelta(hours=1)
"""The last deeds of a demonstration lie at least this far back, so that what follows them is public already."""

_DATE_IN_TEXT = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


@dataclass(frozen=True)
class Calendar:
    """Days and clock times of the story as moments of the installation."""

    launch: date
    original: date
    now: datetime

    @staticmethod
    def of(document: Mapping[str, Any], phase: str, now: datetime) -> "Calendar":
        """Return the calendar in which ``now`` lies on the day of ``phase``; KeyError for an unknown phase."""
        today = now.astimezone(ZONE).date()
        original = datetime.fromisoformat(document["contest"]["launch"]["at"]).date()
        return Calendar(today - timedelta(days=PHASES[phase]), original, now)

    def at(self, day: int, clock: str = "08:00") -> datetime:
        """Return the moment of a day of the calendar (0 is the launch) at a local clock time."""
        local = datetime.combine(self.launch + timedelta(days=day), time.fromisoformat(clock), ZONE)
        return local.astimezone(UTC)

    def moved(self, piece: Mapping[str, Any]) -> datetime:
        """Return the moment of a time in the sample (``at`` with its ``day``), its clock time kept."""
        written = datetime.fromisoformat(piece["at"]).astimezone(ZONE)
        return self.at(int(piece["day"]), written.strftime("%H:%M:%S"))

    def taken(self, at: datetime) -> datetime:
        """Return ``at``, or the latest moment of the past where it has not come yet today."""
        return min(at, self.now - SETTLED)

    def words(self, text: str) -> str:
        """Return a text of the sample with every date in it moved to this calendar."""
        days = self.launch - self.original

        def move(found: re.Match[str]) -> str:
            written = date(int(found[3]), int(found[2]), int(found[1])) + days
            return written.strftime("%d/%m/%Y")

        return _DATE_IN_TEXT.sub(move, text)
