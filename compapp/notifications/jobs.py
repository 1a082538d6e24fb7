"""What the worker and the clock do for this room."""

from rq import get_current_job

from compapp.core import clock
from compapp.notifications import bell, services


def drain() -> None:
    """Deliver what waits (rung by the bell)."""
    job = get_current_job()
    if job is not None:
        bell.answer(job.connection)
    services.drain(at=clock.system_time())


def sweep() -> None:
    """Deliver what the bell missed, or what became due meanwhile."""
    services.drain(at=clock.system_time(), seconds=15)


def gather_digests() -> None:
    """Write the day's digests once the night is over."""
    services.gather_digests(at=clock.system_time())
