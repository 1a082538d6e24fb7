"""What was sent in a contest."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries
from compapp.contests.models import Contest
from compapp.contests.policy import ContestFacts
from compapp.contests.queries.record import recipient_of
from compapp.contests.views.blueprint import bp
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, NotFound
from compapp.core.outbox import FAILED, SENT, SKIPPED, OutboxMessage
from compapp.core.text import N_
from compapp.notifications import services
from compapp.notifications.queries import delivery
from compapp.notifications.services import may_repeat
from compapp.notifications.short_text import short_text
from compapp.notifications.topics import kind_label
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning

_STATES = ("held", "ready", "claimed", "sent", "failed", "skipped", "cancelled")


def _facts(actor: Actor, code: str, message_id: int) -> ContestFacts | None:
    return queries.contest_facts(actor, code)


@bp.get("/contests/<code>/manage/messages/<int:message_id>")
@require(policy.may_manage, facts=_facts)
def message(code: str, message_id: int) -> str:
    """Show one message of the contest: its way, words to send by Zalo, and sending it again."""
    contest, found = _message(code, message_id)
    gone = found.state in (SENT, FAILED, SKIPPED)
    return render(
        "contests/message.html",
        contest=contest,
        message=found,
        name=recipient_of(found),
        text=short_text(found, site_url=request.url_root.rstrip("/")) if gone else "",
        may_repeat=may_repeat(found),
        kind_label=kind_label,
    )


def _message(code: str, message_id: int) -> tuple[Contest, OutboxMessage]:
    contest = queries.contest_by_code(code)
    found = delivery(message_id, contest.id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return contest, found


@bp.post("/contests/<code>/manage/messages/<int:message_id>/repetition")
@require(policy.may_manage, facts=_facts)
def repeat_message(code: str, message_id: int) -> ResponseReturnValue:
    """Send a message of the contest again."""
    _message(code, message_id)
    try:
        with unit_of_work():
            services.repeat_message(_message(code, message_id)[1], actor=current_actor(), at=now())
        notice(_("It is sent again."))
    except Conflict as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("contests.message", code=code, message_id=message_id)


@bp.get("/contests/<code>/manage/messages")
@require(policy.may_manage, facts=queries.contest_facts)
def messages(code: str) -> str:
    """Show every message of the contest: to whom, when, and whether it arrived."""
    contest = queries.contest_by_code(code)
    state = request.args.get("state", "")
    state = state if state in _STATES else ""
    rows = queries.messages_page(contest.id, request.args.get("page", 1, type=int), state)
    return render(
        "contests/messages.html", contest=contest, rows=rows, state=state, states=_STATES, kind_label=kind_label
    )
