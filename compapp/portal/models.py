"""What a team lets the public see of its entry."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.core.db import Base
from compapp.entries.models import Entry


class GalleryListing(Base):
    """An entry's place in its contest's gallery; ``answers`` are the keys of the answers that it shows."""

    __tablename__ = "gallery_listing"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    answers: Mapped[list[Any]]
    reason: Mapped[str | None]
    changed_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship()
