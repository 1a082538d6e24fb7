"""Places in incubators: wishes in order, the matching of two people, offers and waiting lists."""

from collections.abc import Callable, Iterator

from compapp.demo.stage import Moment, Stage, Step
from compapp.demo.story.finals import lead_of
from compapp.placement import queries
from compapp.placement import services as placement

Act = Callable[[Moment], None]

WISHED = {
    "S06": 161,
    "S02": 161,
    "S10": 163,
    "P02": 164,
    "P05": 165,
    "S07": 166,
    "S14": 168,
    "S01": 172,
    "S03": 172,
    "P08": 173,
    "S08": 174,
}
"""Teams and the day on which they put their wishes in order; S01 has not done so on day 170."""

ANSWERED = {
    "S01": (177, "07:40"),
    "S06": (177, "19:00"),
    "S02": (177, "20:20"),
    "S10": (178, "12:10"),
    "P02": (178, "17:45"),
    "S03": (179, "20:00"),
    "S14": (179, "21:00"),
    "P05": (180, "18:30"),
    "S07": (181, "19:15"),
    "S08": (182, "20:45"),
}
"""When the leads accept what they are offered."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps from the first wish to the last accepted place."""
    at = stage.calendar.at
    for number, (code, day) in enumerate(WISHED.items()):
        yield Step(at(day, f"{19 + number % 3}:{number * 5:02d}"), lead_of(code), _wish(code))
    yield Step(at(175, "16:00"), "organiser", _propose)
    yield Step(at(176, "09:00"), "J01", _release)
    for code, (day, clock) in ANSWERED.items():
        yield Step(at(day, clock), lead_of(code), _accept(code))


def _wish(code: str) -> Act:
    """Return the step in which a lead puts the wishes in order that its sector allows."""

    def act(moment: Moment) -> None:
        entry = moment.entry(code)
        piece = next(one for one in moment.stage.document["entries"] if one["code"] == code)
        intakes = {one.code: one for one in queries.intakes_of(entry.contest_id)}
        wanted = [one for one in piece["incubator_prefs"] if queries.accepts(intakes[one], piece["sector"])]
        placement.state_wishes(entry, wanted, **moment.by)

    return act


def _propose(moment: Moment) -> None:
    placement.propose_matching(moment.contest(), **moment.by)


def _release(moment: Moment) -> None:
    """The second person releases; S06 waits at IN2, which is full, and gets its second wish (incident 11)."""
    run = next(one for one in queries.runs_of(moment.contest().id) if one.state == "proposed")
    placement.release_matching(run, **moment.by)


def _accept(code: str) -> Act:
    def act(moment: Moment) -> None:
        offer = next(one for one in queries.offers_of_entry(moment.entry(code).id) if one.state == "offered")
        placement.accept_offer(queries.offer(offer.id), **moment.by)

    return act
