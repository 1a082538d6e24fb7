"""What contests tell whom."""

from collections.abc import Iterable
from datetime import datetime

from compapp.contests.models import Contest, RuleChange
from compapp.core import outbox
from compapp.core.anchors import AuditNote
from compapp.core.messages import message

_SAMPLE = {
    "title": {"vi": "Cuộc thi Ý tưởng khởi nghiệp", "en": "Start-up Idea Contest"},
    "by": "Nguyễn Thị Mai",
    "reason": "Mất điện diện rộng ngày 15/11.",
    "moments": [
        {
            "msgid": "Entries are received",
            "name": {},
            "before": {"opens": "2026-09-15T01:00:00+00:00", "closes": "2026-11-15T10:00:00+00:00"},
            "after": {"opens": "2026-09-15T01:00:00+00:00", "closes": "2026-11-17T10:00:00+00:00"},
        }
    ],
    "gone": [{"msgid": "Nobody may be on two teams.", "params": {}, "plural": "", "count": 0}],
    "new": [],
    "path": "/contests/VL-KNST-2026",
}


@message("rules_changed", sample=_SAMPLE)
def rules_changed(contest: Contest, change: RuleChange, *, to: Iterable[int], at: datetime) -> None:
    """Tell people that rules or dates of an announced contest changed: what, why and by whom."""
    outbox.post(
        "rules_changed",
        to=to,
        subject=("rule_change", change.id),
        data={
            "title": dict(contest.title),
            "by": change.by_name,
            "reason": change.reason,
            "moments": change.change.get("moments") or [],
            "gone": change.change.get("gone") or [],
            "new": change.change.get("new") or [],
            "path": f"/contests/{contest.code}",
        },
        at=at,
        contest_id=contest.id,
    )


_HEAD = "1204:9f2c51d07a3be846c0d6e1f5a4b37c2289d0f1e2a3b4c5d6e7f8091a2b3c4d5e"


@message(
    "record_seal",
    sample={"day": "2026-11-15", "position": 1204, "head": _HEAD, "broken": False, "path": f"/seals?head={_HEAD}"},
)
def record_sealed(noted: AuditNote, *, to: Iterable[int], at: datetime) -> None:
    """Give the seal of a day to people who do not run the installation: with it they can prove a change later."""
    head = str(noted.head)
    outbox.post(
        "record_seal",
        to=to,
        subject=("audit_note", noted.id),
        data={
            "day": noted.day.isoformat(),
            "position": noted.position,
            "head": head,
            "broken": bool(noted.fault),
            "path": f"/seals?head={head}",
        },
        at=at,
    )
