"""Ties two steps deep are flagged with their path, decided by a person with a reason; overrides are a person's too."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation, Relation
from compapp.clubs.models import Cohort, CohortMember
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Refused
from compapp.core.outbox import OutboxMessage
from compapp.core.text import fold, sort_key
from compapp.entries.models import Entry, TeamMember
from compapp.incubation.models import Residency
from compapp.judging import queries, services
from compapp.judging.models import SeatConflict
from compapp.placement.models import Intake, Offer
from tests.conftest import StoppedClock
from tests.judging import builders as b

SignIn = Callable[..., Any]
LAST_YEAR = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    """J02 and a member of S01 were in one club; J03's incubator is a wish of S02; J04 mentored a member of S03.

    J03's incubator hosted an earlier team of a member of S07, and offers P01 a place.
    """
    clock_at(b.DURING)
    made = b.load_sample()
    with unit_of_work():
        club = _organisation("club", "CLB Khởi nghiệp Cửu Long")
        cohort = Cohort(club_id=club.id, term="2025", opened_at=LAST_YEAR)
        session().add(cohort)
        session().flush()
        for person in (b.seat(made, "J02").person_id, _join(made, "S01", "Trần Thị Mơ")):
            session().add(CohortMember(cohort_id=cohort.id, person_id=person, joined_at=LAST_YEAR))
        host = queries.ties.bodies_of(made.id, "incubators")[0]
        b.seat(made, "J03").affiliation_id = host[1].id
        b.entry(made, "S02").answers = {"incubator_prefs": [host[0]]}
        mentored = _join(made, "S03", "Lê Văn Mận")
        session().add(
            Relation(
                person_id=b.seat(made, "J04").person_id,
                kind="mentor",
                other_person_id=mentored,
                since=LAST_YEAR,
                until=b.BEFORE,
                source={},
            )
        )
        former = b.entry(made, "S09")
        hosted = _join(made, "S09", "Đỗ Văn Ổi")
        session().add(TeamMember(entry_id=b.entry(made, "S07").id, person_id=hosted, **_as_member("Đỗ Văn Ổi")))
        former.state = "withdrawn"
        since = {"contest_id": made.id, "incubator_id": host[1].id}
        session().add(Residency(entry_id=former.id, stage="idea", started_at=LAST_YEAR, ended_at=b.BEFORE, **since))
        places = {"position": 9, "capacity": 2, "occupied": 0, "sectors": [], "offer_valid_days": 7, "definition": {}}
        intake = Intake(code="TN-9", opens_at=LAST_YEAR, closes_at=b.AFTER, **places, **since)
        offer = {"origin": "by_hand", "reason": "", "offered_at": b.BEFORE, "offered_by_name": "Vườn ươm"}
        session().add(Offer(entry=b.entry(made, "P01"), intake=intake, expires_at=b.AFTER, **offer))
    return made


def _organisation(kind: str, name: str) -> Organisation:
    made = Organisation(
        kind=kind, name_vi=name, name_en=name, name_fold=fold(name), name_sort=sort_key(name), created_at=LAST_YEAR
    )
    session().add(made)
    session().flush()
    return made


def _join(contest: Any, code: str, name: str) -> int:
    person = b.add_person(name)
    session().add(TeamMember(entry_id=b.entry(contest, code).id, person_id=person.id, **_as_member(name)))
    session().flush()
    return person.id


def _as_member(name: str) -> dict[str, Any]:
    return {"position": 8, "role": "member", "name": name, "joined_at": b.BEFORE, "definition": {}}


def _found(contest: Any) -> set[tuple[int, int, str, str]]:
    return {(one.seat_id, one.entry_id, one.judge.kind, one.team.kind) for one in queries.ties_of(contest).found}


def test_paths_are_found_in_words_and_hide_names_from_who_judges(
    contest: Any, sign_in: SignIn, count_queries: Any
) -> None:
    found = _found(contest)
    for judge, entry, kinds in (
        ("J02", "S01", ("club", "club")),
        ("J03", "S02", ("affiliation", "wish")),
        ("J04", "S03", ("relation", "relation")),
        ("J03", "S07", ("affiliation", "hosted")),
        ("J03", "P01", ("affiliation", "offer")),
    ):
        assert (b.seat(contest, judge).id, b.entry(contest, entry).id, *kinds) in found
    path = f"/contests/{contest.code}/ties"
    client = sign_in(b.staff(contest, "organiser"))
    page = client.get(path).text
    name = b.seat(contest, "J02").person.name
    assert f"{name} và Trần Thị Mơ cùng sinh hoạt ở câu lạc bộ “CLB Khởi nghiệp Cửu Long” (2025)." in page
    assert "có hoặc từng có quan hệ với Lê Văn Mận (cố vấn, 2025)." in page
    assert "Đỗ Văn Ổi đang hoặc từng được ươm tạo tại “" in page and "đội thi đã được đề nghị tiếp nhận tại “" in page
    sign_in(b.staff(contest, "chair"))
    blind = client.get(path).text
    assert f"{name} và một thành viên đội thi từng sinh hoạt cùng một câu lạc bộ (2025)." in blind
    assert "một thành viên đội thi đang hoặc từng được ươm tạo tại đó (2025)" in blind
    for marker in ("Trần Thị Mơ", "Lê Văn Mận", "Cửu Long", "Đỗ Văn Ổi"):
        assert marker not in blind
    with count_queries() as shown:
        client.get(path)
    assert len(shown) <= 19, "\n".join(one[:150].replace("\n", " ") for one in shown)
    with count_queries() as few:
        queries.ties_of(contest)
    host = queries.ties.bodies_of(contest.id, "incubators")[0][0]
    with unit_of_work():
        for one in session().scalars(select(Entry).where(Entry.contest_id == contest.id)):
            one.answers = {"incubator_prefs": [host]}
    with count_queries() as many:
        more = _found(contest)
    assert len(more) > len(found)
    assert len(many) <= len(few) <= 14, many


def test_a_person_decides_with_a_reason(contest: Any, sign_in: SignIn, db: Session) -> None:
    b.assign_all(contest)
    seat = b.seat(contest, "J02").id
    node = next(one.node for one in queries.ties_of(contest).found if one.seat_id == seat)
    path, page = f"/contests/{contest.code}/jury/{seat}/ties", f"/contests/{contest.code}/ties"
    client = sign_in(b.staff(contest, "chair"))
    for wrong in ({"outcome": "clear"}, {"reason": "vì"}, {"outcome": "perhaps", "reason": "vì"}):
        assert client.post(path, data={"node": node} | wrong).status_code == 422
    kept = {"node": node, "outcome": "clear", "kind": "family", "reason": "Câu lạc bộ hơn 300 người, không quen."}
    assert client.post(path, data=kept).status_code == 303
    assert not [one for one in queries.ties_of(contest).found if one.seat_id == seat]
    assert "Câu lạc bộ hơn 300 người, không quen." in client.get(page).text
    assert client.post(path, data=kept).headers["Location"].endswith("/ties")
    other = b.seat(contest, "J04")
    path, entry = f"/contests/{contest.code}/jury/{other.id}/ties", b.entry(contest, "S03")
    node = next(one.node for one in queries.ties_of(contest).found if one.seat_id == other.id)
    blocked = {"node": node, "outcome": "block", "kind": "supervisor_or_mentor", "reason": "Cố vấn năm trước."}
    assert client.post(path, data=blocked).status_code == 303
    declared = db.scalars(select(SeatConflict).where(SeatConflict.seat_id == other.id)).one()
    assert (declared.kind, declared.note) == ("supervisor_or_mentor", "Cố vấn năm trước.")
    assert queries.has_conflict(other.id, entry.id)
    assert {"judging.conflict.clear", "judging.conflict.block"} <= set(db.scalars(select(AuditRow.verb)))
    own = b.seat(contest, "J01")
    assert client.post(f"/contests/{contest.code}/jury/{own.id}/ties", data=kept).status_code == 403


def test_an_override_has_a_name_and_a_reason_and_ends_with_a_new_declaration(
    contest: Any, sign_in: SignIn, db: Session
) -> None:
    organiser = b.staff(contest, "organiser")
    seat = next(one for one in queries.active_seats(contest.id) if one.institution_id)
    judge = b.judge(contest, seat.code)
    barred = [entry for entry, why in queries.reasons_of_conflicts(seat.id) if why == ["institution"]]
    entry = session().get_one(Entry, barred[0])
    round_ = b.round_(contest)
    with pytest.raises(Conflict), unit_of_work():
        services.assign(round_, entry, seat, reason="thử", actor=organiser, at=b.DURING)
    client, path = sign_in(b.staff(contest, "secretary")), f"/contests/{contest.code}/jury/{seat.id}/overrides"
    assert client.post(path, data={"entry": entry.id, "reason": "không"}).status_code == 403
    sign_in(b.staff(contest, "chair"))
    assert client.post(path, data={"entry": entry.id, "reason": "cùng trường"}).status_code == 422, "the chair is blind"
    sign_in(organiser)
    assert client.post(path, data={"entry": entry.id, "reason": " "}).status_code == 422
    assert client.post(path, data={"entry": entry.id, "reason": "Khác cơ sở, khác tỉnh."}).status_code == 303
    assert not queries.has_conflict(seat.id, entry.id)
    told = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "conflict_overridden")).all()
    assert told and all(one.data["by"] == organiser.name for one in told)
    with unit_of_work():
        given = services.assign(round_, entry, seat, reason="bù", actor=organiser, at=b.DURING).id
    sign_in(judge)
    assert client.get(f"/sheets/{given}").status_code == 200
    answer = client.post(f"/sheets/{given}/recusal", data={"kind": "other", "note": "Tôi quen thầy hướng dẫn"})
    assert answer.status_code == 303
    assert queries.has_conflict(seat.id, entry.id)
    assert client.get(f"/sheets/{given}").status_code == 404
    review = next(one for one in queries.reviews_of(contest.id) if one.entry_id == entry.id)
    assert (review.decided_by_name, review.ended_at) == (organiser.name, b.DURING)
    with pytest.raises(Refused), unit_of_work():
        services.override_conflict(seat, entry, reason="tự", actor=judge, at=b.DURING)


def test_another_institution_frees_nothing_that_the_old_one_withheld(
    contest: Any, sign_in: SignIn, db: Session
) -> None:
    b.assign_all(contest)
    organiser = b.staff(contest, "organiser")
    seat = next(
        one
        for one in queries.active_seats(contest.id)
        if one.institution_id and not one.chair and queries.entries_of_house(one.id, one.institution_id)
    )
    old = seat.institution_id
    held = [one.id for one in queries.entries_of_house(seat.id, old)]
    read = next(
        one for one in queries.standing_of(b.round_(contest).id) if one.seat_id == seat.id and one.state == "open"
    )
    new = read.entry.institution_id
    path = f"/contests/{contest.code}/jury/{seat.id}"
    client, wish = sign_in(organiser), {"institution": str(new), "sectors": seat.sectors}
    refused = client.post(path, data=wish)
    taken = [one.id for one in queries.entries_of_house(seat.id, new) if _reads(contest, seat, one)]
    assert refused.status_code == 422
    assert f"{len(held)} bài của trường cũ vẫn không được giao" in refused.text and seat.institution_id == old
    assert f"{len(taken)} bài của trường mới đã giao sẽ được rút lại" in refused.text
    assert client.post(path, data=wish | {"why": "Chuyển công tác từ tháng 9."}).status_code == 303
    db.expire_all()
    assert seat.institution_id == new and read.state == "withdrawn"
    assert all(queries.has_conflict(seat.id, entry) for entry in held)
    row = db.scalars(select(AuditRow).where(AuditRow.verb == "judging.seat.change_institution")).one()
    assert (row.data["withheld"], row.data["taken"], row.data["reason"]) == (
        len(held),
        len(taken),
        "Chuyển công tác từ tháng 9.",
    )
    told = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "institution_changed")).all()
    assert b.staff(contest, "chair").person_id in {one.person_id for one in told}
    lift, over = f"{path}/withheld", f"{path}/overrides"
    assert client.post(lift, data={"reason": "thử"}).status_code == 403
    assert client.post(over, data={"entry": held[0], "reason": "thử"}).status_code == 422, "not the organiser's to lift"
    with unit_of_work():
        services.declare_conflict(seat, db.get_one(Entry, held[0]), kind="other", actor=organiser, at=b.DURING)
    assert client.post(over, data={"entry": held[0], "reason": "thử"}).status_code == 422, "nor under another name"
    sign_in(b.staff(contest, "chair"))
    page = client.get(f"/contests/{contest.code}/jury").text
    assert "Chuyển công tác từ tháng 9." in page and f"{len(held)} bài của trường cũ vẫn không giao" in page
    assert client.post(lift, data={"reason": " "}).status_code == 422
    assert client.post(lift, data={"reason": "Đã nghỉ ở trường cũ ba năm."}).status_code == 303
    assert not any(queries.has_conflict(seat.id, entry) for entry in held)
    assert "trường cũ vẫn không giao" not in client.get(f"/contests/{contest.code}/jury").text
    sign_in(organiser)
    back = {"institution": str(old), "sectors": seat.sectors, "why": "Nhập nhầm."}
    assert client.post(path, data=back).status_code == 303
    assert not db.scalars(
        select(SeatConflict).where(SeatConflict.entry_id.in_(held), SeatConflict.seat_id == seat.id)
    ).all()


def test_a_member_who_leaves_after_the_entry_was_handed_in_ends_no_conflict(contest: Any) -> None:
    entry, seat = b.entry(contest, "S01"), b.seat(contest, "J04")
    with unit_of_work():
        house = _organisation("university", "Trường của một thành viên")
        seat.institution_id = house.id
        left = _as_member("Trần Rời") | {"institution_id": house.id, "left_at": b.DURING}
        session().add(TeamMember(entry_id=entry.id, person_id=None, **left))
    assert queries.has_conflict(seat.id, entry.id)
    assert [one.id for one in queries.entries_of_house(seat.id, house.id)] == [entry.id]
    with unit_of_work():
        entry.submitted_at = b.LATE
    assert not queries.has_conflict(seat.id, entry.id), "who left before is no part of it"


def _reads(contest: Any, seat: Any, entry: Entry) -> bool:
    standing = queries.standing_of(b.round_(contest).id)
    return any((one.entry_id, one.seat_id) == (entry.id, seat.id) for one in standing)
