"""Figures of a team's progress: whole numbers, each at its moment."""

from collections.abc import Mapping
from datetime import datetime

from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.text import N_
from compapp.incubation import queries
from compapp.incubation.lifecycle import FIGURES
from compapp.incubation.models import ProgressFigure

MOST_FIGURE = 10**15


def figure_faults(figures: Mapping[str, int]) -> dict[str, list[Sentence]]:
    """Return what is wrong with figures, by key: unknown ones, negative ones, ones beyond all measure."""
    return {
        key: [(N_("Write a whole number from 0 to %(most)s."), {"most": MOST_FIGURE})]
        for key, value in figures.items()
        if key not in FIGURES or not 0 <= value <= MOST_FIGURE
    }


def keep_figures(residency_id: int, figures: Mapping[str, int], *, at: datetime, session_id: int | None = None) -> None:
    """Keep a team's figures of one moment; figures of the same moment are replaced."""
    known = {one.key: one for one in queries.figures_of(residency_id) if one.at == at}
    for key, value in figures.items():
        if key in known:
            known[key].value = value
        else:
            session().add(ProgressFigure(residency_id=residency_id, session_id=session_id, key=key, value=value, at=at))
    session().flush()
