"""The kit that every page stands on: headers, languages, errors, fields, limits."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, get_flashed_messages
from werkzeug.datastructures import MultiDict

from compapp.app.contests import WORKSPACE
from compapp.core.errors import Invalid
from compapp.web import i18n, navigation
from compapp.web.forms import DayField, DecimalField, Form, LongTextField, MomentField, MoneyField, TextField
from compapp.web.limits import Tries
from compapp.web.pages import warn_left_out
from compapp.web.resume import sign_way_back, way_back
from tests.accounts.builders import make_person, sign_in


def test_every_page_carries_the_security_headers(client):
    for path in ("/sign-in", "/khong-co", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Vary"] == "Cookie"


def test_the_cookie_is_kept_from_scripts_and_other_sites(client):
    answer = sign_in(client, make_person())
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("compapp="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_changes_nothing(csrf_client):
    answer = csrf_client.post("/forgotten-password", data={"email": "a@b.vn"})
    assert answer.status_code == 401
    assert "a@b.vn" in answer.get_data(as_text=True)


def test_the_language_is_chosen_by_a_visitor(client):
    assert 'lang="vi"' in client.get("/sign-in").get_data(as_text=True)
    client.post("/language", data={"language": "en"})
    assert 'lang="en"' in client.get("/sign-in").get_data(as_text=True)
    client.post("/language", data={"language": "xx"})
    assert 'lang="en"' in client.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize("back", ["//evil.vn", "https://evil.vn", "/\t/evil.vn", "/home"])
def test_only_signed_ways_back_are_followed(client, back):
    answer = client.post("/language", data={"language": "en", "back": back})
    assert answer.headers["Location"] == "/home"


def test_a_way_back_is_a_path_of_this_site(app):
    with app.test_request_context():
        assert way_back(sign_way_back("/contests/x?page=2")) == "/contests/x?page=2"
        assert way_back(sign_way_back("//evil.vn")) is None
        assert way_back(sign_way_back("https://evil.vn")) is None
        assert way_back(None) is None


@pytest.mark.parametrize("path", ["/khong-co", "/people/abc", "/static/none.css"])
def test_what_is_not_there_is_a_page_in_plain_words(client, path):
    assert client.get(path).status_code == 404


def test_a_script_gets_errors_as_json(client):
    answer = client.post("/account", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/json")
    answer = client.get("/khong-co", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (404, "application/json")


def test_a_wrong_method_is_as_good_as_no_page(client):
    assert client.delete("/sign-in").status_code == 404


def test_health_answers_without_a_session(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok")


class Sheet(Form):
    """One of each field."""

    class Meta(Form.Meta):
        csrf = False

    title = TextField("Title")
    words = LongTextField("Words")
    score = DecimalField("Score")
    money = MoneyField("Money")
    moment = MomentField("Moment")
    day = DayField("Day")


@pytest.fixture
def read(app: Flask):
    """Read typed values: ``read(score="7,5")``."""

    def read_(**typed: str) -> Sheet:
        with app.test_request_context(method="POST"):
            form = Sheet(MultiDict(typed))
            form.validate()
            return form

    return read_


def test_fields_read_what_vietnamese_people_type(read):
    form = read(title="  Hòa ", score="7,5", money="30.000.000", moment="15/11/2026 17:00", day="15/11/2026")
    assert form.title.data == "Hòa"
    assert form.score.data == Decimal("7.5")
    assert form.money.data == 30_000_000
    assert form.moment.data == datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
    assert form.day.data == date(2026, 11, 15)
    assert not form.errors


@pytest.mark.parametrize(
    ("field", "typed"),
    [("score", "bảy"), ("score", "1e309"), ("money", "-5"), ("money", "abc"), ("money", "9" * 16), ("moment", "mai"),
     ("moment", "31/02/2026 10:00"), ("moment", "0000-00-00T00:00"), ("day", "2026"), ("day", "31/02/2026")],
)  # fmt: skip
def test_what_cannot_be_read_is_shown_again_with_a_sentence(read, field, typed):
    form = read(**{field: typed})
    assert form.errors[field]
    assert form[field]._value() == typed


def test_a_services_refusal_stands_on_its_field(read):
    form = read(title="x")
    form.apply(Invalid(fields={"title": [("Too short.", {})]}))
    assert form.title.errors == ["Too short."]
    form.apply(Invalid("Nothing fits."))
    assert form.form_errors == ["Nothing fits."]


def test_tries_are_counted_by_key(app):
    with app.app_context():
        tries = Tries("test", 2, 60)
        assert [tries.take("a"), tries.take("a"), tries.take("a"), tries.take("b")] == [True, True, False, True]
        assert not tries.are_left("a")
        tries.forget("a")
        assert tries.are_left("a")


def test_megabytes_of_text_are_refused_in_plain_words(client):
    sign_in(client, make_person())
    answer = client.post("/account", data={"name": "x" * (9 * 1024 * 1024), "phone": "", "locale": "vi"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("path", "runs_contests", "current"),
    [
        ("/contests/VL-1", True, "portal.contests"),
        ("/contests/VL-1/manage", True, "contests.manage"),
        ("/contests/VL-1/eligibility", True, "contests.manage"),
        ("/contests/manage", True, "contests.manage"),
        ("/contests/VL-1/entries/new", True, "portal.contests"),
        ("/contests/VL-1/entries/new", False, "portal.contests"),
        ("/entries/7/dossier", True, "contests.manage"),
        ("/inbox", True, None),
    ],
)
def test_one_place_at_most_is_marked_as_the_current_one(path: str, runs_contests: bool, current: str | None) -> None:
    entries = [navigation.NavEntry("portal.contests", "Contests", lambda _actor: True)]
    urls = ["/contests"]
    if runs_contests:
        entries.append(navigation.NavEntry("contests.manage", "Mine", lambda _actor: True, within=WORKSPACE))
        urls.append("/contests/manage")
    found = navigation.current_entry(entries, None, path, urls)
    assert (found.endpoint if found else None) == current


def test_a_decimal_in_a_sentence_is_written_as_its_reader_writes_it():
    sentence, steps = "Give a score from %(least)s to %(most)s in steps of %(step)s.", Decimal("0.5")
    for locale, written in (("vi", "0,5"), ("en", "0.5")):
        with i18n.in_locale(locale):
            assert written in i18n._(sentence, least=0, most=10, step=steps)


def test_what_a_deed_on_many_left_out_is_named_and_the_rest_counted(app: Flask) -> None:
    why = ("Somebody was faster.", {})
    with app.test_request_context(), i18n.in_locale("en"):
        warn_left_out([])
        warn_left_out([("S01", why)])
        warn_left_out([(f"S{number:02}", why) for number in range(1, 13)])
        one, many = get_flashed_messages()
    assert one == "Left out: S01: Somebody was faster."
    assert many.startswith("Left out: S01: Somebody was faster.; S02: ") and many.endswith("; and 2 more")
    assert "S10: " in many and "S11" not in many
