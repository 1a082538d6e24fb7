import os
import time

import pytest

from compapp.core import files


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    before = files._root
    files.use_folder(tmp_path / "files")
    yield
    files._root = before


def test_content_is_kept_once_under_its_hash(db, at):
    from compapp.core.db import unit_of_work

    with unit_of_work():
        one = files.store(b"%PDF-1.7 nothing", at=at)
        other = files.store(b"%PDF-1.7 nothing", at=at)
    assert one.id == other.id
    assert one.media_type == "application/pdf"
    assert files.path_of(one.sha256).read_bytes() == b"%PDF-1.7 nothing"
    assert [path.name for path in files.root().rglob(".incoming*")] == []


def test_an_empty_file_has_a_kind_too():
    assert files.receive(b"").media_type == "application/octet-stream"


def test_a_file_that_no_row_names_goes_after_a_day(db, at):
    from compapp.core.db import unit_of_work

    with unit_of_work():
        kept = files.path_of(files.store(b"kept", at=at).sha256)
    refused = []
    for content in (b"old", b"new"):
        with pytest.raises(RuntimeError), unit_of_work():
            refused.append(files.path_of(files.store(content, at=at).sha256))
            raise RuntimeError("refused after all")
    long_ago = time.time() - 25 * 60 * 60
    for path in (kept, refused[0]):
        os.utime(path, (long_ago, long_ago))
    assert files.sweep() == 1
    assert (kept.exists(), refused[0].exists(), refused[1].exists()) == (True, False, True)
