"""Every message of the jury renders in both languages and names no team and no score."""

from typing import Any

import pytest

import compapp.judging.notifications  # noqa: F401 - declares the kinds
from compapp.notifications.rendering import render_sample

KINDS = [
    "jury_invitation",
    "jury_answered",
    "assigned",
    "judge_left",
    "conflict_declared",
    "scoring_reminder",
    "sheets_late",
    "spread_alert",
    "unlock_asked",
    "sheet_reopened",
    "unlock_refused",
    "paper_waiting",
    "paper_returned",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_it_renders(app: Any, kind: str, locale: str) -> None:
    made = render_sample(kind, locale)
    assert made.subject.strip()
    assert "\n" not in made.subject.strip()
    assert "%(" not in f"{made.subject}{made}"
