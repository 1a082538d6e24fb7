"""What every appeal is, whatever it is against: columns for the tables of this room and of those above."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class AppealColumns:
    """What every appeal is: of an entry, on a ground, in the team's words; filed, upheld or dismissed with a reason."""

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    ground: Mapped[str] = mapped_column(String(60))
    text: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), default="filed")
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filed_by_name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
