"""The house is furnished and the contest announced: administrator, organiser, their colleagues."""

import json

from tests.journeys.visitor import PASSWORD, Visitor
from tests.journeys.year import CAST, CODE, CONTEST, CONTEST_FILE, DEPARTMENT, INCUBATOR, SCHOOL, Year


def found_the_house(year: Year) -> None:
    """The administrator, made on the command line, adds the department and invites its people."""
    year.at("2026-09-07 08:00")
    name, email = CAST["admin"]
    year.house.flask("accounts", "create-admin", email, "--name", name, "--password-stdin", given=PASSWORD + "\n")
    admin = year["admin"].go("/organisations")
    admin.follow("Add an organisation").choose("Kind", admin.say("Department"))
    admin.fill("Name in Vietnamese", DEPARTMENT).fill("Name in English", "Department of Science and Technology")
    admin.press("Add").sees(DEPARTMENT)
    _invite(year, "organiser", "Contest organiser")
    year.posted(("invitation", "organiser"))
    accept(year["organiser"])
    admin.go("/people").unfold("Invite an administrator or officer")
    name, email = CAST["officer"]
    admin.fill("Full name", name).fill("E-mail address", email).choose("Role", admin.say("Department officer"))
    admin.press("Invite")
    year.posted(("invitation", "officer"))
    accept(year["officer"])


def bring_in_the_contest(year: Year) -> None:
    """The organiser checks and imports the contest file, names a secretary and an approver, and announces."""
    year.at("2026-09-08 09:00")
    organiser = year["organiser"].go("/home")
    organiser.follow("Contests I run", within="header").follow("Import a contest file")
    wrong = json.loads(CONTEST_FILE.read_text())
    del wrong["rubrics"][0]["criteria"]
    broken = {"name": "hong.json", "mimeType": "application/json", "buffer": json.dumps(wrong).encode()}
    organiser.page.locator("input[type=file]").set_input_files(broken)
    organiser.press("Import").sees("rubrics[0]")
    organiser.page.locator("input[type=file]").set_input_files(CONTEST_FILE)
    organiser.press("Check only")
    organiser.page.locator("input[type=file]").set_input_files(CONTEST_FILE)
    organiser.press("Import").sees(CONTEST)
    organiser.follow("Set-up").follow("People and roles")
    for key, role in (("secretary", "Secretary"), ("chair", "Approver")):
        name, email = CAST[key]
        organiser.fill("E-mail address", email).fill("Full name", name).choose("Role", organiser.say(role))
        organiser.press("Give the role").sees(name)
    year.posted(("invitation", ("secretary", "chair")))
    accept(year["secretary"])
    accept(year["chair"])
    admin = year["admin"]
    for key, organisation, role in (("school", SCHOOL, "Representative"), ("manager", INCUBATOR, "Manager")):
        admin.go("/organisations").follow(organisation, translate=False)
        _invite(year, key, role)
        year.posted(("invitation", key))
        accept(year[key])


def announce(year: Year) -> None:
    """The contest becomes public; a visitor reads its page."""
    year.at("2026-09-14 08:05")
    organiser = year["organiser"].go(f"/contests/{CODE}/manage")
    organiser.follow("Check and announce").reads("Nothing keeps the contest from being announced.")
    organiser.reads("The jury has no judges yet.")
    organiser.sees_not(organiser.say("Nobody but the organiser can approve results."))
    organiser.fill("Reason", "Ban giám khảo được mời sau khi nhận bài; ban tổ chức nhắc hạn chót bằng văn bản.")
    organiser.press("Announce the contest").reads("The contest is public now.")
    year["lead1"].go("/").sees(CONTEST)
    year["lead1"].follow(CONTEST, translate=False, exact=False).sees(CONTEST)
    year.posted()


def _invite(year: Year, key: str, role: str) -> None:
    name, email = CAST[key]
    admin = year["admin"]
    admin.fill("Full name", name).fill("E-mail address", email).choose("Role", admin.say(role)).press("Invite").sees(
        email
    )


def accept(visitor: Visitor) -> Visitor:
    """Open the account that an invitation offers."""
    visitor.open_letter("invitation").fill("New password", visitor.password).press("Open my account")
    return visitor
