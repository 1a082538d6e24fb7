"""The wizard's list of pages, and the pages that are one form or one list."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts import queries as accounts
from compapp.contests import policy, queries
from compapp.contests.forms.setup.binding import PieceForm, values_of
from compapp.contests.forms.setup.entering import RulesForm
from compapp.contests.forms.setup.general import BasicsForm, DatesForm, PrizesForm, SchoolsForm, SectorsForm
from compapp.contests.forms.setup.judging import DecidingForm
from compapp.contests.models import Contest
from compapp.contests.services import accepted_warnings, check_setup
from compapp.contests.services.revision import definition_of
from compapp.contests.setup.steps import BY_NAME, OPEN, STATES, WRONG, next_step
from compapp.contests.setup.words import FIELD_TYPES
from compapp.contests.tabs import people_pages
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.kinds import KINDS, Kind
from compapp.contests.views.setup.messages import STEP, messages_page
from compapp.contests.views.setup.saving import (
    Document,
    clashed,
    launch_of,
    page,
    previewed,
    put_faults,
    save,
    steps_of,
    typed,
)
from compapp.core.actor import Actor
from compapp.core.clock import now
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render

_FORMS: dict[str, type[PieceForm]] = {
    "basics": BasicsForm,
    "dates": DatesForm,
    "schools": SchoolsForm,
    "rules": RulesForm,
    "sectors": SectorsForm,
    "deciding": DecidingForm,
    "prizes": PrizesForm,
}
_PARTNERS = ("university", "university_campus", "college", "department", "incubator", "company", "fund", "association")
_SCHOOLS = ("university", "university_campus", "college", "vocational_school", "high_school", "lower_secondary")


def step_facts(actor: Actor, code: str, step: str) -> policy.ContestFacts | None:
    """Return the contest's facts for a page of the wizard; None for an unknown page."""
    return queries.contest_facts(actor, code) if step in BY_NAME else None


@bp.get("/contests/<code>/manage/setup")
@require(policy.may_manage, facts=queries.contest_facts)
def setup(code: str) -> str:
    """List the wizard's pages, how far each is, and what to do next."""
    contest = queries.contest_by_code(code)
    found, answered = check_setup(contest, now()), accepted_warnings(contest)
    steps = steps_of(definition_of(contest), found, answered)
    following = next((step for step, state in steps if state in (OPEN, WRONG)), None)
    return render(
        "contests/setup.html", contest=contest, steps=steps, step_states=STATES, found=found, following=following
    )


@bp.route("/contests/<code>/manage/setup/<step>", methods=["GET", "POST"])
@require(policy.may_manage, facts=step_facts)
def setup_step(code: str, step: str) -> ResponseReturnValue:
    """Show or save one page of the wizard."""
    contest = queries.contest_by_code(code)
    if step in _FORMS:
        return _form_page(contest, step)
    if request.method == "POST":
        return _reorder(contest, step)
    if step == STEP:
        return messages_page(contest)
    lists = [(kind, kind.listed.items(definition_of(contest))) for kind in KINDS.values() if kind.step == step]
    document = definition_of(contest)
    return page(
        "contests/setup/list.html",
        contest,
        step,
        document,
        lists=lists,
        roles=_people(contest, step),
        field_types=[(code, _(label)) for code, label in FIELD_TYPES.items()],
        people_links=[
            {"label": _(one.label), "url": url_for(one.endpoint, code=contest.code)} for one in people_pages()
        ],
    )


def _form_page(contest: Contest, step: str) -> ResponseReturnValue:
    document, sent = definition_of(contest), typed()
    form = _made(_FORMS[step], document, sent.text)

    def change(fresh: Document) -> None:
        _made(_FORMS[step], fresh, sent.text).store(fresh, fresh)

    status = 200
    if sent.save:
        status = 422
        if form.validate_on_submit():
            try:
                changed = save(contest.code, change)
            except Invalid as error:
                put_faults(form, error, "")
            except Conflict:
                return clashed(
                    contest, step, document, _made(_FORMS[step], document, None), form, kind=None, seen=[], turned=False
                )
            else:
                return _saved(contest, step, changed)
    shown = previewed(document, form, change) if sent.text is not None and not sent.save else document
    contest = queries.contest_by_code(contest.code)
    return page(
        "contests/setup/step.html",
        contest,
        step,
        shown,
        status,
        saved=document,
        form=form,
        focus=sent.focus,
        kind=None,
        turned=False,
        seen=[],
    )


def _saved(contest: Contest, step: str, changed: bool) -> ResponseReturnValue:
    notice(_("Saved.") if changed else _("Nothing had changed."))
    following = next_step(step)
    if request.form.get("stay") or following is None or contest.state != "draft":
        return redirect_to("contests.setup_step", code=contest.code, step=step)
    return redirect_to("contests.setup_step", code=contest.code, step=following.name)


def _made(form_class: type[PieceForm], document: Document, text: Any) -> PieceForm:
    form = form_class(formdata=text, data=None if text is not None else values_of(form_class, document))
    if isinstance(form, BasicsForm | SchoolsForm):
        kinds = _PARTNERS if isinstance(form, BasicsForm) else _SCHOOLS
        form.known = {
            str(one.id): {"kind": one.kind, "name": dict(one.name)} for one in accounts.organisations_by_kind(*kinds)
        }
    return form.ready(document, document, launch_of(document))


def _reorder(contest: Contest, step: str) -> ResponseReturnValue:
    """Move a thing of a list up or down, by its button."""
    kind, item, verb = _act(step, request.form.get("act", ""))

    def change(fresh: Document) -> None:
        kind.listed.move(fresh, item, -1 if verb == "up" else 1)

    try:
        save(contest.code, change)
    except Invalid as error:
        form = PieceForm()
        put_faults(form, error, "")
        for sentence in form.form_errors:
            notice(sentence)
    return redirect_to("contests.setup_step", code=contest.code, step=step, _anchor=f"{kind.name}-{item}")


def _act(step: str, act: str) -> tuple[Kind, str, str]:
    name, _colon, rest = act.partition(":")
    verb, _colon, item = rest.partition(":")
    kind = KINDS.get(name)
    if kind is None or kind.step != step or verb not in ("up", "down"):
        raise NotFound(N_("This has been removed in the meantime."))
    return kind, item, verb


def _people(contest: Contest, step: str) -> list[tuple[str, list[str]]]:
    if step != "people":
        return []
    held = queries.roles_of(contest.id)
    return [(_(label), [row.person.name for row in held if row.role == role]) for role, label in policy.ROLES.items()]
