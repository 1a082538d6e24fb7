"""The contest file's sections of the jury's work and of its results."""

from compapp.contests.file.registry import (
    CHAIR_DECISIONS,
    COMPARISONS,
    DELIBERATIONS,
    JUDGES,
    PANELS,
    PITCHES,
    POINTS,
    PUBLICATIONS,
    SHEETS,
    VOTES,
    Section,
)
from compapp.judging.file_sections.comparisons import check_comparisons, load_comparisons, write_comparisons
from compapp.judging.file_sections.deliberations import check_deliberations, load_deliberations, write_deliberations
from compapp.judging.file_sections.judges import check_judges, load_judges, write_judges
from compapp.judging.file_sections.panels import check_panels, load_panels, write_panels
from compapp.judging.file_sections.pitches import check_pitches, load_pitches, write_pitches
from compapp.judging.file_sections.points import (
    check_points,
    check_votes,
    load_points,
    load_votes,
    write_points,
    write_votes,
)
from compapp.judging.file_sections.publications import (
    check_chair_decisions,
    check_publications,
    load_chair_decisions,
    load_publications,
    write_chair_decisions,
    write_publications,
)
from compapp.judging.file_sections.sheets import check_sheets, load_sheets, write_sheets

SECTIONS = (
    Section("judges", JUDGES, check_judges, load_judges, write_judges),
    Section("panels", PANELS, check_panels, load_panels, write_panels),
    Section("pitches", PITCHES, check_pitches, load_pitches, write_pitches),
    Section("deliberations", DELIBERATIONS, check_deliberations, load_deliberations, write_deliberations),
    Section("sheets", SHEETS, check_sheets, load_sheets, write_sheets),
    Section("comparisons", COMPARISONS, check_comparisons, load_comparisons, write_comparisons),
    Section("points", POINTS, check_points, load_points, write_points),
    Section("votes", VOTES, check_votes, load_votes, write_votes),
    Section("chair_decisions", CHAIR_DECISIONS, check_chair_decisions, load_chair_decisions, write_chair_decisions),
    Section("publications", PUBLICATIONS, check_publications, load_publications, write_publications),
)
"""Judges before panels before sheets: each refers to the one before."""

__all__ = ["SECTIONS"]
