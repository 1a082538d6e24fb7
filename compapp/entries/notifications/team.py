"""What is told about a team: invitations, changes, remarks, guardians. A link that acts is a ``secret_path``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.core import outbox
from compapp.core.messages import message
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.models import (
    Entry,
    GuardianConsent,
    Remark,
    TeamInvitation,
    TeamMember,
    TeamRequest,
)
from compapp.entries.notifications.posting import SAMPLE, data_of, post_of


@message(
    "team_invitation",
    urgent=True,
    required=True,
    sample=SAMPLE
    | {"secret_path": "/team-invitations/sample", "inviter": "Lâm Hoài Thảo", "role": "member"}
    | {"expires_at": "2026-10-15T10:00:00+00:00"},
)
def invited(entry: Entry, invitation: TeamInvitation, token: str, *, inviter: str, locale: str, at: datetime) -> None:
    """Invite somebody to the team, by e-mail only: the link is for the invited alone."""
    if invitation.email is None:
        return
    until = queries.answer_by(entry, invitation, at)
    data = data_of(entry, at, inviter=inviter, role=invitation.role, expires_at=until.isoformat())
    data["form_of_address"] = "lecturer" if invitation.role == "advisor" else "student"
    data |= {"secret_path": f"/team-invitations/{token}", "path": f"/team-invitations/{invitation.id}/expired"}
    del data["path"]
    outbox.post_to_address(
        "team_invitation",
        invitation.email,
        name=invitation.name,
        locale=locale,
        subject=("team_invitation", invitation.id),
        data=data,
        at=at,
        contest_id=entry.contest_id,
    )


@message("team_changed", sample=SAMPLE | {"name": "Huỳnh Thùy Oanh", "change": "joined"})
def team_changed(entry: Entry, member: TeamMember, change: str, *, actor_id: int | None, at: datetime) -> None:
    """Tell the team that somebody ``joined``, ``left``, was ``removed`` or got another role (``role``)."""
    to = dict.fromkeys([*queries.people_of(entry.id), *([member.person_id] if member.person_id else [])])
    version = f"{member.id}:{change}:{at.isoformat()}"
    post_of("team_changed", entry, to, version=version, at=at, but=actor_id, name=member.name, change=change)


@message(
    "team_change_asked",
    sample=SAMPLE | {"kind": N_("A member leaves"), "reason": "Bạn ấy đi học xa.", "path": "/entries/1/team-requests"},
)
def team_change_asked(entry: Entry, asked: TeamRequest, kind: str, *, at: datetime) -> None:
    """Tell the organisers what a team asks for after the lock."""
    path = f"/entries/{entry.id}/team-requests"
    staff = queries.staff_of(entry.contest_id)
    post_of("team_change_asked", entry, staff, version=asked.id, at=at, path=path, kind=kind, reason=asked.reason)


@message(
    "team_change_decided",
    urgent=True,
    sample=SAMPLE
    | {
        "kind": N_("A member leaves"),
        "granted": True,
        "note": "",
        "newcomer": "Trần Gia An",
        "path": "/entries/1/team",
    },
)
def team_change_decided(
    entry: Entry, asked: TeamRequest, kind: str, *, to: Iterable[int], granted: bool, at: datetime
) -> None:
    """Tell everybody on the team, who left included, what the organiser decided."""
    more: dict[str, Any] = {
        "kind": kind,
        "granted": granted,
        "note": asked.note or "",
        "newcomer": asked.name,
        "path": f"/entries/{entry.id}/team",
    }
    post_of("team_change_decided", entry, to, version=asked.id, at=at, **more)


@message("remark_made", sample=SAMPLE | {"name": "Thầy Nguyễn Văn Tâm", "text": "Nêu rõ khách hàng đầu tiên."})
def remark_made(entry: Entry, remark: Remark, name: str, *, actor_id: int, at: datetime) -> None:
    """Tell the rest of the team, the advisor included, what was remarked."""
    path = f"/entries/{entry.id}/remarks#remark-{remark.answers_id or remark.id}"
    people = queries.people_of(entry.id)
    post_of(
        "remark_made", entry, people, version=remark.id, at=at, but=actor_id, path=path, name=name, text=remark.text
    )


@message(
    "guardian_consent",
    urgent=True,
    required=True,
    sample=SAMPLE
    | {"secret_path": "/guardian-consents/sample", "guardian": "Trần Văn Ba", "child": "Trần Gia An"}
    | {"expires_at": "2026-10-15T10:00:00+00:00"},
)
def guardian_asked(entry: Entry, asked: GuardianConsent, child: str, token: str, *, at: datetime) -> None:
    """Ask a guardian by e-mail; the page behind the link needs no account."""
    if asked.guardian_email is None:
        return
    data = data_of(entry, at, guardian=asked.guardian_name, child=child, expires_at=asked.expires_at.isoformat())
    data |= {"secret_path": f"/guardian-consents/{token}"}
    del data["path"]
    outbox.post_to_address(
        "guardian_consent",
        asked.guardian_email,
        name=asked.guardian_name,
        locale=asked.locale,
        subject=("guardian_consent", asked.id),
        data=data,
        at=at,
        contest_id=entry.contest_id,
    )


@message("guardian_answered", sample=SAMPLE | {"child": "Trần Gia An", "given": True})
def guardian_answered(entry: Entry, asked: GuardianConsent, child: str, *, at: datetime) -> None:
    """Tell the team what a guardian answered, and the school of a refusal."""
    child_id = asked.member.person_id
    to = [*queries.people_of(entry.id), *([child_id] if child_id is not None else [])]
    if asked.state != "given":
        to += queries.representatives_of(entry.institution_id)
    post_of("guardian_answered", entry, to, version=asked.id, at=at, child=child, given=asked.state == "given")
