"""A definition that is not saved (or not yet read into rows), seen as the row of a contest, for the sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from compapp.contests.definition import BoardRule, Rules, moment, rubrics_of, text_of
from compapp.contests.plain import deciding_by_round, entering_rules, late_rule, what_counts
from compapp.contests.sayings import PlainRule, asking_rules, board_rules, counted, giving_rules, plural
from compapp.core.text import N_


@dataclass
class DraftedRow:
    """A board or a round."""

    code: str
    definition: dict[str, Any]
    contest: Any = None


@dataclass
class Drafted:
    """A contest as the sentences want it."""

    definition: dict[str, Any]
    form: dict[str, Any]
    rubrics: list[Any]
    boards: list[DraftedRow] = field(default_factory=list)
    rounds: list[DraftedRow] = field(default_factory=list)

    @staticmethod
    def of(document: dict[str, Any]) -> "Drafted":
        """Read a document."""
        made = Drafted(document["contest"], document["form"], document["rubrics"])
        made.boards = [DraftedRow(one["code"], one) for one in document["contest"]["boards"]]
        made.rounds = [DraftedRow(one["code"], one, made) for one in document["rounds"]]
        return made


def said_on(step: str, document: dict[str, Any], item: str = "") -> tuple[PlainRule, ...]:
    """Return the sentences that a page of the wizard decides about; ``item`` narrows them to one board or round."""
    drafted = Drafted.of(document)
    if step == "boards":
        return tuple(_boards(drafted, item))
    if step in ("rounds", "deciding"):
        said = deciding_by_round(drafted)
        return said.get(item, ()) if item else tuple(one for group in said.values() for one in group)
    if step == "dates":
        return (*_dates(drafted), late_rule(Rules.of(drafted)))
    if step == "rules":
        boards = set(map(str, _boards(drafted, "")))
        return tuple(one for one in entering_rules(drafted) if str(one) not in boards)
    if step == "form":
        return asking_rules(drafted)
    if step == "prizes":
        return giving_rules(drafted)
    if step == "rubrics":
        return tuple(_weights(drafted, item))
    return ()


def _dates(drafted: Drafted) -> Iterator[PlainRule]:
    """Yield when entries are taken, who is reminded when, and when teams may appeal."""
    submission = Rules.of(drafted).submission
    params = {"opens": submission.opens_at, "closes": submission.closes_at}
    yield PlainRule(N_("Entries are taken from %(opens)s to %(closes)s."), params)
    if submission.reminders_before:
        lengths = [_length(one) for one in submission.reminders_before]
        sentence = N_("Teams that have not submitted are reminded before the deadline: %(lengths)s.")
        yield PlainRule(sentence, {"lengths": lengths})
    names = {row.code: text_of(row.definition.get("label"), row.code) for row in drafted.rounds}
    for one in drafted.definition.get("appeals") or ():
        when = {"opens": moment(one.get("opens")), "closes": moment(one.get("closes"))}
        if one.get("round") in names and all(when.values()):
            sentence = N_("Appeals after %(round)s: from %(opens)s to %(closes)s.")
            yield PlainRule(sentence, {"round": names[one["round"]], **when})


def _length(before: timedelta) -> PlainRule:
    hours = int(before.total_seconds() // 3600)
    if hours % 24 == 0 and hours > 24:
        return counted(plural("%(num)d day", "%(num)d days"), hours // 24)
    return counted(plural("%(num)d hour", "%(num)d hours"), hours)


def _boards(drafted: Drafted, item: str) -> Iterator[PlainRule]:
    for row in drafted.boards:
        if item in ("", row.code):
            yield from board_rules(BoardRule.of(row))


def _weights(drafted: Drafted, item: str) -> Iterator[PlainRule]:
    """Yield what counts in each rubric, and how many points its sheet gives."""
    for code, rubric in rubrics_of(drafted).items():
        if item in ("", code) and rubric.criteria:
            yield what_counts(rubric)
            params = {"rubric": rubric.label, "most": f"{rubric.weight.normalize():f}"}
            yield PlainRule(N_("“%(rubric)s”: a sheet gives at most %(most)s points."), params)
