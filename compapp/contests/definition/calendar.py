"""The calendar of a contest: every dated point in order, each with a label."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from compapp.contests.definition.times import HasDefinition, Json, Text, moment, text_of
from compapp.core.text import N_

DONE, CURRENT, TODO = "done", "current", "todo"


class ContestRow(HasDefinition, Protocol):
    """A contest's row with its form and rounds."""

    @property
    def form(self) -> dict[str, Any]:
        """Return the file's ``form`` section."""
        ...

    @property
    def rounds(self) -> Any:
        """Return the rounds' rows in order."""
        ...


@dataclass(frozen=True)
class CalendarPoint:
    """One point or stretch of time.

    ``key`` names it (``submission``, ``round.R1``, ``appeals.R1``, ``attachment.slides``, ``section.S2``,
    ``launch``). Its label is ``msgid`` translated, with ``name`` (two languages, may be empty) in its place.
    ``opens_at`` is None for a mere deadline, ``closes_at`` is None for a mere moment.
    """

    key: str
    msgid: str
    name: Text
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def starts_at(self) -> datetime:
        """Return the first moment that is set."""
        first = self.opens_at or self.closes_at
        if first is None:
            raise ValueError(f"{self.key} has no moment")
        return first

    def state_at(self, now: datetime) -> str:
        """Return ``done``, ``current`` or ``todo`` as seen at ``now``."""
        if self.opens_at is not None and now < self.opens_at:
            return TODO
        if now >= (self.closes_at or self.starts_at):
            return DONE
        return CURRENT if self.opens_at is not None else TODO


@dataclass(frozen=True)
class Calendar:
    """All points of a contest, the earliest first."""

    points: tuple[CalendarPoint, ...]

    def point(self, key: str) -> CalendarPoint:
        """Return the point named ``key``; KeyError for an unknown one."""
        for point in self.points:
            if point.key == key:
                return point
        raise KeyError(key)

    def current_at(self, now: datetime) -> CalendarPoint | None:
        """Return what is going on at ``now``, else what comes next; None when all is over."""
        states = [(point, point.state_at(now)) for point in self.points]
        for wanted in (CURRENT, TODO):
            for point, state in states:
                if state == wanted:
                    return point
        return None

    @staticmethod
    def of(contest: ContestRow) -> "Calendar":
        """Read the calendar of a contest's row."""
        rounds = [round_.definition for round_ in contest.rounds]
        return Calendar.read(contest.definition, rounds, contest.form)

    @staticmethod
    def read(contest: Json, rounds: Iterable[Json], form: Json) -> "Calendar":
        """Read the calendar from the sections ``contest``, ``rounds`` and ``form``."""
        rounds = list(rounds)
        labels = {piece["code"]: text_of(piece.get("label"), piece["code"]) for piece in rounds}
        points = [
            CalendarPoint("launch", N_("Launch"), {}, moment(contest["launch"]), None),
            _window("submission", N_("Entries are received"), {}, contest["submission"]),
            *(_window(f"round.{piece['code']}", "%(name)s", labels[piece["code"]], piece) for piece in rounds),
            *(
                _window(f"appeals.{piece['round']}", N_("Appeals after: %(name)s"), labels[piece["round"]], piece)
                for piece in contest.get("appeals") or ()
                if piece["round"] in labels
            ),
            *(
                _window(f"attachment.{piece['key']}", N_("Deadline for: %(name)s"), text_of(piece["label"]), piece)
                for piece in form.get("attachments") or ()
                if piece.get("closes")
            ),
            *(
                _window(f"section.{piece['code']}", N_("Also asked for: %(name)s"), text_of(piece["label"]), piece)
                for piece in form.get("sections") or ()
                if piece.get("closes") and piece.get("label")
            ),
        ]
        return Calendar(tuple(sorted(points, key=lambda point: point.starts_at)))


def _window(key: str, msgid: str, name: Text, piece: Json) -> CalendarPoint:
    return CalendarPoint(key, msgid, name, moment(piece.get("opens")), moment(piece.get("closes")))
