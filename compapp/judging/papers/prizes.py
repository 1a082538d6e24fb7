"""The table of prizes that several papers show."""

from collections.abc import Iterable

from compapp.core.documents import Grid
from compapp.core.money import format_vnd
from compapp.judging.papers.facts import AwardFact


def prize_grid(awards: Iterable[AwardFact], *, public: bool = False) -> Grid:
    """Return who gets which prize; ``public`` names nobody who may not be named."""
    return Grid(
        ("Giải", "Bảng", "Tên ý tưởng, dự án", "Đội thi", "Đơn vị", "Tiền thưởng"),
        [
            (
                one.label,
                one.board,
                one.title,
                ", ".join(one.public_team if public else one.team),
                one.school,
                format_vnd(one.vnd) if one.vnd else "",
            )
            for one in awards
            if one.number
        ],
        (5, 5, 8, 9, 7, 6),
        frozenset({5}),
    )
