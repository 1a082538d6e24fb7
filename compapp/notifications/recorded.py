"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "notifications.message.repeated": N_("sent a message again"),
    "notifications.preferences.chosen": N_("chose which messages to get"),
}
