"""What an installation may set, read from its environment; the README lists every name and default.

``wsgi.py`` hands it to the application. Change a default in ``compapp/core/settings.py``.
"""

from compapp.core.settings import Settings, from_environment


def settings() -> Settings:
    """Return the settings in force; SettingsFault with a sentence where production would be unsafe."""
    return from_environment()
