"""The pages of the clubs room."""

from compapp.clubs.views import activities, attendance, club, figures, invitations, members, messages, mine
from compapp.clubs.views.base import bp

__all__ = ["activities", "attendance", "bp", "club", "figures", "invitations", "members", "messages", "mine"]
