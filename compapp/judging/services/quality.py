"""The quality of an assignment as plain figures, kept with it; pages put them into words before it is published."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from compapp.contests.models import Round
from compapp.judging import queries
from compapp.judging.queries.assignments import OTHER_SECTOR, Problem
from compapp.judging.queries.reading import reads
from compapp.judging.scoring.assignment import Assignment as Solution
from compapp.judging.scoring.assignment import connectivity
from compapp.judging.scoring.assignment.quality import meetings, weakest_pairs
from compapp.judging.scoring.assignment.remedies import FEWER_REVIEWS, SEVERAL_OF_HOUSE, remedies
from compapp.judging.scoring.assignment.solve import JUDGE_MAX, NO_CANDIDATE, Unmet


def report_on(round_: Round, problem: Problem, found: Solution, seed: int) -> dict[str, Any]:
    """Return the quality of an assignment as plain numbers; pages put it into words.

    ``kept`` were given out before, ``new`` come on top. ``undecided``: pairs whose tie nobody has decided yet.
    """
    instance = problem.instance
    row = {need.code: at for at, need in enumerate(instance.entries)}
    column = {judge.code: at for at, judge in enumerate(instance.judges)}
    closeness = [instance.affinity[row[entry]][column[judge]] for entry, judge in found.pairs]
    expert = {pair[0] for pair, value in zip(found.pairs, closeness, strict=True) if value >= OTHER_SECTOR}
    measured = connectivity(found.pairs)
    met = meetings(found.pairs)
    loads = list(found.loads.values())
    kept = {(pair.entry, pair.judge) for pair in problem.pairs}
    new = [pair for pair in found.pairs if pair not in kept]
    return {
        "seed": seed,
        "pairs": len(found.pairs),
        "entries": len(problem.entries),
        "judges": len(problem.seats),
        "least_load": min(loads),
        "most_load": max(loads),
        "loads": {problem.seats[code].code: load for code, load in found.loads.items()},
        "in_own_sector": sum(1 for value in closeness if value >= OTHER_SECTOR),
        "entries_with_expert": len(expert),
        "entries_without_expert": sorted(problem.entries[code].code for code in problem.entries if code not in expert),
        "components": measured.components,
        "lambda2": measured.lambda2,
        "kept": len(found.pairs) - len(new),
        "new": len(new),
        "lightest": _named(problem, found.loads, min(loads)),
        "heaviest": _named(problem, found.loads, max(loads)),
        "judge_pairs": met.possible,
        "judge_pairs_met": met.met,
        "fewest_met": {problem.seats[code].code: count for code, count in met.fewest.items()},
        "groups": [[problem.seats[code].code for code in group] for group in met.groups],
        "weakest": [
            [problem.entries[entry].code, problem.seats[judge].code, value]
            for entry, judge, value in weakest_pairs(instance, new, below=OTHER_SECTOR)
        ],
        "undecided": _undecided(round_, problem, new),
        **_what_can_be_read(problem, found),
        "unmet": [
            {
                "entry": None if unmet.entry is None else problem.entries[unmet.entry].code,
                "judge": None if unmet.judge is None else problem.seats[unmet.judge].code,
                "lacking": unmet.lacking,
                "rule": _rule(problem, unmet),
            }
            for unmet in found.unmet
        ],
        **(_what_to_change(problem, found) if found.unmet else {}),
    }


def _what_to_change(problem: Problem, found: Solution) -> dict[str, Any]:
    """Return how many reviews are needed, how many the judges may give (None: no limit), and the cheapest ways out.

    That two judges of one institution read an entry is no way here: the house rule holds in every contest.
    """
    judges, ways = problem.instance.judges, remedies(problem.instance, found)
    limits = [judge.most for judge in judges if judge.most is not None]
    return {
        "needed": sum(need.reviews for need in problem.instance.entries),
        "room": sum(limits) if len(limits) == len(judges) else None,
        "remedies": [
            {"kind": way.kind, "amount": way.amount, "who": [known[one].code for one in way.who]}
            for way in ways
            for known in ((problem.entries if way.kind == FEWER_REVIEWS else problem.seats),)
            if way.kind != SEVERAL_OF_HOUSE
        ],
    }


def _what_can_be_read(problem: Problem, found: Solution) -> dict[str, Any]:
    """Return who is away how long and gets how many at most, which languages are stated, and who reads what in vain.

    ``away``: judge, days with time, of how many, most entries. ``languages``: a stated language, how many entries
    state no other, and the judges who do not read it. ``unread``: pairs (entry, judge) that stand in spite of it.
    """
    most = {judge.code: judge.most for judge in problem.instance.judges}
    stated = Counter(said for said in problem.languages.values())
    return {
        "away": [
            [problem.seats[code].code, days, all_days, most[code]]
            for code, (days, all_days) in problem.time.items()
            if days < all_days
        ],
        "languages": [
            [sorted(said), count, sorted(seat.code for seat in problem.seats.values() if not reads(seat, said))]
            for said, count in sorted(stated.items(), key=lambda one: (-one[1], sorted(one[0])))
        ],
        "unread": sorted(
            [problem.entries[entry].code, problem.seats[judge].code]
            for entry, judge in found.pairs
            if (entry, judge) in problem.foreign
        ),
    }


def _rule(problem: Problem, unmet: Unmet) -> str:
    """Return the rule that stands in the way, told apart where a language or days away have a part in it."""
    if unmet.rule == NO_CANDIDATE and any(entry == unmet.entry for entry, _judge in problem.foreign):
        return "language"
    if unmet.rule == JUDGE_MAX and any(days < all_days for days, all_days in problem.time.values()):
        return "judge_max_away"
    return unmet.rule


def _named(problem: Problem, loads: Mapping[str, int], load: int, most: int = 5) -> list[str]:
    """Return the codes of the judges who have just this load; at most ``most``."""
    return sorted(problem.seats[code].code for code, own in loads.items() if own == load)[:most]


def _undecided(round_: Round, problem: Problem, new: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return entry and judge code of the new pairs that a tie stands over which nobody has decided."""
    tied = {(str(tie.entry_id), str(tie.seat_id)) for tie in queries.ties_of(round_.contest).found}
    return sorted(
        [problem.entries[entry].code, problem.seats[judge].code] for entry, judge in new if (entry, judge) in tied
    )
