"""Forms of the entries room: they read and check shape; the services know the limits."""

from compapp.entries.forms.acts import (
    CaseForm,
    DecisionForm,
    EndorsementForm,
    GuardianAnswerForm,
    GuardianForm,
    InviteForm,
    LinkForm,
    MemberForm,
    NeutralForm,
    ReasonForm,
    ReopenForm,
    SettleForm,
    StartForm,
    StatementForm,
    UploadForm,
)
from compapp.entries.forms.answers import PREFIX, answers_form, labels, place_errors, shown_choices, typed_answers
from compapp.entries.forms.controls import ChecksField

__all__ = [
    "CaseForm",
    "ChecksField",
    "DecisionForm",
    "EndorsementForm",
    "GuardianAnswerForm",
    "GuardianForm",
    "InviteForm",
    "LinkForm",
    "MemberForm",
    "NeutralForm",
    "PREFIX",
    "ReasonForm",
    "ReopenForm",
    "SettleForm",
    "StartForm",
    "StatementForm",
    "UploadForm",
    "answers_form",
    "labels",
    "place_errors",
    "shown_choices",
    "typed_answers",
]
