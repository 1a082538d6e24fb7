"""Official papers: drafted from the contest, edited, taken away as a document."""

import io

import docx
import pytest
from flask.testing import FlaskClient

from compapp.contests.models import Contest
from tests.contests.test_pages import contest, organiser  # noqa: F401 - fixtures
from tests.contests.wizard import shown

pytestmark = pytest.mark.one_database

BASE = "/contests/NHO-2027/manage/papers"


def words(client: FlaskClient, kind: str) -> str:
    answer = client.get(f"{BASE}/{kind}/docx")
    paper = docx.Document(io.BytesIO(answer.data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in paper.paragraphs] + cells)


@pytest.mark.parametrize("kind", ["plan", "rules", "committee", "jury", "secretaries"])
def test_each_paper_begins_with_what_the_contest_says(contest: Contest, organiser: FlaskClient, kind: str) -> None:  # noqa: F811
    text = words(organiser, kind)
    assert "Cuộc thi nhỏ" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert organiser.get(f"{BASE}/{kind}").status_code == 200


def test_an_edited_paper_is_kept(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    page = f"{BASE}/jury"
    sent = shown(organiser.get(page).text)
    sent["row"] = "people-add"
    sent = shown(organiser.post(page, data=sent).text)
    typed = {
        "people-0-name": "Đặng Minh Ân",
        "people-0-degree": "Tiến sĩ",
        "people-0-position": "Phó Trưởng phòng",
        "people-0-duty": "Trưởng ban",
        "dated": "06/04/2027",
        "place": "Vĩnh Long",
    }
    for name, value in typed.items():
        sent[name] = value
    assert organiser.post(page, data=sent).status_code == 303
    text = words(organiser, "jury")
    assert "Vĩnh Long, ngày 06 tháng 4 năm 2027" in text
    assert "Tiến sĩ" in text
    assert organiser.post(page, data=sent).status_code == 409
    assert "Đặng Minh Ân" in organiser.get(page).text
