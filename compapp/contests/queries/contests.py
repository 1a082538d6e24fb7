"""Contests, their rounds, sectors and organisations."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from compapp.accounts.models import Organisation
from compapp.contests.definition import Calendar
from compapp.contests.models import Body, Contest, Round, RuleChange, Sector
from compapp.contests.policy import DRAFT, ROLES, STAFF, ContestFacts, may_see
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.reading import read_once
from compapp.core.text import N_

_NO_CONTEST = N_("There is no such contest.")
_NO_ROUND = N_("There is no such round in this contest.")


def find_contest(code: str) -> Contest | None:
    """Return the contest of this code, or None; read once however often a request asks (codes never change)."""
    known: dict[str, Contest] = session().info.setdefault("contests", {})
    found = known.get(code)
    if found is None or found not in session():
        found = session().scalars(select(Contest).where(Contest.code == code)).one_or_none()
    if found is not None:
        known[code] = found
    return found


def contest_by_code(code: str) -> Contest:
    """Return the contest of this code; NotFound for none."""
    found = find_contest(code)
    if found is None:
        raise NotFound(_NO_CONTEST)
    return found


def announced_contest(code: str) -> Contest:
    """Return the contest of this code that everybody may know of; NotFound for none and for a draft."""
    found = find_contest(code)
    if found is None or found.state == DRAFT:
        raise NotFound(_NO_CONTEST)
    return found


def contest_by_id(contest_id: int) -> Contest:
    """Return the contest; NotFound for none."""
    found = session().get(Contest, contest_id)
    if found is None:
        raise NotFound(_NO_CONTEST)
    return found


def contest_facts(actor: Actor, code: str) -> ContestFacts | None:
    """Return what the policies judge; None where ``actor`` may not know of the contest."""
    row = (
        session()
        .execute(select(Contest.id, Contest.code, Contest.state, Contest.organiser_id).where(Contest.code == code))
        .one_or_none()
    )
    if row is None:
        return None
    facts = ContestFacts(*row)
    return facts if may_see(actor, facts) else None


def visible_contests(actor: Actor) -> Sequence[Contest]:
    """Return the contests that ``actor`` may know of, the latest launch first."""
    own = {grant.scope_id for grant in actor.grants if grant.scope == CONTEST and grant.role in ROLES}
    statement = select(Contest).where(or_(Contest.state != DRAFT, Contest.id.in_(own)))
    return session().scalars(statement.order_by(Contest.launch_at.desc(), Contest.id)).all()


@read_once
def managed_contests(actor: Actor) -> Sequence[Contest]:
    """Return the contests whose workspace ``actor`` may open, with their rounds, the latest launch first."""
    own = {grant.scope_id for grant in actor.grants if grant.scope == CONTEST and grant.role in STAFF}
    if not own:
        return []
    statement = select(Contest).where(Contest.id.in_(own)).options(selectinload(Contest.rounds))
    return session().scalars(statement.order_by(Contest.launch_at.desc(), Contest.id)).all()


def rounds_of(contest_id: int) -> Sequence[Round]:
    """Return the rounds of a contest in order."""
    return session().scalars(select(Round).where(Round.contest_id == contest_id).order_by(Round.position)).all()


def round_of(contest: Contest, code: str) -> Round:
    """Return the round of this code; NotFound for none."""
    statement = select(Round).where(Round.contest_id == contest.id, Round.code == code)
    found = session().scalars(statement).one_or_none()
    if found is None:
        raise NotFound(_NO_ROUND)
    return found


def round_by_id(round_id: int) -> Round:
    """Return the round; NotFound for none."""
    found = session().get(Round, round_id)
    if found is None:
        raise NotFound(_NO_ROUND)
    return found


def sectors(contest_id: int) -> Sequence[Sector]:
    """Return the sectors of a contest in order."""
    return session().scalars(select(Sector).where(Sector.contest_id == contest_id).order_by(Sector.position)).all()


def bodies_of(contest_id: int, section: str) -> Sequence[tuple[str, Organisation]]:
    """Return code and organisation of each item of a section (institutions, clubs, bodies, …), in order."""
    statement = (
        select(Body.code, Organisation)
        .join(Organisation, Organisation.id == Body.organisation_id)
        .where(Body.contest_id == contest_id, Body.section == section)
        .order_by(Body.position, Body.id)
    )
    return [(code, organisation) for code, organisation in session().execute(statement)]


def body_of(contest_id: int, section: str, code: str) -> Organisation | None:
    """Return the organisation that ``code`` stands for in a section of this contest; None for none."""
    statement = (
        select(Organisation)
        .join(Body, Body.organisation_id == Organisation.id)
        .where(Body.contest_id == contest_id, Body.section == section, Body.code == code)
    )
    return session().scalars(statement).one_or_none()


def calendar(contest: Contest) -> Calendar:
    """Return every dated point of the contest in order."""
    return Calendar.of(contest)


def rule_changes(contest_id: int) -> Sequence[RuleChange]:
    """Return the changes of rules and calendar since the opening, the newest first."""
    statement = select(RuleChange).where(RuleChange.contest_id == contest_id)
    return session().scalars(statement.order_by(RuleChange.at.desc(), RuleChange.id.desc())).all()
