"""Language of a page: the person's choice, else the cookie's, else Vietnamese."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_translations, lazy_gettext
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

from compapp.core.actor import current_actor

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"

babel = Babel()


def current_locale() -> str:
    """Return ``vi`` or ``en`` for what is being rendered."""
    if has_request_context():
        forced: str | None = g.get("locale")
        if forced:
            return forced
        chosen = request.cookies.get(COOKIE, "")
        if chosen in LANGUAGES:
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
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    wanted = locale or current_locale()
    return str(text.get(wanted) or text.get("vi") or text.get("en") or "")


def translations() -> Any:
    """Return the catalogue in use (for WTForms)."""
    return get_translations()


in_locale = force_locale
