"""The WSGI entry: ``gunicorn wsgi:app``, and what ``flask`` loads. Settings come from the environment."""

import gc
import sys

from flask import Flask

import config
from compapp import cli
from compapp.core.settings import SettingsFault


def _load() -> Flask:
    """Return the application with its commands; one sentence and status 1 for settings that must not run."""
    if cli.needs_no_installation(sys.argv):
        return cli.bare_app()
    from compapp.app import create_app

    try:
        app = create_app(config.settings())
    except SettingsFault as fault:
        raise SystemExit(f"Error: {fault}") from None
    if cli.is_command_line(sys.argv):
        from compapp import demo

        cli.register(app)
        demo.register(app)
    else:
        # What is loaded stays for good: web workers forked from here share it and never search it for garbage.
        gc.freeze()
        # SQLite gives the interpreter up at every statement: who holds the write lock must not wait long to go on.
        sys.setswitchinterval(0.0005)
    return app


app = _load()
