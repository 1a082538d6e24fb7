"""A team orders its wishes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.core.text import N_
from compapp.entries import queries as entries
from compapp.entries.models import Entry
from compapp.placement import policy, queries
from compapp.placement.models import Intake, Preference, PreferenceList
from compapp.placement.services.rights import must


def state_wishes(entry: Entry, codes: Sequence[str], *, actor: Actor, at: datetime) -> list[Intake]:
    """State a team's wishes as incubator codes, most wanted first; an empty list says it wants no place.

    Raises Refused for whom is not the lead, Closed outside the window of an intake, Conflict once the team holds
    an offer, Invalid for an incubator that does not take its sector.
    """
    must(policy.may_rank(actor, queries.facts_of_team(actor, entry)))
    row = entries.locked_entry(entry.id)
    if row.state not in queries.TAKES_PART:
        raise Closed(N_("This entry takes no part in the contest any more."))
    intakes = {one.code: one for one in queries.intakes_of(row.contest_id)}
    before = [one.code for one in queries.wishes_of(row, intakes.values())]
    _check(row, codes, before, intakes, at)
    session().execute(delete(Preference).where(Preference.entry_id == row.id))
    for rank, code in enumerate(codes, start=1):
        session().add(Preference(entry_id=row.id, intake_id=intakes[code].id, rank=rank, stated_at=at))
    stated = queries.list_of(row.id)
    if stated is None:
        session().add(PreferenceList(entry_id=row.id, stated_at=at, stated_by_name=actor.name))
    else:
        stated.stated_at, stated.stated_by_name = at, actor.name
    session().flush()
    audit.record(
        "placement.preferences.state",
        row,
        actor=actor,
        at=at,
        contest_id=row.contest_id,
        data={"before": before, "after": list(codes)},
    )
    return [intakes[code] for code in codes]


def _check(row: Entry, codes: Sequence[str], before: Sequence[str], intakes: dict[str, Intake], at: datetime) -> None:
    if queries.live_offers_of_entry(row.id):
        raise Conflict(N_("Your team has an offer already. Answer it first."))
    open_now = {code for code, one in intakes.items() if one.opens_at <= at < one.closes_at}
    if not open_now:
        raise Closed(N_("Wishes can be ordered only while an incubator’s intake is open."))
    if len(set(codes)) != len(codes) or not set(codes) <= set(intakes):
        raise Invalid(N_("Choose each incubator at most once, from the list."))
    sector = row.sector.code if row.sector else None
    for code in codes:
        if not queries.accepts(intakes[code], sector):
            raise Invalid(N_("%(incubator)s does not take your sector."), incubator=intakes[code].incubator.name_vi)
        if code not in open_now and code not in before:
            raise Closed(N_("The intake of %(incubator)s is not open."), incubator=intakes[code].incubator.name_vi)
