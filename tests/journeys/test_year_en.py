"""The short way in English: a student enters and submits, two judges score, the team reads its result."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.chapters.entering import make_account, proposal
from tests.journeys.house import House, local
from tests.journeys.visitor import PASSWORD, Visitor
from tests.journeys.year import CODE, CONTEST_FILE

CONTEST = "River Country Start-up Ideas 2026"
TITLE = "A salinity post at the ditch head"
PEOPLE = {
    "admin": ("Alex Tran", "admin@example.com"),
    "organiser": ("Mai Nguyen", "organiser@example.com"),
    "chair": ("An Dang", "chair@example.com"),
    "judge": ("Phuc Le", "judge@example.com"),
    "lead": ("Thao Lam", "lead@example.com"),
}
DEFINITION: dict[str, Any] = json.loads(CONTEST_FILE.read_text(encoding="utf-8"))


class Crew:
    """Everybody of this test at their English browsers."""

    def __init__(self, house: House, newcomer: Callable[..., Visitor]) -> None:
        self.house = house
        self._newcomer = newcomer
        self._people: dict[str, Visitor] = {}

    def __getitem__(self, key: str) -> Visitor:
        """Return somebody at their browser."""
        if key not in self._people:
            self._people[key] = self._newcomer(*PEOPLE[key], locale="vi" if key == "admin" else "en")
        return self._people[key]

    def at(self, words: str) -> None:
        """Let it be ``2026-09-14 08:00``."""
        self.house.move_to(local(words))


@pytest.fixture
def crew(house: House, newcomer: Callable[..., Visitor]) -> Crew:
    """The people, on an installation with an administrator and an imported contest."""
    house.move_to(local("2026-09-08 08:00"))
    name, email = PEOPLE["admin"]
    house.flask("accounts", "create-admin", email, "--name", name, "--password-stdin", given=PASSWORD + "\n")
    house.flask("contest", "import", str(CONTEST_FILE))
    return Crew(house, newcomer)


def test_a_contest_in_english(crew: Crew) -> None:
    open_contest(crew)
    enter(crew)
    gather(crew)
    score(crew)
    publish(crew)


def open_contest(crew: Crew) -> None:
    """The administrator invites the organiser, who announces the contest."""
    admin = crew["admin"].go("/organisations")
    admin.page.get_by_role("button", name="English").first.click()
    admin.locale = "en"
    admin.go("/organisations").follow("Department of Science and Technology")
    name, email = PEOPLE["organiser"]
    admin.fill("Full name", name).fill("E-mail address", email).choose("Role", "Contest organiser").press("Invite")
    take_up(crew["organiser"].open_letter("invitation"))
    crew.at("2026-09-14 08:05")
    organiser = crew["organiser"].go("/contests/manage").follow(CONTEST)
    organiser.follow("Check and announce").reads("Nothing keeps the contest from being announced.")
    organiser.reads("The jury has no judges yet.").reads("Nobody but the organiser can approve results.")
    organiser.fill("Reason", "The jury is invited in October; its chair approves.")
    organiser.press("Announce the contest").reads("The contest is public now.")


def take_up(visitor: Visitor) -> Visitor:
    """Choose a password and English on the page of an invitation."""
    visitor.fill("New password", visitor.password).choose("Language", "English")
    return visitor.press("Open my account")


def enter(crew: Crew) -> None:
    """The student signs up, answers everything, attaches the proposal and gets a receipt."""
    crew.at("2026-10-10 09:00")
    lead = crew["lead"].go("/").follow(CONTEST, exact=False).follow("Enter now").follow("Sign up as a student")
    make_account(lead)
    lead.fill("Name of your idea", TITLE).tick("Student board").choose("Your school", "Islet University").press("Start")
    lead.follow("Team").follow("Details").fill("Date of birth", "01/02/2005").choose("School", "Islet University")
    lead.fill("Student number", "SV1").press("Save").follow("Answers")
    lead.fill("One-line description", "It phones the growers before the salt comes.")
    lead.choose("Sector", "High-tech agriculture").choose("Stage", "Prototype")
    lead.fill("Problem and need", "Salt water comes at night.").fill(
        "Solution, novelty", "A post with a small sun cell."
    )
    lead.fill("Households that tried it", "12.5").fill("Funding received", "5,000,000").tick(
        "Declaration of originality"
    )
    for box in lead.page.get_by_role("group", name="Consent to personal-data").get_by_role("checkbox").all():
        box.check()
    lead.press("Save").follow("Files").upload("Proposal.pdf", proposal())
    lead.follow("Overview").follow("Look and submit").sees("12.5").press("Submit").reads("Receipt %(receipt)s")
    crew.house.settled()
    letter = [one for one in crew.house.letters() if one.kind == "entry_submitted"]
    assert [one.to for one in letter] == [lead.email] and TITLE in letter[0].text


def gather(crew: Crew) -> None:
    """The organiser accepts the entry and gathers a jury of two."""
    crew.at("2026-10-15 09:00")
    organiser = crew["organiser"].go(f"/contests/{CODE}/manage").follow("Entries").follow(TITLE)
    organiser.tick("Eligible").press("Decide")
    crew.at("2026-10-19 09:00")
    for key in ("chair", "judge"):
        name, email = PEOPLE[key]
        organiser.go(f"/contests/{CODE}/jury").fill("Full name", name).fill("E-mail", email)
        organiser.tick("High-tech agriculture")
        if key == "chair":
            organiser.tick("Chairs the jury")
        organiser.press("Send the invitation").sees(name)
        invited = crew[key].open_letter("jury_invitation").sees(CONTEST)
        invited.tick("I keep confidential").press("Accept")
        take_up(invited).reads("Your seat in the jury")
    organiser.follow("Judging").follow("Who scores what").press("Compute the best assignment")
    organiser.press("Give out and tell the judges")


def score(crew: Crew) -> None:
    """Both judges score with points as decimals, in English."""
    crew.at("2026-10-20 09:00")
    criteria = [one["label"]["en"] for one in DEFINITION["rubrics"][0]["criteria"]]
    for key in ("chair", "judge"):
        judge = crew[key].go("/desk").follow(TITLE).sees_not(PEOPLE["lead"][0])
        for label, mark in zip(criteria, ("8.5", "8", "7.5"), strict=True):
            judge.fill(label, mark)
        judge.fill("Comment to the team", "Clear and cheap.")
        judge.press("Review and hand in").sees("80.50").press("Hand in the sheet").reads("Handed in")


def publish(crew: Crew) -> None:
    """Two people decide; the team reads its own result, and the world half an hour later."""
    crew.at("2026-10-30 17:05")
    organiser = crew["organiser"].go(f"/contests/{CODE}/manage").follow("Results").follow("Prepare the decision")
    organiser.press("Prepare for a second person")
    crew["chair"].open_letter("shortlist_to_approve").press("Approve")
    crew.at("2026-11-02 09:00")
    organiser.go(f"/contests/{CODE}/manage").follow("Results").follow("Open the decision")
    organiser.fill("Number of the decision", "15/QĐ-BTC").press("Publish now").reads("Published")
    crew["lead"].open_letter("result").sees("80.50").sees("Clear and cheap.").follow("Answer")
    crew["lead"].press("Yes, we take part").reads("Your place is confirmed.")
    crew.at("2026-11-02 09:40")
    crew["lead"].go(f"/contests/{CODE}").follow("See the results").sees(TITLE).sees("80.50")
    assert re.search(r"Published Monday, 02/11/2026, 09:00", crew["lead"].text())
