"""A team's own published results, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.definition import Rules
from compapp.contests.lifecycle import ARCHIVED, DECIDED, PUBLISHED
from compapp.contests.models import Contest, Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.lifecycle import ELIGIBLE
from compapp.entries.models import Entry, TeamMember
from compapp.judging.models import Place, Publication
from compapp.judging.policy import ResultFacts
from compapp.judging.queries.rounds import card_of
from compapp.judging.queries.workbench import comments_of

NO_COMMENTS, AT_THE_END = "none", "anonymous_comments_at_the_end"
FEWEST_OF_BOARD = 5
"""Below so many entries the middle of a board would tell of single teams."""


@dataclass(frozen=True)
class CriterionResult:
    """One criterion: label, the judges' mean, the middle of the board, the highest mark, and what they wrote.

    What they wrote is in no judge's order; the middle is None on a board with too few entries to hide one in.
    """

    label: Mapping[str, str]
    mean: Fraction
    middle: Fraction | None
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


def has_results(entry: Entry) -> bool:
    """Whether a result that may tell of ``entry`` is published: it was let in, and its contest has published one."""
    return entry.state == ELIGIBLE and any(one.state == PUBLISHED for one in entry.contest.rounds)


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
        for publication in newest_publications(entry.contest_id)
        if (row := _row(publication.content, entry.code)) is not None
    ]
    return sorted(found, key=lambda one: -one.round.position)


def newest_publications(contest_id: int) -> Sequence[Publication]:
    """Return what holds of every published round of a contest: its newest publication, with the round."""
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
    return next((dict(row) for row in content.get("byes") or () if row["entry"] == code), None)


def _result(entry: Entry, publication: Publication, row: Mapping[str, Any], place: Place | None) -> OwnResult:
    card = card_of(entry.contest, publication.round)
    by_part: dict[str, list[str]] = {}
    if passes_comments_on(entry.contest):
        for words in comments_of(publication.round_id, entry.id, until=publication.published_at):
            if words.for_team:
                by_part.setdefault(words.part, []).append(words.for_team)
    means: Mapping[str, str] = row["criterion_means"]
    middles = _middles(publication.content, entry.code)
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
                line.label,
                Fraction(means[line.code]),
                middles.get(line.code),
                line.criterion.scale.maximum,
                tuple(by_part.get(line.code, ())),
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


def passes_comments_on(contest: Contest) -> bool:
    """Whether teams read the judges' comments now: never, after each round, or at the end, as the rules say."""
    rule = Rules.of(contest).feedback_to_teams
    if rule == AT_THE_END:
        return contest.state in (DECIDED, ARCHIVED)
    return bool(rule) and rule != NO_COMMENTS


def _middles(content: Mapping[str, Any], code: str) -> dict[str, Fraction]:
    """Return the median of each criterion on the entry's board, where enough entries have one."""
    gathered: dict[str, list[Fraction]] = {}
    for board in content["boards"]:
        if any(row["entry"] == code for row in board["rows"]):
            for row in board["rows"]:
                for criterion, value in row["criterion_means"].items():
                    gathered.setdefault(criterion, []).append(Fraction(value))
    return {criterion: median(found) for criterion, found in gathered.items() if len(found) >= FEWEST_OF_BOARD}
