"""Points outside the sheets (training attended, …): entered by the organiser or the secretary, on record."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from compapp.contests.lifecycle import PUBLISHED, ROUND_DECIDED
from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound, Refused, Sentence
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.models import ExtraPoint
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.points import given_kinds, given_points, takes_part_in
from compapp.judging.queries.results import hidden_entries
from compapp.judging.services.figures import update_figure

Given = Mapping[tuple[str, str], Decimal | None]
"""(entry code, kind of points) to the value; None takes it back."""


def give_points(round_: Round, given: Given, *, actor: Actor, at: datetime) -> int:
    """Set points of entries in a round; return how many changed.

    Raises Refused without the right or for an entry with which the actor has a conflict, Closed once the round is
    decided, NotFound for a round without such points, Invalid with a sentence for each wrong value.
    """
    if not policy.may_enter_totals(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the organiser and the secretary enter these points."))
    if round_.state in (ROUND_DECIDED, PUBLISHED):
        raise Closed(N_("This round is decided. Withdraw the decision first."))
    kinds = {extra.code: extra for extra in given_kinds(round_)}
    if not kinds:
        raise NotFound(N_("This round has no points beside the sheets."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    entries = {entry.code: entry.id for entry in takes_part_in(round_)}
    if {entry for entry, _kind in given} & set(hidden_entries(round_.contest_id, actor.person_id)):
        raise Refused(N_("You have a conflict of interest with one of these entries; somebody else must enter this."))
    faults: dict[str, list[Sentence]] = {}
    for (entry, kind), value in given.items():
        if entry not in entries or kind not in kinds:
            raise Invalid(N_("There is no such entry or kind of points in this round."))
        if value is not None and not 0 <= value <= kinds[kind].max:
            faults[f"{entry}.{kind}"] = [(N_("The value lies between 0 and %(most)s."), {"most": kinds[kind].max})]
    if faults:
        raise Invalid(fields=faults)
    return _write(round_, given, entries, actor, at)


def _write(round_: Round, given: Given, entries: Mapping[str, int], actor: Actor, at: datetime) -> int:
    known = given_points(round_.id)
    changes: dict[str, dict[str, str | None]] = {}
    for (entry, kind), value in given.items():
        row, text = known.get((entry, kind)), None if value is None else f"{value.normalize():f}"
        before = None if row is None else row.value_text
        if before == text:
            continue
        changes[f"{entry}.{kind}"] = {"before": before, "after": text}
        if text is None:
            session().delete(row)
            continue
        definition = {"entry": entry, "code": kind, "value": text, "by": actor.name}
        if row is None:
            row = ExtraPoint(round_id=round_.id, entry_id=entries[entry], code=kind)
            session().add(row)
        row.value_text, row.definition = text, definition
    session().flush()
    for entry in sorted({name.partition(".")[0] for name in changes}):
        update_figure(round_, entries[entry])
    if changes:
        audit.record(
            "judging.points.give", round_, actor=actor, at=at, contest_id=round_.contest_id, data={"changes": changes}
        )
    return len(changes)
