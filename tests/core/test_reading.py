"""What is kept beyond a request is never older than the last write."""

from sqlalchemy.orm import Session

from compapp.core import audit, reading
from compapp.core.actor import Actor
from compapp.core.clock import now
from compapp.core.db import keep_answers, session_scope, unit_of_work


def test_an_answer_is_kept_until_something_is_written_and_never_inside_a_unit_of_work(db: Session) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    def page() -> int:
        with session_scope():
            keep_answers()
            return reading.kept_until_written(("round", 1), make)

    def write() -> None:
        with session_scope(), unit_of_work():
            audit.record("core.thing.done", ("thing", 1), actor=Actor.system(), at=now())

    assert [page(), page()] == [0, 1], "nothing was ever written: there is no seal to hold on to"
    write()
    assert [page(), page()] == [2, 2]
    write()
    assert [page(), page()] == [3, 3]
    with session_scope():
        assert reading.kept_until_written(("round", 1), make) == 4, "a job or a command reads anew"
        keep_answers()
        with unit_of_work():
            assert reading.kept_until_written(("round", 1), make) == 5
    assert page() == 3
