"""Words for codes of the contest file that are the same in every contest."""

from collections.abc import Mapping

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
"""What mentors know. A code that is not listed is a sector of the contest, or is read as words."""

ROLES = {"lead": N_("Lead"), "member": N_("Member"), "advisor": N_("Advisor")}

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def as_words(code: str) -> Mapping[str, str]:
    """Return a code that nothing names as words in both languages: ``cold_chain`` is “cold chain”."""
    words = " ".join(code.replace("_", " ").replace("-", " ").split())
    return {"vi": words, "en": words}
