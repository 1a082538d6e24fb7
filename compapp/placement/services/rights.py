"""Checks that services of placement share: the right itself, and a reason in words."""

from compapp.core.errors import Invalid, Refused
from compapp.core.text import N_, nfc

MOST_REASON = 2000


def must(allowed: bool) -> None:
    """Raise Refused unless ``allowed``."""
    if not allowed:
        raise Refused(N_("Your role does not allow this here."))


def reason_of(text: str) -> str:
    """Return a reason trimmed to 2,000 characters; Invalid for an empty one."""
    cleaned = nfc(text).strip()
    if not cleaned:
        raise Invalid(fields={"reason": [(N_("Give a reason."), {})]})
    return cleaned[:MOST_REASON]
