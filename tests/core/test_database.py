"""One commit, one chain, one use: what the ground floor promises on every database."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from compapp.core import anchors, audit, events, links, outbox
from compapp.core import db as database
from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, session_scope, unit_of_work
from compapp.core.errors import Closed, Conflict
from compapp.core.events import Event
from compapp.core.files import Blob
from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.links import Link
from compapp.core.moves import move
from compapp.core.outbox import OutboxMessage
from compapp.core.paging import paginate
from tests.accounts.builders import make_person

SYSTEM = Actor.system("test")


def note(at, verb="a.b.c"):
    audit.record(verb, ("thing", 1), actor=SYSTEM, at=at, data={"chữ": "có dấu"})


def test_an_error_takes_everything_back(db, at):
    with pytest.raises(RuntimeError, match="stop"), unit_of_work():
        note(at)
        raise RuntimeError("stop")
    assert db.scalars(select(AuditRow)).all() == []


def test_a_connection_in_use_while_the_engine_is_replaced_closes_as_it_comes_back(clean_database):
    with session_scope() as held:
        raw = held.connection().connection.dbapi_connection
        database.configure("sqlite://")
        raw.cursor().close()
    with pytest.raises(Exception, match="closed"):
        raw.cursor()


def test_units_do_not_nest_and_writing_needs_one(db, at):
    with pytest.raises(RuntimeError, match="already open"), unit_of_work(), unit_of_work():
        pass
    with pytest.raises(RuntimeError, match="unit of work"):
        note(at)


def test_what_waits_for_the_commit_runs_once_and_only_after_it(db, at):
    rung = []

    def bell():
        rung.append("rung")

    with unit_of_work() as unit:
        unit.call_after_commit(bell)
        unit.call_after_commit(bell)
        assert rung == []
    assert rung == ["rung"]
    with pytest.raises(RuntimeError), unit_of_work() as unit:
        unit.call_after_commit(bell)
        raise RuntimeError
    assert rung == ["rung"]


class Happened(Event):
    pass


def test_news_is_heard_in_the_same_transaction(db, at, monkeypatch):
    monkeypatch.setattr(events, "_listeners", {})
    events.subscribe(Happened, lambda event: note(event.at, "heard.it.now"))
    with unit_of_work():
        events.emit(Happened(SYSTEM, at))
    assert db.scalars(select(AuditRow.verb)).all() == ["heard.it.now"]
    with pytest.raises(RuntimeError):
        events.emit(Happened(SYSTEM, at))


def test_a_broken_constraint_is_raised_and_rolled_back(db, at):
    with pytest.raises(IntegrityError), unit_of_work():
        for _ in range(2):
            session().add(Blob(sha256="x" * 64, size=1, media_type="text/plain", stored_at=at))
            session().flush()
    assert db.scalars(select(Blob)).all() == []


@pytest.mark.parametrize("change", [{"verb": "x.y.z"}, {"data": {}}, {"actor_name": "Kẻ Lạ"}])
def test_a_changed_deed_breaks_the_chain(db, at, change):
    with unit_of_work():
        for number in range(4):
            note(at + timedelta(seconds=number))
    rows = db.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert audit.verify() is None
    with unit_of_work():
        session().execute(update(AuditRow).where(AuditRow.id == rows[1].id).values(**change))
    db.expire_all()
    assert str(rows[1].id) in str(audit.verify())


def test_a_removed_deed_breaks_the_chain(db, at):
    with unit_of_work():
        for _ in range(3):
            note(at)
    with unit_of_work():
        session().delete(db.scalars(select(AuditRow).order_by(AuditRow.id)).all()[2])
    assert "missing" in str(audit.verify())


def cut_off(db, after):
    """Take the end of the chain away together with its head, as somebody with the database in hand would."""
    with unit_of_work():
        session().execute(delete(AuditRow).where(AuditRow.id > after))
        left = session().scalar(select(AuditRow.hash).where(AuditRow.id == after))
        session().execute(update(audit.AuditHead).values(hash=left))
    db.expire_all()


def test_an_end_that_was_cut_off_with_its_head_is_missed_by_whoever_kept_a_head(db, at):
    """What is left is sound; only the head that was given away shows that there was more (decision 0013)."""
    with unit_of_work():
        for number in range(4):
            note(at + timedelta(seconds=number))
    kept, first = anchors.head(), db.scalars(select(AuditRow.id).order_by(AuditRow.id)).first()
    assert anchors.ask(kept).state == anchors.HELD
    assert anchors.ask(anchors.read_head(f" {kept.position} : {kept.printed.split(':')[1].upper()}\n")).at is not None
    assert anchors.read_head(f"{kept.position}:{kept.seal[:15]}") is None and anchors.read_head("x" * 90) is None
    assert anchors.read_head(f"{2**31}:{kept.seal}") is None, "no row has such a number, and no database takes it"
    cut_off(db, first + 1)
    assert audit.verify() is None, "the rest is a sound chain"
    answer = anchors.ask(kept)
    assert (answer.state, answer.ends_at) == (anchors.CUT, first + 1)
    with unit_of_work():
        for number in range(9):
            note(at + timedelta(minutes=number))
    assert audit.verify() is None and anchors.ask(kept).state == anchors.CHANGED, "grown again, it is another record"


def test_the_head_of_a_day_is_noted_once_and_only_after_something_was_written(db, at):
    def noted(moment):
        with unit_of_work():
            return anchors.note(moment)

    assert noted(at) is None
    with unit_of_work():
        note(at)
    first = noted(at)
    assert first.head == anchors.head() and noted(at + timedelta(hours=1)) is None
    tomorrow = at + timedelta(days=1)
    assert noted(tomorrow) is None, "nothing was written since"
    with unit_of_work():
        note(tomorrow)
        note(tomorrow)
    assert noted(tomorrow).fault == "" and [one.day for one in anchors.notes_page(1).rows][1] == first.day
    assert anchors.lost_notes() == []
    cut_off(db, first.position)
    assert len(anchors.lost_notes()) == 1 and str(first.position + 2) in anchors.lost_notes()[0]
    with unit_of_work():
        note(tomorrow)
    third = noted(at + timedelta(days=2))
    assert "no longer holds" in third.fault, "the next seal says to its witnesses that the record is not in one piece"


def in_threads(count, work):
    barrier, outcomes = Barrier(count), []

    def run():
        with session_scope():
            barrier.wait()
            outcomes.append(work())

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_many_writers_keep_one_chain(db, at):
    def work():
        with unit_of_work():
            note(at)

    in_threads(12, work)
    db.rollback()
    assert len(db.scalars(select(AuditRow.id)).all()) == 12
    assert audit.verify() is None


def test_a_link_works_once(db, at):
    with unit_of_work():
        token = links.issue("p", ("person", 1), expires_at=at + timedelta(hours=1), at=at)

    def work():
        try:
            with unit_of_work():
                links.redeem("p", token, at=at)
        except Closed:
            return "closed"
        return "used"

    assert sorted(in_threads(8, work)) == ["closed"] * 7 + ["used"]


def test_a_link_is_for_its_purpose_and_time_and_can_be_withdrawn(db, at):
    with unit_of_work():
        token = links.issue("p", ("person", 1), expires_at=at + timedelta(hours=1), at=at)
    for purpose, moment in (("other", at), ("p", at + timedelta(hours=2))):
        with pytest.raises(Closed):
            links.look(purpose, token, at=moment)
    with unit_of_work():
        links.withdraw("p", ("person", 1), at=at)
    with pytest.raises(Closed):
        links.look("p", token, at=at)
    assert token not in db.scalars(select(Link.token_hash)).one()


DOOR = Lifecycle(
    "test.message",
    {state: StateLabels(state, state) for state in ("ready", "sent", "failed")},
    (Transition("send", ("ready",), "sent", "system"), Transition("fail", ("ready",), "failed", "system")),
)


def test_of_many_moves_one_wins(db, at):
    with unit_of_work():
        outbox.post("k", to=[1], subject=("x", 1), at=at, channels=("inapp",))

    def work():
        try:
            with unit_of_work():
                move(session().scalars(select(OutboxMessage)).one(), DOOR, "send", actor=SYSTEM, at=at)
        except Conflict:
            return "late"
        return "moved"

    assert sorted(in_threads(8, work)) == ["late"] * 7 + ["moved"]
    db.rollback()
    assert db.scalars(select(AuditRow.verb)).all() == ["test.message.send"]


def test_a_life_cycle_names_only_what_it_declares():
    with pytest.raises(ValueError, match="unknown state"):
        Lifecycle("x", {}, (Transition("go", ("a",), "b", ""),))
    with pytest.raises(ValueError, match="twice"):
        Lifecycle("x", DOOR.states, (*DOOR.transitions, DOOR.transitions[0]))
    assert DOOR.verbs_from("ready") == ("send", "fail")
    assert not DOOR.allows("send", "sent")


def test_messages_are_counted_and_posted_once(db, at):
    with unit_of_work():
        assert outbox.post("k", to=[1, 2, 2], subject=("x", 1), at=at) == 4
        assert outbox.post("k", to=[1, 3], subject=("x", 1), at=at) == 2
        assert outbox.post("k", to=[], subject=("x", 1), at=at) == 0


def test_a_past_is_recorded_as_sent(db, at):
    outbox.record_as_sent(True)
    try:
        with unit_of_work():
            outbox.post("k", to=[1], subject=("x", 1), at=at, channels=("email",))
            outbox.post("k", to=[2], subject=("x", 1), at=at, channels=("email",), hold="h")
            outbox.release("h", at=at)
    finally:
        outbox.record_as_sent(False)
    assert db.execute(select(OutboxMessage.state, OutboxMessage.sent_at)).all() == [("sent", at)] * 2


def test_pages_are_clamped(db):
    for _ in range(5):
        make_person()
    from compapp.accounts.models import Person

    statement = select(Person).order_by(Person.id)
    for asked, number in ((-3, 1), (0, 1), (2, 2), (99, 3)):
        page = paginate(statement, asked, 2, scalars=True)
        assert (page.number, page.count, page.total) == (number, 3, 5)


def test_a_hasty_scope_leaves_no_trace_on_the_connection(db):
    with database_scope() as opened:
        assert opened is session()
    if session().get_bind().dialect.name == "sqlite":
        from sqlalchemy import text

        level = session().execute(text("PRAGMA synchronous")).scalar()
        assert level in (0, 2)


def database_scope():
    return database.hasty_session_scope()
