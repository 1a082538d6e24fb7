"""The pages of incubation, all on one blueprint."""

from compapp.incubation.views import bookings, lists, milestones, residencies, sessions
from compapp.incubation.views.blueprint import bp

__all__ = ["bookings", "bp", "lists", "milestones", "residencies", "sessions"]
