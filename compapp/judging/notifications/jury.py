"""Messages about the jury itself: invitations, answers, assignments, conflicts, departures."""

from datetime import datetime
from typing import Any

from compapp.accounts.services.passes import PASS_LASTS
from compapp.contests.models import Contest, Round
from compapp.core import outbox
from compapp.core.messages import message
from compapp.entries.models import Entry
from compapp.judging.models import Seat
from compapp.judging.notifications.audience import office, title_of
from compapp.judging.notifications.posting import CONTEST, ROUND, TITLE, tell, tell_of_contest


@message(
    "jury_invitation",
    sample={
        "contest": CONTEST,
        "chair": False,
        "rounds": [{"label": ROUND, "opens": "2026-11-21T01:00:00+00:00", "closes": "2026-12-05T10:00:00+00:00"}],
        "load": 8,
        "thanks": "Thù lao theo quy định: 150.000 đồng/bài",
        "reserve": False,
        "secret_path": "/jury-invitations/token",
    },
)
def jury_invitation(
    contest: Contest, seat: Seat, rounds: list[Round], *, path: str, version: int, has_account: bool, at: datetime
) -> None:
    """Ask a person to sit in the jury: which contest, when, how much, what for, and where to answer.

    Whoever has the link answers in the judge's name; the sample says so, so that no organiser is shown the words.
    """
    data: dict[str, Any] = {
        "contest": contest.title,
        "chair": seat.chair,
        "rounds": [
            {
                "label": round_.definition.get("label") or round_.code,
                "opens": round_.opens_at.isoformat(),
                "closes": round_.closes_at.isoformat(),
            }
            for round_ in rounds
        ],
        "load": seat.max_load,
        "thanks": seat.thanks,
        "reserve": seat.reserve,
        "path": path,
    }
    subject = ("seat", seat.id)
    if has_account or not seat.person.email:
        outbox.post(
            "jury_invitation",
            to=[seat.person_id],
            subject=subject,
            version=version,
            data=data,
            at=at,
            contest_id=contest.id,
        )
        return
    outbox.post_to_address(
        "jury_invitation",
        seat.person.email,
        name=seat.person.name,
        locale=seat.person.locale,
        subject=subject,
        version=version,
        data={**{key: value for key, value in data.items() if key != "path"}, "secret_path": path},
        at=at,
        contest_id=contest.id,
    )


@message(
    "jury_answered",
    sample={
        "contest": CONTEST,
        "judge": "Huỳnh Thị Bích Ơn",
        "accepted": True,
        "reason": "",
        "path": "/contests/VL-KNST-2026/jury",
    },
)
def jury_answered(contest: Contest, seat: Seat, *, accepted: bool, reason: str, at: datetime) -> None:
    """Tell the organiser that an invited judge has answered."""
    tell_of_contest(
        "jury_answered",
        contest,
        office(contest.id, "organiser"),
        ("seat", seat.id),
        version=at.isoformat(),
        path=f"/contests/{contest.code}/jury",
        at=at,
        judge=seat.person.name,
        accepted=accepted,
        reason=reason,
    )


@message(
    "assigned",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "count": 6,
        "more": False,
        "due": "2026-12-05T10:00:00+00:00",
        "path": "/desk",
    },
)
def assigned(round_: Round, seat: Seat, *, count: int, more: bool, due: datetime, at: datetime) -> None:
    """Tell a judge how many entries wait on the desk, and until when; never which."""
    tell(
        "assigned",
        round_,
        [seat.person_id],
        ("round", round_.id),
        version=at.isoformat(),
        path="/desk",
        at=at,
        count=count,
        more=more,
        due=due.isoformat(),
    )


@message(
    "judge_cannot",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "judge": "Phạm Gia Dũng",
        "words": "Tuần này tôi nằm viện",
        "left": 5,
        "path": "/contests/VL-KNST-2026/progress/R1/outlook",
    },
)
def judge_cannot(round_: Round, seat: Seat, *, words: str, left: int, at: datetime) -> None:
    """Tell the jury's office that a judge cannot do what was given out, and how much that is."""
    tell(
        "judge_cannot",
        round_,
        office(round_.contest_id, "organiser", "secretary", "chair", but=seat.person_id),
        ("seat", seat.id),
        version=at.isoformat(),
        path=f"/contests/{round_.contest.code}/progress/{round_.code}/outlook",
        at=at,
        judge=seat.person.name,
        words=words,
        left=left,
    )


@message(
    "scoring_extended",
    sample={"contest": CONTEST, "round": ROUND, "count": 3, "due": "2026-12-07T10:00:00+00:00", "path": "/desk"},
)
def scoring_extended(round_: Round, seat: Seat, *, count: int, due: datetime, at: datetime) -> None:
    """Tell a judge that there is more time for what is left."""
    about, version = ("seat", seat.id), at.isoformat()
    tell(
        "scoring_extended",
        round_,
        [seat.person_id],
        about,
        version=version,
        path="/desk",
        at=at,
        count=count,
        due=due.isoformat(),
    )


