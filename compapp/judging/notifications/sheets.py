"""Messages about the sheets: what waits, what is late, what needs another look. None holds a score for a judge."""

from collections.abc import Iterable
from datetime import datetime

from compapp.contests.models import Contest, Round
from compapp.core.messages import message
from compapp.entries.models import Entry
from compapp.judging.models import RoundFigure, Seat, Sheet
from compapp.judging.notifications.audience import office, title_of
from compapp.judging.notifications.posting import CONTEST, ROUND, TITLE, tell, tell_of_contest


@message(
    "scoring_reminder",
    sample={
        "contest": CONTEST,
        "round": ROUND,
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
    return tell(
        "scoring_reminder",
        round_,
        [seat.person_id],
        ("round", round_.id),
        version=f"{stage}:{due.isoformat()}",
        path="/desk",
        at=at,
        left=left,
        done=done,
        overdue=overdue,
        due=due.isoformat(),
    )


@message(
    "sheets_late",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "judges": [{"name": "Phạm Gia Dũng", "left": 4}],
        "overdue": True,
        "due": "2026-12-05T10:00:00+00:00",
        "path": "/contests/VL-KNST-2026/progress/R1",
    },
)
def sheets_late(round_: Round, late: Iterable[tuple[str, int]], *, stage: str, overdue: bool, at: datetime) -> int:
    """Tell organiser and chair which judges are behind, once per ``stage``."""
    return tell(
        "sheets_late",
        round_,
        office(round_.contest_id, "organiser", "chair"),
        ("round", round_.id),
        version=f"{stage}:{round_.closes_at.isoformat()}",
        path=f"/contests/{round_.contest.code}/progress/{round_.code}",
        at=at,
        judges=[{"name": name, "left": left} for name, left in late],
        overdue=overdue,
        due=round_.closes_at.isoformat(),
    )


@message(
    "spread_alert",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "title": TITLE,
        "limit": "25",
        "sheets": 3,
        "path": "/contests/VL-KNST-2026/assignments/R1",
    },
)
def spread_alert(round_: Round, entry: Entry, figure: RoundFigure, *, at: datetime) -> int:
    """Tell chair and organiser that the judges of an entry lie too far apart, so that one more may be asked."""
    path = f"/contests/{round_.contest.code}/assignments/{round_.code}"
    limit = str(round_.definition.get("spread_alert_points"))
    return _tell_of_split("spread_alert", round_, entry, figure, path, at, limit=limit)


@message(
    "verdicts_apart",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "title": TITLE,
        "sheets": 3,
        "path": "/contests/VL-KNST-2026/standings/R1/screening",
    },
)
def verdicts_apart(round_: Round, entry: Entry, figure: RoundFigure, *, at: datetime) -> int:
    """Tell chair and organiser that a screening jury does not agree on an entry."""
    path = f"/contests/{round_.contest.code}/standings/{round_.code}/screening"
    return _tell_of_split("verdicts_apart", round_, entry, figure, path, at)


def _tell_of_split(
    kind: str, round_: Round, entry: Entry, figure: RoundFigure, path: str, at: datetime, **data: str
) -> int:
    return tell(
        kind,
        round_,
        office(round_.contest_id, "organiser", "chair", about=entry),
        ("entry", entry.id),
        version=f"{round_.code}:{figure.sheets}",
        path=path,
        at=at,
        title=title_of(entry),
        sheets=figure.sheets,
        **data,
    )


@message(
    "unlock_asked",
    sample={
        "contest": CONTEST,
        "judge": "Lê Quốc Đạt",
        "title": TITLE,
        "reason": "Nhập nhầm điểm tiêu chí 3",
        "path": "/contests/VL-KNST-2026/unlocking",
    },
)
def unlock_asked(contest: Contest, sheet: Sheet, seat: Seat, *, at: datetime) -> None:
    """Tell the chair that a judge asks for a submitted sheet back."""
    tell_of_contest(
        "unlock_asked",
        contest,
        office(contest.id, "chair", about=sheet.entry, but=seat.person_id),
        ("sheet", sheet.id),
        version=at.isoformat(),
        path=f"/contests/{contest.code}/unlocking",
        at=at,
        judge=seat.person.name,
        title=title_of(sheet.entry),
        reason=sheet.unlock_reason or "",
    )


@message(
    "unlock_refused",
    sample={"contest": CONTEST, "title": TITLE, "reason": "Phiếu đã khớp với bản ghi tay.", "path": "/sheets/1"},
)
def unlock_refused(round_: Round, sheet: Sheet, *, assignment_id: int, reason: str, at: datetime) -> None:
    """Tell a judge that the sheet stays as it was handed in, and why."""
    tell_of_contest(
        "unlock_refused",
        round_.contest,
        [sheet.seat.person_id],
        ("sheet", sheet.id),
        version=at.isoformat(),
        path=f"/sheets/{assignment_id}",
        at=at,
        title=title_of(sheet.entry),
        reason=reason,
    )


@message(
    "sheet_reopened",
    sample={"contest": CONTEST, "title": TITLE, "due": "2026-12-05T10:00:00+00:00", "path": "/sheets/1"},
)
def sheet_reopened(round_: Round, sheet: Sheet, *, assignment_id: int, due: datetime, at: datetime) -> None:
    """Tell a judge that the sheet is open again and must be handed in anew."""
    tell_of_contest(
        "sheet_reopened",
        round_.contest,
        [sheet.seat.person_id],
        ("sheet", sheet.id),
        version=at.isoformat(),
        path=f"/sheets/{assignment_id}",
        at=at,
        title=title_of(sheet.entry),
        due=due.isoformat(),
    )


@message(
    "paper_waiting",
    sample={"contest": CONTEST, "round": ROUND, "path": "/contests/VL-KNST-2026/paper-sheets"},
)
def paper_waiting(round_: Round, sheet: Sheet, *, at: datetime) -> None:
    """Tell secretaries and organisers, other than who entered it, that a paper sheet waits; once a day."""
    tell(
        "paper_waiting",
        round_,
        office(round_.contest_id, "secretary", "organiser", about=sheet.entry, but=sheet.entered_by_id),
        ("round", round_.id),
        version=f"{at:%Y-%m-%d}",
        path=f"/contests/{round_.contest.code}/paper-sheets",
        at=at,
    )


@message(
    "paper_returned",
    sample={
        "contest": CONTEST,
        "title": TITLE,
        "note": "Tiêu chí 2 trên giấy là 6,5",
        "path": "/contests/VL-KNST-2026/paper-sheets",
    },
)
def paper_returned(round_: Round, sheet: Sheet, *, note: str, at: datetime) -> None:
    """Tell the person who entered a paper sheet what the second person found different."""
    tell_of_contest(
        "paper_returned",
        round_.contest,
        [] if sheet.entered_by_id is None else [sheet.entered_by_id],
        ("sheet", sheet.id),
        version=at.isoformat(),
        path=f"/contests/{round_.contest.code}/paper-sheets",
        at=at,
        title=title_of(sheet.entry),
        note=note,
    )
