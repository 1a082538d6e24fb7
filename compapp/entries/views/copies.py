"""Entries that are alike: the list of flags, two texts side by side, and what a person decides."""

from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import EntryForm, Text
from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.entries import policy, queries, services
from compapp.entries.forms.screening import EARLIER, DismissForm, PursueForm
from compapp.entries.lifecycle import OPEN, SIMILARITY
from compapp.entries.models import Entry, SimilarityFlag
from compapp.entries.policy import ContestFacts
from compapp.entries.queries import copies
from compapp.entries.queries.rows import find_entry
from compapp.entries.views.blueprint import bp
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning

EXCERPT = 160


def _flag_facts(actor: Actor, code: str, flag_id: int) -> ContestFacts | None:
    found = queries.queue_facts(actor, code)
    if found is None:
        return None
    try:
        flag = copies.flag_of(found.contest_id, flag_id)
    except NotFound:
        return None
    return None if services.is_party(actor, flag) else found


@bp.get("/contests/<code>/similarities")
@require(policy.may_run_queue, facts=queries.queue_facts)
def similarities(code: str) -> str:
    """List the pairs of entries that a person should look at, the most alike first; of one entry where it is named."""
    contest, about = contest_by_code(code), find_entry(request.args.get("entry", 0, type=int))
    if about is not None and about.contest_id != contest.id:
        about = None
    state = request.args.get("state", OPEN)
    state = state if state in SIMILARITY.states else OPEN
    rows = copies.flags_of_contest(contest.id, state, about.id if about is not None else None)
    return render(
        "entries/similarities.html",
        contest=contest,
        rows=[one for one in rows if not services.is_party(current_actor(), one)],
        about=about,
        counts=copies.flag_counts(contest.id, about.id if about is not None else None),
        state=state,
        lifecycle=SIMILARITY,
        check=copies.last_check(contest.id),
        may_read=lambda flag: services.may_read_other(current_actor(), flag),
    )


@bp.get("/contests/<code>/similarities/<int:flag_id>")
@require(policy.may_run_queue, facts=_flag_facts)
def similarity(code: str, flag_id: int) -> str:
    """Show two entries that are alike, passage by passage."""
    contest = contest_by_code(code)
    return _page(contest, copies.flag_of(contest.id, flag_id))


def _page(
    contest: Contest, flag: SimilarityFlag, dismiss: DismissForm | None = None, pursue: PursueForm | None = None
) -> str:
    return render(
        "entries/similarity.html",
        contest=contest,
        flag=flag,
        lifecycle=SIMILARITY,
        may_read=services.may_read_other(current_actor(), flag),
        labels=(_labels(flag.entry), _labels(flag.other_entry)),
        marked=_marked,
        dismiss=dismiss or DismissForm(formdata=None),
        pursue=pursue or _prefilled(flag),
        foreign=flag.other_entry.contest_id != flag.contest_id,
        mergeable=_mergeable(flag),
    )


def _mergeable(flag: SimilarityFlag) -> bool:
    """Whether the reader may merge the later entry into the earlier one right away."""
    if flag.state != OPEN or flag.other_entry.contest_id != flag.contest_id:
        return False
    facts = queries.facts_of(current_actor(), flag.entry)
    return facts is not None and policy.may_merge(current_actor(), facts)


def _labels(entry: Entry) -> dict[str, Text]:
    form = EntryForm.of(entry.contest)
    return {one.key: one.label for one in form.fields} | {one.key: one.label for one in form.attachments}


def _marked(side: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return the excerpt in parts: (text, whether it stands in both)."""
    parts: list[tuple[str, bool]] = []
    at, text = 0, side["text"]
    for start, end in side["marks"]:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def _prefilled(flag: SimilarityFlag) -> PursueForm:
    form = PursueForm(formdata=None)
    form.kind.data = "two_contests" if flag.shared_people else "suspected_copy"
    form.due_at.data = clock.now() + timedelta(hours=72)
    common = [text for one in flag.passages[:1] for text, shared in _marked(one["sides"][0]) if shared]
    form.reason.data = _(
        "Much of your entry also stands in another entry (%(percent)s %% alike), such as: “%(words)s”. Please tell us "
        "how idea and text came about, and whose they are.",
        percent=round(flag.score * 100),
        words=" … ".join(common)[:EXCERPT],
    )
    return form


@bp.post("/contests/<code>/similarities/<int:flag_id>/dismissal")
@require(policy.may_run_queue, facts=_flag_facts)
def dismiss_similarity(code: str, flag_id: int) -> ResponseReturnValue:
    """Set a pair aside as no copy."""
    contest, form = contest_by_code(code), DismissForm()
    flag = copies.flag_of(contest.id, flag_id)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.dismiss_flag(flag, note=form.note.data, actor=current_actor(), at=clock.now())
            notice(_("Set aside. Nobody on the teams is told."))
            return redirect_to("entries.similarities", code=code)
        except Conflict as error:
            warning(_(error.msgid, **error.params))
            return redirect_to("entries.similarity", code=code, flag_id=flag_id)
    return _page(contest, flag, dismiss=form), 422


@bp.post("/contests/<code>/similarities/<int:flag_id>/case")
@require(policy.may_run_queue, facts=_flag_facts)
def pursue_similarity(code: str, flag_id: int) -> ResponseReturnValue:
    """Open a case about one of the two entries; its team is told and may explain."""
    contest, form = contest_by_code(code), PursueForm()
    flag = copies.flag_of(contest.id, flag_id)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                case = services.pursue_flag(
                    flag,
                    form.kind.data,
                    against_earlier=form.against.data == EARLIER,
                    reason=form.reason.data,
                    due_at=form.due_at.data,
                    actor=current_actor(),
                    at=clock.now(),
                )
            notice(_("Recorded. The team is told."))
            return redirect_to("entries.case", entry_id=case.entry_id, case_id=case.id)
        except Invalid as error:
            form.apply(error)
        except Conflict as error:
            warning(_(error.msgid, **error.params))
            return redirect_to("entries.similarity", code=code, flag_id=flag_id)
    return _page(contest, flag, pursue=form), 422
