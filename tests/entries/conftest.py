"""Every test of the room may store files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from compapp.core import files

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The file store's sniffing leaves a handle to the garbage collector; that is not what these tests are about."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@pytest.fixture(autouse=True)
def _file_store(data_dir: Path) -> Iterator[None]:
    before = files._root
    files.use_folder(data_dir / "files")
    yield
    files._root = before
