"""Makes lists longer: copies rows with everything that hangs on them, by the database's own foreign keys."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from compapp.core.db import Base

FAR = 10_000_000
"""By how much numbers that must be unique are moved for every copy; minutes count from 1970, so it is years."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
"""A moment as SQLite keeps it; copies stand some microseconds later."""

Row = dict[str, Any]


@dataclass
class Copy:
    """One copy: which row became which, by table; ``number`` tells copies apart."""

    connection: sqlite3.Connection
    number: int
    roots: dict[str, set[int]]
    but: frozenset[str] = frozenset()
    became: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def make(self) -> None:
        """Copy the roots and, table after table, whatever points to a copied row."""
        for table in Base.metadata.sorted_tables:
            if "id" in table.c and table.name not in self.but:
                self._copy_rows(table)

    def _copy_rows(self, table: Table) -> None:
        owners = {column.name: key.column.table.name for column in table.c for key in column.foreign_keys}
        found = self.connection.execute(f'SELECT * FROM "{table.name}" ORDER BY id')
        names = [one[0] for one in found.description]
        rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
        wanted = [row for row in rows if self._belongs(table.name, row, owners)]
        following = max((row["id"] for row in rows), default=0) + 1
        for offset, row in enumerate(wanted):
            self.became[table.name][row["id"]] = following + offset
        for row in wanted:
            self._insert(table, row, owners)

    def _belongs(self, table: str, row: Row, owners: dict[str, str]) -> bool:
        if row["id"] in self.roots.get(table, ()):
            return True
        return any(row[column] in self.became[owner] for column, owner in owners.items() if owner != table)

    def _insert(self, table: Table, row: Row, owners: dict[str, str]) -> None:
        made = dict(row, id=self.became[table.name][row["id"]])
        for column, owner in owners.items():
            made[column] = self.became[owner].get(row[column], row[column])
        for columns in _unique(table):
            if all(made[column] is not None and made[column] == row[column] for column in columns):
                self._tell_apart(made, [column for column in columns if column not in owners])
        marks = ", ".join("?" * len(made))
        names = ", ".join(f'"{name}"' for name in made)
        self.connection.execute(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', list(made.values()))

    def _tell_apart(self, made: Row, free: list[str]) -> None:
        column = next((one for one in free if isinstance(made[one], str)), free[0] if free else None)
        assert column is not None, f"two rows cannot differ: {made}"
        value = made[column]
        if isinstance(value, str) and MOMENT.fullmatch(value):
            made[column] = f"{value[:-6]}{self.number:06}"
        else:
            made[column] = f"{value}~{self.number}" if isinstance(value, str) else value + FAR * self.number


def _unique(table: Table) -> Iterable[tuple[str, ...]]:
    """Return the sets of columns (but the key) that the database wants to be unique."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in table.indexes:
        if index.unique:
            columns = tuple(column.name for column in index.columns)
            if index.dialect_options["sqlite"]["where"] is None or not _all_owners(table, columns):
                yield columns  # what holds for rows in one state alone can be kept by a number or a text only


def grow(
    connection: sqlite3.Connection, table: str, where: str, *, numbers: Iterable[int], but: frozenset[str] = frozenset()
) -> None:
    """Copy the rows of ``table`` that ``where`` names, with all that hangs on them, once for each of ``numbers``.

    A number tells a copy's unique values from all others'. Rows of the tables in ``but`` are not copied.
    """
    connection.execute("PRAGMA foreign_keys=OFF")
    ids = {int(row[0]) for row in connection.execute(f'SELECT id FROM "{table}" WHERE {where}')}
    assert ids, f"no {table} to copy where {where}"
    connection.execute("BEGIN IMMEDIATE")
    for number in numbers:
        Copy(connection, number, {table: ids}, but).make()
    connection.execute("COMMIT")


def _all_owners(table: Table, columns: Iterable[str]) -> bool:
    return all(table.c[column].foreign_keys for column in columns)
