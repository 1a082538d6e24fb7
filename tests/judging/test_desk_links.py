"""One-time links to the desk: single use, 24 hours, judging in one contest and nothing else of the account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.accounts import queries as accounts
from compapp.accounts.models import SignInSession
from compapp.accounts.services import issue_pass, use_pass
from compapp.core.audit import AuditRow
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Refused
from compapp.core.outbox import OutboxMessage
from compapp.judging import queries, services
from compapp.judging.models import Seat
from tests.conftest import StoppedClock
from tests.judging import builders as b

pytestmark = pytest.mark.one_database


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample()
    b.assign_all(made)
    with unit_of_work():
        for one in db.scalars(select(Seat)):
            one.person.email = f"giamkhao{one.id}@example.vn"
    return made


def _token(db: Session) -> str:
    sent = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "desk_link").order_by(OutboxMessage.id)).all()
    return str(sent[-1].data["secret_path"]).rsplit("/", 1)[1]


def _open(client: Any, token: str) -> Any:
    page = client.get(f"/desk-links/{token}")
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    return client.post(f"/desk-links/{token}", data={"csrf_token": found.group(1) if found else ""})


def test_a_link_opens_the_desk_once_and_nothing_else(contest: Any, client: Any, db: Session) -> None:
    seat = b.seat(contest, "J02")
    person_id, contest_id = seat.person_id, contest.id
    secretary = b.staff(contest, "secretary")
    with unit_of_work():
        services.send_desk_link(seat, actor=secretary, at=b.DURING)
    token = _token(db)
    answer = _open(client, token)
    assert answer.status_code == 303 and answer.location.endswith("/desk")
    own = b.assignments(contest, judge="J02")[0].id
    assert client.get("/desk").status_code == 200
    assert client.get(f"/sheets/{own}").status_code == 200
    assert client.get(f"/sheets/{own}/conflict-answer").location.endswith(f"/sheets/{own}")
    for path in ("/home", "/account", "/account/sessions", "/inbox", f"/contests/{contest.code}/jury"):
        shut = client.get(path)
        assert shut.status_code == 303 and "/sign-in" in shut.location, path
    page = client.get("/desk").text
    frame = page[: page.index("<main")] + page[page.index("</main") :]
    for closed in ('href="/home"', 'href="/inbox"', 'href="/account"'):
        assert closed not in frame, "the frame leads nowhere that would ask for a password"
    refused = client.get("/home", follow_redirects=True).text
    assert "Đường dẫn một lần chỉ mở bàn chấm" in refused and 'href="/desk"' in refused
    assert client.get(f"/contests/{contest.code}/mirror").status_code == 200
    opened = db.scalars(select(SignInSession).where(SignInSession.person_id == person_id)).one()
    assert opened.limited_to == contest_id and opened.expires_at - opened.started_at == timedelta(days=3)
    recorded = set(db.scalars(select(AuditRow.verb)))
    assert {"judging.seat.send_link", "accounts.session.started"} <= recorded
    assert 'href="/desk"' in client.get(f"/desk-links/{token}").text, "pressed again in the mailbox while signed in"
    client.delete_cookie("compapp")
    assert _open(client, token).status_code == 409


def test_a_link_is_void_after_a_day_and_when_another_is_sent(
    contest: Any, client: Any, db: Session, clock_at: StoppedClock
) -> None:
    secretary = b.staff(contest, "secretary")
    with unit_of_work():
        services.send_desk_link(b.seat(contest, "J02"), actor=secretary, at=b.DURING)
        services.send_desk_link(b.seat(contest, "J02"), actor=secretary, at=b.DURING + timedelta(seconds=1))
    first = _token(db)
    assert client.get(f"/desk-links/{first}").status_code == 200, "pressed twice: one link, which opens"
    with unit_of_work():
        services.send_desk_link(b.seat(contest, "J02"), actor=secretary, at=b.DURING + timedelta(minutes=1))
    assert client.get(f"/desk-links/{first}").status_code == 409
    second = _token(db)
    assert client.get(f"/desk-links/{second}").status_code == 200
    clock_at(b.DURING + timedelta(hours=25))
    over = client.get(f"/desk-links/{second}")
    assert over.status_code == 409 and 'href="/desk-link"' in over.text, "the next step is another link"


def test_only_the_office_has_a_link_sent_and_only_to_who_sits_there(contest: Any, db: Session) -> None:
    with unit_of_work(), pytest.raises(Refused):
        services.send_desk_link(b.seat(contest, "J02"), actor=b.judge(contest, "J03"), at=b.DURING)
    with unit_of_work():
        b.seat(contest, "J02").state = "left"
    with unit_of_work(), pytest.raises(Conflict):
        services.send_desk_link(b.seat(contest, "J02"), actor=b.staff(contest, "secretary"), at=b.DURING)


def test_a_limited_session_reaches_no_other_contest_and_keeps_no_other_role(contest: Any, db: Session) -> None:
    chair = b.seat(contest, "J01")
    with unit_of_work():
        token = issue_pass(("seat", chair.id), chair.person, limited_to=contest.id + 1, path="/desk", at=b.DURING)
        other = _used(token)
        token = issue_pass(("seat", chair.id), chair.person, limited_to=contest.id, path="/desk", at=b.DURING)
        own = _used(token)
    assert accounts.actor_of(other).grants == frozenset()  # type: ignore[union-attr]
    actor = accounts.actor_of(own)
    assert actor is not None and {grant.role for grant in actor.grants} == {"judge"}
    one = b.assignments(contest, judge="J01")[0].id
    assert queries.open_sheet(actor, one) is not None
    stranger = accounts.actor_of(other)
    assert stranger is not None and queries.open_sheet(stranger, one) is None and queries.desk(stranger) == []


def _used(token: str) -> str:
    return use_pass(token, browser="Chrome", address="", replaces=None, at=b.DURING)[1]


def test_whoever_asks_by_mail_hears_the_same(contest: Any, client: Any, db: Session, clock_at: StoppedClock) -> None:
    page = client.get("/desk-link")
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    token = found.group(1) if found else ""
    address = b.seat(contest, "J02").person.email
    answers = [client.post("/desk-link", data={"csrf_token": token, "email": one}) for one in (address, "ai@do.vn")]
    assert [one.status_code for one in answers] == [200, 200]
    assert len(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "desk_link")).all()) == 1
    for minute in range(1, 5):
        clock_at(b.DURING + timedelta(minutes=minute))
        client.post("/desk-link", data={"csrf_token": token, "email": address})
    assert len(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "desk_link")).all()) == 3


def test_a_link_in_an_old_mailbox_opens_nothing(contest: Any, client: Any, db: Session) -> None:
    """Whoever changes address or password has reason to: an unused link must not outlive it."""
    seat = b.seat(contest, "J02")
    with unit_of_work():
        services.send_desk_link(seat, actor=b.staff(contest, "secretary"), at=b.DURING)
    token = _token(db)
    with unit_of_work():
        db.get_one(Seat, seat.id).person.email = "moi@example.vn"
    assert client.get(f"/desk-links/{token}").status_code == 409
    assert _open(client, token).status_code in {400, 409}
