"""What a file really is: told by its content, never by its name, and held against the stated limits.

``inspect(path)`` says what the file holds; ``check(found, limits)`` refuses what breaks a limit. Nothing
here renders, extracts to disk or decodes more than it has to: a bomb is refused by what it declares.
"""

from compapp.entries.inspection.found import FORMATS, Found, Limits, check, inspect, media_type_of

__all__ = ["FORMATS", "Found", "Limits", "check", "inspect", "media_type_of"]
