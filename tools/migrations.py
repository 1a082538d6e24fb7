"""Check that the migrations lead to exactly the models; ``python -m tools.migrations``."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def disagreement(database_url: str, data_dir: Path) -> str:
    """Migrate the empty database at ``database_url`` and return what still differs; empty when nothing does."""
    for command in ("upgrade", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "db", command],
            cwd=ROOT,
            env={**os.environ, "APP_ENV": "test", "DATABASE_URL": database_url, "DATA_DIR": str(data_dir)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            return f"flask db {command}:\n{done.stdout}{done.stderr}"
    return ""


def main() -> int:
    """Print the disagreement on SQLite; 1 when there is one."""
    with tempfile.TemporaryDirectory() as folder:
        found = disagreement(f"sqlite:///{folder}/check.db", Path(folder))
    print(found or "migrations: agree with the models")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
