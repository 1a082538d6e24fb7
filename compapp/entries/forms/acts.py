"""Forms of acts: starting, inviting, handing in, deciding. They read and check shape; the services know the limits."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from compapp.accounts.models import Organisation
from compapp.contests.definition import Choice, FormField
from compapp.entries.forms.answers import labels
from compapp.entries.forms.controls import ChecksField
from compapp.entries.lifecycle import CASE_KINDS, ELIGIBLE, INELIGIBLE, NEEDS_FIX, TEAM_CHANGES
from compapp.entries.models import TeamMember
from compapp.web.forms import DayField, Form, LongTextField, MomentField, TextField, options
from compapp.web.i18n import _, lazy, localized

REASON = [DataRequired(), Length(max=2000)]


def _schools(institutions: Iterable[Organisation]) -> Any:
    return options([("", _("Please choose")), *((str(one.id), localized(one.name)) for one in institutions)])


class StartForm(Form):
    """Where to enter, for which institution, with what idea."""

    title = TextField(lazy("Name of your idea"), [DataRequired(), Length(max=150)])
    board = RadioField(lazy("Board"), validators=[DataRequired()], choices=[])
    institution = SelectField(lazy("Your school"), choices=[], validate_choice=False)

    def offer(self, boards: Iterable[Choice], institutions: Iterable[Organisation]) -> "StartForm":
        """Set what can be chosen."""
        self.board.choices = options(labels(boards))
        self.institution.choices = _schools(institutions)
        return self


class InviteForm(Form):
    """Whom to invite, and as what."""

    name = TextField(lazy("Full name"), [DataRequired(), Length(max=200)])
    email = TextField(
        lazy("E-mail address"),
        [Optional(), Length(max=254)],
        description=lazy("Leave it empty to send the link yourself, such as by Zalo."),
    )
    role = SelectField(
        lazy("Role in the team"), choices=options([("member", lazy("Member")), ("advisor", lazy("Advisor (teacher)"))])
    )


class MemberForm(Form):
    """What is kept about a member. The student number helps the school to confirm; judges never see it."""

    born = DayField(lazy("Date of birth"), description=lazy("Needed to know whether a guardian must agree."))
    institution = SelectField(lazy("School"), choices=[], validate_choice=False)
    class_name = TextField(lazy("Class"), [Optional(), Length(max=60)])
    student_number = TextField(lazy("Student number"), [Optional(), Length(max=40)])

    def offer(self, institutions: Iterable[Organisation]) -> "MemberForm":
        """Set what can be chosen."""
        self.institution.choices = _schools(institutions)
        return self

    def show(self, member: TeamMember) -> "MemberForm":
        """Fill the form with what is kept."""
        self.born.data = member.born
        self.institution.data = str(member.institution_id or "")
        self.class_name.data = member.class_name
        self.student_number.data = member.student_number
        return self


class GuardianForm(Form):
    """Which guardian to ask."""

    guardian_name = TextField(lazy("Name of the parent or guardian"), [DataRequired(), Length(max=200)])
    guardian_email = TextField(
        lazy("Their e-mail address"),
        [Optional(), Length(max=254)],
        description=lazy("Their own, not one of the team: they alone get the link. Leave it empty if they have none."),
    )
    guardian_phone = TextField(
        lazy("Their telephone number"),
        [Optional(), Length(max=30)],
        description=lazy("Needed without an e-mail address: you pass the link on, and the organiser calls to check."),
        render_kw={"type": "tel", "autocomplete": "off"},
    )


class GuardianAnswerForm(Form):
    """A guardian's answer; nothing is chosen beforehand."""

    answer = RadioField(
        lazy("Your answer"),
        choices=options([("given", lazy("I agree")), ("refused", lazy("I do not agree"))]),
        validators=[DataRequired()],
    )


class UploadForm(Form):
    """One file."""

    file = FileField(lazy("File"))


class LinkForm(Form):
    """One address."""

    link = TextField(lazy("Link"), [DataRequired(), Length(max=1000)], render_kw={"placeholder": "https://"})


class ReasonForm(Form):
    """A reason in words."""

    reason = LongTextField(lazy("Reason"), REASON)


class NeutralForm(ReasonForm):
    """A neutral copy made by hand."""

    file = FileField(lazy("Neutral copy"))


