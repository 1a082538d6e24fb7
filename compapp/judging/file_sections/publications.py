"""``chair_decisions`` and ``publications``: what was decided and made public."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import moment
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.lifecycle import PUBLISHED
from compapp.contests.models import Contest, Round
from compapp.core.clock import ZONE
from compapp.core.db import session
from compapp.core.text import N_
from compapp.judging.lifecycle import CONFIRMED, RESERVE
from compapp.judging.models import ChairDecision, Place, Publication, Shortlist
from compapp.judging.queries.results import entry_names, next_round
from compapp.judging.queries.standings import round_inputs
from compapp.judging.scoring.fingerprint import seal
from compapp.judging.services.awards import add_awards, read_lines
from compapp.judging.services.content import build_content
from compapp.judging.services.shortlist import computed_shortlist, reserves_of

Json = Mapping[str, Any]


def check_chair_decisions(data: Sequence[Json], document: Json) -> list[Fault]:
    """Return a fault for an order over several boards, or by nobody, or for no reason."""
    boards = {piece["code"]: piece.get("board") for piece in document.get("entries") or ()}
    votes = {piece["code"] for piece in document.get("rounds") or () if piece.get("kind") == "public_vote"}
    several = [
        Fault(f"chair_decisions[{index}].entries", N_("A tie is decided among the entries of one board."))
        for index, piece in enumerate(data)
        if piece["round"] not in votes and len({boards.get(code) for code in piece["entries"]}) > 1
    ]
    unsaid = [
        Fault(f"chair_decisions[{index}].{key}", N_("A decision names the person and the reason."))
        for index, piece in enumerate(data)
        for key in ("by", "reason")
        if not (piece.get(key) or "").strip()
    ]
    return several + unsaid


def load_chair_decisions(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    """Add the chair's orders of tied entries."""
    for piece in data:
        session().add(
            ChairDecision(
                round_id=context.round(piece["round"]).id,
                entries=list(piece["entries"]),
                reason=piece.get("reason") or "",
                by_name=piece.get("by") or "",
                at=moment(piece.get("at")) or context.at,
                definition=dict(piece),
            )
        )
    session().flush()


def write_chair_decisions(contest: Contest) -> Any:
    """Return the chair's orders, oldest first."""
    rows = session().execute(
        select(ChairDecision, Round.code)
        .join(Round, Round.id == ChairDecision.round_id)
        .where(Round.contest_id == contest.id)
        .order_by(ChairDecision.id)
    )
    return [_decision(row, code) for row, code in rows] or None


def _decision(row: ChairDecision, round_code: str) -> dict[str, Any]:
    if row.definition:
        return dict(row.definition)
    return {
        "round": round_code,
        "entries": list(row.entries),
        "by": row.by_name,
        "reason": row.reason,
        "at": _local(row.at),
    }


def _local(at: datetime) -> dict[str, Any]:
    return {"at": at.astimezone(ZONE).isoformat()}


def check_publications(data: Sequence[Json], document: Json) -> list[Fault]:
    """Return a fault for numbers that do not count up in a round, and for a content that is not what was sealed."""
    faults: list[Fault] = []
    seals: dict[str, tuple[int, str]] = {}
    for index, piece in enumerate(data):
        path = f"publications[{index}]"
        last, previous = seals.get(piece["round"], (0, ""))
        number = piece.get("number", last + 1)
        if number != last + 1:
            faults.append(Fault(f"{path}.number", N_("The publications of a round are numbered from 1 without a gap.")))
        given = piece.get("content_hash") or ""
        if given and piece.get("content") is not None:
            found = seal(piece["content"], number=number, inputs_hash=piece.get("inputs_hash") or "", previous=previous)
            if found != given:
                faults.append(Fault(f"{path}.content_hash", N_("The content is not what was sealed.")))
        seals[piece["round"]] = (number, given)
    return faults


