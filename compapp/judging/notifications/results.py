"""Messages about decisions: to approve, results, corrections, places, awards.

What a team is told of its result is posted held, at approval, and let go by the publication. None of them names a
judge or another team.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from compapp.contests.models import Round
from compapp.core.messages import message
from compapp.judging.models import Place, Shortlist
from compapp.judging.notifications.audience import office
from compapp.judging.notifications.posting import CONTEST, ROUND, TITLE, tell

THROUGH, RESERVE, NOT_THROUGH, RANKED, BYE = "through", "reserve", "not_through", "ranked", "bye"
"""What a result says: goes through, is a reserve, does not, (last round) is ranked, or goes through by a bye."""


def hold_key(shortlist: Shortlist) -> str:
    """Return the key under which the messages of a decision wait for its publication."""
    return f"publication:shortlist-{shortlist.id}"


def _of_decision(shortlist: Shortlist, code: str = "") -> str:
    """Return the version of a message that a decision causes: once for each decision (and ``code``)."""
    return f"shortlist-{shortlist.id}:{code}" if code else f"shortlist-{shortlist.id}"


@message(
    "shortlist_to_approve",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "prepared_by": "Ngô Thị Kiều Diễm",
        "path": "/contests/VL-KNST-2026/shortlist/R1",
    },
)
def shortlist_to_approve(round_: Round, shortlist: Shortlist, *, at: datetime) -> int:
    """Tell those who may be the second person that a decision waits for them."""
    return tell(
        "shortlist_to_approve",
        round_,
        office(round_.contest_id, "approver", "chair", "organiser", but=shortlist.prepared_by_id),
        ("shortlist", shortlist.id),
        path=f"/contests/{round_.contest.code}/shortlist/{round_.code}",
        at=at,
        prepared_by=shortlist.prepared_by_name,
    )


@message(
    "result",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "title": TITLE,
        "outcome": THROUGH,
        "total": "83.33",
        "reserve": None,
        "path": "/entries/1/results",
    },
    required=True,
)
def result(
    shortlist: Shortlist,
    round_: Round,
    row: Mapping[str, Any],
    people: Iterable[int],
    *,
    entry_id: int,
    outcome: str,
    at: datetime,
) -> int:
    """Tell a team its own result, held until the publication."""
    return tell(
        "result",
        round_,
        people,
        ("entry", entry_id),
        version=_of_decision(shortlist),
        path=f"/entries/{entry_id}/results",
        at=at,
        hold=hold_key(shortlist),
        title=row["title"],
        outcome=outcome,
        total=row["total"],
        reserve=row["reserve"],
        **({"why": row["why"]} if outcome == BYE else {}),
    )


@message(
    "correction",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "title": TITLE,
        "reason": "Một phiếu chấm bị hủy do xung đột lợi ích.",
        "total_before": "74.75",
        "total_after": "72.33",
        "through_before": True,
        "through_after": False,
        "path": "/entries/1/results",
    },
    required=True,
)
def correction(
    shortlist: Shortlist,
    round_: Round,
    moved: Mapping[str, Any],
    people: Iterable[int],
    *,
    entry_id: int,
    at: datetime,
) -> int:
    """Tell a team what a correction changes for it, held until the publication."""
    before, after = moved["before"] or {}, moved["after"] or {}
    return tell(
        "correction",
        round_,
        people,
        ("entry", entry_id),
        version=_of_decision(shortlist),
        path=f"/entries/{entry_id}/results",
        at=at,
        hold=hold_key(shortlist),
        title=moved["title"],
        reason=shortlist.reason,
        total_before=before.get("total"),
        total_after=after.get("total"),
        through_before=bool(before.get("decided")),
        through_after=bool(after.get("decided")),
    )


@message(
    "school_results",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "school": {"vi": "Trường Đại học Trà Vinh", "en": "Tra Vinh University"},
        "entries": [
            {"title": TITLE, "outcome": THROUGH, "total": "83.33", "reserve": None, "awards": []},
            {"title": {"vi": "Gạch từ vỏ dừa", "en": "Bricks"}, "outcome": NOT_THROUGH, "total": "58.00", "awards": []},
        ],
        "reason": "",
        "path": "/results/VL-KNST-2026",
    },
)
def school_results(
    shortlist: Shortlist,
    school_id: int,
    school: Mapping[str, str],
    people: Iterable[int],
    entries: Sequence[Mapping[str, Any]],
    *,
    reason: str = "",
    at: datetime,
) -> int:
    """Tell a school's representatives the results of its entries, held until the publication.

    ``entries`` say title, outcome, total, reserve and awards, never who is on a team; ``reason`` marks a correction.
    """
    return tell(
        "school_results",
        shortlist.round,
        people,
        ("organisation", school_id),
        version=_of_decision(shortlist),
        path=f"/results/{shortlist.round.contest.code}",
        at=at,
        hold=hold_key(shortlist),
        school=dict(school),
        entries=list(entries),
        reason=reason,
    )


@message(
    "confirm_place",
    sample={
        "contest": CONTEST,
        "round": ROUND,
        "title": TITLE,
        "from_reserve": False,
        "confirm_by": "2026-12-09T01:00:00+00:00",
        "path": "/places/1",
    },
    required=True,
)
def confirm_place(
    place: Place, people: Iterable[int], *, from_reserve: bool = False, reminder: bool = False, at: datetime
) -> int:
    """Ask the team to confirm or decline its place; once per deadline, and once again as a reminder."""
    until = place.confirm_by.isoformat() if place.confirm_by is not None else None
    return tell(
        "confirm_place",
        place.round,
        people,
        ("place", place.id),
        version=f"{until}:reminder" if reminder else str(until),
        path=f"/places/{place.id}",
        at=at,
        title=place.entry.title,
        from_reserve=from_reserve,
        confirm_by=until,
    )


@message(
    "place_lapsed",
    sample={"contest": CONTEST, "round": ROUND, "title": TITLE, "path": "/places/1"},
    required=True,
)
def place_lapsed(place: Place, people: Iterable[int], *, at: datetime) -> int:
    """Tell a team that its place went to a reserve because no answer came in time."""
    return tell(
        "place_lapsed",
        place.round,
        people,
        ("place", place.id),
        version=place.confirm_by.isoformat() if place.confirm_by is not None else "",
        path=f"/places/{place.id}",
        at=at,
        title=place.entry.title,
    )


@message(
    "award",
    sample={
        "contest": CONTEST,
        "title": TITLE,
        "award": {"vi": "Giải Nhất", "en": "First prize"},
        "vnd": 30_000_000,
        "path": "/results/VL-KNST-2026",
    },
    required=True,
)
def award(
    shortlist: Shortlist,
    round_: Round,
    title: Mapping[str, Any],
    people: Iterable[int],
    *,
    entry_id: int,
    label: Mapping[str, Any],
    code: str,
    vnd: int,
    at: datetime,
) -> int:
    """Tell a team the prize it won, held until the publication."""
    return tell(
        "award",
        round_,
        people,
        ("entry", entry_id),
        version=_of_decision(shortlist, code),
        path=f"/entries/{entry_id}/results",
        at=at,
        hold=hold_key(shortlist),
        title=title,
        award=label,
        vnd=vnd,
    )
