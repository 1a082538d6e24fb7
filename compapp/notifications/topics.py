"""What the kinds of message that a room declares are about, in words; ``app`` names the rooms above."""

from compapp.core.text import N_

_topics = {"accounts": N_("Your account")}


def name_topic(room: str, label: str) -> None:
    """Head the messages of ``room`` with ``label`` (a marked msgid) on the page of preferences."""
    _topics[room] = label


def topic(room: str) -> str:
    """Return the heading of a room's messages; the room's name where it has none."""
    return _topics.get(room, room)
