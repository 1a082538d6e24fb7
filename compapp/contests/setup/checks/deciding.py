"""How it is decided: rubrics that do not add up, gates that bar everybody, chains that lead nowhere."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from compapp.contests.definition import RoundRule, RubricText
from compapp.contests.setup.checks.finding import FAULT, MISSING, WARNING, Document, Facts, Finding, Findings, label_of
from compapp.core.text import N_

HIGH_GATE = Decimal("0.8")
"""A gate above this share of all points may bar everybody: few entries of any contest reach it."""


def check_rubrics(document: Document, _facts: Facts) -> list[Finding]:
    """Return what is wrong with each rubric."""
    found = Findings("rubrics")
    for piece in document["rubrics"]:
        rubric = RubricText.read(piece)
        weights = {one.weight for one in rubric.criteria}
        points = all(one.weight == one.most for one in rubric.criteria)
        if rubric.weight != 100 and not points and len(weights) > 1:
            found.add(
                WARNING,
                f"sum.{rubric.code}.{rubric.weight}",
                N_("The weights of “%(rubric)s” add up to %(total)s, not to 100."),
                N_("Make them 100, or write why not: all gates are counted in these points."),
                rubric=dict(rubric.label),
                total=f"{rubric.weight.normalize():f}",
            )
        unnamed = [one for one in piece["criteria"] if not one.get("label")]
        if unnamed:
            found.add(
                MISSING,
                f"names.{rubric.code}",
                N_("A criterion of “%(rubric)s” has no name."),
                N_("Name every criterion, so that judges and teams know what counts."),
                rubric=dict(rubric.label),
            )
    return found.found


def check_rounds(document: Document, _facts: Facts) -> list[Finding]:
    """Return what is wrong with how each round decides."""
    found = Findings("rounds")
    rules = document["contest"].get("rules") or {}
    rubrics = {one["code"]: RubricText.read(one) for one in document["rubrics"]}
    before: dict[str, int] = {}
    scored = [one for one in document["rounds"] if RoundRule.read(one, rules).is_scored]
    if not scored:
        found.add(MISSING, "none", N_("No round has judges."), N_("Add a round in which judges score."))
    for piece in scored:
        rule = RoundRule.read(piece, rules)
        rubric = rubrics.get(rule.rubric or "")
        if not rule.needs_rubric:
            _mode(piece, rule, found)
        elif rubric is None:
            found.add(
                MISSING,
                f"rubric.{rule.code}",
                N_("“%(round)s” has no rubric."),
                N_("Choose the rubric that judges fill in."),
                round=label_of(piece),
            )
        else:
            _gates(piece, rule, rubric, found)
            _chain(piece, rule, rubric, found)
        _judges(piece, rule, found)
        _votes(document, piece, rule, found)
        _through(document, piece, rule, before, found)
    return found.found


def _mode(piece: Document, rule: RoundRule, found: Findings) -> None:
    needed, judges = rule.mode_options.get("yes_needed", 2), rule.judges_per_entry
    if rule.mode == "yes_no" and judges is not None and needed > judges:
        found.add(
            FAULT,
            f"yes.{rule.code}.{needed}.{judges}",
            N_("In “%(round)s” %(needed)s yes are needed, but only %(judges)s judges read an entry."),
            N_("Ask fewer yes, or let more judges read each entry."),
            round=label_of(piece),
            needed=needed,
            judges=judges,
        )


def _votes(document: Document, piece: Document, rule: RoundRule, found: Findings) -> None:
    for vote in document["rounds"]:
        counted = any(extra.from_vote == vote["code"] for extra in rule.extra_points)
        if counted and RoundRule.read(vote, {}).closes_at > rule.closes_at:
            found.add(
                FAULT,
                f"vote.{rule.code}.{vote['code']}",
                N_("“%(round)s” counts the public vote “%(vote)s”, which ends later."),
                N_("Let the vote end before this round does."),
                round=label_of(piece),
                vote=label_of(vote),
            )


def _judges(piece: Document, rule: RoundRule, found: Findings) -> None:
    if rule.judges_per_entry is None:
        found.add(
            MISSING,
            f"reads.{rule.code}",
            N_("“%(round)s” does not say how many judges score each entry."),
            N_("Write a number, usually 3 online and 5 or 7 before the jury."),
            round=label_of(piece),
        )
    elif rule.judges_per_entry < 2:
        found.add(
            FAULT,
            f"reads.{rule.code}",
            N_("In “%(round)s” one judge alone scores an entry; with fewer than two sheets nobody is ranked."),
            N_("Let at least two judges score each entry, better three."),
            round=label_of(piece),
        )


def _gates(piece: Document, rule: RoundRule, rubric: RubricText, found: Findings) -> None:
    most = Decimal(100) if rule.carry else rubric.weight + sum((one.max for one in rule.extra_points), Decimal())
    least = rule.gates.min_total
    params = {
        "round": label_of(piece),
        "least": f"{(least or Decimal()).normalize():f}",
        "most": f"{most.normalize():f}",
    }
    if least is not None and least > most:
        found.add(
            FAULT,
            f"gate.{rule.code}",
            N_("“%(round)s” asks for %(least)s points, but nobody can get more than %(most)s: everybody is barred."),
            N_("Lower the fewest points."),
            **params,
        )
    elif least is not None and least > most * HIGH_GATE:
        found.add(
            WARNING,
            f"gate.{rule.code}.{least}",
            N_("“%(round)s” asks for %(least)s of %(most)s points: perhaps nobody gets through."),
            N_("Lower the fewest points, or write why so many are wanted."),
            **params,
        )


def _chain(piece: Document, rule: RoundRule, rubric: RubricText, found: Findings) -> None:
    known = {one.code for one in rubric.criteria}
    for step in rule.tie_break:
        if step.criterion is not None and step.criterion not in known:
            found.add(
                WARNING if not piece.get("tie_break") else FAULT,
                f"chain.{rule.code}.{step.criterion}",
                N_("Ties in “%(round)s” are decided by “%(criterion)s”, but its rubric has no such criterion."),
                N_("Give this round its own steps for equal figures, or choose another criterion."),
                round=label_of(piece),
                criterion=step.criterion,
            )


def _through(document: Document, piece: Document, rule: RoundRule, before: dict[str, int], found: Findings) -> None:
    boards = {one["code"]: one for one in document["contest"]["boards"]}
    sectors = max(1, len(document.get("sectors") or ())) if rule.per_sector else 1
    for code, each in rule.advance.items():
        count = each * sectors
        params: dict[str, Any] = {"round": label_of(piece), "board": label_of(boards[code]), "count": count}
        if code in before and count > before[code]:
            found.add(
                FAULT,
                f"advance.{rule.code}.{code}",
                N_("After “%(round)s” %(count)s of “%(board)s” are to go on, but only %(before)s came into it."),
                N_("Let fewer go through here, or more in the round before."),
                before=before[code],
                **params,
            )
        before[code] = count
    later = _scored_after(document["rounds"], piece)
    counted = any(piece["code"] in (one.get("carry") or {}) for one in document["rounds"] if one is not piece)
    if not rule.advance and later and rule.mode != "yes_no" and not counted:
        found.add(
            WARNING,
            f"nobody.{rule.code}",
            N_("Nobody goes through from “%(round)s” to the next round by the rules."),
            N_("Write how many of each board go through, or write who decides."),
            round=label_of(piece),
        )
    if rule.advance and not later:
        found.add(
            WARNING,
            f"last.{rule.code}",
            N_("“%(round)s” is the last round with judges, but entries are to go through from it."),
            N_("Add the next round, or leave these numbers empty."),
            round=label_of(piece),
        )


def _scored_after(rounds: Iterable[Document], piece: Document) -> bool:
    codes = [one["code"] for one in rounds if one["kind"] in ("online_scoring", "live_pitch")]
    return codes.index(piece["code"]) < len(codes) - 1


def check_prizes(document: Document, _facts: Facts) -> list[Finding]:
    """Return whether something can be won, and by enough entries."""
    found = Findings("prizes")
    prizes = document["contest"].get("prizes") or []
    if not prizes:
        found.add(WARNING, "none", N_("The contest has no prizes."), N_("Add the prizes, or write why there are none."))
    last = next((one for one in reversed(document["rounds"]) if one.get("advance")), None)
    for board in document["contest"]["boards"]:
        count = sum(one.get("count", 1) for one in prizes if one.get("board") == board["code"])
        finalists = ((last or {}).get("advance") or {}).get(board["code"])
        if finalists is not None and last is not None and last.get("advance_by") == "sector":
            finalists *= max(1, len(document.get("sectors") or ()))
        if finalists is not None and count > finalists:
            found.add(
                WARNING,
                f"many.{board['code']}.{count}.{finalists}",
                N_("“%(board)s” has %(count)s prizes for %(finalists)s entries in the final."),
                N_("Give fewer prizes, or let more entries into the final."),
                board=label_of(board),
                count=count,
                finalists=finalists,
            )
    return found.found
