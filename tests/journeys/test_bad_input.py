"""What no honest browser sends: every form, address, header, upload and contest file, filled with hostile values.

Whatever comes in, no answer is a 5xx, nothing typed is echoed as markup, and text is kept or shown again exactly.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from compapp.core.text import nfc
from compapp.demo import content
from compapp.web.resume import sign_way_back, way_back
from tests.journeys import fuzzing
from tests.journeys.crawl.walking import walk
from tests.journeys.fuzzing import LONG, NFD, QUERIES, TEXTS, Faults, Sheet, says
from tests.journeys.permissions.names import LARGE
from tests.journeys.permissions.stages import ACCOUNTS, VISITOR, Stage, built, stage_of

__all__ = ["built", "stage_of"]
pytestmark = [pytest.mark.one_database, pytest.mark.slow]

StageOf = Callable[[str], Stage]
NUMBERS = ("0", "999999", str(2**31), str(2**63), "9" * 30)
KEPT_OUT = {"csrf_token", "back", "here", "version", "form_id"}
"""Fields that carry no text of a person."""


@pytest.fixture
def faults(caplog: pytest.LogCaptureFixture) -> Iterator[Faults]:
    """Gathers faults; fails at the end of the test if there are any."""
    found = Faults(caplog)
    yield found
    found.must_be_none()


ENTERING = ("student", "member", "organiser", "secretary", "school", "club", VISITOR)
"""Who meets other forms while entries are open than while they are scored."""


def _all_forms(stage: Stage) -> list[tuple[str, Sheet]]:
    """Return every form that any account meets, with an account that meets it."""
    found: dict[tuple[str, ...], tuple[str, Sheet]] = {}
    for account in ENTERING if stage.phase == "entry" else ACCOUNTS:
        for form in fuzzing.forms_of(stage, stage.client(account), of_each_kind=1):
            kind = re.sub(r"\d+", "N", re.sub(r"/[^/]*-202\d\b", "/CODE", form.action.partition("?")[0]))
            key = (form.method, kind, *sorted(re.sub(r"\d+", "", one.name) for one in form.inputs))
            if kind != "/sign-out":
                found.setdefault(key, (account, form))
    return list(found.values())


@pytest.mark.parametrize("phase", ["entry", "scoring"])
def test_no_form_can_be_filled_so_that_it_fails(stage_of: StageOf, faults: Faults, phase: str) -> None:
    stage = stage_of(phase)
    forms = _all_forms(stage)
    assert len(forms) > 40
    for place, (account, form) in enumerate(forms):
        client = stage.client(account)
        names = [one for one in form.inputs if one.kind != "file" and one.name != "csrf_token"]
        for number, (label, value) in enumerate(TEXTS.items()):
            if names and (number + place) % 4 == 0:  # every fourth value for a form, the others for the next ones
                one = names[number // 4 % len(names)]
                _try(stage, client, form, one, label, value, faults)
        _try_shapes(stage, client, form, faults)


def _try(
    stage: Stage, client: FlaskClient, form: Sheet, one: fuzzing.Input, label: str, value: Any, faults: Faults
) -> None:
    what = f"{form.method} {form.action} {one.name}={label}"
    answer = fuzzing.send(client, form, {**form.filled(), one.name: value})
    status, following = answer.status_code, answer.headers.get("Location", "")
    body = faults.look_at(answer, what)
    typed = (
        one.is_text
        and not (one.kind == "text" and "\n" in str(value))
        and one.name not in KEPT_OUT
        and isinstance(value, str)
        and value.strip("\x00 ")
    )
    if typed and status in {400, 409, 422, 503} and form.method == "post" and not says(body, value):
        faults.note(f"{status} at {re.sub('[0-9]+', 'N', form.action)} does not show what was typed: {one.name}", what)
    if not stage.has_changed():
        return
    if value == NFD:
        assert nfc(NFD) != NFD
        if _stored(stage, NFD):
            faults.note(f"stored as typed, not in one form: {form.action} {one.name}", what)
    if following.startswith("/"):
        faults.look_at(client.get(following), f"then {following} after {what}")
    if one.is_text and status < 400:
        faults.look_at(client.get(form.page), f"then {form.page} after {what}")
    stage.put_back()


def _stored(stage: Stage, text: str) -> list[str]:
    """Return the tables in which ``text`` stands exactly so."""
    found = []
    for table in stage.column("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
        columns = stage.column(
            f"SELECT name FROM pragma_table_info('{table}') WHERE type IN ('TEXT', 'JSON') OR type LIKE 'VARCHAR%'"
        )
        condition = " OR ".join(f"instr(\"{column}\", '{text}')" for column in columns)
        if columns and stage.one(f'SELECT 1 FROM "{table}" WHERE {condition} LIMIT 1'):
            found.append(table)
    return found


def _try_shapes(stage: Stage, client: FlaskClient, form: Sheet, faults: Faults) -> None:
    """Send fields missing, twice, as arrays, and ones that no form has."""
    doubled = {name: one if isinstance(one, tuple) else [one, one] for name, one in form.filled().items()}
    first = next((one.name for one in form.inputs if one.name != "csrf_token" and one.kind != "file"), "nothing")
    for values in (
        {},
        doubled,
        {f"{first}[]": "x", f"{first}[0]": "y"},
        {**form.filled(), "id": "1", "person_id": "1", "organisation_id": "1", "role": "admin", "state": "published"},
    ):
        faults.look_at(fuzzing.send(client, form, values), f"{form.method} {form.action} {list(values)[:4]}")
        if stage.has_changed():
            stage.put_back()


def test_no_address_fails(stage_of: StageOf, faults: Faults) -> None:
    """Numbers nobody has, codes nobody gave, every method, each as several accounts."""
    stage = stage_of("scoring")
    rules = [rule for rule in stage.app.url_map.iter_rules() if rule.endpoint != "static"]
    few, all_methods = ("GET", "POST"), ("GET", "POST", "PUT", "DELETE", "FOO", "HEAD", "OPTIONS")
    odd = ("%00", "..%2f..", "a%0d%0ab", "%ff", LARGE, "é" * 300, "%3Csvg%20onload=alert(1)%3E")
    for account in ("judge", "organiser", VISITOR):
        client = stage.client(account)
        for place, rule in enumerate(rules):
            for turn in (0, 1):
                number, word = NUMBERS[(place + turn) % len(NUMBERS)], odd[(place + turn) % len(odd)]
                path = re.sub(r"<int:[^>]+>", number, rule.rule)
                path = path.replace("<code>", LARGE if turn else word)
                path = re.sub(r"<[^>]+>", word, path)
                for method in all_methods if account == VISITOR and turn == 0 else few:
                    faults.look_at(client.open(path, method=method), f"{method} {path} as {account}")
        if stage.has_changed():
            stage.put_back()


def test_no_query_fails(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("scoring")
    seen: set[str] = set()
    for account in ("organiser", "admin", "judge", "student", "school", "officer", VISITOR):
        client = stage.client(account)
        for page in walk(stage, client, of_each_kind=1):
            kind = re.sub(r"\d+", "N", page.path.partition("?")[0])
            if kind in seen or not page.is_html:
                continue
            seen.add(kind)
            names = {"page", "q", "search", "state", *re.findall(r'<(?:input|select)[^>]* name="([\w-]+)"', page.body)}
            for query in QUERIES[len(seen) % 3 :: 3]:
                asked = "&".join(f"{name}={query}" for name in sorted(names))
                faults.look_at(client.get(f"{page.path.partition('?')[0]}?{asked}"), f"GET {kind}?{asked[:80]}")


def test_no_script_message_fails(stage_of: StageOf, faults: Faults) -> None:
    """JSON of every shape to the sheet that saves itself, and to every other address that takes a post."""
    stage = stage_of("scoring")
    deep = "[" * 50_000 + "]" * 50_000
    bodies = (
        *("", "nonsense", "null", "[]", '"x"', "1e999", "{", deep, '{"scores": ' + deep + "}"),
        *('{"scores": []}', '{"scores": {"need": {}}}', '{"scores": {"need": true}}', '{"scores": {"need": 1e400}}'),
        *('{"comments": "x"}', '{"comment": 7, "version": "x"}', '{"comment": ["a"], "version": -1}'),
        *('{"comment": "a\\ud800b", "version": 0}', '{"comments": {"need": "\\udfff"}}', '{"comment": "a\\u0000b"}'),
        *('{"version": 99999999999999999999999}', '{"version": 1e309}', '{"version": null, "scores": null}'),
        json.dumps({"comment": LONG}),
        json.dumps({"scores": {f"c{n}": "1" for n in range(20_000)}}),
    )
    own = stage.one(
        "SELECT a.id FROM assignment a JOIN seat s ON s.id = a.seat_id JOIN person p ON p.id = s.person_id "
        "JOIN sheet h ON h.entry_id = a.entry_id AND h.seat_id = s.id AND h.state = 'draft' "
        "WHERE p.email = 'judge@demo.example' AND a.state = 'open'"
    ) or stage.one(
        "SELECT a.id FROM assignment a JOIN seat s ON s.id = a.seat_id JOIN person p ON p.id = s.person_id "
        "WHERE p.email = 'judge@demo.example' AND a.state = 'open'"
    )
    assert own
    posts = [rule.rule for rule in stage.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    for account, paths in (("judge", [f"/sheets/{own}"]), ("student", posts)):
        client = stage.client(account)
        for place, path in enumerate(paths):
            path = re.sub(r"<code>", LARGE, re.sub(r"<int:[^>]+>", "1", path))
            for body in bodies if account == "judge" else (bodies[place % len(bodies)],):
                for kind in ("application/json", "text/plain"):
                    headers = {"Accept": "application/json"}
                    answer = client.post(path, data=body.encode(), content_type=kind, headers=headers)
                    faults.look_at(answer, f"{path} {kind} {body[:50]}")
                    if stage.has_changed():
                        faults.look_at(client.get(path), f"then {path} after {body[:50]}")
                        stage.put_back()


def test_no_header_fails(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("scoring")
    forged = URLSafeSerializer("another secret", salt="way-back").dumps("/home")
    odd = ("", "x" * 4000, "\xff\xfe", "=;=", "eyJ0b2tlbiI6IngifQ.YQ.bad", "a%0d%0ab", "\"'><svg onload=alert(1)>")
    for value in odd:
        for name in ("compapp", "language"):
            client = stage.app.test_client()
            client.set_cookie(name, value)
            for path in ("/", "/sign-in", "/home"):
                faults.look_at(client.get(path), f"cookie {name}={value[:20]!r} at {path}")
        for header in (
            "Accept",
            "Accept-Language",
            "If-None-Match",
            "If-Modified-Since",
            "Range",
            "Referer",
            "User-Agent",
        ):
            for path in ("/", f"/results/{LARGE}", "/static/css/forms.css"):
                answer = stage.client(VISITOR).get(path, headers={header: value.replace("\r", "").replace("\n", "")})
                faults.look_at(answer, f"{header}={value[:20]!r} at {path}")
        for back in (value, forged):
            client = stage.client("student")
            answer = client.get("/sign-in", query_string={"back": back})
            assert answer.headers["Location"] == "/home"
            faults.look_at(answer, f"back={back[:20]!r}")


def test_a_forged_host_is_never_passed_on(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("scoring")
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.9.8.7"}
    stage.execute("DELETE FROM outbox_message")
    answer = stage.client(VISITOR).post("/forgotten-password", data={"email": "student@demo.example"}, headers=headers)
    faults.look_at(answer, "forgotten password")
    posted = stage.column("SELECT data FROM outbox_message")
    assert posted and not any("evil.example" in data for data in posted)
    seen = set(stage.column("SELECT address FROM sign_in_session"))
    stage.app.config["WTF_CSRF_ENABLED"] = False
    given = {"email": "student@demo.example", "password": "demo-2026"}
    faults.look_at(stage.client(VISITOR).post("/sign-in", data=given, headers=headers), "sign in")
    assert set(stage.column("SELECT address FROM sign_in_session")) - seen <= {"127.0.0.1"}, "an address was believed"


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/a\r\nX: y", "https://evil.example", "", "/a\\b"]
)
def test_a_way_back_stays_on_this_site(stage_of: StageOf, path: str) -> None:
    stage = stage_of("scoring")
    with stage.app.test_request_context("/"):
        assert way_back(sign_way_back(path)) is None
        signed = sign_way_back(path)
    assert stage.client("student").get("/sign-in", query_string={"back": signed}).headers["Location"] == "/home"


def test_a_signed_in_page_of_an_unknown_address_gives_no_way_out(stage_of: StageOf) -> None:
    """Any page signs a way back to itself; one with a backslash in its address must not lead elsewhere."""
    stage = stage_of("scoring")
    page = stage.client(VISITOR).get("/%5Cevil.example/%09")
    tokens = re.findall(r'name="back" value="([^"]+)"|back=([\w.-]+)', page.text)
    for token in {one or other for one, other in tokens}:
        answer = stage.client("student").get("/sign-in", query_string={"back": token})
        assert answer.headers["Location"] == "/home"
        answer = stage.client("student").post("/language", data={"language": "vi", "back": token})
        assert not answer.headers["Location"].startswith(("/\\", "//"))


def test_no_password_is_carried_through_signing_in_again(stage_of: StageOf) -> None:
    stage = stage_of("scoring")
    given = {"present": "old-secret-0815", "password": "new-secret-4711", "note": "kept words"}
    answer = stage.client(VISITOR).post("/account/password", data=given)
    assert answer.status_code == 401
    assert "kept words" in answer.text and "old-secret-0815" not in answer.text and "new-secret" not in answer.text


def test_pages_behind_mailed_links_are_never_stored(stage_of: StageOf) -> None:
    client = stage_of("scoring").client(VISITOR)
    for path in ("/invitation/x", "/guardian-consents/x", "/new-password/x", "/jury-invitations/x", "/confirmation/x"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store", path


def test_a_team_cannot_flood_mailboxes(stage_of: StageOf) -> None:
    stage = stage_of("entry")
    entry = stage.one(
        "SELECT e.id FROM entry e JOIN team_member t ON t.entry_id = e.id JOIN person p ON p.id = t.person_id "
        "WHERE p.email = 'student@demo.example' AND t.role = 'lead'"
    )
    client, last = stage.client("student"), 0
    for number in range(60):
        given = {"email": f"a{number}@x.example", "name": "Ai đó", "role": "member"}
        last = client.post(f"/entries/{entry}/invitations", data=given).status_code
        stage.execute("UPDATE team_invitation SET withdrawn_at = sent_at")
    assert last == 429


@pytest.mark.parametrize("address", ["thảo@x.example", 'a"b@x.example', "a@x.example,b@y.example", "a<b>@x.example"])
def test_a_mail_never_goes_to_another_address_than_was_typed(stage_of: StageOf, address: str) -> None:
    """Letters that no mail can carry would be left out, and the link would reach a stranger."""
    stage = stage_of("entry")
    entry = stage.one(
        "SELECT t.entry_id FROM team_member t JOIN person p ON p.id = t.person_id "
        "WHERE p.email = 'student@demo.example' AND t.role = 'lead' ORDER BY t.entry_id"
    )
    member = stage.one(f"SELECT id FROM team_member WHERE entry_id = {entry} AND role = 'member'")
    client, before = stage.client("student"), stage.one("SELECT count(*) FROM outbox_message")
    given = {"email": address, "name": "Ai đó", "role": "member"}
    assert client.post(f"/entries/{entry}/invitations", data=given).status_code == 422
    given = {"guardian_email": address, "guardian_name": "Ai đó"}
    assert client.post(f"/entries/{entry}/members/{member}/guardian", data=given).status_code == 422
    given = {"email": address, "name": "Ai đó"}
    assert stage.client("organiser").post(f"/contests/{LARGE}/jury", data=given).status_code == 422
    assert stage.one("SELECT count(*) FROM outbox_message") == before


# The contest file ------------------------------------------------------------------------------------


def _mutations(document: Any, count: int) -> Iterator[tuple[str, Any]]:
    """Yield broken copies of a contest file: parts removed, of another kind, far too large, pointing nowhere."""
    chance = random.Random(2026)
    spoils: tuple[Any, ...] = (None, -1, 1e308, "", "x" * 5000, [], {}, [[[]]], True, "9999-99-99", "\ud800", {"vi": 1})
    for number in range(count):
        copy = deepcopy(document)
        place, key, trail = _somewhere(copy, chance)
        if number % 6 == 0:
            del place[key]
        elif number % 6 == 1 and isinstance(place, list):
            place.append(deepcopy(place[key]))
        else:
            place[key] = spoils[number % len(spoils)]
        yield trail, copy


def _somewhere(document: Any, chance: random.Random) -> tuple[Any, Any, str]:
    place, trail = document, ""
    while True:
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        trail += f"/{key}"
        deeper = place[key]
        if not isinstance(deeper, dict | list) or not deeper or chance.random() < 0.15:
            return place, key, trail
        place = deeper


def test_a_broken_contest_file_is_explained_and_nothing_comes_in(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("scoring")
    client, document = stage.client("organiser"), content.contest_document(content.SECOND_CONTEST)
    document["contest"]["code"] = "BAD-2026"
    tables = ("contest", "entry", "person", "organisation", "audit_row", "outbox_message")
    count = "SELECT " + " || '-' || ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    before, refused = stage.one(count), 0
    texts = [("", text) for text in ("{", "[]", "null", "[" * 100_000, "\x00", '{"a": NaN}', '{"a": 1, "a": 2}')]
    for trail, text in [*texts, *((trail, json.dumps(copy)) for trail, copy in _mutations(document, 90))]:
        answer = client.post("/contests/import", data={"file": (BytesIO(text.encode()), "a.json")})
        status, what = answer.status_code, f"import with {trail} changed"
        body = faults.look_at(answer, what)
        refused += status == 422
        if status == 422 and trail and "<code" not in body:
            faults.note(f"no place is named for {trail}", what)
        if stage.has_changed():
            if status == 422 and stage.one(count) != before:
                faults.note(f"something came in although {trail} was refused", what)
            stage.put_back()
    assert refused > 40
