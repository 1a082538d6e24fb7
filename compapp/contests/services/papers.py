"""Keeping the text of an official paper."""

from datetime import datetime
from typing import Any

from compapp.contests.models import Contest, ContestPaper
from compapp.contests.papers import KINDS
from compapp.contests.queries.papers import paper_of
from compapp.contests.services.rights import must_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, NotFound
from compapp.core.text import N_


def save_paper(
    contest: Contest, kind: str, content: dict[str, Any], *, version: int = 0, actor: Actor, at: datetime
) -> ContestPaper:
    """Keep the edited text of a paper. ``version`` is the one that was edited, 0 for a paper not kept before.

    Raises Refused, NotFound for an unknown kind, Conflict when somebody else has saved since.
    """
    must_manage(actor, contest)
    if kind not in KINDS:
        raise NotFound(N_("There is no such paper."))
    row = paper_of(contest.id, kind)
    if (row.version if row else 0) != version:
        raise Conflict(N_("This has changed in the meantime. Please look at how it stands now."))
    if row is None:
        row = ContestPaper(
            contest_id=contest.id, kind=kind, content=content, version=1, edited_at=at, edited_by_name=actor.name
        )
        session().add(row)
        session().flush()
    else:
        row.content, row.version, row.edited_at, row.edited_by_name = content, version + 1, at, actor.name
    audit.record("contests.paper.saved", row, actor=actor, at=at, contest_id=contest.id, data={"kind": kind})
    return row
