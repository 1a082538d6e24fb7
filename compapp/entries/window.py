"""When an entry may change. One clock reading decides; the closing moment itself is closed. Pure."""

from dataclasses import dataclass
from datetime import datetime

from compapp.entries.lifecycle import DRAFT, NEEDS_FIX, SUBMITTED


@dataclass(frozen=True, slots=True)
class Window:
    """The times that rule over one entry."""

    opens_at: datetime
    closes_at: datetime
    reopened_until: datetime | None
    frozen: bool
    contest_is_live: bool = True

    def contest_open(self, at: datetime) -> bool:
        """Whether everybody may hand in."""
        return self.contest_is_live and self.opens_at <= at < self.closes_at

    def reopened(self, at: datetime) -> bool:
        """Whether this entry alone is open (reopened, or sent back to be completed)."""
        return self.contest_is_live and self.reopened_until is not None and at < self.reopened_until

    def entry_open(self, state: str, at: datetime) -> bool:
        """Whether answers and files may change and the entry may be submitted."""
        if self.frozen:
            return False
        if state == NEEDS_FIX:
            return self.reopened(at)
        return state in (DRAFT, SUBMITTED) and (self.contest_open(at) or self.reopened(at))

    def team_open(self, state: str, at: datetime) -> bool:
        """Whether the team may change: until the contest closes, later only where a draft or a fix is open."""
        if self.frozen:
            return False
        if self.contest_open(at):
            return state in (DRAFT, SUBMITTED)
        return state in (DRAFT, NEEDS_FIX) and self.reopened(at)

    def deadline(self, at: datetime) -> datetime:
        """Return the deadline that counts for this entry now."""
        if self.reopened_until is not None and not self.contest_open(at):
            return self.reopened_until
        return self.closes_at


def came_too_late(state: str, closes_at: datetime, reopened_until: datetime | None, at: datetime) -> bool:
    """Whether a draft was not handed in while it could be: nobody waits for it any more."""
    return state == DRAFT and closes_at <= at and (reopened_until is None or reopened_until <= at)
