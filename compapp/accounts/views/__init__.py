"""The pages of the accounts room, all on one blueprint."""

from compapp.accounts.views import (
    account,
    addresses,
    identities,
    invitations,
    links,
    organisations,
    passes,
    people,
    sign_in,
    students,
)
from compapp.accounts.views.base import bp

__all__ = [
    "account",
    "addresses",
    "bp",
    "identities",
    "invitations",
    "links",
    "organisations",
    "passes",
    "people",
    "sign_in",
    "students",
]
