"""The pages of figures and of the record."""

from compapp.reports.views import record
from compapp.reports.views.blueprint import bp
from compapp.reports.views.funnel import home_cards

__all__ = ["bp", "home_cards", "record"]
