"""Whether an entry takes part in a later round: the room above knows, and registers its answer here."""

from collections.abc import Callable

Answer = Callable[[int, str], bool]

_answer: Answer | None = None


def register(answer: Answer | None) -> None:
    """Let ``answer(entry_id, round_code)`` say whether the entry takes part in that round."""
    global _answer
    _answer = answer


def takes_part(entry_id: int, round_code: str) -> bool:
    """Whether the entry takes part in the round; nobody does until somebody can say so."""
    return _answer is not None and _answer(entry_id, round_code)
