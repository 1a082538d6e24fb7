"""Where an installation keeps its things."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from compapp.dev.children import Child, end_leftover
from compapp.dev.place import Place, PlaceTaken, free_port


def test_only_one_supervisor_enters(tmp_path: Path) -> None:
    first, second = Place(tmp_path), Place(tmp_path)
    first.enter()
    with pytest.raises(PlaceTaken):
        second.enter()
    first.leave()
    second.enter()
    second.leave()


def test_the_socket_lies_beside_the_pid_files_where_its_path_is_short(tmp_path: Path) -> None:
    place = Place(Path("/tmp") / "short")
    assert place.socket_path() == place.run / "valkey.sock"


def test_a_long_path_gets_a_short_private_folder_that_is_removed(tmp_path: Path) -> None:
    place = Place(tmp_path / ("long" * 30))
    place.enter()
    folder = place.socket_path().parent
    assert len(os.fsencode(folder)) < 90
    assert folder.stat().st_mode & 0o777 == 0o700
    Place(place.data_dir).remove_socket()
    assert not folder.exists()
    place.leave()


def test_the_next_free_port_is_found_unless_one_was_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port, exactly=False) > port
        with pytest.raises(PlaceTaken):
            free_port("127.0.0.1", port, exactly=True)


def _sleeper(place: Place) -> Child:
    return Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], place, os.environ)


def test_a_leftover_process_is_ended_but_a_stranger_is_not(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.enter()
    child = _sleeper(place)
    child.start()
    assert child.process is not None
    kept = child.pid_file.read_text()
    assert end_leftover(child.pid_file, "-m something.else") is False
    assert child.is_running
    child.pid_file.write_text(kept)
    assert end_leftover(child.pid_file, "import time") is True
    assert child.process.wait(5) != 0
    child.end(0)
    place.leave()


def test_a_dead_child_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.enter()
    child = Child("falls", [sys.executable, "-c", "raise SystemExit(3)"], place, os.environ)
    child.start()
    assert child.process is not None
    child.process.wait()
    assert child.watch() is True
    assert child.falls == 1
    assert child.watch() is False
    assert child.process is None, "its pause is not over"
    child.end(0)
    place.leave()


def test_unsafe_settings_are_told_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compapp.dev"],
        env={**os.environ, "APP_ENV": "production", "DATA_DIR": str(tmp_path), "SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
