"""Messages about appeals against results. None names a judge; each leads to its reader's own page."""

from collections.abc import Iterable
from datetime import datetime

from compapp.core import outbox
from compapp.core.messages import message
from compapp.entries.queries import people_of
from compapp.judging.models import ResultAppeal
from compapp.judging.notifications.audience import office

_SAMPLE = {
    "contest": {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"},
    "round": {"vi": "Vòng sơ khảo", "en": "Preliminary round"},
    "title": {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"},
    "path": "/entries/1/results/1/appeal",
}


def _tell(kind: str, appeal: ResultAppeal, people: Iterable[int], path: str, at: datetime, **data: object) -> int:
    round_ = appeal.publication.round
    return outbox.post(
        kind,
        to=people,
        subject=("result_appeal", appeal.id),
        version=path.split("/")[1],
        data={
            "contest": round_.contest.title,
            "round": round_.definition.get("label") or round_.code,
            "title": appeal.entry.title,
            **data,
            "path": path,
        },
        at=at,
        contest_id=round_.contest_id,
    )


def _pages(appeal: ResultAppeal) -> tuple[str, str]:
    """Return the team's page of the appeal, and the office's."""
    code = appeal.publication.round.contest.code
    team = f"/entries/{appeal.entry_id}/results/{appeal.publication_id}/appeal"
    return team, f"/contests/{code}/result-appeals/{appeal.id}"


@message("result_appeal_filed", sample=_SAMPLE | {"name": "Lâm Hoài Thảo"})
def result_appeal_filed(appeal: ResultAppeal, officers: Iterable[int], *, at: datetime) -> None:
    """Ask those who may decide to look at an appeal (where nobody may, every officer); confirm it to the team."""
    team, desk = _pages(appeal)
    contest_id = appeal.entry.contest_id
    _tell(
        "result_appeal_filed",
        appeal,
        list(officers) or office(contest_id, "organiser", "approver"),
        desk,
        at,
        name=appeal.filed_by_name,
    )
    _tell("result_appeal_filed", appeal, people_of(appeal.entry_id), team, at, name=appeal.filed_by_name)


@message("result_appeal_decided", sample=_SAMPLE | {"upheld": True, "reason": "Phiếu chấm nhập sai cột."}, urgent=True)
def result_appeal_decided(appeal: ResultAppeal, *, at: datetime) -> None:
    """Tell the team and the office how an appeal ended, and why."""
    team, desk = _pages(appeal)
    told = {"upheld": appeal.state == "upheld", "reason": appeal.outcome or ""}
    people = people_of(appeal.entry_id)
    _tell("result_appeal_decided", appeal, people, team, at, **told)
    staff = office(appeal.entry.contest_id, "organiser", "secretary", "chair", "approver", about=appeal.entry)
    _tell("result_appeal_decided", appeal, [one for one in staff if one not in people], desk, at, **told)
