"""What the kinds of message that a room declares are about, in words; ``app`` names the rooms above."""

from compapp.core.text import N_

_topics = {"accounts": N_("Your account")}
_kinds: dict[str, str] = {}
_office: set[str] = set()
_prompt: set[str] = set()


def name_topic(room: str, label: str) -> None:
    """Head the messages of ``room`` with ``label`` (a marked msgid) on the page of preferences."""
    _topics[room] = label


def name_kind(kind: str, label: str, *, office: bool = False) -> None:
    """Call messages of ``kind`` by ``label`` (a marked msgid); ``office`` where only people in charge get them."""
    _kinds[kind] = label
    if office:
        _office.add(kind)


def kind_label(kind: str) -> str:
    """Return what messages of ``kind`` are called (a marked msgid); the kind where it has no name."""
    return _kinds.get(kind, kind)


def name_prompt(*kinds: str) -> None:
    """Say that messages of these kinds tell of a decision or a deadline: they always come at once."""
    _prompt.update(kinds)


def is_prompt(kind: str) -> bool:
    """Whether messages of ``kind`` tell of a decision or a deadline."""
    return kind in _prompt


def is_for_office(kind: str) -> bool:
    """Whether only people in charge of something get messages of ``kind``."""
    return kind in _office


_reasons = {
    "preference": N_("its reader does not want it by e-mail"),
    "digest": N_("goes into its reader’s daily e-mail"),
    "no_address": N_("there is no e-mail address"),
    "inactive_person": N_("the account is closed"),
    "demonstration_address": N_("a made-up person"),
    "contest_off": N_("the contest does not send it"),
    "unknown_kind": N_("the message no longer exists"),
}


def reason_label(reason: str) -> str:
    """Return why a message was not sent, in words (a marked msgid); what a mail server said stays as it is."""
    return _reasons.get(reason, reason)


def topic(room: str) -> str:
    """Return the heading of a room's messages; the room's name where it has none."""
    return _topics.get(room, room)
