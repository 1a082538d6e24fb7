"""Blind on every path: what a judge can reach holds no identity, and nothing of an entry with a conflict."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation
from compapp.core import files
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.entries.models import Attachment, Entry, TeamMember
from compapp.judging import services
from compapp.judging.services import deliberation as talks
from tests.conftest import StoppedClock
from tests.judging import builders as b
from tests.judging.results import play

SignIn = Callable[..., Any]
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
TOKENS = re.compile(r'(name="csrf_token" value|csrf-token" content|name="back" value|back=)[="]*[^"&]*|Date: [^\n]*')
RESULTS = re.compile(r"/(standings|shortlists?|standing|deliberation|publications|results|pitch|draws|votes|awards)\b")
"""Pages of results have their own tests of what a conflicted chair sees (tests/judging/results)."""
PRIVATE = ("/inbox", "/account", "/static", "/sign-out", "/language")


def plant(contest: Any, mark: str) -> None:
    """Write ``mark`` into everything that tells who a team is."""
    with unit_of_work():
        for entry in session().scalars(select(Entry).where(Entry.contest_id == contest.id)):
            entry.definition = {**entry.definition, "note": f"{mark}định nghĩa"}
            entry.answers = {**entry.answers, "member_roles": f"{mark}vai trò"}
            for member in entry.members:
                member.name = f"{mark}tên {member.id}"
                member.class_name = f"{mark}lớp"
                member.student_number = f"{mark}số"
                member.definition = {"note": f"{mark}ghi chú"}
            if entry.institution is not None:
                # A school's name is public elsewhere (co-organisers); on a judge's own pages it must not stand.
                entry.institution.name_vi = f"TRƯỜNG-{mark} {entry.institution.id}"[:60].replace("MARKA", "MARKB")
                entry.institution.name_en = entry.institution.name_vi
        session().execute(update(Attachment).values(file_name=f"{mark}.pdf", findings=[f"{mark}tìm thấy"]))


def attach(contest: Any, name: str) -> None:
    """Give every entry a proposal whose original tells the team and whose neutral copy does not."""
    with unit_of_work():
        original = files.store(f"%PDF-1.4 {name}".encode(), at=b.BEFORE)
        neutral = files.store(b"%PDF-1.4 neutral", at=b.BEFORE)
        key = contest.form["attachments"][0]["key"]
        for number in session().scalars(select(Entry.id).where(Entry.contest_id == contest.id)):
            session().add(
                Attachment(
                    entry_id=number,
                    key=key,
                    blob_id=original.id,
                    file_name=f"{name}.pdf",
                    uploaded_at=b.BEFORE,
                    blind_state="replaced",
                    findings=[name],
                    neutral_blob_id=neutral.id,
                    kind="pdf",
                    definition={},
                )
            )


def crawl(client: Any, start: list[str]) -> dict[str, bytes]:
    """Fetch every page that can be reached by links; forms' addresses are fetched too."""
    waiting, seen = list(start), {}
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(PRIVATE):
            continue
        answer = client.get(path)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers if name not in ("Set-Cookie", "Date"))
        seen[path] = head.encode() + b"\n" + answer.data
        answer.close()
        if answer.mimetype == "text/html":
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]
        assert len(seen) < 400
    return seen


@pytest.fixture
def contest(db: Session, app: Any, clock_at: StoppedClock) -> Any:
    clock_at(b.DURING)
    made = b.load_sample()
    attach(made, "MARKA")
    plant(made, "MARKA")
    b.assign_all(made)
    return made


def _starts(contest: Any, code: str) -> list[str]:
    number = b.seat(contest, code).id
    base = f"/contests/{contest.code}"
    guessed = [f"/sheets/{n}" for n in range(1, 80)] + [f"/entries/{n}" for n in range(1, 30)]
    pages = ["/home", "/desk", f"{base}/my-seat", f"{base}/jury", f"{base}/jury/{number}", f"{base}/judging"]
    rounds = [f"{base}/{page}/R1" for page in ("assignments", "progress", "standings")]
    return [*pages, *rounds, f"{base}/paper-sheets", f"{base}/unlocking", *guessed]


