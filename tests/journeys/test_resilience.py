"""What people do to a program and what happens to it, seen from the browser: nothing typed and nothing said is lost.

(What dies under load, and many hands at once without a browser, stand in ``test_faults.py`` and ``test_races.py``.)
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.journeys.chapters.entering import proposal
from tests.journeys.house import CLOCK, JOBS, House
from tests.journeys.permissions.building import moment_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.one_database
PHASE = "entry"
PROBLEM, SOLUTION = "Vấn đề và tính cần thiết", "Giải pháp, sản phẩm; tính mới"

Player = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _today(demonstration: House) -> Iterator[None]:
    """Let each test begin on the same day with everything said."""
    demonstration.move_to(moment_of(PHASE))
    yield


def own_entry(visitor: Visitor) -> str:
    """Return the path of the entry that this person works on."""
    visitor.go("/entries").page.locator("main article h2 a").first.click()
    return re.sub(r"^https?://[^/]+", "", visitor.page.url)


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_after_sign_in(
    demonstration: House, player: Player
) -> None:
    """The session ends while somebody writes; the text is shown, kept through sign-in, and saved."""
    student = player("student")
    path = own_entry(student)
    student.go(f"{path}/answers")
    words = "Viết lúc phiên đã hết, không được mất. " * 3
    student.page.context.clear_cookies()
    student.fill(PROBLEM, words, translate=False)
    student.press("Save").reads("Your session has ended. Sign in again; what you typed is kept.")
    student.sign_in().sees(words.strip()).sees_not("a-problem").press("Send it now")
    student.go(f"{path}/answers")
    assert student.field(PROBLEM, translate=False).input_value().strip() == words.strip()


def test_two_browsers_that_save_the_same_field_are_both_heard(player: Player) -> None:
    """The later one sees the other's text beside the own one, and decides."""
    lead, member = player("student"), player("member")
    path = own_entry(lead)
    lead.go(f"{path}/answers")
    member.go(f"{path}/answers")
    lead.fill(SOLUTION, "Bản của trưởng nhóm.", translate=False).press("Save")
    member.fill(SOLUTION, "Bản của thành viên.", translate=False)
    member.press("Save")
    member.reads("A team mate has changed the same answer. Both texts are there: choose below the question.")
    member.sees("Bản của trưởng nhóm.")
    assert member.field(SOLUTION, translate=False).input_value() == "Bản của thành viên."
    member.press("Save")
    lead.go(f"{path}/answers")
    assert lead.field(SOLUTION, translate=False).input_value() == "Bản của thành viên."


def test_a_double_click_gives_one_receipt(demonstration: House, player: Player) -> None:
    """Submitting is pressed twice in the blink of an eye; so do two windows."""
    lead = player("student")
    path = own_entry(lead)
    complete(lead, path)
    number = int(path.rsplit("/", 1)[1])
    before = versions_of(demonstration, number)
    lead.go(f"{path}/submission")
    other = lead.page.context.new_page()
    other.goto(f"{path}/submission")
    lead.page.get_by_role("button", name=lead.say("Submit"), exact=True).dblclick()
    other.get_by_role("button", name=lead.say("Submit"), exact=True).click()
    other.wait_for_load_state()
    lead.reads("Receipt %(receipt)s")
    assert versions_of(demonstration, number) == before + 1
    demonstration.settled()
    said = [one for one in demonstration.letters() if one.kind == "entry_submitted" and one.to == lead.email]
    assert len(said) == 1


def complete(lead: Visitor, path: str) -> None:
    """Give what the entry of the demonstration still lacks."""
    lead.go(f"{path}/answers").fill("Dự toán, doanh thu, điểm hòa vốn", "Hòa vốn sau 14 tháng.", translate=False)
    lead.tick("Cam kết ý tưởng gốc", translate=False)
    for box in lead.page.get_by_role("group", name="Đồng ý xử lý dữ liệu cá nhân").get_by_role("checkbox").all():
        box.check()
    lead.press("Save").go(f"{path}/files")
    lead.page.locator("#file-video input[type=url]").fill("https://video.example/tram-do-man")
    lead.press("Save the link", within="#file-video")
    lead.upload("Xác nhận.pdf", proposal(), place="#file-school_confirm")


def versions_of(house: House, entry: int) -> int:
    """Return how often an entry has been handed in."""
    return int(house.rows(f"SELECT count(*) FROM entry_version WHERE entry_id = {entry}")[0][0])


def test_a_form_sent_after_the_deadline_is_refused_with_its_text(demonstration: House, player: Player) -> None:
    """The page was opened in time and is sent too late: a clear sentence, and every word on the page."""
    student = player("student")
    path = own_entry(student)
    student.go(f"{path}/answers").fill(PROBLEM, "Một phút quá muộn, nhưng vẫn còn chữ.", translate=False)
    demonstration.move_to(moment_of(PHASE) + timedelta(days=22))
    student.press("Save").sees("Một phút quá muộn, nhưng vẫn còn chữ.").reads("No longer open")


def test_a_link_works_once(demonstration: House, player: Player) -> None:
    """The link for a new password is opened twice (as mail scanners do), used once, and then says so."""
    forgetful = player("club")
    forgetful.go("/forgotten-password").fill("E-mail address", forgetful.email).press("Send the link")
    forgetful.open_letter("password_reset").open_letter("password_reset")
    forgetful.fill("New password", "phù sa bồi đắp 2026").press("Set the password")
    forgetful.open_letter("password_reset").reads("No longer open").reads("This link has been used already.")
    forgetful.go("/home")


def test_worker_and_queue_may_die_at_any_moment(demonstration: House, player: Player) -> None:
    """Messages are caused while worker, clock and queue server die and come back: each arrives, and once."""
    chance = random.Random(2026)
    asked = ["judge", "chair", "secretary", "organiser", "school", "incubator", "mentor", "officer"]
    before = len(demonstration.letters())
    visitor = player("visitor")
    for number, account in enumerate(asked):
        victim = (JOBS, CLOCK, "queue")[number % 3]
        visitor.go("/forgotten-password").fill("E-mail address", f"{account}@demo.example").press("Send the link")
        time.sleep(chance.uniform(0, 0.15))
        if victim == "queue":
            demonstration.queue.kill()
        elif victim in demonstration.running:
            demonstration.kill(victim)
    for name in (JOBS, CLOCK):
        if name not in demonstration.running:
            demonstration.start_one(name)
    demonstration.queue.start()
    demonstration.settled(60)
    came = [one for one in demonstration.letters()[before:] if one.kind == "password_reset"]
    assert sorted(one.to for one in came) == sorted(f"{account}@demo.example" for account in asked)
    twice = [key for key, count in Counter(one.key for one in came).items() if count > 1]
    assert not twice
