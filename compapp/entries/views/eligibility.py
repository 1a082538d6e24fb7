"""The organiser's dossier of an entry. Each view of it is audited: it shows who the team is."""

from datetime import timedelta
from typing import BinaryIO, cast

from flask import request
from flask.typing import ResponseReturnValue

from compapp.clubs.queries import training_of
from compapp.contests.definition import EntryForm
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.entries import blindness, policy, queries, services
from compapp.entries.forms import CaseForm, DecisionForm, NeutralForm, ReasonForm, ReopenForm, shown_choices
from compapp.entries.lifecycle import CASE, CASE_KINDS, DRAFT, ENTRY, NEEDS_FIX
from compapp.entries.models import Entry
from compapp.entries.queries import screening
from compapp.entries.queries.dossier import passed_on_consents
from compapp.entries.queries.held import held_of
from compapp.entries.views.blueprint import bp, on_entry, sentence_of
from compapp.entries.views.changes import since_sent_back
from compapp.entries.views.files import file_facts
from compapp.entries.views.queue import wanted_filter
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/entries/<int:entry_id>/dossier")
@on_entry(policy.may_see_dossier)
def dossier(entry_id: int) -> str:
    """Show an organiser the whole entry with its team and the checklist; nobody gets it before the view is noted."""
    page = dossier_page(queries.entry(entry_id), DecisionForm(formdata=None))
    with unit_of_work():
        services.note_view(queries.entry(entry_id), actor=current_actor(), at=clock.now())
    return page


def dossier_page(
    entry: Entry, form: DecisionForm, case_form: CaseForm | None = None, reopen_form: ReopenForm | None = None
) -> str:
    """Return the dossier with the forms as they were filled in."""
    at, fields, wanted = clock.now(), queries.fields_asked(entry.contest, entry.board.code), wanted_filter()
    version = queries.newest_version(entry.id)
    case_form = case_form or CaseForm(formdata=None)
    if case_form.due_at.data is None:
        case_form.due_at.data = at + timedelta(hours=72)
    members, decisions = queries.active_members(entry.id), queries.decisions_of(entry.id)
    labels = {rule.key: rule.label for rule in EntryForm.of(entry.contest).attachments}
    return render(
        "entries/dossier.html",
        entry=entry,
        contest=entry.contest,
        facts=facts(),
        form=form,
        case_form=case_form,
        reopen_form=reopen_form or ReopenForm(formdata=None),
        reason_form=ReasonForm(formdata=None),
        neutral_form=NeutralForm(formdata=None),
        checks=queries.checklist(entry, at),
        members=members,
        training=training_of([member.person_id for member in members if member.person_id is not None]),
        fields=fields,
        choices=shown_choices(entry.contest, fields),
        given=version.content["answers"] if version is not None else entry.answers,
        version=version,
        files=queries.handed_in_files(entry, version),
        labels=labels,
        answered=since_sent_back(entry, version, decisions, fields),
        answer_labels={field.key: field.label for field in fields} | labels,
        names=queries.name_findings(entry),
        finding_kinds=blindness.KINDS,
        place_of=_place_of,
        decisions=decisions,
        passed_on=passed_on_consents(entry),
        held=held_of([entry.id], at).get(entry.id),
        cases=queries.cases_of(entry.id),
        case_kinds=CASE_KINDS,
        case_lifecycle=CASE,
        lifecycle=ENTRY,
        wanted=wanted,
        beside=screening.neighbours(entry.contest, wanted, entry, at) if entry.submitted_at is not None else None,
        fix_hours=int(queries.fix_window(entry.contest).total_seconds() // 3600),
        is_overdue=entry.state == NEEDS_FIX and entry.reopened_until is not None and entry.reopened_until <= at,
        verbs=[verb for verb in ("accept", "send_back", "reject") if ENTRY.allows(verb, entry.state)],
    )


_PLACES = {
    "file name": N_("file name"),
    "file": N_("the whole file"),
    "link": N_("link"),
    "metadata": N_("properties of the file"),
    "authors": N_("authors of the file"),
    "text": N_("text of the file"),
}


def _place_of(where: str) -> str:
    """Return in words where in a file something was found: ``page 3`` and ``slide 2`` come with their number."""
    word, _space, count = where.rpartition(" ")
    if word == "page":
        return _("page %(number)s", number=count)
    if word == "slide":
        return _("slide %(number)s", number=count)
    return _(_PLACES[where]) if where in _PLACES else where


@bp.post("/entries/<int:entry_id>/eligibility")
@on_entry(policy.may_decide)
def decide(entry_id: int) -> ResponseReturnValue:
    """Decide; team and school are told. Leads to the next entry of the queue as it was narrowed, or back to it."""
    form, entry, wanted = DecisionForm(), queries.entry(entry_id), wanted_filter()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.decide_eligibility(
                    entry, form.outcome.data, reason=form.reason.data or "", actor=current_actor(), at=clock.now()
                )
            notice(_("%(code)s is decided. The team is told.", code=entry.code))
            after = screening.neighbours(entry.contest, wanted, entry, clock.now()).after
            if request.form.get("then") == "next" and after is not None:
                return redirect_to("entries.dossier", entry_id=after, **wanted.address)
            return redirect_to("entries.eligibility", code=entry.contest.code, **wanted.address)
        except Invalid as error:
            form.apply(error)
    return dossier_page(queries.entry(entry_id), form), 422


@bp.route("/entries/<int:entry_id>/reopening", methods=["GET", "POST"])
@on_entry(policy.may_reopen)
def reopening(entry_id: int) -> ResponseReturnValue:
    """Open a single entry again after the deadline; a draft is named by title only."""
    form, entry = ReopenForm(), queries.entry(entry_id)
    if form.validate_on_submit() and form.until.data is not None:
        try:
            with unit_of_work():
                services.reopen_entry(
                    entry, until=form.until.data, reason=form.reason.data, actor=current_actor(), at=clock.now()
                )
            notice(_("Reopened. The team is told."))
            return redirect_to(
                "entries.eligibility", code=entry.contest.code, state="draft" if entry.state == DRAFT else None
            )
        except Invalid as error:
            form.apply(error)
    status = 422 if form.is_submitted() else 200
    return render("entries/reopening.html", entry=entry, contest=entry.contest, form=form, lifecycle=ENTRY), status


@bp.post("/attachments/<int:attachment_id>/neutral-copy")
@require(policy.may_decide, facts=file_facts)
def neutral_copy(attachment_id: int) -> ResponseReturnValue:
    """Give judges a copy without names."""
    row, sent = queries.attachment(attachment_id), request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(N_("Choose a file first."))
        with unit_of_work():
            services.replace_file(
                attachment_id,
                file_name=sent.filename,
                source=cast(BinaryIO, sent.stream),
                reason=request.form.get("reason", ""),
                actor=current_actor(),
                at=clock.now(),
            )
        notice(_("Judges get this copy."))
    except Invalid as error:
        warning(sentence_of(error))
    return redirect_to("entries.dossier", entry_id=row.entry_id)


@bp.post("/attachments/<int:attachment_id>/false-alarm")
@require(policy.may_decide, facts=file_facts)
def false_alarm(attachment_id: int) -> ResponseReturnValue:
    """Let judges have the file after a person looked."""
    row, form = queries.attachment(attachment_id), ReasonForm()
    try:
        with unit_of_work():
            services.mark_false_alarm(
                attachment_id, reason=form.reason.data or "", actor=current_actor(), at=clock.now()
            )
        notice(_("Judges get this file."))
    except Invalid as error:
        warning(sentence_of(error))
    return redirect_to("entries.dossier", entry_id=row.entry_id)
