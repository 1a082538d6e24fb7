"""Which mentors fit a team, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, select

from compapp.core.actor import CONTEST
from compapp.core.errors import Sentence
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.incubation.models import Mentor, Residency
from compapp.incubation.policy import MENTOR
from compapp.incubation.queries.rows import mentors_of, mentorships_of
from compapp.judging.queries import on_team

SKILLS_FOR_WISHES: Mapping[str, frozenset[str]] = {
    "mentor": frozenset({"product"}),
    "lab": frozenset({"lab", "hardware", "quality"}),
    "capital": frozenset({"finance"}),
    "ip": frozenset({"ip", "legal"}),
    "market": frozenset({"market", "brand"}),
}
"""Which skills help with a kind of support that a team asked for in its entry."""

SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mentor who has room, with a score (higher fits better) and the reasons in words."""

    mentor: Mentor
    score: int
    reasons: tuple[Sentence, ...]
    helpful: tuple[str, ...] = ()
    """Codes of the skills that the team asked for."""


def suggestions(residency: Residency, *, most: int = SUGGESTED) -> list[Suggestion]:
    """Return the mentors with room who fit a team best, the best first."""
    taken = {one.mentor_id for one in mentorships_of(residency.id, active_only=True)}
    found = [
        _suggestion(residency.entry, mentor)
        for mentor in mentors_of(residency.contest_id)
        if mentor.id not in taken and mentor.teams < mentor.max_teams
    ]
    ordered = sorted(found, key=lambda one: (-one.score, one.mentor.position))
    return ordered[:most]


def _suggestion(entry: Entry, mentor: Mentor) -> Suggestion:
    score = 0
    reasons: list[Sentence] = []
    sector = entry.sector.code if entry.sector else None
    if sector is not None and sector in mentor.skills:
        score += 10
        reasons.append((N_("knows the team’s sector"), {}))
    wished = entry.answers.get("support_wanted")
    wishes = [one for one in wished if isinstance(one, str)] if isinstance(wished, list) else []
    helpful = sorted(
        {skill for wish in wishes for skill in SKILLS_FOR_WISHES.get(wish, {wish}) if skill in mentor.skills}
    )
    score += 3 * len(helpful)
    room = mentor.max_teams - mentor.teams
    score += min(room, 3)
    reasons.append(
        (N_("has room for %(room)s more, %(hours)s hours a month"), {"room": room, "hours": mentor.hours_per_month})
    )
    return Suggestion(mentor, score, tuple(reasons), tuple(helpful))


def may_mentor(mentor: Mentor, residency: Residency) -> bool:
    """Whether a mentor is on no team of the contest."""
    return not on_team(mentor.person_id, residency.contest_id)


def select_mentor_grants(person_id: Any) -> Select[str, str, int | None]:
    """Select that a person mentors in a contest; registered with ``accounts.queries.register_grants``."""
    return select(literal(MENTOR), literal(CONTEST), Mentor.contest_id).where(Mentor.person_id == person_id)
