"""Life cycles as tables: states with two labels, and the moves between them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateLabels:
    """What staff read and what everybody else reads of a state; both marked for translation."""

    staff: str
    public: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: ``who`` says in words who may make it, ``guard`` what must hold."""

    verb: str
    from_states: tuple[str, ...]
    to_state: str
    who: str
    guard: str = ""


@dataclass(frozen=True)
class Lifecycle:
    """The life cycle of one kind of thing."""

    name: str
    states: Mapping[str, StateLabels]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        """Refuse a table that names a state it does not declare or a verb twice."""
        for transition in self.transitions:
            for state in (*transition.from_states, transition.to_state):
                if state not in self.states:
                    raise ValueError(f"{self.name}: unknown state {state}")
        verbs = [transition.verb for transition in self.transitions]
        if len(verbs) != len(set(verbs)):
            raise ValueError(f"{self.name}: a verb stands twice")

    def transition(self, verb: str) -> Transition:
        """Return the move named ``verb``; KeyError for an unknown one."""
        for transition in self.transitions:
            if transition.verb == verb:
                return transition
        raise KeyError(f"{self.name}: {verb}")

    def allows(self, verb: str, state: str) -> bool:
        """Whether ``verb`` may start in ``state``."""
        return state in self.transition(verb).from_states

    def verbs_from(self, state: str) -> tuple[str, ...]:
        """Return the verbs that may start in ``state``."""
        return tuple(t.verb for t in self.transitions if state in t.from_states)
