"""What the papers of a round tell, as one frozen value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ResultRow:
    """An entry in a result. ``team`` are full names, ``public_team`` as everybody may read them.

    ``barred``: without a rank; ``stopped``: a gate of the rules stopped it, whatever its rank. ``bye``: why it goes
    through without being judged.
    """

    rank: int | None
    number: str
    title: str
    team: Sequence[str]
    public_team: Sequence[str]
    school: str
    total: str
    passed: bool
    reserve: int | None
    barred: bool
    stopped: bool = False
    bye: str = ""


@dataclass(frozen=True)
class BoardFact:
    """A board with its rows in order of rank and how many go through (None: nobody, it is the last round)."""

    label: str
    places: int | None
    rows: Sequence[ResultRow]


@dataclass(frozen=True)
class AwardFact:
    """A prize: to whom (an empty number: withheld, ``không trao``), how much, and why where a person decided."""

    board: str
    label: str
    number: str
    title: str
    team: Sequence[str]
    public_team: Sequence[str]
    school: str
    vnd: int
    reason: str


@dataclass(frozen=True)
class JurorFact:
    """Somebody of the jury or its secretaries; ``sheets`` is how many this person handed in for the round."""

    name: str
    degree: str
    position: str
    unit: str
    duty: str
    sheets: int = 0

    @property
    def titled(self) -> str:
        """Return degree and position in one phrase."""
        return ", ".join(part for part in (self.degree, self.position) if part)


@dataclass(frozen=True)
class SheetFact:
    """One sheet: entry, judge by name, total; ``criteria`` are label, weight, score and comment of each.

    ``said``: what the judge said in words, in a round without points.
    """

    number: str
    title: str
    judge: str
    total: str
    is_void: bool
    criteria: Sequence[tuple[str, str, str, str]] = ()
    comment: str = ""
    said: str = ""


@dataclass(frozen=True)
class PitchHall:
    """A hall of a live round: the moment it begins (local) and its teams as place, hour, number, title and board."""

    name: str
    begins: datetime
    rows: Sequence[tuple[str, str, str, str, str]]


@dataclass(frozen=True)
class PitchFact:
    """How a live round was held: its halls, the number of each board's draw, and what happened, in sentences.

    ``absent`` are entries that did not come, ``recused`` judges with the entry that they did not score.
    """

    halls: Sequence[PitchHall]
    draws: Sequence[tuple[str, str]] = ()
    changes: Sequence[str] = ()
    absent: Sequence[str] = ()
    recused: Sequence[str] = ()


@dataclass(frozen=True)
class RoundFacts:
    """Everything that is told of one round's result."""

    contest: str
    organiser: str
    superior: str
    place: str
    round: str
    next_round: str
    next_day: date | None
    rule: str
    boards: Sequence[BoardFact]
    awards: Sequence[AwardFact]
    jury: Sequence[JurorFact]
    secretaries: Sequence[JurorFact]
    sheets: int
    voided: int
    ties: Sequence[str]
    reason: str
    differs: bool
    """Whether the decided list is another than the computed one."""
    number: str
    dated: date | None
    signer: str
    departures: Sequence[str] = ()
    """Why each entry was decided otherwise than computed."""
    votes: Sequence[str] = ()
    """What the jury voted, and how."""
    tally: Sequence[SheetFact] = ()
    pitch: PitchFact | None = None
    """How a live round was held; None for another round, and before its order is drawn."""

    @property
    def chair(self) -> str:
        """Return the chair's name; empty where the jury has none."""
        return next((one.name for one in self.jury if one.duty == CHAIR), "")


CHAIR, MEMBER, SECRETARY = "Trưởng ban", "Ủy viên", "Thư ký"

COMMITTEE, JURY = "Ban Tổ chức Cuộc thi", "Ban Giám khảo"
"""Who issues: under the organiser, what decides and announces, and what scores."""
