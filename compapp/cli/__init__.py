"""The command line: thin commands over the rooms' services. JSON out, or a sentence on standard error."""

from flask import Flask

from compapp.cli import accounts, clock, contest, doctor, judging, placement


def register(app: Flask) -> None:
    """Give ``app`` its commands."""
    for group in (accounts.group, clock.group, contest.group, judging.group, placement.group):
        app.cli.add_command(group)
    app.cli.add_command(doctor.doctor)
