"""The entries are checked, the jury is gathered, and the entries are given to judges who have no tie with them."""

from tests.journeys.chapters.entering import proposal
from tests.journeys.visitor import Visitor
from tests.journeys.year import CAST, CODE, CONTEST, IDEAS, Year

PLEDGE = "I keep confidential all that I read, use none of it, and show it to nobody, also after the contest."
JURY = ("chair", "judge1", "judge2")


def check_entries(year: Year) -> None:
    """The organiser finds two entries in order and sends one back."""
    year.at("2026-10-15 09:00")
    organiser = year["organiser"].go("/home").follow("Contests I run", within="header").follow(CONTEST, translate=False)
    for key in ("lead1", "lead3"):
        decide(organiser, IDEAS[key][0], "Eligible")
    decide(organiser, IDEAS["lead2"][0], "Send back to be completed", "Bản thuyết minh thiếu phần dự toán.")
    year.posted(
        ("entry_eligible", ("lead1", "member1", "lead3", "school", "school")), ("needs_fix", ("lead2", "school"))
    )


def decide(organiser: Visitor, title: str, outcome: str, reason: str = "") -> None:
    """Decide on one entry, from the overview."""
    organiser.follow("Entries").follow(title, translate=False).tick(outcome)
    if reason:
        organiser.fill("Reason", reason)
    organiser.press("Decide")


def complete(year: Year) -> None:
    """The team reads the reason, replaces its file and hands in again; then the entry is eligible."""
    year.at("2026-10-16 10:00")
    lead = year["lead2"].open_letter("needs_fix").sees("Bản thuyết minh thiếu phần dự toán.")
    lead.follow("Files").upload("Bản thuyết minh 2.pdf", proposal("A proposal with a budget. "))
    lead.follow("Overview").follow("Look and submit").press("Submit").reads("Receipt %(receipt)s")
    year.posted(("entry_submitted", "lead2"))
    year.at("2026-10-16 14:00")
    organiser = year["organiser"].go(f"/contests/{CODE}/manage")
    decide(organiser, IDEAS["lead2"][0], "Eligible")
    year.posted(("entry_eligible", ("lead2", "school")))


def gather_the_jury(year: Year) -> None:
    """Three judges are invited, one of them to chair; they accept by the link of their mail."""
    year.at("2026-10-17 08:30")
    organiser = year["organiser"].go(f"/contests/{CODE}/manage").follow("Judging").follow("The jury")
    for key in JURY:
        name, email = CAST[key]
        organiser.fill("Full name", name).fill("E-mail", email)
        organiser.tick("Nông nghiệp công nghệ cao", translate=False).tick("Chế biến nông sản", translate=False)
        if key == "chair":
            organiser.tick("Chairs the jury")
        organiser.press("Send the invitation").sees(name)
    year.posted(("jury_invitation", JURY))
    for key in JURY:
        judge = year[key].open_letter("jury_invitation").sees(CONTEST)
        judge.press("Accept").reads("Please pledge confidentiality; without it nobody can judge.")
        judge.tick(PLEDGE)
        judge.press("Accept").reads("You sit in this jury now.")
        if key == "chair":
            judge.go(f"/contests/{CODE}/my-seat")
        else:
            judge.fill("New password", judge.password).press("Open my account")
        judge.reads("Your seat in the jury")
    year.posted(("jury_answered", ("organiser",) * 3))


def declare_and_assign(year: Year) -> None:
    """A judge declares a conflict from the list of titles; the assignment is computed, looked at and given out."""
    year.at("2026-10-19 08:00")
    judge = year["judge2"].go("/home").follow("My desk", within="header").follow("Declare a conflict of interest")
    judge.tick(IDEAS["lead3"][0], translate=False).tick("Quan hệ gia đình", translate=False)
    judge.fill("Note for the organiser", "Cháu ruột của tôi ở trong đội này.")
    judge.press("Declare a conflict with the ticked titles").reads(
        "Recorded. These entries will not be given or shown to you."
    )
    year.posted(("conflict_declared", ("organiser", "chair")))
    organiser = year["organiser"].go(f"/contests/{CODE}/manage").follow("Judging").follow("Who scores what")
    organiser.press("Compute the best assignment").reads("Complete: every entry has all its judges.")
    row = organiser.page.get_by_role("row").filter(has_text=IDEAS["lead3"][0]).inner_text()
    assert CAST["judge2"][0] not in row and CAST["chair"][0] in row and CAST["judge1"][0] in row
    year["judge2"].go("/desk").sees_not(IDEAS["lead1"][0])
    organiser.press("Give out and tell the judges")
    year.posted(("assigned", JURY))
