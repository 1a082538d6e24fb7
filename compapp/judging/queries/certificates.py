"""Certificates and results checked against what was published, sealed and recorded."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import Text, text_of
from compapp.core import anchors
from compapp.core.anchors import Head
from compapp.core.audit import AuditRow
from compapp.core.db import session
from compapp.judging.models import Publication
from compapp.judging.queries.results import latest_publication, public_names
from compapp.judging.scoring.fingerprint import seal

_CODE = re.compile(r"(\d{1,9})-(\d{1,3})-([0-9a-f]{16})")
_RESULT = re.compile(r"(\d{1,9})-([0-9a-f]{16})")
PUBLISHED = "judging.publication.publish"


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
    head: Head | None = None
    """Under which number and seal the record holds the publication."""


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
    if (
        publication.content_hash[:16] != matched[3]
        or not is_sealed(publication)
        or place >= len(lines)
        or not lines[place]["entry"]
    ):
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
        head=recorded_head(publication),
    )


def _still_given(publication: Publication, line: dict[str, Any]) -> bool:
    newest = latest_publication(publication.round_id)
    if newest is None or newest.id == publication.id:
        return True
    prize = (line["board"], line["award"], line["entry"])
    return prize in [(one["board"], one["award"], one["entry"]) for one in newest.content.get("awards") or []]


def recorded_head(publication: Publication) -> Head | None:
    """Return the number and the seal under which the record holds a publication."""
    return anchors.head_with(PUBLISHED, "publication", publication.id)


def is_sealed(publication: Publication) -> bool:
    """Whether a publication is what was sealed: its content, onto the one before it, as the record of the deed says."""
    earlier = select(Publication.content_hash).where(
        Publication.round_id == publication.round_id, Publication.number == publication.number - 1
    )
    expected = seal(
        publication.content,
        number=publication.number,
        inputs_hash=publication.inputs_hash,
        previous=session().scalar(earlier) or "",
    )
    recorded = session().scalar(
        select(AuditRow.data).where(
            AuditRow.verb == PUBLISHED, AuditRow.subject_kind == "publication", AuditRow.subject_id == publication.id
        )
    )
    return expected == publication.content_hash and (recorded is None or recorded["content"] == expected)


@dataclass(frozen=True)
class SealedResult:
    """A genuine result: which one, and what has replaced it since (None: it is the newest)."""

    publication: Publication
    contest: Text
    round: Text
    contest_code: str
    replaced_at: datetime | None
    head: Head | None = None
    """Under which number and seal the record holds it."""


def result_code(publication: Publication) -> str:
    """Return the code under which anybody checks a result: the publication and the beginning of its seal."""
    return f"{publication.id}-{publication.content_hash[:16]}"


def sealed_result(code: str, at: datetime) -> SealedResult | None:
    """Return the result with this code; None where there is none, it is not public, or it is not what was sealed."""
    matched = _RESULT.fullmatch(code)
    found = session().get(Publication, int(matched[1])) if matched else None
    if matched is None or found is None or found.public_from > at or found.content_hash[:16] != matched[2]:
        return None
    if not is_sealed(found):
        return None
    newest = latest_publication(found.round_id)
    contest = found.round.contest
    return SealedResult(
        publication=found,
        contest=text_of(contest.title),
        round=text_of(found.content.get("label"), found.round.code),
        contest_code=contest.code,
        replaced_at=newest.published_at if newest is not None and newest.id != found.id else None,
        head=recorded_head(found),
    )
