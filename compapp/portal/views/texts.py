"""Pages of standing text: personal data, help, and what search engines may read."""

from flask import Response
from flask.typing import ResponseReturnValue

from compapp.portal.views.base import bp
from compapp.portal.views.kept import kept
from compapp.web.access import public
from compapp.web.pages import render

_ROBOTS = """User-agent: *
Disallow: /home
Disallow: /inbox
Disallow: /account
Disallow: /entries
Disallow: /sign-in
Disallow: /sign-up
Allow: /
"""


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say which personal data are kept, what for, and what people may ask."""
    return kept("privacy", lambda: render("portal/privacy.html"))


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """Say to each role in a few sentences how to begin."""
    return kept("help", lambda: render("portal/help_page.html"))


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Tell search engines to leave private pages alone."""
    return Response(_ROBOTS, mimetype="text/plain")
