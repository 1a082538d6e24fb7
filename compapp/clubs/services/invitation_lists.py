"""A term's newcomers from a spreadsheet: read, checked row by row, and then invited like everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from compapp.accounts.models import Organisation
from compapp.accounts.policy import clean_address, is_address
from compapp.accounts.services import NAME_MOST, ask_into
from compapp.clubs import queries
from compapp.clubs.lifecycle import MEMBER
from compapp.clubs.services.cohorts import must_manage
from compapp.clubs.services.invitations import must_take
from compapp.core import audit, checked_lists
from compapp.core.actor import Actor
from compapp.core.errors import Invalid, Sentence
from compapp.core.spreadsheets import Row, Table
from compapp.core.text import N_

PURPOSE = "club_invitation_list"
MOST = 60
"""Rows in one file: as many as one person may invite within a day."""
NAME = ("Họ và tên", "Họ tên", "Full name", "Name")
EMAIL = ("E-mail", "Email", "E-mail address", "Địa chỉ e-mail", "Thư điện tử")


@dataclass(frozen=True)
class CheckedInvitation:
    """One row of the file: its number there, name and address, and what is wrong with it."""

    number: int
    name: str
    email: str
    faults: tuple[Sentence, ...]


def check_invitations(club: Organisation, table: Table) -> list[CheckedInvitation]:
    """Read a list of newcomers row by row; nobody is invited yet.

    Raises Invalid when a column or all is missing, Closed before there is a cohort.
    """
    checked_lists.must_hold(table, (NAME, EMAIL), most=MOST)
    must_take(club, MEMBER)
    seen: set[str] = set()
    checked = []
    for row in table.rows:
        one = _check(club, table, row, seen)
        seen.add(one.email)
        checked.append(one)
    return checked


def _check(club: Organisation, table: Table, row: Row, seen: set[str]) -> CheckedInvitation:
    name, address = " ".join(table.value(row, *NAME).split()), clean_address(table.value(row, *EMAIL))
    faults: list[Sentence] = []
    if not name or len(name) > NAME_MOST:
        faults.append((N_("Write the full name, at most 200 characters."), {}))
    if not is_address(address):
        faults.append((N_("This is not an e-mail address."), {}))
    elif address in seen:
        faults.append((N_("This address stands in the file twice."), {}))
    elif queries.is_listed(club.id, MEMBER, address):
        faults.append((N_("This address is in the list already."), {}))
    return CheckedInvitation(row.number, name, address, tuple(faults))


def keep_invitations(club: Organisation, checked: Sequence[CheckedInvitation], *, actor: Actor, at: datetime) -> str:
    """Keep the good rows for one use within two hours; return the token of the second step."""
    must_manage(actor, club.id)
    rows = [[one.name, one.email] for one in checked if not one.faults]
    audit.record("clubs.invitation_list.checked", club, actor=actor, at=at, data={"rows": len(rows)})
    return checked_lists.keep(PURPOSE, ("organisation", club.id), rows, actor=actor, at=at)


def invite_list(
    club: Organisation, token: str, *, actor: Actor, at: datetime
) -> tuple[int, list[tuple[str, Sentence]]]:
    """Invite the checked rows, once; return how many, and which addresses were left out and why."""
    must_manage(actor, club.id)
    rows = checked_lists.take_up(PURPOSE, token, ("organisation", club.id), actor=actor, at=at)
    count, left_out = 0, list[tuple[str, Sentence]]()
    for name, address in rows:
        try:
            ask_into(club, address, name, MEMBER, actor=actor, at=at)
        except Invalid as error:
            left_out.append((address, next((one[0] for one in error.fields.values()), (error.msgid, error.params))))
        else:
            count += 1
    return count, left_out
