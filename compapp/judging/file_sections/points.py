"""``points`` and ``votes``: figures given outside the sheets, by round code."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Contest, Round
from compapp.core.db import session
from compapp.core.numbers import exact
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging.models import ExtraPoint, VoteResult
from compapp.judging.services.figures import update_figure

Json = Mapping[str, Any]


def check_points(data: Mapping[str, Sequence[Json]], document: Json) -> list[Fault]:
    """Return what the schema cannot see: kinds of point of the round itself, within its maximum, given once."""
    declared = {
        piece["code"]: {extra["code"]: extra for extra in piece.get("extra_points") or ()}
        for piece in document.get("rounds") or ()
    }
    faults: list[Fault] = []
    for code, points in data.items():
        seen: set[tuple[str, str]] = set()
        for index, point in enumerate(points):
            path = f"points.{code}[{index}]"
            extra = declared.get(code, {}).get(point["code"])
            if extra is None:
                faults.append(Fault(f"{path}.code", N_("The round declares no such extra points.")))
            elif extra.get("from_vote"):
                faults.append(Fault(f"{path}.code", N_("These points come from the public vote.")))
            elif not 0 <= exact(point["value"]) <= exact(extra["max"]):
                params = {"most": str(extra["max"])}
                faults.append(Fault(f"{path}.value", N_("The value lies between 0 and %(most)s."), params))
            if (point["entry"], point["code"]) in seen:
                faults.append(Fault(path, N_("An entry gets one kind of extra points once in a round.")))
            seen.add((point["entry"], point["code"]))
    return faults


def load_points(contest: Contest, data: Mapping[str, Sequence[Json]], context: ImportContext) -> None:
    """Add the extra points and bring the kept figures up to date."""
    for code, points in data.items():
        round_ = context.round(code)
        entries = [context.entry(point["entry"]).id for point in points]
        for entry_id, point in zip(entries, points, strict=True):
            session().add(
                ExtraPoint(
                    round_id=round_.id,
                    entry_id=entry_id,
                    code=point["code"],
                    value_text=str(point["value"]),
                    definition=dict(point),
                )
            )
        session().flush()
        for entry_id in sorted(set(entries)):
            update_figure(round_, entry_id)


def write_points(contest: Contest) -> Any:
    """Return the extra points by round code, as they came."""
    rows = session().execute(
        select(Round.code, ExtraPoint.definition)
        .join(Round, Round.id == ExtraPoint.round_id)
        .where(Round.contest_id == contest.id)
        .order_by(Round.position, ExtraPoint.id)
    )
    return _by_round((code, dict(piece)) for code, piece in rows)


def check_votes(data: Mapping[str, Sequence[Json]], document: Json) -> list[Fault]:
    """Return a fault for votes in a round that is no public vote, or an entry that stands twice."""
    kinds = {piece["code"]: piece.get("kind") for piece in document.get("rounds") or ()}
    faults: list[Fault] = []
    for code, votes in data.items():
        if kinds.get(code) not in (None, "public_vote"):
            faults.append(Fault(f"votes.{code}", N_("This round is not a public vote.")))
        seen: set[str] = set()
        for index, vote in enumerate(votes):
            if vote["entry"] in seen:
                faults.append(
                    Fault(f"votes.{code}[{index}].entry", N_("An entry stands once in the votes of a round."))
                )
            seen.add(vote["entry"])
    return faults


def load_votes(contest: Contest, data: Mapping[str, Sequence[Json]], context: ImportContext) -> None:
    """Add the votes."""
    for code, votes in data.items():
        round_ = context.round(code)
        for vote in votes:
            session().add(
                VoteResult(
                    round_id=round_.id,
                    entry_id=context.entry(vote["entry"]).id,
                    votes=vote["votes"],
                    definition=dict(vote),
                )
            )
    session().flush()


def write_votes(contest: Contest) -> Any:
    """Return the votes by round code, in the order in which they came."""
    rows = session().execute(
        select(Round.code, Entry.code, VoteResult.votes)
        .select_from(VoteResult)
        .join(Round, Round.id == VoteResult.round_id)
        .join(Entry, Entry.id == VoteResult.entry_id)
        .where(Round.contest_id == contest.id)
        .order_by(Round.position, VoteResult.id)
    )
    return _by_round((code, {"entry": entry, "votes": votes}) for code, entry, votes in rows)


def _by_round(pairs: Iterable[tuple[str, dict[str, Any]]]) -> Any:
    written: dict[str, list[dict[str, Any]]] = {}
    for code, piece in pairs:
        written.setdefault(code, []).append(piece)
    return written or None
