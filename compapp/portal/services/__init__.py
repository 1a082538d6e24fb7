"""What the portal's people do, by noun: an entry's place in the gallery, and the public vote."""

from compapp.portal.services.listings import allow_entry, hide_entry, show_entry, take_down
from compapp.portal.services.voting import (
    TRACES_KEPT,
    Trace,
    cast_vote,
    forget_traces,
    take_over_count,
    trace_of,
    void_votes,
    withdraw_vote,
)

__all__ = [
    "TRACES_KEPT",
    "Trace",
    "allow_entry",
    "cast_vote",
    "forget_traces",
    "hide_entry",
    "show_entry",
    "take_down",
    "take_over_count",
    "trace_of",
    "void_votes",
    "withdraw_vote",
]
