"""Messages about appeals against results. None names a judge; each leads to its reader's own page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.core.messages import message
from compapp.entries.queries import people_of
from compapp.judging.models import ResultAppeal
from compapp.judging.notifications.audience import office
from compapp.judging.notifications.posting import CONTEST, ROUND, TITLE, tell

_SAMPLE = {"contest": CONTEST, "round": ROUND, "title": TITLE, "path": "/entries/1/results/1/appeal"}


def _tell(kind: str, appeal: ResultAppeal, people: Iterable[int], path: str, at: datetime, **data: Any) -> int:
    about, version = ("result_appeal", appeal.id), path.split("/")[1]
    title = appeal.entry.title
    return tell(kind, appeal.publication.round, people, about, version=version, path=path, at=at, title=title, **data)


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
