"""Combinations of rules that the contest file refuses (contest-file.md, exact meanings)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from compapp.accounts.policy import clean_address, is_address
from compapp.contests.definition.rounds import SCORED
from compapp.contests.definition.rules import Aggregation
from compapp.contests.file.faults import Fault
from compapp.contests.file.references import found
from compapp.core.text import N_

Json = Mapping[str, Any]

JUDGE_RANK = "judge_rank"

RESERVED_CODES = frozenset({"manage", "new", "import"})
"""Codes that would stand in the way of the site's own addresses under ``/contests/``."""


def ruling_faults(document: Json) -> list[Fault]:
    """Return a fault for every rule that contradicts another or its own range."""
    faults: list[Fault] = []
    for ruling in (_code, _boards, _scales, _choices, _rounds, _addresses, _mentors):
        faults += ruling(document)
    return faults


def _code(document: Json) -> Iterator[Fault]:
    code = document["contest"]["code"]
    if code.lower() in RESERVED_CODES:
        yield Fault("contest.code", N_("“%(code)s” is an address of this site; choose another code."), {"code": code})


def _boards(document: Json) -> Iterator[Fault]:
    for index, board in enumerate(document["contest"]["boards"]):
        if board.get("team_max", 1000) < board.get("team_min", 1):
            yield Fault(f"contest.boards[{index}].team_max", N_("The largest team is smaller than the smallest."))
        if board.get("age_max", 1000) < board.get("age_min", 1):
            yield Fault(f"contest.boards[{index}].age_max", N_("The highest age is below the lowest."))


def _scales(document: Json) -> Iterator[Fault]:
    for index, rubric in enumerate(document["rubrics"]):
        path = f"rubrics[{index}]"
        common = {"min": 0, "max": 10} | rubric.get("scale", {})
        yield from _scale(common, f"{path}.scale")
        for number, criterion in enumerate(rubric["criteria"]):
            nested = "scale" in criterion
            own = (
                criterion["scale"]
                if nested
                else {key: criterion[key] for key in ("min", "max", "step") if key in criterion}
            )
            place = f"{path}.criteria[{number}]"
            if own:
                yield from _scale(common | own, f"{place}.scale" if nested else place)


def _scale(scale: Json, path: str) -> Iterator[Fault]:
    if scale["min"] >= scale["max"]:
        yield Fault(f"{path}.max", N_("The highest mark must be above the lowest."))
    elif scale.get("step") is not None and scale["step"] > scale["max"] - scale["min"]:
        yield Fault(f"{path}.step", N_("The step is longer than the whole scale."))


def _choices(document: Json) -> Iterator[Fault]:
    for index, field in enumerate(document["form"]["fields"]):
        if field["type"] in ("choice", "multichoice") and not field.get("options") and not field.get("options_from"):
            yield Fault(f"form.fields[{index}].options", N_("A choice needs options."))
        if field["type"] == "table" and not field.get("columns"):
            yield Fault(f"form.fields[{index}].columns", N_("A table needs columns."))
        if (field.get("shown_if") or {}).get("field") == field["key"]:
            yield Fault(f"form.fields[{index}].shown_if", N_("A question cannot depend on itself."))


def _mentors(document: Json) -> Iterator[Fault]:
    if not document["contest"]["rules"].get("mentors_may_not_judge"):
        return
    mentors = {clean_address(one["email"]) for one in document.get("mentors") or () if one.get("email")}
    for index, judge in enumerate(document.get("judges") or ()):
        if judge.get("email") and clean_address(judge["email"]) in mentors:
            yield Fault(f"judges[{index}].email", N_("A mentor may not judge by the rules of this contest."))


def _addresses(document: Json) -> Iterator[Fault]:
    for pattern in ("judges[].email", "mentors[].email", "secretaries[].email", "entries[].members[].email"):
        for path, address in found(document, pattern):
            if isinstance(address, str) and not is_address(clean_address(address)):
                yield Fault(path, N_("“%(address)s” is not an e-mail address."), {"address": address})


def _rounds(document: Json) -> Iterator[Fault]:
    rules: Json = document["contest"]["rules"]
    criteria = {rubric["code"]: {one["code"] for one in rubric["criteria"]} for rubric in document["rubrics"]}
    methods = {
        one["code"]: Aggregation.read(rules.get("aggregation"), one.get("aggregation")).method
        for one in document["rounds"]
    }
    without_rubric = {one["code"] for one in document["rounds"] if not one.get("rubric")}
    for index, round_ in enumerate(document["rounds"]):
        path = f"rounds[{index}]"
        yield from _from_votes(document, round_, path)
        yield from _carry(round_, path, methods, without_rubric)
        if methods[round_["code"]] == JUDGE_RANK:
            yield from _judge_rank(round_, path)
        yield from _mode(round_, path)
        yield from _byes(document, round_, path)
        known = criteria.get(round_.get("rubric") or "")
        for number, step in enumerate(round_.get("tie_break") or ()):
            criterion = step.get("criterion_mean")
            if criterion is not None and known is not None and criterion not in known:
                place = f"{path}.tie_break[{number}].criterion_mean"
                params = {"code": criterion, "rubric": round_["rubric"]}
                yield Fault(place, N_("“%(code)s” is no criterion of the round's rubric %(rubric)s."), params)


