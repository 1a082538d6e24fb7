"""Reads the table: who is let in where, as lines written by hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.permissions.building import BUILT
from tests.journeys.permissions.stages import ACCOUNTS

FOLDER = Path(__file__).parent / "table"
_LINE = re.compile(r"([yfns]{4} [yfns]{4} [yfns]{4} [yfns]{4})  (GET|POST) (/\S*)")
NAME = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True)
class Row:
    """One line: in these phases, this address, a letter for each account."""

    place: str
    phases: tuple[str, ...]
    method: str
    address: str
    letters: str

    def letter(self, account: str) -> str:
        """Return what is expected for ``account``."""
        return self.letters[ACCOUNTS.index(account)]

    def names(self) -> list[str]:
        """Return the names that stand in the address."""
        return NAME.findall(self.address)


def rows() -> Iterator[Row]:
    """Yield every line of the table; AssertionError for one that cannot be read."""
    for path in sorted(FOLDER.glob("*.txt")):
        phases: tuple[str, ...] = ()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            place = f"{path.name}:{number}"
            if not line or line.startswith("#"):
                continue
            if line.startswith("phases: "):
                phases = tuple(line.removeprefix("phases: ").split())
                assert set(phases) <= set(BUILT), place
                continue
            found = _LINE.fullmatch(line)
            assert found and phases, f"{place} cannot be read: {line!r}"
            yield Row(place, phases, found[2], found[3], found[1].replace(" ", ""))
