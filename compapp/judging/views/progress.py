"""How far a round is, for the jury's office: counts and names of judges, never a score."""

from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, NotFound
from compapp.core.text import N_
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import policy, queries, services
from compapp.judging.models import Seat
from compapp.judging.views.assignments import round_in
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/contests/<code>/judging")
@require(policy.may_see_jury, facts=queries.contest_facts)
def overview(code: str) -> str:
    """Show the rounds of a contest with how far each is (the contest's tab "Judging")."""
    contest = contest_of(code)
    reader = current_actor().person_id
    rounds = queries.scored_rounds(contest.id)
    progress = queries.judges_progress_of_rounds(rounds, reader_id=reader, at=now())
    facts = queries.facts_of_contest(current_actor(), contest.id)
    return render(
        "judging/progress/overview.html",
        contest=contest,
        rounds=rounds,
        progress=progress,
        waiting=len(queries.paper_waiting(contest.id)) if policy.may_handle_paper(current_actor(), facts) else 0,
        may_paper=policy.may_handle_paper(current_actor(), facts),
        may_reopen=policy.may_reopen(current_actor(), facts),
        may_see_standings=policy.may_see_standings(current_actor(), facts),
    )


@bp.get("/contests/<code>/progress/<round_code>")
@require(policy.may_see_jury, facts=queries.contest_facts_of_round)
def progress(code: str, round_code: str) -> str:
    """Show each judge's and each entry's sheets as counts; who is late; a reminder beside each."""
    contest = contest_of(code)
    round_ = round_in(contest, round_code)
    reader = current_actor().person_id
    entries = queries.entries_progress(round_, reader_id=reader)
    return render(
        "judging/progress/progress.html",
        contest=contest,
        round=round_,
        rounds=queries.scored_rounds(contest.id),
        judges=queries.judges_progress(round_, reader_id=reader, at=now()),
        entries=entries,
        titles=anonymous_titles([one.entry_id for one in entries]) if entries else {},
    )


@bp.post("/contests/<code>/progress/<round_code>/reminders/<int:seat_id>")
@require(policy.may_see_jury, facts=queries.contest_facts_of_round_and_seat)
def remind(code: str, round_code: str, seat_id: int) -> ResponseReturnValue:
    """Remind one judge of what is left; at most once an hour."""
    try:
        with unit_of_work():
            contest = contest_of(code)
            seat = session().get(Seat, seat_id)
            if seat is None or seat.contest_id != contest.id:
                raise NotFound(N_("This page does not exist, or it is not open to you."))
            services.remind_judge(round_in(contest, round_code), seat, actor=current_actor(), at=now())
        notice(_("The reminder is on its way."))
    except Conflict as error:
        warning(_(error.msgid))
    return redirect_to("judging.progress", code=code, round_code=round_code)
