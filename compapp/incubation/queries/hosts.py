"""Which incubator hosts or hosted which team: a tie that a jury must know of."""

from datetime import datetime

from sqlalchemy import Select, literal, select

from compapp.incubation.models import Residency
from compapp.judging.queries.ties import HOSTED


def select_residencies() -> Select[int, int, datetime, str]:
    """Select entry, incubator, since when and ``hosted`` of every residency, ended ones among them."""
    return select(Residency.entry_id, Residency.incubator_id, Residency.started_at, literal(HOSTED))
