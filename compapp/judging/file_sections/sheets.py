"""``sheets``: a map of round code to score sheets, exported in the form in which they came."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import moment
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Contest, Round
from compapp.core.actor import CONTEST, Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import session
from compapp.core.errors import Refused
from compapp.core.numbers import exact
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging.lifecycle import DRAFT, ONLINE, OPEN, PAPER, SUBMITTED, UNCONFIRMED, VOID
from compapp.judging.models import Assignment, Seat, Sheet
from compapp.judging.queries.hall import is_being_held
from compapp.judging.queries.rounds import card_of
from compapp.judging.scoring.card import Card, number_text, read_card
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.modes import sheet_rubric
from compapp.judging.services.figures import update_round

Json = Mapping[str, Any]


def check_sheets(data: Mapping[str, Sequence[Json]], document: Json) -> list[Fault]:
    """Return what the schema cannot see: one sheet per entry and judge, scores on the rubric's scale."""
    faults: list[Fault] = []
    rubrics = {piece["code"]: piece for piece in document.get("rubrics") or ()}
    used = {piece["code"]: _rubric(piece, rubrics) for piece in document.get("rounds") or ()}
    for code, sheets in data.items():
        card = _card(used.get(code))
        seen: set[tuple[str, str]] = set()
        for index, sheet in enumerate(sheets):
            path = f"sheets.{code}[{index}]"
            pair = (sheet["entry"], sheet["judge"])
            if pair in seen:
                faults.append(Fault(path, N_("An entry and a judge meet at most once in a round.")))
            seen.add(pair)
            if sheet.get("void") and not (sheet.get("reason") or "").strip():
                faults.append(Fault(f"{path}.reason", N_("A void sheet says why.")))
            if sheet.get("scores") is not None and not used.get(code):
                faults.append(Fault(f"{path}.scores", N_("The round has no rubric to score by.")))
            faults += _sheet_faults(sheet, card, path)
    return faults


def _rubric(round_piece: Json, rubrics: Mapping[str, Json]) -> Json | None:
    """Return what the sheets of a round are filled in by: its mode's own sheet, or a rubric of the file."""
    try:
        return sheet_rubric(round_piece) or rubrics.get(round_piece.get("rubric") or "")
    except ScoringFault:
        return None


def _card(rubric: Json | None) -> Card | None:
    try:
        return None if rubric is None else read_card(rubric)
    except ScoringFault:
        return None


def _sheet_faults(sheet: Json, card: Card | None, path: str) -> list[Fault]:
    scores, total = sheet.get("scores"), sheet.get("total")
    if scores is not None and total is not None:
        return [Fault(path, N_("A sheet has either scores or a total, not both."))]
    if scores is None and total is None and sheet.get("submitted") is not False:
        return [Fault(path, N_("A sheet has either scores or a total."))]
    if card is None:
        return []
    if total is not None:
        if not 0 <= exact(total) <= card.rubric.maximum:
            most = number_text(card.rubric.maximum)
            return [Fault(f"{path}.total", N_("The total lies between 0 and %(most)s."), {"most": most})]
        return []
    texts = {code: _text(value) for code, value in (scores or {}).items()}
    faults = [Fault(f"{path}.scores.{code}", *sentences[0]) for code, sentences in card.score_faults(texts).items()]
    if sheet.get("submitted") is not False:
        faults += [
            Fault(f"{path}.scores.{line.code}", N_("This score is missing."))
            for line in card.lines
            if line.code not in texts
        ]
    return faults


def _text(value: float | int) -> str:
    """Return a JSON number as the text that is stored: the decimals that stand in the file."""
    return number_text(exact(value))


def load_sheets(contest: Contest, data: Mapping[str, Sequence[Json]], context: ImportContext) -> None:
    """Add the sheets with their assignments, and reckon the kept figures."""
    for code, sheets in data.items():
        round_ = context.round(code)
        card = card_of(contest, round_)
        standing = {
            (row.entry_id, row.seat_id)
            for row in session().scalars(select(Assignment).where(Assignment.round_id == round_.id))
        }
        positions: dict[int, int] = {}
        for piece in sheets:
            entry, seat = context.entry(piece["entry"]), context.seat(piece["judge"])
            if (entry.id, seat.id) not in standing:
                positions[seat.id] = positions.get(seat.id, 0) + 1
                session().add(_assignment(round_, entry, seat, positions[seat.id], context))
            session().add(_sheet(piece, round_, entry, seat, card, context))
        session().flush()
        update_round(contest, round_)
    session().flush()


