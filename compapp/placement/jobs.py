"""What the clock does for placement; each job is safe to run twice."""

from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.placement import queries, services


def lapse_offers() -> None:
    """Let every offer lapse whose time is over, each in its own transaction."""
    for offer_id in services.expired_offers(now()):
        with unit_of_work():
            services.lapse_offer(queries.offer(offer_id), at=now())


def remind() -> None:
    """Remind teams of offers that lapse within 48 hours, and tell teams that they can order their wishes."""
    with unit_of_work():
        services.remind_of_offers(at=now())
        services.tell_of_open_intakes(at=now())
