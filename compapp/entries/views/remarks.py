"""Remarks of the team and its advisor, thread by thread."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.entries import policy, queries, services
from compapp.entries.forms import RemarkForm, shown_choices
from compapp.entries.models import Remark
from compapp.entries.services import remarks as verbs
from compapp.entries.views.blueprint import bp, on_entry, on_team, workspace_page
from compapp.web.access import facts
from compapp.web.pages import redirect_to

__all__ = ["make_remark", "remarks", "services", "settle_remark"]


def _threads(found: list[Remark]) -> list[dict[str, Any]]:
    answers: dict[int, list[Remark]] = {}
    for one in found:
        if one.answers_id is not None:
            answers.setdefault(one.answers_id, []).append(one)
    return [{"first": one, "answers": answers.get(one.id, [])} for one in found if one.answers_id is None]


def _page(entry_id: int, form: RemarkForm) -> str:
    entry = queries.entry(entry_id)
    fields = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    threads = _threads(verbs.remarks_of(entry_id))
    return workspace_page(
        "entries/remarks.html",
        entry,
        facts=facts(),
        form=form.offer(fields),
        fields=fields,
        choices=shown_choices(entry.contest, fields),
        threads=threads,
        open_count=sum(1 for one in threads if one["first"].settled_at is None),
        advised=any(one.role == "advisor" for one in queries.active_members(entry_id)),
    )


@bp.get("/entries/<int:entry_id>/remarks")
@on_team
def remarks(entry_id: int) -> str:
    """Show what was said beside the answers, open threads first."""
    form = RemarkForm()
    form.key.data = request.args.get("question", "")
    return _page(entry_id, form)


@bp.post("/entries/<int:entry_id>/remarks")
@on_entry(policy.may_remark)
def make_remark(entry_id: int) -> ResponseReturnValue:
    """Make a remark, or answer one."""
    form = RemarkForm()
    number = request.form.get("thread", "")
    try:
        with unit_of_work():
            answered = verbs.remark_of(entry_id, int(number)) if number.isascii() and number.isdigit() else None
            made = verbs.make_remark(
                queries.entry(entry_id),
                form.key.data or "",
                form.text.data or "",
                answers=answered,
                actor=current_actor(),
                at=clock.now(),
            )
            thread = made.answers_id or made.id
    except Invalid as error:
        form.apply(error)
        return _page(entry_id, form), 422
    return redirect_to("entries.remarks", entry_id=entry_id, _anchor=f"remark-{thread}")


@bp.post("/entries/<int:entry_id>/remarks/<int:remark_id>/settlement")
@on_entry(policy.may_remark)
def settle_remark(entry_id: int, remark_id: int) -> ResponseReturnValue:
    """Settle a thread, or open it again."""
    with unit_of_work():
        remark = verbs.remark_of(entry_id, remark_id)
        verbs.settle_remark(
            queries.entry(entry_id), remark, is_settled=remark.settled_at is None, actor=current_actor(), at=clock.now()
        )
    return redirect_to("entries.remarks", entry_id=entry_id, _anchor=f"remark-{remark_id}")
