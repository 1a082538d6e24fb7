"""The public results: who went through and who won, never more, and nobody under 18 by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compapp.contests.models import Contest, Round
from compapp.judging.models import Publication
from compapp.judging.queries.results import entry_names, public_names, public_part


@dataclass(frozen=True)
class PublicPublication:
    """One publication as everybody reads it; ``moved`` holds what a correction changed among the published teams."""

    publication: Publication
    boards: Sequence[Mapping[str, Any]]
    awards: Sequence[Mapping[str, Any]]
    moved: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class PublicRound:
    """A round with its publications, newest first; ``names`` are the team names that may be shown, by entry code.

    ``titles``: those of the winners who have no row in the round (an audience award), by entry code.
    """

    round: Round
    publications: tuple[PublicPublication, ...]
    names: Mapping[str, Sequence[str]]
    titles: Mapping[str, Mapping[str, str]]


def public_results(contest: Contest, publications: Sequence[Publication], at: datetime) -> list[PublicRound]:
    """Return the public rounds, the newest first; one statement for all names, one where somebody won without a row."""
    by_round: dict[int, list[Publication]] = {}
    for one in publications:
        by_round.setdefault(one.round_id, []).append(one)
    shown = {round_id: [_shown(one) for one in found] for round_id, found in by_round.items()}
    names = public_names(contest.id, {code for found in shown.values() for one in found for code in _codes(one)})
    rowless = {code for found in shown.values() for one in found for code in _winners_without_row(one)}
    known = entry_names(contest.id, rowless) if rowless else {}
    titles = {code: name.title for code, name in known.items()}
    rounds = [
        PublicRound(
            found[0].round, tuple(sorted(shown[round_id], key=lambda one: -one.publication.number)), names, titles
        )
        for round_id, found in by_round.items()
    ]
    return sorted(rounds, key=lambda one: -one.round.position)


def _shown(publication: Publication) -> PublicPublication:
    part = public_part(publication.content)
    moved = [
        one
        for one in publication.difference.get("moved", [])
        if any(place is not None and place["decided"] for place in (one["before"], one["after"]))
    ]
    ranked_only = not any(board["rows"] or board["byes"] for board in part["boards"]) and bool(part["awards"])
    return PublicPublication(publication, [] if ranked_only else part["boards"], part["awards"], moved)


def _winners_without_row(one: PublicPublication) -> set[str]:
    rows = {row["entry"] for board in one.publication.content["boards"] for row in board["rows"]}
    return {line["entry"] for line in one.awards if line["entry"]} - rows


def _codes(one: PublicPublication) -> set[str]:
    codes = {row["entry"] for board in one.boards for row in (*board["rows"], *board["byes"])}
    return codes | {line["entry"] for line in one.awards if line["entry"]}
