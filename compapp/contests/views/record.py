"""What was sent in a contest."""

from flask import request

from compapp.contests import policy, queries
from compapp.contests.views.blueprint import bp
from compapp.notifications.topics import kind_label
from compapp.web.access import require
from compapp.web.pages import render

_STATES = ("held", "ready", "claimed", "sent", "failed", "skipped", "cancelled")


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
