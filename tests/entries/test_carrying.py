"""A locked team changes by an organiser's word; an idea goes along into another contest with what fits."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries, services
from compapp.entries.models import Entry
from compapp.entries.queries.team import newcomers_waiting
from compapp.entries.services import carrying, team_requests
from compapp.entries.services.guardians import ask_own_guardian
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_pages import SignIn, sign_in

__all__ = ["sign_in"]


@pytest.fixture
def contest(app: Flask, db: Session, clock_at: StoppedClock) -> Contest:
    clock_at(b.OPEN_AT)
    return b.a_contest()


def _ask(entry: Entry, kind: str, who: Any, **more: Any) -> Any:
    with unit_of_work():
        return team_requests.ask_team_change(entry, kind, reason="Bạn ấy đi học xa.", actor=who, at=b.AFTER, **more)


def test_a_locked_team_changes_by_an_organisers_word(contest: Contest, clock_at: StoppedClock, db: Session) -> None:
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    member = b.add_member(entry, b.person("Huỳnh Thùy Oanh"))
    with pytest.raises(Conflict):
        _ask(entry, "leave", lead, member_id=member.id)
    clock_at(b.AFTER)
    with pytest.raises(Invalid):
        _ask(entry, "replace", lead, member_id=member.id, name="Trần Gia An", email="khong phai dia chi")
    newcomer = b.person("Trần Gia An")
    asked = _ask(entry, "replace", lead, member_id=member.id, name=newcomer.name, email=newcomer.email or "")
    again = _ask(entry, "replace", lead, member_id=member.id, name=newcomer.name, email=newcomer.email or "")
    assert again.id == asked.id, "a second press asks nothing new"
    with pytest.raises(Refused), unit_of_work():
        team_requests.decide_team_change(asked, grant=True, note="", actor=lead, at=b.AFTER)
    boss = b.staff(contest)
    with pytest.raises(Invalid), unit_of_work():
        team_requests.decide_team_change(asked, grant=False, note=" ", actor=boss, at=b.AFTER)
    with unit_of_work():
        team_requests.decide_team_change(asked, grant=True, note="Đồng ý.", actor=boss, at=b.AFTER)
    told = db.scalars(select(OutboxMessage.person_id).where(OutboxMessage.kind == "team_change_decided")).all()
    assert set(told) == {lead.person_id, member.person_id}
    assert [one.name for one in queries.active_members(entry.id)] == ["Lâm Hoài Thảo", "Huỳnh Thùy Oanh"]
    _accept(b.actor(newcomer), born=None)
    assert [one.name for one in queries.active_members(entry.id)] == ["Lâm Hoài Thảo", "Trần Gia An"]
    with pytest.raises(Conflict), unit_of_work():
        team_requests.decide_team_change(asked, grant=False, note="Thôi.", actor=boss, at=b.AFTER)


def _link(kind: str) -> str:
    mail = session().scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()[-1]
    return str(mail.data["secret_path"]).rsplit("/", 1)[1]


def _accept(who: Actor, born: date | None) -> Any:
    with unit_of_work():
        return services.accept_invitation(_link("team_invitation"), born=born, actor=who, at=b.AFTER)


def test_a_young_newcomer_after_the_lock_sits_once_the_guardian_agrees(
    contest: Contest, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    """The organiser's grant, the newcomer's own yes and the guardian's: the seat counts with the last of them."""
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    clock_at(b.AFTER)
    child, boss = b.person("Trần Gia An", born=None), b.staff(contest)
    asked = _ask(entry, "add", lead, name="Trần Gia An", email=child.email or "")
    with unit_of_work():
        team_requests.decide_team_change(asked, grant=True, note="", actor=boss, at=b.AFTER)
    browser, link = sign_in(b.actor(child)), _link("team_invitation")
    assert browser.post(f"/team-invitations/{link}/acceptance", data={"born": ""}).status_code == 422
    accepted = browser.post(f"/team-invitations/{link}/acceptance", data={"born": "01/02/2010"})
    assert accepted.status_code == 303 and len(queries.active_members(entry.id)) == 1
    assert browser.get(f"/entries/{entry.id}").status_code == 404
    place = accepted.headers["Location"]
    assert place in browser.get("/entries").text and place in browser.get("/home").text
    assert "Trần Gia An" in sign_in(lead).get(f"/entries/{entry.id}/team").text
    assert sign_in(lead).get(place).status_code == 404
    named = {"guardian_name": "Trần Văn Ba", "guardian_email": "ba@nha.vn"}
    shown = sign_in(b.actor(child)).post(place, data=named).text
    assert "ba@nha.vn" in shown and "/guardian-consents/" not in shown
    with unit_of_work():
        services.answer_guardian(_link("guardian_consent"), given=True, at=b.AFTER)
    assert [one.name for one in queries.active_members(entry.id)] == ["Lâm Hoài Thảo", "Trần Gia An"]
    assert sign_in(b.actor(child)).get(f"/entries/{entry.id}").status_code == 200
    assert browser.get(place).status_code == 404


