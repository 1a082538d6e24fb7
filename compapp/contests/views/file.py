"""The contest file: import with a dry run, export, clone, and revising a definition by file."""

import json
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries, services
from compapp.contests.file import reader
from compapp.contests.file.faults import ContestFileRefused, Fault
from compapp.contests.forms import CloneForm, ImportForm, RevisionForm
from compapp.contests.services.revision import definition_of
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.seen import seen_version, shown_version
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/contests/import", methods=["GET", "POST"])
@require(policy.may_create)
def import_() -> ResponseReturnValue:
    """Check or import a contest file; every fault is listed with its place."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _import_page(form, [], None, 422 if form.is_submitted() else 200)
    try:
        content: bytes = form.file.data.read()
        wishes: dict[str, Any] = {"shift_to": form.shift_to.data, "code": form.code.data or None}
        if form.check_only.data:
            return _import_page(form, [], reader.prepared(reader.parse(content), **wishes), 200)
        with unit_of_work():
            done = services.import_file(content, **wishes, actor=current_actor(), at=now())
    except ContestFileRefused as refused:
        return _import_page(form, list(refused.faults), None, 422)
    notice(_("The contest is imported: %(entries)s entries.", entries=done["entries"]))
    return redirect_to("contests.overview", code=done["contest"])


def _import_page(
    form: ImportForm, faults: list[Fault], sound: dict[str, Any] | None, status: int
) -> ResponseReturnValue:
    counts = {name: len(data) for name, data in (sound or {}).items() if isinstance(data, list)}
    return render("contests/import.html", form=form, faults=faults, sound=sound, counts=counts), status


def _download(document: dict[str, Any], name: str) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"', "Cache-Control": "no-store"}
    return Response(text, mimetype="application/json", headers=headers)


@bp.get("/contests/<code>/export")
@require(policy.may_manage, facts=queries.contest_facts)
def export(code: str) -> Response:
    """Download the whole contest as a contest file (audited: it holds people and scores)."""
    with unit_of_work():
        document = services.export_file(code, actor=current_actor(), at=now())
    return _download(document, code)


@bp.get("/contests/<code>/definition-file")
@require(policy.may_manage, facts=queries.contest_facts)
def definition_file(code: str) -> Response:
    """Download the definition alone, to be edited and uploaded again."""
    return _download(definition_of(queries.contest_by_code(code)), f"{code}-definition")


@bp.route("/contests/<code>/manage/revision", methods=["GET", "POST"])
@require(policy.may_manage, facts=queries.contest_facts)
def revision(code: str) -> ResponseReturnValue:
    """Replace the definition by an edited file; after the announcement with a reason."""
    form, contest = RevisionForm(), queries.contest_by_code(code)
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.revise(
                    queries.contest_by_code(code),
                    reader.parse(form.file.data.read()),
                    reason=form.reason.data or "",
                    version=seen_version(),
                    actor=current_actor(),
                    at=now(),
                )
        except ContestFileRefused as refused:
            faults = refused.faults
        except Invalid as error:
            form.apply(error)
        else:
            notice(_("The definition is saved."))
            return redirect_to("contests.definition", code=code)
    status = 422 if form.is_submitted() else 200
    return render(
        "contests/revision.html", contest=contest, form=form, faults=faults, version=shown_version(contest.version)
    ), status


@bp.route("/contests/<code>/manage/clone", methods=["GET", "POST"])
@require(policy.may_clone, facts=queries.contest_facts)
def clone(code: str) -> ResponseReturnValue:
    """Make next year's contest from this one."""
    contest = queries.contest_by_code(code)
    form = CloneForm(data={f"title_{language}": text for language, text in contest.title.items()})
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                title = {"vi": form.title_vi.data, "en": form.title_en.data}
                done = services.clone_contest(
                    code, form.code.data, form.launch.data, title=title, actor=current_actor(), at=now()
                )
        except ContestFileRefused as refused:
            faults = refused.faults
        else:
            notice(_("The new contest is a draft. Check its dates before you announce it."))
            return redirect_to("contests.overview", code=done["contest"])
    status = 422 if form.is_submitted() else 200
    return render("contests/clone.html", contest=contest, form=form, faults=faults), status
