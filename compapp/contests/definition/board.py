"""Who may enter on a board."""

from dataclasses import dataclass

from compapp.contests.definition.times import HasDefinition, Json, Text, text_of


@dataclass(frozen=True)
class BoardRule:
    """A board: kinds of institution that may enter, team size, and consent for the young.

    ``guardian_consent_under`` is an age in years; None where nobody's guardian is asked.
    """

    code: str
    label: Text
    eligible_kinds: tuple[str, ...]
    team_min: int
    team_max: int | None
    guardian_consent_under: int | None

    @staticmethod
    def of(board: HasDefinition) -> "BoardRule":
        """Read the rule of a board's row."""
        return BoardRule.read(board.definition)

    @staticmethod
    def read(piece: Json) -> "BoardRule":
        """Read the rule of one item of ``contest.boards``."""
        return BoardRule(
            code=piece["code"],
            label=text_of(piece.get("label"), piece["code"]),
            eligible_kinds=tuple(piece.get("eligible_kinds") or ()),
            team_min=piece.get("team_min") or 1,
            team_max=piece.get("team_max"),
            guardian_consent_under=piece.get("guardian_consent_under"),
        )
