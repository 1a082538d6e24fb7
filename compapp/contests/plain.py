"""The rules of a contest as sentences that anybody understands, made from the definition. Pure.

A sentence is a marked msgid with parameters; a two-language text among the parameters is shown in the
reader's language, a list of two-language texts joined by commas (``views`` and the filter ``plain``).
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from compapp.contests.definition import (
    VOTE_PER_BOARD,
    Aggregation,
    BoardRule,
    CriterionText,
    RoundRule,
    RubricText,
    Rules,
    Text,
    TieStep,
    rubrics_of,
    text_of,
)
from compapp.contests.sayings import PlainRule, asking_rules, board_rules, counted, giving_rules, limits, plural
from compapp.core.text import N_


def entering_rules(contest: Any) -> tuple[PlainRule, ...]:
    """Return who may enter and how, from a contest's row."""
    rules = Rules.of(contest)
    return (*_team_rules(contest), *_entry_rules(rules), *_appeal_rules(rules))


def deciding_rules(contest: Any) -> tuple[PlainRule, ...]:
    """Return how the contest is decided, round by round, from a contest's row."""
    return tuple(sentence for sentences in deciding_by_round(contest).values() for sentence in sentences)


def every_rule(contest: Any) -> tuple[PlainRule, ...]:
    """Return all rules of a contest's row: who enters, how it is decided, what can be won, what teams are asked."""
    return (*entering_rules(contest), *deciding_rules(contest), *giving_rules(contest), *asking_rules(contest))


def deciding_by_round(contest: Any) -> dict[str, tuple[PlainRule, ...]]:
    """Return for each round's code how it works and who goes through."""
    rubrics = rubrics_of(contest)
    boards = {row.code: BoardRule.of(row) for row in contest.boards}
    names = {row.code: text_of(row.definition.get("label"), row.code) for row in contest.rounds}
    rules = {row.code: RoundRule.of(row) for row in contest.rounds}
    return {
        code: (*round_rules(rule, boards, rubrics, names), *_counted_later(rule, rules, names))
        for code, rule in rules.items()
    }


def _counted_later(rule: RoundRule, rules: Mapping[str, RoundRule], names: Mapping[str, Text]) -> Iterator[PlainRule]:
    """Say of a round that is a part of a later one that nobody drops out in it."""
    later = [names[code] for code, one in rules.items() if code != rule.code and rule.code in one.carry]
    if later and rule.is_scored and not rule.advance:
        yield PlainRule(N_("Nobody drops out in this round; its result counts in: %(rounds)s."), {"rounds": later})


def _team_rules(contest: Any) -> Iterator[PlainRule]:
    for row in contest.boards:
        yield from board_rules(BoardRule.of(row))


def _entry_rules(rules: Rules) -> Iterator[PlainRule]:
    if rules.one_team_per_person:
        yield PlainRule(N_("Nobody may be on two teams."))
    if rules.max_entries_per_institution is not None:
        forms = plural(
            "Each institution may send %(num)d entry.",
            "Each institution may send up to %(num)d entries.",
        )
        yield counted(forms, rules.max_entries_per_institution)
    yield from limits(
        {},
        rules.max_teams_per_person if not rules.one_team_per_person else None,
        rules.max_teams_led_per_person,
        None,
        rules.max_entries_per_institution_and_sector,
    )
    if rules.no_prior_award_in_province:
        yield PlainRule(N_("An idea that has won a prize in the province before may not enter."))
    if rules.no_concurrent_contest_without_declaration:
        yield PlainRule(N_("An idea that is in another contest at the same time may enter only if the team says so."))
    if rules.organisers_and_judges_may_not_enter:
        yield PlainRule(N_("Organisers, secretaries and judges may not enter."))
    if rules.min_entries_per_institution is not None:
        forms = plural(
            "Each institution sends at least %(num)d entry.",
            "Each institution sends at least %(num)d entries.",
        )
        yield counted(forms, rules.min_entries_per_institution)
    if rules.mentors_may_not_judge:
        yield PlainRule(N_("Who advises or mentors a team may not judge."))
    if rules.judges_one_round:
        yield PlainRule(N_("Nobody judges in more than one round."))
    if rules.conflict_answer_before_opening:
        yield PlainRule(N_("A judge says of each entry whether there is a conflict of interest before opening it."))
    if rules.ownership_statement_by_all:
        yield PlainRule(N_("Everybody on the team states that the idea is the team’s own."))
    lock = {
        "at_submission_close": N_("The team can be changed until entries close, not after."),
        "at_submission": N_("The team can be changed until it submits, not after."),
    }.get(rules.submission.team_lock)
    if lock:
        yield PlainRule(lock)
    yield late_rule(rules)


