"""The final: a panel, an order drawn by lot, totals as they are called out, prizes decided by two people."""

from tests.journeys.chapters.scoring import publish
from tests.journeys.year import CAST, CODE, IDEAS, Year

PANEL = ("chair", "judge1", "judge2")
CALLED_OUT = {"lead1": ("88,5", "90", "87"), "lead2": ("80", "79,5", "82")}
RESULT = {"lead1": "88,50", "lead2": "80,50"}


def prepare(year: Year) -> None:
    """The organiser seats the panel, the secretary draws the order; judges and teams are told."""
    year.at("2026-11-12 09:00")
    organiser = year["organiser"].go(f"/contests/{CODE}/manage").follow("Judging")
    final = organiser.page.locator("article").filter(has_text="Vòng chung kết")
    final.get_by_role("link", name=organiser.say("Who scores what")).click()
    for key in PANEL:
        organiser.tick_in("Judges of the panel", CAST[key][0])
    fold = organiser.page.locator("details").filter(has_text=organiser.say("One panel for every entry"))
    fold.get_by_role("button", name=organiser.say("Give out"), exact=True).click()
    organiser.sees(IDEAS["lead1"][0]).sees_not(IDEAS["lead3"][0])
    year.posted(("assigned", PANEL))
    secretary = year["secretary"].go(f"/contests/{CODE}/manage").follow("Results")
    secretary.follow("Running order").press("Draw now").sees(IDEAS["lead1"][0]).sees(IDEAS["lead2"][0])
    secretary.sees_not(IDEAS["lead3"][0])
    year.posted(("pitch_order", ("lead1", "member1", "lead2")), ("pitch_order_jury", PANEL))


def hear(year: Year) -> None:
    """The totals of the panel are typed as they are called out."""
    year.at("2026-11-14 08:00")
    year.posted()
    secretary = year["secretary"].go(f"/contests/{CODE}/manage").follow("Results").follow("Running order")
    for key, totals in CALLED_OUT.items():
        row = secretary.page.get_by_role("row").filter(has_text=IDEAS[key][0])
        row.get_by_role("link", name=secretary.say("Enter totals")).click()
        fields = secretary.page.locator("main form input[inputmode=decimal]")
        for position, total in enumerate(totals):
            fields.nth(position).fill(total)
        secretary.press("Enter these totals")
        secretary.go(f"/contests/{CODE}/pitch/R2")
    year.posted()


def award(year: Year) -> None:
    """The prizes follow the figures; two people decide, and everybody reads them after half an hour."""
    year.at("2026-11-14 17:10")
    organiser = year["organiser"].go(f"/contests/{CODE}/manage").follow("Results")
    for key, total in RESULT.items():
        assert total in organiser.page.get_by_role("row").filter(has_text=IDEAS[key][0]).first.inner_text()
    organiser.follow("Prepare the decision").sees("Giải Nhất").press("Prepare for a second person")
    year.posted(("shortlist_to_approve", "chair"))
    year["chair"].open_letter("shortlist_to_approve").sees(IDEAS["lead1"][0]).press("Approve")
    year.at("2026-11-16 09:00")
    publish(year, "18/QĐ-BTC", "2026-11-16")
    finalists = ("lead1", "member1", "lead2")
    year.posted(("result", finalists), ("award", finalists), ("school_results", "school"))
    year["lead1"].open_letter("award").sees("Giải Nhất").sees(RESULT["lead1"])
    year.at("2026-11-16 09:45")
    visitor = year.stranger().go("/").follow("Các cuộc thi", translate=False, within="footer")
    visitor.go(f"/contests/{CODE}").follow("See the results")
    visitor.sees("Giải Nhất").sees(IDEAS["lead1"][0]).sees("20.000.000").sees("18/QĐ-BTC")
    visitor.sees("Giải Nhì").sees(IDEAS["lead2"][0]).sees("15/QĐ-BTC")
    year.posted()
