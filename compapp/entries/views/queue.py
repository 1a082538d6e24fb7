"""The organiser's queue: filters in the address, decisions for many entries at once, spreadsheets out and in."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts.models import Organisation
from compapp.contests.definition import text_of
from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core import audit, clock
from compapp.core.actor import CONTEST, Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Sentence
from compapp.core.spreadsheets import MOST_BYTES, Cell, Column, read_table
from compapp.core.text import N_
from compapp.entries import policy, queries, services
from compapp.entries.forms.screening import DecisionListForm, DecisionsForm
from compapp.entries.lifecycle import ENDORSEMENT, ENTRY, SUBMITTED
from compapp.entries.models import Entry
from compapp.entries.policy import ContestFacts
from compapp.entries.queries import held, screening
from compapp.entries.queries.screening import LOOKS, Lists, QueueFilter, QueueRow
from compapp.entries.services import bulk, decision_lists
from compapp.entries.views.blueprint import bp
from compapp.web.access import require
from compapp.web.downloads import spreadsheet
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext
from compapp.web.pages import notice, redirect_to, render, warn_left_out, warning

_HEADINGS: tuple[tuple[str, int], ...] = (
    (N_("Entry code"), 12),
    (N_("Entry number"), 16),
    (N_("Title"), 44),
    (N_("Board"), 22),
    (N_("Sector"), 30),
    (N_("School"), 36),
    (N_("State"), 24),
    (N_("Handed in"), 18),
    (N_("School’s word"), 22),
    (N_("Open cases"), 12),
    (N_("Alike"), 12),
    (N_("Decision"), 22),
    (N_("Reason"), 50),
)


def wanted_filter() -> QueueFilter:
    """Return how the address narrows the queue."""
    sent = request.values
    return QueueFilter(
        state=sent.get("state", "")[:20],
        board=sent.get("board", "")[:60],
        sector=sent.get("sector", "")[:60],
        institution=sent.get("institution", type=int),
        look=sent.get("look", "")[:20],
        search=sent.get("search", "")[:100],
        page=sent.get("page", 1, type=int),
    )


@bp.get("/contests/<code>/eligibility")
@require(policy.may_run_queue, facts=queries.queue_facts)
def eligibility(code: str) -> str:
    """List what was handed in, narrowed by state, board, sector, school, what there is to look at, and words."""
    contest, wanted, at = contest_by_code(code), wanted_filter(), clock.now()
    lists, institutions = _lists(contest)
    rows, can_undo = screening.queue(contest, lists, wanted, at)
    return render(
        "entries/eligibility.html",
        contest=contest,
        rows=rows,
        wanted=wanted,
        counts=lists.counts,
        boards=[(one.code, text_of(one.definition.get("label"), one.code)) for one in contest.boards],
        sectors=[(one.code, text_of(one.definition.get("label"), one.code)) for one in contest.sectors],
        institutions=institutions,
        looks=LOOKS,
        acts=held.acts_to_undo(contest.id, at) if can_undo else [],
        lifecycle=ENTRY,
        endorsement_lifecycle=ENDORSEMENT,
        may_reopen=current_actor().has("organiser", CONTEST, contest.id),
    )


def _lists(contest: Contest) -> tuple[Lists, list[Organisation]]:
    institutions = queries.institutions_of(contest)
    return screening.lists_of(contest, queries.queue_counts(contest.id), institutions), institutions


def rows_of_queue(contest: Contest, ids: Sequence[int]) -> list[QueueRow]:
    """Return the lines of these entries, in the order of their ids given."""
    return screening.rows_of(contest, _lists(contest)[0], ids, clock.now())


def _chosen(contest: Contest, wanted: QueueFilter) -> list[int]:
    """Return the ticked entries, or all that fit the filters where that was asked for."""
    if request.values.get("everything"):
        return screening.matching(contest, wanted, clock.now(), bulk.MOST + 1)
    ticked = (one for one in request.values.getlist("entry") if one.isdecimal() and len(one) < 12)
    return list(dict.fromkeys(int(one) for one in ticked))


@bp.get("/contests/<code>/decisions/new")
@require(policy.may_run_queue, facts=queries.queue_facts)
def new_decisions(code: str) -> ResponseReturnValue:
    """Show what is about to be decided about the ticked entries, before anything happens."""
    contest, wanted = contest_by_code(code), wanted_filter()
    ids = _chosen(contest, wanted)
    if not ids:
        warning(_("Tick at least one entry."))
        return redirect_to("entries.eligibility", code=code, **wanted.address)
    if len(ids) > bulk.MOST:
        warning(_("At most %(most)s entries can be decided at once. Narrow the list with filters.", most=bulk.MOST))
        return redirect_to("entries.eligibility", code=code, **wanted.address)
    form = DecisionsForm(formdata=None)
    form.outcome.data = request.args.get("outcome") or None
    return _confirm_page(contest, ids, form, wanted)


def _confirm_page(contest: Contest, ids: Sequence[int], form: DecisionsForm, wanted: QueueFilter) -> str:
    rows = [
        one for one in screening.rows_of(contest, _lists(contest)[0], ids, clock.now()) if one.submitted_at is not None
    ]
    return render(
        "entries/decisions.html",
        contest=contest,
        rows=rows,
        form=form,
        wanted=wanted,
        lifecycle=ENTRY,
        needs_care=[one for one in rows if _needs_care(one)],
        fix_hours=int(queries.fix_window(contest).total_seconds() // 3600),
        undo_minutes=int(bulk.UNDO_WINDOW.total_seconds() // 60),
    )


def _needs_care(row: QueueRow) -> bool:
    marked = row.open_cases or row.alike or row.withheld or row.winners or row.elsewhere or row.is_frozen
    return bool(marked or screening.has_refusal(row))


@bp.post("/contests/<code>/decisions")
@require(policy.may_run_queue, facts=queries.queue_facts)
def decide_many(code: str) -> ResponseReturnValue:
    """Decide about several entries; the teams are told when the time to undo is over."""
    contest, form, wanted = contest_by_code(code), DecisionsForm(), wanted_filter()
    ids = _chosen(contest, wanted)
    if form.validate_on_submit():
        choices = [services.Choice(one, form.outcome.data, form.reason.data or "") for one in ids]
        try:
            with unit_of_work():
                _act, left_out = services.decide_many(contest, choices, actor=current_actor(), at=clock.now())
            _say(len(choices) - len(left_out), left_out)
            return redirect_to("entries.eligibility", code=code, **wanted.address)
        except Invalid as error:
            form.apply(error)
        except Conflict as error:
            form.form_errors = [_(error.msgid, **error.params)]
    return _confirm_page(contest, ids, form, wanted), 422


def _say(count: int, left_out: Sequence[tuple[Entry, Sentence]]) -> None:
    notice(
        ngettext(
            "%(num)d entry decided. You can still undo it.", "%(num)d entries decided. You can still undo it.", count
        )
    )
    warn_left_out([(entry.code, why) for entry, why in left_out])


def _act_facts(actor: Actor, code: str, act_id: int) -> ContestFacts | None:
    found = queries.queue_facts(actor, code)
    if found is None:
        return None
    try:
        held.act_of(found.contest_id, act_id)
    except NotFound:
        return None
    return found


@bp.post("/contests/<code>/decisions/<int:act_id>/undoing")
@require(policy.may_run_queue, facts=_act_facts)
def undo_decisions(code: str, act_id: int) -> ResponseReturnValue:
    """Put the entries of an act back where they were; nobody is told anything."""
    contest = contest_by_code(code)
    try:
        with unit_of_work():
            act = held.act_of(contest.id, act_id)
            count = services.undo_act(act, actor=current_actor(), at=clock.now())
        notice(ngettext("Undone: %(num)d entry.", "Undone: %(num)d entries.", count))
    except Closed as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("entries.eligibility", code=code)


@bp.get("/contests/<code>/eligibility/table")
@require(policy.may_run_queue, facts=queries.queue_facts)
def eligibility_table(code: str) -> ResponseReturnValue:
    """Hand out the filtered list as a spreadsheet (noted in the audit chain); it can be uploaded with decisions."""
    contest, wanted, at = contest_by_code(code), wanted_filter(), clock.now()
    ids = screening.matching(contest, wanted, at, screening.MOST_EXPORTED)
    rows = screening.rows_of(contest, _lists(contest)[0], ids, at)
    kind = "csv" if request.args.get("format") == "csv" else "xlsx"
    with unit_of_work():
        audit.record(
            "entries.list.exported",
            ("contest", contest.id),
            actor=current_actor(),
            at=at,
            contest_id=contest.id,
            data={"rows": len(rows), "format": kind, **wanted.address},
        )
    columns = [
        Column(_(heading), "moment" if heading == "Handed in" else "text", width) for heading, width in _HEADINGS
    ]
    return spreadsheet(kind, _("Entries %(code)s", code=contest.code), columns, [_cells(one) for one in rows])


def _cells(row: QueueRow) -> list[Cell]:
    return [
        row.code,
        row.number,
        localized(row.title),
        localized(row.board),
        localized(row.sector) if row.sector else "",
        localized(row.institution) if row.institution else "",
        _state_cell(row),
        row.submitted_at,
        _(ENDORSEMENT.states[row.endorsement or "waiting"].staff),
        row.open_cases or None,
        row.alike or None,
        None if row.state == SUBMITTED else _decision_word(row.state),
        None,
    ]


def _state_cell(row: QueueRow) -> str:
    if row.held is None:
        return _(ENTRY.states[row.state].staff)
    decided = _(ENTRY.states[row.held.outcome].staff)
    return _("Decided: %(decision)s, goes out at %(moment)s", decision=decided, moment=moment(row.held.goes_out_at))


def _decision_word(state: str) -> str | None:
    words = decision_lists.WORDS.get(state)
    return words[0] if words else None


@bp.route("/contests/<code>/decisions/list", methods=["GET", "POST"])
@require(policy.may_run_queue, facts=queries.queue_facts)
def decision_list(code: str) -> ResponseReturnValue:
    """Read a spreadsheet of decisions and show what each row would lead to; nothing is changed yet."""
    contest, form = contest_by_code(code), DecisionListForm()
    context: dict[str, Any] = {"contest": contest, "words": decision_lists.WORDS, "lifecycle": ENTRY}
    if not form.is_submitted():
        return render("entries/decision_list.html", form=form, checked=None, token="", **context)
    uploaded = request.files.get("file")
    data = uploaded.stream.read(MOST_BYTES + 1) if uploaded is not None else b""
    try:
        if not data:
            raise Invalid(fields={"file": [(N_("Choose a file first."), {})]})
        checked = services.check_list(contest, read_table(data), at=clock.now())
        good = [one for one in checked if not one.faults]
        with unit_of_work():
            token = services.keep_list(contest, good, actor=current_actor(), at=clock.now()) if good else ""
    except Invalid as error:
        form.apply(error)
        return render("entries/decision_list.html", form=form, checked=None, token="", **context), 422
    return render("entries/decision_list.html", form=form, checked=checked, token=token, **context)


@bp.post("/contests/<code>/decisions/list/taking-up")
@require(policy.may_run_queue, facts=queries.queue_facts)
def take_up_decisions(code: str) -> ResponseReturnValue:
    """Decide what the checked list says; the list works once."""
    contest = contest_by_code(code)
    try:
        with unit_of_work():
            token = request.form.get("list", "")
            act, left_out = services.take_up_list(contest, token, actor=current_actor(), at=clock.now())
            count = len(bulk.items_of(act))
        _say(count, left_out)
    except (Closed, Conflict, Invalid) as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("entries.eligibility", code=code)