@message("handed_over", sample={"contest": CONTEST, "round": ROUND, "count": 4, "kept": 2, "path": "/desk"})
def handed_over(round_: Round, seat: Seat, *, count: int, kept: int, at: datetime) -> None:
    """Tell a judge that somebody else reads what was left; what was handed in counts."""
    about, version = ("seat", seat.id), at.isoformat()
    tell("handed_over", round_, [seat.person_id], about, version=version, path="/desk", at=at, count=count, kept=kept)


@message(
    "conflict_overridden",
    sample={
        "contest": CONTEST,
        "judge": "Võ Hữu Ý",
        "by": "Nguyễn Văn Chủ",
        "reason": "Cùng đại học nhưng khác trường thành viên, không quen biết.",
        "path": "/contests/VL-KNST-2026/ties",
    },
)
def conflict_overridden(contest: Contest, seat: Seat, entry: Entry, *, by: str, reason: str, at: datetime) -> None:
    """Tell organiser and chair that a named person has overridden a conflict, and why."""
    tell_of_contest(
        "conflict_overridden",
        contest,
        office(contest.id, "organiser", "chair", about=entry, but=seat.person_id),
        ("seat", seat.id),
        version=at.isoformat(),
        path=f"/contests/{contest.code}/ties",
        at=at,
        judge=seat.person.name,
        by=by,
        reason=reason,
    )


@message(
    "institution_changed",
    sample={
        "contest": CONTEST,
        "judge": "Võ Hữu Ý",
        "by": "Nguyễn Văn Chủ",
        "old": {"vi": "Trường Đại học Trà Vinh", "en": "Tra Vinh University"},
        "new": {"vi": "Trường Đại học Cần Thơ", "en": "Can Tho University"},
        "withheld": 3,
        "taken": 1,
        "reason": "Chuyển công tác từ tháng 9.",
        "path": "/contests/VL-KNST-2026/jury/2",
    },
)
def institution_changed(contest: Contest, seat: Seat, data: dict[str, Any], *, by: str, at: datetime) -> None:
    """Tell organiser and chair that a judge's institution was changed, why, and what that leaves withheld."""
    tell_of_contest(
        "institution_changed",
        contest,
        office(contest.id, "organiser", "chair", but=seat.person_id),
        ("seat", seat.id),
        version=at.isoformat(),
        path=f"/contests/{contest.code}/jury/{seat.id}",
        at=at,
        judge=seat.person.name,
        by=by,
        **data,
    )


@message(
    "judge_left",
    sample={
        "contest": CONTEST,
        "judge": "Phạm Gia Dũng",
        "reason": "Đi công tác đột xuất",
        "moved": 4,
        "kept": 2,
        "unmet": 0,
        "path": "/contests/VL-KNST-2026/jury",
    },
)
def judge_left(contest: Contest, seat: Seat, *, reason: str, moved: int, kept: int, unmet: int, at: datetime) -> None:
    """Tell organiser and chair that a judge has left, and what became of the work."""
    tell_of_contest(
        "judge_left",
        contest,
        office(contest.id, "organiser", "chair", but=seat.person_id),
        ("seat", seat.id),
        version=at.isoformat(),
        path=f"/contests/{contest.code}/jury",
        at=at,
        judge=seat.person.name,
        reason=reason,
        moved=moved,
        kept=kept,
        unmet=unmet,
    )


@message(
    "conflict_declared",
    sample={
        "contest": CONTEST,
        "judge": "Võ Hữu Ý",
        "title": TITLE,
        "late": True,
        "path": "/contests/VL-KNST-2026/jury",
    },
)
def conflict_declared(contest: Contest, seat: Seat, entry: Entry, *, late: bool, at: datetime) -> None:
    """Tell organiser and chair of a conflict; ``late``: a sheet was handed in already and is void now."""
    tell_of_contest(
        "conflict_declared",
        contest,
        office(contest.id, "organiser", "chair", about=entry, but=seat.person_id),
        ("seat", seat.id),
        version=entry.id,
        path=f"/contests/{contest.code}/jury",
        at=at,
        judge=seat.person.name,
        title=title_of(entry),
        late=late,
    )


@message(
    "desk_link",
    urgent=True,
    required=True,
    sample={"contest": CONTEST, "secret_path": "/desk-links/sample", "expires_at": "2026-11-25T02:00:00+00:00"},
)
def desk_link(contest: Contest, seat: Seat, token: str, *, at: datetime) -> None:
    """Send a judge the link that opens the desk once."""
    outbox.post(
        "desk_link",
        to=[seat.person_id],
        subject=("seat", seat.id),
        version=at.isoformat(),
        data={
            "contest": contest.title,
            "secret_path": f"/desk-links/{token}",
            "expires_at": (at + PASS_LASTS).isoformat(),
        },
        at=at,
        channels=("email",),
        contest_id=contest.id,
    )
