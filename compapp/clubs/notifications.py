"""What a club tells its cohort, those who register, and those who ask to join."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from compapp.accounts.models import Organisation, OrganisationInvitation
from compapp.accounts.notifications import post_invitation
from compapp.accounts.queries import FormOfAddress
from compapp.clubs.models import Activity, Cohort, JoinRequest, Registration
from compapp.clubs.policy import ADVISOR
from compapp.core import outbox
from compapp.core.clock import local
from compapp.notifications.registry import message

_CLUB = {"vi": "CLB Khởi nghiệp sinh viên", "en": "Student Startup Club"}
_ACTIVITY = {
    "club": _CLUB,
    "title": {"vi": "Sở hữu trí tuệ cho người mới bắt đầu", "en": "Intellectual property for beginners"},
    "starts_at": "2026-10-22T11:30:00+00:00",
    "place": "Phòng B21",
    "link": "",
    "path": "/club-activities/1",
}


@message(
    "club_message",
    sample={
        "club": _CLUB,
        "sender": "Nguyễn Thị Mai",
        "subject": {"vi": "Buổi góp ý hồ sơ", "en": "An evening of advice on your entries"},
        "text": {
            "vi": "Tối thứ Năm, 18 giờ 30, phòng B21.\n\nCác bạn mang theo bản thuyết minh nhé.",
            "en": "Thursday, 18:30, room B21.\n\nPlease bring your proposal.",
        },
        "path": "/my-clubs",
    },
)
def club_message(
    cohort: Cohort,
    subject: Mapping[str, str],
    text: Mapping[str, str],
    *,
    to: Iterable[int],
    sender: str,
    at: datetime,
) -> None:
    """Pass on the manager's words to everybody in the cohort, the same words once a day."""
    said = f"{local(at):%Y-%m-%d}\n{subject['vi']}\n{text['vi']}\n{subject['en']}\n{text['en']}"
    outbox.post(
        "club_message",
        to=to,
        subject=("club_cohort", cohort.id),
        version=hashlib.sha256(said.encode()).hexdigest()[:20],
        data={
            "club": cohort.club.name,
            "sender": sender,
            "subject": dict(subject),
            "text": dict(text),
            "path": "/my-clubs",
        },
        at=at,
    )


def _post(kind: str, found: Activity, to: Iterable[int], at: datetime, *, version: str | int = "", **data: Any) -> int:
    return outbox.post(
        kind,
        to=to,
        subject=("club_activity", found.id),
        version=version,
        data={
            "club": found.club.name,
            "title": found.title,
            "starts_at": found.starts_at.isoformat(),
            "place": found.place,
            "link": found.link or "",
            "path": f"/club-activities/{found.id}",
            **data,
        },
        at=at,
    )


@message("activity_announced", sample={**_ACTIVITY, "closes_at": "2026-10-21T10:00:00+00:00"})
def activity_announced(found: Activity, *, to: Iterable[int], at: datetime) -> int:
    """Tell the cohort that one can register."""
    return _post("activity_announced", found, to, at, closes_at=found.closes_at.isoformat())


@message("activity_place", sample={**_ACTIVITY, "moved_up": True})
def place_given(found: Activity, own: Registration, *, moved_up: bool, at: datetime) -> int:
    """Tell somebody that a place is theirs, at once or from the waiting list."""
    return _post("activity_place", found, [own.person_id], at, version=at.isoformat(), moved_up=moved_up)


@message("activity_changed", sample=_ACTIVITY)
def activity_changed(found: Activity, *, to: Iterable[int], at: datetime) -> int:
    """Tell everybody who registered or waits of another time or place."""
    return _post("activity_changed", found, to, at, version=found.version)


@message("activity_cancelled", sample={**_ACTIVITY, "reason": "Diễn giả bận đột xuất."})
def activity_cancelled(found: Activity, *, to: Iterable[int], at: datetime) -> int:
    """Tell everybody who registered or waits that it does not take place, and why."""
    return _post("activity_cancelled", found, to, at, reason=found.reason or "")


