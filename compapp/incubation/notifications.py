"""What incubation tells whom. A mentor's private note is in no message."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.accounts.queries import managers_of
from compapp.core import outbox
from compapp.core.messages import message
from compapp.entries.queries import people_of
from compapp.incubation.models import MentoringSession, Mentorship, Milestone, Residency

_TITLE = {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"}
_INCUBATOR = {"vi": "Vườn ươm Nông nghiệp số Sông Hậu", "en": "Song Hau Digital Farming Incubator"}
_LABEL = {"vi": "Phỏng vấn 30 khách hàng", "en": "30 customer interviews"}
_AT = "2027-05-13T02:00:00+00:00"


def path_of(residency_id: int) -> str:
    """Return the address of a residency's page."""
    return f"/residencies/{residency_id}"


def _team(residency: Residency) -> dict[str, Any]:
    return {
        "title": residency.entry.title,
        "incubator": residency.incubator.name,
        "path": path_of(residency.id),
    }


def _post(
    kind: str,
    residency: Residency,
    to: Iterable[int],
    subject: tuple[str, int],
    version: str | int,
    at: datetime,
    **data: Any,
) -> int:
    return outbox.post(
        kind,
        to=to,
        subject=subject,
        version=version,
        data=_team(residency) | data,
        at=at,
        contest_id=residency.contest_id,
    )


@message(
    "residency_opened",
    sample={"title": _TITLE, "incubator": _INCUBATOR, "starts": "2027-04-01T01:00:00+00:00", "path": "/residencies/1"},
)
def residency_opened(residency: Residency, *, at: datetime) -> int:
    """Tell the team that the residency's page is there; its incubator hears of the accepted offer already."""
    return _post(
        "residency_opened",
        residency,
        people_of(residency.entry_id),
        ("residency", residency.id),
        residency.incubator_id,
        at,
        starts=residency.started_at.isoformat(),
    )


@message(
    "mentor_assigned",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "mentor": "Sơn Thái Bình",
        "to_mentor": False,
        "path": "/residencies/1",
    },
)
def mentor_assigned(mentorship: Mentorship, *, at: datetime) -> None:
    """Tell mentor and team of each other."""
    residency = mentorship.residency
    for people, to_mentor in (([mentorship.mentor.person_id], True), (people_of(residency.entry_id), False)):
        _post(
            "mentor_assigned",
            residency,
            people,
            ("mentorship", mentorship.id),
            mentorship.since.isoformat(),
            at,
            mentor=mentorship.mentor.person.name,
            to_mentor=to_mentor,
        )


@message(
    "mentorship_ended",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "mentor": "Sơn Thái Bình",
        "reason": "Chuyển công tác.",
        "path": "/residencies/1",
    },
)
def mentorship_ended(mentorship: Mentorship, *, reason: str, at: datetime) -> int:
    """Tell mentor, team and incubator that a mentorship has ended."""
    residency = mentorship.residency
    people = [mentorship.mentor.person_id, *people_of(residency.entry_id), *managers_of(residency.incubator_id)]
    return _post(
        "mentorship_ended",
        residency,
        people,
        ("mentorship", mentorship.id),
        at.isoformat(),
        at,
        mentor=mentorship.mentor.person.name,
        reason=reason,
    )


_SESSION = {
    "title": _TITLE,
    "incubator": _INCUBATOR,
    "mentor": "Sơn Thái Bình",
    "starts": _AT,
    "minutes": 60,
    "place": "Phòng họp 2",
    "path": "/mentoring-sessions/1",
}


def _of_session(one: MentoringSession) -> dict[str, Any]:
    return {
        "mentor": one.mentorship.mentor.person.name,
        "starts": one.starts_at.isoformat(),
        "minutes": one.minutes,
        "place": one.place,
        "path": f"/mentoring-sessions/{one.id}",
    }


def _both_sides(one: MentoringSession) -> list[int]:
    return [one.mentorship.mentor.person_id, *people_of(one.mentorship.residency.entry_id)]


def _post_session(kind: str, one: MentoringSession, to: Iterable[int], version: str, at: datetime, **more: Any) -> int:
    subject = ("mentoring_session", one.id)
    return _post(kind, one.mentorship.residency, to, subject, version, at, **(_of_session(one) | more))


@message("session_booked", sample=_SESSION | {"topic": "Bán thử"})
def session_booked(one: MentoringSession, *, at: datetime) -> int:
    """Tell mentor and team of a session."""
    return _post_session("session_booked", one, _both_sides(one), one.starts_at.isoformat(), at, topic=one.topic)


_BEFORE = {"starts": "2027-05-12T02:00:00+00:00", "minutes": 45, "place": "Phòng họp 1"}


