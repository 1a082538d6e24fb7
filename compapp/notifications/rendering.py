"""Turning a posted message into words in its reader's language, hundreds of times a second.

One Jinja environment for each language, made once; compiled templates are kept, and so is which of
them exist. Users' values are escaped text: nothing in them becomes markup or a header.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

import compapp
from compapp.accounts.queries import FormOfAddress
from compapp.core import formats, money
from compapp.core.messages import kind as kind_named
from compapp.notifications.salutation import salutation

PACKAGE = Path(str(compapp.__path__[0]))
SITE_NAME = "compapp"
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a message."""

    name: str
    locale: str
    form: FormOfAddress

    @property
    def salutation(self) -> str:
        """The first words of a message to this reader."""
        return salutation(one_line(self.name), self.form, self.locale)

    @property
    def is_student(self) -> bool:
        """Whether the reader is addressed as "bạn"."""
        return self.form is FormOfAddress.STUDENT


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words; ``brief`` is the text without salutation and closing words (for the inbox)."""

    subject: str
    text: str
    html: str
    brief: str
    path: str | None


def one_line(text: str) -> str:
    """Return ``text`` without line breaks and control characters, fit for a header."""
    return " ".join(_FORBIDDEN.sub(" ", text).split())


Filter = Callable[..., str]
_filters: dict[str, Filter] = {}


def register_filter(name: str, filter_: Filter) -> None:
    """Give the templates of messages a filter of a room above: ``filter_(value, locale)``."""
    _filters[name] = filter_
    environment.cache_clear()
    _template.cache_clear()


@lru_cache(maxsize=4)
def environment(locale: str) -> Environment:
    """Return the environment for one language."""
    made = Environment(
        loader=FileSystemLoader(PACKAGE.parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_translations(_translations(locale), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "moment": partial(formats.moment, locale=locale),
        "date": formats.day,
        "number": partial(formats.number, locale=locale),
        "vnd": partial(money.format_vnd, locale=locale),
        "localized": partial(formats.localized, locale=locale),
        "paragraphs": _paragraphs,
    }
    made.filters |= {name: partial(filter_, locale=locale) for name, filter_ in _filters.items()}
    made.globals["site_name"] = SITE_NAME
    return made


def _translations(locale: str) -> NullTranslations:
    return translation("messages", PACKAGE / "translations", languages=[locale], fallback=True)


def _paragraphs(text: str | None) -> Markup:
    blocks = (text or "").replace("\r\n", "\n").split("\n\n")
    return Markup("").join(Markup("<p>{}</p>").format(escape(block)) for block in blocks if block.strip())


@lru_cache(maxsize=2000)
def _template(locale: str, kind: str, part: str) -> Template:
    return environment(locale).get_template(f"messages/{kind}/{part}")


def render(
    kind: str,
    reader: Reader,
    data: Mapping[str, Any],
    *,
    site_url: str,
    html: bool = True,
    own: Mapping[str, str] | None = None,
) -> Rendered:
    """Render ``kind`` for ``reader``; jinja2.TemplateError or another error where template and data disagree.

    ``html`` is left out for the inbox, which shows text only. ``own`` is what the contest adds in its own words.
    """
    locale = reader.locale if reader.locale in {"vi", "en"} else "vi"
    path = data.get("secret_path") or data.get("path")
    if path is not None and not (path.startswith("/") and not path.startswith("//")):
        path = None
    context: dict[str, Any] = {
        "data": data,
        "reader": reader,
        "url": site_url + path if path else None,
        "preferences_url": f"{site_url}/inbox/preferences",
        "own": formats.localized(own, locale),
    }
    subject = one_line(_template(locale, kind, "subject.txt").render(context))
    body = _template(locale, kind, "body.txt")
    text, brief = ("", "")
    if html:
        text = _tidy(body.render(context))
    else:
        brief = _brief(body, context)
    rich = _template(locale, kind, "body.html").render(context) if html else ""
    return Rendered(subject, text, rich, brief, path)


def _brief(body: Template, context: Mapping[str, Any]) -> str:
    """Return only what the message's own template says, without the frame, and what the contest adds to it."""
    if "content" in body.blocks:
        said = "".join(body.blocks["content"](body.new_context(dict(context))))
        return _tidy(f"{said}\n\n{context['own']}")
    return _tidy(body.render(context))


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_sample(kind: str, locale: str, form: FormOfAddress = FormOfAddress.STUDENT) -> Rendered:
    """Render ``kind`` with its sample; KeyError for a kind that no room declared."""
    reader = Reader("Lâm Hoài Thảo", locale, form)
    sample = kind_named(kind).sample
    whole = render(kind, reader, sample, site_url="https://example.vn")
    inbox = render(kind, reader, sample, site_url="https://example.vn", html=False)
    return Rendered(whole.subject, whole.text, whole.html, inbox.brief, whole.path)
