"""The home page of each role, the language, and the health of the installation."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.web.access import public, require, signed_in
from compapp.web.i18n import COOKIE, LANGUAGES, keep_language
from compapp.web.navigation import cards_for, next_step
from compapp.web.pages import render
from compapp.web.resume import way_back
from compapp.web.security import csrf

bp = Blueprint("web", __name__)


@bp.get("/home")
@require(signed_in)
def home() -> str:
    """Show what the signed-in person should do next, and nothing else."""
    step, cards = next_step(cards_for(current_actor()))
    return render("web/home.html", step=step, cards=cards)


@bp.post("/language")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def set_language() -> ResponseReturnValue:
    """Choose the language of this browser, and of the person signed in, and lead back to where it was chosen.

    It needs no token: it only chooses a language, and pages that are the same for every visitor cannot
    carry one. The way back is signed.
    """
    chosen = request.form.get("language", "")
    back = way_back(request.form.get("back"))
    response = redirect(back or url_for("web.home"), 303)
    if chosen in LANGUAGES and current_actor().is_signed_in:
        keep_language(current_actor(), chosen)
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=60 * 60 * 24 * 365, samesite="Lax", httponly=True)
    return response


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Answer ``ok`` when the database answers."""
    session().execute(text("SELECT 1"))
    return "ok", 200, {"Content-Type": "text/plain"}