@pytest.mark.parametrize("code", ["J02", "J04"])
def test_a_judge_reaches_no_identity(contest: Any, sign_in: SignIn, code: str) -> None:
    client = sign_in(b.judge(contest, code))
    pages = crawl(client, _starts(contest, code))
    opened = [path for path, body in pages.items() if re.fullmatch(r"/sheets/\d+", path) and b"data-sheet" in body]
    assert len(opened) == len(b.assignments(contest, judge=code))
    assert any("/files/" in path for path in pages)
    for path, body in pages.items():
        assert b"MARKA" not in body, path
        assert b"MARKB" not in body or not path.startswith(("/desk", "/sheets")), path


def filled(app: Any, known: dict[str, list[str]]) -> list[str]:
    """Return an address for every route that answers GET, with each of the known values in its places."""
    paths: set[str] = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or str(rule).startswith(PRIVATE):
            continue
        for turn in range(max(len(values) for values in known.values())):
            path = str(rule)
            for name in rule.arguments:
                values = known.get(name, ["1"])
                path = re.sub(rf"<(?:\w+:)?{name}>", values[turn % len(values)], path)
            paths.add(path)
    return sorted(paths)


def played(clock_at: StoppedClock, mark: str) -> Any:
    """Return a contest whose sheets are in and whose jury deliberates, with ``mark`` in all that tells a team."""
    clock_at(play.R1_DECIDED)
    made = play.loaded()
    attach(made, mark)
    plant(made, mark)
    chair, round_, entry = play.chair(made), b.round_(made), b.entry(made, "S14")
    with unit_of_work():
        talks.open_room(round_, is_secret=False, actor=chair, at=play.R1_DECIDED)
        talks.say(round_, entry, "Xin xem lại.", is_flag=True, actor=chair, at=play.R1_DECIDED)
        talks.open_vote(round_, entry, "Vào vòng trong?", actor=chair, at=play.R1_DECIDED)
    return made


