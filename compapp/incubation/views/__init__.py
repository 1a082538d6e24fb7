"""The pages of incubation, all on one blueprint."""

from compapp.incubation.views import bookings, hours, lists, milestones, residencies, sessions
from compapp.incubation.views.blueprint import bp

__all__ = ["bookings", "bp", "hours", "lists", "milestones", "residencies", "sessions"]
