"""Plays the sample contest through the services, each step at its own moment."""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.entries.models import Entry, TeamMember
from compapp.judging import services
from compapp.judging.models import Publication
from compapp.judging.queries.results import open_shortlist
from compapp.judging.services.pitch import enter_panel_total
from compapp.judging.services.publication import publish
from compapp.judging.services.shortlist import approve_shortlist, propose_shortlist
from compapp.judging.services.votes import record_votes
from tests.judging import builders

R1_DECIDED = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
R1_PUBLISHED = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)
CONFLICT_FOUND = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)
REPLACED = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
CORRECTED = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
R2_HELD = datetime(2026, 12, 19, 2, 0, tzinfo=UTC)
R2_PUBLISHED = datetime(2026, 12, 20, 1, 0, tzinfo=UTC)
VOTE_OVER = datetime(2027, 1, 19, 6, 0, tzinfo=UTC)
R3_HELD = datetime(2027, 1, 23, 2, 0, tzinfo=UTC)
R3_PUBLISHED = datetime(2027, 1, 24, 1, 0, tzinfo=UTC)


def loaded(*, pitches: bool = False) -> Contest:
    """Load the sample with the sheets of R1, and those of the pitch rounds on request."""
    document = builders.sample()
    document.pop("votes", None)
    if not pitches:
        document["sheets"] = {"R1": document["sheets"]["R1"]}
    return builders.load_sample(document=document)


def team(contest: Contest) -> None:
    """Give every lead and second member an account, so that messages have readers."""
    with unit_of_work():
        members = session().scalars(
            select(TeamMember)
            .join(TeamMember.entry)
            .where(Entry.contest_id == contest.id)
            .order_by(TeamMember.entry_id, TeamMember.position)
        )
        for _entry, team_members in groupby(members, key=lambda member: member.entry_id):
            for member in list(team_members)[:2]:
                if member.person_id is None:
                    member.person_id = builders.add_person(member.name).id


def organiser(contest: Contest, number: int = 0) -> Actor:
    return builders.staff(contest, "organiser", number)


def chair(contest: Contest) -> Actor:
    return builders.staff(contest, "chair")


def decide_and_publish(contest: Contest, code: str, at: datetime, **choices: Any) -> Publication:
    """The secretary prepares, the chair approves, the organiser publishes."""
    round_ = builders.round_(contest, code)
    with unit_of_work():
        propose_shortlist(round_, actor=builders.staff(contest, "secretary"), at=at, **choices)
    with unit_of_work():
        waiting = open_shortlist(round_.id)
        assert waiting is not None
        approve_shortlist(waiting, actor=chair(contest), at=at)
    with unit_of_work():
        return publish(waiting, actor=organiser(contest), at=at)


def late_conflict(contest: Contest) -> None:
    """Incident 9: J06 has a conflict with S05; J05 reads it instead."""
    round_, entry = builders.round_(contest), builders.entry(contest, "S05")
    with unit_of_work():
        services.declare_conflict(
            builders.seat(contest, "J06"), entry, kind="family", note="", actor=chair(contest), at=CONFLICT_FOUND
        )
    with unit_of_work():
        given = services.add_reader(
            round_,
            entry,
            reason="thay phiếu bị hủy",
            seat=builders.seat(contest, "J05"),
            due_at=CORRECTED,
            actor=organiser(contest),
            at=CONFLICT_FOUND,
        )
    scores = {"innovation": "7", "need": "7,5", "feasibility": "7", "business": "6,5", "impact": "7,5", "team": "7,5"}
    builders.score(given, builders.judge(contest, "J05"), scores, REPLACED)


def enter_pitches(contest: Contest, code: str, at: datetime) -> None:
    """The secretary types the totals that the sample holds for a pitch round."""
    round_, secretary = builders.round_(contest, code), builders.staff(contest, "secretary")
    with unit_of_work():
        for sheet in builders.sample()["sheets"][code]:
            enter_panel_total(
                round_,
                builders.entry(contest, sheet["entry"]),
                builders.seat(contest, sheet["judge"]),
                sheet["total"].replace(".", ","),
                actor=secretary,
                at=at,
            )


def whole_year(contest: Contest) -> None:
    """Decide every round up to the prizes."""
    decide_and_publish(contest, "R1", R1_PUBLISHED)
    late_conflict(contest)
    decide_and_publish(contest, "R1", CORRECTED, reason="Đính chính do xung đột lợi ích.")
    enter_pitches(contest, "R2", R2_HELD)
    decide_and_publish(contest, "R2", R2_PUBLISHED)
    votes = {row["entry"]: row["votes"] for row in builders.sample()["votes"]["RV"]}
    with unit_of_work():
        record_votes(builders.round_(contest, "RV"), votes, actor=organiser(contest), at=VOTE_OVER)
    enter_pitches(contest, "R3", R3_HELD)
    decide_and_publish(contest, "R3", R3_PUBLISHED)
