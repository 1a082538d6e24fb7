"""Top-pick rounds: a judge puts the best of the pile in order; the places become points on the judge's sheets."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.text import N_
from compapp.judging.queries.pile import Pile, PileItem
from compapp.judging.scoring.modes.top_pick import POINTS, TOP_PICK, placed
from compapp.judging.services.pile import CHANGED, own_pile
from compapp.judging.services.sheets import SheetInput, save_sheet, submit_sheet

Picks = Mapping[str, Sequence[int | None]]
"""Board code to the assignments chosen for each place, the first place first; None: nothing chosen yet."""


def save_picks(round_: Round, picks: Picks, *, actor: Actor, at: datetime) -> Pile:
    """Keep the order as a draft; return the pile as it stands then.

    Raises NotFound without a pile of this mode, Conflict once it is handed in, Invalid (by ``board-place``) for an
    entry twice, Closed outside the round's time.
    """
    found = own_pile(round_, TOP_PICK, actor)
    if found.is_locked:
        raise Conflict(N_("You have handed your order in; only the chair can give it back to you."))
    for board, items in found.boards().items():
        points = _points(found, board, items, picks.get(board, ()))
        for item in items:
            _keep(item, points.get(item.code, 0), actor=actor, at=at)
    return own_pile(round_, TOP_PICK, actor)


def keep_places(
    round_: Round, typed: Mapping[tuple[str, int], int | None], *, version: int | None, actor: Actor, at: datetime
) -> tuple[Pile, dict[tuple[str, int], list[Sentence]]]:
    """Put what was chosen for single places (board and number, 1 for the first) into the order that stands.

    Return the pile as it stands then and what could not be: an entry that is not in the pile, or that stands at
    another place; such a place keeps what it had. Raises Conflict for another ``version`` than the present one,
    else as ``save_picks``.
    """
    found = own_pile(round_, TOP_PICK, actor)
    if version is not None and version != found.version and not found.is_locked:
        raise Conflict(CHANGED)
    codes = {item.assignment.id for item in found.items}
    standing = {
        (board, number): None if item is None else item.assignment.id
        for board, items in found.boards().items()
        for number, item in enumerate(order_of(found, items), start=1)
    }
    known = {place: chosen for place, chosen in typed.items() if place in standing}
    faults: dict[tuple[str, int], list[Sentence]] = {
        place: [(N_("This entry is not in your pile."), {})]
        for place, chosen in typed.items()
        if place not in standing or (chosen is not None and chosen not in codes)
    }
    wanted = standing | {place: chosen for place, chosen in known.items() if place not in faults}
    while (double := _double(wanted, [place for place in known if place not in faults])) is not None:
        faults[double] = [(N_("This entry stands at another place already."), {})]
        wanted[double] = standing[double]
    order = {
        board: [wanted[board, number + 1] for number in range(places_of(found, items))]
        for board, items in found.boards().items()
    }
    return save_picks(round_, order, actor=actor, at=at), faults


def _double(wanted: Mapping[tuple[str, int], int | None], places: Sequence[tuple[str, int]]) -> tuple[str, int] | None:
    """Return the last of these places whose entry stands at another place as well."""
    counted = Counter(chosen for chosen in wanted.values() if chosen is not None)
    return next((place for place in reversed(places) if counted.get(wanted[place] or 0, 0) > 1), None)


def places_of(found: Pile, items: Sequence[PileItem]) -> int:
    """Return how many places a judge fills on a board: the mode's number, or as many entries as there are."""
    return min(found.options["places"], len(items))


def order_of(found: Pile, items: Sequence[PileItem]) -> list[PileItem | None]:
    """Return who stands at each place now; None where nobody does."""
    most = found.options["places"]
    by_points = {
        int(Fraction(one.sheet.scores[POINTS])): one for one in items if one.sheet and one.sheet.scores.get(POINTS)
    }
    return [by_points.get(most - position) for position in range(places_of(found, items))]


def _points(found: Pile, board: str, items: Sequence[PileItem], chosen: Sequence[int | None]) -> dict[str, int]:
    codes = {item.assignment.id: item.code for item in items}
    faults: dict[str, list[Sentence]] = {}
    seen: set[int] = set()
    for position, one in enumerate(chosen, start=1):
        if one is None:
            continue
        if one not in codes:
            faults[f"{board}-{position}"] = [(N_("This entry is not in your pile."), {})]
        elif one in seen:
            faults[f"{board}-{position}"] = [(N_("This entry stands at another place already."), {})]
        seen.add(one)
    if faults:
        raise Invalid(fields=faults)
    return placed([codes.get(one or 0) for one in chosen], list(codes.values()), found.options["places"])


def _keep(item: PileItem, points: int, *, actor: Actor, at: datetime) -> None:
    """Write the points of a place on the sheet; one that was never begun stays so while it has none."""
    if item.sheet is None and not points:
        return
    if item.is_in:
        return
    given = SheetInput(scores={POINTS: str(points) if points else None})
    save_sheet(item.assignment, given, of_pile=True, actor=actor, at=at)


def hand_in_picks(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Hand the order in: what has no place gets no points. A second press finds it handed in.

    Raises Invalid (by ``board-place``) for a place without an entry, Closed outside the round's time, NotFound without
    a pile. Entries given out after the order was handed in get no points.
    """
    found = own_pile(round_, TOP_PICK, actor)
    if found.is_in:
        return
    if not found.is_locked:
        _must_be_full(found)
    for item in found.items:
        if item.is_in:
            continue
        if item.sheet is None or not item.sheet.scores.get(POINTS):
            save_sheet(item.assignment, SheetInput(scores={POINTS: "0"}), of_pile=True, actor=actor, at=at)
        submit_sheet(item.assignment, of_pile=True, actor=actor, at=at)


def _must_be_full(found: Pile) -> None:
    faults: dict[str, list[Sentence]] = {}
    for board, items in found.boards().items():
        for position, one in enumerate(order_of(found, items), start=1):
            if one is None:
                faults[f"{board}-{position}"] = [(N_("Choose an entry for this place."), {})]
    if faults:
        raise Invalid(fields=faults)
