"""News of contests for the rooms above."""

from dataclasses import dataclass

from compapp.core.events import Event


@dataclass(frozen=True, slots=True)
class ContestAnnounced(Event):
    """A contest became public."""

    contest_id: int


@dataclass(frozen=True, slots=True)
class ContestClosed(Event):
    """The submission deadline of a contest has passed."""

    contest_id: int


@dataclass(frozen=True, slots=True)
class RulesChanged(Event):
    """Rules or calendar of an announced contest were changed; ``change_id`` is the RuleChange.

    A listener that knows the teams tells them with ``contests.services.tell_of_rule_change``.
    """

    contest_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class RoundOpened(Event):
    """A round was opened."""

    contest_id: int
    round_id: int


@dataclass(frozen=True, slots=True)
class RoundClosed(Event):
    """A round was closed."""

    contest_id: int
    round_id: int
