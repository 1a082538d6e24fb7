"""The pages of the accounts room, all on one blueprint."""

from compapp.accounts.views import account, addresses, links, organisations, people, sign_in
from compapp.accounts.views.base import bp

__all__ = ["account", "addresses", "bp", "links", "organisations", "people", "sign_in"]
