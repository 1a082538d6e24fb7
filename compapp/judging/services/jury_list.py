"""A whole jury from a pasted list or a spreadsheet: read, checked row by row, then invited like everybody else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Organisation
from compapp.accounts.policy import clean_address, is_address
from compapp.accounts.queries import person_by_email
from compapp.contests.models import Body, Contest
from compapp.core import audit, checked_lists
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.spreadsheets import Row, Table, read_table
from compapp.core.text import N_, fold, nfc
from compapp.judging import policy, queries
from compapp.judging.lifecycle import ACCEPTED, INVITED
from compapp.judging.services.jury import SeatWish, invite_judge, must_not_enter
from compapp.judging.services.rights import must

PURPOSE = "jury_list"
MOST = 100
"""Rows in one list."""
NAME = ("Họ và tên", "Họ tên", "Full name", "Name")
EMAIL = ("E-mail", "Email", "E-mail address", "Địa chỉ e-mail", "Thư điện tử")
HOUSE = ("Trường", "Đơn vị", "Cơ sở đào tạo", "Institution")
SECTORS = ("Lĩnh vực", "Sectors", "Sector")
MOST_ENTRIES = ("Số bài tối đa", "Most entries")
RESERVE = ("Dự bị", "Substitute")
_HEADINGS = (NAME[0], EMAIL[0], HOUSE[0], SECTORS[0], MOST_ENTRIES[0], RESERVE[0])
_ANGLES = re.compile(r"^\s*(?P<name>[^<>]*?)[\s,;]*<(?P<address>[^<>]+)>\s*$")
_NO = {"", "0", "khong", "no", "n", "-"}


@dataclass(frozen=True)
class CheckedJudge:
    """One row of a list: its number there, what it says, and what is wrong with it."""

    number: int
    name: str
    email: str
    institution: Organisation | None
    sectors: tuple[str, ...]
    max_load: int | None
    reserve: bool
    faults: tuple[Sentence, ...]


def pasted_table(text: str) -> Table:
    """Read pasted lines: copied from a spreadsheet (with headings or without), ``name, address`` or ``name <address>``.

    Without headings the columns are name, address, institution, sectors, most entries, substitute. Raises Invalid as
    :func:`compapp.core.spreadsheets.read_table`.
    """
    lines = [_in_columns(line) for line in nfc(text).splitlines() if line.strip()]
    if not lines:
        raise Invalid(fields={"pasted": [(N_("Paste at least one line, or choose a file."), {})]})
    if "@" not in lines[0]:
        return read_table("\n".join(lines).encode())
    rows = [tuple(cell.strip() for cell in line.split(_mark(line))) for line in lines]
    return Table(_HEADINGS, tuple(Row(number, cells) for number, cells in enumerate(rows, start=1)))


def _mark(line: str) -> str:
    """Return what parts the columns of a line."""
    return next((mark for mark in ("\t", ";") if mark in line), ",")


def _in_columns(line: str) -> str:
    """Return ``name <address>``, as mail programs write it, as two columns; any other line as it is."""
    found = _ANGLES.match(line)
    return line if found is None else f"{found['name']}\t{found['address']}"


def check_jury_list(contest: Contest, table: Table) -> list[CheckedJudge]:
    """Read a list of judges row by row; nobody is invited yet. Raises Invalid when a column or all is missing."""
    checked_lists.must_hold(table, (NAME, EMAIL), most=MOST)
    houses, sectors = _institutions(contest), _sectors(contest)
    known = {seat.person.email for seat in queries.seats_of(contest.id) if seat.state in (INVITED, ACCEPTED)}
    checked: list[CheckedJudge] = []
    for row in table.rows:
        one = _check(contest, table, row, houses, sectors, known)
        known.add(one.email)
        checked.append(one)
    return checked


def _check(
    contest: Contest,
    table: Table,
    row: Row,
    houses: Mapping[str, Organisation],
    sectors: Mapping[str, str],
    known: set[str | None],
) -> CheckedJudge:
    name, address = " ".join(table.value(row, *NAME).split()), clean_address(table.value(row, *EMAIL))
    faults = _faults_of_person(contest, name, address, known)
    house, said = table.value(row, *HOUSE), table.value(row, *SECTORS)
    if house and _key(house) not in houses:
        faults.append((N_("“%(name)s” is no institution of this contest."), {"name": house}))
    parts = [part.strip() for part in re.split(r"[;,/|]", said) if part.strip()]
    whole = [said] if _key(said) in sectors else parts
    faults += [
        (N_("“%(name)s” is no sector of this contest."), {"name": part}) for part in whole if _key(part) not in sectors
    ]
    most = table.value(row, *MOST_ENTRIES).removesuffix(".0")
    if most and not (most.isdecimal() and 1 <= int(most[:6]) <= 10000):
        faults.append((N_("Write a whole number of at least 1."), {}))
    return CheckedJudge(
        row.number,
        name,
        address,
        houses.get(_key(house)),
        tuple(dict.fromkeys(sectors[_key(part)] for part in whole if _key(part) in sectors)),
        int(most) if most.isdecimal() and len(most) < 6 else None,
        _key(table.value(row, *RESERVE)) not in _NO,
        tuple(faults),
    )


def _faults_of_person(contest: Contest, name: str, address: str, known: set[str | None]) -> list[Sentence]:
    """Return what is wrong with name and address; nothing of it tells whether an address has an account here."""
    if not is_address(address):
        return [(N_("This is not an e-mail address."), {})]
    if not name or len(name) > 200:
        return [(N_("Write the full name."), {})]
    if address in known:
        return [(N_("This person has been invited into the jury already."), {})]
    person = person_by_email(address)
    if person is None:
        return []
    try:
        must_not_enter(contest, person)
    except Invalid as refused:
        return [(refused.msgid, refused.params)]
    return []


def _institutions(contest: Contest) -> dict[str, Organisation]:
    """Return the contest's institutions by code and by name, in either language."""
    bodies = session().scalars(
        select(Body)
        .where(Body.contest_id == contest.id, Body.section == "institutions")
        .options(joinedload(Body.organisation))
    )
    return {_key(name): body.organisation for body in bodies for name in (body.code, *body.organisation.name.values())}


