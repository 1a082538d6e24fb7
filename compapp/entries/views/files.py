"""Files: handing in, linking, and the one way out."""

from datetime import datetime
from typing import Any, BinaryIO, cast

from flask import Response, abort, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from compapp.contests.definition import EntryForm, Rules
from compapp.core import clock, files
from compapp.core.actor import Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid, NotFound, Refused
from compapp.core.text import N_
from compapp.entries import advancement, policy, queries, services
from compapp.entries.forms import LinkForm, UploadForm
from compapp.entries.inspection import FORMATS, media_type_of
from compapp.entries.lifecycle import GUARDIAN
from compapp.entries.models import Attachment, Entry
from compapp.entries.policy import EntryFacts
from compapp.entries.queries.links import newest_checks
from compapp.entries.queries.parts import later_window
from compapp.entries.queries.uploads import finishing_until
from compapp.entries.services.attachments import within_own_deadline
from compapp.entries.views.blueprint import bp, on_entry, on_team, sentence_of, workspace_page
from compapp.web.access import facts, require
from compapp.web.i18n import _, localized
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, wants_json, warning

_UPLOADS = Tries("upload", 60, 3600)
"""Files that one person may have examined in an hour; reading a large one takes seconds."""
SANDBOX = "default-src 'none'; sandbox"


def _asked(entry: Entry, finishing: datetime | None) -> list[dict[str, Any]]:
    """Return what may be handed in: the rule, what is there, whether it is open now (or a file may still arrive)."""
    board, at = queries.working_board(entry).code, clock.now()
    found: EntryFacts = facts()
    editable = policy.may_edit(current_actor(), found)
    present = queries.current_attachments(entry.id)
    young = queries.minors(entry, queries.working_board(entry))
    rows, form = [], EntryForm.of(entry.contest)
    window = queries.entry_window(entry)
    ends = window.deadline(at)
    for rule in queries.attachments_asked(entry.contest, board, answers=entry.answers):
        if rule.only_if_minor and not young:
            continue
        rows.append(
            {
                "rule": rule,
                "row": present.get(rule.key),
                "open": (editable and within_own_deadline(entry, rule, at)) or finishing is not None,
                "needed": rule.required or rule.only_if_minor,
                "closes": None if rule.closes_at is None or window.reopened(at) else min(rule.closes_at, ends),
            }
        )
    for rule in queries.attachments_asked(entry.contest, board, later=True):
        asking = queries.round_asking(form, rule) or ""
        if advancement.takes_part(entry.id, asking) or rule.key in present:
            is_open = policy.may_add_later_files(current_actor(), found) and services.later_window_open(entry, rule, at)
            rows.append(
                {
                    "rule": rule,
                    "row": present.get(rule.key),
                    "open": is_open,
                    "needed": rule.required,
                    "closes": later_window(entry.contest, rule)[1],
                }
            )
    return rows


@bp.get("/entries/<int:entry_id>/files")
@on_team
def entry_files(entry_id: int) -> str:
    """Show what is asked for, with its limits, and what is there."""
    entry = queries.entry(entry_id)
    window, at = queries.entry_window(entry), clock.now()
    finishing = finishing_until(entry, window, at)
    older: dict[str, list[Attachment]] = {}
    for row in queries.attachments_of(entry_id):
        if row.replaced_at is not None:
            older.setdefault(row.key, []).append(row)
    return workspace_page(
        "entries/files.html",
        entry,
        facts=facts(),
        asked=_asked(entry, finishing),
        deadline=window.deadline(at),
        finishing=finishing,
        checks=newest_checks(entry_id),
        grace=int(Rules.of(entry.contest).submission.grace.total_seconds() // 60),
        older=older,
        upload=UploadForm(),
        link=LinkForm(),
        young=queries.minors(entry, queries.working_board(entry)),
        guardians=queries.guardian_consents(entry_id),
        guardian_lifecycle=GUARDIAN,
        formats={name: shown for name, (_media, shown) in FORMATS.items()},
    )


@bp.post("/entries/<int:entry_id>/files/<key>")
@on_team
def upload(entry_id: int, key: str) -> ResponseReturnValue:
    """Take a file in: looked through before anything is locked."""
    entry = queries.entry(entry_id)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(N_("Choose a file first."))
        rule = services.rule_of(entry, key)
        services.check_may_attach(entry, rule, actor=current_actor(), at=clock.now())
        if not _UPLOADS.take(str(current_actor().person_id)):
            abort(429)
        prepared = services.prepare_file(entry, key, file_name=sent.filename, source=cast(BinaryIO, sent.stream))
        with unit_of_work():
            services.attach_file(entry, prepared, actor=current_actor(), at=clock.now())
    except (Invalid, Closed, Refused) as error:
        sentence = sentence_of(error) if isinstance(error, Invalid) else _(error.msgid, **error.params)
        if wants_json():
            return jsonify({"error": sentence}), error.status
        warning(sentence)
        return redirect_to("entries.entry_files", entry_id=entry_id)
    message = _("Received: %(label)s", label=localized(rule.label))
    notice(message)
    if wants_json():
        return jsonify({"message": message})
    return redirect_to("entries.entry_files", entry_id=entry_id)


@bp.post("/entries/<int:entry_id>/links/<key>")
@on_team
def add_link(entry_id: int, key: str) -> ResponseReturnValue:
    """Take an https address instead of a file."""
    form = LinkForm()
    try:
        if not form.validate_on_submit():
            raise Invalid(N_("Give a full address that begins with https://."))
        with unit_of_work():
            services.attach_link(queries.entry(entry_id), key, form.link.data, actor=current_actor(), at=clock.now())
        notice(_("The link is saved."))
    except Invalid as error:
        warning(sentence_of(error))
    return redirect_to("entries.entry_files", entry_id=entry_id)


@bp.post("/entries/<int:entry_id>/files/<key>/removal")
@on_entry(policy.may_edit)
def remove_file(entry_id: int, key: str) -> ResponseReturnValue:
    """Let a file no longer count."""
    with unit_of_work():
        services.remove_attachment(queries.entry(entry_id), key, actor=current_actor(), at=clock.now())
    return redirect_to("entries.entry_files", entry_id=entry_id)


def file_facts(actor: Actor, attachment_id: int, **_rest: Any) -> EntryFacts | None:
    """Return the facts of the entry an attachment belongs to."""
    try:
        return queries.entry_facts(actor, queries.attachment(attachment_id).entry_id)
    except NotFound:
        return None


@bp.get("/attachments/<int:attachment_id>")
@require(policy.may_see_files, facts=file_facts)
def download(attachment_id: int) -> ResponseReturnValue:
    """Send a file as it was handed in, never to be opened in the page; what organisers take is audited."""
    row = queries.attachment(attachment_id)
    if row.blob is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    found: EntryFacts = facts()
    if not found.is_member:
        with unit_of_work():
            services.note_download(row, actor=current_actor(), at=clock.now())
    return _sent(row.blob.sha256, row)


def _sent(sha256: str, row: Attachment) -> Response:
    path = files.path_of(sha256)
    if not path.is_file():
        raise NotFound(N_("This file is missing. The organiser has to look for it."))
    response = send_file(
        path,
        mimetype=media_type_of(row.kind),
        as_attachment=True,
        download_name=services.safe_name(row.file_name),
        etag=False,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
