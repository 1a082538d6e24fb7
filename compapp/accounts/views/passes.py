"""The page behind a one-time link to the desk. Opening it uses nothing up: mail scanners open links too."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from compapp.accounts import services
from compapp.accounts.views.base import bp, browser_name, held_token, remember
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed
from compapp.web.access import public
from compapp.web.i18n import _
from compapp.web.limits import limiter
from compapp.web.pages import render


@bp.get("/desk-links/<token>")
@public
@limiter.limit("60 per minute")
def desk_pass(token: str) -> ResponseReturnValue:
    """Say whose desk the link opens, and that it opens it once; of one that is used up, how to come in now."""
    try:
        person = services.look_at_pass(token, at=now())
    except Closed as over:
        return _over(over)
    return render("accounts/desk_pass.html", person=person, token=token)


def _over(over: Closed) -> ResponseReturnValue:
    """Say why a link opens nothing, with the next step: the desk for who is in, another link for who is not."""
    return render("accounts/desk_pass_over.html", sentence=_(over.msgid, **over.params)), over.status


@bp.post("/desk-links/<token>")
@public
@limiter.limit("20 per minute")
def use_desk_pass(token: str) -> ResponseReturnValue:
    """Open the limited session and go to the desk."""
    try:
        with unit_of_work():
            person, opened, path = services.use_pass(
                token, browser=browser_name(), address=request.remote_addr or "", replaces=held_token(), at=now()
            )
    except Closed as over:
        return _over(over)
    remember(opened, person)
    return redirect(path, 303)
