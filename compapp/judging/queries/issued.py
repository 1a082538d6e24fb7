"""Numbers, dates, signers and scans that the office gave the papers of a publication."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.core.db import session
from compapp.judging.models import IssuedPaper

PUBLIC = ("decision", "announcement")
"""Papers that everybody may see."""


def issued_paper(publication_id: int, kind: str) -> IssuedPaper | None:
    """Return what the office gave one paper of a publication."""
    found = select(IssuedPaper).where(IssuedPaper.publication_id == publication_id, IssuedPaper.kind == kind)
    return session().scalars(found.options(joinedload(IssuedPaper.scan_blob))).one_or_none()


def issued_papers(publication_ids: Iterable[int]) -> dict[int, dict[str, IssuedPaper]]:
    """Return what the office gave the papers of several publications, by publication and kind; one statement."""
    rows = session().scalars(
        select(IssuedPaper).where(IssuedPaper.publication_id.in_(list(publication_ids))).order_by(IssuedPaper.id)
    )
    found: dict[int, dict[str, IssuedPaper]] = {}
    for row in rows:
        found.setdefault(row.publication_id, {})[row.kind] = row
    return found
