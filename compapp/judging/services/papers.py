"""Papers of a round's result: what they are written from, and the record of who took one."""

from datetime import datetime
from typing import Any

from compapp.contests.definition import RoundRule
from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import CONTEST, Actor
from compapp.core.errors import Closed, Refused
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import APPROVED
from compapp.judging.models import Publication
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import hidden_entries, latest_publication, open_shortlist
from compapp.judging.services.awards import read_lines
from compapp.judging.services.content import build_content
from compapp.judging.services.standings import read_inputs

_SEES_TEAMS = frozenset({"organiser", "secretary"})


def has_result(round_: Round) -> bool:
    """Whether there is a decision, prepared or published, that papers can tell of."""
    return open_shortlist(round_.id) is not None or latest_publication(round_.id) is not None


def result_to_write(round_: Round) -> tuple[dict[str, Any], Publication | None]:
    """Return what papers tell: the decision that is being prepared, else the newest publication.

    Raises Closed where neither exists.
    """
    waiting = open_shortlist(round_.id)
    if waiting is not None:
        return build_content(read_inputs(round_), waiting, read_lines(waiting.awards)), None
    publication = latest_publication(round_.id)
    if publication is None:
        raise Closed(N_("No decision has been prepared in this round yet; the papers are written from it."))
    return dict(publication.content), publication


def note_paper(round_: Round, kind: str, *, actor: Actor, at: datetime) -> None:
    """Record that somebody took a paper with names and figures. Raises Refused without the right.

    Whoever has a conflict with an entry of the contest gets no paper that tells of it: somebody else takes it.
    """
    if not policy.may_take_papers(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only organiser, secretary and chair take the papers of a result."))
    if hidden_entries(round_.contest_id, actor.person_id):
        raise Refused(N_("You have a conflict of interest with an entry of this contest; somebody else must take it."))
    if _is_blind_to(round_, actor) and kind != "fees":
        raise Refused(N_("This paper names teams. Until the decision is approved, organiser or secretary takes it."))
    data = {"round": round_.code, "paper": kind}
    audit.record("judging.paper.take", round_, actor=actor, at=at, contest_id=round_.contest_id, data=data)


def _is_blind_to(round_: Round, actor: Actor) -> bool:
    """Whether who the teams are is still hidden: from the chair of a blind round, until the decision is approved."""
    waiting = open_shortlist(round_.id)
    if waiting is None or waiting.state == APPROVED or actor.has_any(_SEES_TEAMS, CONTEST, round_.contest_id):
        return False
    return RoundRule.of(round_).blind.hide_team_names
