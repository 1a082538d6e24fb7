"""Files in pieces, for the page's script: begun, continued, completed. Answers are JSON."""

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.core.text import N_
from compapp.entries import queries, services
from compapp.entries.models import Entry, Upload
from compapp.entries.queries.uploads import upload_of
from compapp.entries.services import uploads
from compapp.entries.views.blueprint import bp, on_team, sentence_of
from compapp.web.i18n import _, localized
from compapp.web.limits import Tries
from compapp.web.pages import notice

_BEGUN = Tries("upload-begun", 120, 3600)
_LOOKED_AT = Tries("upload", 60, 3600)
"""Files that one person may have examined in an hour; reading a large one takes seconds."""


def _there(upload: Upload) -> ResponseReturnValue:
    address = url_for("entries.continue_upload", entry_id=upload.entry_id, upload_id=upload.id)
    body = {"address": address, "offset": uploads.arrived(upload), "size": upload.size, "piece": uploads.PIECE}
    return jsonify(body)


def _refused(error: Invalid) -> ResponseReturnValue:
    return jsonify({"error": sentence_of(error)}), error.status


@bp.post("/entries/<int:entry_id>/uploads")
@on_team
def begin_upload(entry_id: int) -> ResponseReturnValue:
    """Announce a file; tells where to send its pieces and how much of it is there already."""
    if not _BEGUN.take(str(current_actor().person_id)):
        abort(429)
    size = request.form.get("size", "")
    try:
        if not (size.isascii() and size.isdigit() and len(size) < 13):
            raise Invalid(N_("Choose a file first."))
        with unit_of_work():
            upload = uploads.begin_upload(
                queries.entry(entry_id),
                request.form.get("key", ""),
                file_name=request.form.get("name", ""),
                size=int(size),
                mark=request.form.get("mark", ""),
                actor=current_actor(),
                at=clock.now(),
            )
    except Invalid as error:
        return _refused(error)
    return _there(upload)


def _mine(entry_id: int, upload_id: int) -> tuple[Entry, Upload]:
    return queries.entry(entry_id), upload_of(entry_id, upload_id, current_actor().person_id)


@bp.get("/entries/<int:entry_id>/uploads/<int:upload_id>")
@on_team
def upload_state(entry_id: int, upload_id: int) -> ResponseReturnValue:
    """Tell how much of a file has arrived."""
    return _there(_mine(entry_id, upload_id)[1])


@bp.post("/entries/<int:entry_id>/uploads/<int:upload_id>")
@on_team
def continue_upload(entry_id: int, upload_id: int) -> ResponseReturnValue:
    """Take the piece of a file that begins at ``offset``; 409 tells where it continues instead."""
    entry, upload = _mine(entry_id, upload_id)
    uploads.check_may_continue(entry, upload, actor=current_actor(), at=clock.now())
    if (request.content_length or 0) > uploads.PIECE:
        abort(413)
    offset = request.args.get("offset", "")
    piece = request.get_data(cache=False)
    try:
        if not (offset.isascii() and offset.isdigit() and len(offset) < 13):
            raise Invalid(N_("Choose a file first."))
        there = uploads.add_piece(upload, int(offset), piece)
    except Invalid as error:
        return _refused(error)
    except Conflict as error:
        return jsonify({"error": _(error.msgid), "offset": error.current}), 409
    return jsonify({"offset": there})


@bp.post("/entries/<int:entry_id>/uploads/<int:upload_id>/completion")
@on_team
def complete_upload(entry_id: int, upload_id: int) -> ResponseReturnValue:
    """Look through a file that has arrived as a whole, outside of any lock, and attach it."""
    entry, upload = _mine(entry_id, upload_id)
    message = _("Received: %(label)s", label=localized(services.rule_of(entry, upload.key).label))
    if upload.attachment_id is not None:
        return jsonify({"message": message})
    actor, at = current_actor(), clock.now()
    uploads.check_may_continue(entry, upload, actor=actor, at=at)
    if not _LOOKED_AT.take(str(actor.person_id)):
        abort(429)
    try:
        prepared = uploads.prepare_upload(entry, upload, sha256=request.form.get("sha256"))
        with unit_of_work():
            uploads.finish_upload(upload, prepared, actor=actor, at=at)
    except Conflict as error:
        return jsonify({"error": _(error.msgid), "offset": error.current}), 409
    except Invalid as error:
        with unit_of_work():
            uploads.give_up_upload(upload_of(entry_id, upload_id, actor.person_id), actor=actor, at=at)
        return _refused(error)
    notice(message)
    return jsonify({"message": message})
