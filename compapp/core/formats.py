"""How moments, days, numbers and two-language texts are written in a language; pages and messages share it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compapp.core import clock
from compapp.core.numbers import exact, round_half_up

_DAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SWAP = str.maketrans(",.", ".,")


def moment(value: datetime | str | None, locale: str = "vi") -> str:
    """Return ``Chủ nhật, 15/11/2026, 17:00 (GMT+7)``: weekday, date, hour and zone.

    ISO text (as messages carry it) is read too.
    """
    if not value:
        return ""
    there = clock.local(datetime.fromisoformat(value) if isinstance(value, str) else value)
    weekday = (_DAYS_VI if locale == "vi" else _DAYS_EN)[there.weekday()]
    return f"{weekday}, {there:%d/%m/%Y}, {there:%H:%M} (GMT+7)"


def day(value: datetime | date | str | None) -> str:
    """Return ``15/11/2026``; ISO text is read too."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return f"{clock.local(value) if isinstance(value, datetime) else value:%d/%m/%Y}"


def answered_day(text: str) -> str:
    """Return a day that a team answered as ``15/11/2026``; what is no ISO day (an import may hold any text) stays."""
    try:
        return day(text)
    except ValueError:
        return text


def number(value: Any, decimals: int | None = None, locale: str = "vi") -> str:
    """Return a number the reader's way (``1.234,5`` in Vietnamese), exact fractions rounded half up."""
    if value is None:
        return ""
    if isinstance(value, Fraction) or decimals is not None:
        value = round_half_up(exact(value), 2 if decimals is None else decimals)
    text = f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)
    return text.translate(_SWAP) if locale == "vi" else text


def localized(text: Mapping[str, Any] | str | None, locale: str) -> str:
    """Return organiser-typed text in the reader's language, else in the other one."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return str(text.get(locale) or text.get("vi") or text.get("en") or "")
