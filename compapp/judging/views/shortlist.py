"""The decision: prepared, approved by a second person, published, corrected."""

from collections.abc import Mapping
from typing import Any

from flask import request, send_file
from flask.typing import ResponseReturnValue

from compapp.contests.definition import prizes_of
from compapp.contests.models import Round
from compapp.core import files
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.judging import policy
from compapp.judging.lifecycle import PLACE, SHORTLIST
from compapp.judging.queries.deliberation import votes_closed
from compapp.judging.queries.issued import issued_papers
from compapp.judging.queries.results import (
    entry_names,
    hidden_entries,
    latest_publication,
    next_round,
    open_shortlist,
    places_of,
    publications_of,
    shortlists_of,
)
from compapp.judging.queries.rounds import boards_with_bye, entry_byes_of
from compapp.judging.queries.workbench import workbench
from compapp.judging.services.awards import gives_awards, proposed_awards
from compapp.judging.services.places import TIME_TO_CONFIRM, answer_until
from compapp.judging.services.publication import DecisionPaper, publish, verify_publication
from compapp.judging.services.shortlist import (
    approve_shortlist,
    blockers,
    computed_shortlist,
    propose_shortlist,
    suggested_shortlist,
    withdraw_shortlist,
)
from compapp.judging.services.standings import read_inputs
from compapp.judging.views.labels import errors_of, paper_kinds, sentence_of
from compapp.judging.views.results_blueprint import (
    bp,
    figures_facts,
    shortlist_facts,
    the_round,
    the_shortlist,
)
from compapp.judging.views.results_forms import PublishForm, award_choices, typed_lists
from compapp.web.access import facts, require
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/contests/<code>/shortlist/<round_code>")
@require(policy.may_see_standings, facts=figures_facts)
def shortlist(code: str, round_code: str) -> str:
    """Show where the decision of a round stands and what comes next."""
    return _page(the_round(code, round_code))


def _page(
    round_: Round,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
    form: Form | None = None,
    withdrawing: bool = False,
) -> str:
    """Render the page; ``withdrawing`` says that ``errors`` are of the form that takes the decision back."""
    inputs = read_inputs(round_)
    actor, names = current_actor(), entry_names(round_.contest_id)
    waiting, following = open_shortlist(round_.id), next_round(round_)
    hidden = hidden_entries(round_.contest_id, actor.person_id)
    return render(
        "judging/shortlist/shortlist.html",
        contest=round_.contest,
        round=round_,
        bench=workbench(inputs, actor),
        byes=boards_with_bye(round_),
        entry_byes={code: why for code, why in entry_byes_of(round_).items() if code not in hidden},
        names=names,
        blockers=[_(msgid, **params) for msgid, params in blockers(inputs, hidden)],
        computed=computed_shortlist(inputs),
        suggested=(typed or {}).get("decided") or suggested_shortlist(inputs, names),
        reason=(typed or {}).get("reason", ""),
        awards=proposed_awards(inputs, names) if gives_awards(round_) else [],
        typed=request.form if typed is not None else {},
        prizes={(prize.board or "", prize.award): prize.label for prize in prizes_of(round_.contest)},
        waiting=waiting,
        outdated=waiting is not None and waiting.run.inputs_hash != inputs.hash,
        history=shortlists_of(round_.id),
        publications=publications_of(round_.id),
        held_places=[place for place in places_of(round_.id) if place.entry.code not in hidden],
        hidden=hidden,
        votes=votes_closed(round_.id, hidden),
        next_round=following,
        confirm_by=answer_until(round_, now(), TIME_TO_CONFIRM),
        may_prepare=policy.may_prepare_shortlist(actor, facts()),
        may_decide=policy.may_decide_tie(actor, facts()),
        may_follow=policy.may_see_jury(actor, facts()),
        may_paper=policy.may_handle_paper(actor, facts()),
        correcting=request.method == "POST" or "correction" in request.args,
        may_approve=waiting is not None and policy.may_approve_after(actor, facts(), waiting.prepared_by_id),
        may_publish=policy.may_publish(actor, facts()),
        lifecycle=SHORTLIST,
        place_lifecycle=PLACE,
        form=form or PublishForm(),
        errors=errors or {},
        withdrawing=withdrawing,
    )


