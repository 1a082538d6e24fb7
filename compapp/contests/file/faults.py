"""What is wrong with a contest file: where, and in a sentence that can be translated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compapp.core.errors import Invalid
from compapp.core.text import N_


@dataclass(frozen=True)
class Fault:
    """One fault: ``path`` as in ``entries[3].board`` (empty for the whole file), and a marked sentence."""

    path: str
    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return the sentence in English (pages translate ``msgid`` and fill in ``params``)."""
        return self.msgid % self.params if self.params else self.msgid

    @property
    def json_path(self) -> str:
        """Return the path from the root: ``$.entries[3].board``."""
        if not self.path:
            return "$"
        return f"$.{self.path}" if not self.path.startswith("[") else f"${self.path}"

    def __str__(self) -> str:
        return f"{self.json_path}: {self.sentence}"


class ContestFileRefused(Invalid):
    """The whole file is refused; ``faults`` says why, nothing was imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(N_("The contest file was refused: %(count)s faults were found."), count=len(faults))
        self.faults: tuple[Fault, ...] = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
