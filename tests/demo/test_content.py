"""The demonstration's texts keep the contest's own rules, and its files are real files."""

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from compapp.demo import content
from compapp.demo.content import attachments

SAMPLE = content.contest_document()
SECOND = content.contest_document(content.SECOND_CONTEST)
ENTRIES = {entry["code"]: entry for entry in SAMPLE["entries"]}
FIELDS = SAMPLE["form"]["fields"]
LARGEST = 150_000
MEMBERS = {
    member["name"] for contest in (SAMPLE, SECOND) for entry in contest["entries"] for member in entry["members"]
}
SCHOOLS = {school["name"][language] for school in SAMPLE["institutions"] for language in ("vi", "en")}
SCHOOLS |= {name.removesuffix(" (hư cấu)").removesuffix(" (fictional)") for name in SCHOOLS}
PROPER_NAMES = {"Cù Lao Xanh", "Rạch Sen", "Giồng Sao", "Bến Đò", "Sông Tiền", "ĐH Trà Vinh", "Cửu Long"}


def options(field: dict[str, Any]) -> set[str]:
    """Return the codes a field accepts."""
    if "options_from" in field:
        return {row["code"] for row in SAMPLE[field["options_from"]]}
    return {option["code"] for option in field["options"]}


def judged(answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what judges may read."""
    for field in FIELDS:
        if field["visibility"] in ("public", "judges", "judges_confidential") and field["key"] in answers:
            yield field["key"], json.dumps(answers[field["key"]], ensure_ascii=False)


def text_of(pdf: bytes) -> str:
    """Return the text layer with single blanks."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def fold(text: str) -> str:
    """Compare without the hyphenation of lines."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def test_the_sample_is_answered_entry_by_entry() -> None:
    assert content.answered_entries() == tuple(sorted(ENTRIES))
    assert len(ENTRIES) == 24
    with pytest.raises(KeyError):
        content.answers("S99")


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_every_answer_fits_its_field(code: str) -> None:
    answers = content.answers(code)
    assert set(answers) <= {field["key"] for field in FIELDS}
    for field in FIELDS:
        key, kind = field["key"], field["type"]
        if key not in answers:
            assert not field["required"], key
            continue
        value = answers[key]
        if kind in ("text", "longtext"):
            assert value.strip() and unicodedata.is_normalized("NFC", value), key
            assert len(value) <= field["max"], key
        elif kind in ("choice", "reference"):
            assert value in options(field), key
        elif kind in ("multichoice", "ranked"):
            assert set(value) <= options(field) and len(set(value)) == len(value), key
        elif kind == "money":
            assert type(value) is int and value >= 0
        elif kind == "checkbox":
            assert value is True
        else:
            assert kind == "consents"
            assert value["run_contest"] is True
            assert {type(given) for given in value.values()} == {bool}


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_answers_agree_with_the_contest_file(code: str) -> None:
    entry, answers = ENTRIES[code], content.answers(code)
    for key in ("title", "one_liner"):
        assert answers[key] == entry[key]["vi"]
    assert answers["title_en"] == entry["title"]["en"]
    for key in ("board", "sector", "stage"):
        assert answers[key] == entry[key]
    assert answers.get("incubator_prefs") == entry.get("incubator_prefs")
    for member in entry["members"]:
        assert member["name"] in answers["member_roles"]
    if entry.get("incubator_prefs"):
        assert answers["consent_privacy"]["share_with_incubators"]


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_judges_read_no_names(code: str) -> None:
    for key, text in judged(content.answers(code)):
        for name in MEMBERS | SCHOOLS | PROPER_NAMES:
            assert name not in text, (key, name)


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_money_is_spoken_of_in_figures(code: str) -> None:
    finance = content.answers(code)["finance"].lower()
    assert len(re.findall(r"\d[\d.]*\s*(?:đồng|triệu)", finance)) >= 2
    assert re.search(r"hòa vốn|hoàn vốn|hoàn lại|lấy lại vốn|vừa đủ chi|được bù", finance)


def test_pupils_under_sixteen_are_neither_shown_nor_passed_to_investors() -> None:
    launch = date.fromisoformat(SAMPLE["contest"]["launch"]["at"][:10])
    for code, entry in ENTRIES.items():
        consents = content.answers(code)["consent_privacy"]
        youngest = max(date.fromisoformat(member["born"]) for member in entry["members"])
        if (launch.year - youngest.year) < 15:
            assert not consents["publish_name_photo"], code
        if entry["board"] == "pupil":
            assert not consents["share_with_investors"], code


def test_the_suspected_copy_reads_like_one() -> None:
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}

    solutions = {code: shingles(content.answers(code)["solution"]) for code in ENTRIES}
    copied = solutions["S15"]
    assert len(copied & solutions["S01"]) / len(copied) > 0.6
    for code in set(ENTRIES) - {"S01", "S15"}:
        assert len(copied & solutions[code]) / len(copied) < 0.05, code


def test_one_of_two_teams_in_two_contests_declares_it() -> None:
    elsewhere = {frozenset(member["name"] for member in entry["members"]) for entry in SECOND["entries"]}
    for code in ("S09", "S12"):
        assert frozenset(member["name"] for member in ENTRIES[code]["members"]) in elsewhere
    assert content.answers("S09")["prior_contests"].startswith("Không")
    assert "Ý tưởng xanh 2026" in content.answers("S12")["prior_contests"]


def test_the_second_contest_is_another_kind() -> None:
    assert unicodedata.is_normalized("NFC", content.SECOND_CONTEST.read_text(encoding="utf-8"))
    assert SECOND["contest"]["code"] != SAMPLE["contest"]["code"]
    assert [board["code"] for board in SECOND["contest"]["boards"]] == ["idea", "project"]
    scale = SECOND["rubrics"][0]["scale"]
    assert (scale["min"], scale["max"]) == (1, 5)
    assert "sheets" not in SECOND
    assert set(SECOND) <= set(SAMPLE)
    assert {key for field in SECOND["form"]["fields"] for key in field} <= {key for field in FIELDS for key in field}
    closes, scoring = SECOND["contest"]["submission"]["closes"], SECOND["rounds"][1]
    assert closes["day"] > 40 and scoring["opens"]["day"] < 75 < scoring["closes"]["day"]


def test_days_of_the_second_contest_are_counted_from_its_launch() -> None:
    launch = date.fromisoformat(SECOND["contest"]["launch"]["at"][:10])

    def moments(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if set(value) == {"at", "day"}:
                yield value
            for inner in value.values():
                yield from moments(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from moments(inner)

    found = list(moments(SECOND))
    assert len(found) >= 12
    assert all((date.fromisoformat(moment["at"][:10]) - launch).days == moment["day"] for moment in found)


def test_judges_have_words_for_every_criterion_and_band() -> None:
    comments = content.comments()
    scored = {criterion["code"] for criterion in SAMPLE["rubrics"][0]["criteria"]}
    assert set(comments["criteria"]) == scored
    sentences = [sentence for bands in comments["criteria"].values() for band in bands.values() for sentence in band]
    assert len(sentences) == len(set(sentences)) >= 24
    for bands in comments["criteria"].values():
        assert bands["below_4"] and bands["above_9"]
    assert set(comments["entries"]) == set(ENTRIES)
    assert [incident["n"] for incident in comments["incidents"]] == list(range(1, 13))
    grounds = set(SAMPLE["contest"]["rules"]["appeal_grounds"])
    assert {appeal["ground"] for appeal in comments["appeals"]} <= grounds


def test_sheets_that_need_a_comment_have_one() -> None:
    comments = content.comments()
    written = comments["sheets"]["R1"]
    for sheet in SAMPLE["sheets"]["R1"]:
        for criterion, score in sheet["scores"].items():
            if score < 4 or score > 9:
                words = written[sheet["entry"]][sheet["judge"]]
                assert words["comment"] == sheet["comment"]
                assert words["criteria"][criterion]
    for judges in comments["second_contest"].values():
        for sheet in judges.values():
            for criterion, score in sheet["scores"].items():
                assert 1 <= score <= 5 and score * 2 == int(score * 2)
                if score < 2.5 or score > 4.5:
                    assert sheet["criteria"][criterion]


def test_comments_released_to_teams_name_nobody() -> None:
    comments = content.comments()
    released = json.dumps([comments["entries"], comments["criteria"], comments["sheets"]], ensure_ascii=False)
    people = MEMBERS | {judge["name"] for judge in SAMPLE["judges"]}
    assert not [name for name in people | SCHOOLS if name in released]


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_proposals_say_what_was_answered_and_who_wrote_is_hidden(code: str) -> None:
    answers = content.answers(code)
    pdf = attachments.proposal_pdf(code, answers["title"], answers)
    text = text_of(pdf)
    assert fold(answers["title"]) in text
    assert fold(answers["problem"])[:40] in text
    assert len(pdf) < LARGEST
    assert len(PdfReader(BytesIO(pdf)).pages) <= 15
    for name in MEMBERS | SCHOOLS:
        assert name not in text
    assert set(PdfReader(BytesIO(pdf)).metadata or {}) == {"/CreationDate"}


def test_files_are_the_same_bytes_each_time_and_quickly_made() -> None:
    answers = content.answers("S01")
    makers: list[Callable[[], bytes]] = [
        lambda: attachments.proposal_pdf("S01", answers["title"], answers),
        lambda: attachments.slides_pdf("S01", answers["title"], answers),
        lambda: attachments.poster_png("S01", answers["title"], answers["one_liner"], answers["sector"]),
        lambda: attachments.picture_jpg("S01", answers["title"], answers["sector"]),
        lambda: attachments.school_confirmation_pdf("Trường THPT Rạch Sen (hư cấu)", ENTRIES["P01"]["members"]),
        lambda: attachments.guardian_consent_pdf("Võ Văn Hân", date(2013, 3, 18), "Trường THCS Bến Đò", "Võ Văn Tám"),
        lambda: attachments.decision_scan_pdf("12/QĐ-BTC", date(2026, 11, 20), "Đặng Minh Ân", ["Điều 1. Công nhận."]),
    ]
    for make in makers:
        first = make()
        started = time.process_time()
        assert make() == first
        assert time.process_time() - started < 0.9  # 0.3 s on a quiet machine
        assert len(first) < LARGEST


def test_the_leaky_proposal_names_the_school() -> None:
    answers = content.answers("S04")
    school = "Trường Đại học Sư phạm Kỹ thuật Vĩnh Long"
    assert school in text_of(attachments.leaky_proposal_pdf("S04", answers["title"], answers, school))


def test_papers_for_organisers_name_the_people_concerned() -> None:
    members = ENTRIES["P01"]["members"]
    confirmed = text_of(attachments.school_confirmation_pdf("Trường THPT Rạch Sen", members, date(2026, 11, 3)))
    assert all(member["name"] in confirmed for member in members)
    assert "ngày 03 tháng 11 năm 2026" in confirmed
    consent = text_of(
        attachments.guardian_consent_pdf("Võ Văn Hân", date(2013, 3, 18), "Trường THCS Bến Đò", "Võ Văn Tám")
    )
    assert "18/03/2013" in consent and "KHÔNG ĐỒNG Ý" in consent


def test_a_scan_is_a_picture_whose_words_can_be_found() -> None:
    lines = ["Điều 1. Công nhận 24 bài dự thi đủ điều kiện vào vòng sơ khảo."]
    pdf = attachments.decision_scan_pdf("12/QĐ-BTC", date(2026, 11, 20), "Đặng Minh Ân", lines)
    page = PdfReader(BytesIO(pdf)).pages[0]
    assert len(page.images) == 1
    assert "Công nhận 24 bài dự thi" in text_of(pdf)
    assert "12/QĐ-BTC" in text_of(pdf)


def test_slides_are_five_and_pictures_open() -> None:
    answers = content.answers("P05")
    slides = attachments.slides_pdf("P05", answers["title"], answers)
    assert len(PdfReader(BytesIO(slides)).pages) == 5
    poster = Image.open(BytesIO(attachments.poster_png("P05", answers["title"], answers["one_liner"], "social_impact")))
    assert (poster.format, poster.size) == ("PNG", (841, 1189))
    picture = Image.open(BytesIO(attachments.picture_jpg("P05", answers["title"], "social_impact")))
    assert (picture.format, picture.size) == ("JPEG", (1200, 675))
    assert not picture.getexif()
    assert attachments.video_link("P05") == "https://video.example/y-tuong/p05"
