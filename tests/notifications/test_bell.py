"""The bell wakes the worker; without it the sweeper delivers (safety.md F4, F5, I20)."""

import time

import pytest
from sqlalchemy import select

from compapp.core import outbox
from compapp.core.db import unit_of_work
from compapp.core.messages import kind
from compapp.core.outbox import OutboxMessage
from compapp.notifications import bell as bells
from compapp.notifications import jobs
from compapp.notifications.bell import Bell


@pytest.fixture
def ring(valkey):
    """Ring through a real queue server after each commit."""
    outbox.use_wake(Bell(valkey.url).ring)


def post_one(at, version=1, channels=("inapp", "email")):
    with unit_of_work():
        person = make_person_inside()
        outbox.post(
            "role_granted", to=[person], subject=("x", 1), version=version, data=dict(kind("role_granted").sample),
            at=at, channels=channels,
        )  # fmt: skip


def make_person_inside():
    from compapp.accounts import services
    from tests.accounts.builders import LONG_AGO, SYSTEM

    return services.ensure_person("Lâm Hoài Thảo", email="thao@truong.vn", actor=SYSTEM, at=LONG_AGO).id


def waiting(db):
    db.rollback()
    return [state for state in db.scalars(select(OutboxMessage.state)) if state != "sent"]


def test_what_is_posted_is_delivered_by_the_worker(app, db, at, clock_at, ring, run_jobs, open_office):
    clock_at(at)
    open_office()
    post_one(at)
    assert run_jobs(app) == 0
    assert waiting(db) == []


def test_many_commits_ring_once_and_after_the_answer_again(app, db, at, clock_at, valkey, ring, run_jobs, open_office):
    clock_at(at)
    open_office()
    for version in range(20):
        post_one(at, version)
    client = valkey.client()
    assert client.llen("rq:queue:default") == 1
    assert run_jobs(app) == 0
    post_one(at, "later")
    assert client.llen("rq:queue:default") == 1
    client.close()


def test_an_emptied_queue_loses_nothing(app, db, at, clock_at, valkey, ring, open_office):
    clock_at(at)
    open_office()
    post_one(at)
    valkey.empty()
    jobs.sweep()
    assert waiting(db) == []


def test_a_queue_server_that_is_away_costs_a_request_less_than_half_a_second(db, at, valkey, ring, open_office):
    open_office()
    valkey.kill()
    began = time.monotonic()
    for version in range(5):
        post_one(at, version)
    assert time.monotonic() - began < 0.5
    assert len(waiting(db)) == 10


def test_jobs_carry_json_only(app, db, at, clock_at, valkey, ring, open_office):
    clock_at(at)
    open_office()
    post_one(at)
    client = valkey.client()
    job = client.lrange("rq:queue:default", 0, 0)[0].decode()
    raw = client.hget(f"rq:job:{job}", "data")
    client.close()
    import json
    import zlib

    assert bells.DRAIN in json.dumps(json.loads(zlib.decompress(raw)))
