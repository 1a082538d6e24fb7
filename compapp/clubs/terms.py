"""The terms of a school year: the codes that are kept and sorted, such as 2026-2027-HK1, and their names. Pure."""

import re
from collections.abc import Iterable
from datetime import date

_CODE = re.compile(r"(\d{4})-(\d{4})-HK([123])")
_SUMMER = 3
_YEAR_BEGINS = 8
"""The month in which a school year begins."""


def term_name(code: str) -> dict[str, str]:
    """Return the name of a term in both languages; a code of another form (from a file) names itself."""
    parts = _CODE.fullmatch(code)
    if parts is None:
        return {"vi": code, "en": code}
    first, last, number = (int(part) for part in parts.groups())
    vi, en = ("Học kỳ hè", "Summer term") if number == _SUMMER else (f"Học kỳ {number}", f"Semester {number}")
    return {"vi": f"{vi}, năm học {first}–{last}", "en": f"{en}, {first}–{last}"}


def current_term(today: date) -> str:
    """Return the code of the term that a day falls into: the first until January, the second until June."""
    begins = today.year if today.month >= _YEAR_BEGINS else today.year - 1
    number = 1 if today.month >= _YEAR_BEGINS or today.month == 1 else 2 if today.month < 7 else _SUMMER
    return f"{begins}-{begins + 1}-HK{number}"


def terms_to_choose(today: date, known: Iterable[str]) -> list[str]:
    """Return the codes of this school year, the one before and the one to come, with those known; the newest first."""
    begins = int(current_term(today)[:4])
    years = range(begins - 1, begins + 2)
    return sorted(
        {f"{year}-{year + 1}-HK{number}" for year in years for number in (1, 2, 3)} | set(known), reverse=True
    )
