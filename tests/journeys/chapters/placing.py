"""Teams order their wishes, the matching of two people is released, a place is accepted."""

from tests.journeys.year import CODE, IDEAS, INCUBATOR, Year


def wish(year: Year) -> None:
    """The window opens; two teams want the one place there is."""
    year.at("2026-11-23 08:30")
    year.posted(("placement_open", (*IDEAS, "member1")))
    year["member1"].open_letter("placement_open").reads("Your team’s lead orders the wishes")
    for key in ("lead1", "lead2"):
        lead = year[key].open_letter("placement_open").sees(INCUBATOR)
        lead.press("Save the order").reads("Your wishes are saved")
    year.posted()


def match(year: Year) -> None:
    """After the window the organiser computes the matching; the approver looks at it and releases it."""
    year.at("2026-12-04 17:30")
    year.posted()
    organiser = year["organiser"].go(f"/contests/{CODE}/manage").follow("Incubation places")
    organiser.press("Compute the matching").reads("A second person releases the matching")
    year.posted(("matching_proposed", "chair"))
    chair = year["chair"].open_letter("matching_proposed").sees(IDEAS["lead2"][0])
    chair.press("Release the offers")
    year.posted(("offer", ("lead1", "member1")), ("offer_made", "manager"), ("no_place", "lead2"))


def accept(year: Year) -> None:
    """The lead accepts the offer; the other team sees its place on the waiting list."""
    year.at("2026-12-05 10:00")
    lead = year["lead1"].open_letter("offer").press("Accept the place").sees(INCUBATOR)
    lead.reads("You have a place at %(incubator)s")
    year.posted(("offer_answered", ("manager", "organiser")), ("residency_opened", ("lead1", "member1")))
    year["lead2"].open_letter("no_place").reads("%(incubator)s: you are number %(place)s")
