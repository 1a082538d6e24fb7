"""Points beside the sheets: training attended and the like, entered for a whole round at once."""

from collections.abc import Mapping
from decimal import Decimal

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import ExtraPointRule
from compapp.contests.lifecycle import PUBLISHED, ROUND_DECIDED
from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.queries.points import given_kinds, given_points, takes_part_in
from compapp.judging.queries.results import hidden_entries
from compapp.judging.services.points import give_points
from compapp.judging.views.labels import errors_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import require
from compapp.web.forms import Form
from compapp.web.i18n import _, ngettext
from compapp.web.pages import notice, redirect_to, render


@bp.route("/contests/<code>/points/<round_code>", methods=["GET", "POST"])
@require(policy.may_enter_totals, facts=round_facts)
def points(code: str, round_code: str) -> ResponseReturnValue:
    """Show and enter the points beside the sheets of a round."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        given, errors = _typed(the_round(code, round_code))
        if not errors:
            try:
                with unit_of_work():
                    count = give_points(the_round(code, round_code), given, actor=current_actor(), at=now())
            except Invalid as refused:
                errors = errors_of(refused)
            else:
                notice(ngettext("%(num)d value is recorded.", "%(num)d values are recorded.", count))
                return redirect_to("results.points", code=code, round_code=round_code)
    return _page(the_round(code, round_code), errors), 422 if errors else 200


def _shown(round_: Round) -> tuple[list[ExtraPointRule], list[tuple[str, dict[str, str]]]]:
    """Return the kinds of points and the entries (code, title) that the reader may see; NotFound without kinds."""
    kinds = given_kinds(round_)
    if not kinds:
        raise NotFound(N_("This round has no points beside the sheets."))
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    return kinds, [(entry.code, dict(entry.title)) for entry in takes_part_in(round_) if entry.code not in hidden]


def _typed(round_: Round) -> tuple[dict[tuple[str, str], Decimal | None], dict[str, str]]:
    """Return what was typed, and a sentence for what is no number."""
    given: dict[tuple[str, str], Decimal | None] = {}
    errors: dict[str, str] = {}
    kinds, entries = _shown(round_)
    for entry, _title in entries:
        for kind in kinds:
            text = request.form.get(f"{entry}.{kind.code}")
            if text is None:
                continue
            try:
                given[entry, kind.code] = parse_decimal(text) if text.strip() else None
            except Invalid as wrong:
                errors[f"{entry}.{kind.code}"] = _(wrong.msgid, **wrong.params)
    return given, errors


def _page(round_: Round, errors: Mapping[str, str]) -> str:
    kinds, entries = _shown(round_)
    return render(
        "judging/standings/points.html",
        contest=round_.contest,
        round=round_,
        kinds=kinds,
        entries=entries,
        given={f"{entry}.{kind}": row.value_text for (entry, kind), row in given_points(round_.id).items()},
        typed=request.form,
        errors=errors,
        is_decided=round_.state in (ROUND_DECIDED, PUBLISHED),
        form=Form(),
    )
