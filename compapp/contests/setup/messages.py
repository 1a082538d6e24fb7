"""What a contest sends: each kind of message with who gets it and when, and what its organiser may change of it. Pure.

``app`` fills the catalogue: it alone knows the messages of every room.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compapp.core.text import N_

STAGES = {
    "entering": N_("Until entries close"),
    "checking": N_("While entries are checked"),
    "jury": N_("Judges and scoring"),
    "results": N_("Results and finals"),
    "placing": N_("Places in incubators"),
    "always": N_("At any time"),
}
MOST_WORDS = 500
"""Characters of what an organiser adds to a message."""


@dataclass(frozen=True, slots=True)
class ContestMessage:
    """One kind. ``to`` and ``when`` are marked; ``optional``: it may be switched off; ``student``: teams read it."""

    kind: str
    stage: str
    to: str
    when: str
    optional: bool = False
    student: bool = True


_catalogue: dict[str, ContestMessage] = {}


def register(messages: Iterable[ContestMessage]) -> None:
    """Add kinds to the catalogue; one that is there already is replaced."""
    _catalogue.update((one.kind, one) for one in messages)


def catalogue() -> Mapping[str, ContestMessage]:
    """Return every kind that contests send, by name, in the order in which they come up."""
    return _catalogue


def by_stage() -> list[tuple[str, list[ContestMessage]]]:
    """Return the kinds under the marked headings of their stages."""
    return [(label, [one for one in _catalogue.values() if one.stage == stage]) for stage, label in STAGES.items()]


def switched_off(contest: Mapping[str, Any]) -> frozenset[str]:
    """Return the kinds that the file's ``contest`` section does not send; what must be sent is never among them."""
    named = (contest.get("messages") or {}).get("off") or ()
    return frozenset(kind for kind in named if kind in _catalogue and _catalogue[kind].optional)


def own_words(contest: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """Return what the file's ``contest`` section adds to messages: kind to text."""
    said: Mapping[str, Mapping[str, str]] = (contest.get("messages") or {}).get("words") or {}
    return said


def changed(contest: Mapping[str, Any], kind: str, *, off: bool, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the ``contest`` section with another wish for ``kind``; what is empty is left out."""
    before = contest.get("messages") or {}
    kinds = [one for one in before.get("off") or () if one != kind] + ([kind] if off else [])
    said = {one: text for one, text in (before.get("words") or {}).items() if one != kind}
    if words:
        said[kind] = dict(words)
    found = {key: value for key, value in (("off", kinds), ("words", said)) if value}
    rest = {key: value for key, value in contest.items() if key != "messages"}
    return {**rest, "messages": found} if found else rest
