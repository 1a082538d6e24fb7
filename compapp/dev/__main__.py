"""Start everything, say where it is, and wait for Ctrl-C."""

import os
import sys
from collections.abc import Mapping

from compapp.core.settings import Settings, SettingsFault, from_environment
from compapp.dev import prepare
from compapp.dev.place import Place, PlaceTaken, free_port
from compapp.dev.supervisor import StartFailed, Supervisor, end_leftovers


def main() -> int:
    """Run one installation until it is asked to stop; 2 for settings that must not run, 1 for a failed start."""
    os.umask(0o077)
    try:
        settings = from_environment()
    except SettingsFault as fault:
        print(fault, file=sys.stderr)
        return 2
    place = Place(settings.data_dir)
    try:
        place.enter()
    except PlaceTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    (place.run / "supervisor.pid").write_text(f"{os.getpid()}\n")
    try:
        end_leftovers(place)
        return _run(place, settings, os.environ)
    except PlaceTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    finally:
        (place.run / "supervisor.pid").unlink(missing_ok=True)
        place.leave()


def _run(place: Place, settings: Settings, environ: Mapping[str, str]) -> int:
    host = environ.get("HOST") or "127.0.0.1"
    port = free_port(host, settings.port, exactly="PORT" in environ)
    supervisor = Supervisor(place, children_environment(settings, environ, host, port))
    supervisor.heed_signals()
    try:
        if not settings.redis_url:
            supervisor.start_queue()
        prepare.migrate(place, supervisor.environment)
        if settings.environment == "demo" and not supervisor.stopping:
            _demonstrate(place, settings, supervisor.environment)
        if not supervisor.stopping:
            supervisor.start_programs(host, port)
            announce(place, settings, supervisor.environment["SITE_URL"] or f"http://{host}:{port}")
            supervisor.run()
        return 0
    except (StartFailed, prepare.NotPrepared) as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        supervisor.stop()


def children_environment(settings: Settings, environ: Mapping[str, str], host: str, port: int) -> dict[str, str]:
    """Return what every child sees: the settings as they were read, with the port that was found."""
    site_url = settings.site_url
    if not site_url and not settings.is_production:
        site_url = f"http://{'localhost' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound
    return {
        **environ,
        "FLASK_APP": "wsgi",
        "APP_ENV": settings.environment,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": settings.mail_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "SITE_URL": site_url,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def _demonstrate(place: Place, settings: Settings, environment: Mapping[str, str]) -> None:
    """Fill an empty database with the demonstration; without it the program still starts, and says so."""
    if not prepare.is_empty(settings.database_url):
        return
    print("Building the demonstration …", flush=True)
    try:
        prepare.demonstrate(place, environment)
    except prepare.NotPrepared as failure:
        print(failure, file=sys.stderr)


def announce(place: Place, settings: Settings, address: str) -> None:
    """Say where the program is and with which accounts to look at it."""
    lines = ["", f"compapp runs at {address}"]
    accounts = prepare.demo_accounts(place) if settings.environment == "demo" else []
    if accounts:
        lines += ["", "Accounts of the demonstration (e-mail, password, role):"]
        lines += [
            f"  {account.get('email', ''):36} {account.get('password', ''):16} {account.get('role', '')}"
            for account in accounts
        ]
    if settings.mail_url.startswith("file:"):
        lines += ["", f"Messages are written to {settings.mail_url.removeprefix('file:')}"]
    lines += [f"Data and logs are in {place.data_dir}", "Ctrl-C stops everything.", ""]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
