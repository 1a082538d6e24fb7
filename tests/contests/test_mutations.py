"""Whatever a file holds: it is refused by name, or loaded and given back equal, by all rooms together."""

import copy
from datetime import datetime
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.file.reader import faults_of, load
from compapp.contests.file.shape import normalised
from compapp.contests.file.writer import export
from compapp.core.actor import Actor
from compapp.core.db import unit_of_work
from tests.contests.builders import sample
from tests.contests.test_faults import PLACES, tiny

plausible = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 100),
    st.floats(0, 10),
    st.text(max_size=12),
    st.sampled_from(
        ["R1", "R2", "S01", "J02", "vi", "RB1", "student", "IN1", "I01", "2026-12-01T08:00:00+07:00", "7.50"]
    ),
    st.just([]),
    st.just({}),
)


class Undo(Exception):
    """Leaves the unit of work so that nothing stays."""


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_a_file_is_refused_or_given_back_equal(app: Flask, db: Session, at: datetime, data: st.DataObject) -> None:
    document: Any = tiny()
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from(PLACES))
        place: Any = document
        try:
            for part in way:
                place = place[part]
            if data.draw(st.integers(0, 3)):
                place[last] = data.draw(plausible)
            else:
                del place[last]
        except (KeyError, IndexError, TypeError):
            continue
    before = copy.deepcopy(document)
    try:
        with unit_of_work():
            contest = load(document, actor=Actor.system("test"), at=at)
            db.flush()
            db.expire_all()
            assert export(contest) == normalised(before)
            raise Undo
    except (ContestFileRefused, Undo):
        pass
    assert document == before


def test_the_small_sample_is_sound(app: Flask, db: Session, at: datetime) -> None:
    document = sample()
    with unit_of_work():
        assert export(load(document, actor=Actor.system("test"), at=at)) == document


def test_a_team_of_another_size_than_it_names_is_refused(app: Flask) -> None:
    document: Any = tiny()
    document["entries"][1]["members"].pop()
    (fault,) = faults_of(document)
    assert (fault.path, fault.sentence) == (
        "entries[1].team_size",
        "4 of the team are named here. Name all of them, or leave the size out.",
    )
