"""A school's entries: who speaks for which school, what it is asked to confirm, and how far its quota is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from compapp.accounts.models import Organisation
from compapp.accounts.queries import schools_spoken_for
from compapp.contests.lifecycle import ARCHIVED, DECIDED
from compapp.contests.models import Board, Contest, Sector
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session
from compapp.entries.lifecycle import CONFIRMED, COUNTED, DRAFT, WITHDRAWN
from compapp.entries.models import Endorsement, Entry, TeamMember
from compapp.entries.queries.quotas import Quota, quotas_of
from compapp.entries.window import came_too_late

REPRESENTATIVE = "representative"


def speaks_for(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the actor speaks for a school: its representative, or that of the body above where it has none."""
    own = actor.scopes(REPRESENTATIVE, ORGANISATION)
    if organisation_id is None or not own:
        return False
    return organisation_id in own or organisation_id in schools_spoken_for(actor)


@dataclass(frozen=True, slots=True)
class EndorsementRow:
    """One line of a school's list: title, team and state, never the content."""

    entry_id: int
    code: str
    title: dict[str, Any]
    state: str
    board: dict[str, Any]
    sector: dict[str, Any] | None
    team: tuple[str, ...]
    organisation_id: int
    organisation: dict[str, str]
    endorsement: str
    preference: int | None
    note: str | None
    decided_at: datetime | None
    closes_at: datetime
    reopened_until: datetime | None
    board_id: int
    sector_id: int | None

    def takes_a_place(self, at: datetime) -> bool:
        """Whether it is confirmed and counts against the school's quotas, as :func:`used_quota` counts."""
        return self.endorsement == CONFIRMED and self.state in (DRAFT, *COUNTED) and not self.is_lost(at)

    def is_lost(self, at: datetime) -> bool:
        """Whether it is a draft that can no longer be handed in: the school need not say anything."""
        return came_too_late(self.state, self.closes_at, self.reopened_until, at)


def _can_count(at: datetime) -> Any:
    """Condition (contest joined): it takes part, or is a draft that can still be handed in."""
    open_still = or_(Contest.closes_at > at, and_(Entry.reopened_until.is_not(None), Entry.reopened_until > at))
    return or_(Entry.state.in_(COUNTED), and_(Entry.state == DRAFT, open_still))


def contests_to_endorse(actor: Actor) -> list[Contest]:
    """Return the contests in which the actor's schools have entries."""
    schools = schools_spoken_for(actor)
    return list(
        session().scalars(
            select(Contest)
            .where(Contest.id.in_(select(Entry.contest_id).where(Entry.institution_id.in_(schools))))
            .order_by(Contest.closes_at.desc())
        )
    )


def entries_to_endorse(actor: Actor, at: datetime) -> list[tuple[Contest, Entry]]:
    """Return the entries that wait for the word of the actor's schools, the contest that closes last first.

    A contest whose results are out no longer waits for anybody, nor does a draft that was not handed in in time.
    """
    schools = schools_spoken_for(actor)
    rows = session().execute(
        select(Contest, Entry)
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(Endorsement, Endorsement.entry_id == Entry.id)
        .where(
            Entry.institution_id.in_(schools),
            Entry.state != WITHDRAWN,
            or_(Entry.state != DRAFT, _can_count(at)),
            Contest.state.not_in((DECIDED, ARCHIVED)),
            or_(Endorsement.id.is_(None), Endorsement.state == "waiting"),
        )
        .order_by(Contest.closes_at.desc(), Contest.id, Entry.title_sort, Entry.id)
    )
    return [(contest, entry) for contest, entry in rows]


def endorsement_rows(actor: Actor, contest_id: int) -> list[EndorsementRow]:
    """Return the entries of the actor's schools in a contest: by school, then in the school's order, then by title."""
    schools = schools_spoken_for(actor)
    found: list[Any] = list(
        session().execute(
            select(Entry, Organisation, Endorsement, Board, Sector)
            .join(Organisation, Organisation.id == Entry.institution_id)
            .join(Board, Board.id == Entry.board_id)
            .outerjoin(Sector, Sector.id == Entry.sector_id)
            .outerjoin(Endorsement, Endorsement.entry_id == Entry.id)
            .where(Entry.contest_id == contest_id, Entry.institution_id.in_(schools), Entry.state != WITHDRAWN)
            .order_by(
                Organisation.name_sort,
                Organisation.id,
                Endorsement.preference.is_(None),
                Endorsement.preference,
                Entry.title_sort,
                Entry.id,
            )
        )
    )
    teams = _team_names([row[0].id for row in found])
    return [_row(*row, team=tuple(teams.get(row[0].id, []))) for row in found]


