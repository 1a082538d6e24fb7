"""Small real files as teams and organisers hand them in, made from the texts of the demonstration.

Each function is deterministic: the same arguments give the same bytes, whatever the day. Files for judges hold no
names of persons or schools and no author metadata, except `leaky_proposal_pdf`, which exists to be caught.
"""

from compapp.demo.content.attachments.forms import guardian_consent_pdf, school_confirmation_pdf
from compapp.demo.content.attachments.pictures import picture_jpg, poster_png
from compapp.demo.content.attachments.proposal import leaky_proposal_pdf, proposal_pdf
from compapp.demo.content.attachments.scan import decision_scan_pdf
from compapp.demo.content.attachments.slides import slides_pdf

__all__ = [
    "proposal_pdf",
    "leaky_proposal_pdf",
    "slides_pdf",
    "poster_png",
    "picture_jpg",
    "school_confirmation_pdf",
    "guardian_consent_pdf",
    "decision_scan_pdf",
    "video_link",
]


def video_link(entry_code: str) -> str:
    """Return the address of an entry's pitch video; the host does not exist."""
    return f"https://video.example/y-tuong/{entry_code.lower()}"
