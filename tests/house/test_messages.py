"""Every kind of message renders from its sample, in both languages, for a student and for an official."""

from types import SimpleNamespace

import pytest
from flask import Flask, render_template

from compapp.core.messages import kinds
from compapp.web.i18n import in_locale
from tests.house.source import templates

pytestmark = pytest.mark.one_database

PARTS = ("subject.txt", "body.txt", "body.html")
SALUTATIONS = {
    "vi": {True: "Chào An", False: "Kính gửi Ông/Bà Trần Văn Bình"},
    "en": {True: "Hi An", False: "Dear Bình"},
}


def _folders() -> list[str]:
    return sorted({path.parts[1] for path in templates() if path.parts[0] == "messages" and len(path.parts) == 3})


def _render(name: str, part: str, locale: str, *, is_student: bool) -> str:
    reader = SimpleNamespace(
        name="Nguyễn Thị An", locale=locale, salutation=SALUTATIONS[locale][is_student], is_student=is_student
    )
    with in_locale(locale):
        return render_template(
            f"messages/{name}/{part}",
            data=kinds()[name].sample,
            reader=reader,
            url="https://thi.example.vn/somewhere",
            preferences_url="https://thi.example.vn/preferences",
            site_name="compapp",
        )


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("name", _folders())
def test_message_renders(app: Flask, name: str, locale: str) -> None:
    with app.test_request_context():
        for is_student in (True, False):
            parts = {part: _render(name, part, locale, is_student=is_student) for part in PARTS}
            assert "\n" not in parts["subject.txt"].strip()
            assert 0 < len(parts["subject.txt"].strip()) <= 150
            for text in parts.values():
                assert "None" not in text
                assert "%(" not in text
                assert "{" not in text


@pytest.mark.parametrize("name", _folders())
def test_message_is_translated(app: Flask, name: str) -> None:
    with app.test_request_context():
        vi, en = (_render(name, "subject.txt", locale, is_student=True) for locale in ("vi", "en"))
    assert vi != en
