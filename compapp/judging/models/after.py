"""What comes after a publication: appeals against a result, and the numbers that the office gives its papers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.core.db import Base
from compapp.core.files import Blob
from compapp.entries.models import Entry
from compapp.entries.models.appeals import AppealColumns
from compapp.judging.models.results import Publication
from compapp.judging.models.sheets import Sheet


class ResultAppeal(AppealColumns, Base):
    """A team's appeal against a published result: one per publication; filed, upheld or dismissed.

    An upheld one reopened exactly one thing, ``reopens``: a ``sheet`` or the ``sum`` of a paper sheet (``sheet_id``),
    or a ``gate`` (``gate`` is its name), which then counts as passed for this entry.
    """

    __tablename__ = "result_appeal"
    __table_args__ = (UniqueConstraint("entry_id", "publication_id"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    reopens: Mapped[str | None] = mapped_column(String(20))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheet.id"))
    gate: Mapped[str | None] = mapped_column(String(40))

    entry: Mapped[Entry] = relationship()
    publication: Mapped[Publication] = relationship()
    sheet: Mapped[Sheet | None] = relationship()


class IssuedPaper(Base):
    """Number, date, signer and scan that the office gave a paper of a publication: ``minutes``, ``decision``, …"""

    __tablename__ = "issued_paper"
    __table_args__ = (UniqueConstraint("publication_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(60))
    dated: Mapped[date]
    signer: Mapped[str] = mapped_column(String(200))
    scan_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    entered_at: Mapped[datetime]
    entered_by_name: Mapped[str] = mapped_column(String(200))

    publication: Mapped[Publication] = relationship()
    scan_blob: Mapped[Blob | None] = relationship()
