"""``comparisons``: what judges said of two entries at a time, by round code."""

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.core.text import N_
from compapp.judging.models import PairChoice
from compapp.judging.queries.pairs import comparisons_of
from compapp.judging.services.content import comparison_piece

Json = Mapping[str, Any]


def check_comparisons(data: Mapping[str, Sequence[Json]], document: Json) -> list[Fault]:
    """Return a fault for a comparison in another mode, of an entry with itself or over two boards, a foreign winner."""
    modes = {piece["code"]: piece.get("mode") for piece in document.get("rounds") or ()}
    boards = {piece["code"]: piece.get("board") for piece in document.get("entries") or ()}
    faults: list[Fault] = []
    for code, pieces in data.items():
        if modes.get(code) != "pairwise":
            faults.append(Fault(f"comparisons.{code}", N_("This round is not judged in pairs.")))
        for index, piece in enumerate(pieces):
            path, pair = f"comparisons.{code}[{index}]", (piece["left"], piece["right"])
            if pair[0] == pair[1] or boards.get(pair[0]) != boards.get(pair[1]):
                faults.append(Fault(path, N_("Two different entries of one board are compared.")))
            if piece.get("winner") is not None and piece["winner"] not in pair:
                faults.append(Fault(f"{path}.winner", N_("The winner is one of the two entries.")))
    return faults


def load_comparisons(contest: Contest, data: Mapping[str, Sequence[Json]], context: ImportContext) -> None:
    """Add the comparisons, each judge's in the order of the file."""
    for code, pieces in data.items():
        round_ = context.round(code)
        numbers: dict[str, int] = {}
        for piece in pieces:
            numbers[piece["judge"]] = number = numbers.get(piece["judge"], 0) + 1
            winner = piece.get("winner")
            session().add(
                PairChoice(
                    round_id=round_.id,
                    seat_id=context.seat(piece["judge"]).id,
                    number=number,
                    left_id=context.entry(piece["left"]).id,
                    right_id=context.entry(piece["right"]).id,
                    winner_id=None if winner is None else context.entry(winner).id,
                    at=min(max(context.at, round_.opens_at), round_.closes_at),
                )
            )
    session().flush()


def write_comparisons(contest: Contest) -> Any:
    """Return the comparisons that stand, by round and judge."""
    written = {one.code: [comparison_piece(said) for said in comparisons_of(one)] for one in contest.rounds}
    return {code: pieces for code, pieces in written.items() if pieces} or None
