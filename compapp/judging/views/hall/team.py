"""A team's own page of its pitch: where, when, what to bring, the square code for the door."""

from flask import url_for

from compapp.clubs.pictures import qr_picture
from compapp.core.clock import now
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import SLOT
from compapp.judging.models import PitchSlot
from compapp.judging.queries.hall import plan_of, slots_of_entries
from compapp.judging.queries.own import result_facts
from compapp.judging.queries.results import latest_publication
from compapp.judging.services.hall.door import report_by
from compapp.judging.views.hall.forms import LATE_RULES
from compapp.judging.views.results_blueprint import bp
from compapp.web.access import require
from compapp.web.pages import render


@bp.get("/entries/<int:entry_id>/pitch")
@require(policy.may_see_own_result, facts=result_facts)
def team_pitch(entry_id: int) -> str:
    """Show the team everything about its pitch, the one that comes next first."""
    slots = slots_of_entries([entry_id])
    if not slots:
        raise NotFound(N_("No time has been drawn for this entry yet."))
    coming = sorted(slots, key=lambda one: (one.round.closes_at < now(), abs(one.starts_at - now())))
    plans = {one.round_id: plan_of(one.round_id) for one in slots}
    return render(
        "judging/pitch/team.html",
        entry=slots[0].entry,
        contest=slots[0].round.contest,
        slots=coming,
        plans=plans,
        late_rules=LATE_RULES,
        report_by={one.id: report_by(one) for one in slots},
        pictures={one.id: qr_picture(_door(one), sized=False) for one in slots},
        released={one.round_id for one in slots if latest_publication(one.round_id) is not None},
        lifecycle=SLOT,
    )


def _door(slot: PitchSlot) -> str:
    """Return the address at the door that the team's square code leads the secretary to."""
    contest, round_ = slot.round.contest, slot.round
    return url_for("results.team_at_door", code=contest.code, round_code=round_.code, slot_id=slot.id, _external=True)
