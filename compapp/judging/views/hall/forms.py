"""Shapes of what people type about a live round; limits are the services' business."""

import re

from flask import request
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from compapp.contests.models import Round
from compapp.core.text import N_
from compapp.judging.forms import Boxes
from compapp.judging.models import Hall, PitchPlan
from compapp.judging.queries.hall import LAST, OUT
from compapp.judging.services.hall.plan import HallInput, like_before, usual_hall
from compapp.web.forms import Form, LongTextField, MomentField, TextField
from compapp.web.i18n import _, lazy, localized

LATE_RULES = {
    LAST: N_("It pitches after all others; who is not there then either is out"),
    OUT: N_("It is out at once"),
}
"""What happens to a team that is not there when it is called, in words."""


class PlanForm(Form):
    """What holds for all halls of a round."""

    report_minutes = IntegerField(
        lazy("Minutes before its time a team reports at the door"), validators=[InputRequired()]
    )
    late_rule = RadioField(lazy("A team that is not there when it is called"), validators=[InputRequired()])
    bring_vi = LongTextField(lazy("What teams bring (Vietnamese)"))
    bring_en = LongTextField(lazy("What teams bring (English)"))

    @staticmethod
    def of(plan: PitchPlan) -> "PlanForm":
        """Return the form with the plan that stands, or with what was typed."""
        form = PlanForm(
            report_minutes=plan.report_minutes,
            late_rule=plan.late_rule,
            bring_vi=plan.bring.get("vi", ""),
            bring_en=plan.bring.get("en", ""),
        )
        form.late_rule.choices = [(code, _(words)) for code, words in LATE_RULES.items()]
        return form

    def bring(self) -> dict[str, str]:
        """Return what teams bring, by language."""
        return {"vi": self.bring_vi.data or "", "en": self.bring_en.data or ""}


class HallForm(Form):
    """A hall: where, from when, and how the time is cut."""

    name = TextField(lazy("Name of the hall"))
    starts_at = MomentField(lazy("First team begins"), validators=[InputRequired()])
    pitch_minutes = IntegerField(lazy("Minutes to speak"), validators=[InputRequired()])
    question_minutes = IntegerField(lazy("Minutes for questions"), validators=[InputRequired()])
    change_minutes = IntegerField(lazy("Minutes between two teams"), validators=[InputRequired()])
    pause_after = IntegerField(lazy("A pause after so many teams"), validators=[Optional(), NumberRange(min=1)])
    pause_minutes = IntegerField(lazy("Minutes of the pause"), validators=[Optional()])
    boards = Boxes(lazy("Boards that pitch here"))

    @staticmethod
    def of(round_: Round, hall: Hall | None, earlier: Hall | None = None) -> "HallForm":
        """Return the form with the hall that stands, or with what was typed; a new one as the rules say.

        ``earlier``: the hall of the live round before, from which place and rhythm are taken over.
        """
        usual = usual_hall(round_) if earlier is None else like_before(round_, earlier)
        form = HallForm(
            name=hall.name if hall else usual.name,
            starts_at=hall.starts_at if hall else usual.starts_at,
            pitch_minutes=hall.pitch_minutes if hall else usual.pitch_minutes,
            question_minutes=hall.question_minutes if hall else usual.question_minutes,
            change_minutes=hall.change_minutes if hall else usual.change_minutes,
            pause_after=hall.pause_after if hall else usual.pause_after,
            pause_minutes=hall.pause_minutes if hall else usual.pause_minutes,
            boards=hall.boards if hall else [],
        )
        form.boards.choices = [
            (board.code, localized(board.definition.get("label") or board.code)) for board in round_.contest.boards
        ]
        return form

    def given(self) -> HallInput:
        """Return what was typed."""
        starts_at = self.starts_at.data
        assert starts_at is not None, "the form was found in order"
        return HallInput(
            name=self.name.data or "",
            starts_at=starts_at,
            pitch_minutes=self.pitch_minutes.data,
            question_minutes=self.question_minutes.data,
            change_minutes=self.change_minutes.data,
            pause_after=self.pause_after.data,
            pause_minutes=self.pause_minutes.data or 0,
            boards=tuple(self.boards.data or ()),
        )


def typed_number(name: str) -> int | None:
    """Return a whole number of the form by its name, with its sign; nothing for what is none."""
    text = request.form.get(name, "").strip().replace("−", "-")
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else None
