"""Pages: who may open what, and the way from a start to a receipt without JavaScript."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation
from compapp.core.actor import Actor, Grant
from compapp.core.clock import local
from compapp.core.db import session, unit_of_work
from compapp.entries import queries, services
from compapp.entries.models import Entry
from compapp.entries.views.eligibility import _place_of
from compapp.web import request as web_request
from tests.conftest import StoppedClock
from tests.entries import builders as b

SignIn = Callable[[Actor | None], FlaskClient]


@pytest.fixture
def sign_in(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    def as_(who: Actor | None) -> FlaskClient:
        monkeypatch.setattr(web_request, "_load_actor", lambda _token: who)
        with client.session_transaction() as session:
            if who is None:
                session.pop(web_request.TOKEN, None)
            else:
                session[web_request.TOKEN] = "x"
        return client

    return as_


def test_the_way_to_a_receipt(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    browser = sign_in(lead)
    assert browser.get("/entries").status_code == 200
    with unit_of_work():
        asked = {"key": "enrolled", "label": {"vi": "Đang theo học?", "en": "Enrolled?"}, "boards": ["pupil"]}
        contest.form = contest.form | {"eligibility": [asked]}
    page = browser.get(f"/contests/{contest.code}/entries/new")
    assert page.status_code == 200 and "Dành cho: Bảng học sinh" in page.text
    sent = {"title": "Trạm đo mặn", "board": "student", "institution": str(b.institution().id)}
    started = browser.post(f"/contests/{contest.code}/entries/new", data=sent)
    assert started.status_code == 303
    entry = queries.my_entries(lead)[0]
    at = f"/entries/{entry.id}"
    assert browser.get(f"/contests/{contest.code}/entries/new").headers["Location"] == at
    assert f'href="{at}"' in browser.get(f"/contests/{contest.code}").text
    for place in ("", "/answers", "/files", "/team", "/versions", "/submission", "/withdrawal"):
        assert browser.get(at + place).status_code == 200, place
    asked, readers = browser.get(f"{at}/answers").text, "Ai cũng đọc được khi đội cho trưng bày bài dự thi."
    assert readers in asked.split('data-question="a-one_liner"')[1].split("data-question")[0]
    assert readers not in asked.split('data-question="a-problem"')[1].split("data-question")[0]
    assert "Chỉ ban tổ chức đọc phần này." in browser.get(f"{at}/files").text
    form: dict[str, Any] = {f"a-{key}": value for key, value in b.ANSWERS.items()}
    form |= {"a-title": "Trạm đo mặn", "a-board": "student", "a-consent_privacy": ["run_contest"], "version": "1"}
    form |= {"a-commit_original": "y", "a-funding_received": "6.000.000", "a-incubator_prefs": ["IN3", "", "IN1"]}
    saved = browser.post(f"{at}/answers", data=form)
    assert saved.status_code == 303, saved.get_data(as_text=True)
    kept = queries.entry(entry.id).answers
    assert kept["funding_received"] == 6000000
    assert kept["incubator_prefs"] == ["IN3", "IN1"]
    file = (io.BytesIO(b.pdf("Trạm đo mặn")), "../../thuyết minh.pdf")
    browser.post(f"{at}/files/thuyet_minh", data={"file": file}, content_type="multipart/form-data")
    browser.post(f"{at}/links/video", data={"link": "https://video.example/a"})
    browser.post(f"{at}/files/school_confirm", data={"file": (io.BytesIO(b.jpg()), "x.jpg")})
    submitted = browser.post(f"{at}/submission")
    assert submitted.status_code == 303, submitted.get_data(as_text=True)
    receipt = browser.get(submitted.headers["Location"]).get_data(as_text=True)
    version = queries.newest_version(entry.id)
    assert version is not None and version.receipt in receipt and version.sha256 in receipt
    assert browser.get(f"{at}/versions").status_code == 200
    row = queries.current_attachments(entry.id)["thuyet_minh"]
    sent_file = browser.get(f"/attachments/{row.id}")
    assert sent_file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent_file.headers["Content-Security-Policy"]
    assert sent_file.headers["X-Content-Type-Options"] == "nosniff"
    public = sign_in(None).get(f"/receipts/{version.receipt}")
    text = public.get_data(as_text=True)
    assert public.status_code == 200 and version.sha256 in text
    assert "Trạm đo mặn" not in text and "Thảo" not in text
    assert sign_in(None).get("/receipts/KHONG-CO").status_code == 404


def test_what_was_typed_is_shown_again_with_its_fault(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    answer = sign_in(lead).post(
        f"/entries/{entry.id}/answers", data={"a-title": "Dài " * 60, "a-funding_received": "nhiều", "version": "1"}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "nhiều" in text and "Dài Dài" in text


def test_two_members_clash_only_in_the_same_field(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    other = b.person("Huỳnh Thùy Oanh")
    b.add_member(entry, other)
    url = f"/entries/{entry.id}/answers/autosave"
    json = {"Accept": "application/json"}

    def save(who: Actor, version: str, key: str, text: str) -> Any:
        return sign_in(who).post(url, data={"version": version, "changed": f"a-{key}", f"a-{key}": text}, headers=json)

    mine = save(lead, "1", "problem", "Của trưởng nhóm").get_json()
    theirs = save(b.actor(other), "1", "impact", "Của thành viên")
    assert theirs.status_code == 200
    again = save(lead, mine["version"], "problem", "Của trưởng nhóm, lần hai")
    assert again.status_code == 200
    clash = save(b.actor(other), theirs.get_json()["version"], "problem", "Khác")
    assert clash.status_code == 409
    assert clash.get_json()["current"] == {"problem": "Của trưởng nhóm, lần hai"}
    assert clash.get_json()["yours"] == {"problem": "Khác"}
    page = sign_in(b.actor(other)).post(f"/entries/{entry.id}/answers", data={"version": "1", "a-problem": "Khác"})
    text = page.get_data(as_text=True)
    assert page.status_code == 409 and "Khác" in text and "lần hai" in text


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("lead", {"": 200, "/answers": 200, "/dossier": 403, "/submission": 200, "/reopening": 403}),
        ("member", {"": 200, "/answers": 200, "/dossier": 403, "/withdrawal": 403}),
        ("other_team", {"": 404, "/answers": 404, "/dossier": 404, "/files": 404}),
        ("school", {"": 403, "/answers": 403, "/dossier": 403}),
        ("other_school", {"": 404, "/answers": 404, "/dossier": 404}),
        ("organiser", {"": 303, "/answers": 403, "/dossier": 200, "/reopening": 200}),
        ("other_organiser", {"": 404, "/dossier": 404, "/reopening": 404}),
        ("judge", {"": 404, "/dossier": 404, "/files": 404}),
        ("admin", {"": 404, "/dossier": 404}),
        ("officer", {"": 404, "/dossier": 404}),
        ("stranger", {"": 404, "/dossier": 404}),
    ],
)
def test_who_may_open_what(
    db: Session, clock_at: StoppedClock, sign_in: SignIn, who: str, expected: dict[str, int]
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    mate = b.person("Huỳnh Thùy Oanh")
    b.add_member(entry, mate)
    stranger = b.person("Người Lạ")
    file = queries.current_attachments(entry.id)["thuyet_minh"]
    school = b.institution()
    actors = {
        "lead": lead,
        "member": b.actor(mate),
        "school": b.actor(stranger, Grant("representative", "organisation", school.id)),
        "other_school": b.actor(stranger, Grant("representative", "organisation", school.id + 1)),
        "organiser": b.actor(stranger, Grant("organiser", "contest", contest.id)),
        "other_organiser": b.actor(stranger, Grant("organiser", "contest", contest.id + 1)),
        "judge": b.actor(stranger, Grant("judge", "contest", contest.id)),
        "admin": b.actor(stranger, Grant("admin", "platform")),
        "officer": b.actor(stranger, Grant("officer", "platform")),
        "stranger": b.actor(stranger),
        "other_team": b.actor(stranger),
    }
    if who == "other_team":
        b.a_draft(contest, actors[who], title="Khác", school="Cửu Long")
    browser = sign_in(actors[who])
    found = {place: browser.get(f"/entries/{entry.id}{place}").status_code for place in expected}
    assert found == expected
    may_read = who in {"lead", "member", "organiser"}
    known = may_read or who == "school"
    assert browser.get(f"/attachments/{file.id}").status_code == (200 if may_read else 403 if known else 404)
    assert sign_in(None).get(f"/entries/{entry.id}").status_code in {302, 303}


def test_organisers_check_decide_and_search_without_marks(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    clock_at(b.AFTER)
    browser = sign_in(b.staff(contest))
    page = browser.get(f"/contests/{contest.code}/eligibility?search=TRAM DO MAN")
    assert "Trạm đo mặn" in page.get_data(as_text=True)
    assert "Trạm đo mặn" not in browser.get(f"/contests/{contest.code}/eligibility?search=khac").get_data(as_text=True)
    assert browser.get(f"/contests/{contest.code}/cases").status_code == 200
    assert browser.post(f"/entries/{entry.id}/eligibility", data={"outcome": "ineligible"}).status_code == 422
    sent = {"outcome": "needs_fix", "reason": "Thiếu bản đồng ý."}
    assert browser.post(f"/entries/{entry.id}/eligibility", data=sent).status_code == 303
    back = queries.entry(entry.id)
    assert back.state == "needs_fix" and back.reopened_until == b.AFTER + timedelta(hours=48)
    assert "Đội đã bổ sung" not in browser.get(f"/entries/{entry.id}/dossier").text
    later = b.AFTER + timedelta(hours=1)
    clock_at(later)
    with unit_of_work():
        services.save_answers(queries.entry(entry.id), {"impact": "Giữ được vườn cây."}, actor=lead, at=later)
        services.submit_entry(queries.entry(entry.id), actor=lead, at=later)
    page = browser.get(f"/entries/{entry.id}/dossier").text
    again = browser.get(f"/contests/{contest.code}/eligibility?look=completed").text
    assert "Trạm đo mặn" in again
    assert "Đội đã bổ sung" in page and page.count("<h4>") == 1
    changed = re.findall(r"<(del|ins)><span[^>]*>[^<]*</span>([^<]*)<", page)
    assert changed == [("del", "trái"), ("ins", "vườn")]
    sent = {"kind": "team_split", "reason": "Trưởng nhóm rời đội."}
    opened = browser.post(f"/entries/{entry.id}/cases", data=sent)
    assert opened.status_code == 303
    assert browser.get(opened.headers["Location"]).status_code == 200
    team = sign_in(lead)
    assert "đang tạm khóa" in team.get(f"/entries/{entry.id}").get_data(as_text=True)
    assert team.get(opened.headers["Location"]).status_code == 200
    said = team.post(opened.headers["Location"] + "/statement", data={"text": "Ý tưởng là của cả đội."})
    assert said.status_code == 303


def test_a_school_confirms_within_its_quota(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    document = b.definition()
    document["contest"]["rules"]["max_entries_per_institution"] = 1
    board = next(one for one in document["contest"]["boards"] if one["code"] == "student")
    board["max_entries_per_institution"] = 2
    contest = b.a_contest(document=document)
    first = b.a_draft(contest, b.actor(b.person("Lâm Hoài Thảo")))
    second = b.a_draft(contest, b.actor(b.person("Trần Gia An")), title="Khác")
    school = b.representative(b.institution())
    browser = sign_in(school)
    assert browser.get("/endorsements").status_code == 303
    assert browser.get(f"/endorsements/{contest.code}").status_code == 200
    hidden = b.a_contest("NHAP-2027")
    with unit_of_work():
        session().merge(hidden).state = "draft"
    assert browser.get("/endorsements/NHAP-2027").status_code == 404, "a draft is nobody's business"
    order = {f"place-{first.id}": "2", f"place-{second.id}": "2"}
    assert browser.post(f"/endorsements/{contest.code}/order", data=order).status_code == 422
    alone = {f"place-{first.id}": "2"}
    assert browser.post(f"/endorsements/{contest.code}/order", data=alone).status_code == 303
    words = f"/endorsements/{contest.code}/words"
    refused = browser.post(words, data={"word": "refuse", "entry": [first.id], f"place-{first.id}": "1"})
    assert refused.status_code == 422 and re.search(rf'name="place-{first.id}" value="1"', refused.text), "typed stays"
    order[f"place-{second.id}"] = "1"
    sent = {"word": "confirm", "entry": [first.id, second.id], **order}
    assert browser.post(f"{words}?show=waiting", data=sent).headers["Location"].endswith("?show=waiting")
    session().expire_all()
    states = [queries.endorsement_of(entry.id) for entry in (first, second)]
    assert [one.state for one in states if one is not None] == ["waiting", "confirmed"]
    assert b.institution().name_vi.encode() in browser.get(f"/endorsements/{contest.code}/table?format=csv").data
    assert "Bảng sinh viên <strong>1/2</strong>" in browser.get(f"/endorsements/{contest.code}").text
    tabs = {"waiting": [first], "confirmed": [second], "refused": [], "late": []}
    _tabs_show(browser, contest.code, tabs)
    assert "Trạm đo mặn" in browser.get(f"/endorsements/{contest.code}?search=lam hoai").text
    with unit_of_work():
        handed_in = session().merge(first)
        handed_in.state, handed_in.submitted_at = "submitted", b.OPEN_AT
    clock_at(b.AFTER)
    _tabs_show(browser, contest.code, {"waiting": [first], "confirmed": [], "late": [second]})
    assert browser.post(words, data={"word": "confirm", "entry": [first.id, second.id]}).status_code == 303
    session().expire_all()
    word = queries.endorsement_of(first.id)
    assert word is not None and word.state == "confirmed", "a draft that came too late takes nobody's place"


def _tabs_show(browser: FlaskClient, code: str, tabs: dict[str, list[Entry]]) -> None:
    """Each tab of the school's list shows exactly these entries."""
    for tab, entries in tabs.items():
        page = browser.get(f"/endorsements/{code}?show={tab}").text
        assert re.findall(r'cell-note">(S\d+) ·', page) == [one.code for one in entries], tab


