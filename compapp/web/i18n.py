"""Language of a page: the choice of the person signed in, else the cookie's, else Vietnamese."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel.speaklater import LazyString

from compapp.core import formats
from compapp.core.actor import Actor, current_actor

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"

FOLDER = Path(__file__).resolve().parents[1] / "translations"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_keeper: Callable[[Actor, str], None] | None = None


def use_language_keeper(keeper: Callable[[Actor, str], None]) -> None:
    """Let ``keeper`` remember the language that a signed-in person chose."""
    global _keeper
    _keeper = keeper


def keep_language(actor: Actor, locale: str) -> None:
    """Remember ``locale`` as the choice of ``actor``."""
    if _keeper is not None:
        _keeper(actor, locale)


def current_locale() -> str:
    """Return ``vi`` or ``en`` for what is being rendered; found once for a request."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context():
        return _known(current_actor().locale)
    found: str | None = g.get("locale")
    if found is None:
        chosen = request.cookies.get(COOKIE, "")
        actor = current_actor()
        found = g.locale = chosen if chosen in LANGUAGES and not actor.is_signed_in else _known(actor.locale)
    return found


@contextmanager
def in_locale(locale: str) -> Iterator[None]:
    """Speak ``locale`` within the block, whoever reads (messages, exports)."""
    token = _spoken.set(_known(locale))
    try:
        yield
    finally:
        _spoken.reset(token)


def _known(locale: str) -> str:
    return locale if locale in LANGUAGES else "vi"


def init(app: Flask) -> None:
    """Let ``app``'s templates translate."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    environment: Any = app.jinja_env
    environment.install_gettext_callables(_plain, _plural, newstyle=True)


@cache
def catalogue(locale: str) -> NullTranslations:
    """Return the messages of ``locale``; English needs none, for its text is the key."""
    return Translations.load(FOLDER, [locale]) if locale != "en" else NullTranslations()


def translations() -> NullTranslations:
    """Return the catalogue in use (for WTForms too)."""
    return catalogue(current_locale())


def _plain(message: str) -> str:
    return str(translations().ugettext(message))


def _plural(singular: str, plural: str, count: int) -> str:
    return str(translations().ungettext(singular, plural, count))


def _(message: str, **params: Any) -> str:
    """Return ``message`` in the reader's language with its places filled; a Decimal is written as there (``0,5``)."""
    text = _plain(message)
    return text % {name: _written(value) for name, value in params.items()} if params else text


def _written(value: Any) -> Any:
    return formats.number(value, locale=current_locale()) if isinstance(value, Decimal) else value


def ngettext(singular: str, plural: str, count: int, **params: Any) -> str:
    """Return the form that fits ``count``, which fills ``%(num)d`` too."""
    return _plural(singular, plural, count) % {"num": count, **params}


def lazy(message: str, **params: Any) -> Any:
    """Return a text that is translated when it is shown (labels of forms)."""
    return LazyString(_, message, **params)


def localized(text: Mapping[str, Any] | str | None, locale: str | None = None) -> str:
    """Return the text of organiser-typed content in the reader's language, else in the other one."""
    return formats.localized(text, locale or current_locale())