def late_rule(rules: Rules) -> PlainRule:
    """Return what happens to what comes after the deadline."""
    if rules.submission.grace:
        minutes = int(rules.submission.grace.total_seconds() // 60)
        sentence = N_(
            "An upload that began before the deadline may still end within %(minutes)s minutes of it; nothing else is "
            "accepted late."
        )
        return PlainRule(sentence, {"minutes": minutes})
    return PlainRule(N_("Nothing is accepted after the deadline."))


def _appeal_rules(rules: Rules) -> Iterator[PlainRule]:
    if rules.appeal_window is not None and rules.appeal_grounds:
        yield PlainRule(
            N_("A team may appeal within %(hours)s hours of a result, for these reasons: %(grounds)s."),
            {
                "hours": int(rules.appeal_window.total_seconds() // 3600),
                "grounds": [choice.label for choice in rules.appeal_grounds],
            },
        )
    if rules.feedback_to_teams == "anonymous_comments_after_each_round":
        yield PlainRule(N_("After each round every team reads the judges' comments, without the judges' names."))
    if rules.entries_kept_years is not None:
        yield PlainRule(N_("Entries are kept for %(years)s years, then removed."), {"years": rules.entries_kept_years})


def round_rules(
    rule: RoundRule,
    boards: Mapping[str, BoardRule],
    rubrics: Mapping[str, RubricText],
    names: Mapping[str, Text] | None = None,
) -> Iterator[PlainRule]:
    """Yield how one round works: who reads, what counts, who goes through. ``names`` are those of the rounds."""
    name = {"round": rule.label}
    if rule.kind == "eligibility":
        yield PlainRule(N_("%(round)s: the organiser checks whether each entry is complete and may take part."), name)
        if rule.fix_window is not None:
            hours = int(rule.fix_window.total_seconds() // 3600)
            yield PlainRule(N_("What can be mended may be mended within %(hours)s hours."), {"hours": hours})
    elif rule.kind == "public_vote":
        votes = {
            VOTE_PER_BOARD: N_("%(round)s: everybody with a confirmed account has one vote on each board."),
        }.get(rule.one_vote_per or "", N_("%(round)s: everybody with a confirmed account has one vote."))
        yield PlainRule(votes, name)
        if not rule.counts_in_score:
            yield PlainRule(N_("The votes do not change the judges' scores."))
    else:
        yield from _scored_round(rule, boards, rubrics.get(rule.rubric or ""), names or {})


def _scored_round(
    rule: RoundRule, boards: Mapping[str, BoardRule], rubric: RubricText | None, names: Mapping[str, Text]
) -> Iterator[PlainRule]:
    if rule.judges_per_entry:
        verb = (
            N_("%(round)s: each team is heard by %(judges)s judges.")
            if rule.is_live
            else N_("%(round)s: each entry is read by %(judges)s judges.")
        )
        yield PlainRule(verb, {"round": rule.label, "judges": rule.judges_per_entry})
    if rule.is_live and rule.pitch_minutes:
        yield _minutes(rule.pitch_minutes, rule.qa_minutes or 0)
    hidden = _HIDDEN[rule.blind.hide_team_names, rule.blind.hide_institution]
    if hidden:
        yield PlainRule(hidden)
    yield _method(rule.aggregation) if rule.needs_rubric else _mode(rule)
    if rubric is not None:
        yield what_counts(rubric)
    if rule.carry:
        yield PlainRule(
            N_("The figure is made of earlier rounds too: %(shares)s."),
            {"shares": [_share(names.get(code, text_of(None, code)), percent) for code, percent in rule.carry.items()]},
        )
    yield from _beside_the_sheets(rule)
    yield from _through(rule, boards)
    yield from _besides(rule, boards)
    chain = [step for step in rule.tie_break if rule.needs_rubric or step.criterion is None]
    if chain:
        labels = {one.code: one.label for one in rubric.criteria} if rubric else {}
        yield PlainRule(
            N_("When figures are equal, these decide in turn: %(steps)s."),
            {"steps": [step_label(step, labels) for step in chain]},
        )
    if rule.spread_alert_points is not None:
        yield PlainRule(
            N_("If the judges differ by more than %(points)s points, one more judge scores the entry."),
            {"points": f"{rule.spread_alert_points.normalize():f}"},
        )
    if rule.ballot is not None:
        votes = {
            "open": N_("In its meeting on this round the jury votes openly."),
            "secret": N_("In its meeting on this round the jury votes in secret."),
        }
        yield PlainRule(votes[rule.ballot])
    if rule.prizes_may_be_withheld:
        yield PlainRule(N_("A prize that no entry deserves may be withheld, with a reason."))


_HIDDEN = {
    (False, False): "",
    (True, False): N_("The judges do not see who is on the team."),
    (False, True): N_("The judges do not see which school the team comes from."),
    (True, True): N_("The judges do not see who is on the team or which school it comes from."),
}


def _minutes(pitch: int, questions: int) -> PlainRule:
    if not questions:
        return PlainRule(N_("Each team speaks for %(pitch)s minutes."), {"pitch": pitch})
    sentence = N_("Each team speaks for %(pitch)s minutes and answers questions for %(questions)s minutes.")
    return PlainRule(sentence, {"pitch": pitch, "questions": questions})


def _share(name: Text, percent: Decimal) -> PlainRule:
    return PlainRule(N_("%(round)s %(percent)s %%"), {"round": name, "percent": f"{percent.normalize():f}"})


def _beside_the_sheets(rule: RoundRule) -> Iterator[PlainRule]:
    for extra in rule.extra_points:
        params = {"points": extra.label, "most": f"{extra.max.normalize():f}"}
        if extra.from_vote is None:
            yield PlainRule(N_("Beside the judges' marks: %(points)s, at most %(most)s points."), params)
        else:
            yield PlainRule(
                N_(
                    "The public vote counts: %(points)s, at most %(most)s points. The entry with the most votes of its "
                    "board gets all of them, the others in proportion."
                ),
                params,
            )


def what_counts(rubric: RubricText) -> PlainRule:
    """Return the criteria of a rubric with their weights."""
    return PlainRule(N_("What counts: %(criteria)s."), {"criteria": [_criterion(one) for one in rubric.criteria]})


def _criterion(criterion: CriterionText) -> PlainRule:
    params = {"criterion": criterion.label, "weight": f"{criterion.weight.normalize():f}"}
    if criterion.group is not None:
        return PlainRule(N_("%(whole)s – %(criterion)s (%(weight)s)"), {**params, "whole": criterion.group})
    return PlainRule(N_("%(criterion)s (%(weight)s)"), params)


def _mode(rule: RoundRule) -> PlainRule:
    sentences = {
        "yes_no": N_(
            "Each judge says yes, no or not sure. An entry goes through with at least %(yes_needed)s yes, more than it "
            "has no; where the judges disagree, one more judge reads it or the chair decides."
        ),
        "top_pick": N_(
            "Each judge puts the best %(places)s of each board in order. The figure says how many of the other entries "
            "that a judge read it stands above, in percent, as the mean over the judges (Borda count)."
        ),
        "pairwise": N_(
            "Each judge sees two entries at a time and says which is better, %(compared)s times for each entry. The "
            "figure is the chance to beat an average entry of the board, in percent, reckoned from all comparisons."
        ),
    }
    return PlainRule(sentences[rule.mode], {"yes_needed": 2, "places": 3, "compared": 4, **rule.mode_options})


def _method(aggregation: Aggregation) -> PlainRule:
    sentences = {
        "mean": N_("The figure is the mean of the judges' totals, rounded to %(decimals)s decimals."),
        "median": N_("The figure is the median of the judges' totals, rounded to %(decimals)s decimals."),
        "trimmed_mean": N_(
            "The figure is the mean of the judges' totals without the highest and the lowest where there are at least "
            "five, rounded to %(decimals)s decimals."
        ),
        "judge_rank": N_("The figure is the mean of the ranks that the judges give; the lowest is the best."),
        "calibrated": N_("The figure takes into account how strict each judge is, rounded to %(decimals)s decimals."),
    }
    return PlainRule(sentences[aggregation.method], {"decimals": aggregation.decimals})


def _besides(rule: RoundRule, boards: Mapping[str, BoardRule]) -> Iterator[PlainRule]:
    """Who goes through besides those whom the figures choose: boards with a bye, wild cards."""
    for code, why in rule.byes.items():
        if code in boards:
            sentence = N_("%(board)s: not judged in this round, goes straight to the next one (%(reason)s).")
            yield PlainRule(sentence, {"board": boards[code].label, "reason": why})
    for code, count in rule.wildcards.items():
        if count and code in boards:
            forms = plural(
                "%(board)s: the jury may let %(num)d more entry through, with a reason.",
                "%(board)s: the jury may let up to %(num)d more entries through, with a reason.",
            )
            yield counted(forms, count, board=boards[code].label)


def _through(rule: RoundRule, boards: Mapping[str, BoardRule]) -> Iterator[PlainRule]:
    conditions = _conditions(rule)
    for code, count in rule.advance.items():
        label: Any = boards[code].label if code in boards else {"vi": code, "en": code}
        if rule.per_sector:
            label = PlainRule(N_("%(board)s, in each sector"), {"board": label})
        params = {"board": label, "count": count, **conditions.params}
        yield PlainRule(_THROUGH["passing" if rule.mode == "yes_no" else conditions.msgid], params)
    if not rule.advance and conditions.msgid:
        yield PlainRule(_PRIZES[conditions.msgid], conditions.params)


_THROUGH = {
    "": N_("%(board)s: the %(count)s best go through."),
    "passing": N_("%(board)s: of those that pass, at most the %(count)s best go through."),
    "least": N_("%(board)s: the %(count)s best with at least %(least)s points go through."),
    "zero": N_("%(board)s: the %(count)s best without a zero go through."),
    "both": N_("%(board)s: the %(count)s best with at least %(least)s points and without a zero go through."),
}

_PRIZES = {
    "least": N_("A prize needs at least %(least)s points."),
    "zero": N_("A prize needs a result without a zero."),
    "both": N_("A prize needs at least %(least)s points and no zero."),
}


def _conditions(rule: RoundRule) -> PlainRule:
    least, zero = rule.gates.min_total, rule.gates.no_zero
    params = {} if least is None else {"least": f"{least.normalize():f}"}
    key = "both" if least is not None and zero else "least" if least is not None else "zero" if zero else ""
    return PlainRule(key, params)


def step_label(step: TieStep, criteria: Mapping[str, Any]) -> PlainRule:
    """Return what a step of the tie-break chain looks at."""
    if step.criterion is not None:
        label = criteria.get(step.criterion, {"vi": step.criterion, "en": step.criterion})
        return PlainRule(N_("the higher mean of “%(criterion)s”"), {"criterion": label})
    return PlainRule(
        {
            "lower_spread": N_("the smaller difference between the judges"),
            "earlier_submission": N_("the earlier submission"),
            "chair_decision": N_("the chair's decision, with a reason"),
        }[step.name]
    )
