"""The pages of the accounts room, all on one blueprint."""

from compapp.accounts.views import account, links, organisations, people, sign_in
from compapp.accounts.views.base import bp

__all__ = ["account", "bp", "links", "organisations", "people", "sign_in"]
