"""The workbench: standings before a decision, how each row comes about, ties, how strict the judges are."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from compapp.contests.models import Round
from compapp.contests.queries import contest_by_code
from compapp.contests.setup.words import METHODS
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.numbers import exact
from compapp.core.paging import Page
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy
from compapp.judging.lifecycle import ABSENT
from compapp.judging.models import Sheet
from compapp.judging.queries.hall import slots_of
from compapp.judging.queries.results import hidden_entries, open_shortlist, publications_of
from compapp.judging.queries.rounds import boards_with_bye, card_of, entry_byes_of, scored_rounds
from compapp.judging.queries.screening import behind
from compapp.judging.queries.standings import LeaderRow, latest_run, leaderboard, leaderboard_size
from compapp.judging.queries.workbench import BoardView, severity, sheets_of_entry, workbench
from compapp.judging.scoring.card import Card
from compapp.judging.scoring.explanation import SheetStep, TieStepTaken
from compapp.judging.scoring.modes import mode_of
from compapp.judging.scoring.standings import Row
from compapp.judging.services.hall.plan import LIVE_PITCH
from compapp.judging.services.sheets import void_sheet
from compapp.judging.services.shortlist import blockers
from compapp.judging.services.standings import compute_standings, decide_tie, read_inputs
from compapp.judging.views.labels import errors_of, reason_shown
from compapp.judging.views.results_blueprint import bp, figures_facts, round_facts, the_round, waits_for_the_stage
from compapp.web.access import facts, require
from compapp.web.filters import number
from compapp.web.forms import Form
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render

PER_PAGE = 50


@bp.get("/contests/<code>/standings")
@require(policy.may_see_standings, facts=round_facts)
def overview(code: str) -> ResponseReturnValue:
    """Lead to the round that is to be decided next, or to the last one."""
    rounds = scored_rounds(facts().contest_id)
    if not rounds:
        return render("judging/standings/overview.html", contest=contest_by_code(code))
    found = next((one for one in rounds if one.state != "published"), rounds[-1])
    held = waits_for_the_stage(current_actor(), found.contest_id, found.code)
    return redirect_to("results.hall" if held else "results.standings", code=code, round_code=found.code)


@bp.get("/contests/<code>/standings/<round_code>")
@require(policy.may_see_standings, facts=figures_facts)
def standings(code: str, round_code: str) -> str:
    """Show the standings of a round as they are now, with everything that still stands in the way."""
    round_ = the_round(code, round_code)
    inputs = read_inputs(round_)
    actor = current_actor()
    hidden = hidden_entries(round_.contest_id, actor.person_id)
    return render(
        "judging/standings/workbench.html",
        bench=workbench(inputs, actor),
        contest=inputs.contest,
        round=round_,
        byes=boards_with_bye(round_),
        entry_byes={code: why for code, why in entry_byes_of(round_).items() if code not in hidden},
        absent=_absent(round_, hidden),
        run=latest_run(round_.id),
        is_stored=_is_stored(round_.id, inputs.hash),
        blockers=[_(msgid, **params) for msgid, params in blockers(inputs, hidden)],
        waiting=open_shortlist(round_.id),
        publications=publications_of(round_.id),
        may_decide=policy.may_decide_tie(actor, facts()),
        may_follow=policy.may_see_jury(actor, facts()),
        may_paper=policy.may_handle_paper(actor, facts()),
        may_moderate=policy.may_moderate(actor, facts()),
        may_deliberate=policy.sees_figures_in_room(
            actor, policy.RoomFacts(round_.contest_id, None, is_known=False, on_team=facts().on_team)
        ),
        step_names=_step_names(card_of(inputs.contest, round_)),
        whole="all" in request.args,
        form=Form(),
    )


def _absent(round_: Round, hidden: Collection[str]) -> list[str]:
    """Return who did not come to a live round: they have no sheet, so no row tells of them."""
    slots = slots_of(round_.id) if round_.kind == LIVE_PITCH else []
    return [
        f"{localized(one.entry.title)} ({one.entry.code})"
        for one in slots
        if one.state == ABSENT and one.entry.code not in hidden
    ]


def _step_names(card: Card | None) -> dict[str, str]:
    """Return the tie-break steps in words, by the name that standings give them."""
    names = {
        "lower_spread": _("smaller spread"),
        "earlier_submission": _("earlier submission"),
        "chair_decision": _("the chair’s decision"),
    }
    for line in card.lines if card is not None else ():
        names[f"criterion_mean:{line.code}"] = _("mean of “%(criterion)s”", criterion=localized(line.label))
    return names


def _readable(value: str | None) -> str:
    """Return a compared value as a decimal number where it is one."""
    try:
        return number(Fraction(value or ""), 4)
    except ValueError:
        return value or ""


def _beside(board: BoardView, row: Row) -> dict[str, list[tuple[str, str]]]:
    """Return, by tie-break step, the value of every other entry that is tied with this one and may be seen."""
    found: dict[str, list[tuple[str, str]]] = {}
    tied = {step.step: step.group for step in row.explanation if isinstance(step, TieStepTaken)}
    for one in board.rows:
        for step in one.row.explanation if one.row is not row else ():
            if isinstance(step, TieStepTaken) and step.group == tied.get(step.step) and step.value is not None:
                found.setdefault(step.step, []).append((one.row.entry, _readable(step.value)))
    return found


def _is_stored(round_id: int, inputs_hash: str) -> bool:
    run = latest_run(round_id)
    return run is not None and run.inputs_hash == inputs_hash


@bp.post("/contests/<code>/standings/<round_code>/runs")
@require(policy.may_see_standings, facts=figures_facts)
def compute(code: str, round_code: str) -> ResponseReturnValue:
    """Store the standings as they are now."""
    with unit_of_work():
        compute_standings(the_round(code, round_code), actor=current_actor(), at=now())
    notice(_("The standings have been computed and stored."))
    return redirect_to("results.standings", code=code, round_code=round_code)


@bp.get("/contests/<code>/standings/<round_code>/leaderboard")
@require(policy.may_see_standings, facts=figures_facts)
def leaders(code: str, round_code: str) -> str:
    """Show a board's best by the kept figures: quick, also with ten thousand entries."""
    round_ = the_round(code, round_code)
    boards = {board.code: board.definition.get("label") or board.code for board in round_.contest.boards}
    board = request.args.get("board", "")
    if board not in boards:
        board = next(iter(boards), "")
    number = max(1, min(request.args.get("page", 1, type=int) or 1, 10_000))
    rows = leaderboard(round_.id, board, current_actor().person_id, most=PER_PAGE, skip=(number - 1) * PER_PAGE)
    shown = [_shown(row) for row in rows]
    page = Page(shown, leaderboard_size(round_.id, board), number, PER_PAGE)
    return render(
        "judging/standings/leaderboard.html",
        contest=round_.contest,
        round=round_,
        boards=boards,
        board=board,
        rows=page,
        first=(number - 1) * PER_PAGE + 1,
    )


