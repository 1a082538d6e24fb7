"""The public vote of the small contest: one vote an account, a rush from one place, and the honest count."""

from collections.abc import Callable, Iterator, Sequence

from compapp.demo.cast import ACCOUNTS, keys_of_team
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.demo.story.second import move
from compapp.portal import services as portal
from compapp.portal.queries.voting import ballots
from compapp.portal.services import Trace

Act = Callable[[Moment], None]

SHOWN = {"E01": (83, "19:10", ("problem",)), "E02": (83, "19:20", ())}
"""When each team shows its idea in the gallery: what is voted for stands there."""

EVENINGS = {
    (83, "20:05"): "E02 E01 E02",
    (83, "21:40"): "E01 E02 E02 E01",
    (85, "20:20"): "E02 E01 E02 E01 E02",
    (87, "19:45"): "E01 E02 E02 E01 E02",
    (90, "21:10"): "E02 E02 E01 E02",
    (94, "20:30"): "E02 E01 E02 E02 E01",
}
"""When accounts vote, and for which entry."""

RUSH = (92, "10:10", "E01", 12)
"""A class votes for one entry within minutes, from one connection; the organiser looks at it after the vote."""

RUSH_VOID = 5
"""How many of the rush could not confirm that they had voted themselves."""

WHY = "Năm tài khoản xác nhận không tự bình chọn: một bạn đã bấm hộ trên cùng một máy. Bảy phiếu còn lại giữ nguyên."


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the vote from its opening to the count that is taken over."""
    at = stage.calendar.at
    for code, (day, clock, answers) in SHOWN.items():
        entry = next(one for one in stage.second["entries"] if one["code"] == code)
        lead = keys_of_team(entry, stage.document, stage.second)[0]
        yield Step(at(day, clock), lead, _show(code, answers))
    yield Step(at(83, "19:30"), SYSTEM, move("RV", opening=True))
    first = 0
    for (day, clock), choices in EVENINGS.items():
        yield Step(at(day, clock), SYSTEM, _vote(first, choices.split()))
        first += len(choices.split())
    day, clock, entry, many = RUSH
    yield Step(at(day, clock), SYSTEM, _vote(first, [entry] * many, Trace("rush", "rush")))
    yield Step(at(97, "12:00"), SYSTEM, move("RV", opening=False))
    yield Step(at(97, "14:00"), "organiser2", _void)
    yield Step(at(97, "14:20"), "organiser2", _take_over)


def _code(moment: Moment) -> str:
    return str(moment.stage.second["contest"]["code"])


def _voters(stage: Stage) -> list[str]:
    """Return teams' members of the large contest who have no account to sign in with."""
    keys = (f"{one['code']}-{place}" for one in stage.document["entries"] for place in (2, 3))
    return [key for key in keys if key in stage.people and key not in ACCOUNTS.values()]


def _show(code: str, answers: Sequence[str]) -> Act:
    def act(moment: Moment) -> None:
        portal.show_entry(moment.entry(code, _code(moment)), answers=answers, **moment.by)

    return act


def _vote(first: int, choices: Sequence[str], trace: Trace | None = None) -> Act:
    """Return the step in which several people vote within the same minute: the voters from ``first`` on."""

    def act(moment: Moment) -> None:
        round_ = moment.round("RV", _code(moment))
        voters = _voters(moment.stage)[first : first + len(choices)]
        for key, code in zip(voters, choices, strict=True):
            own, entry = trace or Trace(key, key), moment.stage.codes[_code(moment), code]
            portal.cast_vote(round_, entry, trace=own, actor=moment.stage.actor(key), at=moment.at)

    return act


def _void(moment: Moment) -> None:
    round_ = moment.round("RV", _code(moment))
    rushed = [one.id for one in ballots(round_.id) if one.address == "rush"]
    portal.void_votes(round_, rushed[:RUSH_VOID], WHY, **moment.by)


def _take_over(moment: Moment) -> None:
    portal.take_over_count(moment.round("RV", _code(moment)), **moment.by)
