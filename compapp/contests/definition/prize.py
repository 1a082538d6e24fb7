"""The prizes of a contest."""

from dataclasses import dataclass

from compapp.contests.definition.times import HasDefinition, Json, Text, text_of


@dataclass(frozen=True)
class Prize:
    """One kind of prize: ``count`` of it, ``vnd`` đồng each; ``board`` None means the whole contest."""

    board: str | None
    award: str
    count: int
    vnd: int
    label: Text

    @staticmethod
    def read(piece: Json) -> "Prize":
        """Read one item of ``contest.prizes``."""
        return Prize(
            board=piece.get("board"),
            award=piece["award"],
            count=piece.get("count", 1),
            vnd=piece.get("vnd") or 0,
            label=text_of(piece.get("label"), piece["award"]),
        )


def prizes_of(contest: HasDefinition) -> tuple[Prize, ...]:
    """Return the prizes of a contest's row, in the file's order."""
    return tuple(Prize.read(piece) for piece in contest.definition.get("prizes") or ())
