"""The pages of a live round: order, plan, door, stage, screen; importing this adds them to the blueprint."""

from compapp.judging.views.hall import awards, door, order, plan, screen, stage, team

__all__ = ["awards", "door", "order", "plan", "screen", "stage", "team"]
