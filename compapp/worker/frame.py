"""What a job is surrounded by: one clock reading, one session, the system as actor."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from compapp.core import clock
from compapp.core.actor import Actor, acting
from compapp.core.db import session_scope


@contextmanager
def job_frame(app: Flask, name: str) -> Iterator[None]:
    """Open the frame of one job; ``name`` is what the audit chain calls the actor."""
    with app.app_context(), clock.reading(), session_scope(), acting(Actor.system(name)):
        yield