@pytest.mark.one_database
def test_no_route_shows_a_judge_who_the_teams_are(
    db: Session, app: Any, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    made = played(clock_at, "MARKA")
    client = sign_in(b.judge(made, "J02"))
    own = [str(one.id) for one in b.assignments(made, judge="J02")] or ["1"]
    known = {
        "code": [made.code],
        "round_code": ["R1"],
        "entry_code": ["S14", "S01"],
        "assignment_id": own[:2],
        "kind": ["minutes", "decision"],
        "entry_id": [str(b.entry(made, code).id) for code in ("S14", "S01")],
    }
    room = f"/contests/{made.code}/deliberation/R1"
    opened = set()
    for path in filled(app, known):
        answer = client.get(path)
        body = answer.data
        answer.close()
        assert b"MARKA" not in body, path
        assert b"MARKB" not in body or not path.startswith(("/desk", "/sheets", room)), path
        assert "MARK" not in str(answer.headers), path
        if answer.status_code == 200:
            opened.add(path)
    assert {room, f"{room}/S14", f"/contests/{made.code}/mirror"} <= opened
    person = b.judge(made, "J02").person_id
    told = session().scalars(select(OutboxMessage).where(OutboxMessage.person_id == person)).all()
    assert {one.kind for one in told} >= {"deliberation_opened", "jury_vote"}
    assert "MARK" not in "".join(f"{one.data}" for one in told)


@pytest.mark.one_database
def test_hidden_data_changes_nothing_in_the_jurys_room(
    db: Session, app: Any, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    made = played(clock_at, "MARKA")
    client = sign_in(b.judge(made, "J02"))
    room = f"/contests/{made.code}/deliberation/R1"
    paths = ["/desk", room, f"{room}/S14", f"/contests/{made.code}/mirror"]
    before = {path: TOKENS.sub("", client.get(path).text) for path in paths}
    plant(made, "KHÁC")
    for path in paths:
        assert TOKENS.sub("", client.get(path).text) == before[path], path


def test_hidden_data_leaves_every_page_as_it_was(contest: Any, sign_in: SignIn) -> None:
    client = sign_in(b.judge(contest, "J02"))
    starts = _starts(contest, "J02")[:3]
    before = crawl(client, starts)
    plant(contest, "KHÁC")
    after = crawl(client, starts)
    assert before.keys() == after.keys()
    for path in (one for one in before if one.startswith(("/desk", "/sheets", "/home")) or "/my-seat" in one):
        assert TOKENS.sub("", before[path].decode(errors="replace")) == TOKENS.sub(
            "", after[path].decode(errors="replace")
        ), path


@pytest.mark.parametrize("code", ["J02", "J01"])
def test_a_conflict_hides_the_entry_everywhere(contest: Any, sign_in: SignIn, db: Session, code: str) -> None:
    one = b.assignments(contest, judge=code)[0]
    number, entry_id = one.id, one.entry_id
    with unit_of_work():
        entry = db.get_one(Entry, entry_id)
        entry.title = {"vi": "ĐềTàiBịGiấu", "en": "HiddenTitle"}
        entry.code = "ZZ99"
    client = sign_in(b.judge(contest, code))
    assert "ĐềTàiBịGiấu" in client.get("/desk").text
    with unit_of_work():
        services.declare_conflict(
            b.seat(contest, code), db.get_one(Entry, entry_id), kind="family", actor=b.judge(contest, code), at=b.DURING
        )
    pages = crawl(client, [*_starts(contest, code), f"/sheets/{number}/review", f"/sheets/{number}/print"])
    for path, body in ((path, body) for path, body in pages.items() if not RESULTS.search(path)):
        text = body.decode(errors="replace")
        assert "ĐềTàiBịGiấu" not in text and "HiddenTitle" not in text and "ZZ99" not in text, path


def test_the_same_institution_is_a_conflict_by_itself(contest: Any, sign_in: SignIn, db: Session) -> None:
    one = b.assignments(contest, judge="J02")[0]
    number, entry_id = one.id, one.entry_id
    client = sign_in(b.judge(contest, "J02"))
    assert client.get(f"/sheets/{number}").status_code == 200
    with unit_of_work():
        school = Organisation(
            kind="university",
            name_vi="Trường",
            name_en="School",
            name_fold="truong",
            name_sort="t",
            created_at=b.BEFORE,
        )
        db.add(school)
        db.flush()
        b.seat(contest, "J02").institution_id = school.id
        member = db.scalars(select(TeamMember).where(TeamMember.entry_id == entry_id)).first()
        assert member is not None
        member.institution_id = school.id
    assert client.get(f"/sheets/{number}").status_code == 404


def test_others_scores_stay_hidden_until_the_own_sheet_is_in(
    contest: Any, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    one = b.assignments(contest, judge="J02")[0]
    other = next(x for x in b.assignments(contest) if x.entry_id == one.entry_id and x.seat_id != one.seat_id)
    with unit_of_work():
        actor = b.actor_of(other.seat.person)
        given = services.SheetInput(scores=b.FULL, comment_to_jury="LỜICỦANGƯỜIKHÁC")
        services.save_sheet(other, given, actor=actor, at=b.DURING)
        services.submit_sheet(other, actor=actor, at=b.DURING)
    number = one.id
    client = sign_in(b.judge(contest, "J02"))
    assert "LỜICỦANGƯỜIKHÁC" not in client.get(f"/sheets/{number}").text
    b.score(b.assignments(contest, judge="J02")[0], b.judge(contest, "J02"))
    assert "LỜICỦANGƯỜIKHÁC" not in client.get(f"/sheets/{number}").text
    clock_at(b.AFTER)
    page = client.get(f"/sheets/{number}").text
    assert "LỜICỦANGƯỜIKHÁC" in page
    assert other.seat.person.name not in page
