"""In the incubator: a mentor, a session, its log with next steps; and what the province sees of it all."""

from tests.journeys.chapters.opening import accept
from tests.journeys.year import CAST, IDEAS, Year

TITLE = IDEAS["lead1"][0]
FUNNEL = ("Ideas begun", "Submitted", "Eligible", "Shortlisted", "Finalists", "Awarded")
NEXT = "Gọi lại năm hộ đã thử trước thứ Sáu."


def assign(year: Year) -> None:
    """The manager gives the team a mentor, who has no account yet."""
    year.at("2026-12-14 09:00")
    manager = year["manager"].go("/home").follow("Cohort", within="header").follow(TITLE, translate=False)
    manager.press("Assign", row=CAST["mentor"][0]).sees(CAST["mentor"][0])
    year.posted(("mentor_assigned", ("mentor", "lead1", "member1")), ("invitation", "mentor"))
    accept(year["mentor"]).sees(TITLE)


def meet(year: Year) -> None:
    """The lead books a session; the mentor logs it with what comes next."""
    year.at("2026-12-15 10:00")
    lead = year["lead1"].go("/home").follow("Open the page").follow("Book a session")
    lead.fill("Date and time", "2026-12-18T14:00").fill("Place or link", "Phòng 2, nhà B")
    lead.fill("What you want to talk about", "Kết quả phỏng vấn khách hàng").press("Book the session")
    lead.sees("18/12/2026")
    year.posted(("session_booked", ("mentor", "lead1", "member1")))
    year.at("2026-12-17 14:05")
    year.posted(("session_reminder", ("mentor", "lead1", "member1")))
    year.at("2026-12-18 13:05")
    year.posted(("session_reminder", ("mentor", "lead1", "member1")))
    year.at("2026-12-18 15:30")
    mentor = year["mentor"].go("/home").follow("Mentoring", within="header").follow("Write the log")
    mentor.tick("Green: on course").fill("Note for team and incubator", "Đã phỏng vấn 12 hộ ở hai xã.")
    mentor.fill("Next steps", NEXT).fill("Customers", "12")
    mentor.press("Keep the log")
    year.posted()
    year["member1"].go("/home").follow("Open the page").sees(NEXT)


def count(year: Year) -> None:
    """The officer sees numbers only: from three ideas to one team in an incubator."""
    officer = year["officer"].go("/home").follow("Open the figures")
    for secret in (TITLE, *(name for name, _email in CAST.values())):
        officer.sees_not(secret)
    steps = officer.numbers_of("From idea to prize")
    assert [steps[officer.say(label)] for label in FUNNEL] == [3, 3, 3, 2, 2, 2], steps
    steps = officer.numbers_of("From offer to graduation")
    assert steps[officer.say("Placed")] == 1, steps
    year.posted()
