"""An entry and all that hangs on it: team, versions, files, screening, workspace, a club's word. By noun."""

from compapp.entries.models.entry import (
    Attachment,
    Case,
    CaseStatement,
    EligibilityDecision,
    Endorsement,
    Entry,
    EntryVersion,
    GuardianConsent,
    TeamInvitation,
    TeamMember,
)
from compapp.entries.models.nominations import (
    ClubReview,
)
from compapp.entries.models.screening import (
    BulkAct,
    BulkActItem,
    EligibilityAppeal,
    EntryText,
    OwnershipStatement,
    PastAward,
    SimilarityCheck,
    SimilarityFlag,
)
from compapp.entries.models.workspace import (
    EntryPart,
    LinkCheck,
    Origin,
    Remark,
    TeamRequest,
    Upload,
)

__all__ = [
    "Attachment",
    "BulkAct",
    "BulkActItem",
    "Case",
    "CaseStatement",
    "ClubReview",
    "EligibilityAppeal",
    "EligibilityDecision",
    "Endorsement",
    "Entry",
    "EntryPart",
    "EntryText",
    "EntryVersion",
    "GuardianConsent",
    "LinkCheck",
    "Origin",
    "OwnershipStatement",
    "PastAward",
    "Remark",
    "SimilarityCheck",
    "SimilarityFlag",
    "TeamInvitation",
    "TeamMember",
    "TeamRequest",
    "Upload",
]
