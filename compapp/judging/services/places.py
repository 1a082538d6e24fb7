"""Places won in a round: opened by the publication, confirmed or declined by the team, lapsed by the clock.

The number of places of a board never exceeds what was decided: every act holds the row of the round first.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from compapp.contests.models import Board, Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.events import EntryWithdrawn
from compapp.entries.models import Entry
from compapp.entries.queries.team import lead_of, people_of
from compapp.judging import policy
from compapp.judging.lifecycle import CONFIRMED, DECLINED, PLACE, RESERVE, WAITING
from compapp.judging.models import Place, Shortlist
from compapp.judging.notifications import results as notices
from compapp.judging.queries import results as queries
from compapp.judging.services.rights import reason_of

TIME_TO_CONFIRM = timedelta(days=3)
TIME_FOR_RESERVE = timedelta(days=2)
BEFORE_THE_ROUND = timedelta(hours=1)
"""No answer is awaited later than this before the next round begins."""
REMIND_BEFORE = timedelta(hours=24)


def answer_until(round_: Round, at: datetime, usual: timedelta) -> datetime:
    """Return until when a team may answer: the usual time, or half of what is left before the next round."""
    following = queries.next_round(round_)
    if following is None:
        return at + usual
    left = following.opens_at - BEFORE_THE_ROUND - at
    if left <= timedelta():
        return at + usual
    return at + (usual if usual <= left else left / 2)


def open_places(
    round_: Round, shortlist: Shortlist, *, confirm_by: datetime | None, actor: Actor, at: datetime
) -> None:
    """Give the places that ``shortlist`` decided, rank the reserves, and follow a correction of earlier ones.

    After the last round there is nothing to come to: the places stand, and nobody is asked to confirm.
    """
    if not any(shortlist.decided.values()):
        return
    is_last = queries.next_round(round_) is None
    until = confirm_by or answer_until(round_, at, TIME_TO_CONFIRM)
    names = queries.entry_names(round_.contest_id)
    known = {place.entry.code: place for place in queries.places_of(round_.id)}
    through = [code for codes in shortlist.decided.values() for code in codes]
    reserves = {code: rank for codes in shortlist.reserves.values() for rank, code in enumerate(codes, 1)}
    for code in through:
        place = known.get(code)
        if place is None and is_last:
            _add(round_, names[code].id, CONFIRMED, None, None)
        elif place is None:
            place = _add(round_, names[code].id, WAITING, None, until)
            _ask(place, at=at)
        elif place.state not in {WAITING, CONFIRMED, DECLINED}:
            move(place, PLACE, "restore", **_common(round_, actor, at), confirm_by=until, reserve_rank=None)
            _settle_or_ask(place, is_last=is_last, actor=actor, at=at)
    for code, rank in reserves.items():
        place = known.get(code)
        if place is None:
            _add(round_, names[code].id, RESERVE, rank, None)
        elif place.state == RESERVE:
            place.reserve_rank = rank
        elif place.state != DECLINED:
            move(place, PLACE, "step_back", **_common(round_, actor, at), confirm_by=None, reserve_rank=rank)
    for code, place in known.items():
        if code not in through and code not in reserves and PLACE.allows("revoke", place.state):
            move(place, PLACE, "revoke", **_common(round_, actor, at), confirm_by=None, reserve_rank=None)
    session().flush()
    fill_places(round_, actor=actor, at=at)


def _add(round_: Round, entry_id: int, state: str, rank: int | None, until: datetime | None) -> Place:
    place = Place(round_id=round_.id, entry_id=entry_id, state=state, reserve_rank=rank, confirm_by=until)
    session().add(place)
    session().flush()
    return place


def _common(round_: Round, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"actor": actor, "at": at, "contest_id": round_.contest_id}


def _ask(place: Place, *, from_reserve: bool = False, at: datetime) -> None:
    """Ask those who can answer: the lead, or everybody where the team has none now."""
    lead = lead_of(place.entry_id)
    people = [lead.person_id] if lead is not None and lead.person_id is not None else people_of(place.entry_id)
    notices.confirm_place(place, people, from_reserve=from_reserve, at=at)


def _settle_or_ask(place: Place, *, is_last: bool, actor: Actor, at: datetime) -> None:
    if is_last:
        move(place, PLACE, "confirm", **_common(place.round, actor, at), confirm_by=None)
    else:
        _ask(place, at=at)


def _held(place: Place) -> Place:
    """Hold the row of the round (one answer at a time), then return the place as it stands now."""
    session().execute(select(Round.id).where(Round.id == place.round_id).with_for_update())
    found = queries.place(place.id)
    if found is None:
        raise NotFound(N_("There is no such place."))
    session().refresh(found)
    return found


def _may_answer(place: Place, actor: Actor) -> None:
    facts = queries.place_facts(actor, place.id)
    if facts is None or not policy.may_answer_place(actor, facts):
        raise Refused(N_("Only the team’s lead answers for the team."))


def confirm_place(place: Place, *, actor: Actor, at: datetime) -> Place:
    """Confirm the team's place; a second press changes nothing.

    Raises Refused for anybody but the lead, Closed after the deadline, Conflict where the place is no longer open.
    """
    found = _held(place)
    _may_answer(found, actor)
    if found.state == CONFIRMED:
        return found
    if found.state == WAITING and found.confirm_by is not None and at > found.confirm_by:
        raise Closed(N_("The time to confirm is over."))
    move(found, PLACE, "confirm", **_common(found.round, actor, at), answered_at=at)
    return found


def decline_place(place: Place, reason: str = "", *, actor: Actor, at: datetime) -> Place:
    """Give the team's place (or its place among the reserves) back; the next reserve of the board moves up."""
    found = _held(place)
    _may_answer(found, actor)
    if found.state == DECLINED:
        return found
    data = {"reason": reason_of(reason, required=False)}
    move(found, PLACE, "decline", **_common(found.round, actor, at), data=data, answered_at=at)
    fill_places(found.round, actor=actor, at=at)
    return found


