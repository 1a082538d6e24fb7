"""What teams wish: the list a team stated, else the one it gave with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.placement.models import Intake, Preference, PreferenceList

ANSWER = "incubator_prefs"
"""The key of the entry form's question that fills the list until the team states it."""


def given_with_entry(answers: Mapping[str, Any], definition: Mapping[str, Any]) -> list[str]:
    """Return the incubator codes that came with an entry, most wanted first."""
    found = answers.get(ANSWER) or definition.get(ANSWER) or []
    return [code for code in found if isinstance(code, str)] if isinstance(found, list) else []


def wishes_of(entry: Entry, intakes: Iterable[Intake]) -> list[Intake]:
    """Return a team's wishes, most wanted first."""
    by_code = {one.code: one for one in intakes}
    codes = wishes_of_entries([entry], by_code)[entry.id]
    return [by_code[code] for code in codes]


def wishes_of_entries(entries: Iterable[Entry], known: Iterable[str]) -> dict[int, list[str]]:
    """Return the wishes of several teams as incubator codes, in one statement: entry id to codes."""
    wanted = {entry.id: entry for entry in entries}
    codes = set(known)
    lists: dict[int, list[str]] = {}
    for entry_id, code in session().execute(
        select(PreferenceList.entry_id, Intake.code)
        .outerjoin(Preference, Preference.entry_id == PreferenceList.entry_id)
        .outerjoin(Intake, Intake.id == Preference.intake_id)
        .where(PreferenceList.entry_id.in_(wanted))
        .order_by(PreferenceList.entry_id, Preference.rank)
    ):
        lists.setdefault(entry_id, []).extend([code] if code else [])
    return {
        entry_id: [
            code
            for code in dict.fromkeys(lists.get(entry_id, given_with_entry(entry.answers, entry.definition)))
            if code in codes
        ]
        for entry_id, entry in wanted.items()
    }


def list_of(entry_id: int) -> PreferenceList | None:
    """Return when and by whom a team's list was stated; None while the entry's answer counts."""
    return session().scalars(select(PreferenceList).where(PreferenceList.entry_id == entry_id)).one_or_none()