def _assignment(round_: Round, entry: Entry, seat: Seat, position: int, context: ImportContext) -> Assignment:
    return Assignment(
        round_id=round_.id,
        entry_id=entry.id,
        seat_id=seat.id,
        state=OPEN,
        position=position,
        assigned_at=context.at,
    )


def _sheet(piece: Json, round_: Round, entry: Entry, seat: Seat, card: Card | None, context: ImportContext) -> Sheet:
    scores = {code: _text(value) for code, value in (piece.get("scores") or {}).items()}
    state = VOID if piece.get("void") else DRAFT if piece.get("submitted") is False else SUBMITTED
    saved_at = _submitted_at(piece) or min(max(context.at, round_.opens_at), round_.closes_at)
    return Sheet(
        round_id=round_.id,
        entry_id=entry.id,
        seat_id=seat.id,
        state=state,
        source=PAPER if piece.get("total") is not None else ONLINE,
        scores=scores,
        comments=dict(piece.get("comments") or {}),
        comment=piece.get("comment") or "",
        comment_to_jury=piece.get("comment_to_jury") or "",
        total=_total(piece, scores, card),
        total_text=piece.get("total"),
        version=1,
        saved_at=saved_at,
        submitted_at=saved_at if state == SUBMITTED else None,
        void_reason=piece.get("reason"),
        definition=dict(piece),
    )


def _submitted_at(piece: Json) -> datetime | None:
    given = piece.get("submitted")
    return moment(given) if isinstance(given, dict | str) else None


def _total(piece: Json, scores: Mapping[str, str], card: Card | None) -> Fraction | None:
    if piece.get("total") is not None:
        return exact(piece["total"])
    if card is None or len(scores) < len(card.lines):
        return None
    return card.total(scores)


def write_sheets(contest: Contest) -> Any:
    """Return every sheet by round; one that came from a file as it came, but for what changed since.

    Raises Refused for somebody at a browser, but the chair, while teams pitch: the file would hold their figures.
    """
    _refuse_while_teams_pitch(contest, current_actor())
    rows = session().execute(
        select(Sheet, Round.code, Entry.code, Seat.code)
        .join(Round, Round.id == Sheet.round_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Round.contest_id == contest.id)
        .order_by(Round.position, Sheet.id)
    )
    written: dict[str, list[dict[str, Any]]] = {}
    for sheet, round_code, entry, judge in rows:
        written.setdefault(round_code, []).append(_piece(sheet, entry, judge))
    return written or None


def _refuse_while_teams_pitch(contest: Contest, actor: Actor) -> None:
    if not actor.is_signed_in or actor.has("chair", CONTEST, contest.id):
        return
    if any(is_being_held(contest.id, one.code, now()) for one in contest.rounds if one.kind == "live_pitch"):
        raise Refused(
            N_("While teams pitch, the file would hold figures that the chair alone sees. Export it afterwards.")
        )


def _piece(sheet: Sheet, entry: str, judge: str) -> dict[str, Any]:
    kept = dict(sheet.definition)
    if kept and _unchanged(sheet, kept):
        return kept
    piece: dict[str, Any] = {"entry": entry, "judge": judge}
    if sheet.total_text is not None:
        piece["total"] = sheet.total_text
    elif sheet.scores or sheet.state != DRAFT:
        piece["scores"] = {code: _number(text) for code, text in sheet.scores.items()}
    for key, value in (
        ("comment", sheet.comment),
        ("comments", dict(sheet.comments)),
        ("comment_to_jury", sheet.comment_to_jury),
    ):
        if value:
            piece[key] = value
    if sheet.state == VOID:
        piece |= {"void": True, "reason": sheet.void_reason or ""}
    if sheet.state in (DRAFT, UNCONFIRMED) or (sheet.state == VOID and sheet.total is None):
        piece["submitted"] = False
    elif sheet.submitted_at is not None:
        piece["submitted"] = {"at": sheet.submitted_at.isoformat()}
    return piece


def _unchanged(sheet: Sheet, kept: Json) -> bool:
    """Whether the sheet still is what the file said of it."""
    scores = {code: _text(value) for code, value in (kept.get("scores") or {}).items()}
    state = VOID if kept.get("void") else DRAFT if kept.get("submitted") is False else SUBMITTED
    return (
        (sheet.scores, sheet.total_text, sheet.state) == (scores, kept.get("total"), state)
        and sheet.comment == (kept.get("comment") or "")
        and dict(sheet.comments) == (kept.get("comments") or {})
        and sheet.comment_to_jury == (kept.get("comment_to_jury") or "")
    )


def _number(text: str) -> float | int:
    """Return a stored score as a JSON number."""
    value = Fraction(text)
    return int(value) if value.denominator == 1 else float(value)
