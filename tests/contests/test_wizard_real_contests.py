"""The rules of four real contests, built through the pages of the wizard alone; export and import give the same."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compapp.accounts.services import ensure_membership, ensure_organisation, ensure_person
from compapp.contests import queries, services
from compapp.contests.file.writer import export
from compapp.core.actor import Actor
from compapp.core.db import unit_of_work
from tests.conftest import StoppedClock
from tests.contests.test_pages import AT, SYSTEM
from tests.contests.wizard import Organiser, shown

pytestmark = pytest.mark.one_database


@pytest.fixture
def client(app: Any, db: Session, clock_at: StoppedClock, as_person: Callable[..., FlaskClient]) -> FlaskClient:
    """An organiser of a department, in a province with two universities."""
    clock_at(AT)
    with unit_of_work():
        person = ensure_person("Lê Văn An", email="boss@example.vn", locale="vi", actor=SYSTEM, at=AT)
        department = ensure_organisation("department", "Sở Khoa học", "Department of Science", actor=SYSTEM, at=AT)
        for name in ("Đại học Một", "Đại học Hai"):
            ensure_organisation("university", name, name, actor=SYSTEM, at=AT)
        ensure_membership(person.id, "organiser", department.id, actor=SYSTEM, at=AT)
    return as_person(person)


def begin(client: FlaskClient, code: str, title: str) -> Organiser:
    """Make the draft."""
    from compapp.accounts.queries import organisation_named

    department = organisation_named("department", "Sở Khoa học")
    assert department is not None
    sent = {
        "organiser": department.id,
        "code": code,
        "title_vi": title,
        "title_en": title,
        "launch_at": "01/03/2027 08:00",
        "closes_at": "31/03/2027 17:00",
    }
    answer = client.post("/contests/new", data=sent)
    assert answer.headers["Location"].endswith("/manage/setup")
    return Organiser(client, code)


def the_same_again(code: str, other: str = "2") -> dict[str, Any]:
    """Return the definition, after it was exported, imported under another code and exported again."""
    first = export(queries.contest_by_code(code))
    with unit_of_work():
        services.import_document(first, code=f"{code}-{other}", actor=Actor.system("test"), at=AT)
    second = export(queries.contest_by_code(f"{code}-{other}"))
    assert {**second, "contest": {**second["contest"], "code": code}} == first
    return first


def criteria(*pairs: tuple[str, str, int]) -> list[dict[str, Any]]:
    return [{"label__vi": vi, "label__en": en, "weight": weight} for vi, en, weight in pairs]


def test_quang_ngai(client: FlaskClient) -> None:
    """Two boards; 8 + 10 minutes; the best 5 of each by mean, with at least 50 points and no criterion zero."""
    wizard = begin(client, "QN-2021", "Ý tưởng khởi nghiệp Quảng Ngãi")
    assert client.get(wizard.base).text.count("Có sẵn, hãy xem lại") == 4, "what nobody has looked at is not done"
    wizard.fill("boards/items/chung", label__vi="Bảng Ý tưởng", label__en="Ideas", team_max="")
    wizard.fill("boards/new", label__vi="Bảng Dự án", label__en="Projects", team_max="")
    pairs = ("Đổi mới", "Innovation", 20), ("Thương mại hóa", "Commercialisation", 20), ("Kế hoạch", "Plan", 20)
    more = ("Định hướng", "Direction", 10), ("Tác động", "Impact", 15), ("Trình bày", "Presentation", 15)
    wizard.rows("rubrics/items/RB1", "criteria", criteria(*pairs, *more))
    live = {"kind": "live_pitch"}
    wizard.fill("rounds/items/R1", live, pitch_minutes=8, qa_minutes=10, judges_per_entry=5)
    through = {"advance_0": 5, "advance_1": 5, "wildcards_0": 2}
    wizard.fill("rounds/items/R1", **through, gates__min_total=50, gates__no_zero="mean")
    wizard.fill("rounds/new", label__vi="Chung kết", label__en="Final", rubric="RB1", judges_per_entry=5)
    document = the_same_again("QN-2021")
    first = document["rounds"][0]
    assert first["gates"] == {"min_total": 50, "no_zero": "mean"}
    assert (first["advance"], first["wildcards"]) == ({"chung": 5, "projects": 5}, {"chung": 2})
    assert (first["kind"], first["pitch_minutes"], first["qa_minutes"]) == ("live_pitch", 8, 10)
    wizard.fill("rounds/items/R1", advance_1="", bye_1_vi="Bảng mới mở")
    free = the_same_again("QN-2021", "3")["rounds"][0]
    assert (free["advance"], free["byes"]) == ({"chung": 5}, {"projects": {"vi": "Bảng mới mở"}})
    rules = client.get("/contests/QN-2021/manage/setup/rounds").text
    assert "Bảng Dự án: được miễn vòng này, vào thẳng vòng sau (Bảng mới mở)." in rules
    wizard.fill("rounds/items/R1", advance_1=5, bye_1_vi="")
    assert "byes" not in the_same_again("QN-2021", "4")["rounds"][0]
    page = client.get("/contests/QN-2021/manage/setup/rounds").text
    assert "5 bài" in page
    assert "ban giám khảo có thể đặc cách thêm tối đa 2 bài" in page
    assert "Mỗi đội trình bày 8 phút và trả lời câu hỏi 10 phút." in page
    fresh = shown(client.get(f"{wizard.base}/rounds/new").text)
    assert fresh["rubric"] == "RB1", "the only rubric there is"
    turned = shown(client.post(f"{wizard.base}/rounds/new", data={**fresh.to_dict(), **live, "row": "preview"}).text)
    assert "blind__hide_team_names" in fresh and "blind__hide_team_names" not in turned, "they stand before the jury"
    dates = client.get(f"{wizard.base}/dates").text
    assert "Nhận bài từ Thứ Hai, 01/03/2027, 08:00 (GMT+7) đến Thứ Tư, 31/03/2027, 17:00 (GMT+7)." in dates
    assert "Đội chưa nộp bài được nhắc trước hạn: 3 ngày, 24 giờ, 3 giờ." in dates
    assert "Không nhận bài sau hạn nộp." in dates and "Nothing is accepted after the deadline." in dates
    found = services.check_setup(queries.contest_by_code("QN-2021"), AT)
    assert [one.sentence.msgid for one in found if one.level != "warning"] == []


def test_cic(client: FlaskClient) -> None:
    """At most 4; late is out; a canvas; 40/30/15 with 15 for training; 7 judges and 300 points in the final."""
    wizard = begin(client, "CIC-2019", "CIC")
    wizard.fill("boards/items/chung", team_max=4, training_topic="pitching")
    wizard.fill("files/new", label__vi="Bản canvas", label__en="Canvas", formats=["pdf"], file_name="BMC_*")
    wizard.fill("questions/new?type=canvas", label__vi="Mô hình", label__en="Model", required="y")
    pairs = ("Tính mới", "Novelty", 40), ("Khả thi", "Feasibility", 30), ("Hình thức", "Form", 15)
    wizard.rows("rubrics/items/RB1", "criteria", criteria(*pairs))
    wizard.rows("rounds/items/R1", "extra_points", [{"label__vi": "Tập huấn", "label__en": "Training", "max": 15}])
    wizard.rows(
        "rubrics/new",
        "criteria",
        criteria(("Mô hình", "Model", 100), ("Slide", "Slides", 100), ("Thuyết trình", "Talk", 60)),
        label__vi="Chung kết",
        label__en="Final",
    )
    wizard.fill("rounds/new", label__vi="Vòng hai", label__en="Second", rubric="RB1")
    wizard.fill("rounds/new", label__vi="Vòng ba", label__en="Third", rubric="RB1")
    wizard.fill("rounds/new", label__vi="Vòng bốn", label__en="Fourth", rubric="RB1")
    wizard.fill("rounds/new", label__vi="Chung kết", label__en="Final", rubric="RB2", judges_per_entry=7)
    wizard.rows(
        "rounds/items/R5",
        "extra_points",
        [{"label__vi": "Dự tập huấn", "label__en": "Attendance", "max": 40}],
    )
    wizard.rows("deciding", "rules__tie_break", [{"step": "chair_decision"}, {"step": ""}])
    document = the_same_again("CIC-2019")
    assert [one["weight"] for one in document["rubrics"][1]["criteria"]] == [100, 100, 60]
    assert document["rounds"][4]["extra_points"] == [
        {"code": "attendance", "label": {"vi": "Dự tập huấn", "en": "Attendance"}, "max": 40}
    ]
    assert document["contest"]["rules"]["tie_break"] == [{"chair_decision": True}]
    assert document["form"]["fields"][-1]["type"] == "canvas"
    assert document["form"]["attachments"][0]["file_name"] == "BMC_*"
    assert document["contest"]["boards"][0]["training_topic"] == "pitching"
    assert document["contest"]["submission"].get("late_policy", "closed") == "closed"


def test_startup_wheel(client: FlaskClient) -> None:
    """At most 35 years and 5 people; the semi-final is 10 + 10 + 10 + 70 per cent; 100 chosen, then 10 finalists."""
    wizard = begin(client, "SW-2019", "Startup Wheel")
    wizard.fill("boards/items/chung", team_max=5, age_max=35)
    names = ("Công nghệ", "Tech"), ("Nông nghiệp", "Agriculture"), ("Dịch vụ", "Services"), ("Xã hội", "Social")
    wizard.rows("sectors", "sectors", [{"label__vi": vi, "label__en": en} for vi, en in names])
    wizard.fill("rounds/items/R1", label__vi="Sơ khảo", label__en="Preliminary", advance_0=100)
    for vi, en in (("Kế hoạch", "Plan"), ("Gọi vốn", "Crowdfunding"), ("TVC", "TVC")):
        wizard.fill("rounds/new", label__vi=vi, label__en=en, rubric="RB1")
    votes = {"one_vote_per": "verified_account_and_board"}
    wizard.fill("rounds/new", {"kind": "public_vote"}, label__vi="Bình chọn", label__en="Vote", **votes)
    carried = {"carry_1": 10, "carry_2": 10, "carry_3": "7,5", "carry_own": "72,5"}
    final = {"label__vi": "Startup Exchange", "label__en": "Startup Exchange", "rubric": "RB1", "advance_0": 10}
    wizard.fill("rounds/new", {"kind": "live_pitch"}, **final, **carried)
    crowd = {"label__vi": "Cổ động viên", "label__en": "Fans", "max": 10, "from_vote": "R5"}
    wizard.rows("rounds/items/R6", "extra_points", [crowd])
    shares = [{"label__vi": "Tên", "label__en": "Who"}, {"label__vi": "Góp", "label__en": "Share", "type": "number"}]
    shares[1]["sum"] = "100"
    wizard.rows("questions/new?type=table", "columns", shares, label__vi="Góp vốn", label__en="Equity")
    document = the_same_again("SW-2019")
    assert document["rounds"][5]["carry"] == {"R2": 10, "R3": 10, "R4": 7.5, "R6": 72.5}
    assert document["rounds"][5]["extra_points"][0]["from_vote"] == "R5"
    assert document["form"]["fields"][-1]["columns"][1]["sum"] == 100
    assert document["rounds"][4]["one_vote_per"] == "verified_account_and_board"
    assert "được bình chọn một lượt ở mỗi bảng" in client.get(f"{wizard.base}/rounds/items/R5").text
    page = client.get(f"{wizard.base}/rounds/items/R6").text
    assert "Kế hoạch 10 %, Gọi vốn 10 %, TVC 7,5 %, Startup Exchange 72,5 %" in page
    assert "Kết quả bình chọn được tính: Cổ động viên, tối đa 10 điểm." in page
    found = services.check_setup(queries.contest_by_code("SW-2019"), AT)
    assert [one.key for one in found if one.step == "rounds"] == ["last.R6"], "what counts later lets nobody drop out"
    plan = client.get(f"{wizard.base}/rounds/items/R2").text
    assert "Không đội nào bị loại ở vòng này; kết quả được tính vào: Startup Exchange." in plan
    assert "tổng cột “Góp” phải bằng 100" in client.get(f"{wizard.base}/form").text
    assert document["contest"]["boards"][0]["age_max"] == 35
    assert [one["code"] for one in document["sectors"]] == ["tech", "agriculture", "services", "social"]
    page = f"{wizard.base}/rounds/items/R6"
    answer = client.post(page, data={"carry_1": "50", "label__vi": "X", "opens": "x", "closes": "", "kind": "y"})
    assert answer.status_code == 422


def test_hult(client: FlaskClient) -> None:
    """Teams of 2 to 4, 18 and older, one team a person; marks from 1 to 5; 3 judges, 4 + 4 minutes; appeals."""
    wizard = begin(client, "HULT-2021", "Hult Prize")
    ids = {one.name_vi: one.id for one in _universities()}
    wizard.fill("schools", new_schools=list(ids.values()))
    wizard.fill("boards/items/chung", team_min=2, team_max=4, age_min=18, min_entries=5, eligible_kinds=["university"])
    wizard.rows("rubrics/items/RB1", "criteria", criteria(("Ý tưởng", "Idea", 1), ("Đội", "Team", 1)), scale__max=5)
    wizard.fill("rubrics/items/RB1", scale__min=1, scale__step=1)
    assert "mỗi phiếu được tối đa 2 điểm" in client.get(f"{wizard.base}/rubrics").text
    wizard.fill("rounds/items/R1", {"kind": "live_pitch"}, judges_per_entry=3, pitch_minutes=4, qa_minutes=4)
    wizard.fill("rounds/items/R1", deliberation__ballot="secret")
    assert "Khi họp về vòng này, ban giám khảo bỏ phiếu kín." in client.get(f"{wizard.base}/rounds").text
    chosen = {"mode": "yes_no", "mode_options__yes_needed": 3, "mode_options__places": "x", "rubric": "RB1"}
    wizard.fill("rounds/new", label__vi="Sàng lọc", label__en="Screening", advance_0=9, **chosen)
    assert "trong các bài đạt, tối đa 9 bài tốt nhất" in client.get(f"{wizard.base}/rounds/items/R2").text
    screening = export(queries.contest_by_code("HULT-2021"))["rounds"][1]
    assert (screening["mode_options"], "rubric" in screening) == ({"yes_needed": 3}, False), "typed and saved at once"
    wizard.fill("rounds/items/R2", remove="1")
    strict = {"rules__mentors_may_not_judge": "y", "rules__judges_one_round": "y"}
    wizard.fill("rules", rules__one_team_per_person="y", submission__team_lock="at_submission", **strict)
    wizard.fill("messages/appeal_decided", words_en="The appeal officer is not on the jury.")
    wizard.fill("deciding", rules__appeal_grounds=["procedure", "conflict_of_interest", "arithmetic"])
    wizard.rows("dates", "appeals", [{"round": "R1", "opens": "20/04/2027 08:00", "closes": "23/04/2027 08:00"}])
    document = the_same_again("HULT-2021")
    board = document["contest"]["boards"][0]
    assert (board["team_min"], board["team_max"], board["age_min"], board["min_entries"]) == (2, 4, 18, 5)
    assert document["rubrics"][0]["scale"] == {"min": 1, "max": 5, "step": 1}
    assert [one["kind"] for one in document["institutions"]] == ["university", "university"]
    assert document["contest"]["rules"]["mentors_may_not_judge"] and document["contest"]["rules"]["judges_one_round"]
    assert list(document["contest"]["messages"]["words"]) == ["appeal_decided"]
    assert document["contest"]["rules"]["appeal_grounds"] == ["procedure", "conflict_of_interest", "arithmetic"]
    check = client.get("/contests/HULT-2021/manage/setup-check")
    assert check.status_code == 200
    sent = shown(check.text).to_dict()
    refused = client.post("/contests/HULT-2021/manage/setup-check", data=sent)
    assert refused.status_code == 422
    answer = client.post("/contests/HULT-2021/manage/setup-check", data={**sent, "reason": "Đã cân nhắc."})
    assert answer.status_code == 303
    assert queries.contest_by_code("HULT-2021").state == "open"
    assert "Thành viên từ 18 tuổi trở lên." in client.get("/contests/HULT-2021").text


def _universities() -> Any:
    from compapp.accounts.queries import organisations_by_kind

    return organisations_by_kind("university")
