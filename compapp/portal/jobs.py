"""What the clock does for the portal: traces of votes that nobody needs any more go."""

from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.portal import queries, services


def forget_vote_traces() -> None:
    """Drop the traces of votes that are over; nothing is locked where there is nothing to drop."""
    if queries.rounds_to_forget(now() - services.TRACES_KEPT):
        with unit_of_work():
            services.forget_traces(now())
