"""A question that several parts of one page ask is put to the database once.

The answer is kept with the session of the request, so it lives no longer than the page, and a unit of work forgets
it: what is written is always decided on a fresh read. Jobs and commands keep nothing.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

from compapp.core import db

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class ReadOnce(Generic[Arguments, Answer]):
    """A read that asks the database once for the same arguments (which must be hashable) until something is written.

    Inside a unit of work it always asks, but where ``db.settled()`` promises that nothing is written. The answer is
    shared: nobody may change it.
    """

    def __init__(self, read: Callable[Arguments, Answer]) -> None:
        self._read = read
        update_wrapper(self, read)

    def __call__(self, *args: Arguments.args, **named: Arguments.kwargs) -> Answer:
        """Return what is known, else what the database says."""
        kept = db.kept_answers()
        if kept is None:
            return self._read(*args, **named)
        key = (self._read, args, tuple(named.items()))
        if key not in kept:
            kept[key] = self._read(*args, **named)
        answer: Answer = kept[key]
        return answer

    def keep(self, answer: Answer, *args: Arguments.args, **named: Arguments.kwargs) -> None:
        """Keep an answer that was read together with others: a list reads for all rows what a page reads for one."""
        kept = db.kept_answers()
        if kept is not None:
            kept[self._read, args, tuple(named.items())] = answer


def read_once(read: Callable[Arguments, Answer]) -> ReadOnce[Arguments, Answer]:
    """Let ``read`` ask the database once a request; see :class:`ReadOnce`."""
    return ReadOnce(read)