@message("session_moved", sample=_SESSION | {"before": _BEFORE, "reason": "Trùng lịch thi."}, urgent=True)
def session_moved(one: MentoringSession, *, before: tuple[datetime, int, str], reason: str, at: datetime) -> int:
    """Tell mentor and team that a session has another time; ``before``: its start, minutes and place until now."""
    starts, minutes, place = before
    old = {"starts": starts.isoformat(), "minutes": minutes, "place": place}
    version = f"{at.isoformat()}:{one.starts_at.isoformat()}"
    return _post_session("session_moved", one, _both_sides(one), version, at, before=old, reason=reason)


@message("session_cancelled", sample=_SESSION | {"reason": "Trùng lịch thi."}, urgent=True)
def session_cancelled(one: MentoringSession, *, reason: str, at: datetime) -> int:
    """Tell mentor and team that a session does not take place."""
    return _post_session("session_cancelled", one, _both_sides(one), one.starts_at.isoformat(), at, reason=reason)


@message("session_reminder", sample=_SESSION | {"hours": 24}, urgent=True)
def session_reminder(one: MentoringSession, *, hours: int, at: datetime) -> int:
    """Remind mentor and team, once for each span (24 and 1 hours before)."""
    version = f"{hours}h:{one.starts_at.isoformat()}"
    if one.moved_at is not None:
        version += f":{one.moved_at.isoformat()}"
    return _post_session("session_reminder", one, _both_sides(one), version, at, hours=hours)


@message("session_missed", sample=_SESSION | {"missed_by": "mentor"})
def session_missed(one: MentoringSession, *, at: datetime) -> int:
    """Remind whoever missed a session: the mentor, or the team."""
    mentor = one.missed_by == "mentor"
    residency = one.mentorship.residency
    people = [one.mentorship.mentor.person_id] if mentor else people_of(residency.entry_id)
    return _post_session("session_missed", one, people, one.starts_at.isoformat(), at, missed_by=one.missed_by)


@message("mentor_change_proposed", sample=_SESSION | {"times": 2})
def mentor_change_proposed(one: MentoringSession, *, at: datetime) -> int:
    """Propose another mentor to the incubator's managers: two sessions in a row were missed."""
    residency = one.mentorship.residency
    return _post_session(
        "mentor_change_proposed",
        one,
        managers_of(residency.incubator_id),
        one.starts_at.isoformat(),
        at,
        times=2,
        path=path_of(residency.id),
    )


@message(
    "milestone_due",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "milestone": _LABEL,
        "due": "2027-04-29T01:00:00+00:00",
        "late": False,
        "path": "/residencies/1",
    },
)
def milestone_due(milestone: Milestone, people: Iterable[int], *, late: bool, at: datetime) -> int:
    """Remind of a milestone 7 days before it is due, and once when it is late."""
    return _post(
        "milestone_due",
        milestone.residency,
        people,
        ("milestone", milestone.id),
        f"{'late' if late else 'soon'}:{milestone.due_at.isoformat()}",
        at,
        milestone=milestone.label,
        due=milestone.due_at.isoformat(),
        late=late,
    )


@message(
    "milestone_reported",
    sample={"title": _TITLE, "incubator": _INCUBATOR, "milestone": _LABEL, "path": "/residencies/1"},
)
def milestone_reported(milestone: Milestone, people: Iterable[int], *, at: datetime) -> int:
    """Ask mentors and managers to confirm a milestone."""
    return _post(
        "milestone_reported",
        milestone.residency,
        people,
        ("milestone", milestone.id),
        at.isoformat(),
        at,
        milestone=milestone.label,
    )


@message(
    "milestone_answered",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "milestone": _LABEL,
        "met": True,
        "note": "",
        "path": "/residencies/1",
    },
)
def milestone_answered(milestone: Milestone, *, met: bool, note: str, at: datetime) -> int:
    """Tell the team that its milestone was confirmed, or what is missing."""
    return _post(
        "milestone_answered",
        milestone.residency,
        people_of(milestone.residency.entry_id),
        ("milestone", milestone.id),
        at.isoformat(),
        at,
        milestone=milestone.label,
        met=met,
        note=note,
    )


@message(
    "residency_ended",
    sample={"title": _TITLE, "incubator": _INCUBATOR, "graduated": True, "reason": "", "path": "/residencies/1"},
)
def residency_ended(residency: Residency, mentors: Iterable[int], *, reason: str, at: datetime) -> int:
    """Tell team and mentors of the graduation, or of leaving."""
    return _post(
        "residency_ended",
        residency,
        [*people_of(residency.entry_id), *mentors],
        ("residency", residency.id),
        at.isoformat(),
        at,
        graduated=residency.state == "graduated",
        reason=reason,
    )


@message(
    "outcome_due",
    sample={"title": _TITLE, "incubator": _INCUBATOR, "months": 6, "path": "/residencies/1"},
)
def outcome_due(residency: Residency, *, months: int, at: datetime) -> int:
    """Ask a team 6 and 12 months after its graduation how it does."""
    return _post(
        "outcome_due",
        residency,
        people_of(residency.entry_id),
        ("residency", residency.id),
        f"{months}m",
        at,
        months=months,
    )