def _mode(round_: Json, path: str) -> Iterator[Fault]:
    """A round with a mode of its own has no rubric, and nothing that counts in points."""
    if (round_.get("mode") or "rubric") == "rubric":
        return
    if round_["kind"] not in SCORED:
        yield Fault(f"{path}.mode", N_("Only a round with judges has a mode."))
    refused = {
        "rubric": round_.get("rubric"),
        "carry": round_.get("carry"),
        "extra_points": round_.get("extra_points"),
        "gates.no_zero": (round_.get("gates") or {}).get("no_zero"),
        "gates.min_total": (round_.get("gates") or {}).get("min_total"),
    }
    for key, value in refused.items():
        if value:
            yield Fault(f"{path}.{key}", N_("This belongs to rounds that are judged by criteria and points."))


def _byes(document: Json, round_: Json, path: str) -> Iterator[Fault]:
    """A bye leads from a round with judges into a later one, and nothing of that round is asked of who has it."""
    byes: Json = round_.get("byes") or {}
    single: Json = round_.get("entry_byes") or {}
    if not byes and not single:
        return
    name = "byes" if byes else "entry_byes"
    rounds = sorted(document["rounds"], key=lambda one: one.get("order") or 0)
    scored = [one["code"] for one in rounds if one["kind"] in SCORED]
    screens = (round_.get("mode") or "rubric") == "yes_no"
    if round_["kind"] not in SCORED or round_["code"] == scored[-1]:
        yield Fault(f"{path}.{name}", N_("A bye leads to a later round with judges; after this one there is none."))
    elif not round_.get("advance") and not screens:
        yield Fault(f"{path}.{name}", N_("Nobody goes through from this round, so a bye leads nowhere."))
    if {one["code"] for one in document["contest"]["boards"]} <= set(byes):
        yield Fault(f"{path}.byes", N_("Every board has a bye: nobody is left to be judged in this round."))
    for code in byes:
        if any(code in (round_.get(key) or {}) for key in ("advance", "wildcards")):
            sentence = N_("This board has a bye and a number that goes through by figures; give one of them.")
            yield Fault(f"{path}.byes.{code}", sentence)
    for place in (*(f"byes.{code}" for code in byes), *(f"entry_byes.{code}" for code in single)):
        for other in document["rounds"]:
            if other is not round_ and round_["code"] in (other.get("carry") or {}):
                sentence = N_("%(round)s counts the figure of this round, which nobody with a bye has.")
                yield Fault(f"{path}.{place}", sentence, {"round": other["code"]})
    yield from _byes_and_entries(document, round_, path)


def _byes_and_entries(document: Json, round_: Json, path: str) -> Iterator[Fault]:
    """A bye by entry names one of the file, and nobody with a bye has been scored."""
    board_of = {one["code"]: one.get("board") for one in document.get("entries") or ()}
    scores: Json = document.get("sheets") or {}
    read = {sheet.get("entry") for sheet in scores.get(round_["code"]) or ()}
    for code in round_.get("byes") or ():
        if code in {board_of.get(entry) for entry in read}:
            sentence = N_("This board has score sheets in the round, so it cannot have a bye there.")
            yield Fault(f"{path}.byes.{code}", sentence)
    for code in round_.get("entry_byes") or ():
        if board_of and code not in board_of:
            yield Fault(f"{path}.entry_byes.{code}", N_("“%(code)s” is no entry of this file."), {"code": code})
        if code in read:
            sentence = N_("This entry has score sheets in the round, so it cannot have a bye there.")
            yield Fault(f"{path}.entry_byes.{code}", sentence)


def _from_votes(document: Json, round_: Json, path: str) -> Iterator[Fault]:
    kinds = {one["code"]: one["kind"] for one in document["rounds"]}
    for number, extra in enumerate(round_.get("extra_points") or ()):
        if extra.get("from_vote") and kinds.get(extra["from_vote"]) != "public_vote":
            yield Fault(f"{path}.extra_points[{number}].from_vote", N_("This round is not a public vote."))


def _judge_rank(round_: Json, path: str) -> Iterator[Fault]:
    refused: dict[str, Callable[[], Any]] = {
        "carry": lambda: round_.get("carry"),
        "extra_points": lambda: round_.get("extra_points"),
        "gates.min_total": lambda: (round_.get("gates") or {}).get("min_total") is not None,
    }
    for key, is_set in refused.items():
        if is_set():
            yield Fault(f"{path}.{key}", N_("This cannot be combined with the method judge_rank."))


def _carry(round_: Json, path: str, methods: Mapping[str, str], without_rubric: Collection[str]) -> Iterator[Fault]:
    carry: Json = round_.get("carry") or {}
    if not carry:
        return
    total = sum((Decimal(str(percent)) for percent in carry.values()), Decimal())
    if total != 100:
        yield Fault(f"{path}.carry", N_("The percents add up to %(total)s instead of 100."), {"total": str(total)})
    for code in carry:
        if code in without_rubric:
            yield Fault(f"{path}.carry.{code}", N_("A round without a rubric has no figure to carry."))
        if code != round_["code"] and methods.get(code) == JUDGE_RANK:
            yield Fault(f"{path}.carry.{code}", N_("The figure of a round with judge_rank cannot be carried."))
