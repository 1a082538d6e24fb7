"""What stands around an entry: texts that are alike, past winners on the team, other contests of its members.

One statement reads all three (a second and third only where past winners are known).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, String, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from compapp.clubs.queries import training_of
from compapp.contests.definition import BoardRule, Rules
from compapp.contests.definition.board import ALLOWED, DECLARED, FORBIDDEN
from compapp.contests.models import Contest
from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.formats import localized
from compapp.core.text import N_, fold
from compapp.entries.lifecycle import ACTIVE, OPEN
from compapp.entries.models import Entry, PastAward, SimilarityFlag, TeamMember
from compapp.entries.queries import team
from compapp.entries.queries.winners import winners_among
from compapp.entries.ruling import ADVISOR

DECLARED_IN = "prior_contests"
"""The key of the question in which a team declares its other contests."""
NOTHING_DECLARED = frozenset({"", "khong", "khong co", "chua", "chua co", "no", "none", "nothing"})


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the organiser's checklist: ``holds`` True, False, or None where a person must look."""

    key: str
    holds: bool | None
    label: str
    sentence: Sentence


def checks(entry: Entry) -> list[Check]:
    """Return the lines of the organiser's checklist about what stands around the entry."""
    found: dict[str, list[Any]] = {"flag": [], "past": [], "elsewhere": []}
    for row in session().execute(_around(entry)):
        found[row.kind].append(row)
    known = sum(int(row.number) for row in found["past"])
    return [*_alike(found["flag"]), *_winners(entry, known), _contests(entry, found["elsewhere"]), *_training(entry)]


def _around(entry: Entry) -> Any:
    """Select (kind, first, second, third, number, contest_id) of flags, past winners and members' other entries."""
    one, other, elsewhere = aliased(Entry), aliased(Entry), aliased(Entry)
    touches = or_(SimilarityFlag.entry_id == entry.id, SimilarityFlag.other_entry_id == entry.id)
    code = case((one.id == entry.id, other.code), else_=one.code)
    flags = (
        select(
            literal("flag").label("kind"),
            cast(code, String).label("first"),
            cast(SimilarityFlag.state, String).label("second"),
            literal("").label("third"),
            cast(SimilarityFlag.score, Float).label("number"),
            SimilarityFlag.contest_id.label("contest_id"),
        )
        .join(one, one.id == SimilarityFlag.entry_id)
        .join(other, other.id == SimilarityFlag.other_entry_id)
        .where(touches, SimilarityFlag.contest_id == entry.contest_id)
    )
    past = select(
        literal("past"), literal(""), literal(""), literal(""), cast(func.count(PastAward.id), Float), literal(0)
    ).where(PastAward.contest_id == entry.contest_id)
    others = (
        select(
            literal("elsewhere"),
            cast(TeamMember.name, String),
            cast(Contest.code, String),
            cast(elsewhere.code, String),
            cast(literal(0), Float),
            elsewhere.contest_id,
        )
        .join(elsewhere, elsewhere.id == TeamMember.entry_id)
        .join(Contest, Contest.id == elsewhere.contest_id)
        .where(
            TeamMember.person_id.in_(team.people_of(entry.id)),
            TeamMember.left_at.is_(None),
            TeamMember.role != "advisor",
            elsewhere.id != entry.id,
            elsewhere.state.in_(ACTIVE),
        )
    )
    return union_all(flags, past, others)


def _alike(flags: Sequence[Any]) -> list[Check]:
    """Say which entries the text is like and what was decided about it; nothing where there is no flag."""
    label = N_("Texts that are alike")
    if not flags:
        return []
    waiting = [one for one in flags if one.second == OPEN]
    ordered = sorted(waiting or flags, key=lambda one: -one.number)
    names = ", ".join(f"{one.first} ({round(one.number * 100)} %)" for one in ordered)
    if waiting:
        return [Check("alike", False, label, (N_("Look at the passages of: %(names)s."), {"names": names}))]
    return [Check("alike", None, label, (N_("Alike with %(names)s; a person has looked."), {"names": names}))]


def _winners(entry: Entry, known: int) -> list[Check]:
    """Say who on the team has won before, where a rule asks; a person decides whether that bars the entry."""
    label = N_("Earlier awards")
    rule = BoardRule.of(entry.board).prior_award
    if rule is None and not Rules.of(entry.contest).no_prior_award_in_province:
        return []
    if not known:
        return [Check("winners", None, label, (N_("No list of past winners was given; nobody could be compared."), {}))]
    found = winners_among(entry.contest_id, [entry.id]).get(entry.id, [])
    if not found:
        return [Check("winners", True, label, (N_("Nobody on the team is on the list of past winners."), {}))]
    names = "; ".join(f"{name} – {', '.join(filter(None, (one.award, one.idea, one.source)))}" for name, one in found)
    return [Check("winners", None, label, (N_("On the list of past winners: %(names)s."), {"names": names}))]


def _contests(entry: Entry, others: Sequence[Any]) -> Check:
    """Say which other entries share a member, and whether the board's rule on other contests is kept."""
    label = N_("Other contests")
    if not others:
        return Check("contests", True, label, (N_("No member is in another entry on this platform."), {}))
    names = ", ".join(sorted({f"{one.first} – {one.second} {one.third}" for one in others}))
    rule = concurrent_rule(entry)
    abroad = any(one.contest_id != entry.contest_id for one in others)
    if not abroad or rule in (None, ALLOWED):
        return Check("contests", None, label, (N_("Also entered: %(names)s."), {"names": names}))
    if rule == FORBIDDEN:
        return Check(
            "contests",
            False,
            label,
            (N_("The board forbids other contests; also entered: %(names)s."), {"names": names}),
        )
    declared = str(entry.answers.get(DECLARED_IN) or "").strip()
    if fold(declared).rstrip(".!") in NOTHING_DECLARED:
        return Check(
            "contests", False, label, (N_("Not declared by the team; also entered: %(names)s."), {"names": names})
        )
    sentence = N_("Also entered: %(names)s. The team declared: “%(declared)s”.")
    return Check("contests", None, label, (sentence, {"names": names, "declared": declared[:200]}))


def _training(entry: Entry) -> list[Check]:
    """Say who of the team attended the training that the board asks for, by the clubs' attendance lists."""
    rule, label = BoardRule.of(entry.board), N_("Training")
    if rule.training is None and rule.training_topic is None:
        return []
    members = {
        one.person_id: one.name for one in team.active_members(entry.id) if one.person_id and one.role != ADVISOR
    }
    attended = training_of(members)
    names = [
        f"{members[person_id]} – {', '.join(sorted({localized(one.title, current_actor().locale) for one in classes}))}"
        for person_id, every in attended.items()
        if (classes := [one for one in every if rule.training_topic in (None, one.topic)])
    ]
    if names and rule.training_topic is not None:
        return [
            Check("training", True, label, (N_("On a club’s attendance list: %(names)s."), {"names": "; ".join(names)}))
        ]
    if names:
        sentence = N_("Attended: %(names)s. Is this the training that the board asks for?")
        return [Check("training", None, label, (sentence, {"names": "; ".join(names)}))]
    sentence = N_("No member is on a club’s attendance list of this training. Ask the team for proof, or send it back.")
    return [Check("training", False, label, (sentence, {}))]


def concurrent_rule(entry: Entry) -> str | None:
    """Return the rule on other contests at the same time: the board's, else the contest's."""
    rule = BoardRule.of(entry.board).concurrent
    if rule is None and Rules.of(entry.contest).no_concurrent_contest_without_declaration:
        return DECLARED
    return rule
