"""The jury scores blind, one sheet on paper; two people decide who goes through; each team reads its own result."""

import re

from tests.journeys.visitor import Visitor
from tests.journeys.year import CAST, CODE, IDEAS, SCHOOL, Year

CRITERIA = ("Tính mới, tính sáng tạo", "Tính khả thi", "Tác động với cộng đồng")
OF_JUDGE2 = {"lead1": ("8,5", "8", "7,5"), "lead2": ("7", "7", "7")}
OF_OTHERS = {"lead1": ("8", "8", "8"), "lead2": ("7,5", "7", "6,5"), "lead3": ("6", "6,5", "6")}
SIGNER = "Nguyễn Quốc Thịnh"
ON_PAPER = ("6,5", "6", "6")
TOTALS = {"lead1": "80,25", "lead2": "70,25", "lead3": "61,75"}


def score(year: Year) -> None:
    """Judges score what lies on their desks; one leaves a sheet on paper."""
    year.at("2026-10-22 19:00")
    work_off(year, "judge2", OF_JUDGE2)
    work_off(year, "chair", OF_OTHERS)
    work_off(year, "judge1", OF_OTHERS, leave=IDEAS["lead3"][0])
    year.posted()


def work_off(year: Year, key: str, scores: dict[str, tuple[str, ...]], leave: str = "") -> None:
    """Fill in and hand in every sheet on a judge's desk but the one of ``leave``."""
    by_title = {IDEAS[lead][0]: marks for lead, marks in scores.items()}
    judge = year[key].go("/home").follow("My desk", within="header")
    for title in [one for one in by_title if one in judge.text() and one != leave]:
        judge.go("/desk").follow(title, translate=False)
        for secret in (*(CAST[one][0] for one in IDEAS), SCHOOL):
            judge.sees_not(secret)
        judge.sees("15/05/2026").sees("Đã có mẫu thử")
        if key == "judge2":
            by_keys(judge, by_title[title])
        else:
            by_hand(judge, by_title[title])
        judge.fill("Comment to the team", f"Nhận xét chung: {title} làm được việc.")
        judge.press("Review and hand in").press("Hand in the sheet").reads("Handed in")


def by_keys(judge: Visitor, marks: tuple[str, ...]) -> None:
    """Score without a mouse: j for the next criterion, a digit, ↑ for half a point."""
    keyboard = judge.page.keyboard
    judge.page.locator("#main").focus()
    for label, mark in zip(CRITERIA, marks, strict=True):
        keyboard.press("j")
        keyboard.press(mark[0])
        if mark.endswith(",5"):
            keyboard.press("ArrowUp")
        assert judge.field(label, translate=False).input_value() == mark


def by_hand(judge: Visitor, marks: tuple[str, ...]) -> None:
    """Score by typing, with a comma; what is no score is refused with a sentence first."""
    judge.fill(CRITERIA[0], "11", translate=False).press("Save the draft").reads("Please correct this")
    for label, mark in zip(CRITERIA, marks, strict=True):
        judge.fill(label, mark, translate=False)


def score_on_paper(year: Year) -> None:
    """The secretary types a sheet from paper; the organiser compares and confirms it."""
    year.at("2026-10-23 09:00")
    secretary = year["secretary"].go(f"/contests/{CODE}/manage").follow("Judging")
    secretary.page.locator("main").get_by_role("link", name=re.compile(secretary.say("Sheets on paper"))).first.click()
    fold = secretary.page.locator("details").filter(has_text="Vòng sơ khảo").first
    if fold.get_attribute("open") is None:  # it is open where there is but one round
        fold.locator("summary").click()
    row = fold.get_by_role("listitem").filter(has_text=CAST["judge1"][0])
    row.get_by_role("link", name=secretary.say("Enter"), exact=True).click()
    row = secretary.page.locator("main").get_by_role("listitem").filter(has_text=IDEAS["lead3"][0])
    row.get_by_role("link", name=secretary.say("Enter the sheet")).click()
    for label, mark in zip(CRITERIA, ON_PAPER, strict=True):
        secretary.fill(label, mark, translate=False)
    secretary.press("Enter")
    year.posted(("paper_waiting", ("organiser",)))
    organiser = year["organiser"].open_letter("paper_waiting")
    organiser.follow("Compare and confirm").sees("62,00").press("It agrees with the paper: confirm")
    year.posted()


def decide(year: Year) -> None:
    """The chair computes, the organiser prepares the decision, the chair approves it, the organiser publishes."""
    year.at("2026-10-30 17:05")
    year.posted()
    chair = year["chair"].go("/home").follow("Contests I run", within="header")
    chair.go(f"/contests/{CODE}/manage").follow("Results").press("Compute and store")
    for key, total in TOTALS.items():
        assert total in chair.page.get_by_role("row").filter(has_text=IDEAS[key][0]).first.inner_text()
    organiser = year["organiser"].go("/home")
    organiser.go(f"/contests/{CODE}/manage").follow("Results").follow("Prepare the decision")
    organiser.press("Prepare for a second person").reads("A second person must approve")
    year.posted(("shortlist_to_approve", "chair"))
    chair.open_letter("shortlist_to_approve").press("Approve")
    year.posted()
    year.at("2026-11-02 09:00")
    publish(year, "15/QĐ-BTC", "2026-11-02")
    year.posted(
        ("result", (*IDEAS, "member1")),
        ("confirm_place", ("lead1", "lead2")),
        ("school_results", "school"),
    )


def publish(year: Year, number: str, day: str) -> None:
    """Publish the approved decision of the round under its number."""
    organiser = year["organiser"].go(f"/contests/{CODE}/manage").follow("Results").follow("Open the decision")
    organiser.fill("Number of the decision", number).fill("Date of the decision", day).fill("Signed by", SIGNER)
    organiser.press("Publish now").reads("Published")


def read_results(year: Year) -> None:
    """Each team reads its own result at once; the public page follows after half an hour; two teams confirm."""
    for key, total in TOTALS.items():
        lead = year[key].open_letter("result").sees(total).sees(f"Nhận xét chung: {IDEAS[key][0]}")
        for other in set(TOTALS) - {key}:
            lead.sees_not(TOTALS[other])
        lead.sees_not(CAST["judge1"][0]).sees_not(CAST["chair"][0])
    visitor = year.stranger()
    response = visitor.page.goto(f"/results/{CODE}")
    assert response.status == 404 or IDEAS["lead1"][0] not in visitor.text()
    year.at("2026-11-02 09:40")
    visitor = year.stranger().go(f"/contests/{CODE}").follow("See the results")
    visitor.sees(IDEAS["lead1"][0]).sees("15/QĐ-BTC").sees_not(IDEAS["lead3"][0])
    for key in ("lead1", "lead2"):
        year[key].go("/home").follow("Answer").press("Yes, we take part").reads("Your place is confirmed.")
    year.posted()
