"""The indicators, each defined once: what it counts and which clause of decision 673/QĐ-UBND asks for it. Pure.

``queries`` computes them; pages, cards and exports only show them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compapp.core.text import N_


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the funnel. ``counts`` says in words which entries are in it."""

    key: str
    label: str
    counts: str


STAGES = (
    Stage("ideas", N_("Ideas begun"), N_("every entry that a team began, drafts too")),
    Stage("submitted", N_("Submitted"), N_("handed in at least once")),
    Stage("eligible", N_("Eligible"), N_("accepted after the check; where there is none, handed in")),
    Stage("shortlisted", N_("Shortlisted"), N_("went through at least one scored round")),
    Stage("finalists", N_("Finalists"), N_("went through the last round before the final")),
    Stage("awarded", N_("Awarded"), N_("received at least one prize")),
    Stage("placed", N_("Placed"), N_("accepted an incubator’s offer")),
    Stage("incubated", N_("Incubated"), N_("began their time in an incubator")),
    Stage("graduated", N_("Graduated"), N_("finished it")),
)
"""Clause II.1.2.a: ideas, selection, input for incubation; II.3.2.a: incubators."""

CONTEST_STAGES = STAGES[:6]
"""From idea to prize: each is part of the one before."""

INCUBATION_STAGES = STAGES[6:]
"""From offer to graduation. A team may be placed without a prize, so they are counted from the offer on."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries are in each stage, in the order of :data:`STAGES`."""

    values: tuple[int, ...] = (0,) * len(STAGES)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(tuple(a + b for a, b in zip(self.values, other.values, strict=True)))

    def of(self, key: str) -> int:
        """Return the count of the stage ``key``; KeyError for an unknown one."""
        for stage, value in zip(STAGES, self.values, strict=True):
            if stage.key == key:
                return value
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One line of a split: what it is (two languages), whether the province favours it, its counts."""

    key: str
    label: Mapping[str, str]
    counts: Counts
    priority: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """The funnel split by one thing; ``label`` is a marked msgid, the largest line stands first."""

    key: str
    label: str
    rows: tuple[SplitRow, ...]


SPLITS = (
    ("sector", N_("By sector")),
    ("institution", N_("By institution")),
    ("area", N_("By area before the merger")),
    ("board", N_("By board")),
)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole funnel and its splits."""

    total: Counts
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A single figure: ``clause`` of the decision that asks for it, ``counts`` what is counted."""

    key: str
    label: str
    counts: str
    clause: str


INDICATORS = (
    Indicator("contests", N_("Contests held"), N_("announced contests"), "II.1.2.a"),
    Indicator("people", N_("Students and pupils taking part"), N_("in teams that handed in"), "I; II.1.2.a"),
    Indicator("clubs", N_("Active start-up clubs"), N_("clubs with a cohort"), "II.1.2.a; II.3.2.a"),
    Indicator("incubators", N_("Incubators"), N_("with places for these contests"), "II.3.2.a"),
    Indicator("places", N_("Places in incubators"), N_("places offered in all"), "II.3.2.a"),
    Indicator("taken", N_("Places taken"), N_("occupied before, offered or accepted"), "II.3.2.a"),
    Indicator("sessions", N_("Mentoring sessions held"), N_("logged by the mentor"), "II.3.2.a"),
    Indicator("hours", N_("Hours of mentoring"), N_("length of those sessions"), "II.3.2.a"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of a report."""

    funnel: Funnel
    values: Mapping[str, int] = field(default_factory=dict)
    occupancy: tuple["Occupancy", ...] = ()


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The places of one incubator."""

    name: Mapping[str, str]
    places: int
    taken: int


def summed(rows: Iterable[tuple[str, Mapping[str, str], bool, Counts]]) -> tuple[SplitRow, ...]:
    """Return one line per key with what its rows sum to, the most ideas first, then by key."""
    found: dict[str, SplitRow] = {}
    for key, label, priority, counts in rows:
        known = found.get(key)
        found[key] = SplitRow(key, label, counts if known is None else known.counts + counts, priority)
    return tuple(sorted(found.values(), key=lambda row: (-row.counts.values[0], row.key)))
