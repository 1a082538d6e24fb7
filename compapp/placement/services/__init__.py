"""The verbs of the room, by noun."""

from compapp.placement.services.intakes import (
    LONGEST_OFFER,
    MOST_PLACES,
    IntakeTerms,
    change_intake,
)
from compapp.placement.services.matching import (
    TOGETHER,
    compute,
    drop_matching,
    propose_matching,
    release_matching,
)
from compapp.placement.services.offers import (
    REMIND_BEFORE,
    accept_offer,
    decline_offer,
    expired_offers,
    give_place_back,
    lapse_offer,
    place_by_hand,
    release_entry,
    remind_of_offers,
    tell_of_open_intakes,
    withdraw_offer,
)
from compapp.placement.services.places import (
    ACTIVE,
    call_next,
    free_place,
    leave_lists,
    make_offer,
    take_place,
    wait,
)
from compapp.placement.services.preferences import (
    state_wishes,
)

__all__ = [
    "ACTIVE",
    "IntakeTerms",
    "LONGEST_OFFER",
    "MOST_PLACES",
    "REMIND_BEFORE",
    "TOGETHER",
    "accept_offer",
    "call_next",
    "change_intake",
    "compute",
    "decline_offer",
    "drop_matching",
    "expired_offers",
    "free_place",
    "give_place_back",
    "lapse_offer",
    "leave_lists",
    "make_offer",
    "place_by_hand",
    "propose_matching",
    "release_entry",
    "release_matching",
    "remind_of_offers",
    "state_wishes",
    "take_place",
    "tell_of_open_intakes",
    "wait",
    "withdraw_offer",
]