def _row(
    entry: Entry,
    school: Organisation,
    word: Endorsement | None,
    board: Board,
    sector: Sector | None,
    *,
    team: tuple[str, ...],
) -> EndorsementRow:
    return EndorsementRow(
        entry_id=entry.id,
        code=entry.code,
        title=entry.title,
        state=entry.state,
        board=board.definition.get("label") or {"vi": board.code, "en": board.code},
        sector=(sector.definition.get("label") or {"vi": sector.code, "en": sector.code}) if sector else None,
        team=team,
        organisation_id=school.id,
        organisation=school.name,
        endorsement=word.state if word is not None else "waiting",
        preference=word.preference if word is not None else None,
        note=word.note if word is not None else None,
        decided_at=word.decided_at if word is not None else None,
        closes_at=entry.contest.closes_at,
        reopened_until=entry.reopened_until,
        board_id=entry.board_id,
        sector_id=entry.sector_id,
    )


@dataclass(frozen=True, slots=True)
class PartLimit:
    """How far a school has used what it may confirm of a board, of a sector, or of a sector on a board."""

    labels: tuple[Mapping[str, Any], ...]
    used: int
    most: int


def part_limits(contest: Contest, rows: Sequence[EndorsementRow], at: datetime) -> list[PartLimit]:
    """Return the limits within the contest that ``rows`` (all of one school) fall under; the whole one is left out."""
    boards, sectors = {one.id: one for one in contest.boards}, {one.id: one for one in contest.sectors}
    found: dict[tuple[int | None, int | None], PartLimit] = {}
    for row in rows:
        for one in quotas_of(contest, boards[row.board_id], sectors.get(row.sector_id or 0)):
            part = (one.board_id, one.sector_id)
            if one.most is None or part == (None, None) or part in found:
                continue
            inside = [other for other in rows if one.board_id in (None, other.board_id)]
            inside = [other for other in inside if one.sector_id in (None, other.sector_id)]
            labels = tuple(row.board if key == "board" else row.sector or {} for key in _named(part))
            found[part] = PartLimit(labels, sum(other.takes_a_place(at) for other in inside), one.most)
    return list(found.values())


def _named(part: tuple[int | None, int | None]) -> list[str]:
    return [key for key, value in zip(("board", "sector"), part, strict=True) if value is not None]


def _team_names(entry_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for entry_id, name in session().execute(
        select(TeamMember.entry_id, TeamMember.name)
        .where(TeamMember.entry_id.in_(entry_ids), TeamMember.left_at.is_(None))
        .order_by(TeamMember.position)
    ):
        names.setdefault(entry_id, []).append(name)
    return names


def used_quotas(contest_id: int, organisation_ids: Sequence[int], at: datetime) -> dict[int, int]:
    """Return how many entries of the contest several schools have confirmed, by school; see :func:`used_quota`."""
    rows = session().execute(
        select(Endorsement.organisation_id, func.count())
        .join(Entry, Entry.id == Endorsement.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.contest_id == contest_id,
            Endorsement.organisation_id.in_(organisation_ids),
            Endorsement.state == "confirmed",
            _can_count(at),
        )
        .group_by(Endorsement.organisation_id)
    )
    return dict.fromkeys(organisation_ids, 0) | {row[0]: row[1] for row in rows}


def used_quota(
    contest_id: int, organisation_id: int, at: datetime, *, but: int | None = None, within: Quota | None = None
) -> int:
    """Return how many entries of the contest a school has confirmed.

    Withdrawn and refused ones are left out, and drafts that can no longer be handed in: they take nobody's place.

    ``within`` narrows to the board or sector of a quota.
    """
    conditions = [
        Entry.contest_id == contest_id,
        Endorsement.organisation_id == organisation_id,
        Endorsement.state == "confirmed",
        _can_count(at),
        Entry.id != (but or 0),
    ]
    if within is not None and within.board_id is not None:
        conditions.append(Entry.board_id == within.board_id)
    if within is not None and within.sector_id is not None:
        conditions.append(Entry.sector_id == within.sector_id)
    joined = select(func.count()).select_from(Endorsement).join(Entry, Entry.id == Endorsement.entry_id)
    joined = joined.join(Contest, Contest.id == Entry.contest_id)
    return session().scalar(joined.where(and_(*conditions))) or 0
