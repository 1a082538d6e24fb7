"""Pages of long lists: a fixed number of rows and two queries, however long the list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from compapp.core.db import session

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list; ``number`` counts from 1."""

    rows: Sequence[Any]
    total: int
    number: int
    per_page: int = PER_PAGE

    @property
    def count(self) -> int:
        """Return how many pages there are, at least 1."""
        return max(1, -(-self.total // self.per_page))


def paginate(
    statement: Select[*tuple[Any, ...]], number: int = 1, per_page: int = PER_PAGE, *, scalars: bool = False
) -> Page:
    """Return page ``number`` (clamped to what exists) of ``statement``."""
    total = _count(statement)
    number = _clamped(number, total, per_page)
    limited = statement.limit(per_page).offset((number - 1) * per_page)
    rows: Sequence[Any] = session().scalars(limited).all() if scalars else session().execute(limited).all()
    return Page(rows, total, number, per_page)


def _count(statement: Any) -> int:
    return session().scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


def _clamped(number: int, total: int, per_page: int) -> int:
    return max(1, min(number, -(-total // per_page) or 1))