def test_of_two_seats_that_wait_for_a_guardian_one_is_taken(contest: Contest, clock_at: StoppedClock) -> None:
    child, boss, asked_of = b.person("Trần Gia An", born=None), b.staff(contest), []
    teams = [b.a_submitted(contest, b.actor(b.person(name)), title=name) for name in ("Lâm Thảo", "Huỳnh Oanh")]
    clock_at(b.AFTER)
    for entry in teams:
        lead = b.actor(queries.person_of(queries.people_of(entry.id)[0]))
        asked = _ask(entry, "add", lead, name=child.name, email=child.email or "")
        with unit_of_work():
            team_requests.decide_team_change(asked, grant=True, note="", actor=boss, at=b.AFTER)
        _accept(b.actor(child), born=date(2010, 2, 1))
        asked_of.append(next(iter(newcomers_waiting(entry.id, b.AFTER))).id)
    for number in asked_of:
        named = {"guardian_name": "Trần Văn Ba", "guardian_email": "ba@nha.vn"}
        with unit_of_work():
            _row, token = ask_own_guardian(number, **named, actor=b.actor(child), at=b.AFTER)
        with unit_of_work():
            services.answer_guardian(token, given=True, at=b.AFTER)
    assert [len(queries.active_members(entry.id)) for entry in teams] == [2, 1]
    assert not any(newcomers_waiting(entry.id, b.AFTER) for entry in teams)


def test_a_newcomer_who_breaks_a_rule_is_not_let_in(contest: Contest, clock_at: StoppedClock) -> None:
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    other = b.person("Trần Gia An")
    b.a_draft(contest, b.actor(other), title="Ý khác")
    clock_at(b.AFTER)
    asked = _ask(entry, "add", lead, name=other.name, email=other.email or "")
    boss = b.staff(contest)
    with pytest.raises(Conflict), unit_of_work():
        team_requests.decide_team_change(asked, grant=True, note="", actor=boss, at=b.AFTER)
    assert team_requests.request_of(entry.id, asked.id).state == "asked"


def test_the_pages_of_a_change(contest: Contest, clock_at: StoppedClock, sign_in: SignIn) -> None:
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    member = b.add_member(entry, b.person("Huỳnh Thùy Oanh"))
    clock_at(b.AFTER)
    browser = sign_in(lead)
    path = f"/entries/{entry.id}/team-requests"
    assert path in browser.get(f"/entries/{entry.id}/team").get_data(as_text=True)
    sent = {"kind": "leave", "member": str(member.id), "reason": "Bạn ấy đi học xa."}
    assert browser.post(path, data=sent | {"reason": ""}).status_code == 422
    assert browser.post(path, data=sent).status_code == 303
    boss = sign_in(b.staff(contest))
    number = team_requests.requests_of(entry.id)[0].id
    assert "đi học xa" in boss.get(path).get_data(as_text=True)
    assert boss.post(f"{path}/{number}/decision", data={"decision": "grant"}).status_code == 303
    assert len(queries.active_members(entry.id)) == 1


def _second(code: str = "TINH-2026") -> Contest:
    """Return another open contest whose form asks some questions in other words."""
    document = b.definition()
    fields = document["form"]["fields"]
    for one in fields:
        if one["key"] == "solution":
            one["key"] = "our_solution"
    document["form"]["fields"] = [one for one in fields if one["key"] != "impact"]
    for one in document["form"]["attachments"]:
        if one["key"] == "video":
            one["formats"] = ["mp4"]
    return b.a_contest(code, document)


def test_an_idea_is_copied_with_what_fits_and_the_rest_is_set_aside(contest: Contest, sign_in: SignIn) -> None:
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(contest, lead), lead)
    target = _second()
    browser = sign_in(lead)
    assert target.code in browser.get(f"/entries/{entry.id}/copies").get_data(as_text=True)
    page = browser.get(f"/contests/{target.code}/entries/new?source={entry.id}").get_data(as_text=True)
    assert 'name="source"' in page and "Trạm đo mặn" in page
    sent = {"title": "Trạm đo mặn", "board": "student", "institution": str(b.institution().id), "source": str(entry.id)}
    assert browser.post(f"/contests/{target.code}/entries/new", data=sent).status_code == 303
    origin = carrying.went_to(entry.id)[0]
    made = origin.entry
    assert made.answers["our_solution"] == b.ANSWERS["solution"] and made.answers["problem"] == b.ANSWERS["problem"]
    assert "commit_original" not in made.answers, "promises are made anew"
    assert origin.set_aside["impact"]["value"] == b.ANSWERS["impact"]
    assert b.ANSWERS["impact"] in browser.get(f"/entries/{made.id}/copies").get_data(as_text=True)
    old, new = queries.current_attachments(entry.id)["thuyet_minh"], queries.current_attachments(made.id)
    assert list(new) == ["thuyet_minh"] and new["thuyet_minh"].blob_id == old.blob_id
    assert new["thuyet_minh"].id in services.stale_files(), "it is looked through again for the new form"
    left = {key: one["why"][0] for key, one in origin.set_aside.items() if key.startswith("file:")}
    assert left == {
        "file:video": "A link is not taken here; send a file.",
        "file:school_confirm": "The other contest asks for no such file.",
    }
    page = browser.get(f"/entries/{made.id}/copies").text
    assert "https://video.example/mieng-vuon" in page and "không nhận đường dẫn" in page.lower()
    stranger = sign_in(b.actor(b.person("Người Lạ")))
    assert 'name="source"' not in stranger.get(f"/contests/{target.code}/entries/new?source={entry.id}").text