@message("activity_reminder", sample=_ACTIVITY)
def activity_reminder(found: Activity, *, to: Iterable[int], at: datetime) -> int:
    """Remind those with a place, once for each time that the activity has had."""
    return _post("activity_reminder", found, to, at, version=found.starts_at.isoformat())


@message(
    "club_invitation",
    sample={"club": _CLUB, "inviter": "Nguyễn Thị Mai", "role": "member", "path": "/organisation-invitations/1"},
)
def invited(found: OrganisationInvitation, *, at: datetime) -> int:
    """Ask an address into a club; who has no account yet is a lecturer where they are to advise it, else a student."""
    data = {"club": found.organisation.name, "role": found.role}
    form = FormOfAddress.LECTURER if found.role == ADVISOR else FormOfAddress.STUDENT
    return post_invitation("club_invitation", found, data, form_of_address=form, at=at)


@message(
    "club_join_asked",
    sample={"club": _CLUB, "name": "Trần Gia An", "text": "Em muốn học cách lập kế hoạch.", "path": "/clubs/1/members"},
)
def join_asked(club: Organisation, asked: JoinRequest, *, name: str, to: Iterable[int], at: datetime) -> int:
    """Tell the managers that somebody asks to join."""
    data = {"name": name, "text": asked.text, "path": f"/clubs/{club.id}/members"}
    return _about_request("club_join_asked", club, asked, data, to, at)


@message(
    "club_join_answered",
    sample={"club": _CLUB, "accepted": False, "answer": "Khóa này đã đủ người.", "path": "/my-clubs"},
)
def join_answered(club: Organisation, asked: JoinRequest, *, at: datetime) -> int:
    """Tell who asked whether the club has taken them in."""
    data = {"accepted": asked.state == "accepted", "answer": asked.answer or "", "path": "/my-clubs"}
    return _about_request("club_join_answered", club, asked, data, [asked.person_id], at)


def _about_request(
    kind: str, club: Organisation, asked: JoinRequest, data: Mapping[str, Any], to: Iterable[int], at: datetime
) -> int:
    subject, data = ("club_join_request", asked.id), {"club": club.name, **data}
    return outbox.post(kind, to=to, subject=subject, version=at.isoformat(), data=data, at=at)


@message(
    "club_review",
    sample={
        "club": _CLUB,
        "title": {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"},
        "verdict": "improve",
        "note": "Phần khách hàng còn mỏng: hãy phỏng vấn thêm năm hộ.",
        "path": "/entries/1/team",
    },
)
def team_reviewed(
    club: Organisation,
    entry_id: int,
    title: Mapping[str, Any],
    *,
    verdict: str,
    note: str,
    to: Iterable[int],
    at: datetime,
    contest_id: int,
) -> int:
    """Tell a team what its club says of the entry before the school decides."""
    data = {"title": dict(title), "verdict": verdict, "note": note, "path": f"/entries/{entry_id}/team"}
    return _about_entry("club_review", club, entry_id, data, to, at, contest_id)


@message(
    "club_nomination",
    sample={
        "club": _CLUB,
        "title": {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"},
        "path": "/endorsements/VL-KNST-2026",
    },
)
def nominated(
    club: Organisation,
    entry_id: int,
    title: Mapping[str, Any],
    *,
    path: str,
    to: Iterable[int],
    at: datetime,
    contest_id: int,
) -> int:
    """Tell the team (``path`` leads to its page) or the school that the club nominates an entry."""
    data = {"title": dict(title), "path": path}
    return _about_entry("club_nomination", club, entry_id, data, to, at, contest_id)


def _about_entry(
    kind: str,
    club: Organisation,
    entry_id: int,
    data: Mapping[str, Any],
    to: Iterable[int],
    at: datetime,
    contest_id: int,
) -> int:
    return outbox.post(
        kind,
        to=to,
        subject=("entry", entry_id),
        version=f"{club.id}:{at.isoformat()}",
        data={"club": club.name, **data},
        at=at,
        contest_id=contest_id,
    )
