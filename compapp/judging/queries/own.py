"""A team's own published results, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.judging.models import Award, Place, Publication
from compapp.judging.policy import ResultFacts
from compapp.judging.queries.rounds import card_of
from compapp.judging.queries.workbench import comments_of


@dataclass(frozen=True)
class CriterionResult:
    """One criterion: label, the mean of the judges, the highest mark, and what they wrote (in no judge's order)."""

    label: Mapping[str, str]
    mean: Fraction
    maximum: Fraction
    comments: tuple[str, ...]


@dataclass(frozen=True)
class OwnResult:
    """A team's result in one round, from its newest publication; ``corrected`` where that was not the first."""

    entry: Entry
    round: Round
    publication: Publication
    row: Mapping[str, Any]
    maximum: Fraction | None
    criteria: tuple[CriterionResult, ...]
    comments: tuple[str, ...]
    place: Place | None
    corrected: bool
    difference: Mapping[str, Any] | None
    awards: tuple[Mapping[str, Any], ...]


def result_facts(actor: Actor, entry_id: int) -> ResultFacts | None:
    """Load what decides about a team's result page; nothing for whom is not on the team."""
    row = (
        session()
        .execute(
            select(Entry.id, Entry.contest_id, TeamMember.role)
            .join(TeamMember, TeamMember.entry_id == Entry.id)
            .where(Entry.id == entry_id, TeamMember.person_id == actor.person_id, TeamMember.left_at.is_(None))
        )
        .one_or_none()
    )
    return None if row is None else ResultFacts(*row)


def own_results(entry_id: int) -> list[OwnResult]:
    """Return an entry's published results, the newest round first."""
    entry = (
        session()
        .scalars(select(Entry).where(Entry.id == entry_id).options(joinedload(Entry.contest), joinedload(Entry.board)))
        .one()
    )
    places = {place.round_id: place for place in session().scalars(select(Place).where(Place.entry_id == entry_id))}
    found = [
        _result(entry, publication, row, places.get(publication.round_id))
        for publication in _newest(entry.contest_id)
        if (row := _row(publication.content, entry.code)) is not None
    ]
    return sorted(found, key=lambda one: -one.round.position)


def _newest(contest_id: int) -> Sequence[Publication]:
    newest: dict[int, Publication] = {}
    for publication in session().scalars(
        select(Publication)
        .join(Publication.round)
        .where(Round.contest_id == contest_id)
        .options(joinedload(Publication.round))
        .order_by(Publication.round_id, Publication.number)
    ):
        newest[publication.round_id] = publication
    return list(newest.values())


def _row(content: Mapping[str, Any], code: str) -> dict[str, Any] | None:
    for board in content["boards"]:
        for row in board["rows"]:
            if row["entry"] == code:
                return dict(row)
    return None


def _result(entry: Entry, publication: Publication, row: Mapping[str, Any], place: Place | None) -> OwnResult:
    card = card_of(entry.contest, publication.round)
    by_part: dict[str, list[str]] = {}
    if entry.contest.definition.get("rules", {}).get("feedback_to_teams"):
        for words in comments_of(publication.round_id, entry.id):
            if words.withheld is None:
                by_part.setdefault(words.part, []).append(words.text)
    means: Mapping[str, str] = row["criterion_means"]
    lines = card.lines if card is not None else ()
    moved = next((one for one in publication.difference.get("moved", []) if one["entry"] == entry.code), None)
    return OwnResult(
        entry=entry,
        round=publication.round,
        publication=publication,
        row=row,
        maximum=card.rubric.maximum if card is not None else None,
        criteria=tuple(
            CriterionResult(
                line.label, Fraction(means[line.code]), line.criterion.scale.maximum, tuple(by_part.get(line.code, ()))
            )
            for line in lines
            if line.code in means
        ),
        comments=tuple(by_part.get("comment", ())),
        place=place,
        corrected=publication.number > 1,
        difference=moved,
        awards=tuple(line for line in publication.content.get("awards") or () if line["entry"] == entry.code),
    )


def awards_of_entry(entry_id: int) -> list[Award]:
    """Return the prizes an entry won."""
    return list(session().scalars(select(Award).where(Award.entry_id == entry_id).order_by(Award.id)))
