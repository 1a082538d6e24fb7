"""Shortlists, publications, places, awards and votes: what stands, and what each reader may see of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.contests.models import Board, Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.team import born_of, initials, is_minor
from compapp.judging.lifecycle import APPROVED, PROPOSED
from compapp.judging.models import Award, Draw, Place, Publication, Shortlist, StandingsRun, VoteResult
from compapp.judging.policy import PlaceFacts
from compapp.judging.queries.conflicts import hidden_from
from compapp.judging.queries.rounds import scored_rounds


@read_once
def hidden_entries(contest_id: int, person_id: int | None) -> set[str]:
    """Return the codes of entries of which this person may know nothing: a seat in the jury with a conflict."""
    if person_id is None:
        return set()
    return set(session().scalars(select(Entry.code).where(Entry.contest_id == contest_id, hidden_from(person_id))))


OUT_OF_THE_CONTEST = frozenset({"withdrawn", "ineligible"})
"""States of an entry that neither goes through nor gets a prize."""


@dataclass(frozen=True, slots=True)
class EntryName:
    """How an entry is named where its results are shown to staff; ``state`` is the entry's."""

    id: int
    code: str
    number: str
    board: str
    title: Mapping[str, str]
    state: str


def entry_names(contest_id: int, codes: Iterable[str] | None = None) -> dict[str, EntryName]:
    """Return the names of a contest's entries by code, in one statement."""
    return _entry_names(contest_id, None if codes is None else tuple(codes))


@read_once
def _entry_names(contest_id: int, codes: tuple[str, ...] | None) -> dict[str, EntryName]:
    statement = (
        select(Entry.id, Entry.code, Entry.number, Board.code, Entry.title, Entry.state)
        .join(Board, Board.id == Entry.board_id)
        .where(Entry.contest_id == contest_id)
    )
    if codes is not None:
        statement = statement.where(Entry.code.in_(codes))
    return {row[1]: EntryName(*row) for row in session().execute(statement)}


def shortlist(shortlist_id: int) -> Shortlist | None:
    """Return a shortlist with its round and contest."""
    return (
        session()
        .scalars(
            select(Shortlist)
            .join(Shortlist.round)
            .join(Round.contest)
            .where(Shortlist.id == shortlist_id)
            .options(contains_eager(Shortlist.round).contains_eager(Round.contest), joinedload(Shortlist.run))
        )
        .one_or_none()
    )


def locked_shortlist(shortlist_id: int) -> Shortlist | None:
    """Return a shortlist as it stands now and hold its row until the end of the transaction."""
    session().execute(select(Shortlist.id).where(Shortlist.id == shortlist_id).with_for_update())
    found = shortlist(shortlist_id)
    if found is not None:
        session().refresh(found)
    return found


@read_once
def shortlists_of(round_id: int) -> list[Shortlist]:
    """Return every shortlist ever prepared for a round, newest first, with the hash of the figures it rests on."""
    statement = select(Shortlist).where(Shortlist.round_id == round_id).order_by(Shortlist.id.desc())
    rests_on = joinedload(Shortlist.run).load_only(StandingsRun.inputs_hash)
    return list(session().scalars(statement.options(rests_on)))


def open_shortlist(round_id: int) -> Shortlist | None:
    """Return the shortlist that waits for its second person or its publication."""
    return next((one for one in shortlists_of(round_id) if one.state in (PROPOSED, APPROVED)), None)


@read_once
def publications_of(round_id: int) -> list[Publication]:
    """Return what was published of a round, in order of number."""
    return list(
        session().scalars(select(Publication).where(Publication.round_id == round_id).order_by(Publication.number))
    )


def latest_publication(round_id: int) -> Publication | None:
    """Return the newest publication of a round."""
    return (
        session()
        .scalars(
            select(Publication).where(Publication.round_id == round_id).order_by(Publication.number.desc()).limit(1)
        )
        .one_or_none()
    )


def published_hashes(round_ids: Iterable[int]) -> dict[int, str]:
    """Return the hash of what decided the newest publication of several rounds, for those that have one."""
    rows = session().execute(
        select(Publication.round_id, Publication.inputs_hash)
        .where(Publication.round_id.in_(list(round_ids)))
        .order_by(Publication.number)
    )
    return {row[0]: row[1] for row in rows}


def publications_of_contest(contest_id: int) -> list[Publication]:
    """Return everything published in a contest, newest first, with rounds."""
    return list(
        session().scalars(
            select(Publication)
            .join(Publication.round)
            .where(Round.contest_id == contest_id)
            .options(contains_eager(Publication.round), joinedload(Publication.scan_blob))
            .order_by(Publication.published_at.desc(), Publication.id.desc())
        )
    )


def public_publications(contest_id: int, at: datetime) -> list[Publication]:
    """Return what everybody may see at ``at``, newest first."""
    return [one for one in publications_of_contest(contest_id) if one.public_from <= at]


def publication_of_shortlist(shortlist_id: int) -> Publication | None:
    """Return the publication that came from a shortlist."""
    return session().scalars(select(Publication).where(Publication.shortlist_id == shortlist_id)).one_or_none()


