"""What people may agree to, each purpose apart, with the text they agree to (law 91/2025). Pure."""

from dataclasses import dataclass

from compapp.core.text import N_


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: its version changes whenever its text does. Both texts are marked for translation."""

    key: str
    version: str
    label: str
    text: str


PURPOSES = (
    Purpose(
        "run_contest",
        "2026-1",
        N_("Running contests"),
        N_("My name, e-mail, school and what I enter are used to run the contests that I take part in."),
    ),
    Purpose(
        "publish_name",
        "2026-1",
        N_("Publishing my name and photo"),
        N_("My name and photo may be shown on public result pages and in news about the contest."),
    ),
    Purpose(
        "share_incubator",
        "2026-1",
        N_("Sharing with incubators"),
        N_("Incubators that consider taking in my team may see my name and how to reach me."),
    ),
    Purpose(
        "share_investors",
        "2026-1",
        N_("Sharing with investors"),
        N_("Investors invited to a Demo Day may see my name and how to reach me."),
    ),
    Purpose(
        "news",
        "2026-1",
        N_("News by e-mail"),
        N_("I want to hear about new contests, trainings and events."),
    ),
)


def purpose(key: str) -> Purpose:
    """Return the purpose named ``key``; KeyError for an unknown one."""
    for one in PURPOSES:
        if one.key == key:
            return one
    raise KeyError(key)