def test_an_entry_is_nominated_once_within_the_quota(contest: Contest, db: Session) -> None:
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    b.add_member(entry, b.person("Huỳnh Thùy Oanh"))
    other = b.a_submitted(contest, b.actor(b.person("Trần Gia An")), title="Ý khác")
    target, boss = _second(), b.staff(contest)
    late = target.closes_at + timedelta(minutes=1)

    def nominate(one: Entry, **more: Any) -> Entry:
        given: dict[str, Any] = {"board_code": "student", "most": 1, "actor": boss, "at": b.OPEN_AT} | more
        with unit_of_work():
            return carrying.nominate_entry(one, target, **given)

    with pytest.raises(Refused):
        nominate(entry, actor=lead)
    with pytest.raises(Closed):
        nominate(entry, at=late)
    made = nominate(entry)
    assert [one.name for one in queries.active_members(made.id)] == ["Lâm Hoài Thảo", "Huỳnh Thùy Oanh"]
    assert made.state == "draft" and made.answers["problem"] == b.ANSWERS["problem"]
    origin = carrying.origin_of(made.id)
    assert origin is not None and (origin.from_entry_id, origin.kind) == (entry.id, "nomination")
    with pytest.raises(Conflict):
        nominate(entry)
    with pytest.raises(Conflict):
        nominate(other)
    assert db.scalars(select(OutboxMessage.kind).where(OutboxMessage.kind == "entry_nominated")).all()


def test_a_year_of_birth_is_enough_to_ask_the_guardian(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    """Who turns 18 in the year of the deadline counts as young until a day is given."""
    clock_at(b.OPEN_AT)
    closes, lead = b.CLOSES.year, b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    asked: dict[int, str] = {}
    for year in (closes - 19, closes - 18, closes - 17):
        joiner = b.person(f"Bạn {year}", born=None)
        with unit_of_work():
            joiner.birth_year = year
            _made, token = services.invite_member(entry, email=None, name="Bạn", actor=lead, at=b.OPEN_AT)
        joined = sign_in(b.actor(joiner)).post(f"/team-invitations/{token}/acceptance", data={})
        asked[year] = joined.headers["Location"]
    assert [place.endswith("/guardian") for place in asked.values()] == [False, True, True]
    young = [one.name for one in queries.minors(queries.entry(entry.id))]
    assert young == [f"Bạn {closes - 18}", f"Bạn {closes - 17}"]
    assert f"còn thiếu của: {', '.join(young)}" in sign_in(lead).get(f"/entries/{entry.id}").text
    assert f"Bạn {closes - 17}: chưa hỏi" in sign_in(lead).get(f"/entries/{entry.id}/files").text
    entry_page = sign_in(lead).get(asked[closes - 18]).text
    assert "điền ngày sinh" in entry_page


def test_a_person_without_an_account_is_led_back_to_the_invitation(
    db: Session, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    near = b.CLOSES - timedelta(minutes=10)
    clock_at(near)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    with unit_of_work():
        invited, token = services.invite_member(entry, email="o@t.vn", name="Oanh", actor=lead, at=near)
    mail = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team_invitation")).one()
    assert mail.data["expires_at"] == b.CLOSES.isoformat() and mail.data["form_of_address"] == "student"
    assert invited.expires_at > b.CLOSES, "an extended deadline keeps the link alive"
    page = sign_in(None).get(f"/team-invitations/{token}").get_data(as_text=True)
    assert "/sign-in?back=" in page and "15/11/2026, 17:00" in page
    assert "Oanh: đã được mời nhưng chưa vào đội" in sign_in(lead).get(f"/entries/{entry.id}/submission").text
    joiner = b.actor(b.person("Huỳnh Thùy Oanh"))
    browser = sign_in(joiner)
    assert browser.get(f"/team-invitations/{token}").status_code == 200
    assert browser.post(f"/team-invitations/{token}/acceptance", data={"born": "05/02/2004"}).status_code == 303
    assert browser.get(f"/entries/{entry.id}").status_code == 200
    assert browser.get(f"/team-invitations/{token}").status_code == 409
    leaving = f"/entries/{entry.id}/departure"
    assert sign_in(lead).get(leaving).status_code == 403
    browser = sign_in(joiner)
    assert browser.get(leaving).status_code == 200 and len(queries.active_members(entry.id)) == 2
    assert browser.post(leaving).status_code == 303 and len(queries.active_members(entry.id)) == 1
