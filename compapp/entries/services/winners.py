"""Last year's winners from a spreadsheet: read, checked row by row, kept as a list to compare teams with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from compapp.accounts.policy import clean_address, is_address
from compapp.contests.models import Contest
from compapp.core import audit, checked_lists
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.spreadsheets import Row, Table
from compapp.core.text import N_, fold
from compapp.entries import policy
from compapp.entries.models import PastAward
from compapp.entries.queries import winners
from compapp.entries.services import rules

PURPOSE = "winner_list"
MOST = 2000
NAME = ("Họ và tên", "Họ tên", "Full name", "Name")
SCHOOL = ("Trường", "Đơn vị", "School", "Institution")
NUMBER = ("Mã số sinh viên", "MSSV", "Mã học sinh", "Student number")
EMAIL = ("E-mail", "Email", "E-mail address", "Địa chỉ e-mail")
AWARD = ("Giải", "Giải thưởng", "Award")
IDEA = ("Ý tưởng", "Tên ý tưởng", "Tên bài", "Idea", "Title")
SOURCE = ("Cuộc thi", "Năm", "Contest", "Year")
COLUMNS = (NAME, SCHOOL, NUMBER, EMAIL, AWARD, IDEA, SOURCE)
HEADINGS = {
    "vi": tuple(names[0] for names in COLUMNS),
    "en": ("Full name", "School", "Student number", "E-mail", "Award", "Idea", "Contest"),
}
"""What the columns are called in each language; both are understood."""
_LENGTHS = (200, 300, 40, 254, 200, 300, 300)


@dataclass(frozen=True)
class CheckedWinner:
    """One row of the file: its number there, its cells in the order of :data:`COLUMNS`, and what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[Sentence, ...]


def check_winners(contest: Contest, table: Table) -> list[CheckedWinner]:
    """Read a list of past winners row by row; nothing is kept. Raises Invalid when a column or all is missing."""
    checked_lists.must_hold(table, (NAME, AWARD), most=MOST)
    known = {(one.name_fold, one.institution_fold, fold(one.source)) for one in winners.past_awards(contest.id)}
    checked = []
    for row in table.rows:
        one = _check(table, row, known)
        known.add(_mark(one.cells))
        checked.append(one)
    return checked


def _mark(cells: Sequence[str]) -> tuple[str, str, str]:
    return fold(cells[0]), fold(cells[1]), fold(cells[6])


def _check(table: Table, row: Row, known: set[tuple[str, str, str]]) -> CheckedWinner:
    cells = tuple(" ".join(table.value(row, *names).split()) for names in COLUMNS)
    name, school, number, address, award = cells[:5]
    faults: list[Sentence] = []
    if not name:
        faults.append((N_("The name is missing."), {}))
    if not award:
        faults.append((N_("The award is missing."), {}))
    if not (school or number or address):
        faults.append((N_("Give a school, a student number or an e-mail address, or many would share the name."), {}))
    if address and not is_address(clean_address(address)):
        faults.append((N_("This is not an e-mail address."), {}))
    if any(len(cell) > most for cell, most in zip(cells, _LENGTHS, strict=True)):
        faults.append((N_("A cell is too long."), {}))
    if name and _mark(cells) in known:
        faults.append((N_("This winner is on the list already."), {}))
    return CheckedWinner(row.number, cells, tuple(faults))


def keep_winners(contest: Contest, checked: Sequence[CheckedWinner], *, actor: Actor, at: datetime) -> str:
    """Keep the good rows for one use within two hours; return the token of the second step."""
    _require(contest, actor)
    rows = [list(one.cells) for one in checked if not one.faults]
    audit.record("entries.winners.checked", ("contest", contest.id), actor=actor, at=at, data={"rows": len(rows)})
    return checked_lists.keep(PURPOSE, ("contest", contest.id), rows, actor=actor, at=at)


def take_up_winners(contest: Contest, token: str, *, actor: Actor, at: datetime) -> int:
    """Put the checked rows on the contest's list of past winners, once; return how many."""
    _require(contest, actor)
    rows = checked_lists.take_up(PURPOSE, token, ("contest", contest.id), actor=actor, at=at)
    for name, school, number, address, award, idea, source in rows:
        session().add(
            PastAward(
                contest_id=contest.id,
                name=name,
                name_fold=fold(name),
                institution=school,
                institution_fold=fold(school),
                student_number=number or None,
                email=clean_address(address) if address else None,
                award=award,
                idea=idea,
                source=source,
                imported_at=at,
                imported_by_name=actor.name,
            )
        )
    session().flush()
    return _noted("entries.winners.imported", contest, len(rows), actor, at)


def clear_winners(contest: Contest, *, actor: Actor, at: datetime) -> int:
    """Empty the contest's list of past winners; return how many stood there."""
    _require(contest, actor)
    count = winners.count_of_past_awards(contest.id)
    session().execute(delete(PastAward).where(PastAward.contest_id == contest.id))
    return _noted("entries.winners.cleared", contest, count, actor, at)


def _noted(verb: str, contest: Contest, count: int, actor: Actor, at: datetime) -> int:
    """Write down how many rows came or went; return it."""
    subject = ("contest", contest.id)
    audit.record(verb, subject, actor=actor, at=at, contest_id=contest.id, data={"rows": count})
    return count


def _require(contest: Contest, actor: Actor) -> None:
    rules.require(actor.has_any(policy.STAFF_ROLES, CONTEST, contest.id))
