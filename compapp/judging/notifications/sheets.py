"""Messages about the sheets: what waits, what is late, what needs another look. None holds a score for a judge."""

from collections.abc import Iterable
from datetime import datetime

from compapp.contests.models import Contest, Round
from compapp.core import outbox
from compapp.core.messages import message
from compapp.entries.models import Entry
from compapp.judging.models import RoundFigure, Seat, Sheet
from compapp.judging.notifications.audience import office, title_of

_CONTEST = {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"}
_ROUND = {"vi": "Vòng sơ khảo", "en": "Preliminary round"}
_TITLE = {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"}


def _label(round_: Round) -> object:
    return round_.definition.get("label") or round_.code


@message(
    "scoring_reminder",
    sample={
        "contest": _CONTEST,
        "round": _ROUND,
        "left": 4,
        "done": 2,
        "overdue": False,
        "due": "2026-12-05T10:00:00+00:00",
        "path": "/desk",
    },
)
def scoring_reminder(
    round_: Round, seat: Seat, *, stage: str, left: int, done: int, due: datetime, overdue: bool, at: datetime
) -> int:
    """Remind a judge of what is left on the desk; once per ``stage`` (half, 48h, 24h, overdue, or a moment)."""
    return outbox.post(
        "scoring_reminder",
        to=[seat.person_id],
        subject=("round", round_.id),
        version=f"{stage}:{due.isoformat()}",
        data={
            "contest": round_.contest.title,
            "round": _label(round_),
            "left": left,
            "done": done,
            "overdue": overdue,
            "due": due.isoformat(),
            "path": "/desk",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message(
    "sheets_late",
    sample={
        "contest": _CONTEST,
        "round": _ROUND,
        "judges": [{"name": "Phạm Gia Dũng", "left": 4}],
        "overdue": True,
        "due": "2026-12-05T10:00:00+00:00",
        "path": "/contests/VL-KNST-2026/progress/R1",
    },
)
def sheets_late(round_: Round, late: Iterable[tuple[str, int]], *, stage: str, overdue: bool, at: datetime) -> int:
    """Tell organiser and chair which judges are behind, once per ``stage``."""
    return outbox.post(
        "sheets_late",
        to=office(round_.contest_id, "organiser", "chair"),
        subject=("round", round_.id),
        version=f"{stage}:{round_.closes_at.isoformat()}",
        data={
            "contest": round_.contest.title,
            "round": _label(round_),
            "judges": [{"name": name, "left": left} for name, left in late],
            "overdue": overdue,
            "due": round_.closes_at.isoformat(),
            "path": f"/contests/{round_.contest.code}/progress/{round_.code}",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message(
    "spread_alert",
    sample={
        "contest": _CONTEST,
        "round": _ROUND,
        "title": _TITLE,
        "limit": "25",
        "sheets": 3,
        "path": "/contests/VL-KNST-2026/assignments/R1",
    },
)
def spread_alert(round_: Round, entry: Entry, figure: RoundFigure, *, at: datetime) -> int:
    """Tell chair and organiser that the judges of an entry lie too far apart, so that one more may be asked."""
    return outbox.post(
        "spread_alert",
        to=office(round_.contest_id, "organiser", "chair", about=entry),
        subject=("entry", entry.id),
        version=f"{round_.code}:{figure.sheets}",
        data={
            "contest": round_.contest.title,
            "round": _label(round_),
            "title": title_of(entry),
            "limit": str(round_.definition.get("spread_alert_points")),
            "sheets": figure.sheets,
            "path": f"/contests/{round_.contest.code}/assignments/{round_.code}",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message(
    "verdicts_apart",
    sample={
        "contest": _CONTEST,
        "round": _ROUND,
        "title": _TITLE,
        "sheets": 3,
        "path": "/contests/VL-KNST-2026/standings/R1/screening",
    },
)
def verdicts_apart(round_: Round, entry: Entry, figure: RoundFigure, *, at: datetime) -> int:
    """Tell chair and organiser that a screening jury does not agree on an entry."""
    return outbox.post(
        "verdicts_apart",
        to=office(round_.contest_id, "organiser", "chair", about=entry),
        subject=("entry", entry.id),
        version=f"{round_.code}:{figure.sheets}",
        data={
            "contest": round_.contest.title,
            "round": _label(round_),
            "title": title_of(entry),
            "sheets": figure.sheets,
            "path": f"/contests/{round_.contest.code}/standings/{round_.code}/screening",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message(
    "unlock_asked",
    sample={
        "contest": _CONTEST,
        "judge": "Lê Quốc Đạt",
        "title": _TITLE,
        "reason": "Nhập nhầm điểm tiêu chí 3",
        "path": "/contests/VL-KNST-2026/unlocking",
    },
)
def unlock_asked(contest: Contest, sheet: Sheet, seat: Seat, *, at: datetime) -> None:
    """Tell the chair that a judge asks for a submitted sheet back."""
    outbox.post(
        "unlock_asked",
        to=[person for person in office(contest.id, "chair", about=sheet.entry) if person != seat.person_id],
        subject=("sheet", sheet.id),
        version=at.isoformat(),
        data={
            "contest": contest.title,
            "judge": seat.person.name,
            "title": title_of(sheet.entry),
            "reason": sheet.unlock_reason or "",
            "path": f"/contests/{contest.code}/unlocking",
        },
        at=at,
        contest_id=contest.id,
    )


@message(
    "sheet_reopened",
    sample={"contest": _CONTEST, "title": _TITLE, "due": "2026-12-05T10:00:00+00:00", "path": "/sheets/1"},
)
def sheet_reopened(round_: Round, sheet: Sheet, *, assignment_id: int, due: datetime, at: datetime) -> None:
    """Tell a judge that the sheet is open again and must be handed in anew."""
    outbox.post(
        "sheet_reopened",
        to=[sheet.seat.person_id],
        subject=("sheet", sheet.id),
        version=at.isoformat(),
        data={
            "contest": round_.contest.title,
            "title": title_of(sheet.entry),
            "due": due.isoformat(),
            "path": f"/sheets/{assignment_id}",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message(
    "paper_waiting",
    sample={"contest": _CONTEST, "round": _ROUND, "path": "/contests/VL-KNST-2026/paper-sheets"},
)
def paper_waiting(round_: Round, sheet: Sheet, *, at: datetime) -> None:
    """Tell secretaries and organisers, other than who entered it, that a paper sheet waits; once a day."""
    people = office(round_.contest_id, "secretary", "organiser", about=sheet.entry)
    outbox.post(
        "paper_waiting",
        to=[person for person in people if person != sheet.entered_by_id],
        subject=("round", round_.id),
        version=f"{at:%Y-%m-%d}",
        data={
            "contest": round_.contest.title,
            "round": _label(round_),
            "path": f"/contests/{round_.contest.code}/paper-sheets",
        },
        at=at,
        contest_id=round_.contest_id,
    )


@message(
    "paper_returned",
    sample={
        "contest": _CONTEST,
        "title": _TITLE,
        "note": "Tiêu chí 2 trên giấy là 6,5",
        "path": "/contests/VL-KNST-2026/paper-sheets",
    },
)
def paper_returned(round_: Round, sheet: Sheet, *, note: str, at: datetime) -> None:
    """Tell the person who entered a paper sheet what the second person found different."""
    if sheet.entered_by_id is None:
        return
    outbox.post(
        "paper_returned",
        to=[sheet.entered_by_id],
        subject=("sheet", sheet.id),
        version=at.isoformat(),
        data={
            "contest": round_.contest.title,
            "title": title_of(sheet.entry),
            "note": note,
            "path": f"/contests/{round_.contest.code}/paper-sheets",
        },
        at=at,
        contest_id=round_.contest_id,
    )
