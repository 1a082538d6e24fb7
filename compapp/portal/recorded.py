"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "portal.listing.allow": N_("allowed an entry in the gallery again"),
    "portal.listing.hide": N_("hid an entry from the gallery"),
    "portal.listing.show": N_("put an entry into the gallery"),
    "portal.listing.take_down": N_("took an entry out of the gallery"),
    "portal.vote.cast": N_("voted in the public vote"),
    "portal.vote.change": N_("changed the vote in the public vote"),
    "portal.vote.withdraw": N_("took the vote in the public vote back"),
    "portal.votes.void": N_("voided votes of the public vote"),
}
