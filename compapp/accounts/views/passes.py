"""The page behind a one-time link to the desk. Opening it uses nothing up: mail scanners open links too."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from compapp.accounts import services
from compapp.accounts.views.base import bp, browser_name, held_token, remember
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.web.access import public
from compapp.web.limits import limiter
from compapp.web.pages import render


@bp.get("/desk-links/<token>")
@public
@limiter.limit("60 per minute")
def desk_pass(token: str) -> str:
    """Say whose desk the link opens, and that it opens it once."""
    return render("accounts/desk_pass.html", person=services.look_at_pass(token, at=now()), token=token)


@bp.post("/desk-links/<token>")
@public
@limiter.limit("20 per minute")
def use_desk_pass(token: str) -> ResponseReturnValue:
    """Open the limited session and go to the desk."""
    with unit_of_work():
        person, opened, path = services.use_pass(
            token, browser=browser_name(), address=request.remote_addr or "", replaces=held_token(), at=now()
        )
    remember(opened, person)
    return redirect(path, 303)
