"""A judge's own mirror, from what was published: nobody else's page shows it, and no other judge stands in it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.entries.queries.anonymous import AnonymousEntry, anonymous_titles
from compapp.judging.models import Seat
from compapp.judging.queries.conflicts import conflicted
from compapp.judging.queries.own import newest_publications
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.mirror import Mirror, mirror


@dataclass(frozen=True)
class RoundMirror:
    """A published round in which the judge scored."""

    round: Round
    mirror: Mirror
    titles: Mapping[str, AnonymousEntry]
    """By code, the entries that the judge may (still) know of."""


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
            found.append((round_, own))
    titles = _titles(seat, {entry for _round, own in found for entry, *_totals in own.by_entry})
    return [RoundMirror(round_, own, titles) for round_, own in sorted(found, key=lambda one: -one[0].position)]


def _titles(seat: Seat, codes: Set[str]) -> dict[str, AnonymousEntry]:
    """Return the anonymous headings of entries by code, without any that is in conflict with the judge by now."""
    if not codes:
        return {}
    known = session().execute(
        select(Entry.id, Entry.code)
        .join(Seat, Seat.contest_id == Entry.contest_id)
        .where(Seat.id == seat.id, Entry.code.in_(codes), ~conflicted())
    )
    by_id = {row.id: row.code for row in known}
    shown = anonymous_titles(list(by_id)) if by_id else {}
    return {code: shown[entry] for entry, code in by_id.items()}