def _shown(row: LeaderRow) -> dict[str, Any]:
    """Return a line ready to be shown; its figure is rounded half up, as on every other page."""
    figure = None if row.figure is None else number(abs(exact(row.figure)), 2)
    title = {"vi": row.title.get("vi", ""), "en": row.title.get("en", "")}
    return {"entry": row.entry, "title": title, "sheets": row.sheets, "shown": figure or "–"}


@bp.get("/contests/<code>/standings/<round_code>/entries/<entry_code>")
@require(policy.may_see_standings, facts=figures_facts)
def reckoning(code: str, round_code: str, entry_code: str) -> str:
    """Show how one row comes about, step by step, so that it can be reckoned by hand."""
    return _reckoning(the_round(code, round_code), entry_code, {})


def _reckoning(round_: Round, entry_code: str, errors: Mapping[str, str]) -> str:
    """Render the page of a row; NotFound for one that does not exist or that the reader may not see."""
    inputs = read_inputs(round_)
    bench = workbench(inputs, current_actor())
    found = [(board, one) for board in bench.boards for one in board.rows if one.row.entry == entry_code]
    if not found:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    board, one = found[0]
    return render(
        "judging/standings/reckoning.html",
        contest=inputs.contest,
        round=round_,
        board=board,
        one=one,
        behind=behind(inputs, entry_code),
        needed=inputs.own.rule.options.get("yes_needed"),
        card=bench.card,
        decimals=inputs.own.rule.aggregation.decimals,
        sheets=[
            replace(sheet, void_reason=reason_shown(inputs.contest, sheet.void_reason))
            for sheet in sheets_of_entry(round_.id, one.name.id)
        ],
        counted=[step.total for step in one.row.explanation if isinstance(step, SheetStep) and step.counted],
        step_names=_step_names(bench.card),
        readable=_readable,
        beside=_beside(board, one.row),
        methods={name: _(text) for name, text in METHODS.items()},
        may_void=policy.may_void(current_actor(), facts()),
        may_paper=policy.may_take_papers(current_actor(), facts()),
        typed=request.form,
        errors=errors,
        form=Form(),
    )


