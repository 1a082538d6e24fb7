"""Appeals against "not eligible": rows, until when one may appeal, and who may decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Membership, Organisation
from compapp.contests.definition import Choice, Rules
from compapp.contests.models import Contest
from compapp.contests.queries import find_contest, people_with_role
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.lifecycle import FILED, INELIGIBLE
from compapp.entries.models import BulkAct, BulkActItem, EligibilityAppeal, EligibilityDecision, Entry
from compapp.entries.policy import APPEAL_OFFICES, STAFF_ROLES, AppealFacts, ContestFacts
from compapp.entries.queries import dossier, team

GROUNDS = (
    Choice("wrong_fact", {"vi": "Căn cứ không đúng sự thật", "en": "A fact was wrong"}),
    Choice("wrong_rule", {"vi": "Áp dụng sai thể lệ", "en": "A rule was misapplied"}),
    Choice("procedure", {"vi": "Sai quy trình", "en": "The procedure was not followed"}),
)
"""The grounds where the contest names none; the first is there always."""
_ABOUT_SCORES = frozenset({"arithmetic"})


def grounds_of(contest: Contest) -> tuple[Choice, ...]:
    """Return on what grounds one may appeal in the contest; those about scores are for later rounds."""
    named = tuple(one for one in Rules.of(contest).appeal_grounds if one.code not in _ABOUT_SCORES)
    return (GROUNDS[0], *named) if named else GROUNDS


def refusal_of(entry: Entry) -> EligibilityDecision | None:
    """Return the decision by which the entry is not eligible now."""
    if entry.state != INELIGIBLE:
        return None
    return next((one for one in dossier.decisions_of(entry.id) if one.outcome == INELIGIBLE), None)


def appeal_until(entry: Entry, decision: EligibilityDecision) -> datetime | None:
    """Return until when the team may appeal, reckoned from when it was told; None where the contest has no appeals."""
    window = Rules.of(entry.contest).appeal_window
    return None if window is None else final_from(decision) + window


def final_from(decision: EligibilityDecision) -> datetime:
    """Return from when a decision stands and is told."""
    undo_until = session().scalar(
        select(BulkAct.undo_until)
        .join(BulkActItem, BulkActItem.act_id == BulkAct.id)
        .where(BulkActItem.decision_id == decision.id)
    )
    return max(undo_until or decision.decided_at, decision.decided_at)


def appeal_against(decision_id: int) -> EligibilityAppeal | None:
    """Return the appeal against a decision."""
    return (
        session().scalars(select(EligibilityAppeal).where(EligibilityAppeal.decision_id == decision_id)).one_or_none()
    )


def appeals_of_entry(entry_id: int) -> list[EligibilityAppeal]:
    """Return every appeal of an entry, the newest first."""
    rows = select(EligibilityAppeal).where(EligibilityAppeal.entry_id == entry_id)
    return list(session().scalars(rows.order_by(EligibilityAppeal.id.desc())))


def appeals_of(contest_id: int) -> list[EligibilityAppeal]:
    """Return a contest's appeals with their entries, those to decide first."""
    return list(
        session().scalars(
            select(EligibilityAppeal)
            .join(Entry, Entry.id == EligibilityAppeal.entry_id)
            .where(Entry.contest_id == contest_id)
            .options(
                joinedload(EligibilityAppeal.entry).joinedload(Entry.institution),
                joinedload(EligibilityAppeal.decision),
            )
            .order_by(EligibilityAppeal.decided_at.is_not(None), EligibilityAppeal.filed_at)
        )
    )


@dataclass(frozen=True)
class AppealRow:
    """An appeal of whatever kind on the office's one list; ``about`` is a marked text, the address is a route's."""

    entry: Entry
    about: str
    state: str
    filed_at: datetime
    endpoint: str
    appeal_id: int

    @property
    def waits(self) -> bool:
        """Whether nobody has decided it."""
        return self.state == FILED


_elsewhere: list[Callable[[int], list[AppealRow]]] = []
_waiting: list[Callable[[int], ScalarSelect[int]]] = []


