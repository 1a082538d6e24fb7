"""What the clock does for this room: reminders, a second look at files whose team has changed, texts to compare."""

import time

from compapp.core import clock, files
from compapp.core.actor import Actor
from compapp.core.db import session_scope, unit_of_work
from compapp.entries import services
from compapp.entries.fetching import look
from compapp.entries.queries import copies
from compapp.entries.services import links, uploads

CLOCK = Actor.system("clock")
MOST_SECONDS = 20.0
"""How long one turn of a job that reads much goes on before the other jobs have theirs."""


def remind() -> None:
    """Post the reminders that are due; each goes out once, however often this runs."""
    with session_scope(), unit_of_work():
        services.post_reminders(at=clock.now())


def tell_of_decisions() -> None:
    """Let decisions about several entries take effect whose time to undo is over."""
    with session_scope(), unit_of_work():
        services.let_go(at=clock.now())


def examine_files() -> None:
    """Look through files that were not looked through for today's team; each outside of any lock."""
    with session_scope():
        for attachment_id in services.stale_files():
            examination, fingerprint = services.examine_again(attachment_id)
            with unit_of_work():
                services.keep_examination(attachment_id, examination, fingerprint, actor=CLOCK, at=clock.now())


def look_behind_links() -> None:
    """Look at the links that wait, as long as the other jobs can spare; each outside of any lock."""
    begun = time.monotonic()
    with session_scope():
        for check_id, address in links.links_to_look_at():
            found = look(address)
            with unit_of_work():
                links.keep_look(check_id, found, actor=CLOCK, at=clock.now())
            if time.monotonic() - begun > MOST_SECONDS:
                return


def sweep_files() -> None:
    """Remove what refused and broken-off uploads left on the disk, a day after."""
    with session_scope():
        files.sweep()
        with unit_of_work():
            uploads.sweep_uploads(at=clock.now())


def compare_texts() -> None:
    """Read what was handed in since, compare it with all that was read before, and each contest after its deadline."""
    begun = time.monotonic()
    with session_scope():
        waiting = copies.unread_versions(200)
        library = copies.runs_of_entries() if waiting else {}
        for version_id in waiting:
            version, reading = services.read_version(version_id)
            found = services.likenesses(version.entry_id, reading, library)
            with unit_of_work():
                services.keep_reading(version, reading, found, actor=CLOCK, at=clock.now())
            library[version.entry_id] = reading.runs
            if time.monotonic() - begun > MOST_SECONDS:
                return
        for contest_id in copies.contests_to_compare(clock.now()):
            alike = services.compare_contest(contest_id)
            with unit_of_work():
                services.keep_comparison(contest_id, alike, actor=CLOCK, at=clock.now())
