"""Run the worker or the clock until SIGTERM or Ctrl-C."""

import sys

from compapp.app import create_app
from compapp.core.settings import SettingsFault
from compapp.worker.periodic import keep_time
from compapp.worker.queue import work

USAGE = "usage: python -m compapp.worker jobs|clock"


def main(arguments: list[str]) -> int:
    """Run what was asked for; 2 for a wrong argument or unsafe settings."""
    if arguments not in (["jobs"], ["clock"]):
        sys.stderr.write(USAGE + "\n")
        return 2
    try:
        app = create_app()
    except SettingsFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return work(app) if arguments == ["jobs"] else keep_time(app)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
