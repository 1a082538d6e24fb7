"""Which incubator offers a place to which team: a tie that a jury must know of."""

from datetime import datetime

from sqlalchemy import Select, literal, select

from compapp.judging.queries.ties import OFFER
from compapp.placement.lifecycle import LIVE
from compapp.placement.models import Intake, Offer


def select_offers() -> Select[int, int, datetime, str]:
    """Select entry, incubator, since when and ``offer`` of every offer that holds a place."""
    return (
        select(Offer.entry_id, Intake.incubator_id, Offer.offered_at, literal(OFFER))
        .join(Intake, Intake.id == Offer.intake_id)
        .where(Offer.state.in_(LIVE))
    )
