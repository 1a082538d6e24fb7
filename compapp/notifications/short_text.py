"""A message in so few words that it fits into a chat: its title and the way to its page."""

from compapp.accounts import queries as accounts
from compapp.accounts.queries import FormOfAddress
from compapp.core.messages import kinds
from compapp.core.outbox import OutboxMessage
from compapp.notifications.rendering import Reader, render

MOST = 400
"""What Zalo's own notices may have at most."""
_SECRET = "secret_path"  # noqa: S105 - the name of the key, not a secret


def short_text(message: OutboxMessage, *, site_url: str) -> str:
    """Return title and address in the recipient's language, at most 400 characters.

    Empty for a message with a link that opens an account: that one goes to its mailbox only.
    """
    known = kinds().get(message.kind)
    if known is None or _SECRET in known.sample or _SECRET in message.data:
        return ""
    person = accounts.person(message.person_id) if message.person_id is not None else None
    locale = person.locale if person is not None else message.address_locale or "vi"
    reader = Reader(person.name if person is not None else message.address_name or "", locale, FormOfAddress.STUDENT)
    words = render(message.kind, reader, message.data, site_url=site_url, html=False)
    address = f"\n{site_url}{words.path}" if words.path else ""
    return words.subject[: MOST - len(address)] + address
