"""The jury's room: the agenda, what is said of an entry, votes; nothing of an entry for who has a conflict with it."""

from collections.abc import Callable, Mapping

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import RoundRule
from compapp.contests.lifecycle import PUBLISHED
from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import policy
from compapp.judging.lifecycle import MOTION, OPEN
from compapp.judging.models import Motion
from compapp.judging.queries import deliberation as room
from compapp.judging.queries.results import hidden_entries
from compapp.judging.queries.standings import progress_of
from compapp.judging.services import deliberation as services
from compapp.judging.services.standings import read_inputs
from compapp.judging.views.labels import errors_of, sentence_of
from compapp.judging.views.results_blueprint import bp, refuse_while_teams_pitch, the_round
from compapp.web.access import facts, require
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning

WHY = {
    "tied": N_("tied across the cut"),
    "flagged": N_("somebody wants to talk about it"),
    "apart": N_("judges far apart"),
    "gate": N_("stopped by a gate"),
    "near": N_("close to the cut"),
}
CHOICES = {"yes": N_("Yes"), "no": N_("No"), "abstain": N_("I abstain")}


@bp.get("/contests/<code>/deliberation/<round_code>")
@require(policy.may_enter_room, facts=room.room_facts)
def room_page(code: str, round_code: str) -> str:
    """Show the agenda in order of doubt; the chair opens and closes the room here."""
    round_ = the_round(code, round_code)
    if policy.sees_figures_in_room(current_actor(), facts()):
        refuse_while_teams_pitch(current_actor(), round_.contest_id, round_code)
    inputs, actor = read_inputs(round_), current_actor()
    found, may_run = room.deliberation_of(round_.id), policy.may_run_room(actor, facts())
    is_open = found is not None and found.closed_at is None
    return render(
        "judging/deliberation/room.html",
        contest=inputs.contest,
        round=round_,
        room=found,
        agenda=room.agenda(inputs, actor.person_id),
        left=len(hidden_entries(round_.contest_id, actor.person_id) & set(inputs.entrants)),
        is_complete=not may_run or is_open or round_.state == PUBLISHED or progress_of(inputs).is_complete,
        figures=policy.sees_figures_in_room(actor, facts()),
        may_run=may_run,
        may_vote=policy.may_cast(actor, facts()),
        why={reason: _(words) for reason, words in WHY.items()},
        ballot=RoundRule.of(round_).ballot,
        form=Form(),
    )


@bp.post("/contests/<code>/deliberation/<round_code>")
@require(policy.may_run_room, facts=room.room_facts)
def room_door(code: str, round_code: str) -> ResponseReturnValue:
    """Open the room, or close it."""
    closing = request.form.get("door") == "close"
    try:
        with unit_of_work():
            if closing:
                services.close_room(the_round(code, round_code), actor=current_actor(), at=now())
            else:
                is_secret = request.form.get("ballot") == "secret"
                services.open_room(the_round(code, round_code), is_secret=is_secret, actor=current_actor(), at=now())
        notice(_("The deliberation is closed.") if closing else _("The deliberation is open; the jury has been told."))
    except (Closed, Conflict) as refused:
        warning(sentence_of(refused))
    return redirect_to("results.room_page", code=code, round_code=round_code)


@bp.get("/contests/<code>/deliberation/<round_code>/<entry_code>")
@require(policy.may_enter_room, facts=room.room_facts)
def talk(code: str, round_code: str, entry_code: str) -> str:
    """Show what was said of an entry and the votes on it."""
    return _talk(the_round(code, round_code), entry_code, {})


def _talk(round_: Round, entry_code: str, errors: Mapping[str, str]) -> str:
    actor, entry = current_actor(), _entry(round_, entry_code)
    found, own = room.deliberation_of(round_.id), facts()
    motions = room.motions_of(round_.id, actor.person_id, entry.id)
    return render(
        "judging/deliberation/talk.html",
        contest=round_.contest,
        round=round_,
        entry=anonymous_titles([entry.id])[entry.id],
        room=found,
        is_open=found is not None and found.closed_at is None,
        remarks=room.remarks_of(round_.id, actor.person_id, entry.id),
        motions=motions,
        voters=room.voters(round_, entry.id),
        voting=any(one.motion.state == OPEN for one in motions),
        seats=room.codes_of_seats(round_.contest_id),
        assignment=room.own_assignment(round_.id, entry.id, own.seat_id),
        figures=policy.sees_figures_in_room(actor, own),
        may_run=policy.may_run_room(actor, own),
        may_vote=policy.may_cast(actor, own),
        choices={choice: _(words) for choice, words in CHOICES.items()},
        lifecycle=MOTION,
        typed=request.form,
        errors=errors,
        form=Form(),
    )


def _entry(round_: Round, entry_code: str) -> Entry:
    entry = room.entry_in_room(round_, entry_code, current_actor().person_id)
    if entry is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return entry


@bp.post("/contests/<code>/deliberation/<round_code>/<entry_code>")
@require(policy.may_enter_room, facts=room.room_facts)
def say(code: str, round_code: str, entry_code: str) -> ResponseReturnValue:
    """Say something of an entry to the others in the room."""
    return _deed(
        code,
        round_code,
        entry_code,
        lambda round_: services.say(
            round_,
            _entry(round_, entry_code),
            request.form.get("reason", ""),
            is_flag="flag" in request.form,
            actor=current_actor(),
            at=now(),
        ),
    )


@bp.post("/contests/<code>/deliberation/<round_code>/<entry_code>/votes")
@require(policy.may_run_room, facts=room.room_facts)
def open_vote(code: str, round_code: str, entry_code: str) -> ResponseReturnValue:
    """Put a question to the vote."""
    return _deed(
        code,
        round_code,
        entry_code,
        lambda round_: services.open_vote(
            round_, _entry(round_, entry_code), request.form.get("question", ""), actor=current_actor(), at=now()
        ),
    )


@bp.post("/contests/<code>/deliberation/<round_code>/<entry_code>/votes/<int:motion_id>")
@require(policy.may_enter_room, facts=room.room_facts)
def vote(code: str, round_code: str, entry_code: str, motion_id: int) -> ResponseReturnValue:
    """Vote; or, for the chair, count the vote or drop it."""

    def act(round_: Round) -> None:
        motion = _motion(round_, entry_code, motion_id)
        if "choice" in request.form:
            services.cast(motion, request.form["choice"], actor=current_actor(), at=now())
        elif "count" in request.form:
            services.close_vote(motion, actor=current_actor(), at=now())
        else:
            services.drop_vote(motion, request.form.get("reason", ""), actor=current_actor(), at=now())

    return _deed(code, round_code, entry_code, act, refused_at=f"drop-{motion_id}")


def _motion(round_: Round, entry_code: str, motion_id: int) -> Motion:
    motion = session().get(Motion, motion_id)
    if motion is None or motion.round_id != round_.id or motion.entry_id != _entry(round_, entry_code).id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return motion


def _deed(
    code: str, round_code: str, entry_code: str, act: Callable[[Round], object], *, refused_at: str = ""
) -> ResponseReturnValue:
    """Do one deed on an entry's page; what was refused stands on the page with what was typed."""
    try:
        with unit_of_work():
            act(the_round(code, round_code))
    except Invalid as refused:
        errors = errors_of(refused)
        if refused_at and "reason" in errors:
            errors = {refused_at: errors["reason"]}
        return _talk(the_round(code, round_code), entry_code, errors), 422
    except (Closed, Conflict) as refused:
        warning(sentence_of(refused))
    return redirect_to("results.talk", code=code, round_code=round_code, entry_code=entry_code)
