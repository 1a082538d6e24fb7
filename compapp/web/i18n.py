"""Language of a page: the choice of the person signed in, else the cookie's, else Vietnamese."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_translations, lazy_gettext
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

from compapp.core import formats
from compapp.core.actor import Actor, current_actor

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"

babel = Babel()
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
    if has_request_context():
        forced: str | None = g.get("locale")
        if forced:
            return forced
        chosen = request.cookies.get(COOKIE, "")
        if chosen in LANGUAGES and not current_actor().is_signed_in:
            return chosen
    locale = current_actor().locale
    return locale if locale in LANGUAGES else "vi"


def init(app: Flask) -> None:
    """Bind the languages to ``app``."""
    babel.init_app(
        app,
        default_locale="vi",
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories="translations",
        locale_selector=current_locale,
    )


def _(message: str, **params: Any) -> str:
    """Return ``message`` in the reader's language with its places filled."""
    return str(_gettext(message, **params))


def ngettext(singular: str, plural: str, count: int, **params: Any) -> str:
    """Return the form that fits ``count``, which fills ``%(num)d`` too."""
    return str(_ngettext(singular, plural, count, **params))


def lazy(message: str, **params: Any) -> Any:
    """Return a text that is translated when it is shown (labels of forms)."""
    return lazy_gettext(message, **params)


def localized(text: Mapping[str, Any] | str | None, locale: str | None = None) -> str:
    """Return the text of organiser-typed content in the reader's language, else in the other one."""
    return formats.localized(text, locale or current_locale())


def translations() -> Any:
    """Return the catalogue in use (for WTForms)."""
    return get_translations()


in_locale = force_locale
