"""Files as judges get them: the neutral copy under a neutral name, nothing else of what the team sent."""

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from compapp.core import files
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.queries import AnonymousFile, anonymous_entry
from compapp.judging import policy, queries
from compapp.judging.queries.sheets import OpenSheet
from compapp.judging.views.blueprint import bp
from compapp.web.access import facts, require

_INLINE = {"application/pdf", "image/png", "image/jpeg", "image/webp"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"


@bp.get("/sheets/<int:assignment_id>/files/<int:attachment_id>")
@require(policy.may_read_sheet, facts=queries.readable_file)
def file(assignment_id: int, attachment_id: int) -> ResponseReturnValue:
    """Send the neutral copy of a file of the assigned entry; 404 for a withheld one."""
    found: OpenSheet = facts().found
    entry = anonymous_entry(found.assignment.entry_id, found.round)
    wanted = next((one for one in entry.files if one.attachment_id == attachment_id), None)
    if wanted is None or wanted.blob_sha256 is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return _neutral(wanted, wanted.blob_sha256)


def _neutral(wanted: AnonymousFile, sha256: str) -> Response:
    """Answer with the copy: shown in the page where the browser can, else downloaded; no trace of when it came."""
    path = files.path_of(sha256)
    if not path.is_file():
        raise NotFound(N_("This file is missing. The organiser has to look for it."))
    inline = wanted.media_type in _INLINE
    response = send_file(
        path,
        mimetype=wanted.media_type or "application/octet-stream",
        as_attachment=not inline,
        download_name=wanted.name,
        conditional=True,
        etag=False,
        last_modified=None,
    )
    response.headers.pop("Last-Modified", None)
    response.headers["Content-Security-Policy"] = _POLICY if inline else f"{_POLICY}; sandbox"
    return response
