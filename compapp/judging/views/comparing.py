"""Standings beside standings: what another rule would give, and what lies between two states. Nothing is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from flask import request

from compapp.contests.setup.words import METHODS
from compapp.core.actor import current_actor
from compapp.core.audit import deed
from compapp.core.errors import Invalid
from compapp.core.numbers import parse_decimal
from compapp.judging import policy
from compapp.judging.queries.results import entry_names, hidden_entries, publications_of
from compapp.judging.queries.standings import RoundInputs, runs_of
from compapp.judging.queries.states import (
    DeedView,
    deeds_of,
    inputs_before,
    state_now,
    state_published,
    supposed_inputs,
)
from compapp.judging.queries.workbench import workbench
from compapp.judging.scoring.comparison import Change, Standing, changes, state_of_stored
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.from_file import rule_faults
from compapp.judging.scoring.model import ZERO_ANY_JUDGE, ZERO_MEAN
from compapp.judging.scoring.modes import mode_of
from compapp.judging.scoring.modes.mode import Option
from compapp.judging.scoring.what_if import AS_IT_IS, Supposition
from compapp.judging.services.standings import read_inputs
from compapp.judging.views.labels import reason_shown
from compapp.judging.views.results_blueprint import bp, figures_facts, the_round
from compapp.web.access import require
from compapp.web.filters import moment
from compapp.web.i18n import _
from compapp.web.pages import render

MOST_PLACES = 100_000
MOST_CHANGES = 300
"""Rows of a difference that a page shows."""


@bp.get("/contests/<code>/standings/<round_code>/what-if")
@require(policy.may_see_standings, facts=figures_facts)
def what_if(code: str, round_code: str) -> str:
    """Show what another rule or cut would give, or the same without a sheet or a judge; nothing is stored."""
    round_ = the_round(code, round_code)
    inputs = read_inputs(round_)
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    errors: dict[str, str] = {}
    supposed = _supposition(inputs, hidden, errors)
    after: dict[str, Standing] | None = None
    if not supposed.is_empty and not errors:
        after = _reckoned(supposed_inputs(inputs, supposed), errors)
    found = changes(state_now(inputs), after) if after is not None else []
    return render(
        "judging/standings/what_if.html",
        contest=inputs.contest,
        round=round_,
        bench=workbench(inputs, current_actor()),
        supposed=supposed,
        rule=inputs.own.rule,
        own_way=mode_of(round_.definition).method is not None,
        options=[(one.name, _(one.label), inputs.own.rule.options[one.name]) for one in _deciding(inputs)],
        methods={name: _(text) for name, text in METHODS.items()},
        gates={ZERO_ANY_JUDGE: _("no judge gave a criterion 0"), ZERO_MEAN: _("no criterion has a mean of 0")},
        judges=sorted({sheet.judge for sheet in inputs.own.sheets if sheet.valid}),
        names=entry_names(inputs.contest.id),
        changes=_visible(found, hidden),
        is_reckoned=after is not None,
        typed=request.args,
        errors=errors,
    )


def _supposition(inputs: RoundInputs, hidden: set[str], errors: dict[str, str]) -> Supposition:
    """Read what is supposed from the address; what cannot be goes to ``errors``, unknown names count for nothing."""
    given = request.args
    boards = [board for board in inputs.own.rule.advance if f"places-{board}" in given]
    entry, _colon, judge = given.get("sheet", "").partition(":")
    known = {(sheet.entry, sheet.judge) for sheet in inputs.own.sheets if sheet.valid and sheet.entry not in hidden}
    own_way = mode_of(inputs.round.definition).method is not None
    method, no_zero = (AS_IT_IS if own_way else given.get(name, AS_IT_IS) for name in ("method", "no_zero"))
    places = {board: _whole(given.get(f"places-{board}", ""), f"places-{board}", errors) for board in boards}
    return Supposition(
        method=method if method in METHODS and method != inputs.own.rule.aggregation.method else AS_IT_IS,
        no_zero=_gate(no_zero, inputs.own.rule.gates.no_zero),
        min_total=_minimum("" if own_way else given.get("min_total", ""), inputs.own.rule.gates.min_total, errors),
        options=_options(inputs, errors),
        places={
            board: most for board, most in places.items() if most is not None and most != inputs.own.rule.advance[board]
        },
        judge=given.get("judge", "") if given.get("judge") in {one for _entry, one in known} else "",
        sheet=(entry, judge) if (entry, judge) in known else None,
    )


def _deciding(inputs: RoundInputs) -> tuple[Option, ...]:
    """Return the numbers of the round's mode that decide on what judges said (others only say what judges do)."""
    mode = mode_of(inputs.round.definition)
    return mode.options if mode.outcome is not None else ()


