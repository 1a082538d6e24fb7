"""Teams that show their idea in the public gallery, once no judge may be influenced by it any more."""

from collections.abc import Callable, Iterator

from compapp.demo.stage import Moment, Stage, Step
from compapp.portal import services as portal

SHOWN = {
    "S01": ("19:05", ("problem", "impact", "stage")),
    "S03": ("19:20", ("problem", "customers")),
    "S07": ("20:10", ()),
    "S12": ("20:25", ("problem", "impact")),
    "P02": ("20:40", ("problem",)),
}
"""When which team opts in, and what it shows besides title, one line and team."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the evening after the preliminary round's result."""
    for code, (time, answers) in SHOWN.items():
        yield Step(stage.calendar.at(82, time), f"{code}-1", _show(code, answers))


def _show(code: str, answers: tuple[str, ...]) -> Callable[[Moment], None]:
    def act(moment: Moment) -> None:
        portal.show_entry(moment.entry(code), answers=answers, **moment.by)

    return act