@bp.post("/contests/<code>/standings/<round_code>/entries/<entry_code>/void")
@require(policy.may_void, facts=figures_facts)
def void(code: str, round_code: str, entry_code: str) -> ResponseReturnValue:
    """Declare one sheet of an entry void, with a reason; it is kept."""
    try:
        with unit_of_work():
            sheet = _sheet(the_round(code, round_code), entry_code, request.form.get("sheet", 0, type=int))
            void_sheet(sheet, request.form.get("reason", ""), actor=current_actor(), at=now())
    except Invalid as refused:
        return _reckoning(the_round(code, round_code), entry_code, errors_of(refused)), 422
    notice(_("The sheet is void; it is kept with the reason."))
    return redirect_to("results.reckoning", code=code, round_code=round_code, entry_code=entry_code)


def _sheet(round_: Round, entry_code: str, sheet_id: int) -> Sheet:
    """Return a sheet of an entry; NotFound for none, or for an entry that the actor has a conflict with."""
    found = select(Sheet).join(Sheet.entry).where(Sheet.id == sheet_id, Sheet.round_id == round_.id)
    sheet = session().scalars(found.where(Entry.code == entry_code)).one_or_none()
    if sheet is None or entry_code in hidden_entries(round_.contest_id, current_actor().person_id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return sheet


@bp.get("/contests/<code>/standings/<round_code>/severity")
@require(policy.may_see_standings, facts=figures_facts)
def strictness(code: str, round_code: str) -> str:
    """Show how strict each judge is and how sure the order around the cut is; it decides nothing."""
    round_ = the_round(code, round_code)
    if mode_of(round_.definition).method is not None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    inputs = read_inputs(round_)
    bench = workbench(inputs, current_actor())
    return render(
        "judging/standings/severity.html",
        contest=inputs.contest,
        round=round_,
        bench=bench,
        fits=severity(inputs),
        maximum=float(inputs.own.rule.rubric.maximum),
    )


@bp.route("/contests/<code>/standings/<round_code>/ties", methods=["GET", "POST"])
@require(policy.may_decide_tie, facts=round_facts)
def ties(code: str, round_code: str) -> ResponseReturnValue:
    """Let the chair order tied entries, with a reason."""
    round_ = the_round(code, round_code)
    bench = workbench(read_inputs(round_), current_actor())
    errors: dict[str, str] = {}
    if request.method == "POST":
        order = _order([entry for group in bench.ties for entry in group])
        try:
            with unit_of_work():
                decide_tie(
                    the_round(code, round_code),
                    order,
                    request.form.get("reason", ""),
                    actor=current_actor(),
                    at=now(),
                )
            notice(_("Your decision is recorded with its reason."))
            return redirect_to("results.standings", code=code, round_code=round_code)
        except Invalid as refused:
            errors = errors_of(refused)
    rows: dict[str, Row] = {one.row.entry: one.row for board in bench.boards for one in board.rows}
    names = {one.row.entry: one.name for board in bench.boards for one in board.rows}
    page = render(
        "judging/standings/ties.html",
        contest=round_.contest,
        round=round_,
        groups=bench.ties,
        across=bench.tied_across,
        rows=rows,
        names=names,
        errors=errors,
        typed=request.form,
        posted=set(request.form.getlist("entry")),
        form=Form(),
    )
    return (page, 422) if errors else page


def _order(known: list[str]) -> list[str]:
    """Return the entries of the posted group in the order of the numbers typed beside them."""
    group = [entry for entry in request.form.getlist("entry") if entry in known]
    return sorted(group, key=lambda entry: (request.form.get(f"place-{entry}", 99, type=int) or 99, group.index(entry)))
