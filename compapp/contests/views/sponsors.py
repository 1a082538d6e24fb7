"""The sponsors' logos, for everybody."""

from flask import send_file
from flask.typing import ResponseReturnValue

from compapp.contests import queries
from compapp.contests.policy import may_see
from compapp.contests.services.sponsors import logo_of
from compapp.contests.views.blueprint import bp
from compapp.core import files
from compapp.core.actor import current_actor
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.web.access import public


@bp.get("/contests/<code>/sponsors/<sponsor>/logo")
@public
def logo(code: str, sponsor: str) -> ResponseReturnValue:
    """Send a sponsor's logo; of a draft only to those with a role in it."""
    actor = current_actor()
    found = queries.contest_facts(actor, code)
    sha256 = logo_of(queries.contest_by_code(code), sponsor) if found and may_see(actor, found) else None
    if sha256 is None or not files.path_of(sha256).is_file():
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    response = send_file(files.path_of(sha256), mimetype="image/png", conditional=True, etag=sha256)
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
