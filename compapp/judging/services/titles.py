"""A judge's degree and position, as decisions and minutes name them; the contest file has them too."""

from compapp.core.errors import Sentence
from compapp.core.text import N_, nfc
from compapp.judging.models import Seat

DEGREE, POSITION = "degree", "position"
LONGEST_TITLE = 300


def titles_of(seat: Seat) -> dict[str, str]:
    """Return what is known of degree and position; empty for what is not."""
    return {name: str(seat.definition.get(name) or "") for name in (DEGREE, POSITION)}


def title_faults(degree: str, position: str) -> dict[str, list[Sentence]]:
    """Return a sentence for each of the two that is too long."""
    return {
        name: [(N_("Write at most %(most)s characters."), {"most": LONGEST_TITLE})]
        for name, text in ((DEGREE, degree), (POSITION, position))
        if len(text) > LONGEST_TITLE
    }


def keep_titles(seat: Seat, degree: str, position: str) -> None:
    """Keep both beside what the contest file said of the seat; an empty one is no longer known."""
    said = {DEGREE: " ".join(nfc(degree).split()), POSITION: " ".join(nfc(position).split())}
    others = {name: value for name, value in seat.definition.items() if name not in said}
    seat.definition = {**others, **{name: text for name, text in said.items() if text}}
