"""A school hears of its own entries, at the publication, without a name of anybody."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.services import ensure_membership
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Entry, TeamMember
from compapp.judging.services.publication import publish
from tests.conftest import StoppedClock
from tests.judging import builders
from tests.judging.results import play
from tests.judging.results.test_decisions import approved

SYSTEM = Actor.system("test")


def told(channel: str = "inapp") -> list[OutboxMessage]:
    found = select(OutboxMessage).where(OutboxMessage.kind == "school_results", OutboxMessage.channel == channel)
    return list(session().scalars(found.order_by(OutboxMessage.id)))


def titles(message: OutboxMessage) -> set[str]:
    return {entry["title"]["vi"] for entry in message.data["entries"]}


def test_a_school_reads_its_own_results_once_they_are_published(db: Session, clock_at: StoppedClock) -> None:
    clock_at(play.R1_DECIDED)
    contest = play.loaded()
    play.team(contest)
    school = builders.entry(contest, "S05").institution_id
    assert school is not None
    with unit_of_work():
        person = builders.add_person("Trần Đại Diện")
        ensure_membership(person.id, "representative", school, actor=SYSTEM, at=builders.BEFORE)
    entries = session().scalars(select(Entry).where(Entry.contest_id == contest.id)).all()
    own = {entry.title["vi"] for entry in entries if entry.institution_id == school}
    shortlist = approved(contest)
    assert [(one.state, one.person_id, titles(one)) for one in told()] == [("held", person.id, own)]
    with unit_of_work():
        publish(shortlist, actor=play.organiser(contest), at=play.R1_PUBLISHED)
    assert [(one.state, one.not_before) for one in told()] == [("ready", play.R1_PUBLISHED)]
    text = json.dumps([one.data for one in told()], ensure_ascii=False)
    people = [
        *session().scalars(select(TeamMember.name)),
        *(builders.seat(contest, f"J{n:02d}").person.name for n in range(1, 13)),
    ]
    assert [name for name in people if name in text] == [], "neither a member nor a judge is named"
    play.late_conflict(contest)
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Xung đột lợi ích.")
    first, second = told()
    concerned = {builders.entry(contest, code).title["vi"] for code in ("S05", "S08")}
    assert (titles(first), titles(second)) == (own, own & concerned), "a correction names the entries concerned alone"
    assert second.data["reason"] == "Xung đột lợi ích."
