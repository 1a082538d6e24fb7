"""Rounds judged otherwise than by criteria: from the judge's page to the published result."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.core.db import unit_of_work
from compapp.core.errors import Refused
from compapp.core.outbox import OutboxMessage
from compapp.judging import queries
from compapp.judging.queries.standings import file_rows, round_inputs
from compapp.judging.scoring.standings import as_file_rows
from compapp.judging.services.content import build_content, scoring_of
from compapp.judging.services.screening import decide_screening
from compapp.judging.services.shortlist import blockers, propose_shortlist
from tests.conftest import StoppedClock
from tests.judging import builders as b

pytestmark = pytest.mark.one_database
SignIn = Callable[..., Any]


def _document(mode: str, **more: Any) -> dict[str, Any]:
    """Return the sample with a first round of another mode."""
    document = b.sample(sheets=False)
    first = next(one for one in document["rounds"] if one["code"] == "R1")
    for key in ("rubric", "gates", "spread_alert_points", "advance"):
        first.pop(key, None)
    first |= {"mode": mode, **more}
    for key in ("points", "votes", "chair_decisions", "publications", "placements"):
        document.pop(key, None)
    return document


@pytest.fixture
def screening(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample(document=_document("yes_no"))
    b.assign_all(made)
    return made


def test_verdicts_from_the_page_to_the_decision(
    screening: Any, sign_in: SignIn, db: Session, clock_at: StoppedClock
) -> None:
    one = b.assignments(screening, judge="J02")[0]
    client = sign_in(b.judge(screening, "J02"))
    page = client.get(f"/sheets/{one.id}").text
    assert 'type="radio" name="score-verdict"' in page
    saved = client.post(f"/sheets/{one.id}", data={"version": "0", "score-verdict": "0", "review": "yes"})
    assert saved.status_code == 303
    refused = client.post(f"/sheets/{one.id}/submission", data={"version": "1"})
    assert refused.status_code == 422
    client.post(f"/sheets/{one.id}", data={"version": "1", "comment-verdict": "Chưa nêu khách hàng"})
    assert client.post(f"/sheets/{one.id}/submission", data={"version": "2"}).status_code == 303
    readers: dict[int, list[Any]] = {}
    for other in b.assignments(screening):
        readers.setdefault(other.entry_id, []).append(other)
    for entry_id, several in readers.items():
        verdicts = iter(["1", "0.5"] if entry_id == one.entry_id else ["1", "1", "1"])
        for other in several:
            if other.id != one.id:
                b.score(other, b.actor_of(other.seat.person), {"verdict": next(verdicts)})
    round_ = b.round_(screening)
    code = one.entry.code
    assert [row.advances for rows in round_inputs(round_).rows.values() for row in rows].count(None) == 1
    assert len(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "verdicts_apart")).all()) > 0
    assert code in str(blockers(round_inputs(round_)))
    clock_at(b.AFTER)
    address = f"/contests/{screening.code}/standings/R1/screening"
    chair = sign_in(b.judge(screening, "J01"))
    shown = chair.get(address).text
    assert "ít nhất 2 phiếu Có" in shown and "Ban giám khảo chưa thống nhất" in shown
    for data in ({"entry": code}, {"entry": code, "passes": "yes", "reason": " "}):
        assert chair.post(address, data=data).status_code == 422
    with pytest.raises(Refused), unit_of_work():
        decide_screening(round_, code, True, "…", actor=b.staff(screening, "organiser"), at=b.AFTER)
    settled = {"entry": code, "passes": "yes", "reason": "Có khách hàng thử nghiệm"}
    assert chair.post(address, data=settled).status_code == 303
    agreed = next(row["entry"] for row in file_rows(screening.code, "R1")["student"] if row["entry"] != code)
    assert chair.post(address, data=settled | {"entry": agreed}).status_code == 409
    inputs = round_inputs(b.round_(screening))
    assert blockers(inputs) == []
    with unit_of_work():
        made = propose_shortlist(b.round_(screening), actor=b.staff(screening, "organiser"), at=b.AFTER)
    assert sum(map(len, made.decided.values())) == len(readers)
    content = build_content(inputs, made, [])
    assert as_file_rows(scoring_of(content).standings("R1")) == as_file_rows(inputs.rows)
    assert queries.round_before(b.round_(screening, "R2")).code == "R1"
    for path in ("", f"/entries/{code}"):
        assert chair.get(f"/contests/{screening.code}/standings/R1{path}").status_code == 200
    assert sign_in(b.judge(screening, "J02")).get(address).status_code == 403
