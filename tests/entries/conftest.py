"""Every test of the room may store files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from compapp.core import files


@pytest.fixture(autouse=True)
def _file_store(data_dir: Path) -> Iterator[None]:
    before = files._root
    files.use_folder(data_dir / "files")
    yield
    files._root = before
