"""A question that several parts of one page ask is put to the database once.

The answer is kept with the session of the request, so it lives no longer than the page, and a unit of work forgets
it: what is written is always decided on a fresh read. Jobs and commands keep nothing. What is costly to reckon is kept
for other pages too, as long as nobody writes anything: :func:`kept_until_written`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

from compapp.core import audit, db

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


MOST_RECKONED = 2
"""How many answers a process keeps beyond a request: one may hold a round of thousands of sheets."""

_reckoned: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
_lock = Lock()


def kept_until_written(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """Return what ``make`` returned for ``key`` in another request of this process, if nothing was written since.

    Every write seals the audit chain anew, so the last seal says whether an answer still holds. The answer must be
    plain: nothing of a session, and nobody may change it. A unit of work, a job and a command always make it anew.
    """
    seal = audit.last_seal() if db.kept_answers() is not None else None
    if seal is None:
        return make()
    place = (str(db.engine().url), seal, key)
    with _lock:
        if place in _reckoned:
            _reckoned.move_to_end(place)
            found: Answer = _reckoned[place]
            return found
    found = make()
    with _lock:
        _reckoned[place] = found
        while len(_reckoned) > MOST_RECKONED:
            _reckoned.popitem(last=False)
    return found


def forget() -> None:
    """Forget what is kept beyond a request (for tests, which write past the services)."""
    with _lock:
        _reckoned.clear()
