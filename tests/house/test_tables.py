"""Rules of the tables: foreign keys point down, migrations lead to the models."""

from pathlib import Path
from typing import TYPE_CHECKING

from compapp.core.db import Base
from tests.conftest import Database
from tests.house.source import ROOMS
from tools.migrations import disagreement

if TYPE_CHECKING:
    from tests.services import PostgresCluster


def _room_of_tables() -> dict[str, str]:
    return {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("compapp.")
    }


def test_foreign_keys_point_down(clean_database: Database) -> None:
    rooms = _room_of_tables()
    wrong = []
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            own, other = rooms.get(table.name), rooms.get(key.column.table.name)
            if own and other and ROOMS.index(other) > ROOMS.index(own):
                wrong.append(f"{table.name}.{key.parent.name} ({own}) -> {key.column.table.name} ({other})")
    assert wrong == []


def test_relations_stay_in_their_room_or_point_down(clean_database: Database) -> None:
    wrong = []
    for mapper in Base.registry.mappers:
        own = mapper.class_.__module__.split(".")[1]
        for relation in mapper.relationships:
            other = relation.mapper.class_.__module__.split(".")[1]
            if ROOMS.index(other) > ROOMS.index(own):
                wrong.append(f"{mapper.class_.__name__}.{relation.key} ({own}) -> {other}")
    assert wrong == []


def test_migrations_lead_to_the_models_on_sqlite(tmp_path: Path) -> None:
    assert disagreement(f"sqlite:///{tmp_path / 'migrated.db'}", tmp_path) == ""


def test_migrations_lead_to_the_models_on_postgresql(tmp_path: Path, postgres_cluster: "PostgresCluster") -> None:
    assert disagreement(postgres_cluster.create_database(), tmp_path) == ""
