"""Whether an entry takes part in a later round: the room above knows, and registers its answers here."""

from collections.abc import Callable, Iterable, Mapping

from compapp.core.reading import read_once

Answer = Callable[[int, str], bool]
RoundsOf = Callable[[Iterable[int]], Mapping[int, frozenset[str]]]

_answer: Answer | None = None
_rounds_of: RoundsOf | None = None


def register(answer: Answer | None) -> None:
    """Let ``answer(entry_id, round_code)`` say whether the entry takes part in that round."""
    global _answer
    _answer = answer


def register_rounds(rounds_of: RoundsOf | None) -> None:
    """Let ``rounds_of(entry_ids)`` name the scored rounds after the first that each entry takes part in."""
    global _rounds_of
    _rounds_of = rounds_of


def rounds_of(entry_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """Return the codes of the later rounds of several entries, in a constant number of statements."""
    return {} if _rounds_of is None else _rounds_of(entry_ids)


@read_once
def reached(entry_id: int) -> frozenset[str]:
    """Return the codes of the later scored rounds that one entry takes part in."""
    return rounds_of([entry_id]).get(entry_id, frozenset())


@read_once
def takes_part(entry_id: int, round_code: str) -> bool:
    """Whether the entry takes part in the round; nobody does until somebody can say so."""
    return _answer is not None and _answer(entry_id, round_code)
