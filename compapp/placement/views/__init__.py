"""The pages of placement, all on one blueprint."""

from compapp.placement.views import intakes, matching, team
from compapp.placement.views.blueprint import bp

__all__ = ["bp", "intakes", "matching", "team"]
