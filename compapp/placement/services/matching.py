"""The matching: computed by an organiser, released by a second person, explained for every team."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.placement import notifications, policy, queries
from compapp.placement.lifecycle import PROPOSED, RUN
from compapp.placement.models import Intake, MatchRun, Offer
from compapp.placement.scoring.deferred_acceptance import Matching, match
from compapp.placement.scoring.market import MarketFault
from compapp.placement.services.places import leave_lists, lock_market, make_offer, wait
from compapp.placement.services.rights import must

TOGETHER = "together"


def propose_matching(contest: Contest, *, actor: Actor, at: datetime) -> MatchRun:
    """Compute a matching from what stands now and keep it as a proposal; the former proposal is dropped.

    Raises Refused without the right, Closed before the merit rounds are published, Conflict where standings have
    changed since, Invalid where nothing can be matched.
    """
    must(policy.may_run_matching(actor, queries.facts_of_contest(actor, contest)))
    inputs = queries.matching_inputs(contest)
    if not inputs["teams"]:
        raise Invalid(N_("No team with a result and a wish is waiting for a place."))
    result = compute(inputs)
    for former in queries.runs_of(contest.id):
        if former.state == PROPOSED:
            move(former, RUN, "drop", actor=actor, at=at)
    run = MatchRun(
        contest_id=contest.id,
        state=PROPOSED,
        inputs=inputs,
        inputs_hash=queries.inputs_hash(inputs),
        result=result,
        computed_at=at,
        computed_by_id=actor.person_id,
        computed_by_name=actor.name,
    )
    session().add(run)
    session().flush()
    placed = sum(code is not None for code in result["matches"].values())
    audit.record(
        "placement.match_run.propose",
        run,
        actor=actor,
        at=at,
        contest_id=contest.id,
        data={"inputs": run.inputs_hash, "teams": len(inputs["teams"]), "placed": placed},
    )
    notifications.matching_proposed(run, by_id=actor.person_id, placed=placed, teams=len(inputs["teams"]), at=at)
    return run


def compute(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of stored inputs: matches, choice, waiting, and each team's steps. Pure.

    ``boards`` apart: one board after the other, in the contest's order, each with the places that are left.
    """
    together = inputs["boards"] == TOGETHER
    result: dict[str, Any] = {"matches": {}, "choice": {}, "waiting": {}, "steps": {}}
    taken: dict[str, int] = {}
    for board in [None] if together else inputs["board_order"]:
        try:
            found = match(queries.market_of(inputs, board, taken), seed=inputs["seed"])
        except MarketFault as fault:
            raise Invalid(N_("The places cannot be matched: %(fault)s"), fault=str(fault)) from fault
        _gather(result, found)
        for code, teams in found.held.items():
            taken[code] = taken.get(code, 0) + len(teams)
    return result


def _gather(result: dict[str, Any], found: Matching) -> None:
    result["matches"].update(found.matches)
    result["choice"].update(found.choice)
    for code, teams in found.waiting.items():
        result["waiting"].setdefault(code, []).extend(teams)
    for team, steps in found.steps.items():
        result["steps"][team] = [
            {"incubator": step.incubator, "choice": step.choice, "outcome": step.outcome, "last_held": step.last_held}
            for step in steps
        ]


def drop_matching(run: MatchRun, *, actor: Actor, at: datetime) -> None:
    """Drop a proposed matching."""
    must(policy.may_run_matching(actor, queries.facts_of_run(actor, run)))
    move(run, RUN, "drop", actor=actor, at=at)


def release_matching(run: MatchRun, *, actor: Actor, at: datetime) -> list[Offer]:
    """Release a proposed matching as the second person: offers go out, waiting lists stand.

    Raises Refused for the one who computed it, Conflict when anything that decides it has changed since.
    """
    must(policy.may_release(actor, queries.facts_of_run(actor, run)))
    contest = run.contest
    lock_market(contest.id)
    if queries.inputs_hash(queries.matching_inputs(contest)) != run.inputs_hash:
        raise Conflict(N_("Wishes, places or results have changed since this was computed. Compute it again."))
    data = {"inputs": run.inputs_hash}
    columns: dict[str, Any] = {"released_at": at, "released_by_id": actor.person_id, "released_by_name": actor.name}
    move(run, RUN, "release", actor=actor, at=at, data=data, **columns)
    intakes = {one.code: one for one in queries.intakes_of(contest.id)}
    entries = {
        entry.code: entry
        for entry in session().scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.code))
    }
    offers = _offer(run, entries, intakes, actor, at)
    _wait(run, entries, intakes, actor, at)
    return offers


def _offer(
    run: MatchRun, entries: Mapping[str, Entry], intakes: Mapping[str, Intake], actor: Actor, at: datetime
) -> list[Offer]:
    offers: list[Offer] = []
    for team, code in run.result["matches"].items():
        entry = entries[team]
        if code is None:
            waiting = [one for name, one in intakes.items() if team in run.result["waiting"].get(name, [])]
            notifications.no_place(run, entry, waiting, at=at)
            continue
        leave_lists(entry, keep={}, actor=actor, at=at)
        offers.append(make_offer(entry, intakes[code], origin="matching", reason="", run=run, actor=actor, at=at))
    return offers


def _wait(
    run: MatchRun, entries: Mapping[str, Entry], intakes: Mapping[str, Intake], actor: Actor, at: datetime
) -> None:
    """Put refused teams on the lists, after those who wait there from an earlier matching."""
    for code, teams in run.result["waiting"].items():
        intake = intakes[code]
        known = queries.waiting_of_intake(intake.id)
        already = {one.entry_id for one in known}
        position = max((one.position for one in known), default=0)
        for team in teams:
            if entries[team].id not in already:
                position += 1
                wait(entries[team], intake, position, actor=actor, at=at)