class DecisionForm(Form):
    """A decision on eligibility."""

    outcome = RadioField(
        lazy("Decision"),
        choices=options(
            [
                (ELIGIBLE, lazy("Eligible")),
                (NEEDS_FIX, lazy("Send back to be completed")),
                (INELIGIBLE, lazy("Not eligible")),
            ]
        ),
        validators=[DataRequired()],
    )
    reason = LongTextField(
        lazy("Reason"),
        [Length(max=2000)],
        description=lazy("The team reads it word for word. Needed unless the entry is eligible."),
    )


class ReopenForm(ReasonForm):
    """Until when a single entry is open again, and why."""

    until = MomentField(lazy("Open until"), [InputRequired()])


class CaseForm(Form):
    """A matter to be looked into."""

    kind = SelectField(
        lazy("What it is about"), choices=options([(key, lazy(label)) for key, label in CASE_KINDS.items()])
    )
    reason = LongTextField(
        lazy("What happened"), REASON, description=lazy("The team reads it word for word. Do not name other teams.")
    )
    due_at = MomentField(lazy("The team may answer until"), [Optional()])
    other = TextField(lazy("Code of the other entry, if there is one"), [Optional(), Length(max=60)])


class StatementForm(Form):
    """What a member says."""

    text = LongTextField(lazy("Your statement"), [DataRequired(), Length(max=5000)])


class TeamRequestForm(Form):
    """What is asked to change in a locked team, and why."""

    kind = SelectField(lazy("What shall change"), choices=[], validate_choice=False)
    member = SelectField(lazy("Whom it is about"), choices=[], validate_choice=False)
    name = TextField(
        lazy("Name of the newcomer"),
        [Length(max=200)],
        description=lazy("Only if somebody joins or takes over a place."),
    )
    email = TextField(
        lazy("E-mail address of the newcomer"),
        [Length(max=254)],
        description=lazy("They get an invitation there and say themselves whether they join."),
    )
    reason = LongTextField(lazy("Reason"), REASON)

    def offer(self, members: Iterable[TeamMember], *, only_leave: bool, own: int | None) -> "TeamRequestForm":
        """Set what and whom can be chosen; a plain member asks to leave only."""
        kinds = [(key, _(label)) for key, label in TEAM_CHANGES.items() if key == "leave" or not only_leave]
        meant = [one for one in members if one.role != "lead" and (not only_leave or one.person_id == own)]
        self.kind.choices = options(kinds)
        self.member.choices = options([("", "–"), *((str(one.id), one.name) for one in meant)])
        return self


class NominationForm(Form):
    """Where an entry is nominated to, and with what word."""

    board = SelectField(lazy("Contest and board"), choices=[], validate_choice=False)
    most = IntegerField(
        lazy("At most so many nominations from this contest"),
        [Optional()],
        description=lazy("Empty: only the quotas of the other contest count."),
    )
    note = LongTextField(lazy("A word to the team"), [Length(max=2000)])

    def offer(self, boards: Iterable[tuple[str, str]]) -> "NominationForm":
        """Set where it can go."""
        self.board.choices = options(list(boards))
        return self


class RemarkForm(Form):
    """A remark on one question, or on the whole."""

    key = SelectField(lazy("About"), choices=[], validate_choice=False)
    text = LongTextField(lazy("Your remark"), [DataRequired(), Length(max=4000)])

    def offer(self, fields: Iterable[FormField]) -> "RemarkForm":
        """Set what can be remarked on."""
        whole = ("", _("The whole entry"))
        self.key.choices = options([whole, *((field.key, localized(field.label)) for field in fields)])
        return self


class SettleForm(Form):
    """How a case ends."""

    outcome = LongTextField(lazy("How the matter ends"), REASON)
    lead = SelectField(lazy("Who leads from now on"), coerce=str, choices=[], validate_choice=False)
    departed = ChecksField(lazy("Who has left the team"), coerce=str, choices=[], validate_choice=False)

    def offer(self, members: Iterable[TeamMember]) -> "SettleForm":
        """Set who can be chosen."""
        people = [(str(member.id), member.name) for member in members]
        self.lead.choices = options([("", _("No change")), *people])
        self.departed.choices = options(people)
        return self
