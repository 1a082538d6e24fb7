"""How messages of the room are posted, and what their samples show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.contests.models import Contest, Round
from compapp.core import outbox

CONTEST = {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"}
ROUND = {"vi": "Vòng sơ khảo", "en": "Preliminary round"}
TITLE = {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"}


def tell(
    kind: str,
    round_: Round,
    to: Iterable[int],
    about: tuple[str, int],
    *,
    path: str,
    at: datetime,
    **more: Any,
) -> int:
    """Post ``kind`` as :func:`tell_of_contest` does, with the round's name beside the contest's."""
    label = round_.definition.get("label") or round_.code
    return tell_of_contest(kind, round_.contest, to, about, path=path, at=at, round=label, **more)


def tell_of_contest(
    kind: str,
    contest: Contest,
    to: Iterable[int],
    about: tuple[str, int],
    *,
    version: str | int = "",
    path: str,
    at: datetime,
    hold: str | None = None,
    **data: Any,
) -> int:
    """Post ``kind`` about ``about``, where the message names no round."""
    data = {"contest": contest.title, **data, "path": path}
    return outbox.post(kind, to=to, subject=about, version=version, data=data, at=at, hold=hold, contest_id=contest.id)