def register_appeals(rows: Callable[[int], list[AppealRow]], waiting: Callable[[int], ScalarSelect[int]]) -> None:
    """Let a room above add its appeals of a contest to the office's list, and how many wait to its count."""
    if rows not in _elsewhere:
        _elsewhere.append(rows)
        _waiting.append(waiting)


def appeal_rows(contest_id: int) -> list[AppealRow]:
    """Return every appeal of a contest, those to decide first, the oldest of them on top."""
    found = [
        AppealRow(one.entry, N_("Eligibility"), one.state, one.filed_at, "entries.appeal_page", one.id)
        for one in appeals_of(contest_id)
    ]
    found += [row for source in _elsewhere for row in source(contest_id)]
    return sorted(found, key=lambda row: (not row.waits, row.filed_at))


def waiting_appeals(contest_id: int) -> int:
    """Return how many appeals of the contest, of whatever kind, wait for a decision; one statement."""
    here = (
        select(func.count(EligibilityAppeal.id))
        .join(Entry, Entry.id == EligibilityAppeal.entry_id)
        .where(Entry.contest_id == contest_id, EligibilityAppeal.decided_at.is_(None))
        .scalar_subquery()
    )
    counts = session().execute(select(here, *(waiting(contest_id) for waiting in _waiting))).one()
    return sum(counts)


def appeal_of(contest_id: int, appeal_id: int) -> EligibilityAppeal:
    """Return one appeal of the contest; NotFound."""
    found = session().get(EligibilityAppeal, appeal_id)
    if found is None or found.entry.contest_id != contest_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def appeals_facts(actor: Actor, code: str) -> ContestFacts | None:
    """Return the contest for its list of appeals; None for whom it is not."""
    contest = find_contest(code)
    if contest is None or not actor.has_any(STAFF_ROLES | APPEAL_OFFICES, CONTEST, contest.id):
        return None
    return ContestFacts(contest_id=contest.id, code=contest.code)


def appeal_facts(actor: Actor, code: str, appeal_id: int) -> AppealFacts | None:
    """Return what is asked of an appeal for ``actor``; None for whom it does not exist."""
    contest = appeals_facts(actor, code)
    if contest is None:
        return None
    appeal = session().get(EligibilityAppeal, appeal_id)
    if appeal is None or appeal.entry.contest_id != contest.contest_id:
        return None
    return facts_for(actor.person_id, appeal)


def facts_for(person_id: int | None, appeal: EligibilityAppeal) -> AppealFacts:
    """Return the facts of an appeal as they concern one person."""
    return AppealFacts(
        contest_id=appeal.entry.contest_id,
        entry_id=appeal.entry_id,
        state=appeal.state,
        decided_by=frozenset({appeal.decision.decided_by_id}),
        is_of_team=person_id in team.people_of(appeal.entry_id),
        is_of_school=person_id in people_of_school(appeal.entry.institution_id),
    )


def people_of_school(institution_id: int | None) -> set[int]:
    """Return who holds any role in an institution, in the one above it, or in one below."""
    if institution_id is None:
        return set()
    above = select(Organisation.parent_id).where(Organisation.id == institution_id, Organisation.parent_id.is_not(None))
    below = select(Organisation.id).where(Organisation.parent_id == institution_id)
    rows = session().scalars(
        select(Membership.person_id).where(
            Membership.until.is_(None),
            (Membership.organisation_id == institution_id)
            | Membership.organisation_id.in_(above)
            | Membership.organisation_id.in_(below),
        )
    )
    return set(rows)


def officers_for(appeal: EligibilityAppeal) -> list[int]:
    """Return who may decide the appeal: officers who are free of a conflict."""
    people = {one for role in APPEAL_OFFICES for one in people_with_role(appeal.entry.contest_id, role)}
    return sorted(people - barred_from(appeal.entry) - {appeal.decision.decided_by_id or 0})


def barred_from(entry: Entry) -> set[int]:
    """Return whom school or team keep from deciding an appeal of this entry."""
    return people_of_school(entry.institution_id) | set(team.people_of(entry.id))
