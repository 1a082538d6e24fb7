"""What may go wrong in the domain, as named errors that carry a sentence to translate."""

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.core.text import N_

Sentence = tuple[str, Mapping[str, Any]]
"""A msgid with the values that fill its places."""


class DomainError(Exception):
    """A refusal with a sentence: ``msgid`` is marked with ``N_``, ``params`` fill its places."""

    status = 400

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid % params if params else msgid)
        self.msgid = msgid
        self.params = params


class Refused(DomainError):
    """The actor may not do this (403)."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it (404)."""

    status = 404


class Conflict(DomainError):
    """Somebody was faster: the state or version is no longer what the actor saw (409).

    ``current`` may hold what stands now, so that a page can show both.
    """

    status = 409

    def __init__(self, msgid: str, *, current: Any = None, **params: Any) -> None:
        super().__init__(msgid, **params)
        self.current = current


class Closed(DomainError):
    """A deadline has passed, a link is used up, a window is not open (409)."""

    status = 409


class Invalid(DomainError):
    """Input breaks a domain limit (422); ``fields`` maps a field name to its sentences."""

    status = 422

    def __init__(
        self,
        msgid: str = "",
        *,
        fields: Mapping[str, Sequence[Sentence]] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(msgid or N_("Please correct the marked fields."), **params)
        self.fields: Mapping[str, Sequence[Sentence]] = fields or {}
