"""How many entries an institution may hand in, and how many it has: of the contest, of a board, of a sector."""

from dataclasses import dataclass

from sqlalchemy import func, select

from compapp.contests.definition import BoardRule, Rules, text_of
from compapp.contests.models import Board, Contest, Sector
from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.formats import localized
from compapp.core.text import N_
from compapp.entries.lifecycle import COUNTED, DRAFT
from compapp.entries.models import Entry
from compapp.entries.queries.completeness import working_board


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit of an institution: ``most`` entries (None: no limit), where counted, and what is said when full."""

    most: int | None
    board_id: int | None
    sector_id: int | None
    full: Sentence


def quotas_of(contest: Contest, board: Board, sector: Sector | None) -> list[Quota]:
    """Return every limit that an institution's entry on ``board`` in ``sector`` falls under."""
    rules, rule = Rules.of(contest), BoardRule.of(board)
    locale = current_actor().locale
    name = {"board": localized(text_of(rule.label, rule.code), locale)}
    whole = N_("Your institution has handed in %(most)s entries, the most this contest allows.")
    on_board = N_("Your institution has handed in %(most)s entries on the board “%(board)s”, the most allowed.")
    found = [
        Quota(rules.max_entries_per_institution, None, None, (whole, {})),
        Quota(rule.max_entries_per_institution, board.id, None, (on_board, name)),
    ]
    if sector is not None:
        label = {"sector": localized(text_of(sector.definition.get("label"), sector.code), locale)}
        in_sector = N_("Your institution has handed in %(most)s entries in the sector “%(sector)s”, the most allowed.")
        found += [
            Quota(rules.max_entries_per_institution_and_sector, None, sector.id, (in_sector, label)),
            Quota(rule.max_entries_per_institution_and_sector, board.id, sector.id, (in_sector, label)),
        ]
    return found


def counted_of_institution(
    contest_id: int,
    institution_id: int,
    *,
    but: int | None = None,
    board_id: int | None = None,
    sector_id: int | None = None,
) -> int:
    """Return how many entries an institution has handed in (``but`` one left out), on a board or in a sector."""
    statement = select(func.count(Entry.id)).where(
        Entry.contest_id == contest_id,
        Entry.institution_id == institution_id,
        Entry.state.in_(COUNTED),
        Entry.id != (but or 0),
    )
    if board_id is not None:
        statement = statement.where(Entry.board_id == board_id)
    if sector_id is not None:
        statement = statement.where(Entry.sector_id == sector_id)
    return session().scalar(statement) or 0


def counted_on_board(board_id: int) -> int:
    """Return how many entries of a board are handed in."""
    statement = select(func.count(Entry.id)).where(Entry.board_id == board_id, Entry.state.in_(COUNTED))
    return session().scalar(statement) or 0


def quota_used(entry: Entry, quota: Quota) -> int:
    """Return how many entries of the entry's institution count against ``quota``."""
    if entry.institution_id is None:
        return 0
    return counted_of_institution(
        entry.contest_id, entry.institution_id, board_id=quota.board_id, sector_id=quota.sector_id
    )


def full_quotas(entry: Entry) -> list[Sentence]:
    """Return which limits of its institution leave no place for an entry that is not handed in; said in words."""
    if entry.state != DRAFT or entry.institution_id is None:
        return []
    found: list[Sentence] = []
    for one in quotas_of(entry.contest, working_board(entry), working_sector(entry)):
        if one.most is None or quota_used(entry, one) < one.most:
            continue
        found.append((one.full[0], {"most": one.most, **one.full[1]}))
    return found


def working_sector(entry: Entry) -> Sector | None:
    """Return the sector that the answers name now (a changed sector counts before it is submitted)."""
    code = entry.answers.get("sector")
    if entry.sector is not None and entry.sector.code == code:
        return entry.sector
    return next((one for one in entry.contest.sectors if one.code == code), None) or entry.sector
