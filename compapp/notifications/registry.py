"""Which kinds of message exist (kept on the ground floor, since accounts below this room declares some too)."""

from compapp.core.messages import MessageKind, kind, kinds, message

__all__ = ["MessageKind", "kind", "kinds", "message"]