def _sectors(contest: Contest) -> dict[str, str]:
    named = [(one.code, one.definition.get("label") or {}) for one in contest.sectors]
    return {_key(name): code for code, label in named for name in (code, *label.values())}


def _key(text: str) -> str:
    return " ".join(fold(text).split())


def keep_jury_list(
    contest: Contest, checked: Sequence[CheckedJudge], *, thanks: str = "", actor: Actor, at: datetime
) -> str:
    """Keep the good rows for one use within two hours; return the token of the second step. Refused."""
    must(policy.may_run_jury, actor, contest.id)
    rows = [
        {
            "name": one.name,
            "email": one.email,
            "institution": None if one.institution is None else one.institution.id,
            "sectors": list(one.sectors),
            "max_load": one.max_load,
            "reserve": one.reserve,
            "thanks": thanks,
        }
        for one in checked
        if not one.faults
    ]
    data = {"rows": len(rows)}
    audit.record(
        "judging.jury_list.check", ("contest", contest.id), actor=actor, at=at, contest_id=contest.id, data=data
    )
    return checked_lists.keep(PURPOSE, ("contest", contest.id), rows, actor=actor, at=at)


def invite_jury_list(
    contest: Contest, token: str, *, actor: Actor, at: datetime
) -> tuple[int, list[tuple[str, Sentence]]]:
    """Invite the checked rows, once; return how many, and which addresses were left out and why.

    Raises Refused, Closed for a list that was used, is too old or somebody else's.
    """
    must(policy.may_run_jury, actor, contest.id)
    rows = checked_lists.take_up(PURPOSE, token, ("contest", contest.id), actor=actor, at=at)
    count, left_out = 0, list[tuple[str, Sentence]]()
    for row in rows:
        try:
            invite_judge(contest, name=row["name"], email=row["email"], wish=_wish(row), actor=actor, at=at)
        except Invalid as error:
            left_out.append(
                (row["email"], next((one[0] for one in error.fields.values()), (error.msgid, error.params)))
            )
        except Conflict as error:
            left_out.append((row["email"], (error.msgid, error.params)))
        else:
            count += 1
    return count, left_out


def _wish(row: Mapping[str, Any]) -> SeatWish:
    house = None if row["institution"] is None else session().get(Organisation, row["institution"])
    return SeatWish(
        sectors=row["sectors"],
        institution=house,
        affiliation=house,
        max_load=row["max_load"],
        reserve=row["reserve"],
        thanks=row["thanks"],
    )
