"""The jury in its room: what is said of the entries in doubt, and the votes; open in R1, secret in the final."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.judging.models import Motion
from compapp.judging.queries.deliberation import motions_of
from compapp.judging.services import deliberation

Act = Callable[[Moment], None]
Piece = Mapping[str, Any]

CHAIR = "J01"

TALKS = {"R1": (81, "18:02"), "R3": (130, "17:02")}
"""When the rooms open: the sheets are in, the decision is not prepared yet. Each deed takes three minutes."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield both deliberations."""
    for round_code, (day, clock) in TALKS.items():
        opened = stage.calendar.at(day, clock)
        for number, (who, act) in enumerate(_deeds(round_code, stage.words["jury_room"][round_code])):
            yield Step(opened + timedelta(minutes=3 * number), who, act)


def _deeds(round_code: str, room: Piece) -> Iterator[tuple[str, Act]]:
    yield CHAIR, _open(round_code, secret=room["secret"])
    yield SYSTEM, _speak(round_code, room["remarks"])
    for vote in room["votes"]:
        yield CHAIR, _ask(round_code, vote)
        yield SYSTEM, _cast(round_code, vote)
        yield CHAIR, _count(round_code, vote["entry"])
    yield CHAIR, _close(round_code)


def _open(round_code: str, *, secret: bool) -> Act:
    def act(moment: Moment) -> None:
        deliberation.open_room(moment.round(round_code), is_secret=secret, **moment.by)

    return act


def _speak(round_code: str, remarks: Sequence[Piece]) -> Act:
    """Return the step in which the jury talks, one after the other."""

    def act(moment: Moment) -> None:
        round_ = moment.round(round_code)
        for said in remarks:
            entry, judge = moment.entry(said["entry"]), moment.stage.actor(said["judge"])
            flag = said.get("flag", False)
            deliberation.say(round_, entry, said["text"], is_flag=flag, actor=judge, at=moment.at)

    return act


def _ask(round_code: str, vote: Piece) -> Act:
    def act(moment: Moment) -> None:
        entry = moment.entry(vote["entry"])
        deliberation.open_vote(moment.round(round_code), entry, vote["question"], **moment.by)

    return act


def _motion(moment: Moment, round_code: str, entry: str) -> Motion:
    found = motions_of(moment.round(round_code).id, moment.actor.person_id, moment.entry(entry).id)
    return next(one.motion for one in found if one.motion.state == "open")


def _cast(round_code: str, vote: Piece) -> Act:
    """Return the step in which the jury votes within the same minute, each by an own hand."""

    def act(moment: Moment) -> None:
        motion = _motion(moment, round_code, vote["entry"])
        for judge, choice in vote["ballots"].items():
            deliberation.cast(motion, choice, actor=moment.stage.actor(judge), at=moment.at)

    return act


def _count(round_code: str, entry: str) -> Act:
    def act(moment: Moment) -> None:
        deliberation.close_vote(_motion(moment, round_code, entry), **moment.by)

    return act


def _close(round_code: str) -> Act:
    def act(moment: Moment) -> None:
        deliberation.close_room(moment.round(round_code), **moment.by)

    return act
