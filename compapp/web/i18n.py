"""Language of a page: the choice of the person signed in, else the cookie's, else Vietnamese."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

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
    """Return ``vi`` or ``en`` for what is being rendered."""
    return _spoken.get() or reader_locale(current_actor())


def reader_locale(actor: Actor) -> str:
    """Return the language of ``actor``, or that of a visitor's cookie; a request asks once and keeps it."""
    chosen = request.cookies.get(COOKIE, "") if has_request_context() and not actor.is_signed_in else ""
    return chosen if chosen in LANGUAGES else _known(actor.locale)


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
    app.jinja_env.globals.update(_=_in_template, ngettext=_plural_in_template)


@pass_eval_context
def _in_template(context: EvalContext, message: str, /, **params: Any) -> str:
    """Return ``message`` for a page, what fills its places escaped; a page asks some 250 times."""
    if not params:
        return _filled(current_locale(), message, context.autoescape)
    return _marked(_plain(message), context.autoescape) % params


@pass_eval_context
def _plural_in_template(context: EvalContext, singular: str, plural: str, count: int, /, **params: Any) -> str:
    return _marked(_plural(singular, plural, count), context.autoescape) % {"num": count, **params}


@lru_cache(maxsize=8192)
def _filled(locale: str, message: str, escaped: bool) -> str:
    return _marked(str(catalogue(locale).ugettext(message)), escaped) % {}


def _marked(text: str, escaped: bool) -> str:
    return Markup(text) if escaped else text  # noqa: S704 - our own catalogue's; what fills its places is escaped


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
