"""What the entries room tells whom. Nothing here reaches a judge; links that act go by e-mail as ``secret_path``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.core import outbox
from compapp.core.messages import message
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.models import (
    Attachment,
    Case,
    EligibilityAppeal,
    Endorsement,
    Entry,
    EntryVersion,
    GuardianConsent,
    Remark,
    SimilarityFlag,
    TeamInvitation,
    TeamMember,
    TeamRequest,
)

_TITLE = {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"}
_CONTEST = {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026", "en": "Start-up Idea Contest 2026"}
_SAMPLE: dict[str, Any] = {
    "title": _TITLE,
    "contest": _CONTEST,
    "code": "S01",
    "path": "/entries/1",
    "at": "2026-11-15T10:00:00+00:00",
}
_MAIL = (outbox.EMAIL,)


def _data(entry: Entry, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "title": entry.title,
        "contest": entry.contest.title,
        "code": entry.code,
        "path": f"/entries/{entry.id}",
        "at": at.isoformat(),
        **more,
    }


def _post(
    kind: str,
    entry: Entry,
    to: Iterable[int],
    /,
    *,
    version: str | int,
    at: datetime,
    but: int | None = None,
    hold: str | None = None,
    **more: Any,
) -> None:
    outbox.post(
        kind,
        to=[person for person in to if person != but],
        subject=("entry", entry.id),
        version=version,
        data=_data(entry, at, **more),
        at=at,
        hold=hold,
        contest_id=entry.contest_id,
    )


@message(
    "team_invitation",
    urgent=True,
    required=True,
    sample=_SAMPLE
    | {"secret_path": "/team-invitations/sample", "inviter": "Lâm Hoài Thảo", "role": "member"}
    | {"expires_at": "2026-10-15T10:00:00+00:00"},
)
def invited(entry: Entry, invitation: TeamInvitation, token: str, *, inviter: str, locale: str, at: datetime) -> None:
    """Invite somebody to the team, by e-mail only: the link is for the invited alone."""
    if invitation.email is None:
        return
    data = _data(entry, at, inviter=inviter, role=invitation.role, expires_at=invitation.expires_at.isoformat())
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


@message("team_changed", sample=_SAMPLE | {"name": "Huỳnh Thùy Oanh", "change": "joined"})
def team_changed(entry: Entry, member: TeamMember, change: str, *, actor_id: int | None, at: datetime) -> None:
    """Tell the team that somebody ``joined``, ``left``, was ``removed`` or got another role (``role``)."""
    to = dict.fromkeys([*queries.people_of(entry.id), *([member.person_id] if member.person_id else [])])
    version = f"{member.id}:{change}:{at.isoformat()}"
    _post("team_changed", entry, to, version=version, at=at, but=actor_id, name=member.name, change=change)


@message(
    "team_change_asked",
    sample=_SAMPLE | {"kind": N_("A member leaves"), "reason": "Bạn ấy đi học xa.", "path": "/entries/1/team-requests"},
)
def team_change_asked(entry: Entry, asked: TeamRequest, kind: str, *, at: datetime) -> None:
    """Tell the organisers what a team asks for after the lock."""
    path = f"/entries/{entry.id}/team-requests"
    staff = queries.staff_of(entry.contest_id)
    _post("team_change_asked", entry, staff, version=asked.id, at=at, path=path, kind=kind, reason=asked.reason)


@message(
    "team_change_decided",
    urgent=True,
    sample=_SAMPLE | {"kind": N_("A member leaves"), "granted": True, "note": "", "path": "/entries/1/team"},
)
def team_change_decided(
    entry: Entry, asked: TeamRequest, kind: str, *, to: Iterable[int], granted: bool, at: datetime
) -> None:
    """Tell everybody on the team, who left included, what the organiser decided."""
    more: dict[str, Any] = {
        "kind": kind,
        "granted": granted,
        "note": asked.note or "",
        "path": f"/entries/{entry.id}/team",
    }
    _post("team_change_decided", entry, to, version=asked.id, at=at, **more)


@message("entry_nominated", urgent=True, sample=_SAMPLE | {"source": _CONTEST, "note": "", "closes": _SAMPLE["at"]})
def nominated(entry: Entry, source: Entry, *, note: str, at: datetime) -> None:
    """Tell the team that its entry goes on into another contest, and until when it must be completed there."""
    more: dict[str, Any] = {"source": source.contest.title, "note": note}
    closes = entry.contest.closes_at.isoformat()
    _post("entry_nominated", entry, queries.people_of(entry.id), version=1, at=at, closes=closes, **more)


@message("remark_made", sample=_SAMPLE | {"name": "Thầy Nguyễn Văn Tâm", "text": "Nêu rõ khách hàng đầu tiên."})
def remark_made(entry: Entry, remark: Remark, name: str, *, actor_id: int, at: datetime) -> None:
    """Tell the rest of the team, the advisor included, what was remarked."""
    path = f"/entries/{entry.id}/remarks#remark-{remark.answers_id or remark.id}"
    people = queries.people_of(entry.id)
    _post("remark_made", entry, people, version=remark.id, at=at, but=actor_id, path=path, name=name, text=remark.text)


@message(
    "entry_submitted",
    sample=_SAMPLE | {"receipt": "VL-2026-001-1-7KQ2MX", "sha256": "9f86d081" * 8, "version_number": 1},
)
def submitted(entry: Entry, version: EntryVersion, *, at: datetime) -> None:
    """Give everybody on the team the receipt: number, time and hash."""
    more: dict[str, Any] = {"receipt": version.receipt, "sha256": version.sha256, "version_number": version.number}
    _post("entry_submitted", entry, queries.people_of(entry.id), version=version.number, at=at, **more)


@message("entry_withdrawn", sample=_SAMPLE)
def withdrawn(entry: Entry, *, was_submitted: bool, at: datetime) -> None:
    """Tell the team, its school and, once it was handed in, the organisers."""
    to = [*queries.people_of(entry.id)]
    if was_submitted:
        to += queries.representatives_of(entry.institution_id)
    _post("entry_withdrawn", entry, to, version=at.isoformat(), at=at)
    if was_submitted:
        staff = queries.staff_of(entry.contest_id)
        path = f"/entries/{entry.id}/dossier"
        _post("entry_withdrawn", entry, staff, version=f"staff:{at.isoformat()}", at=at, path=path)


@message(
    "entry_reopened",
    urgent=True,
    sample=_SAMPLE | {"until": "2026-11-16T10:00:00+00:00", "reason": "Mất điện ở trường."},
)
def reopened(entry: Entry, *, until: datetime, reason: str, at: datetime) -> None:
    """Tell the team that it may hand in once more, until when and why."""
    more: dict[str, Any] = {"until": until.isoformat(), "reason": reason}
    _post("entry_reopened", entry, queries.people_of(entry.id), version=at.isoformat(), at=at, **more)


@message("entry_eligible", sample=_SAMPLE | {"note": ""})
def eligible(entry: Entry, *, note: str, at: datetime, hold: str | None = None) -> None:
    """Tell team and school that the entry goes to the judges."""
    to = [*queries.people_of(entry.id), *queries.representatives_of(entry.institution_id)]
    _post("entry_eligible", entry, to, version=at.isoformat(), at=at, hold=hold, note=note)


@message(
    "needs_fix",
    urgent=True,
    sample=_SAMPLE | {"until": "2026-11-19T03:00:00+00:00", "reason": "Thiếu bản đồng ý của phụ huynh."},
)
def needs_fix(entry: Entry, *, until: datetime, reason: str, at: datetime, hold: str | None = None) -> None:
    """Tell team and school what to complete, and until when."""
    more: dict[str, Any] = {"until": until.isoformat(), "reason": reason}
    to = [*queries.people_of(entry.id), *queries.representatives_of(entry.institution_id)]
    _post("needs_fix", entry, to, version=at.isoformat(), at=at, hold=hold, **more)


@message("needs_fix_due", urgent=True, sample=_SAMPLE | {"until": "2026-11-19T03:00:00+00:00"})
def needs_fix_due(entry: Entry, *, until: datetime, at: datetime) -> None:
    """Remind the team that its time to complete the entry runs out; once per window."""
    people = queries.people_of(entry.id)
    _post("needs_fix_due", entry, people, version=until.isoformat(), at=at, until=until.isoformat())


@message("ineligible", sample=_SAMPLE | {"reason": "Đội có thành viên không thuộc bảng thi.", "appeal_hours": 72})
def ineligible(entry: Entry, *, reason: str, appeal_hours: int | None, at: datetime, hold: str | None = None) -> None:
    """Tell team and school the decision, its reason and the right to appeal."""
    to = [*queries.people_of(entry.id), *queries.representatives_of(entry.institution_id)]
    _post("ineligible", entry, to, version=at.isoformat(), at=at, hold=hold, reason=reason, appeal_hours=appeal_hours)


@message("endorsement_decided", sample=_SAMPLE | {"confirmed": True, "school": _CONTEST, "note": ""})
def endorsement_decided(entry: Entry, word: Endorsement, *, at: datetime) -> None:
    """Tell the team what its school said."""
    school = entry.institution.name if entry.institution else {"vi": "", "en": ""}
    more: dict[str, Any] = {"confirmed": word.state == "confirmed", "school": school, "note": word.note or ""}
    _post("endorsement_decided", entry, queries.people_of(entry.id), version=at.isoformat(), at=at, **more)


@message("endorsement_asked", sample=_SAMPLE | {"path": "/endorsements"})
def endorsement_asked(entry: Entry, *, at: datetime) -> None:
    """Ask the school's representatives to confirm the entry; once per entry."""
    path = f"/endorsements/{entry.contest.code}"
    _post("endorsement_asked", entry, queries.representatives_of(entry.institution_id), version=1, at=at, path=path)


