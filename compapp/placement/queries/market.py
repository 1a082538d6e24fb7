"""Everything that decides a matching, read from what stands: wishes, published figures, free places."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging.queries.results import published_hashes
from compapp.judging.queries.rounds import rule_of
from compapp.judging.queries.standings import RoundInputs, inputs_of_rounds
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.modes import method_of
from compapp.placement.lifecycle import LIVE
from compapp.placement.models import Intake
from compapp.placement.queries.rows import free_places, intakes_of, offers_of_contest, plan_of
from compapp.placement.queries.wishes import wishes_of_entries
from compapp.placement.scoring.market import Incubator, Market, Team

TAKES_PART = ("submitted", "eligible")


@dataclass(frozen=True, slots=True)
class Merit:
    """The figure that ranks an entry: of which merit round (0 first), exact (higher is better), as shown."""

    place: int
    round_code: str
    figure: Fraction
    total: str


def merit_rounds(contest: Contest) -> list[str]:
    """Return the codes of the rounds whose figures rank teams, the most important first."""
    return _merit_codes(plan_of(contest.id))


def _merit_codes(plan: Mapping[str, Any]) -> list[str]:
    matching: Mapping[str, Any] = plan.get("matching") or {}
    return [part["round"] for part in matching.get("merit") or ()]


def figures_published(contest: Contest) -> bool:
    """Whether every merit round has been published (and there is one)."""
    codes = merit_rounds(contest)
    rounds = {one.code: one for one in contest.rounds}
    published = published_hashes(rounds[code].id for code in codes if code in rounds)
    return bool(codes) and all(code in rounds and rounds[code].id in published for code in codes)


def merits(contest: Contest, plan: Mapping[str, Any] | None = None) -> dict[str, Merit]:
    """Return the merit of every entry with a published figure in a merit round: entry code to merit.

    Raises Closed before the merit rounds are published, Conflict where standings have changed since.
    """
    codes = _merit_codes(plan_of(contest.id) if plan is None else plan)
    if not codes:
        raise Invalid(N_("The contest names no round whose results rank the teams. Place teams by hand."))
    rounds = {one.code: one for one in contest.rounds}
    published = published_hashes(rounds[code].id for code in codes if code in rounds)
    for code in codes:
        if code not in rounds:
            raise Invalid(N_("The contest has no round “%(code)s”."), code=code)
        if rounds[code].id not in published:
            raise Closed(N_("The results of round %(code)s are not published yet."), code=code)
    found: dict[str, Merit] = {}
    for place, inputs in enumerate(inputs_of_rounds(contest, [rounds[code] for code in codes])):
        for entry, merit in _merits_of_round(inputs, place, published[inputs.round.id]).items():
            found.setdefault(entry, merit)
    return found


def _merits_of_round(inputs: RoundInputs, place: int, published_hash: str) -> dict[str, Merit]:
    round_ = inputs.round
    if published_hash and published_hash != inputs.hash:
        raise Conflict(
            N_("The standings of round %(code)s have changed since they were published. Publish the correction first."),
            code=round_.code,
        )
    try:
        rows = [row for board in inputs.rows.values() for row in board]
    except ScoringFault as fault:
        raise Invalid(N_("The standings cannot be computed: %(fault)s"), fault=str(fault)) from fault
    lower = method_of(rule_of(round_.contest, round_)).lower_is_better
    return {
        row.entry: Merit(place, round_.code, -row.published if lower else row.published, row.total or "")
        for row in rows
        if row.published is not None
    }


@dataclass(frozen=True, slots=True)
class Field:
    """Who and what a matching may bring together: intakes, entries with their sectors, wishes by entry id."""

    intakes: list[Intake]
    entries: list[Entry]
    wishes: dict[int, list[str]]

    def wish_counts(self) -> dict[str, tuple[int, int]]:
        """Return per incubator code how many teams wish it at all, and first."""
        counts: dict[str, tuple[int, int]] = {}
        for codes in self.wishes.values():
            for place, code in enumerate(codes):
                every, first = counts.get(code, (0, 0))
                counts[code] = (every + 1, first + (place == 0))
        return counts


def field_of(contest_id: int) -> Field:
    """Return the field of a contest in three statements."""
    intakes = intakes_of(contest_id)
    entries = list(
        session().scalars(
            select(Entry)
            .where(Entry.contest_id == contest_id, Entry.state.in_(TAKES_PART))
            .options(joinedload(Entry.sector))
            .order_by(Entry.code)
        )
    )
    return Field(intakes, entries, wishes_of_entries(entries, [one.code for one in intakes]))


def matching_inputs(contest: Contest, field: Field | None = None) -> dict[str, Any]:
    """Return all that decides a matching as plain JSON; a constant number of statements.

    Teams that hold a place or an open offer are left out, and so is what a team has declined before.
    ``field`` may be given where it is loaded already.
    """
    plan = plan_of(contest.id)
    ranking = merits(contest, plan)
    field = field or field_of(contest.id)
    intakes, wishes = field.intakes, field.wishes
    entries = [entry for entry in field.entries if entry.code in ranking]
    busy, refused = _offers(contest.id)
    boards = {board.id: board.code for board in contest.boards}
    teams = [
        {
            "entry": entry.code,
            "board": boards[entry.board_id],
            "sector": entry.sector.code if entry.sector else None,
            "prefs": [code for code in wishes[entry.id] if (entry.id, code) not in refused],
            "merit": ranking[entry.code].round_code,
            "place": ranking[entry.code].place,
            "figure": str(ranking[entry.code].figure),
            "total": ranking[entry.code].total,
        }
        for entry in entries
        if entry.id not in busy
    ]
    matching = plan.get("matching") or {}
    return {
        "seed": contest.code,
        "boards": matching.get("boards", "together"),
        "board_order": list(boards.values()),
        "teams": [team for team in teams if team["prefs"]],
        "incubators": [_incubator(one) for one in intakes],
    }


def _offers(contest_id: int) -> tuple[set[int], set[tuple[int, str]]]:
    """Return who holds a live offer, and which pairs ended by the team's own no."""
    busy: set[int] = set()
    refused: set[tuple[int, str]] = set()
    for offer in offers_of_contest(contest_id):
        if offer.state in LIVE:
            busy.add(offer.entry_id)
        elif offer.state == "declined":
            refused.add((offer.entry_id, offer.intake.code))
    return busy, refused


