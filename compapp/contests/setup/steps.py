"""The wizard's pages in order, and how far each is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from compapp.contests.setup.checks import FAULT, MISSING, WARNING, Finding
from compapp.core.text import N_

DONE, OPEN, WRONG, PREFILLED = "done", "open", "wrong", "prefilled"


@dataclass(frozen=True)
class Step:
    """One page: ``title`` and ``lead`` are marked msgids; ``optional`` pages are done even when they are empty."""

    name: str
    title: str
    lead: str


STEPS = (
    Step("basics", N_("Name and organisers"), N_("What the contest is called and who runs it.")),
    Step("dates", N_("Calendar"), N_("When it begins, when entries close, when teams may appeal.")),
    Step("schools", N_("Institutions"), N_("The schools, universities and other institutions that take part.")),
    Step(
        "boards",
        N_("Boards"),
        N_("Who enters where: students, pupils, firms. Each board has its own limits."),
    ),
    Step("rules", N_("Rules for all boards"), N_("What holds for everybody, whatever the board.")),
    Step("sectors", N_("Sectors"), N_("The fields in which teams enter. Judges are matched by them.")),
    Step("form", N_("Entry form"), N_("What teams answer and which files they give, part by part.")),
    Step("rubrics", N_("Rubrics"), N_("The sheets that judges fill in: criteria, weights, what marks mean.")),
    Step("rounds", N_("Rounds"), N_("How the contest goes on: who scores, who goes through.")),
    Step("deciding", N_("Figures, ties and appeals"), N_("How sheets become a figure, what decides between equals.")),
    Step("prizes", N_("Prizes"), N_("What can be won on each board.")),
    Step("sponsors", N_("Sponsors"), N_("Who supports the contest, with their logo and what they give.")),
    Step(
        "messages",
        N_("Messages"),
        N_("What the contest tells whom, and when. Some may be left out; most take a sentence of yours."),
    ),
    Step("people", N_("Who does what"), N_("Who organises, approves, keeps the records and judges.")),
)
"""Every page but the last one, the check."""

STATES = {
    DONE: N_("Done"),
    WRONG: N_("Something is wrong"),
    OPEN: N_("To do"),
    PREFILLED: N_("Filled in for you, have a look"),
}
"""What the list of pages says of each."""

BY_NAME = {step.name: step for step in STEPS}


def state_of(
    step: str, findings: Iterable[Finding], accepted: Collection[str] = (), untouched: Collection[str] = ()
) -> str:
    """Return ``wrong`` for a page with a fault, ``open`` for one with something to do, else ``done``.

    ``prefilled``: nothing is wrong, but it still stands as a new draft begins (``untouched``).
    """
    levels = {one.level for one in findings if one.step == step and one.key not in accepted}
    if FAULT in levels:
        return WRONG
    if levels & {MISSING, WARNING}:
        return OPEN
    return PREFILLED if step in untouched else DONE


def next_step(name: str) -> Step | None:
    """Return the page after this one; None after the last."""
    names = [step.name for step in STEPS]
    place = names.index(name) + 1
    return STEPS[place] if place < len(STEPS) else None
