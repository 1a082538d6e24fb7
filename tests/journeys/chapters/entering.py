"""Three students make accounts, form teams, fill in their entries and hand them in; their school confirms them."""

import re

from fpdf import FPDF

from tests.journeys.visitor import Visitor
from tests.journeys.year import CAST, CONTEST, IDEAS, SCHOOL, Year

LEADS = ("lead1", "lead2", "lead3")


def sign_up(year: Year) -> None:
    """Each lead makes an account from the contest's page and begins an entry."""
    year.at("2026-09-20 09:00")
    for key in LEADS:
        lead = year[key].go("/").follow(CONTEST, translate=False, exact=False)
        lead.follow("Enter now").follow("Sign up as a student")
        make_account(lead)
        start(year, key)
    year.posted(("confirm_address", LEADS))


def make_account(visitor: Visitor) -> None:
    """Fill in the sign-up form and confirm the address by the mailed link, which leads back to where one came from."""
    visitor.fill("Full name", visitor.name).fill("E-mail address", visitor.email)
    visitor.fill("Year of birth", "2005")
    visitor.tick("I agree that my data are used to run the contests that I take part in.")
    visitor.press("Sign up").reads("Look into your mailbox")
    visitor.open_letter("confirm_address").fill("New password", visitor.password).press("Confirm and open my account")


def start(year: Year, key: str) -> None:
    """Begin the entry on the page that asks for its name, board and school."""
    lead, (title, _sector) = year[key], IDEAS[key]
    lead.fill("Name of your idea", title)
    lead.tick("Bảng sinh viên", translate=False)
    lead.choose("Your school", SCHOOL).press("Start").sees(title)
    year.paths[key] = re.sub(r"^https?://[^/]+|(/answers|\?.*)$", "", lead.page.url)


def form_a_team(year: Year) -> None:
    """The first lead invites a member by mail, who makes an account on the way and joins."""
    year.at("2026-09-21 10:00")
    lead = year["lead1"].go(year.paths["lead1"]).follow("Team")
    name, email = CAST["member1"]
    lead.fill("Full name", name).fill("E-mail address", email).press("Make the invitation").sees(name)
    year.posted(("team_invitation", "member1"))
    member = year["member1"].open_letter("team_invitation")
    member.sees(IDEAS["lead1"][0]).follow("Make an account")
    make_account(member)
    member.fill("Date of birth", "05/03/2005").choose("School", SCHOOL).fill("Class", "DA23NN")
    member.fill("Student number", "SV0002").press("Join the team").sees(IDEAS["lead1"][0])
    member.open_letter("team_invitation")
    member.reads("This link has been used already.").reads("No longer open")
    year.posted(("confirm_address", "member1"), ("team_changed", "lead1"))


def fill_in(year: Year) -> None:
    """Every question is answered, a proposal attached."""
    year.at("2026-10-10 14:00")
    for key in LEADS:
        lead, (title, sector) = year[key], IDEAS[key]
        lead.go(year.paths[key]).follow("Team").follow("Details")
        lead.fill("Date of birth", "01/02/2005").choose("School", SCHOOL).fill("Student number", f"SV1{key[-1]}")
        lead.press("Save")
        answer(lead.follow("Answers"), title, sector)
        lead.follow("Files").upload("Bản thuyết minh.pdf", proposal())
    year.posted()


def answer(lead: Visitor, title: str, sector: str) -> None:
    """Write down all answers and save them."""
    lead.fill("Mô tả một câu", f"{title}: rẻ, gọn, làm ngay tại vườn.", translate=False)
    lead.choose("Lĩnh vực", sector, translate=False).choose("Giai đoạn", "Đã có mẫu thử", translate=False)
    lead.fill("Vấn đề và tính cần thiết", "Mùa khô nước mặn vào sâu, bà con không biết lúc nào.", translate=False)
    lead.fill("Giải pháp, tính mới", "Thiết bị nhỏ, pin mặt trời, nhắn tin khi cần.", translate=False)
    lead.fill("Số hộ đã thử", "12,5", translate=False).fill("Ngày bắt đầu làm", "15/05/2026", translate=False)
    lead.fill("Vốn đã nhận", "5.000.000", translate=False).tick("Ươm tạo", translate=False)
    lead.tick("Cam kết ý tưởng là của nhóm", translate=False)
    for box in lead.page.get_by_role("group", name="Đồng ý xử lý dữ liệu cá nhân").get_by_role("checkbox").all():
        box.check()
    lead.press("Save").sees(title)


def proposal(words: str = "A proposal. ") -> bytes:
    """Return a small PDF without names."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica", size=14)
    paper.multi_cell(0, 8, words * 40)
    return bytes(paper.output())


def submit(year: Year) -> None:
    """Each lead hands in and gets a receipt, which anybody can check; that two repeat the first is noticed."""
    year.at("2026-10-13 16:00")
    for key in LEADS:
        lead = year[key].go(year.paths[key])
        lead.follow("Look and submit")
        lead.press("Submit").reads("Receipt %(receipt)s")
        address = re.search(r"https?://\S+?/receipts/[\w-]+", lead.text())
        assert address is not None, lead.text()
        year.paths[f"{key}-receipt"] = address[0].removeprefix(year.house.url)
    year.at("2026-10-13 16:10")
    year.posted(
        ("entry_submitted", (*LEADS, "member1")),
        ("endorsement_asked", ("school",) * 3),
        ("similarity_found", ("organiser", "secretary") * 2),
    )
    visitor = year.stranger().go(year.paths["lead1-receipt"]).sees("13/10/2026")
    visitor.sees_not(IDEAS["lead1"][0])


def endorse(year: Year) -> None:
    """The school's representative confirms that the teams are its students."""
    year.at("2026-10-13 17:00")
    school = year["school"].open_letter("endorsement_asked").sees(CONTEST)
    for key in LEADS:
        school.tick(re.compile(re.escape(IDEAS[key][0])))
    school.press("Confirm the ticked").sees(school.say("%(num)d entry confirmed. The team is told.", num=len(LEADS)))
    year.posted(("endorsement_decided", (*LEADS, "member1")))