def test_the_department_speaks_for_schools_that_have_nobody(
    db: Session, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    entry = b.a_draft(contest, b.actor(b.person("Lâm Hoài Thảo")))
    school = b.institution()
    with unit_of_work():
        above = Organisation(
            kind="department",
            name_vi="Sở Giáo dục và Đào tạo",
            name_en="Department of Education",
            name_fold="so giao duc va dao tao",
            name_sort="so",
            created_at=b.OPEN_AT,
        )
        session().add(above)
        session().flush()
        school.parent_id = above.id
    department = b.representative(above, "Ngô Thị Sở")
    assert queries.representatives_of(school.id) == [department.person_id]
    browser, words = sign_in(department), f"/endorsements/{contest.code}/words"
    assert "Trạm đo mặn" in browser.get(f"/endorsements/{contest.code}").get_data(as_text=True)
    assert browser.post(words, data={"word": "confirm", "entry": [entry.id]}).status_code == 303
    own = b.representative(school)
    assert queries.representatives_of(school.id) == [own.person_id]
    assert browser.post(words, data={"word": "refuse", "note": "Nhầm.", "entry": [entry.id]}).status_code == 403
    session().expire_all()
    word = queries.endorsement_of(entry.id)
    assert word is not None and word.state == "confirmed"


def test_a_guardian_answers_without_an_account(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo", born=None))
    entry = b.a_draft(b.a_contest(), lead)
    member = queries.active_members(entry.id)[0]
    browser = sign_in(lead)
    assert browser.get(f"/entries/{entry.id}/members/{member.id}").status_code == 200
    assert browser.post(f"/entries/{entry.id}/members/{member.id}", data={"born": "01/02/2010"}).status_code == 303
    path = f"/entries/{entry.id}/members/{member.id}/guardian"
    for own in ({}, {"guardian_email": lead.email}, {"guardian_phone": "không có"}):  # none, the team's, no number
        assert browser.post(path, data={"guardian_name": "Lâm Văn Ba", **own}).status_code == 422
    mailed = browser.post(path, data={"guardian_name": "Lâm Văn Ba", "guardian_email": "ba@nha.vn"}).text
    assert "ba@nha.vn" in mailed and "/guardian-consents/" not in mailed
    asked = browser.post(path, data={"guardian_name": "Lâm Văn Ba", "guardian_phone": "0912 345 678"}).text
    link = asked.split("/guardian-consents/")[1].split("<")[0].split('"')[0].strip()
    guardian = sign_in(None)
    assert guardian.get(f"/guardian-consents/{link}").status_code == 200
    assert guardian.post(f"/guardian-consents/{link}", data={}).status_code == 422
    assert guardian.post(f"/guardian-consents/{link}", data={"answer": "given"}).status_code == 200
    assert guardian.post(f"/guardian-consents/{link}", data={"answer": "refused"}).status_code == 409
    given = queries.guardian_consents(entry.id)[member.id]
    assert (given.state, given.way, given.guardian_phone) == ("given", "passed_on", "+84912345678")
    assert queries.public_team_names(queries.entry(entry.id)) == ["L.H.T."]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_lists_take_a_constant_number_of_queries(
    db: Session, clock_at: StoppedClock, sign_in: SignIn, count_queries: Any, language: str
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    organiser, school = b.staff(contest), b.representative(b.institution())
    pages = [
        (organiser, f"/contests/{contest.code}/eligibility?state=draft"),
        (school, f"/endorsements/{contest.code}"),
    ]

    def counts() -> list[int]:
        found = []
        for who, url in pages:
            browser = sign_in(who)
            browser.set_cookie("language", language)
            browser.get(url)
            with count_queries() as seen:
                assert browser.get(url).status_code == 200
            found.append(len(seen))
        return found

    b.a_draft(contest, b.actor(b.person("Người 0")), title="Ý tưởng 0")
    one = counts()
    for number in range(1, 30):
        b.a_draft(contest, b.actor(b.person(f"Người {number}")), title=f"Ý tưởng {number}")
    assert counts() == one


def test_the_last_look_shows_words_and_no_codes(db: Session, clock_at: StoppedClock, sign_in: SignIn) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(contest, lead), lead)
    page = sign_in(lead).get(f"/entries/{entry.id}/submission").text
    sector = entry.answers["sector"]
    assert f">{sector}<" not in page
    assert contest.sectors[0].definition["label"]["vi"] in page
    assert "run_contest" not in page


def test_a_team_with_nothing_to_do_reads_what_happens_now_and_until_when(
    db: Session, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    first = next(one for one in contest.rounds if one.kind == "online_scoring")
    clock_at(first.opens_at + timedelta(hours=1))
    with unit_of_work():
        queries.entry(entry.id).state = "eligible"
    for path in ("/home", f"/entries/{entry.id}"):
        page = sign_in(lead).get(path).text
        assert first.definition["label"]["vi"] in page
        assert f"{local(first.closes_at):%d/%m/%Y, %H:%M}" in page


def test_a_secretary_s_queue_links_to_nothing_that_is_refused(
    db: Session, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    entry = b.a_draft(contest, b.actor(b.person("Lâm Hoài Thảo")))
    for role, links in (("secretary", False), ("organiser", True)):
        grant = Grant(role, "contest", contest.id)
        page = sign_in(b.actor(b.person("Ngô Thị", email=f"{role}@example.vn"), grant)).get(
            f"/contests/{contest.code}/eligibility?state=draft"
        )
        assert page.status_code == 200
        assert (f"/entries/{entry.id}/reopening" in page.text) is links


@pytest.mark.parametrize(
    ("where", "said"), [("page 3", "trang 3"), ("slide 2", "trang chiếu 2"), ("file name", "tên tệp"), ("?", "?")]
)
def test_where_a_name_was_found_is_said_in_words(app: Flask, where: str, said: str) -> None:
    with app.test_request_context("/", headers={"Cookie": "language=vi"}):
        assert _place_of(where) == said
