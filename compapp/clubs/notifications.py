"""What a club tells its cohort."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from compapp.clubs.models import Cohort
from compapp.core import outbox
from compapp.core.clock import local
from compapp.notifications.registry import message


@message(
    "club_message",
    sample={
        "club": {"vi": "CLB Khởi nghiệp sinh viên", "en": "Student Startup Club"},
        "sender": "Nguyễn Thị Mai",
        "subject": "Buổi góp ý hồ sơ",
        "text": "Tối thứ Năm, 18 giờ 30, phòng B21.\n\nCác bạn mang theo bản thuyết minh nhé.",
        "path": "/home",
    },
)
def club_message(cohort: Cohort, subject: str, text: str, *, to: Iterable[int], sender: str, at: datetime) -> None:
    """Pass on the manager's words to everybody in the cohort, the same words once a day."""
    version = hashlib.sha256(f"{local(at):%Y-%m-%d}\n{subject}\n{text}".encode()).hexdigest()[:20]
    outbox.post(
        "club_message",
        to=to,
        subject=("club_cohort", cohort.id),
        version=version,
        data={"club": cohort.club.name, "sender": sender, "subject": subject, "text": text, "path": "/home"},
        at=at,
    )
