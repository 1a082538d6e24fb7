"""Every kind of message renders from its sample, in both languages, for each form of address."""

import pytest
from flask import Flask

from compapp.accounts.queries import FormOfAddress
from compapp.core.messages import kinds
from compapp.notifications.services import render_sample
from tests.house.source import templates

pytestmark = pytest.mark.one_database


def _folders() -> list[str]:
    return sorted({path.parts[1] for path in templates() if path.parts[0] == "messages" and len(path.parts) == 3})


def test_every_kind_has_its_folder_and_every_folder_its_kind(app: Flask) -> None:
    assert sorted(kinds()) == _folders()


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("name", _folders())
def test_message_renders(app: Flask, name: str, locale: str) -> None:
    for form in FormOfAddress:
        made = render_sample(name, locale, form)
        assert "\n" not in made.subject
        assert 0 < len(made.subject) <= 150
        for text in (made.subject, made.text, made.html):
            assert "None" not in text
            assert "%(" not in text
            assert "{" not in text


@pytest.mark.parametrize("name", _folders())
def test_message_is_translated(app: Flask, name: str) -> None:
    vi, en = (render_sample(name, locale) for locale in ("vi", "en"))
    assert vi.subject != en.subject
    assert vi.text != en.text
