"""The pages of incubation, all on one blueprint."""

from compapp.incubation.views import bookings, dossier, hours, lists, milestones, residencies, sessions
from compapp.incubation.views.blueprint import bp

__all__ = ["bookings", "bp", "dossier", "hours", "lists", "milestones", "residencies", "sessions"]
