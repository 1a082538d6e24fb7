"""The forms of the workspace; they parse, services judge. ``setup`` holds those of the wizard."""

from compapp.contests.forms.workspace import (
    CloneForm,
    ContestForm,
    ExtensionForm,
    ImportForm,
    ReasonForm,
    RevisionForm,
    RoleForm,
    calendar_form,
    typed_moments,
)

__all__ = [
    "CloneForm",
    "ContestForm",
    "ExtensionForm",
    "ImportForm",
    "ReasonForm",
    "RevisionForm",
    "RoleForm",
    "calendar_form",
    "typed_moments",
]
