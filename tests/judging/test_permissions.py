"""Who may open what, written out by hand: a row for a page, a column for a person."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from compapp.core.actor import Actor, Grant
from compapp.core.db import session, unit_of_work
from compapp.entries.models import TeamMember
from tests.conftest import StoppedClock
from tests.judging import builders as b

PEOPLE = ("organiser", "secretary", "chair", "judge", "other_judge", "stranger", "admin", "member_organiser", "visitor")
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    #                                       org  sec  chr  own  oth  str  adm  mem  vis
    ("GET", "/desk"):                       (403, 403, 200, 200, 200, 403, 403, 403, 302),
    ("GET", "/sheets/{mine}"):              (404, 404, 404, 200, 404, 404, 404, 404, 302),
    ("POST", "/sheets/{mine}"):             (404, 404, 404, 303, 404, 404, 404, 404, 401),
    ("GET", "/sheets/{mine}/recusal"):      (404, 404, 404, 200, 404, 404, 404, 404, 302),
    ("GET", "/sheets/{mine}/print"):        (404, 404, 404, 200, 404, 404, 404, 404, 302),
    ("POST", "/sheets/{mine}/submission"):  (404, 404, 404, 422, 404, 404, 404, 404, 401),
    ("GET", "{c}/judging"):                 (200, 200, 200, 403, 403, 403, 403, 403, 302),
    ("GET", "{c}/jury"):                    (200, 200, 200, 403, 403, 403, 403, 403, 302),
    ("POST", "{c}/jury"):                   (422, 403, 403, 403, 403, 403, 403, 403, 401),
    ("GET", "{c}/jury/{seat}"):             (200, 200, 200, 403, 403, 403, 403, 403, 302),
    ("POST", "{c}/jury/{seat}/departure"):  (422, 403, 422, 422, 403, 403, 403, 403, 401),
    ("POST", "{c}/jury/{seat}/conflicts"):  (422, 403, 422, 422, 403, 403, 403, 403, 401),
    ("GET", "{c}/my-seat"):                 (404, 404, 200, 200, 200, 404, 404, 404, 302),
    ("GET", "{c}/assignments/R1"):          (200, 200, 200, 403, 403, 403, 403, 403, 302),
    ("POST", "{c}/assignments/R1/proposal"): (303, 303, 303, 403, 403, 403, 403, 403, 401),
    ("POST", "{c}/assignments/R1/publication"): (409, 409, 409, 403, 403, 403, 403, 403, 401),
    ("POST", "{c}/assignments/R1/readers"): (422, 422, 422, 403, 403, 403, 403, 403, 401),
    ("GET", "{c}/given/{mine}/withdrawal"): (200, 200, 200, 403, 403, 403, 403, 403, 302),
    ("GET", "{c}/progress/R1"):             (200, 200, 200, 403, 403, 403, 403, 403, 302),
    ("POST", "{c}/progress/R1/reminders/{seat}"): (303, 303, 303, 403, 403, 403, 403, 403, 401),
    ("GET", "{c}/paper-sheets"):            (200, 200, 403, 403, 403, 403, 403, 403, 302),
    ("GET", "{c}/paper/{mine}"):            (200, 200, 403, 403, 403, 403, 403, 403, 302),
    ("GET", "{c}/paper-sheets/R1/{seat}/blanks"): (200, 200, 403, 403, 403, 403, 403, 403, 302),
    ("GET", "{c}/unlocking"):               (403, 403, 200, 403, 403, 403, 403, 403, 302),
    ("GET", "{c}/progress/R9"):             (404, 404, 404, 404, 404, 404, 404, 404, 302),
    ("GET", "/contests/KHONG-CO/jury"):     (404, 404, 404, 404, 404, 404, 404, 404, 302),
}  # fmt: skip


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample()
    b.assign_all(made)
    return made


def _person(contest: Any, who: str) -> Actor | None:
    if who == "visitor":
        return None
    if who in ("organiser", "secretary", "chair"):
        return b.staff(contest, who)
    if who == "judge":
        return b.judge(contest, "J02")
    if who == "other_judge":
        return b.judge(contest, "J05")
    with unit_of_work():
        person = b.add_person("Người Khác")
        if who == "member_organiser":
            b.add_role(contest, "organiser", person)
            session().add(
                TeamMember(
                    entry_id=b.entry(contest, "S09").id,
                    person_id=person.id,
                    position=9,
                    role="member",
                    name=person.name,
                    joined_at=b.BEFORE,
                    definition={},
                )
            )
    actor = b.actor_of(person)
    if who == "admin":
        return Actor(actor.person_id, actor.name, None, "vi", frozenset({Grant("admin", "platform")}))
    return actor


@pytest.mark.parametrize("who", PEOPLE)
def test_the_table(contest: Any, sign_in: Callable[..., Any], who: str) -> None:
    actor = _person(contest, who)
    client = sign_in(actor)
    names = {
        "c": f"/contests/{contest.code}",
        "mine": b.assignments(contest, judge="J02")[-1].id,
        "seat": b.seat(contest, "J02").id,
    }
    wrong: list[str] = []
    for (method, path), row in TABLE.items():
        expected = row[PEOPLE.index(who)]
        got = client.open(path.format(**names), method=method, data={} if method == "POST" else None).status_code
        if got != expected and not (expected == 302 and got == 303):
            wrong.append(f"{method} {path}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)
