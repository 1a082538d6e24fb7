"""What the clock process does again and again; ``app`` registers the jobs of the rooms."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Periodic:
    """A job that runs every ``every`` seconds; it must be safe to run twice."""

    name: str
    every: int
    run: Callable[[], None]