def _options(inputs: RoundInputs, errors: dict[str, str]) -> dict[str, int]:
    found = {}
    for option in _deciding(inputs):
        value = _whole(request.args.get(option.name, ""), option.name, errors)
        if value is not None and not option.least <= value <= option.most:
            bounds = {"least": option.least, "most": option.most}
            errors[option.name] = _("Write a whole number from %(least)s to %(most)s.", **bounds)
        elif value is not None and value != inputs.own.rule.options[option.name]:
            found[option.name] = value
    return found


def _gate(wanted: str, now: str | None) -> str | None:
    chosen = None if wanted == "none" else wanted
    return chosen if chosen in (None, ZERO_ANY_JUDGE, ZERO_MEAN) and chosen != now else AS_IT_IS


def _minimum(text: str, now: Fraction | None, errors: dict[str, str]) -> Fraction | str | None:
    """Read the least total: empty leaves the rule's, a dash takes it away."""
    words = text.strip()
    if not words:
        return AS_IT_IS
    if words in ("-", "–"):
        return None if now is not None else AS_IT_IS
    try:
        value = Fraction(parse_decimal(words[:20]))
    except (Invalid, ValueError):
        errors["min_total"] = _("Write a number, or a dash for no minimum.")
        return AS_IT_IS
    return AS_IT_IS if value == now else value


def _whole(text: str, name: str, errors: dict[str, str]) -> int | None:
    words = text.strip()
    if not words:
        return None
    if words.isascii() and words.isdigit() and int(words[:10]) <= MOST_PLACES:
        return int(words[:10])
    errors[name] = _("Write a whole number.")
    return None


def _reckoned(inputs: RoundInputs, errors: dict[str, str]) -> dict[str, Standing] | None:
    """Return the standings of supposed inputs; None with a sentence where they cannot be reckoned."""
    others = {code: side.rule for code, side in inputs.earlier.items()}
    if rule_faults(inputs.own.rule, others):
        errors[""] = _("This way of computing cannot go together with the round’s other rules.")
        return None
    try:
        return state_now(inputs)
    except ScoringFault:
        errors[""] = _("This cannot be computed from the sheets of this round.")
        return None


def _visible(found: list[Change], hidden: set[str]) -> list[Change]:
    return [change for change in found if change.entry not in hidden][:MOST_CHANGES]


@dataclass(frozen=True)
class StateChoice:
    """A state that can be chosen, its name, and how to reckon it."""

    key: str
    label: str
    read: Callable[[], Mapping[str, Standing]]


@bp.get("/contests/<code>/standings/<round_code>/differences")
@require(policy.may_see_standings, facts=figures_facts)
def differences(code: str, round_code: str) -> str:
    """Set two states of the standings beside each other: now, published, stored, or before and after a deed."""
    round_ = the_round(code, round_code)
    inputs = read_inputs(round_)
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    deeds = [one for one in deeds_of(inputs) if one.entry not in hidden]
    states = {choice.key: choice for choice in _choices(inputs)}
    chosen = next((one for one in deeds if str(one.id) == request.args.get("deed", "")), None)
    before = states.get(request.args.get("before", ""))
    after = states.get(request.args.get("after", ""), states["now"])
    if chosen is not None:
        before, after = _around(inputs, chosen)
    found = changes(before.read(), after.read()) if before is not None else []
    return render(
        "judging/standings/differences.html",
        contest=inputs.contest,
        round=round_,
        names=entry_names(inputs.contest.id),
        states=states,
        before=before,
        after=after,
        deeds=[(replace(one, reason=reason_shown(round_.contest, one.reason)), _(deed(one.verb))) for one in deeds],
        deed=chosen,
        changes=_visible(found, hidden),
    )


def _around(inputs: RoundInputs, chosen: DeedView) -> tuple[StateChoice, StateChoice]:
    def read(including: bool) -> Callable[[], Mapping[str, Standing]]:
        return lambda: state_now(inputs_before(inputs, chosen.id, including=including))

    when = moment(chosen.at)
    return (
        StateChoice("", _("Before %(moment)s", moment=when), read(False)),
        StateChoice("", _("After %(moment)s", moment=when), read(True)),
    )


def _choices(inputs: RoundInputs) -> list[StateChoice]:
    """Return the states of a round that are known whole: now, what was published, what was stored."""
    now = StateChoice("now", _("As it is now"), lambda: state_now(inputs))
    published = [
        StateChoice(
            f"p{one.number}",
            _("Published %(moment)s (no. %(number)s)", moment=moment(one.published_at), number=one.number),
            lambda one=one: state_published(one),  # type: ignore[misc]
        )
        for one in reversed(publications_of(inputs.round.id))
    ]
    stored = [
        StateChoice(
            f"r{one.id}",
            _("Stored %(moment)s", moment=moment(one.computed_at)),
            lambda one=one: state_of_stored(one.rows),  # type: ignore[misc]
        )
        for one in runs_of(inputs.round.id)
    ]
    return [now, *published, *stored]
