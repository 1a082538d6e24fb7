"""The ``placements`` section: who was offered which place, what came of it, and who waits where.

What came with a file is kept beside what it means (a :class:`MatchRun` of state ``imported``), so that an item
that nothing has changed since is written back as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import moment
from compapp.contests.file import registry
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext, Section
from compapp.contests.models import Contest
from compapp.core.clock import ZONE
from compapp.core.db import session
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.placement.lifecycle import IMPORTED, LIVE, OFFER, OFFERED, ORIGINS, WAITING
from compapp.placement.models import Intake, MatchRun, Offer, Preference, PreferenceList, WaitingPlace
from compapp.placement.queries import intakes_of, offers_of_contest, waiting_of_contest, wishes_of_entries

Json = Mapping[str, Any]
Key = tuple[str, str | None, bool]
"""Entry code, incubator code (None: none), and whether it is a wish rather than an offer."""

NO_OFFER = "waiting"
"""The state of an item without an incubator: the team has no place."""
WISHED = "wished"
"""The state of an item of a list that the team stated; ``rank`` says where. Without an incubator: it wants none."""


def check(data: Sequence[Json], document: Json) -> list[Fault]:
    """Return a fault for unknown states, for pairs that stand twice and for more places given than there are."""
    faults: list[Fault] = []
    seen: set[Key] = set()
    given: dict[str, int] = {}
    for index, piece in enumerate(data):
        path, key = f"placements[{index}]", _key(piece)
        if key in seen:
            faults.append(Fault(path, N_("This entry and incubator stand here already.")))
        seen.add(key)
        state = _state(piece)
        if state not in OFFER.states and state not in (NO_OFFER, WISHED):
            faults.append(Fault(f"{path}.state", N_("“%(state)s” is no state of an offer."), {"state": state}))
        if piece.get("incubator") is not None and state in LIVE:
            given[piece["incubator"]] = given.get(piece["incubator"], 0) + 1
    for index, piece in enumerate(document.get("incubators") or ()):
        free = piece["capacity"] - (piece.get("occupied") or 0)
        if given.get(piece["code"], 0) > free:
            params = {"given": given[piece["code"]], "free": free}
            faults.append(
                Fault(f"incubators[{index}].capacity", N_("%(given)s places are given, %(free)s are free."), params)
            )
    return faults


def _state(piece: Json) -> str:
    state: str = piece.get("state") or (NO_OFFER if piece.get("incubator") is None else OFFERED)
    return state


def _key(piece: Json) -> Key:
    return piece["entry"], piece.get("incubator"), piece.get("state") == WISHED


def load(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    """Add offers and waiting lists with their own times; accepted ones count as places given."""
    run = MatchRun(
        contest_id=contest.id,
        state=IMPORTED,
        inputs={"placements": list(data)},
        inputs_hash="",
        result={},
        computed_at=context.at,
        computed_by_id=context.actor.person_id,
        computed_by_name=context.actor.name,
    )
    session().add(run)
    session().flush()
    _load_wishes(data, context)
    lists: dict[str, int] = {}
    for piece in data:
        entry = context.entry(piece["entry"])
        if piece.get("incubator") is not None and _state(piece) in OFFER.states:
            _load_offer(piece, entry.id, run, context)
        for code in dict.fromkeys(piece.get("waiting") or ()):
            lists[code] = lists.get(code, 0) + 1
            intake = context.row("intake", code)
            session().add(
                WaitingPlace(
                    intake_id=intake.id, entry_id=entry.id, position=lists[code], state=WAITING, since=context.at
                )
            )
    session().flush()
    items, waiting = _items(contest), _waiting(contest)
    run.result = {"meant": [_meant(piece, items, waiting) for piece in data]}
    session().flush()


def _meant(piece: Json, items: Mapping[Key, Json], waiting: Mapping[str, list[str]]) -> list[Any]:
    """Return what an item of a file stands for: the offer, and the lists it names."""
    lists = waiting.get(piece["entry"]) if piece.get("waiting") else None
    return [items.get(_key(piece)), lists]


def _load_wishes(data: Sequence[Json], context: ImportContext) -> None:
    stated: dict[str, list[tuple[int, str]]] = {}
    for piece in data:
        if piece.get("state") == WISHED:
            wishes = stated.setdefault(piece["entry"], [])
            if piece.get("incubator") is not None:
                wishes.append((piece.get("rank", len(wishes) + 1), piece["incubator"]))
    for code, wishes in stated.items():
        entry_id = context.entry(code).id
        session().add(PreferenceList(entry_id=entry_id, stated_at=context.at, stated_by_name=context.actor.name))
        for rank, (_, incubator) in enumerate(sorted(wishes), start=1):
            intake_id = context.row("intake", incubator).id
            session().add(Preference(entry_id=entry_id, intake_id=intake_id, rank=rank, stated_at=context.at))


def _load_offer(piece: Json, entry_id: int, run: MatchRun, context: ImportContext) -> None:
    intake: Intake = context.row("intake", piece["incubator"])
    state = _state(piece)
    offered = moment(piece.get("offered")) or context.at
    answered = moment(piece.get("answered"))
    session().add(
        Offer(
            entry_id=entry_id,
            intake_id=intake.id,
            run_id=run.id,
            origin=piece["origin"] if piece.get("origin") in ORIGINS else IMPORTED,
            state=state,
            reason=piece.get("reason") or "",
            offered_at=offered,
            offered_by_name=context.actor.name,
            expires_at=moment(piece.get("expires")) or offered + timedelta(days=intake.offer_valid_days),
            answered_at=answered or (offered if state != OFFERED else None),
        )
    )
    if state in LIVE:
        intake.taken += 1


def write(contest: Contest) -> list[Any]:
    """Return every offer and waiting place; an item of an imported file that still holds comes back as it was."""
    items, waiting = _items(contest), _waiting(contest)
    run = (
        session()
        .scalars(
            select(MatchRun)
            .where(MatchRun.contest_id == contest.id, MatchRun.state == IMPORTED)
            .order_by(MatchRun.id)
            .limit(1)
        )
        .one_or_none()
    )
    written: list[Any] = []
    if run is not None:
        for piece, meant in zip(run.inputs["placements"], run.result["meant"], strict=True):
            now = _meant(piece, items, waiting)
            item = items.pop(_key(piece), None)
            if now == meant:
                written.append(piece)
                if piece.get("waiting"):
                    waiting.pop(piece["entry"], None)
            elif item is not None:
                written.append(item)
    written += items.values()
    return written + [
        {"entry": entry, "incubator": None, "state": NO_OFFER, "waiting": lists} for entry, lists in waiting.items()
    ]


def _items(contest: Contest) -> dict[Key, dict[str, Any]]:
    """Return stated wishes and offers as items of the file, offers in the order in which they were made."""
    offers = sorted(offers_of_contest(contest.id), key=lambda one: (one.offered_at, one.entry.code, one.id))
    codes = [one.code for one in intakes_of(contest.id)]
    wishes = wishes_of_entries({one.entry_id: one.entry for one in offers}.values(), codes)
    found: dict[Key, dict[str, Any]] = _wishes(contest)
    for one in offers:
        found[one.entry.code, one.intake.code, False] = _offer_item(one, wishes[one.entry_id])
    return found


def _wishes(contest: Contest) -> dict[Key, dict[str, Any]]:
    rows = session().execute(
        select(Entry.code, Intake.code, Preference.rank)
        .select_from(PreferenceList)
        .join(Entry, Entry.id == PreferenceList.entry_id)
        .outerjoin(Preference, Preference.entry_id == Entry.id)
        .outerjoin(Intake, Intake.id == Preference.intake_id)
        .where(Entry.contest_id == contest.id)
        .order_by(Entry.code, Preference.rank)
    )
    return {
        (entry, code, True): {"entry": entry, "incubator": code, "state": WISHED, **({"rank": rank} if rank else {})}
        for entry, code, rank in rows
    }


def _waiting(contest: Contest) -> dict[str, list[str]]:
    """Return which lists each team waits on, the teams in an order that agrees with every list."""
    lists: dict[str, list[str]] = {}
    for one in waiting_of_contest(contest.id):
        if one.state == WAITING:
            lists.setdefault(one.intake.code, []).append(one.entry.code)
    found: dict[str, list[str]] = {}
    left = {code: list(teams) for code, teams in lists.items()}
    while any(left.values()):
        heads = [teams[0] for teams in left.values() if teams]
        free = [team for team in heads if not any(team in teams[1:] for teams in left.values())]
        first = (free or heads)[0]
        found[first] = [code for code, teams in lists.items() if first in teams]
        left = {code: [team for team in teams if team != first] for code, teams in left.items()}
    return found


def _offer_item(offer: Offer, wishes: Sequence[str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "entry": offer.entry.code,
        "incubator": offer.intake.code,
        "state": offer.state,
        "origin": offer.origin,
        "offered": _iso(offer.offered_at),
        "expires": _iso(offer.expires_at),
    }
    if offer.intake.code in wishes:
        item["rank"] = list(wishes).index(offer.intake.code) + 1
    if offer.reason:
        item["reason"] = offer.reason
    if offer.answered_at is not None:
        item["answered"] = _iso(offer.answered_at)
    return item


def _iso(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat()


SECTION = Section("placements", registry.PLACEMENTS, check, load, write)
