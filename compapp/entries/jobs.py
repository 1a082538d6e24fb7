"""What the clock does for this room: reminders, and a second look at files whose team has changed."""

from compapp.core import clock, files
from compapp.core.actor import Actor
from compapp.core.db import session_scope, unit_of_work
from compapp.entries import services

CLOCK = Actor.system("clock")


def remind() -> None:
    """Post the reminders that are due; each goes out once, however often this runs."""
    with session_scope(), unit_of_work():
        services.post_reminders(at=clock.now())


def examine_files() -> None:
    """Look through files that were not looked through for today's team; each outside of any lock."""
    with session_scope():
        for attachment_id in services.stale_files():
            examination, fingerprint = services.examine_again(attachment_id)
            with unit_of_work():
                services.keep_examination(attachment_id, examination, fingerprint, actor=CLOCK, at=clock.now())


def sweep_files() -> None:
    """Remove what refused uploads left on the disk, a day after."""
    with session_scope():
        files.sweep()
