"""Words for codes of the contest file that are the same in every contest."""

from compapp.core.text import N_

SERVICES = {
    "lab": N_("laboratory"),
    "mentor": N_("mentors"),
    "market": N_("access to markets"),
    "seed_grant": N_("seed grant"),
    "workshop": N_("workshop"),
    "ip": N_("help with intellectual property"),
    "coworking": N_("shared workspace"),
    "cloud": N_("cloud credits"),
    "test": N_("testing"),
}
"""What an incubator offers; a code that is not listed is shown as it is."""

OUTCOMES = {
    "placed": N_("place found"),
    "full": N_("all places went to teams with a higher result"),
    "no_places": N_("no free place"),
    "sector": N_("does not take this sector"),
    "unlisted": N_("not on the incubator’s list"),
    "not_reached": N_("not needed: an earlier wish was granted"),
}
"""What became of a team's wish in a matching."""
