"""Blind on every path: what a judge can reach holds no identity, and nothing of an entry with a conflict."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation
from compapp.contests.models import Round
from compapp.core import audit, files
from compapp.core.db import session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.core.text import fold, name_sort_key
from compapp.entries.models import Attachment, Entry, TeamMember
from compapp.judging import services
from compapp.judging.models import Seat
from compapp.judging.services import deliberation as talks
from tests.conftest import StoppedClock
from tests.judging import builders as b
from tests.judging.results import play

SignIn = Callable[..., Any]
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
TOKENS = re.compile(r'(name="csrf_token" value|csrf-token" content|name="back" value|back=)[="]*[^"&]*|Date: [^\n]*')
RESULTS = re.compile(r"/(standings|shortlists?|standing|deliberation|publications|results|pitch|draws|votes|awards)\b")
"""Pages of results have their own tests of what a conflicted chair sees (tests/judging/results)."""
TIES = "/ties"
"""The chair's page of ties between judges and teams: what it says is what the graph of relations knows of the teams."""
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


def crawl(client: Any, start: list[str], but: re.Pattern[str] | None = None) -> dict[str, bytes]:
    """Fetch every page that can be reached by links, ``but`` some; forms' addresses are fetched too."""
    waiting, seen = list(start), {}
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(PRIVATE) or (but is not None and but.search(path)):
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


def test_a_judge_reaches_no_identity(contest: Any, sign_in: SignIn) -> None:
    code = "J04"
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
        if "GET" not in (rule.methods or ()) or str(rule).startswith(("/static", "/language")):
            continue
        for turn in range(max((len(known.get(name, "1")) for name in rule.arguments), default=1)):
            path = str(rule)
            for name in rule.arguments:
                values = known.get(name, ["1"])
                path = re.sub(rf"<(?:\w+:)?{name}>", values[turn % len(values)], path)
            paths.add(path)
    return sorted(paths)


def replace_hidden(contest: Any, mark: str, turn: int) -> None:
    """Put others in the place of every team: people, schools, addresses, files; ``turn`` changes every order too."""
    entries = list(session().scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.id)))
    juries = {one.institution_id for one in session().scalars(select(Seat).where(Seat.contest_id == contest.id))}
    with unit_of_work():
        kept = select(Organisation.id).where(Organisation.id.not_in(juries - {None})).order_by(Organisation.id)
        schools = list(session().scalars(kept))
        told = files.store(f"%PDF-1.4 {mark}".encode(), at=b.BEFORE)
        note = {"kind": "person", "where": "file name", "text": mark}
        session().execute(update(Attachment).values(file_name=f"{mark}.pdf", findings=[note], blob_id=told.id))
        for number, entry in enumerate(entries):
            entry.definition = {"note": mark}
            entry.answers = {**entry.answers, "member_roles": mark, "prior_contests": mark}
            entry.institution_id = schools[number * turn % len(schools)]
            for member in entry.members:
                rank = member.id * turn % 101
                member.name = f"{mark} {rank} {mark}"
                member.class_name, member.student_number = f"{mark} lớp", f"{mark}{member.id}"
                member.institution_id, member.definition = entry.institution_id, {"note": mark}
                if member.person is not None:
                    who, member.person.name = member.person, f"{rank} {mark}"
                    who.name_fold, who.name_sort = fold(who.name), name_sort_key(who.name)
                    who.email, who.phone = f"{mark}{who.id}@{mark}.example", f"09{who.id * turn:08d}"
    session().expire_all()


def ask(client: Any, paths: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    """Return of each address everything that comes back but clock and cookie: status, headers, body."""
    answers: dict[str, tuple[int, bytes]] = {}
    for path in paths:
        answer = client.get(path)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers if name not in ("Set-Cookie", "Date"))
        body = TOKENS.sub("", answer.text).encode() if answer.mimetype == "text/html" else answer.data
        answers[path] = (answer.status_code, head.encode() + b"\n" + body)
        answer.close()
    return answers