@message(
    "file_withheld",
    sample=_SAMPLE | {"label": {"vi": "Bản thuyết minh", "en": "Written proposal"}, "path": "/entries/1/dossier"},
)
def file_withheld(entry: Entry, row: Attachment, label: dict[str, str], *, at: datetime) -> None:
    """Tell the organisers that judges do not get a file until they look at it."""
    path = f"/entries/{entry.id}/dossier"
    staff = queries.staff_of(entry.contest_id, {"organiser", "secretary"})
    _post("file_withheld", entry, staff, version=f"{row.id}", at=at, label=label, path=path)


@message(
    "guardian_consent",
    urgent=True,
    required=True,
    sample=_SAMPLE
    | {"secret_path": "/guardian-consents/sample", "guardian": "Trần Văn Ba", "child": "Trần Gia An"}
    | {"expires_at": "2026-10-15T10:00:00+00:00"},
)
def guardian_asked(entry: Entry, asked: GuardianConsent, child: str, token: str, *, at: datetime) -> None:
    """Ask a guardian by e-mail; the page behind the link needs no account."""
    if asked.guardian_email is None:
        return
    data = _data(entry, at, guardian=asked.guardian_name, child=child, expires_at=asked.expires_at.isoformat())
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


@message("guardian_answered", sample=_SAMPLE | {"child": "Trần Gia An", "given": True})
def guardian_answered(entry: Entry, asked: GuardianConsent, child: str, *, at: datetime) -> None:
    """Tell the team what a guardian answered, and the school of a refusal."""
    to = [*queries.people_of(entry.id)]
    if asked.state != "given":
        to += queries.representatives_of(entry.institution_id)
    _post("guardian_answered", entry, to, version=asked.id, at=at, child=child, given=asked.state == "given")


