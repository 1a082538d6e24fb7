"""What is out: the public results, a team's own result, its place; and the comments that teams will read."""

from collections.abc import Mapping

from flask import Response, make_response, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Contest, Round
from compapp.core import files
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import PLACE, RESULT_APPEAL
from compapp.judging.models import Sheet
from compapp.judging.queries.appeals import appeal_window, appeals_of_entry
from compapp.judging.queries.certificates import result_code
from compapp.judging.queries.issued import PUBLIC, issued_paper, issued_papers
from compapp.judging.queries.own import OwnResult, own_results, result_facts
from compapp.judging.queries.public import public_results
from compapp.judging.queries.results import (
    entry_names,
    hidden_entries,
    next_round,
    place,
    place_facts,
    public_publications,
)
from compapp.judging.queries.rounds import card_of
from compapp.judging.queries.workbench import comments_of
from compapp.judging.services.feedback import pass_comment_on, withhold_comment
from compapp.judging.services.places import confirm_place, decline_place
from compapp.judging.views.labels import errors_of, paper_kinds, way_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import facts, public, require
from compapp.web.forms import Form
from compapp.web.i18n import _, current_locale
from compapp.web.pages import notice, redirect_to, render

_NOT_OUT = N_("There are no public results here yet.")
KEEP_SECONDS = 60
"""How long a shared cache may keep the public results."""


def _contest(code: str) -> Contest:
    found = session().scalars(select(Contest).where(Contest.code == code, Contest.state != "draft")).one_or_none()
    if found is None:
        raise NotFound(_NOT_OUT)
    return found


@bp.get("/results/<code>")
@public
def public_page(code: str) -> ResponseReturnValue:
    """Show everything that is public of a contest's results; the ETag names the newest publication."""
    contest, at = _contest(code), now()
    found = public_publications(contest.id, at)
    if not found:
        return make_response(render("judging/publication/public.html", contest=contest, rounds=[], issued={}), 404)
    issued = issued_papers(one.id for one in found)
    entered = max((row.entered_at for papers in issued.values() for row in papers.values()), default=None)
    tag = f"{max(one.id for one in found)}-{entered.timestamp() if entered else 0:.0f}-{current_locale()}"
    anonymous = not current_actor().is_signed_in
    if anonymous and request.if_none_match.contains(tag):
        return _kept(make_response("", 304), tag)
    response = make_response(
        render(
            "judging/publication/public.html",
            contest=contest,
            rounds=public_results(contest, found, at),
            issued={number: [papers[kind] for kind in PUBLIC if kind in papers] for number, papers in issued.items()},
            kinds=paper_kinds(),
            checks={one.id: result_code(one) for one in found},
            way_of=way_of,
        )
    )
    return _kept(response, tag) if anonymous else response


