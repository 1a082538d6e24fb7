"""What is told about decisions, cases, appeals and texts that are alike."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.contests.models import Contest
from compapp.core import outbox
from compapp.core.messages import message
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.models import (
    Attachment,
    BulkAct,
    Case,
    EligibilityAppeal,
    Entry,
    SimilarityFlag,
)
from compapp.entries.notifications.posting import CONTEST, SAMPLE, TITLE, post_of


@message(
    "decisions_left_out",
    sample={"contest": CONTEST, "codes": "S01, S02", "path": "/contests/VL-2026/eligibility", "at": SAMPLE["at"]},
)
def decisions_left_out(contest: Contest, act: BulkAct, codes: list[str], *, at: datetime) -> None:
    """Tell who decided about several entries which of them had moved on before the decision took effect."""
    data = {"contest": contest.title, "codes": ", ".join(codes), "path": f"/contests/{contest.code}/eligibility"}
    outbox.post(
        "decisions_left_out",
        to=[one for one in (act.made_by_id,) if one is not None],
        subject=("bulk_act", act.id),
        data=data | {"at": at.isoformat()},
        at=at,
        contest_id=contest.id,
    )


@message(
    "file_withheld",
    sample=SAMPLE | {"label": {"vi": "Bản thuyết minh", "en": "Written proposal"}, "path": "/entries/1/dossier"},
)
def file_withheld(entry: Entry, row: Attachment, label: dict[str, str], *, at: datetime) -> None:
    """Tell the organisers that judges do not get a file until they look at it."""
    path = f"/entries/{entry.id}/dossier"
    staff = queries.staff_of(entry.contest_id, {"organiser", "secretary"})
    post_of("file_withheld", entry, staff, version=f"{row.id}", at=at, label=label, path=path)


@message(
    "case_opened",
    urgent=True,
    sample=SAMPLE
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
    post_of("case_opened", entry, queries.people_of(entry.id), version=case.id, at=at, path=path, **more)


@message(
    "case_settled",
    sample=SAMPLE | {"kind": N_("Suspected copy"), "outcome": "Không phải sao chép.", "path": "/entries/1/cases/1"},
)
def case_settled(entry: Entry, case: Case, kind: str, *, at: datetime) -> None:
    """Tell the team how the matter ended."""
    path = f"/entries/{entry.id}/cases/{case.id}"
    more: dict[str, Any] = {"kind": kind, "outcome": case.outcome or "", "path": path}
    post_of("case_settled", entry, queries.people_of(entry.id), version=case.id, at=at, **more)


@message("appeal_filed", sample=SAMPLE | {"name": "Lâm Hoài Thảo", "path": "/contests/VL/appeals/1"})
def appeal_filed(entry: Entry, appeal: EligibilityAppeal, officers: Iterable[int], *, at: datetime) -> None:
    """Ask those who may decide to look at an appeal; where nobody may, tell every organiser."""
    path = f"/contests/{entry.contest.code}/appeals/{appeal.id}"
    to = list(officers) or queries.staff_of(entry.contest_id, {"organiser", "approver"})
    post_of("appeal_filed", entry, to, version=appeal.id, at=at, path=path, name=appeal.filed_by_name)
    people = queries.people_of(entry.id)
    path = f"/entries/{entry.id}/appeal"
    post_of("appeal_filed", entry, people, version=f"team:{appeal.id}", at=at, path=path, name=appeal.filed_by_name)


@message(
    "appeal_decided",
    urgent=True,
    sample=SAMPLE | {"upheld": True, "reason": "Đúng là sinh viên của trường.", "path": "/entries/1/appeal"},
)
def appeal_decided(entry: Entry, appeal: EligibilityAppeal, *, at: datetime) -> None:
    """Tell team, school and who had decided how the appeal ended, and why."""
    more: dict[str, Any] = {"upheld": appeal.state == "upheld", "reason": appeal.outcome or ""}
    people, office = queries.people_of(entry.id), queries.staff_of(entry.contest_id, {"organiser", "secretary"})
    post_of("appeal_decided", entry, people, version=appeal.id, at=at, path=f"/entries/{entry.id}/appeal", **more)
    school = f"/endorsements/{entry.contest.code}"
    to = [one for one in queries.representatives_of(entry.institution_id) if one not in people]
    post_of("appeal_decided", entry, to, version=f"school:{appeal.id}", at=at, path=school, **more)
    path = f"/contests/{entry.contest.code}/appeals/{appeal.id}"
    post_of("appeal_decided", entry, office, version=f"office:{appeal.id}", at=at, path=path, **more)


@message("entry_merged", sample=SAMPLE | {"stays": TITLE, "reason": "Hai bài của một đội."})
def merged(goes: Entry, stays: Entry, *, reason: str, at: datetime) -> None:
    """Tell both teams and their schools which entry stays, and why."""
    schools = {one for entry in (goes, stays) for one in queries.representatives_of(entry.institution_id)}
    people = dict.fromkeys([*queries.people_of(goes.id), *queries.people_of(stays.id), *sorted(schools)])
    post_of("entry_merged", goes, people, version=stays.id, at=at, stays=stays.title, reason=reason)


@message(
    "similarity_found",
    sample={
        "contest": CONTEST,
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
