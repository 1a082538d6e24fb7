"""The demonstration (trình diễn): a whole contest year played through the real services.

Nouns: the story (steps in chapters), the stage (how a step happens), the cast, the calendar, the workshop.
May call every room below the top; nothing else calls it.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Give ``app`` the command ``flask demo``."""
    from compapp.demo.command import demo

    app.cli.add_command(demo)
