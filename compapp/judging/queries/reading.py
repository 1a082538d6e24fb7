"""What judges can read: in the days that they have until the deadline, and in the languages that they read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from compapp.contests.models import Contest, Round
from compapp.core.clock import local
from compapp.core.text import fold
from compapp.entries.models import Entry
from compapp.judging.models import Seat
from compapp.judging.policy import LANGUAGES
from compapp.judging.scoring.pace import days_with_time

ASKED_LATE = timedelta(hours=48)
"""Time for a judge who is asked when the round is over, or nearly."""
_CALLED = {
    "vi": {"viet", "tieng viet", "vietnamese"},
    "en": {"anh", "tieng anh", "english"},
    "km": {"khmer", "tieng khmer"},
    "zh": {"hoa", "trung", "tieng hoa", "tieng trung", "chinese"},
}


def late_due(round_: Round, at: datetime) -> datetime | None:
    """Return the own deadline of a judge who is asked at ``at``; nothing while the round leaves time enough."""
    return at + ASKED_LATE if round_.closes_at < at + timedelta(hours=24) else None


def days_of(seat: Seat, round_: Round, at: datetime) -> tuple[int, int]:
    """Return on how many days until the deadline a judge who is asked at ``at`` has time to read, and of how many."""
    first = local(max(at, round_.opens_at)).date()
    last = local(late_due(round_, at) or round_.closes_at).date()
    away = [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in seat.away]
    return days_with_time(first, last, away), days_with_time(first, last, ())


def stated_languages(contest: Contest, entries: Iterable[Entry]) -> dict[int, frozenset[str]]:
    """Return in which languages entries say that they are written, by entry id; who says nothing is left out.

    A question of the entry form says it whose options are all languages in which judges may read.
    """
    questions = _questions(contest.form)
    if not questions:
        return {}
    found = {}
    for entry in entries:
        given = {key: entry.answers.get(key) for key in questions}
        codes = {
            questions[key][code]
            for key, answer in given.items()
            for code in (answer if isinstance(answer, list) else [answer])
            if code in questions[key]
        }
        if codes:
            found[entry.id] = frozenset(codes)
    return found


def _questions(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the questions that ask for a language: key to option code to language."""
    found = {}
    for piece in form.get("fields") or ():
        options = piece.get("options") or ()
        read = (
            {one["code"]: _language(one) for one in options} if piece.get("type") in ("choice", "multichoice") else {}
        )
        if read and all(read.values()):
            found[str(piece["key"])] = {code: str(language) for code, language in read.items()}
    return found


def _language(option: Mapping[str, Any]) -> str | None:
    label = option.get("label") or {}
    said = {fold(str(one)) for one in (option["code"].replace("_", " ").replace("-", " "), *label.values())}
    if option["code"] in LANGUAGES:
        return str(option["code"])
    return next((language for language, names in _CALLED.items() if said & names), None)


def reads(seat: Seat, languages: frozenset[str]) -> bool:
    """Whether a judge reads one of these languages; who has not said which may, and what says none is for all."""
    return not languages or not seat.languages or bool(languages & set(seat.languages))
