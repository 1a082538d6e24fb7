"""Papers of a round's result: what they are written from, and the record of who took one."""

from datetime import datetime
from typing import Any

from compapp.contests.definition import RoundRule
from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound, Refused
from compapp.core.text import N_, nfc
from compapp.judging import policy
from compapp.judging.lifecycle import APPROVED
from compapp.judging.models import IssuedPaper, Publication, Sheet
from compapp.judging.papers import NAMES_NO_TEAM, NUMBERED
from compapp.judging.queries.issued import issued_paper
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import hidden_entries, latest_publication, open_shortlist
from compapp.judging.services.awards import read_lines
from compapp.judging.services.content import build_content
from compapp.judging.services.publication import DecisionPaper
from compapp.judging.services.rights import must_know
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


def bare_result(round_: Round) -> dict[str, Any]:
    """Return the content of a round of which nothing is decided, for papers that tell of its jury alone."""
    label = dict(RoundRule.of(round_).label)
    return {"label": label, "boards": [], "awards": [], "computed": {}, "decided": {}, "reason": "", "basis": {}}


def issue_paper(
    publication: Publication, kind: str, paper: DecisionPaper, *, actor: Actor, at: datetime
) -> IssuedPaper:
    """Enter the number, date, signer and scan that the office gave a paper of a publication; a later entry corrects.

    Raises Refused without the right, NotFound for a paper that has no number, Invalid where one of them is missing.
    """
    round_ = publication.round
    if not policy.may_take_papers(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only organiser, secretary and chair take the papers of a result."))
    if kind not in NUMBERED:
        raise NotFound(N_("There is no such paper."))
    number, signer = nfc(paper.number or "").strip()[:60], nfc(paper.signer or "").strip()[:200]
    missing = {"number": not number, "signed_on": paper.signed_on is None, "signer": not signer}
    if any(missing.values()):
        raise Invalid(fields={name: [(N_("This field is required."), {})] for name, lacks in missing.items() if lacks})
    row = issued_paper(publication.id, kind)
    before = None if row is None else {"number": row.number, "dated": row.dated.isoformat(), "signer": row.signer}
    if row is None:
        row = IssuedPaper(publication_id=publication.id, kind=kind)
        session().add(row)
    row.number, row.dated, row.signer = number, paper.signed_on or at.date(), signer
    row.scan_blob_id = paper.scan.id if paper.scan is not None else row.scan_blob_id
    row.entered_at, row.entered_by_name = at, actor.name
    session().flush()
    data = {"round": round_.code, "paper": kind, "number": number, "dated": row.dated.isoformat(), "before": before}
    audit.record("judging.paper.issue", row, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    return row


def note_paper(round_: Round, kind: str, *, actor: Actor, at: datetime) -> None:
    """Record that somebody took a paper with names and figures. Raises Refused without the right.

    Whoever has a conflict with an entry of the contest gets no paper that tells of it: somebody else takes it.
    """
    if not policy.may_take_papers(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only organiser, secretary and chair take the papers of a result."))
    if hidden_entries(round_.contest_id, actor.person_id):
        raise Refused(N_("You have a conflict of interest with an entry of this contest; somebody else must take it."))
    if _is_blind_to(round_, actor) and kind not in NAMES_NO_TEAM:
        raise Refused(N_("This paper names teams. Until the decision is approved, organiser or secretary takes it."))
    data = {"round": round_.code, "paper": kind}
    audit.record("judging.paper.take", round_, actor=actor, at=at, contest_id=round_.contest_id, data=data)


def note_sheet_paper(sheet: Sheet, *, actor: Actor, at: datetime) -> None:
    """Record that somebody took a sheet as a paper. Raises Refused without the right, NotFound with a conflict."""
    round_ = sheet.round
    if not policy.may_take_papers(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only organiser, secretary and chair take the papers of a result."))
    must_know(actor, sheet.entry)
    data = {"round": round_.code, "paper": "sheet", "judge": sheet.seat.code, "entry": sheet.entry.code}
    audit.record("judging.paper.take", sheet, actor=actor, at=at, contest_id=round_.contest_id, data=data)


def _is_blind_to(round_: Round, actor: Actor) -> bool:
    """Whether who the teams are is still hidden: from the chair of a blind round, until the decision is approved."""
    waiting = open_shortlist(round_.id)
    if waiting is None or waiting.state == APPROVED or actor.has_any(_SEES_TEAMS, CONTEST, round_.contest_id):
        return False
    return RoundRule.of(round_).blind.hide_team_names