def load_publications(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    """Add the publications; the newest of a round gives its places (as confirmed) and its awards."""
    newest: dict[str, Publication] = {}
    for piece in data:
        round_ = context.round(piece["round"])
        before = newest.get(round_.code)
        publication = _publication(piece, round_, before, context)
        session().add(publication)
        session().flush()
        newest[round_.code] = publication
    for code, publication in newest.items():
        round_ = context.round(code)
        round_.state = PUBLISHED
        _places(round_, publication)
        _awards(round_, publication)
    session().flush()


def _publication(piece: Json, round_: Round, before: Publication | None, context: ImportContext) -> Publication:
    number = 1 if before is None else before.number + 1
    content, inputs_hash = piece.get("content"), piece.get("inputs_hash") or ""
    if not content or "boards" not in content:
        content, inputs_hash = _computed(round_)
    published = moment(piece.get("published")) or round_.closes_at
    paper: Json = piece.get("decision") or {}
    return Publication(
        round_id=round_.id,
        number=number,
        content=dict(content),
        inputs_hash=inputs_hash,
        content_hash=seal(
            content, number=number, inputs_hash=inputs_hash, previous=before.content_hash if before else ""
        ),
        difference=dict(piece.get("difference") or {}),
        reason=piece.get("reason") or "",
        decision_number=paper.get("number"),
        decision_date=date.fromisoformat(paper["date"]) if paper.get("date") else None,
        decision_signer=paper.get("signer"),
        published_at=published,
        public_from=moment(piece.get("public_from")) or published,
        published_by_name=piece.get("by") or context.actor.name,
        definition=dict(piece),
    )


def _computed(round_: Round) -> tuple[dict[str, Any], str]:
    """Return the content that the imported sheets give, where the file says only that there was a publication."""
    inputs = round_inputs(round_)
    computed = computed_shortlist(inputs)
    shortlist = Shortlist(
        round_id=round_.id,
        computed=computed,
        decided=computed,
        reserves=reserves_of(inputs, computed, entry_names(round_.contest_id)),
        reason="",
        prepared_by_name="",
    )
    return build_content(inputs, shortlist, []), inputs.hash


def _places(round_: Round, publication: Publication) -> None:
    if next_round(round_) is None:
        return
    names = entry_names(round_.contest_id)
    for state, lists in (
        (CONFIRMED, publication.content.get("decided")),
        (RESERVE, publication.content.get("reserves")),
    ):
        for codes in (lists or {}).values():
            for rank, code in enumerate(codes, 1):
                session().add(
                    Place(
                        round_id=round_.id,
                        entry_id=names[code].id,
                        state=state,
                        reserve_rank=rank if state == RESERVE else None,
                    )
                )


def _awards(round_: Round, publication: Publication) -> None:
    lines, names = read_lines(publication.content.get("awards") or []), entry_names(round_.contest_id)
    add_awards(round_, lines, names, by_name=publication.published_by_name, at=publication.published_at)


def write_publications(contest: Contest) -> Any:
    """Return everything published, in order; one that came from a file as it came."""
    rows = session().execute(
        select(Publication, Round.code)
        .join(Round, Round.id == Publication.round_id)
        .where(Round.contest_id == contest.id)
        .order_by(Publication.id)
    )
    return [dict(row.definition) if row.definition else _written(row, code) for row, code in rows] or None


def _written(row: Publication, round_code: str) -> dict[str, Any]:
    piece: dict[str, Any] = {
        "round": round_code,
        "number": row.number,
        "published": _local(row.published_at),
        "public_from": _local(row.public_from),
        "by": row.published_by_name,
        "reason": row.reason,
        "content": row.content,
        "difference": row.difference,
        "content_hash": row.content_hash,
        "inputs_hash": row.inputs_hash,
    }
    paper = {
        "number": row.decision_number,
        "date": row.decision_date.isoformat() if row.decision_date else None,
        "signer": row.decision_signer,
    }
    if any(paper.values()):
        piece["decision"] = {key: value for key, value in paper.items() if value}
    return piece
