"""The pages of the clubs room."""

from compapp.clubs.views import (
    activities,
    attendance,
    club,
    figures,
    invitations,
    member_lists,
    members,
    messages,
    mine,
)
from compapp.clubs.views.base import bp

__all__ = [
    "activities",
    "attendance",
    "bp",
    "club",
    "figures",
    "invitations",
    "member_lists",
    "members",
    "messages",
    "mine",
]
