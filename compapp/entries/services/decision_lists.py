"""Decisions about eligibility from a spreadsheet: a dry run first, then all good rows as one act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from compapp.contests.models import Contest
from compapp.core import audit, checked_lists
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.spreadsheets import Row, Table
from compapp.core.text import N_, fold
from compapp.entries import policy
from compapp.entries.lifecycle import DRAFT, ELIGIBLE, INELIGIBLE, NEEDS_FIX
from compapp.entries.models import BulkAct, Entry
from compapp.entries.queries.held import held_in
from compapp.entries.services import rules
from compapp.entries.services.bulk import MOST, Choice, decide_many, obstacle

PURPOSE = "decision_list"
MOST_REASON = 2000
CODE = ("Mã bài", "Entry code", "Số hồ sơ", "Entry number", "Code")
DECISION, REASON = ("Quyết định", "Decision"), ("Lý do", "Reason")
WORDS = {
    ELIGIBLE: ("Hợp lệ", "Đủ điều kiện", "Đạt", "Eligible"),
    NEEDS_FIX: (
        "Bổ sung",
        "Cần bổ sung",
        "Trả lại bổ sung",
        "Trả về để bổ sung",
        "Needs fix",
        "Send back to be completed",
    ),
    INELIGIBLE: ("Không hợp lệ", "Không đủ điều kiện", "Loại", "Not eligible", "Ineligible"),
}
"""How a decision may be written in a cell, in either language, with or without marks."""


@dataclass(frozen=True)
class Checked:
    """One row of the file: its number there, what it would decide, and what is wrong with it."""

    number: int
    code: str
    entry: Entry | None
    outcome: str
    reason: str
    faults: tuple[Sentence, ...]


def check_list(contest: Contest, table: Table, *, at: datetime) -> list[Checked]:
    """Say what each row would lead to; nothing changes. Raises Invalid when a column or everything is missing."""
    checked_lists.must_hold(table, (CODE, DECISION), most=MOST)
    wanted = [fold(table.value(row, *CODE)) for row in table.rows]
    known, held = _entries(contest.id, wanted), held_in(contest.id, at)
    seen: set[str] = set()
    checked = []
    for row, code in zip(table.rows, wanted, strict=True):
        checked.append(_check(table, row, known.get(code), is_twice=code in seen, held=held))
        seen.add(code)
    return checked


def _entries(contest_id: int, codes: Sequence[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for column in (Entry.code, Entry.number):
        rows = session().scalars(
            select(Entry).where(Entry.contest_id == contest_id, Entry.state != DRAFT, func.lower(column).in_(codes))
        )
        for entry in rows:
            found.setdefault(fold(entry.code), entry)
            found.setdefault(fold(entry.number), entry)
    return found


def _check(table: Table, row: Row, entry: Entry | None, *, is_twice: bool, held: Collection[int]) -> Checked:
    code, reason = table.value(row, *CODE), table.value(row, *REASON).strip()
    said = fold(table.value(row, *DECISION))
    outcome = next((one for one, words in WORDS.items() if said in {fold(word) for word in words}), "")
    faults: list[Sentence] = []
    if entry is None:
        faults.append((N_("No entry has this code."), {}))
    elif is_twice:
        faults.append((N_("This entry stands in the file twice."), {}))
    if not outcome:
        faults.append((N_("The decision must be: %(words)s."), {"words": ", ".join(one[0] for one in WORDS.values())}))
    elif outcome != ELIGIBLE and not reason:
        faults.append((N_("Give a reason."), {}))
    if len(reason) > MOST_REASON:
        faults.append((N_("At most %(most)s characters."), {"most": MOST_REASON}))
    if entry is not None and outcome:
        fault = obstacle(entry, outcome, held)
        faults += [fault] if fault is not None else []
    return Checked(row.number, code, entry, outcome, reason, tuple(faults))


def keep_list(contest: Contest, checked: Sequence[Checked], *, actor: Actor, at: datetime) -> str:
    """Keep the good rows for one use within two hours; return the token of the second step."""
    rules.require(actor.has_any(policy.STAFF_ROLES, CONTEST, contest.id))
    rows = [[one.entry.id, one.outcome, one.reason] for one in checked if one.entry is not None and not one.faults]
    audit.record("entries.bulk.checked", ("contest", contest.id), actor=actor, at=at, data={"rows": len(rows)})
    return checked_lists.keep(PURPOSE, ("contest", contest.id), rows, actor=actor, at=at)


def take_up_list(
    contest: Contest, token: str, *, actor: Actor, at: datetime
) -> tuple[BulkAct, list[tuple[Entry, Sentence]]]:
    """Decide what the checked list says, once. Raises Closed when it was used or is too old."""
    rows = checked_lists.take_up(PURPOSE, token, ("contest", contest.id), actor=actor, at=at)
    choices = [Choice(int(entry_id), str(outcome), str(reason)) for entry_id, outcome, reason in rows]
    return decide_many(contest, choices, actor=actor, at=at)