def places_of(round_id: int) -> list[Place]:
    """Return the places won in a round, with entries and boards: board by board, those who are through first."""
    with_entry = joinedload(Place.entry).joinedload(Entry.board)
    found = session().scalars(select(Place).where(Place.round_id == round_id).options(with_entry).order_by(Place.id))
    return sorted(found, key=lambda one: (one.entry.board.position, one.reserve_rank or 0, one.entry.code))


def place(place_id: int) -> Place | None:
    """Return a place with entry, round and contest."""
    return (
        session()
        .scalars(
            select(Place)
            .where(Place.id == place_id)
            .options(joinedload(Place.entry).joinedload(Entry.contest), joinedload(Place.round))
        )
        .one_or_none()
    )


def place_facts(actor: Actor, place_id: int) -> PlaceFacts | None:
    """Load what decides about a place page; nothing for whom is not on the team."""
    row = (
        session()
        .execute(
            select(Place.id, Place.entry_id, Entry.contest_id, Place.state, TeamMember.role)
            .join(Entry, Entry.id == Place.entry_id)
            .join(TeamMember, TeamMember.entry_id == Entry.id)
            .where(Place.id == place_id, TeamMember.person_id == actor.person_id, TeamMember.left_at.is_(None))
        )
        .one_or_none()
    )
    return None if row is None else PlaceFacts(*row)


def places_of_entries(entry_ids: Iterable[int]) -> dict[int, list[Place]]:
    """Return the places of several entries, with entries and rounds."""
    gathered: dict[int, list[Place]] = {}
    for found in session().scalars(
        select(Place)
        .where(Place.entry_id.in_(list(entry_ids)))
        .options(joinedload(Place.round), joinedload(Place.entry))
        .order_by(Place.id)
    ):
        gathered.setdefault(found.entry_id, []).append(found)
    return gathered


def advanced(entry_id: int, round_code: str) -> bool:
    """Whether the entry holds a place (waiting or confirmed) won in the round ``round_code``."""
    return (
        session().scalar(
            select(Place.id)
            .join(Place.round)
            .where(Place.entry_id == entry_id, Round.code == round_code, Place.state.in_(["waiting", "confirmed"]))
        )
        is not None
    )


def draws_of(round_id: int) -> list[Draw]:
    """Return the running orders of a round."""
    return list(session().scalars(select(Draw).where(Draw.round_id == round_id).order_by(Draw.id)))


def votes_of(round_id: int) -> list[VoteResult]:
    """Return the votes of a public vote, most first."""
    return list(
        session().scalars(
            select(VoteResult)
            .where(VoteResult.round_id == round_id)
            .options(joinedload(VoteResult.entry))
            .order_by(VoteResult.votes.desc(), VoteResult.id)
        )
    )


def awards_of(contest_id: int) -> list[Award]:
    """Return the awards given or withheld, in the order in which they were decided."""
    return list(
        session().scalars(
            select(Award).where(Award.contest_id == contest_id).options(joinedload(Award.entry)).order_by(Award.id)
        )
    )


def next_round(round_: Round) -> Round | None:
    """Return the scored round after this one, into which its best go."""
    later = (one for one in scored_rounds(round_.contest_id) if one.position > round_.position)
    return next(later, None)


def public_names(contest_id: int, codes: Iterable[str], on: datetime | None = None) -> dict[str, list[str]]:
    """Return the names of several teams as a public page may show them, in one statement.

    The rule is that of ``entries.queries.public_team_names``: nobody under 18 is named in full.
    """
    rows = session().scalars(
        select(TeamMember)
        .join(TeamMember.entry)
        .join(Entry.contest)
        .join(Entry.board)
        .where(
            Entry.contest_id == contest_id,
            Entry.code.in_(list(codes)),
            TeamMember.left_at.is_(None),
            TeamMember.role != "advisor",
        )
        .options(
            joinedload(TeamMember.person),
            contains_eager(TeamMember.entry).options(contains_eager(Entry.contest), contains_eager(Entry.board)),
        )
        .order_by(TeamMember.position, TeamMember.id)
    )
    named: dict[str, list[str]] = {}
    for member in rows:
        entry = member.entry
        careful = entry.board.definition.get("guardian_consent_under") is not None
        young = is_minor(member, on or entry.contest.closes_at) or (careful and born_of(member) is None)
        named.setdefault(entry.code, []).append(initials(member.name) if young else member.name)
    return named


def decisions_waiting(contest_ids: Iterable[int]) -> list[tuple[Shortlist, Round, Contest]]:
    """Return the shortlists of these contests that wait for somebody, with round and contest."""
    rows = session().execute(
        select(Shortlist, Round, Contest)
        .join(Round, Round.id == Shortlist.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Contest.id.in_(list(contest_ids)), Shortlist.state.in_([PROPOSED, APPROVED]))
        .order_by(Shortlist.id)
    )
    return [(one, round_, contest) for one, round_, contest in rows]


def public_part(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the public may read of a publication's content: who went through and what was awarded.

    Teams that did not go through, their figures and the sheets behind them stay with the teams and the staff.
    """
    boards = [
        {
            **board,
            "rows": [row for row in board["rows"] if row["decided"]],
            "others": sum(not row["decided"] for row in board["rows"]),
            "byes": [row for row in content.get("byes") or () if row["board"] == board["code"]],
        }
        for board in content["boards"]
    ]
    return {"boards": boards, "awards": content.get("awards") or []}
