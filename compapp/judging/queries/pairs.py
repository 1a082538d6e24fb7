"""Comparisons in pairs: what a judge has said so far, what comes next, and what counts in the standings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from compapp.contests.models import Round
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.models import Entry
from compapp.judging.models import PairChoice, Seat
from compapp.judging.queries.pile import Pile, PileItem
from compapp.judging.scoring.model import Comparison
from compapp.judging.scoring.modes import mode_of
from compapp.judging.scoring.modes.pairwise import coming_pairs


@dataclass(frozen=True)
class PairPage:
    """Where a judge stands: ``pairs`` to compare from here on (none: enough), ``number`` of the next.

    ``choices`` are the judge's own that stand, oldest first, among entries still in the pile. ``version`` grows with
    everything that the judge says or takes back.
    """

    pairs: Sequence[tuple[PileItem, PileItem]]
    number: int
    choices: Sequence[PairChoice]
    version: int

    @property
    def pair(self) -> tuple[PileItem, PileItem] | None:
        """The next pair."""
        return self.pairs[0] if self.pairs else None


@read_once
def comparisons_of(round_: Round) -> tuple[Comparison, ...]:
    """Return every comparison that stands in a round of this mode, by judge and number; nothing in another round."""
    if mode_of(round_.definition).compared is None:
        return ()
    left, right = aliased(Entry), aliased(Entry)
    rows = session().execute(
        select(Seat.code, left.code, right.code, PairChoice.winner_id, left.id)
        .select_from(PairChoice)
        .join(Seat, Seat.id == PairChoice.seat_id)
        .join(left, left.id == PairChoice.left_id)
        .join(right, right.id == PairChoice.right_id)
        .where(PairChoice.round_id == round_.id, PairChoice.undone_at.is_(None))
        .order_by(Seat.code, PairChoice.number)
    )
    return tuple(
        Comparison(judge, one, other, None if winner is None else one if winner == left_id else other)
        for judge, one, other, winner, left_id in rows
    )


@read_once
def own_choices(round_id: int, seat_id: int) -> list[PairChoice]:
    """Return a judge's choices in a round by number, those taken back among them."""
    found = select(PairChoice).where(PairChoice.round_id == round_id, PairChoice.seat_id == seat_id)
    return list(session().scalars(found.order_by(PairChoice.number)))


def pair_page(pile: Pile) -> PairPage:
    """Return what a judge compares next, and how far the work is."""
    every = own_choices(pile.round.id, pile.seat_id)
    items = {one.assignment.entry_id: one for one in pile.items}
    standing = [one for one in every if one.undone_at is None and {one.left_id, one.right_id} <= items.keys()]
    others = comparisons_of(pile.round)
    pairs: list[tuple[PileItem, PileItem]] = []
    for board, of_board in pile.boards().items():
        codes = [one.code for one in of_board]
        by_code = {one.code: one for one in of_board}
        own = [
            (items[one.left_id].code, items[one.right_id].code) for one in standing if items[one.left_id].board == board
        ]
        seed = f"{pile.round.id}:{pile.seat_id}"
        found = coming_pairs(codes, own, others, wanted=pile.options["compared"], seed=seed)
        pairs += [(by_code[left], by_code[right]) for left, right in found]
    version = len(every) + sum(1 for one in every if one.undone_at is not None)
    return PairPage(pairs, max((one.number for one in every), default=0) + 1, standing, version)