def lapse_places(at: datetime) -> int:
    """Let places lapse whose deadline has passed and let reserves move up; remind a day before. Safe to repeat."""
    actor = Actor.system("clock")
    due = (
        session()
        .execute(
            select(Place.id, Place.round_id)
            .where(Place.state == WAITING, Place.confirm_by.is_not(None), Place.confirm_by < at)
            .order_by(Place.round_id, Place.id)
        )
        .all()
    )
    lapsed = 0
    for place_id, _ in due:
        found = queries.place(place_id)
        if found is None:
            continue
        found = _held(found)
        if found.state != WAITING or found.confirm_by is None or found.confirm_by >= at:
            continue
        move(found, PLACE, "lapse", **_common(found.round, actor, at))
        notices.place_lapsed(found, people_of(found.entry_id), at=at)
        fill_places(found.round, actor=actor, at=at)
        lapsed += 1
    _remind(at)
    return lapsed


def _remind(at: datetime) -> None:
    soon = (
        session()
        .scalars(
            select(Place.id).where(
                Place.state == WAITING, Place.confirm_by >= at, Place.confirm_by < at + REMIND_BEFORE
            )
        )
        .all()
    )
    for place_id in soon:
        place = queries.place(place_id)
        if place is not None:
            notices.confirm_place(place, people_of(place.entry_id), reminder=True, at=at)


def anything_due(at: datetime) -> bool:
    """Whether the clock has something to do with places (asked before the write lock is taken)."""
    return (
        session().scalar(
            select(Place.id)
            .where(Place.state == WAITING, Place.confirm_by.is_not(None), Place.confirm_by < at + REMIND_BEFORE)
            .limit(1)
        )
        is not None
    )


def fill_places(round_: Round, *, actor: Actor, at: datetime) -> list[Place]:
    """Let reserves move up, in order within their board (or sector, see :class:`Group`), while a place is free.

    Nobody moves up once the next round has begun.
    """
    following = queries.next_round(round_)
    if following is not None and at >= following.opens_at:
        return []
    moved: list[Place] = []
    byes = _bye_codes(_published(round_))
    for group, capacity in _capacities(round_).items():
        free = capacity - _taken(round_.id, group, byes)
        for place in _reserves(round_.id, group)[: max(0, free)]:
            until = answer_until(round_, at, TIME_FOR_RESERVE)
            move(place, PLACE, "promote", **_common(round_, actor, at), confirm_by=until, reserve_rank=None)
            _ask(place, from_reserve=True, at=at)
            moved.append(place)
    return moved


class Group(NamedTuple):
    """The entries among which a place is handed on: a board's, or one sector's where the rule says so."""

    board_id: int
    per_sector: bool = False
    sector_id: int | None = None

    @property
    def holds(self) -> list[ColumnElement[bool]]:
        """Return the conditions on an entry of the group."""
        board = Entry.board_id == self.board_id
        if not self.per_sector:
            return [board]
        return [board, Entry.sector_id.is_(None) if self.sector_id is None else Entry.sector_id == self.sector_id]


def _capacities(round_: Round) -> dict[Group, int]:
    """Return how many places each group has: as many as the newest publication decided, byes left out."""
    content = _published(round_)
    byes = _bye_codes(content)
    decided = {board: [code for code in codes if code not in byes] for board, codes in content["decided"].items()}
    if round_.definition.get("advance_by") == "sector":
        codes = [code for listed in decided.values() for code in listed]
        rows = session().execute(
            select(Entry.board_id, Entry.sector_id).where(Entry.contest_id == round_.contest_id, Entry.code.in_(codes))
        )
        return Counter(Group(board_id, True, sector_id) for board_id, sector_id in rows)
    boards = session().execute(select(Board.code, Board.id).where(Board.contest_id == round_.contest_id))
    return {Group(board_id): len(decided.get(code, ())) for code, board_id in boards}


def _published(round_: Round) -> Mapping[str, Any]:
    publication = queries.latest_publication(round_.id)
    return {"decided": {}} | (publication.content if publication is not None else {})


def _bye_codes(content: Mapping[str, Any]) -> set[str]:
    """Return the entries that went through by a bye: their places are nobody else's when they are given back."""
    return {one["entry"] for one in content.get("byes") or ()}


def _taken(round_id: int, group: Group, byes: set[str]) -> int:
    return int(
        session().scalar(
            select(func.count())
            .select_from(Place)
            .join(Entry, Entry.id == Place.entry_id)
            .where(Place.round_id == round_id, *group.holds, Place.state.in_([WAITING, CONFIRMED]))
            .where(Entry.code.not_in(byes))
        )
        or 0
    )


def _reserves(round_id: int, group: Group) -> list[Place]:
    return list(
        session().scalars(
            select(Place)
            .join(Place.entry)
            .where(Place.round_id == round_id, *group.holds, Place.state == RESERVE)
            .where(Entry.state.not_in(queries.OUT_OF_THE_CONTEST))
            .order_by(Place.reserve_rank, Place.id)
        )
    )


def release_withdrawn(event: EntryWithdrawn) -> None:
    """Free the places of an entry that its team withdrew (listener); reserves move up."""
    found = session().scalars(select(Place).where(Place.entry_id == event.entry_id)).all()
    for place in found:
        if not PLACE.allows("let_go", place.state):
            continue
        held = _held(place)
        if PLACE.allows("let_go", held.state):
            move(held, PLACE, "let_go", **_common(held.round, event.actor, event.at), answered_at=event.at)
            fill_places(held.round, actor=event.actor, at=event.at)