def _incubator(one: Intake) -> dict[str, Any]:
    places = free_places(one)
    reserved: dict[str, int] = {}
    for sector, count in (one.definition.get("reserved") or {}).items():
        reserved[sector] = min(int(count), places - sum(reserved.values()))
    return {
        "code": one.code,
        "places": places,
        "sectors": sorted(one.sectors) if "sectors" in one.definition else None,
        "reserved": reserved,
    }


def inputs_hash(inputs: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a matching's inputs."""
    canonical = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def market_of(inputs: Mapping[str, Any], board: str | None = None, taken: Mapping[str, int] | None = None) -> Market:
    """Return the market of stored inputs; ``board`` keeps one board's teams, ``taken`` places are gone."""
    gone = taken or {}
    return Market(
        teams=tuple(
            Team(piece["entry"], tuple(piece["prefs"]), (piece["place"], Fraction(piece["figure"])), piece["sector"])
            for piece in inputs["teams"]
            if board is None or piece["board"] == board
        ),
        incubators=tuple(
            _market_incubator(piece, max(piece["places"] - gone.get(piece["code"], 0), 0))
            for piece in inputs["incubators"]
        ),
    )


def _market_incubator(piece: Mapping[str, Any], places: int) -> Incubator:
    reserved: dict[str, int] = {}
    for sector, count in piece["reserved"].items():
        reserved[sector] = min(count, places - sum(reserved.values()))
    return Incubator(
        code=piece["code"],
        places=places,
        sectors=None if piece["sectors"] is None else frozenset(piece["sectors"]),
        reserved=reserved,
    )
