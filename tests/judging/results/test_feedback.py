"""What a team reads of its judges, and what a judge reads of the own scores: the right words, to the right person."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid
from compapp.judging import services
from compapp.judging.models import Sheet
from compapp.judging.queries.mirror import mirrors_of
from compapp.judging.queries.own import own_results
from compapp.judging.scoring.mirror import mirror
from compapp.judging.scoring.model import Rubric
from compapp.judging.scoring.model import Sheet as Scored
from compapp.judging.services.feedback import pass_comment_on, withhold_comment
from tests.judging import builders as b
from tests.judging.results import play
from tests.judging.results.test_pages import member_of, sign_in

__all__ = ["sign_in"]

pytestmark = pytest.mark.one_database
HARSH, MILD = "Ý tưởng quá kém, đừng thi nữa.", "Ý tưởng cần thêm khảo sát người dùng."


def test_what_a_judge_writes_after_the_publication_waits_for_its_correction(db: Session) -> None:
    contest = play.loaded()
    play.team(contest)
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    play.late_conflict(contest)
    entry = b.entry(contest, "S05").id
    with unit_of_work():
        sheet = session().scalars(select(Sheet).where(Sheet.entry_id == entry, Sheet.seat == b.seat(contest, "J05")))
        sheet.one().comment = MILD
    assert MILD not in own_results(entry)[0].comments
    play.decide_and_publish(contest, "R1", play.CORRECTED, reason="Đính chính.")
    assert MILD in own_results(entry)[0].comments


def test_moderated_words_are_read_and_the_judges_own_stay(
    db: Session, client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    clock_at(play.R1_PUBLISHED)
    contest = play.loaded()
    play.team(contest)
    with unit_of_work():
        sheet = session().scalars(select(Sheet).where(Sheet.entry_id == b.entry(contest, "S01").id)).first()
        assert sheet is not None
        sheet.comment = HARSH
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    lead, organiser = member_of(contest, "S01"), play.organiser(contest)
    own = f"/entries/{b.entry(contest, 'S01').id}/results"
    path = f"/contests/{contest.code}/feedback/R1"
    sign_in(organiser)
    same = client.post(f"{path}/{sheet.id}/comment", data={"shown": HARSH, "reason": "x"})
    assert same.status_code == 422
    data = {"shown": MILD, "reason": "lời lẽ nặng nề"}
    assert client.post(f"{path}/{sheet.id}/comment", data=data).status_code == 303
    page = client.get(path).text
    assert HARSH in page
    assert MILD in page
    assert organiser.name in page
    sign_in(lead)
    page = client.get(own).text
    assert MILD in page
    assert HARSH not in page
    assert session().get_one(Sheet, sheet.id).comment == HARSH
    with unit_of_work():
        withhold_comment(sheet, "comment", "không chuyển", actor=organiser, at=play.R1_PUBLISHED)
    assert MILD not in client.get(own).text
    with unit_of_work():
        pass_comment_on(sheet, "comment", actor=organiser, at=play.R1_PUBLISHED)
    assert HARSH in client.get(own).text
    verbs = session().scalars(
        select(AuditRow.verb).where(AuditRow.verb.like("judging.comment.%")).order_by(AuditRow.id)
    )
    assert [one.split(".")[-1] for one in verbs] == ["moderate", "withhold", "pass_on"]
    with pytest.raises(Invalid), unit_of_work():
        withhold_comment(sheet, "comment", " ", shown=MILD, actor=organiser, at=play.R1_PUBLISHED)
    for rule, is_read in (("none", False), ("anonymous_comments_at_the_end", False), ("scores_and_comments", True)):
        with unit_of_work():
            rules = {**contest.definition["rules"], "feedback_to_teams": rule}
            contest.definition = {**contest.definition, "rules": rules}
        assert (HARSH in client.get(own).text) is is_read, rule
    found = own_results(b.entry(contest, "S01").id)[0].criteria[0]
    assert found.middle is not None
    assert found.mean > found.middle, "the best entry lies above the middle of its board"


def test_a_judges_mirror_is_that_judges_alone(
    db: Session, client: FlaskClient, sign_in: Callable[[Actor], None], clock_at: Any
) -> None:
    clock_at(play.R1_PUBLISHED)
    contest = play.loaded()
    seat = b.seat(contest, "J02")
    path = f"/contests/{contest.code}/mirror"
    sign_in(b.judge(contest, "J02"))
    assert mirrors_of(seat) == []
    play.decide_and_publish(contest, "R1", play.R1_PUBLISHED)
    [found] = mirrors_of(seat)
    assert found.mirror.sheets >= found.mirror.common >= 3
    assert found.mirror.agreed <= found.mirror.pairs
    page = client.get(path).text
    lists = [one.titles[code].title["vi"] for one in mirrors_of(seat) for code, *_totals in one.mirror.by_entry]
    assert len(lists) == found.mirror.common and all(title in page for title in lists)
    with unit_of_work():
        away = b.entry(contest, found.mirror.by_entry[0][0])
        services.declare_conflict(seat, away, kind="family", actor=b.judge(contest, "J02"), at=play.R1_PUBLISHED)
    assert lists[0] not in client.get(path).text, "nothing is shown of an entry with a conflict"
    for code in ("J01", "J03", "J05"):
        assert b.seat(contest, code).person.name not in page
    for actor in (play.organiser(contest), b.staff(contest, "secretary"), Actor(9_999, "Người lạ")):
        sign_in(actor)
        assert client.get(path).status_code == 404


def test_the_mirror_reckons_on_common_entries_only() -> None:
    def sheet(entry: str, judge: str, total: int) -> Scored:
        return Scored(entry, judge, None, Fraction(total))

    sheets = [sheet("A", "J", 50), sheet("A", "K", 60), sheet("B", "J", 70), sheet("B", "K", 60), sheet("B", "L", 80)]
    sheets += [
        sheet("C", "J", 90),
        sheet("C", "K", 80),
        sheet("D", "J", 10),
        Scored("A", "M", None, Fraction(0), void=True),
    ]
    found = mirror(sheets, Rubric("", ()), "J", due=2)
    assert (found.sheets, found.common, found.again) == (4, 3, 1)
    assert (found.own_mean, found.others_mean, found.lean) == (70, 70, 0)
    assert (found.own_range, found.others_range) == ((50, 90), (60, 80))
    assert (found.apart, found.pairs, found.agreed) == (Fraction(20, 3), 3, 3)
    assert found.by_entry == (("A", 50, 60), ("C", 90, 80), ("B", 70, 70)), "the farthest apart first"
    assert mirror(sheets, Rubric("", ()), "L", due=2).own_mean is None
