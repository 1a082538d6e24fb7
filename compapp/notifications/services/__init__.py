"""Delivering what waits in the outbox; reading the inbox; choosing what comes by e-mail."""

from compapp.notifications.rendering import Rendered, render_sample
from compapp.notifications.services.delivery import PostOffice, deliver_batch, drain, use_post_office
from compapp.notifications.services.digests import gather_digests
from compapp.notifications.services.inbox import choose_preferences, mark_all_read, mark_read, may_choose
from compapp.notifications.services.repeating import may_repeat, repeat_message

__all__ = [
    "PostOffice",
    "Rendered",
    "choose_preferences",
    "deliver_batch",
    "drain",
    "gather_digests",
    "mark_all_read",
    "mark_read",
    "may_choose",
    "may_repeat",
    "repeat_message",
    "render_sample",
    "use_post_office",
]
