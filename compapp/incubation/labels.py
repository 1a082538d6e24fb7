"""Words for codes of the contest file that are the same in every contest."""

from compapp.core.text import N_

SKILLS = {
    "market": N_("markets"),
    "finance": N_("finance"),
    "agri_hightech": N_("high-tech farming"),
    "lab": N_("laboratory work"),
    "ict": N_("information technology"),
    "product": N_("product development"),
    "ip": N_("intellectual property"),
    "legal": N_("law"),
    "food_processing": N_("food processing"),
    "quality": N_("quality"),
    "energy_saving": N_("energy saving"),
    "hardware": N_("hardware"),
    "tourism_services": N_("tourism and services"),
    "brand": N_("branding"),
    "new_materials": N_("new materials"),
    "scale_up": N_("scaling up"),
}
"""What mentors know; a code that is not listed is shown as it is."""
