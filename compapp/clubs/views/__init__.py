"""The pages of the clubs room."""

from compapp.clubs.views.club import bp, home_cards

__all__ = ["bp", "home_cards"]
