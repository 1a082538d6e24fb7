"""What the organiser fixed, as frozen values read from the JSON of the contest file. Pure.

Each value has a constructor ``of(row)`` that reads the row's ``definition``; keys that the file leaves
out get the documented default. Labels are two-language texts (``{"vi", "en"}``) for the ``localized`` filter.
"""

from compapp.contests.definition.board import BoardRule
from compapp.contests.definition.calendar import Calendar, CalendarPoint
from compapp.contests.definition.form import AttachmentRule, EntryForm, FormField
from compapp.contests.definition.form_parts import (
    Block,
    Choice,
    Column,
    Condition,
    EligibilityQuestion,
    FormSection,
)
from compapp.contests.definition.prize import Prize, prizes_of
from compapp.contests.definition.rounds import VOTE_PER_BOARD, Blind, ExtraPointRule, Gates, RoundRule
from compapp.contests.definition.rubric import CriterionText, RubricText, rubrics_of
from compapp.contests.definition.rules import Aggregation, Rules, Submission, TieStep
from compapp.contests.definition.times import (
    Text,
    duration,
    iso_moment,
    moment,
    moved_moment,
    text_of,
)

__all__ = [
    "VOTE_PER_BOARD",
    "Aggregation",
    "AttachmentRule",
    "Blind",
    "Block",
    "BoardRule",
    "Calendar",
    "CalendarPoint",
    "Choice",
    "Column",
    "Condition",
    "CriterionText",
    "EligibilityQuestion",
    "EntryForm",
    "ExtraPointRule",
    "FormField",
    "FormSection",
    "Gates",
    "Prize",
    "RoundRule",
    "RubricText",
    "Rules",
    "Submission",
    "Text",
    "TieStep",
    "duration",
    "iso_moment",
    "moment",
    "moved_moment",
    "prizes_of",
    "rubrics_of",
    "text_of",
]
