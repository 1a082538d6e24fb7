"""The official papers that come before the contest: edited on a page, taken away as DOCX."""

import copy
import io
from typing import Any

from flask import request, send_file
from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries, services
from compapp.contests.forms.setup.binding import values_of
from compapp.contests.forms.setup.papers import PaperForm
from compapp.contests.models import Contest
from compapp.contests.papers import KINDS, PaperFacts, draft, laid_out
from compapp.contests.papers.people import people_for
from compapp.contests.queries.papers import paper_of, papers_of, vietnamese_organiser, vietnamese_superior
from compapp.contests.sayings import giving_rules
from compapp.contests.sentences import plain_in, point_label
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.saving import typed
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.documents import DOCX, docx
from compapp.core.errors import Invalid
from compapp.web.access import require
from compapp.web.filters import moment
from compapp.web.i18n import _, in_locale
from compapp.web.pages import notice, redirect_to, render


def paper_facts(actor: Actor, code: str, kind: str) -> policy.ContestFacts | None:
    """Return the contest's facts for a paper; None for an unknown one."""
    return queries.contest_facts(actor, code) if kind in KINDS else None


@bp.get("/contests/<code>/manage/papers")
@require(policy.may_manage, facts=queries.contest_facts)
def papers(code: str) -> str:
    """List the papers: which were edited, when and by whom."""
    contest = queries.contest_by_code(code)
    return render("contests/papers.html", contest=contest, kinds=KINDS, kept=papers_of(contest.id))


@bp.route("/contests/<code>/manage/papers/<kind>", methods=["GET", "POST"])
@require(policy.may_manage, facts=paper_facts)
def paper(code: str, kind: str) -> ResponseReturnValue:
    """Edit a paper; before the first saving it is what the contest says."""
    contest, sent = queries.contest_by_code(code), typed()
    row = paper_of(contest.id, kind)
    content = copy.deepcopy(row.content) if row else _drafted(contest, kind)
    form = PaperForm(formdata=sent.text, data=None if sent.text is not None else values_of(PaperForm, content))
    status = 200
    if sent.save:
        status = 422
        if form.validate_on_submit():
            form.store(content, content)
            try:
                with unit_of_work():
                    services.save_paper(
                        queries.contest_by_code(code),
                        kind,
                        content,
                        version=request.form.get("version", 0, type=int),
                        actor=current_actor(),
                        at=now(),
                    )
            except Invalid as error:
                form.apply(error)
            else:
                notice(_("Saved."))
                return redirect_to("contests.papers", code=code)
    return render(
        "contests/paper.html",
        contest=queries.contest_by_code(code),
        kind=kind,
        title=KINDS[kind],
        form=form,
        focus=sent.focus,
        version=row.version if row else 0,
    ), status


@bp.get("/contests/<code>/manage/papers/<kind>/docx")
@require(policy.may_manage, facts=paper_facts)
def paper_docx(code: str, kind: str) -> ResponseReturnValue:
    """Send a paper as an editable document."""
    contest = queries.contest_by_code(code)
    row = paper_of(contest.id, kind)
    content = row.content if row else _drafted(contest, kind)
    stream = io.BytesIO(docx(laid_out(content)))
    return send_file(stream, mimetype=DOCX, as_attachment=True, download_name=f"{contest.code}-{kind}.docx")


def _drafted(contest: Contest, kind: str) -> dict[str, Any]:
    public = queries.read_contest(contest)
    with in_locale("vi"):
        calendar = [
            f"{point_label(point)}: {moment(point.closes_at or point.starts_at)}" for point in public.calendar.points
        ]
    return draft(
        kind,
        PaperFacts(
            contest=_vietnamese(contest.title),
            organiser=vietnamese_organiser(contest),
            superior=vietnamese_superior(contest),
            partners=[_vietnamese(name) for name in public.organisers[1:]],
            theme=_vietnamese(public.theme) if public.theme else "",
            calendar=calendar,
            entering=[plain_in(rule, "vi") for rule in public.entering],
            deciding=[plain_in(rule, "vi") for rule in public.deciding],
            prizes=[plain_in(rule, "vi") for rule in giving_rules(contest)],
            people=list(people_for(kind, contest.id)),
        ),
    )


def _vietnamese(text: Any) -> str:
    return str(text.get("vi") or text.get("en") or "")
