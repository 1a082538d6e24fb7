"""Forms of screening: what is decided about entries that are alike."""

from collections.abc import Iterable

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from compapp.contests.definition import Choice
from compapp.core.text import N_
from compapp.entries.forms.acts import DecisionForm
from compapp.entries.lifecycle import CASE_KINDS, ENTRY
from compapp.entries.models import Entry
from compapp.web.filters import short_moment
from compapp.web.forms import Form, LongTextField, MomentField, options
from compapp.web.i18n import _, lazy, localized

REASON = [DataRequired(), Length(max=2000)]
LATER, EARLIER = "later", "earlier"


class DecisionsForm(DecisionForm):
    """One decision about several entries."""

    reason = LongTextField(
        lazy("Reason"),
        [Length(max=2000)],
        description=lazy("Every team reads it word for word. Needed unless the entries are eligible."),
    )


class DecisionListForm(Form):
    """A spreadsheet of decisions."""

    file = FileField(lazy("File"))


class DismissForm(Form):
    """Why two entries are no copies of each other."""

    note = LongTextField(
        lazy("Why it is not a copy"), REASON, description=lazy("Other organisers read it; the teams do not.")
    )


class PursueForm(Form):
    """A case about one of two entries that are alike."""

    against = RadioField(
        lazy("Whose team is asked"),
        choices=options([(LATER, lazy("The later entry")), (EARLIER, lazy("The earlier entry"))]),
        default=LATER,
        validators=[DataRequired()],
    )
    kind = SelectField(
        lazy("What it is about"),
        choices=options([(key, lazy(CASE_KINDS[key])) for key in ("suspected_copy", "two_contests")]),
    )
    reason = LongTextField(
        lazy("What happened"), REASON, description=lazy("The team reads it word for word. Do not name other teams.")
    )
    due_at = MomentField(lazy("The team may answer until"), [Optional()])


WHY_NOT = {
    "decided": N_("You took the decision yourself; somebody else decides about the appeal."),
    "judged": N_("You sat in the jury; somebody else decides about the appeal."),
    "school": N_("You belong to the team’s institution; somebody else decides about the appeal."),
    "office": N_("Organisers and approvers of the contest decide about appeals."),
}
"""Why somebody may not decide an appeal, by what ``policy.conflict_with_appeal`` says."""


class AppealForm(Form):
    """Why the decision is wrong."""

    ground = RadioField(lazy("On what ground"), choices=[], validators=[DataRequired()], validate_choice=False)
    text = LongTextField(
        lazy("Why the decision is wrong"),
        [DataRequired(), Length(max=5000)],
        description=lazy("Say what is not right and what shows it. An officer who did not take the decision reads it."),
    )

    def offer(self, grounds: Iterable[Choice]) -> "AppealForm":
        """Set what can be chosen."""
        self.ground.choices = options([(one.code, localized(one.label)) for one in grounds])
        return self


class AppealDecisionForm(Form):
    """How an appeal ends."""

    verb = RadioField(
        lazy("Decision"),
        choices=options(
            [
                ("uphold", lazy("Upheld: the entry takes part")),
                ("dismiss", lazy("Dismissed: the decision stands")),
            ]
        ),
        validators=[DataRequired()],
    )
    outcome = LongTextField(
        lazy("Reason"), REASON, description=lazy("The team, its school and the organisers read it word for word.")
    )


class MergeForm(Form):
    """Into which entry, and why."""

    stays = SelectField(lazy("The entry that stays"), choices=[], validate_choice=False, validators=[DataRequired()])
    reason = LongTextField(
        lazy("Reason"), REASON, description=lazy("Both teams and their schools read it word for word.")
    )

    def offer(self, entries: Iterable[Entry]) -> "MergeForm":
        """Set what can be chosen."""
        found = [(str(one.id), " · ".join((f"{one.code} {localized(one.title)}", *_standing(one)))) for one in entries]
        self.stays.choices = options([("", _("Please choose")), *found])
        return self


def _standing(entry: Entry) -> tuple[str, ...]:
    """Say how far an entry is, so that one sees which of two goes on."""
    state = _(ENTRY.states[entry.state].staff)
    return (state, short_moment(entry.submitted_at)) if entry.submitted_at is not None else (state,)
