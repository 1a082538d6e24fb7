"""Certificates checked against what was published and sealed."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from compapp.contests.definition import Text, text_of
from compapp.core.db import session
from compapp.judging.models import Publication
from compapp.judging.queries.results import latest_publication, public_names

_CODE = re.compile(r"(\d{1,9})-(\d{1,3})-([0-9a-f]{16})")


@dataclass(frozen=True)
class AwardCertificate:
    """What a genuine certificate says; ``holds`` is False where a correction has taken the prize back since."""

    contest: Text
    label: Text
    board: Text | None
    title: Text
    team: tuple[str, ...]
    decision_number: str
    decision_date: date | None
    published_at: datetime
    seal: str
    holds: bool


def certificate_code(publication_id: int, place: int, seal: str) -> str:
    """Return the code on a certificate: publication, place of the prize in it, beginning of its seal."""
    return f"{publication_id}-{place}-{seal[:16]}"


def award_certificate(code: str, at: datetime) -> AwardCertificate | None:
    """Return what the certificate with this code says; None where there is none, or it is not public yet."""
    matched = _CODE.fullmatch(code)
    publication = session().get(Publication, int(matched[1])) if matched else None
    if matched is None or publication is None or publication.public_from > at:
        return None
    lines = publication.content.get("awards") or []
    place = int(matched[2])
    if publication.content_hash[:16] != matched[3] or place >= len(lines) or not lines[place]["entry"]:
        return None
    line, content = lines[place], publication.content
    rows: dict[str, dict[str, Any]] = {row["entry"]: row for board in content["boards"] for row in board["rows"]}
    boards = {board["code"]: board["label"] for board in content["boards"]}
    contest = publication.round.contest
    return AwardCertificate(
        contest=text_of(contest.title),
        label=text_of(line.get("label"), line["award"]),
        board=text_of(boards[line["board"]]) if line["board"] in boards else None,
        title=text_of(rows.get(line["entry"], {}).get("title"), line["entry"]),
        team=tuple(public_names(contest.id, [line["entry"]]).get(line["entry"], ())),
        decision_number=publication.decision_number or "",
        decision_date=publication.decision_date,
        published_at=publication.published_at,
        seal=publication.content_hash,
        holds=_still_given(publication, line),
    )


def _still_given(publication: Publication, line: dict[str, Any]) -> bool:
    newest = latest_publication(publication.round_id)
    if newest is None or newest.id == publication.id:
        return True
    prize = (line["board"], line["award"], line["entry"])
    return prize in [(one["board"], one["award"], one["entry"]) for one in newest.content.get("awards") or []]
