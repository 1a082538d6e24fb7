"""Errors as pages in plain words; what was typed is shown again, and no client can cause a 5xx."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, DomainError, Invalid
from compapp.web.access import SignInNeeded
from compapp.web.i18n import _
from compapp.web.pages import redirect_to, render, wants_json
from compapp.web.resume import SIGN_IN, is_sign_in, kept_fields, opens_by_get, sign_way_back

_log = logging.getLogger(__name__)
_PAGES = {400, 401, 403, 404, 409, 413, 422, 429, 500, 503}


def init(app: Flask) -> None:
    """Answer every error of ``app`` with a page or, for a script, with JSON."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _twin)
    app.register_error_handler(DataError, _bad_value)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(OverflowError, _no_such_number)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _unexpected)


def _let_go() -> None:
    """End a transaction that an error broke (PostgreSQL refuses every further question in it)."""
    try:
        session().rollback()
    except (RuntimeError, SQLAlchemyError):
        _log.info("the session could not be rolled back", exc_info=True)


def answer(status: int, sentence: str = "", **context: Any) -> ResponseReturnValue:
    """Return the page of ``status`` with ``sentence``; JSON where a script asked."""
    if wants_json():
        return jsonify({"error": sentence, **{k: v for k, v in context.items() if k == "fields"}}), status
    page = status if status in _PAGES else 400
    return render(f"errors/{page}.html", sentence=sentence, **({"kept": [], "again": _again()} | context)), status


def _again() -> str:
    """Return the address of the page on which the form stood; empty where opening it again would not help."""
    if request.method in {"GET", "HEAD"}:
        return ""
    if opens_by_get(request.path):
        return request.path
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host and opens_by_get(before.path) else ""


def _domain(error: DomainError) -> ResponseReturnValue:
    sentence = _(error.msgid, **error.params)
    context: dict[str, Any] = {"kept": kept_fields() if request.method == "POST" else []}
    context["is_over"] = isinstance(error, Closed)
    if isinstance(error, Conflict):
        context["current"] = error.current
    if isinstance(error, Invalid):
        context["fields"] = {
            name: [_(msgid, **params) for msgid, params in sentences] for name, sentences in error.fields.items()
        }
    return answer(error.status, sentence, **context)


def _sign_in(error: SignInNeeded) -> ResponseReturnValue:
    if wants_json():
        return answer(401, _("Your session has ended. Sign in again; your text is kept here."))
    if request.method in {"GET", "HEAD"}:
        return redirect_to(SIGN_IN, back=sign_way_back(request.full_path.rstrip("?")))
    return _keep_and_sign_in()


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    if wants_json():
        return answer(401, _("Your session has ended. Sign in again; your text is kept here."))
    if current_actor().is_signed_in:
        return answer(
            400,
            _("This form was opened in an earlier session. Look at what you typed and send it again."),
            kept=kept_fields(),
            resend=True,
        )
    return _keep_and_sign_in()


def _keep_and_sign_in() -> ResponseReturnValue:
    back = sign_way_back(request.path)
    if is_sign_in():
        back = request.form.get("back", "")
    sentence = _("Your session has ended. Sign in again; what you typed is kept.")
    return render("errors/401.html", sentence=sentence, kept=kept_fields(), back=back), 401


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return answer(413, _("What you sent is too large. Choose a smaller file; the limit stands beside the field."))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status == 429:
        return answer(429, _("Too many tries. Wait a minute, then try again."), kept=kept_fields())
    if status == 405:
        return answer(404)
    return answer(status)


def _twin(error: IntegrityError) -> ResponseReturnValue:
    """A unique constraint settled a race: somebody saved the same thing first."""
    _let_go()
    _log.info("a constraint settled a race: %s", error.orig)
    return answer(
        409, _("This has changed in the meantime. Please look at how it stands now."), kept=kept_fields(), current=None
    )


def _bad_value(error: DataError | OperationalError) -> ResponseReturnValue:
    _let_go()
    _log.info("a value was refused by the database: %s", error.orig)
    if request.method in {"GET", "HEAD"}:
        return answer(404)
    return answer(422, _("A value is too long or out of range."), kept=kept_fields())


def _no_such_number(error: OverflowError) -> ResponseReturnValue:
    """A number in the address is larger than any row's (SQLite says so before it looks)."""
    _log.info("a number was too large: %s", error)
    return answer(404, kept=kept_fields())


def _too_deep(error: RecursionError) -> ResponseReturnValue:
    """JSON that is nested thousands of levels deep; anything else that never ends is a fault of ours."""
    if not request.is_json:
        return _unexpected(error)
    _let_go()
    return answer(400)


def _busy(error: OperationalError) -> ResponseReturnValue:
    if "too complex" in str(error.orig):
        return _bad_value(error)  # SQLite searches for at most 50,000 letters
    _log.warning("the database did not answer: %s", error.orig)
    _let_go()
    g.pop("facts", None)
    sentence = _("The system is busy for a moment. What you typed is kept here; try again.")
    return answer(503, sentence, kept=kept_fields())


def _unexpected(error: Exception) -> ResponseReturnValue:
    _let_go()
    _log.exception("an unexpected error", exc_info=error)
    return answer(500, "", kept=kept_fields())
