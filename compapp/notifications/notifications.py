"""What this room itself tells people: what came together in a day."""

from collections.abc import Sequence
from datetime import datetime

from compapp.core import outbox
from compapp.core.clock import local
from compapp.core.messages import message


@message(
    "digest",
    required=True,
    sample={
        "lines": [{"title": "Bạn có vai trò mới: Trường Đại học Cửu Long", "path": "/home"}],
        "count": 1,
        "more": 0,
        "path": "/inbox",
    },
)
def digest(person_id: int, lines: Sequence[dict[str, str]], *, more: int, at: datetime) -> int:
    """Send a person the day's titles, each with its way to the page; 0 where they had today's already."""
    return outbox.post(
        "digest",
        to=[person_id],
        subject=("person", person_id),
        version=local(at).date().isoformat(),
        data={"lines": list(lines), "count": len(lines) + more, "more": more, "path": "/inbox"},
        at=at,
        channels=(outbox.EMAIL,),
    )