@bp.post("/contests/<code>/shortlist/<round_code>")
@require(policy.may_prepare_shortlist, facts=figures_facts)
def propose(code: str, round_code: str) -> ResponseReturnValue:
    """Prepare the decision."""
    round_ = the_round(code, round_code)
    decided, reason = _with_hidden(round_, typed_lists(request.form)), request.form.get("reason", "")
    try:
        with unit_of_work():
            propose_shortlist(
                the_round(code, round_code),
                decided=decided,
                awards=award_choices(request.form),
                reason=reason,
                departures={name.removeprefix("because-"): words for name, words in request.form.items()},
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, Closed) as refused:
        typed = {"decided": decided, "reason": reason}
        return _page(round_, errors=errors_of(refused), typed=typed), refused.status
    notice(_("Prepared. A second person has been asked to approve it."))
    return redirect_to("results.shortlist", code=code, round_code=round_code)


def _with_hidden(round_: Round, typed: dict[str, list[str]] | None) -> dict[str, list[str]] | None:
    """Leave entries that the page did not show (a conflict of interest) where the figures put them."""
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    if not typed or not hidden:
        return typed
    suggested = suggested_shortlist(read_inputs(round_), entry_names(round_.contest_id))
    return {
        board: [*codes, *(code for code in suggested.get(board, ()) if code in hidden)]
        for board, codes in typed.items()
    }


@bp.post("/shortlists/<int:shortlist_id>/approval")
@require(policy.may_approve, facts=shortlist_facts)
def approve(shortlist_id: int) -> ResponseReturnValue:
    """Approve as the second person."""
    with unit_of_work():
        found = approve_shortlist(the_shortlist(shortlist_id), actor=current_actor(), at=now())
    notice(_("Approved. The teams’ messages are ready and held until you publish."))
    return _back(found.round)


@bp.post("/shortlists/<int:shortlist_id>/withdrawal")
@require(policy.may_see_standings, facts=shortlist_facts)
def withdraw(shortlist_id: int) -> ResponseReturnValue:
    """Take the decision back before it is published."""
    try:
        with unit_of_work():
            withdraw_shortlist(
                the_shortlist(shortlist_id), request.form.get("reason", ""), actor=current_actor(), at=now()
            )
    except Invalid as refused:
        typed = {"reason": request.form.get("reason", "")}
        return _page(the_shortlist(shortlist_id).round, errors=errors_of(refused), typed=typed, withdrawing=True), 422
    notice(_("Withdrawn. The held messages have been cancelled."))
    return _back(the_shortlist(shortlist_id).round)


def _back(round_: Round) -> ResponseReturnValue:
    return redirect_to("results.shortlist", code=round_.contest.code, round_code=round_.code)


@bp.post("/shortlists/<int:shortlist_id>/publication")
@require(policy.may_publish, facts=shortlist_facts)
def publication(shortlist_id: int) -> ResponseReturnValue:
    """Publish what was approved, with the signed decision where there is one."""
    form, round_ = PublishForm(), the_shortlist(shortlist_id).round
    if not form.validate_on_submit():
        return _page(round_, form=form, errors={"": _("Please correct the marked fields.")}), 422
    upload = form.scan.data
    incoming = files.receive(upload.stream) if upload else None
    if incoming is not None and incoming.media_type != "application/pdf":
        form.scan.errors = [*form.scan.errors, _("The scan must be a PDF.")]
        return _page(round_, form=form, errors={"": _("Please correct the marked fields.")}), 422
    try:
        with unit_of_work():
            scan = files.keep(incoming, at=now()) if incoming is not None else None
            paper = DecisionPaper(form.number.data, form.signed_on.data, form.signer.data, scan)
            publish(
                the_shortlist(shortlist_id),
                paper=paper,
                confirm_by=form.confirm_by.data,
                actor=current_actor(),
                at=now(),
            )
    except Invalid as refused:
        form.apply(refused)
        return _page(round_, form=form, errors={"": sentence_of(refused)}), 422
    except Conflict as refused:
        warning(sentence_of(refused))
        return _back(round_)
    notice(_("Published. Every team reads its own result now; the public page opens in 30 minutes."))
    return _back(round_)


@bp.get("/contests/<code>/publications/<round_code>")
@require(policy.may_see_standings, facts=figures_facts)
def publications(code: str, round_code: str) -> str:
    """Show the whole of what was published of a round, each beside the one it corrects, and check it."""
    round_ = the_round(code, round_code)
    found = list(reversed(publications_of(round_.id)))
    return render(
        "judging/publication/publications.html",
        contest=round_.contest,
        round=round_,
        publications=found,
        hidden=hidden_entries(round_.contest_id, current_actor().person_id),
        holds={one.id: verify_publication(one) for one in found},
        issued=issued_papers(one.id for one in found),
        kinds=paper_kinds(),
        newest=latest_publication(round_.id),
    )


def scan_response(path_sha256: str, name: str) -> ResponseReturnValue:
    """Return a stored scan as a download."""
    return send_file(files.path_of(path_sha256), mimetype="application/pdf", as_attachment=True, download_name=name)
