"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "placement.intake.change": N_("changed an intake"),
    "placement.match_run.drop": N_("dropped a proposed matching"),
    "placement.match_run.propose": N_("proposed a matching"),
    "placement.match_run.release": N_("released a matching"),
    "placement.offer.accept": N_("accepted an offer"),
    "placement.offer.decline": N_("declined an offer"),
    "placement.offer.give_back": N_("gave a place in an incubator back"),
    "placement.offer.lapse": N_("let an offer lapse"),
    "placement.offer.make": N_("offered a place in an incubator"),
    "placement.offer.offer_again": N_("offered a place in an incubator again"),
    "placement.offer.withdraw": N_("took an offer back"),
    "placement.preferences.state": N_("ordered the incubators"),
    "placement.waiting_place.call": N_("called a team from the waiting list"),
    "placement.waiting_place.leave": N_("left a waiting list of an incubator"),
    "placement.waiting_place.wait_again": N_("went onto a waiting list of an incubator again"),
}
