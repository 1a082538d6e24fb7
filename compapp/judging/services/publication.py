"""Publishing a decision: one transaction freezes it, opens the places and lets the messages go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from compapp.contests.lifecycle import CONTEST, ROUND
from compapp.contests.models import Round
from compapp.core import audit, outbox
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound, Refused
from compapp.core.files import Blob
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.judging import policy
from compapp.judging.lifecycle import APPROVED, DRAFT, PUBLISHED, SHORTLIST
from compapp.judging.models import Publication, Shortlist
from compapp.judging.notifications import results as notices
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import (
    entry_names,
    latest_publication,
    locked_shortlist,
    next_round,
    publication_of_shortlist,
    publications_of,
)
from compapp.judging.queries.standings import stored_sheets
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.fingerprint import seal
from compapp.judging.scoring.model import SheetAdder
from compapp.judging.services.awards import read_lines, store_awards
from compapp.judging.services.content import build_content, difference, publication_number, scoring_of
from compapp.judging.services.places import open_places
from compapp.judging.services.shortlist import unchanged_inputs

PUBLIC_AFTER = timedelta(minutes=30)
"""Teams read their own result first; the public page opens this much later (domain.md 4.1)."""


@dataclass(frozen=True)
class DecisionPaper:
    """The signed decision on paper: its number, date, signer, and a scan where there is one."""

    number: str | None = None
    signed_on: date | None = None
    signer: str | None = None
    scan: Blob | None = None


def publish(
    shortlist: Shortlist,
    *,
    paper: DecisionPaper | None = None,
    confirm_by: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Publication:
    """Publish an approved decision: publication, round, places, awards, messages in the caller's transaction.

    ``confirm_by`` is until when teams confirm their place (default: three days, or half the time to the next
    round). Raises Refused without the right, Closed for a decision that is not approved, Conflict when scores
    have changed since. A second press gets the same publication.
    """
    found = locked_shortlist(shortlist.id)
    if found is None:
        raise NotFound(N_("There is no such decision."))
    round_ = found.round
    if not policy.may_publish(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the approver, the chair or the organiser may publish."))
    if found.state == PUBLISHED:
        earlier = publication_of_shortlist(found.id)
        if earlier is not None:
            return earlier
    if found.state != APPROVED:
        raise Closed(N_("This decision has not been approved by a second person yet."))
    if confirm_by is not None and confirm_by <= at:
        raise Invalid(fields={"confirm_by": [(N_("This moment lies in the past."), {})]})
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    inputs = unchanged_inputs(found)
    move(found, SHORTLIST, "publish", actor=actor, at=at, contest_id=round_.contest_id)
    lines = read_lines(found.awards)
    content = build_content(inputs, found, lines)
    publication = _freeze(found, content, inputs.hash, paper or DecisionPaper(), actor=actor, at=at)
    if lines:
        store_awards(publication, round_, lines, entry_names(round_.contest_id), actor=actor, at=at)
    _close_round(round_, actor=actor, at=at)
    open_places(round_, found, confirm_by=confirm_by, actor=actor, at=at)
    outbox.release(notices.hold_key(found), at=at)
    return publication


def _freeze(
    shortlist: Shortlist,
    content: Mapping[str, Any],
    inputs_hash: str,
    paper: DecisionPaper,
    *,
    actor: Actor,
    at: datetime,
) -> Publication:
    """Write the publication, sealed onto the one before it."""
    before = latest_publication(shortlist.round_id)
    number = publication_number(before)
    publication = Publication(
        round_id=shortlist.round_id,
        number=number,
        shortlist_id=shortlist.id,
        content=dict(content),
        inputs_hash=inputs_hash,
        content_hash=seal(
            content, number=number, inputs_hash=inputs_hash, previous=before.content_hash if before else ""
        ),
        difference=difference(before.content, content) if before else {},
        reason=shortlist.reason if before else "",
        decision_number=_line(paper.number),
        decision_date=paper.signed_on,
        decision_signer=_line(paper.signer),
        scan_blob_id=paper.scan.id if paper.scan is not None else None,
        published_at=at,
        public_from=at + PUBLIC_AFTER,
        published_by_name=actor.name,
    )
    session().add(publication)
    session().flush()
    audit.record(
        "judging.publication.publish",
        publication,
        actor=actor,
        at=at,
        contest_id=shortlist.round.contest_id,
        data={
            "round": shortlist.round.code,
            "number": number,
            "content": publication.content_hash,
            "inputs": inputs_hash,
            "concerned": publication.difference.get("concerned", []),
        },
    )
    return publication


def _line(text: str | None) -> str | None:
    return nfc(text).strip()[:200] or None if text else None


def _close_round(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Move the round to published (a correction finds it there), and the contest to decided with its last round."""
    if ROUND.allows("publish", round_.state):
        move(round_, ROUND, "publish", actor=actor, at=at)
    if next_round(round_) is None and CONTEST.allows("decide", round_.contest.state):
        move(round_.contest, CONTEST, "decide", actor=actor, at=at, contest_id=round_.contest_id)


def verify_publication(publication: Publication) -> bool:
    """Whether a publication still holds (safety.md I7): its seal, its own sums, and the stored sheets behind them.

    Sheets that were voided or given back after it are compared as they were frozen; their correction is a
    publication of its own.
    """
    return not publication_faults(publication)


def publication_faults(publication: Publication) -> list[str]:
    """Return a sentence (English, for doctor) per fault of a publication."""
    chain = publications_of(publication.round_id)
    before = next((one for one in chain if one.number == publication.number - 1), None)
    content = publication.content
    expected = seal(
        content,
        number=publication.number,
        inputs_hash=publication.inputs_hash,
        previous=before.content_hash if before is not None else "",
    )
    name = f"publication {publication.id} ({content.get('round')}, no. {publication.number})"
    if expected != publication.content_hash:
        return [f"{name}: the content is not what was sealed"]
    try:
        found = _sums_hold(content) and _sheets_hold(publication, is_newest=publication.number == chain[-1].number)
    except (ScoringFault, KeyError) as fault:
        return [f"{name}: cannot be reckoned again: {fault}"]
    return [] if found else [f"{name}: its figures do not follow from the stored sheets"]


def _sums_hold(content: Mapping[str, Any]) -> bool:
    """Whether the frozen sheets and rule give exactly the published rows."""
    tables = scoring_of(content).standings(content["round"])
    for board in content["boards"]:
        again = [row.as_file_row() for row in tables.get(board["code"], [])]
        shown = [{key: row[key] for key in again[0]} for row in board["rows"]] if again else []
        if again != shown or len(again) != len(board["rows"]):
            return False
    return True


def _sheets_hold(publication: Publication, *, is_newest: bool) -> bool:
    """Whether the frozen sheets are those that are stored."""
    frozen = scoring_of(publication.content).rounds
    adders = {code: SheetAdder(side.rule.rubric) for code, side in frozen.items()}
    contest_id = publication.round.contest_id
    stored = stored_sheets(contest_id, tuple(sorted(frozen)))
    for code, side in frozen.items():
        for sheet in side.sheets:
            kept = stored.get((code, sheet.entry, sheet.judge))
            if kept is None:
                return False
            total, state = kept
            if sheet.valid and state != DRAFT and total != adders[code].total(sheet) and is_newest:
                return False
    return True