def begun() -> Any:
    """Return a contest whose teams have accounts and files, whose sheets are in and whose jury deliberates."""
    made = play.loaded()
    play.team(made)
    attach(made, "MARKA")
    replace_hidden(made, "MARKA", 3)
    chair, round_, entry = play.chair(made), b.round_(made), b.entry(made, "S14")
    lead = entry.members[0].person
    assert lead is not None
    with unit_of_work():
        audit.record("entries.entry.submit", entry, actor=b.actor_of(lead), at=b.BEFORE, contest_id=made.id)
        talks.open_room(round_, is_secret=False, actor=chair, at=play.R1_DECIDED)
        talks.say(round_, entry, "Xin xem lại.", is_flag=True, actor=chair, at=play.R1_DECIDED)
        talks.open_vote(round_, entry, "Vào vòng trong?", actor=chair, at=play.R1_DECIDED)
    return made


def addresses(app: Any, contest: Any, code: str) -> list[str]:
    """Return every route with the ids of a judge's own things, and what is searched for and sorted by hidden data."""
    given = b.assignments(contest, judge=code)[:2]
    owned = [session().scalars(select(Attachment.id).where(Attachment.entry_id == one.entry_id)).one() for one in given]
    known = {
        "code": [contest.code],
        "round_code": ["R1"],
        "round_id": [str(b.round_(contest).id)],
        "entry_code": ["S14", "S01"],
        "assignment_id": [str(one.id) for one in given],
        "attachment_id": [str(one) for one in owned],
        "seat_id": [str(b.seat(contest, code).id)],
        "kind": ["minutes", "decision"],
        "entry_id": [str(b.entry(contest, one).id) for one in ("S14", "S01")],
    }
    base = f"/contests/{contest.code}"
    asked = "q=MARKA&search=MARKA&school=1&institution=1&sort=institution&order=desc&by=name"
    lists = ("/desk", "/contests", "/clubs", "/inbox", "/entries", f"{base}/gallery", f"{base}/deliberation/R1")
    return [*filled(app, known), *(f"{path}?{asked}" for path in lists)]


@pytest.mark.one_database
@pytest.mark.parametrize("code", ["J02", "J01"])
def test_who_the_teams_are_changes_no_answer_of_any_route(
    db: Session, app: Any, sign_in: SignIn, clock_at: StoppedClock, code: str
) -> None:
    """Byte for byte, headers and files too, while a blind round runs, while its jury deliberates, and of a pile."""
    clock_at(b.DURING)
    made = begun()
    client, paths = sign_in(b.judge(made, code)), addresses(app, made, code)
    client.get("/home")
    room, number = f"/contests/{made.code}/deliberation/R1", b.round_(made).id
    before = ask(client, paths)
    shown = [path for path, (status, _body) in before.items() if status == 200 and not path.endswith(TIES)]
    assert {room, f"{room}/S14", f"/contests/{made.code}/mirror"} <= set(shown)
    assert code != "J02" or any("/files/" in path for path in shown)
    for path, (_status, body) in before.items():
        assert b"MARKA" not in body or "?" in path, path
    clock_at(play.R1_DECIDED)
    decided = ask(client, shown)
    pile = ["/home", "/desk", f"/desk/rounds/{number}", f"/desk/rounds/{number}/review"]
    piled = {mode: ask(client, _play_as(number, mode) or pile) for mode in ("yes_no", "top_pick", "pairwise")}
    assert code != "J02" or piled["pairwise"][pile[2]][0] == 200
    replace_hidden(made, "NGƯỜIKHÁCHẲN", 7)
    for mode, answers in piled.items():
        _play_as(number, mode)
        assert ask(client, pile) == answers, mode
    _play_as(number, "rubric")
    again = ask(client, shown)
    assert [path for path in shown if again[path] != decided[path]] == []
    if code == "J02":
        clock_at(b.DURING)
        again = ask(client, paths)
        assert [path for path in paths if again[path] != before[path]] == []
    told = (
        session().scalars(select(OutboxMessage).where(OutboxMessage.person_id == b.judge(made, code).person_id)).all()
    )
    assert {one.kind for one in told} >= {"deliberation_opened", "jury_vote"}
    assert "MARK" not in "".join(f"{one.data}" for one in told)


def _play_as(round_id: int, mode: str) -> None:
    """Judge the round another way from now on."""
    with unit_of_work():
        round_ = session().get_one(Round, round_id)
        round_.definition = {**round_.definition, "mode": mode}


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
    pages = crawl(client, [*_starts(contest, code), f"/sheets/{number}/review", f"/sheets/{number}/print"], RESULTS)
    for path, body in pages.items():
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
