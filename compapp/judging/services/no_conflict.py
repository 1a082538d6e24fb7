"""A judge's own word to have no conflict of interest: one act that names every entry it is about."""

from collections.abc import Iterable
from datetime import datetime

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import hold, session
from compapp.core.errors import Invalid, Refused
from compapp.core.text import N_
from compapp.judging import policy, queries
from compapp.judging.models import NoConflict, Seat
from compapp.judging.queries.answers import lock_seat, unanswered_among


def state_no_conflict(seat: Seat, entry_ids: Iterable[int], *, actor: Actor, at: datetime) -> int:
    """Record that a judge has no conflict with the entries that were shown; return of how many this is news.

    What is answered already, or is in conflict meanwhile, is left as it stands, so that pressing twice writes nothing
    anew. Raises Refused for anybody but the judge: nobody else can know. Invalid where no entry is named.
    """
    if not policy.is_active_judge(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Only the judge may do this."))
    named = set(entry_ids)
    if not named:
        raise Invalid(fields={"entries": [(N_("Choose at least one title."), {})]})
    hold(lock_seat(seat.id))
    news = unanswered_among(seat.id, named)
    if not news:
        return 0
    session().add_all(NoConflict(seat_id=seat.id, entry_id=entry.id, stated_at=at) for entry in news)
    session().flush()
    data = {"seat": seat.code, "entries": [entry.code for entry in news]}
    audit.record("judging.conflict.none", seat, actor=actor, at=at, contest_id=seat.contest_id, data=data)
    return len(news)
