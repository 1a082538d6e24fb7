"""Results in the contest file: what was decided comes back as it was."""

import copy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.file import reader, writer
from compapp.contests.file.faults import ContestFileRefused
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.judging.models import Award, Place
from compapp.judging.queries.results import latest_publication, publications_of
from compapp.judging.queries.standings import file_rows
from compapp.judging.services.publication import publication_faults
from compapp.judging.services.votes import record_votes
from tests.judging import builders
from tests.judging.results import play


def decided() -> dict[str, Any]:
    """Play the contest to its end and export it."""
    contest = play.loaded()
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Xung đột lợi ích.")
    play.enter_pitches(contest, "R2", play.R2_HELD)
    play.decide_and_publish(contest, "R2", play.R2_PUBLISHED)
    with unit_of_work():
        votes = {"P05": 412, "S01": 371}
        record_votes(builders.round_(contest, "RV"), votes, actor=play.organiser(contest), at=play.VOTE_OVER)
    play.enter_pitches(contest, "R3", play.R3_HELD)
    play.decide_and_publish(contest, "R3", play.R3_PUBLISHED)
    return writer.export(contest)


def test_a_decided_contest_comes_back(app: Flask, db: Session) -> None:
    document = decided()
    assert [one["number"] for one in document["publications"]] == [1, 2, 1, 1]
    with unit_of_work():
        again = reader.load(copy.deepcopy(document), actor=Actor.system("test"), at=play.R3_PUBLISHED, code="LAN-HAI")
    written = writer.export(again)
    for section in ("sheets", "votes", "publications"):
        assert written[section] == document[section], section
    first = document["contest"]["code"]
    for code in ("R1", "R2", "R3"):
        assert file_rows("LAN-HAI", code) == file_rows(first, code)
        for publication in publications_of(builders.round_(again, code).id):
            assert publication_faults(publication) == []
    awards = session().scalars(select(Award).where(Award.contest_id == again.id).order_by(Award.id)).all()
    assert [one.award for one in awards][-1] == "audience"
    round_id = builders.round_(again, "R2").id
    confirmed = session().scalars(select(Place).where(Place.round_id == round_id, Place.state == "confirmed")).all()
    assert len(confirmed) == 8


def test_a_changed_content_is_refused(app: Flask, db: Session) -> None:
    document = decided()
    document["publications"][0]["content"]["boards"][0]["rows"][0]["total"] = "99.99"
    with pytest.raises(ContestFileRefused, match=r"publications\[0\]\.content_hash"), unit_of_work():
        reader.load(document, actor=Actor.system("test"), at=play.R3_PUBLISHED, code="LAN-HAI")


def test_points_decisions_and_votes_come_back(app: Flask, db: Session) -> None:
    document = builders.sample()
    document["rounds"][1]["extra_points"] = [
        {"code": "training", "label": {"vi": "Tập huấn", "en": "Training"}, "max": 5}
    ]
    document["points"] = {"R1": [{"entry": "S08", "code": "training", "value": 2.5}]}
    decision = {"round": "R1", "entries": ["S08", "S14"], "by": "Đặng Minh Ân", "reason": "Khả thi hơn."}
    document["chair_decisions"] = [decision]
    contest = builders.load_sample(document=document)
    written = writer.export(contest)
    for section in ("points", "votes", "chair_decisions"):
        assert written[section] == document[section], section
    ranked = {row["entry"]: row for row in file_rows(contest.code, "R1")["student"]}
    assert (ranked["S08"]["total"], ranked["S08"]["rank"]) == ("76.58", 5)
    assert latest_publication(builders.round_(contest).id) is None


@pytest.mark.parametrize(
    ("section", "value", "path"),
    [
        ("points", {"R1": [{"entry": "S01", "code": "training", "value": 1}]}, "points.R1"),
        ("votes", {"R1": [{"entry": "S01", "votes": 1}]}, "votes.R1"),
        ("votes", {"RV": [{"entry": "S01", "votes": 1}, {"entry": "S01", "votes": 2}]}, "votes.RV"),
        ("chair_decisions", [{"round": "R1", "entries": ["S01", "P01"]}], "chair_decisions"),
        ("chair_decisions", [{"round": "R1", "entries": ["S01", "S02"], "by": "An"}], r"chair_decisions\[0\]\.reason"),
        ("chair_decisions", [{"round": "R1", "entries": ["S01", "S02"], "reason": "x"}], r"chair_decisions\[0\]\.by"),
        ("publications", [{"round": "R1", "number": 2}], "publications"),
    ],
)
def test_what_cannot_be_is_refused(app: Flask, db: Session, section: str, value: Any, path: str) -> None:
    document = builders.sample()
    document[section] = value
    with pytest.raises(ContestFileRefused, match=path):
        builders.load_sample(document=document)
