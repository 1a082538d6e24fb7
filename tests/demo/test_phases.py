"""Each phase stands, is sound, mails nobody, and leaves its accounts something to do.

What a phase holds is asked of the one story that the journeys keep a copy of at each phase; what building itself
promises (no mail, whose day it is, inboxes in words) of the first phase here and of the last in the oracle's test.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from compapp import cli
from compapp.accounts import passwords
from compapp.accounts.models import Person
from compapp.contests.models import Contest, Round
from compapp.core import clock
from compapp.core.clock import ZONE
from compapp.core.db import session, session_scope
from compapp.core.outbox import OutboxMessage
from compapp.demo.calendar import PHASES
from compapp.demo.cast import ACCOUNTS, PASSWORD
from compapp.demo.direction import Performance
from compapp.entries.models import Attachment, Endorsement, Entry, TeamInvitation
from compapp.entries.queries import completeness
from compapp.incubation.models import MentoringSession, Residency
from compapp.judging.models import Motion, Place, Publication, ResultAppeal, Seat, Sheet
from compapp.judging.queries.answers import answers_by_seat
from compapp.judging.queries.standings import file_rows
from compapp.notifications.models import InboxItem
from compapp.placement.models import Intake, PreferenceList
from tests.demo.conftest import NOON
from tests.journeys.permissions.stages import Stage, built, stage_of

__all__ = ["built", "stage_of"]

CODE, SECOND = "VL-KNST-2026", "YTX-2026"


def entry(code: str, contest: str = CODE) -> Entry:
    statement = select(Entry).join(Entry.contest).where(Contest.code == contest, Entry.code == code)
    return session().scalars(statement).one()


def count(statement: object) -> int:
    return int(session().scalar(select(func.count()).select_from(statement.subquery())) or 0)  # type: ignore[attr-defined]


def check_entry() -> None:
    """Day 40: drafts of all kinds, a few handed in, an invitation and an endorsement that wait."""
    states = [one.state for one in session().scalars(select(Entry).join(Entry.contest).where(Contest.code == CODE))]
    assert (len(states), states.count("submitted")) == (24, 3)
    missing = {one.key for one in completeness(entry("S01")).missing}
    assert missing == {"finance", "commit_original", "consent_privacy", "video", "school_confirm"}
    assert 60 < completeness(entry("S01")).percent < 100
    unanswered = TeamInvitation.accepted_at.is_(None)
    waiting = (
        session().scalars(select(TeamInvitation).where(unanswered, TeamInvitation.entry_id == entry("S01").id)).one()
    )
    assert waiting.role == "advisor"
    word = session().scalars(select(Endorsement).where(Endorsement.entry_id == entry("S07").id)).one()
    assert word.state == "waiting"


def check_scoring() -> None:
    """Day 75: about half of the sheets are in, one is a draft, one waits on paper, one file is withheld."""
    judged = select(Sheet.state, func.count()).join(Round, Round.id == Sheet.round_id).join(Contest)
    states = dict(session().execute(judged.where(Contest.code == CODE).group_by(Sheet.state)).all())
    assert 36 <= states["submitted"] <= 43
    assert (states["draft"], states["unconfirmed"]) == (1, 1)
    draft = session().scalars(select(Sheet).where(Sheet.state == "draft")).one()
    assert draft.seat.code == "J02"
    assert 0 < len(draft.scores) < 6
    withheld = session().scalars(
        select(Attachment).where(Attachment.blind_state == "withheld", Attachment.replaced_at.is_(None))
    )
    assert [one.entry.code for one in withheld] == ["P06"]
    assert {one.state for one in session().scalars(select(Entry).join(Entry.contest).where(Contest.code == CODE))} == {
        "eligible"
    }
    seats = list(session().scalars(select(Seat).where(Seat.state == "accepted")))
    assert len(seats) == 11 + 5
    assert all(seat.definition["degree"] and seat.definition["position"] for seat in seats), "papers name both"
    silent = answers_by_seat(session().scalars(select(Contest.id).where(Contest.code == CODE)).one())
    assert {seat.code for seat in seats if seat.id in silent and silent[seat.id].unanswered} == {"J11", "J12"}
    assert count(select(Publication.id)) == 0


def check_published() -> None:
    """Day 84: the correction is out and public, places are being confirmed."""
    found = list(session().scalars(select(Publication).order_by(Publication.id)))
    assert [(one.round.contest.code, one.number) for one in found] == [(CODE, 1), (SECOND, 1), (CODE, 2)]
    assert all(one.public_from < clock.now() for one in found)
    places = {place.entry.code: place.state for place in session().scalars(select(Place))}
    assert (places["S01"], places["S02"], places["S05"], places["S08"]) == (
        "waiting",
        "confirmed",
        "reserve",
        "waiting",
    )


def check_placement() -> None:
    """Day 170: the prizes are given, intakes are open, wishes come in."""
    assert [(row["entry"], row["rank"]) for row in file_rows(CODE, "R3")["student"]][:2] == [("S01", 1), ("S06", 2)]
    assert all(one.opens_at < clock.now() < one.closes_at for one in session().scalars(select(Intake)))
    assert count(select(PreferenceList.entry_id)) == 7
    assert session().scalars(select(Contest.state).where(Contest.code == CODE)).one() == "decided"
    held = select(Place.state).join(Round).join(Contest, Contest.id == Round.contest_id).where(Contest.code == SECOND)
    assert set(session().scalars(held)) == {"confirmed"}, "after the last round nobody is asked to come"
    upheld = session().scalars(select(ResultAppeal).where(ResultAppeal.state == "upheld")).one()
    assert (upheld.reopens, upheld.entry.code) == ("sheet", "I01")
    rooms = session().execute(select(Motion.is_secret, Motion.yes, Motion.no, Motion.abstained).order_by(Motion.id))
    assert rooms.all() == [(False, 6, 1, 1), (True, 5, 1, 1)]


def check_incubation() -> None:
    """Day 245: ten teams in five weeks of incubation, sessions held, missed and to come."""
    assert count(select(Residency.id).where(Residency.state == "active")) == 10
    states = session().execute(select(MentoringSession.state, func.count()).group_by(MentoringSession.state))
    assert dict(states.all()) == {"held": 4, "missed": 1, "booked": 1}


CHECKS = {
    "entry": check_entry,
    "scoring": check_scoring,
    "published": check_published,
    "placement": check_placement,
    "incubation": check_incubation,
}


@pytest.mark.one_database
@pytest.mark.parametrize("phase", list(PHASES))
def test_a_phase_stands_and_is_sound(phase: str, stage_of: Callable[[str], Stage]) -> None:
    stage = stage_of(phase)
    with clock.reading(), session_scope():
        CHECKS[phase]()
        check_accounts()
        assert session().scalars(select(Contest.code).order_by(Contest.id)).all() == [CODE, SECOND]
    cli.register(stage.app)
    check_doctor(stage.app.test_cli_runner())


@pytest.mark.one_database  # the oracle builds the whole year on PostgreSQL, too
def test_building_mails_nobody_and_fills_the_inboxes(
    build: Callable[..., Performance], runner: FlaskCliRunner, data_dir: Path
) -> None:
    mails = set((data_dir / "mail").glob("*"))
    performance = build("entry")

    assert performance.launch == (NOON.astimezone(ZONE).date() - timedelta(days=PHASES["entry"])).isoformat()
    with clock.reading(NOON), session_scope():
        check_entry()
    check_built(runner)
    assert set((data_dir / "mail").glob("*")) == mails


def check_built(runner: FlaskCliRunner) -> None:
    """Whoever can sign in does and has read mail in words; nothing waits to be sent; all is sound."""
    with session_scope():
        check_accounts()
        check_inboxes()
        undelivered = select(OutboxMessage.kind).where(OutboxMessage.state.not_in(["sent", "held", "cancelled"]))
        assert session().scalars(undelivered).all() == []
    check_doctor(runner)


def check_doctor(runner: FlaskCliRunner) -> None:
    """The doctor finds nothing."""
    doctor = runner.invoke(args=["doctor"])
    assert (doctor.exit_code, json.loads(doctor.stdout)["ok"]) == (0, True), doctor.output


def check_accounts() -> None:
    """Everybody of the list can sign in with the password of the README; nobody else has one."""
    with_password = select(Person).where(Person.password_hash.is_not(None))
    people = {person.email: person for person in session().scalars(with_password)}
    assert set(people) == {f"{role}@demo.example" for role in ACCOUNTS}
    assert passwords.matches(people["student@demo.example"].password_hash, PASSWORD)
    assert people["student@demo.example"].name == "Lâm Hoài Thảo"
    assert all(person.demonstration for person in session().scalars(select(Person)))


def check_inboxes() -> None:
    """Whoever can sign in finds every message of the past, in words; no message still holds a single-use link."""
    with_password = select(Person.id).where(Person.password_hash.is_not(None))
    told = select(OutboxMessage.id).where(
        OutboxMessage.channel == "inapp", OutboxMessage.state == "sent", OutboxMessage.person_id.in_(with_password)
    )
    arrived = set(session().scalars(select(InboxItem.outbox_id)))
    assert arrived == set(session().scalars(told))
    assert arrived
    assert not [one.id for one in session().scalars(select(OutboxMessage)) if "secret_path" in one.data]


@pytest.mark.one_database
def test_a_publication_of_today_is_public_just_after_midnight(build: Callable[..., Performance]) -> None:
    """What is told of today lies in the past already."""
    now = datetime(2026, 11, 22, 17, 20, tzinfo=UTC)
    build("published", now)
    with session_scope():
        assert all(one.public_from < now for one in session().scalars(select(Publication)))
