"""Comparing entries in pairs: one tap each, taken back as easily, handed in once there are enough."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.text import N_
from compapp.judging.models import PairChoice
from compapp.judging.queries.pairs import own_choices, pair_page
from compapp.judging.queries.pile import Pile
from compapp.judging.scoring.modes.pairwise import PAIRWISE, WON, share_won
from compapp.judging.services.pile import CHANGED, own_pile
from compapp.judging.services.sheets import SheetInput, must_be_open, save_sheet, submit_sheet

LEFT, RIGHT, NEITHER = "left", "right", "neither"


def choose(
    round_: Round, number: int, left: int, right: int, word: str, *, actor: Actor, at: datetime
) -> PairChoice | None:
    """Record a judge's word (left, right, neither) on two entries, given by their assignments; ``number`` counts on.

    A number that was counted already changes nothing (a double tap). Raises NotFound without a pile of this mode,
    Closed outside the round's time, Conflict for a number too high or two entries that are not to be compared,
    Invalid for another word.
    """
    found = _open(round_, actor, at)
    counted = max((one.number for one in own_choices(round_.id, found.seat_id)), default=0)
    if number <= counted:
        return None
    items = {one.assignment.id: one for one in found.items}
    one, other = items.get(left), items.get(right)
    if number != counted + 1 or one is None or other is None or one is other or one.board != other.board:
        raise Conflict(CHANGED)
    if one.is_in and other.is_in:
        raise Conflict(N_("You have handed this in; only the chair can give it back to you."))
    if word not in (LEFT, RIGHT, NEITHER):
        raise Invalid(N_("Choose one of the two entries, or say that you cannot."))
    winner = {LEFT: one, RIGHT: other}.get(word)
    choice = PairChoice(
        round_id=round_.id,
        seat_id=found.seat_id,
        number=number,
        left_id=one.assignment.entry_id,
        right_id=other.assignment.entry_id,
        winner_id=None if winner is None else winner.assignment.entry_id,
        at=at,
    )
    session().add(choice)
    session().flush()
    return choice


def keep_words(
    round_: Round, words: Mapping[tuple[int, int], str], *, version: int | None, actor: Actor, at: datetime
) -> tuple[Pile, dict[tuple[int, int], list[Sentence]]]:
    """Keep a judge's words on several pairs (two assignments): the better assignment, ``neither``, or nothing.

    A word that stands already is left alone; another one takes the place of what stood, which is kept as taken back;
    an empty one takes it back. Return the pile, and which pairs could not be. Raises NotFound and Closed as
    ``choose``, Conflict for another ``version`` than the present one or where all is handed in.
    """
    found = _open(round_, actor, at)
    every = own_choices(round_.id, found.seat_id)
    if found.is_in:
        raise Conflict(N_("You have handed this in; only the chair can give it back to you."))
    if version is not None and version != len(every) + sum(1 for one in every if one.undone_at is not None):
        raise Conflict(CHANGED)
    items = {one.assignment.id: one for one in found.items}
    standing = {frozenset((one.left_id, one.right_id)): one for one in every if one.undone_at is None}
    number = max((one.number for one in every), default=0)
    faults: dict[tuple[int, int], list[Sentence]] = {}
    for pair, word in words.items():
        one, other = items.get(pair[0]), items.get(pair[1])
        if one is None or other is None or one is other or one.board != other.board:
            faults[pair] = [(N_("These two entries are not to be compared any more."), {})]
            continue
        if (one.is_in and other.is_in) or word not in ("", NEITHER, str(pair[0]), str(pair[1])):
            faults[pair] = [(N_("Choose one of the two entries, or say that you cannot."), {})]
            continue
        winner = None if word in ("", NEITHER) else items[int(word)].assignment.entry_id
        left, right = one.assignment.entry_id, other.assignment.entry_id
        stands = standing.pop(frozenset((left, right)), None)
        if stands is not None and word and stands.winner_id == winner:
            standing[frozenset((left, right))] = stands
            continue
        if stands is not None:
            stands.undone_at = at
        if word:
            number += 1
            values = {"number": number, "left_id": left, "right_id": right, "winner_id": winner, "at": at}
            standing[frozenset((left, right))] = PairChoice(round_id=round_.id, seat_id=found.seat_id, **values)
            session().add(standing[frozenset((left, right))])
    session().flush()
    return found, faults


def undo(round_: Round, number: int, *, actor: Actor, at: datetime) -> bool:
    """Take the judge's last standing choice back, if it is the one of this ``number``; whether it was.

    Raises NotFound, Closed, Conflict where the choice was handed in.
    """
    found = _open(round_, actor, at)
    standing = [one for one in own_choices(round_.id, found.seat_id) if one.undone_at is None]
    if not standing or standing[-1].number != number:
        return False
    last = standing[-1]
    handed_in = {item.assignment.entry_id for item in found.items if item.is_in}
    if {last.left_id, last.right_id} <= handed_in:
        raise Conflict(N_("You have handed this in; only the chair can give it back to you."))
    result: Any = session().execute(
        update(PairChoice)
        .where(PairChoice.id == last.id, PairChoice.undone_at.is_(None))
        .values(undone_at=at)
        .execution_options(synchronize_session=False)
    )
    session().expire(last)
    return bool(result.rowcount)


def hand_in_pairs(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Hand the comparisons in: a sheet for each entry, with the share that it won. A second press finds it done.

    Raises Invalid while comparisons are missing, Closed outside the round's time, NotFound without a pile.
    """
    found = own_pile(round_, PAIRWISE, actor)
    if found.is_in:
        return
    page = pair_page(found)
    if page.pair is not None:
        raise Invalid(N_("Some entries have not been compared often enough yet."))
    codes = {one.assignment.entry_id: one.code for one in found.items}
    own = {
        (codes[one.left_id], codes[one.right_id]): None if one.winner_id is None else codes[one.winner_id]
        for one in page.choices
    }
    for item in found.items:
        if not item.is_in:
            given = SheetInput(scores={WON: f"{float(share_won(item.code, own)):.2f}"})
            save_sheet(item.assignment, given, of_pile=True, actor=actor, at=at)
            submit_sheet(item.assignment, of_pile=True, actor=actor, at=at)


def _open(round_: Round, actor: Actor, at: datetime) -> Pile:
    found = own_pile(round_, PAIRWISE, actor)
    must_be_open(round_, found.due_at, at)
    return found
