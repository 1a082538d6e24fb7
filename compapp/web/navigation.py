"""What rooms show in the frame and on the home page, registered by ``app`` so that web knows no room."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from compapp.core.actor import Actor


@dataclass(frozen=True)
class NavEntry:
    """A place in the main navigation; ``label`` is a marked msgid.

    ``within`` is a pattern of further paths that belong to the place, before any place whose address they begin with.
    """

    endpoint: str
    label: str
    visible: Callable[[Actor], bool]
    order: int = 100
    within: str = ""


@dataclass(frozen=True)
class CardItem:
    """One line of a card: a text, perhaps a link, a note at the right and a tone."""

    text: str
    url: str | None = None
    note: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Card:
    """What a home page says to do next; all texts already in the reader's language.

    ``tone`` is ``neutral``, ``good``, ``warning`` or ``urgent``; ``template`` may name a partial that
    draws the card with ``data``. ``done`` says that nothing is to do: the card tells how things stand.
    """

    title: str
    text: str = ""
    action_label: str = ""
    action_url: str = ""
    items: Sequence[CardItem] = ()
    tone: str = "neutral"
    order: int = 100
    template: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    done: bool = False


@dataclass(frozen=True)
class FooterLink:
    """A link at the foot of every page; ``label`` is a marked msgid."""

    endpoint: str
    label: str
    order: int = 100


CardSource = Callable[[Actor], Sequence[Card]]

_entries: list[NavEntry] = []
_sources: list[CardSource] = []
_unread: Callable[[Actor], int] | None = None
_places: dict[str, str] = {}
_footer: list[FooterLink] = []


def register(entry: NavEntry) -> None:
    """Add a place to the navigation."""
    if entry not in _entries:
        _entries.append(entry)
        _entries.sort(key=lambda one: one.order)


def register_home_cards(source: CardSource) -> None:
    """Let a room say on the home page what its people should do next."""
    if source not in _sources:
        _sources.append(source)


def use_unread(counter: Callable[[Actor], int]) -> None:
    """Let ``counter`` say how many messages wait in the inbox."""
    global _unread
    _unread = counter


def register_place(name: str, endpoint: str) -> None:
    """Let the frame find a place it links to: start, inbox, account, sign_in, sign_out."""
    _places[name] = endpoint


def place(name: str) -> str | None:
    """Return the endpoint of a place, nothing where no room has it."""
    return _places.get(name)


def register_footer(link: FooterLink) -> None:
    """Add a link to the foot of every page."""
    if link not in _footer:
        _footer.append(link)
        _footer.sort(key=lambda one: one.order)


def footer_links() -> list[FooterLink]:
    """Return the links at the foot of every page, in order."""
    return list(_footer)


def entries_for(actor: Actor) -> list[NavEntry]:
    """Return the places that ``actor`` sees, in order."""
    return [entry for entry in _entries if entry.visible(actor)]


def current_entry(entries: Sequence[NavEntry], endpoint: str | None, path: str, urls: Sequence[str]) -> NavEntry | None:
    """Return the place that ``path`` belongs to: its own page, one that claims it, or the longest address above it."""
    for entry in entries:
        if entry.endpoint == endpoint:
            return entry
    for entry in entries:
        if entry.within and re.fullmatch(entry.within, path):
            return entry
    above = [(len(url), entry) for entry, url in zip(entries, urls, strict=True) if path.startswith(f"{url}/")]
    return max(above, key=lambda one: one[0])[1] if above else None


def cards_for(actor: Actor) -> list[Card]:
    """Return the cards of ``actor``'s home page, the most urgent first."""
    cards = [card for source in _sources for card in source(actor)]
    weight = {"urgent": 0, "warning": 1}
    return sorted(cards, key=lambda card: (weight.get(card.tone, 2), card.order))


def next_step(cards: Sequence[Card]) -> tuple[Card | None, list[Card]]:
    """Return the one card that a home page puts first (the first that asks for something, else news) and the others."""
    asking = [card for card in cards if card.action_label and card.template is None]
    step = next((card for card in asking if not card.done), asking[0] if asking else None)
    return step, [card for card in cards if card is not step]


def unread_count(actor: Actor) -> int:
    """Return how many messages ``actor`` has not read."""
    return _unread(actor) if _unread is not None and actor.is_signed_in else 0
