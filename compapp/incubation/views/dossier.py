"""The entry as a team's mentor reads it; every view and every file taken is written down."""

from flask import Response, send_file

from compapp.core import files
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries import services as entries
from compapp.entries.forms import shown_choices
from compapp.entries.inspection import media_type_of
from compapp.incubation import policy, queries
from compapp.incubation.labels import ROLES
from compapp.incubation.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.pages import render

SANDBOX = "default-src 'none'; sandbox"


@bp.get("/residencies/<int:residency_id>/dossier")
@require(policy.may_read_entry, facts=queries.residency_facts)
def dossier(residency_id: int) -> str:
    """Show the entry to the team's mentor."""
    with unit_of_work():
        entry = queries.residency(residency_id).entry
        entries.note_view(entry, actor=current_actor(), at=now())
    found = queries.dossier_of(facts().entry_id)
    return render(
        "incubation/dossier.html",
        residency=queries.residency(residency_id),
        dossier=found,
        choices=shown_choices(found.entry.contest, found.fields),
        roles=ROLES,
    )


@bp.get("/residencies/<int:residency_id>/dossier/files/<int:attachment_id>")
@require(policy.may_read_entry, facts=queries.residency_facts)
def dossier_file(residency_id: int, attachment_id: int) -> Response:
    """Send a file of the entry to the team's mentor, never to be opened in the page."""
    row = queries.file_of_dossier(facts().entry_id, attachment_id)
    path = files.path_of(row.blob.sha256) if row.blob is not None else None
    if path is None or not path.is_file():
        raise NotFound(N_("This file is missing. The organiser has to look for it."))
    with unit_of_work():
        again = queries.file_of_dossier(facts().entry_id, attachment_id)
        entries.note_download(again, actor=current_actor(), at=now())
    response = send_file(
        path,
        mimetype=media_type_of(row.kind),
        as_attachment=True,
        download_name=entries.safe_name(row.file_name),
        etag=False,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