def _kept(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@bp.get("/results/<code>/decisions/<int:publication_id>")
@public
def scan(code: str, publication_id: int) -> ResponseReturnValue:
    """Give the scan of a signed decision that is public."""
    contest = _contest(code)
    for one in public_publications(contest.id, now()):
        if one.id == publication_id and one.scan_blob is not None:
            name = f"{contest.code}-{one.round.code}-{one.number}.pdf"
            return send_file(
                files.path_of(one.scan_blob.sha256),
                mimetype="application/pdf",
                as_attachment=True,
                download_name=name,
            )
    raise NotFound(_NOT_OUT)


@bp.get("/results/<code>/papers/<int:publication_id>/<kind>")
@public
def public_paper(code: str, publication_id: int, kind: str) -> ResponseReturnValue:
    """Give the scan of a signed paper that everybody may see, once its result is public."""
    contest = _contest(code)
    known = {one.id: one for one in public_publications(contest.id, now())}
    row = issued_paper(publication_id, kind) if publication_id in known and kind in PUBLIC else None
    if row is None or row.scan_blob is None:
        raise NotFound(_NOT_OUT)
    name = f"{contest.code}-{known[publication_id].round.code}-{kind}.pdf"
    path = files.path_of(row.scan_blob.sha256)
    return send_file(path, mimetype="application/pdf", as_attachment=True, download_name=name)


@bp.get("/entries/<int:entry_id>/results")
@require(policy.may_see_own_result, facts=result_facts)
def own(entry_id: int) -> str:
    """Show a team its own results: figure, means per criterion, what the judges wrote, its place."""
    found: list[OwnResult] = own_results(entry_id)
    filed = appeals_of_entry(entry_id)
    windows = {
        one.publication.id: appeal_window(one.publication)
        for one in found
        if one.publication.id not in filed and "why" not in one.row
    }
    return render(
        "judging/publication/own.html",
        results=found,
        entry=found[0].entry if found else None,
        now_at=now(),
        appeals={one.publication.round_id: one for one in filed.values()},
        until={number: window[1] for number, window in windows.items() if window and window[0] <= now() < window[1]},
        appeal_lifecycle=RESULT_APPEAL,
        last={one.round.id for one in found if next_round(one.round) is None},
        way_of=way_of,
    )


@bp.get("/places/<int:place_id>")
@require(policy.may_see_place, facts=place_facts)
def place_page(place_id: int) -> str:
    """Ask the team whether it takes its place."""
    return _place_page(place_id, {})


def _place_page(place_id: int, errors: Mapping[str, str]) -> str:
    found = place(place_id)
    return render(
        "judging/shortlist/place.html",
        place=found,
        may_answer=policy.may_answer_place(current_actor(), facts()),
        lifecycle=PLACE,
        typed=request.form,
        errors=errors,
        form=Form(),
    )


@bp.post("/places/<int:place_id>/confirmation")
@require(policy.may_answer_place, facts=place_facts)
def confirm(place_id: int) -> ResponseReturnValue:
    """Take the place."""
    with unit_of_work():
        found = place(place_id)
        assert found is not None
        confirm_place(found, actor=current_actor(), at=now())
    notice(_("Your place is confirmed."))
    return redirect_to("results.place_page", place_id=place_id)


@bp.post("/places/<int:place_id>/refusal")
@require(policy.may_answer_place, facts=place_facts)
def decline(place_id: int) -> ResponseReturnValue:
    """Give the place back."""
    try:
        with unit_of_work():
            found = place(place_id)
            assert found is not None
            decline_place(found, request.form.get("reason", ""), actor=current_actor(), at=now())
    except Invalid as refused:
        return _place_page(place_id, errors_of(refused)), 422
    notice(_("You have given your place back. Thank you for telling us early."))
    return redirect_to("results.place_page", place_id=place_id)


@bp.get("/contests/<code>/feedback/<round_code>")
@require(policy.may_moderate, facts=round_facts)
def feedback(code: str, round_code: str) -> str:
    """Show what judges wrote for the teams, to withhold what should not go out."""
    return _feedback(the_round(code, round_code), {})


def _feedback(round_: Round, errors: Mapping[str, str], refused: str = "") -> str:
    """Render the comments; ``errors`` are of the comment ``refused`` (sheet id and part)."""
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    card = card_of(round_.contest, round_)
    comments = [one for one in comments_of(round_.id) if one.entry not in hidden]
    return render(
        "judging/publication/feedback.html",
        contest=round_.contest,
        round=round_,
        comments=comments,
        refused_entry=next((one.entry for one in comments if f"{one.sheet_id}-{one.part}" == refused), ""),
        titles=entry_names(round_.contest_id),
        labels={line.code: line.label for line in card.lines} if card is not None else {},
        typed=request.form,
        errors=errors,
        refused=refused,
        form=Form(),
    )


@bp.post("/contests/<code>/feedback/<round_code>/<int:sheet_id>/<part>")
@require(policy.may_moderate, facts=round_facts)
def withhold(code: str, round_code: str, sheet_id: int, part: str) -> ResponseReturnValue:
    """Withhold one comment, or pass it on after all."""
    try:
        with unit_of_work():
            sheet = _sheet_of_comment(the_round(code, round_code), sheet_id)
            if "pass-on" in request.form:
                pass_comment_on(sheet, part, actor=current_actor(), at=now())
            else:
                reason, shown = request.form.get("reason", ""), request.form.get("shown", "")
                withhold_comment(sheet, part, reason, shown=shown, actor=current_actor(), at=now())
    except Invalid as refused:
        return _feedback(the_round(code, round_code), errors_of(refused), f"{sheet_id}-{part}"), 422
    return redirect_to("results.feedback", code=code, round_code=round_code)


def _sheet_of_comment(round_: Round, sheet_id: int) -> Sheet:
    """Return the sheet of a round; NotFound for none, or for an entry that the actor has a conflict with."""
    found = select(Sheet).where(Sheet.id == sheet_id, Sheet.round_id == round_.id).options(joinedload(Sheet.entry))
    sheet = session().scalars(found).one_or_none()
    if sheet is None or sheet.entry.code in hidden_entries(round_.contest_id, current_actor().person_id):
        raise NotFound(N_("There is no such comment."))
    return sheet