@message(
    "case_opened",
    urgent=True,
    sample=_SAMPLE
    | {
        "kind": N_("Suspected copy"),
        "reason": "Hai bài giống nhau ở phần giải pháp.",
        "due": "2026-11-21T02:00:00+00:00",
        "path": "/entries/1/cases/1",
    },
)
def case_opened(entry: Entry, case: Case, kind: str, *, at: datetime) -> None:
    """Tell the team what is being looked into and until when it may speak. The other team is not named."""
    more: dict[str, Any] = {"kind": kind, "reason": case.reason, "due": case.due_at.isoformat()}
    path = f"/entries/{entry.id}/cases/{case.id}"
    _post("case_opened", entry, queries.people_of(entry.id), version=case.id, at=at, path=path, **more)


@message(
    "case_settled",
    sample=_SAMPLE | {"kind": N_("Suspected copy"), "outcome": "Không phải sao chép.", "path": "/entries/1/cases/1"},
)
def case_settled(entry: Entry, case: Case, kind: str, *, at: datetime) -> None:
    """Tell the team how the matter ended."""
    path = f"/entries/{entry.id}/cases/{case.id}"
    more: dict[str, Any] = {"kind": kind, "outcome": case.outcome or "", "path": path}
    _post("case_settled", entry, queries.people_of(entry.id), version=case.id, at=at, **more)


