"""What is told about an entry on its way: handed in, reopened, decided, near its deadline."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from compapp.core.messages import message
from compapp.entries import queries
from compapp.entries.models import (
    Endorsement,
    Entry,
    EntryVersion,
)
from compapp.entries.notifications.posting import CONTEST, SAMPLE, post_of
from compapp.entries.queries.parts import Owed


@message("entry_nominated", urgent=True, sample=SAMPLE | {"source": CONTEST, "note": "", "closes": SAMPLE["at"]})
def nominated(entry: Entry, source: Entry, *, note: str, at: datetime) -> None:
    """Tell the team that its entry goes on into another contest, and until when it must be completed there."""
    more: dict[str, Any] = {"source": source.contest.title, "note": note}
    closes = entry.contest.closes_at.isoformat()
    post_of("entry_nominated", entry, queries.people_of(entry.id), version=1, at=at, closes=closes, **more)


@message(
    "entry_submitted",
    sample=SAMPLE | {"receipt": "VL-2026-001-1-7KQ2MX", "sha256": "9f86d081" * 8, "version_number": 1},
)
def submitted(entry: Entry, version: EntryVersion, *, to: Iterable[int], at: datetime) -> None:
    """Give everybody on the team the receipt: number, time and hash."""
    more: dict[str, Any] = {"receipt": version.receipt, "sha256": version.sha256, "version_number": version.number}
    post_of("entry_submitted", entry, to, version=version.number, at=at, **more)


@message("entry_withdrawn", sample=SAMPLE)
def withdrawn(entry: Entry, *, was_submitted: bool, at: datetime) -> None:
    """Tell the team, its school and, once it was handed in, the organisers."""
    to = [*queries.people_of(entry.id)]
    if was_submitted:
        to += queries.representatives_of(entry.institution_id)
    post_of("entry_withdrawn", entry, to, version=at.isoformat(), at=at)
    if was_submitted:
        staff = queries.staff_of(entry.contest_id)
        path = f"/entries/{entry.id}/dossier"
        post_of("entry_withdrawn", entry, staff, version=f"staff:{at.isoformat()}", at=at, path=path)


@message(
    "entry_reopened",
    urgent=True,
    sample=SAMPLE | {"until": "2026-11-16T10:00:00+00:00", "reason": "Mất điện ở trường."},
)
def reopened(entry: Entry, *, until: datetime, reason: str, at: datetime) -> None:
    """Tell the team that it may hand in once more, until when and why."""
    more: dict[str, Any] = {"until": until.isoformat(), "reason": reason}
    post_of("entry_reopened", entry, queries.people_of(entry.id), version=at.isoformat(), at=at, **more)


@message("entry_eligible", sample=SAMPLE | {"note": ""})
def eligible(entry: Entry, *, note: str, at: datetime) -> None:
    """Tell team and school that the entry goes to the judges."""
    to = [*queries.people_of(entry.id), *queries.representatives_of(entry.institution_id)]
    post_of("entry_eligible", entry, to, version=at.isoformat(), at=at, note=note)


@message(
    "needs_fix",
    urgent=True,
    sample=SAMPLE | {"until": "2026-11-19T03:00:00+00:00", "reason": "Thiếu bản đồng ý của phụ huynh."},
)
def needs_fix(entry: Entry, *, until: datetime, reason: str, at: datetime) -> None:
    """Tell team and school what to complete, and until when."""
    more: dict[str, Any] = {"until": until.isoformat(), "reason": reason}
    to = [*queries.people_of(entry.id), *queries.representatives_of(entry.institution_id)]
    post_of("needs_fix", entry, to, version=at.isoformat(), at=at, **more)


@message("needs_fix_due", urgent=True, sample=SAMPLE | {"until": "2026-11-19T03:00:00+00:00"})
def needs_fix_due(entry: Entry, *, until: datetime, at: datetime) -> None:
    """Remind the team that its time to complete the entry runs out; once per window."""
    people = queries.people_of(entry.id)
    post_of("needs_fix_due", entry, people, version=until.isoformat(), at=at, until=until.isoformat())


@message("ineligible", sample=SAMPLE | {"reason": "Đội có thành viên không thuộc bảng thi.", "appeal_hours": 72})
def ineligible(entry: Entry, *, reason: str, appeal_hours: int | None, at: datetime) -> None:
    """Tell team and school the decision, its reason and the right to appeal."""
    to = [*queries.people_of(entry.id), *queries.representatives_of(entry.institution_id)]
    post_of("ineligible", entry, to, version=at.isoformat(), at=at, reason=reason, appeal_hours=appeal_hours)


@message("endorsement_decided", sample=SAMPLE | {"confirmed": True, "school": CONTEST, "note": ""})
def endorsement_decided(entry: Entry, word: Endorsement, *, at: datetime) -> None:
    """Tell the team what its school said."""
    school = entry.institution.name if entry.institution else {"vi": "", "en": ""}
    more: dict[str, Any] = {"confirmed": word.state == "confirmed", "school": school, "note": word.note or ""}
    post_of("endorsement_decided", entry, queries.people_of(entry.id), version=at.isoformat(), at=at, **more)


@message("endorsement_asked", sample=SAMPLE | {"path": "/endorsements"})
def endorsement_asked(entry: Entry, *, at: datetime) -> None:
    """Ask the school's representatives to confirm the entry; once per entry."""
    path = f"/endorsements/{entry.contest.code}"
    post_of("endorsement_asked", entry, queries.representatives_of(entry.institution_id), version=1, at=at, path=path)


@message("deadline_near", urgent=True, sample=SAMPLE | {"closes": "2026-11-15T10:00:00+00:00", "missing": 3})
def deadline_near(
    entry: Entry, people: Iterable[int], *, before: str, closes_at: datetime, missing: int, at: datetime
) -> None:
    """Remind the team of an incomplete entry; once per reminder and deadline."""
    version = f"{before}:{closes_at.isoformat()}"
    post_of("deadline_near", entry, people, version=version, at=at, closes=closes_at.isoformat(), missing=missing)


@message(
    "part_due",
    urgent=True,
    sample=SAMPLE | {"owed": [{"vi": "Kế hoạch 6 tháng", "en": "Plan of six months"}], "closes": SAMPLE["at"]},
)
def part_due(
    entry: Entry, people: Iterable[int], owed: Sequence[Owed], *, before: str, closes_at: datetime, at: datetime
) -> None:
    """Remind a team that went on of what the later round asks and is not there; once per reminder and deadline."""
    version = f"{before}:{closes_at.isoformat()}"
    path = f"/entries/{entry.id}/{owed[0].place}" if len(owed) == 1 else f"/entries/{entry.id}"
    more: dict[str, Any] = {"owed": [dict(one.label) for one in owed], "closes": closes_at.isoformat()}
    post_of("part_due", entry, people, version=version, at=at, path=path, **more)


@message(
    "part_confirmed",
    sample=SAMPLE
    | {"label": {"vi": "Kế hoạch 6 tháng", "en": "Plan of six months"}, "name": "", "sha256": "9f86d081" * 8},
)
def part_confirmed(
    entry: Entry, label: dict[str, str], *, version: str, name: str, sha256: str, path: str, at: datetime
) -> None:
    """Give everybody on the team the receipt of what a later round asks: which, when, and its hash."""
    more: dict[str, Any] = {"label": label, "name": name, "sha256": sha256}
    post_of("part_confirmed", entry, queries.people_of(entry.id), version=version, at=at, path=path, **more)
