"""The fixtures themselves: what they promise, every other test relies on."""

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.accounts.models import Person
from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.core.audit import AuditRow, record
from compapp.core.db import session, unit_of_work
from tests.conftest import StoppedClock
from tests.services import MailSink, QueueServer


def _rows() -> int:
    return session().scalar(select(func.count()).select_from(AuditRow)) or 0


def _write() -> None:
    with unit_of_work():
        record("house.test.written", ("test", 1), actor=Actor.system("test"), at=clock.now())


def test_each_test_begins_with_an_empty_database(db: Session) -> None:
    assert _rows() == 0
    _write()
    assert _rows() == 1


def test_and_so_does_the_next_one(db: Session) -> None:
    assert _rows() == 0
    _write()


def test_the_clock_stops_where_it_is_told(clock_at: StoppedClock, at: datetime) -> None:
    clock_at(at)
    assert clock.now() == at
    clock_at.advance(hours=1)
    with clock.reading():
        assert clock.now() == datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


def test_mail_arrives_or_is_refused(smtp: MailSink) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.vn", "b@example.vn", "Xin chào"
    message.set_content("Bạn được mời vào đội thi.")
    smtp.refuse["c@example.vn"] = "550 no such person"
    with smtplib.SMTP("127.0.0.1", smtp.port) as sender:
        refused = sender.sendmail("a@example.vn", ["b@example.vn", "c@example.vn"], message.as_bytes())
    assert list(refused) == ["c@example.vn"]
    assert [str(kept["Subject"]) for kept in smtp.to("b@example.vn")] == ["Xin chào"]


def job_that_writes(number: int) -> str:
    """Write an audit row (run by the worker)."""
    with unit_of_work():
        record("house.test.worked", ("test", number), actor=current_actor(), at=clock.now())
    return current_actor().name


def test_a_queued_job_runs_in_its_frame(
    app: Flask, db: Session, valkey: QueueServer, run_jobs: Callable[[Flask], int]
) -> None:
    connection: Redis = valkey.client()
    queue = Queue("default", connection=connection, serializer=JSONSerializer)
    job = queue.enqueue(job_that_writes, 7)
    assert run_jobs(app) == 0
    assert job.return_value() == "worker"
    connection.close()
    db.rollback()
    assert db.scalars(select(AuditRow.subject_id)).all() == [7]


def _person() -> Person:
    from compapp.core.text import fold, name_sort_key

    name = "Nguyễn Thị An"
    with unit_of_work():
        person = Person(name=name, name_fold=fold(name), name_sort=name_sort_key(name), created_at=clock.now())
        session().add(person)
        session().flush()
    return person


def test_a_person_is_signed_in(as_person: Callable[..., FlaskClient], client: FlaskClient) -> None:
    assert client.get("/home").status_code == 303
    assert as_person(_person()).get("/home").status_code == 200


def test_a_person_is_signed_in_in_the_browser(
    db: Session, page_of: Callable[..., Any], assert_accessible: Callable[[Any], None]
) -> None:
    page = page_of(_person(), width=390)
    page.goto("/home")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert_accessible(page)


def test_the_browser_opens(server: Any, page: Any) -> None:
    page.goto("/healthz")
    assert page.inner_text("body") == "ok"
