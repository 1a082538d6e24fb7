"""The tables of judging, by noun."""

from compapp.judging.models.after import IssuedPaper, ResultAppeal
from compapp.judging.models.deliberation import Ballot, Deliberation, JuryRemark, Motion
from compapp.judging.models.jury import (
    Assignment,
    AssignmentRun,
    ConflictReview,
    NoConflict,
    Seat,
    SeatAnswer,
    SeatConflict,
)
from compapp.judging.models.pairs import PairChoice
from compapp.judging.models.pitch import Hall, OrderChange, PitchPlan, PitchSlot
from compapp.judging.models.results import (
    Award,
    ChairDecision,
    Draw,
    Place,
    Publication,
    Shortlist,
    StandingsRun,
    VoteResult,
    WithheldComment,
)
from compapp.judging.models.sheets import OF_ASSIGNMENT, ExtraPoint, JudgeNote, RoundFigure, Sheet

__all__ = [
    "OF_ASSIGNMENT",
    "ResultAppeal",
    "JuryRemark",
    "Motion",
    "IssuedPaper",
    "Deliberation",
    "Ballot",
    "Assignment",
    "AssignmentRun",
    "Award",
    "ChairDecision",
    "ConflictReview",
    "Draw",
    "ExtraPoint",
    "Hall",
    "JudgeNote",
    "NoConflict",
    "OrderChange",
    "PairChoice",
    "PitchPlan",
    "PitchSlot",
    "Place",
    "Publication",
    "RoundFigure",
    "Seat",
    "SeatAnswer",
    "SeatConflict",
    "Sheet",
    "Shortlist",
    "StandingsRun",
    "VoteResult",
    "WithheldComment",
]