@message("appeal_filed", sample=_SAMPLE | {"name": "Lâm Hoài Thảo", "path": "/contests/VL/appeals/1"})
def appeal_filed(entry: Entry, appeal: EligibilityAppeal, officers: Iterable[int], *, at: datetime) -> None:
    """Ask those who may decide to look at an appeal; where nobody may, tell every organiser."""
    path = f"/contests/{entry.contest.code}/appeals/{appeal.id}"
    to = list(officers) or queries.staff_of(entry.contest_id, {"organiser", "approver"})
    _post("appeal_filed", entry, to, version=appeal.id, at=at, path=path, name=appeal.filed_by_name)
    people = queries.people_of(entry.id)
    path = f"/entries/{entry.id}/appeal"
    _post("appeal_filed", entry, people, version=f"team:{appeal.id}", at=at, path=path, name=appeal.filed_by_name)


@message(
    "appeal_decided",
    urgent=True,
    sample=_SAMPLE | {"upheld": True, "reason": "Đúng là sinh viên của trường.", "path": "/entries/1/appeal"},
)
def appeal_decided(entry: Entry, appeal: EligibilityAppeal, *, at: datetime) -> None:
    """Tell team, school and who had decided how the appeal ended, and why."""
    more: dict[str, Any] = {"upheld": appeal.state == "upheld", "reason": appeal.outcome or ""}
    people, office = queries.people_of(entry.id), queries.staff_of(entry.contest_id, {"organiser", "secretary"})
    _post("appeal_decided", entry, people, version=appeal.id, at=at, path=f"/entries/{entry.id}/appeal", **more)
    school = f"/endorsements/{entry.contest.code}"
    to = [one for one in queries.representatives_of(entry.institution_id) if one not in people]
    _post("appeal_decided", entry, to, version=f"school:{appeal.id}", at=at, path=school, **more)
    path = f"/contests/{entry.contest.code}/appeals/{appeal.id}"
    _post("appeal_decided", entry, office, version=f"office:{appeal.id}", at=at, path=path, **more)


@message("entry_merged", sample=_SAMPLE | {"stays": _TITLE, "reason": "Hai bài của một đội."})
def merged(goes: Entry, stays: Entry, *, reason: str, at: datetime) -> None:
    """Tell both teams and their schools which entry stays, and why."""
    schools = {one for entry in (goes, stays) for one in queries.representatives_of(entry.institution_id)}
    people = dict.fromkeys([*queries.people_of(goes.id), *queries.people_of(stays.id), *sorted(schools)])
    _post("entry_merged", goes, people, version=stays.id, at=at, stays=stays.title, reason=reason)


@message(
    "similarity_found",
    sample={
        "contest": _CONTEST,
        "count": 2,
        "path": "/contests/VL-2026/similarities",
        "at": "2026-11-15T10:00:00+00:00",
    },
)
def similarity_found(flags: Iterable[SimilarityFlag], *, at: datetime) -> None:
    """Tell organisers and secretaries that texts are alike and a person should look; once for all found together."""
    by_contest: dict[int, list[SimilarityFlag]] = {}
    for flag in flags:
        by_contest.setdefault(flag.contest_id, []).append(flag)
    for contest_id, found in by_contest.items():
        contest = found[0].contest
        outbox.post(
            "similarity_found",
            to=queries.staff_of(contest_id, {"organiser", "secretary"}),
            subject=("contest", contest_id),
            version=max(flag.id for flag in found),
            data={
                "contest": contest.title,
                "count": len(found),
                "path": f"/contests/{contest.code}/similarities",
                "at": at.isoformat(),
            },
            at=at,
            contest_id=contest_id,
        )


@message("deadline_near", urgent=True, sample=_SAMPLE | {"closes": "2026-11-15T10:00:00+00:00", "missing": 3})
def deadline_near(
    entry: Entry, people: Iterable[int], *, before: str, closes_at: datetime, missing: int, at: datetime
) -> None:
    """Remind the team of an incomplete entry; once per reminder and deadline."""
    version = f"{before}:{closes_at.isoformat()}"
    _post("deadline_near", entry, people, version=version, at=at, closes=closes_at.isoformat(), missing=missing)
