"""Jinja filters: moments with weekday and zone, Vietnamese numbers and money, two-language texts."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from compapp.core import clock, formats, money
from compapp.core.lifecycle import Lifecycle
from compapp.core.text import language_of
from compapp.web.i18n import _, current_locale, localized, ngettext


def moment(value: datetime | str | None) -> str:
    """Return ``Chủ nhật, 15/11/2026, 17:00 (GMT+7)``; see core.formats."""
    return formats.moment(value, current_locale())


def short_moment(value: datetime | None) -> str:
    """Return ``15/11/2026 17:00``."""
    return "" if value is None else f"{clock.local(value):%d/%m/%Y %H:%M}"


def clock_time(value: datetime) -> str:
    """Return ``17:00``, for where the day is plain."""
    return f"{clock.local(value):%H:%M}"


def number(value: Any, decimals: int | None = None) -> str:
    """Return a number the reader's way (``1.234,5`` in Vietnamese), exact fractions rounded half up."""
    return formats.number(value, decimals, current_locale())


def vnd(value: int | None) -> str:
    """Return an amount of đồng."""
    return "" if value is None else money.format_vnd(value, current_locale())


def remaining(deadline: datetime) -> str:
    """Return how long it is until ``deadline`` in words, by the request's clock."""
    left = deadline - clock.now()
    if left <= timedelta():
        return _("closed")
    if left >= timedelta(days=2):
        return ngettext("%(num)d day left", "%(num)d days left", left.days)
    hours, rest = divmod(int(left.total_seconds()), 3600)
    if hours:
        return ngettext("%(num)d hour left", "%(num)d hours left", hours)
    return ngettext("%(num)d minute left", "%(num)d minutes left", max(1, rest // 60))


def state_label(state: str, lifecycle: Lifecycle, *, staff: bool = False) -> str:
    """Return the label of ``state`` in the reader's language."""
    labels = lifecycle.states[state]
    return _(labels.staff if staff else labels.public)


def paragraphs(text: str | None) -> Markup:
    """Return plain text as paragraphs, each said to be in another language where it is; nothing in it is markup."""
    blocks = [block for block in (text or "").replace("\r\n", "\n").split("\n\n") if block.strip()]
    lines = (Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks)
    return Markup("").join(
        Markup("<p{}>{}</p>").format(lang(block), line) for block, line in zip(blocks, lines, strict=True)
    )


def lang(text: str | None) -> Markup:
    """Return `` lang="vi"`` (or ``en``) for what somebody wrote in another language than the page's, else nothing."""
    language = language_of(text or "")
    return Markup("") if language in (None, current_locale()) else Markup(' lang="{}"').format(language)


def size(value: int) -> str:
    """Return a file size in kB or MB."""
    return number(round(value / 1_000_000, 1)) + " MB" if value >= 1_000_000 else f"{max(1, value // 1000)} kB"


def init(app: Flask) -> None:
    """Give the filters to ``app``'s templates."""
    plain = (moment, short_moment, clock_time, number, vnd, remaining, state_label, paragraphs, lang, localized, size)
    for filter_ in plain:
        app.add_template_filter(filter_, filter_.__name__)
    app.add_template_filter(formats.day, "date")
    app.add_template_filter(formats.answered_day, "answered_day")
