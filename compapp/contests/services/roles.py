"""Roles in a contest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from compapp.accounts.services import invite_person
from compapp.contests.models import Contest, ContestRole
from compapp.contests.policy import GRANTABLE, ORGANISER, ROLES, SECRETARY
from compapp.contests.queries.roles import people_with_role
from compapp.contests.services.rights import must_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid
from compapp.core.text import N_

_PURPOSE = {
    "organiser": {"vi": "người tổ chức: {}", "en": "organiser: {}"},
    "approver": {"vi": "người duyệt: {}", "en": "approver: {}"},
    "secretary": {"vi": "thư ký: {}", "en": "secretary: {}"},
}


def grant_role(contest: Contest, email: str, name: str, role: str, *, actor: Actor, at: datetime) -> ContestRole:
    """Give the person with this address a role, inviting them where they have no account yet.

    Organiser, approver and secretary only: judging invites judges. Refused, Invalid with field sentences.
    """
    must_manage(actor, contest)
    if role not in GRANTABLE:
        raise Invalid(fields={"role": [(N_("Choose one of the roles."), {})]})
    purpose = {
        language: text.format(contest.title.get(language) or contest.code) for language, text in _PURPOSE[role].items()
    }
    path = f"/contests/{contest.code}/manage"
    person = invite_person(email, name, purpose=purpose, path=path, actor=actor, at=at)
    code, definition = None, {}
    if role == SECRETARY:
        code = _next_code(contest)
        definition = {"code": code, "name": person.name, "email": person.email}
    return ensure_role(contest, person.id, role, code=code, definition=definition, actor=actor, at=at)


def ensure_role(
    contest: Contest,
    person_id: int,
    role: str,
    *,
    code: str | None = None,
    definition: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> ContestRole:
    """Give a role if it is not held already. The caller has checked the right (judging: judge and chair)."""
    if role not in ROLES:
        raise ValueError(role)
    row = _role(contest.id, person_id, role)
    if row is not None and row.until is None:
        return row
    if row is None:
        row = ContestRole(
            contest_id=contest.id,
            person_id=person_id,
            role=role,
            code=code,
            definition=dict(definition or {}),
            since=at,
        )
        session().add(row)
    else:
        row.since, row.until = at, None
    data = {"person": person_id, "role": role}
    audit.record("contests.role.granted", row, actor=actor, at=at, contest_id=contest.id, data=data)
    return row


def end_role(contest: Contest, person_id: int, role: str, *, actor: Actor, at: datetime) -> None:
    """Take a role away where it is held. The caller has checked the right."""
    row = _role(contest.id, person_id, role)
    if row is None or row.until is not None:
        return
    row.until = at
    data = {"person": person_id, "role": role}
    audit.record("contests.role.revoked", row, actor=actor, at=at, contest_id=contest.id, data=data)


def revoke_role(contest: Contest, person_id: int, role: str, *, actor: Actor, at: datetime) -> None:
    """Take a role away; Invalid for the last organiser, Refused for who does not organise the contest."""
    must_manage(actor, contest)
    if role not in GRANTABLE:
        raise Invalid(N_("Judges are managed on the jury's page."))
    if role == ORGANISER and people_with_role(contest.id, ORGANISER) == [person_id]:
        raise Invalid(N_("A contest needs at least one organiser."))
    end_role(contest, person_id, role, actor=actor, at=at)


def _role(contest_id: int, person_id: int, role: str) -> ContestRole | None:
    statement = select(ContestRole).where(
        ContestRole.contest_id == contest_id, ContestRole.person_id == person_id, ContestRole.role == role
    )
    return session().scalars(statement).one_or_none()


def _next_code(contest: Contest) -> str:
    """Return a code that no secretary of this contest has had."""
    taken = set(session().scalars(select(ContestRole.code).where(ContestRole.contest_id == contest.id)))
    count = session().scalar(select(func.count()).where(ContestRole.contest_id == contest.id)) or 0
    return next(code for number in range(1, count + 2) if (code := f"TK{number:02d}") not in taken)
