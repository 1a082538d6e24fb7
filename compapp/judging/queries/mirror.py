"""A judge's own mirror, from what was published: nobody else's page shows it, and no other judge stands in it."""

from dataclasses import dataclass

from compapp.contests.models import Round
from compapp.judging.models import Seat
from compapp.judging.queries.own import newest_publications
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.mirror import Mirror, mirror


@dataclass(frozen=True)
class RoundMirror:
    """A published round in which the judge scored."""

    round: Round
    mirror: Mirror


def mirrors_of(seat: Seat) -> list[RoundMirror]:
    """Return the mirror of every published round in which this judge scored, the newest round first."""
    found = []
    for publication in newest_publications(seat.contest_id):
        round_ = publication.round
        side = contest_scoring(publication.content["basis"]).rounds.get(round_.code)
        if side is None:
            continue
        due = round_.definition.get("judges_per_entry")
        own = mirror(side.sheets, side.rule.rubric, seat.code, due=due)
        if own.sheets:
            found.append(RoundMirror(round_, own))
    return sorted(found, key=lambda one: -one.round.position)
