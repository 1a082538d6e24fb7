"""Writing on a bad line: at most the last seconds are at risk, and two who write at once lose nothing."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.journeys.house import House
from tests.journeys.permissions.building import moment_of
from tests.journeys.test_resilience import PROBLEM, SOLUTION, own_entry
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.one_database
PHASE = "entry"
IMPACT = "Kết quả tiềm năng và tác động"

Player = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _today(demonstration: House) -> Iterator[None]:
    demonstration.move_to(moment_of(PHASE))
    yield


def _writes(visitor: Visitor, label: str, text: str) -> None:
    field = visitor.field(label, translate=False)
    field.fill("")
    field.press_sequentially(text)


def _state(visitor: Visitor, words: str, **params: str) -> None:
    said = re.escape(visitor.say(words)).replace(r"\{time\}", r"\d\d:\d\d").replace(r"\{fields\}", ".+")
    visitor.page.locator("[data-save-state]").filter(has_text=re.compile(said)).wait_for(timeout=20_000)


def _saved(house: House, path: str, key: str) -> str:
    number = int(path.rsplit("/", 1)[1])
    return str(json.loads(house.rows(f"SELECT answers FROM entry WHERE id = {number}")[0][0]).get(key, ""))


def test_what_is_typed_without_network_arrives_when_it_is_back(demonstration: House, player: Player) -> None:
    """The network goes while somebody types on a phone, the page is killed, and everything is there afterwards."""
    student = player("student", width=390)
    path = own_entry(student)
    student.go(f"{path}/answers")
    _writes(student, PROBLEM, "Trước khi mất mạng. ")
    _state(student, "Saved at {time}")
    assert _saved(demonstration, path, "problem") == "Trước khi mất mạng."
    context = student.page.context
    context.set_offline(True)
    _writes(student, PROBLEM, "Viết khi không có mạng, đến chữ cuối.")
    _state(student, "No connection. Your text is kept on this device and will be sent as soon as possible.")
    student.press("Save").reads("No connection. Your text is kept on this device and will be sent as soon as possible.")
    context.set_offline(False)
    _state(student, "Saved at {time}")
    assert _saved(demonstration, path, "problem") == "Viết khi không có mạng, đến chữ cuối."
    context.set_offline(True)
    _writes(student, SOLUTION, "Rồi hết pin ngay giữa câu")
    student.page.close()
    context.set_offline(False)
    student.page = context.new_page()
    student.go(f"{path}/answers")
    _state(student, "Text from this device that had not arrived is put back and saved.")
    assert _saved(demonstration, path, "solution") == "Rồi hết pin ngay giữa câu"


def test_two_who_write_at_once_lose_nothing(demonstration: House, player: Player) -> None:
    """Different answers appear in each other's page; of the same answer both texts are shown, and both are kept."""
    lead, member = player("student"), player("member")
    path = own_entry(lead)
    lead.go(f"{path}/answers")
    member.go(f"{path}/answers")
    member.page.context.set_offline(True)
    _writes(member, PROBLEM, "Ý thứ hai")
    _writes(lead, PROBLEM, "Bản của trưởng nhóm")
    _state(lead, "Saved at {time}")
    member.page.context.set_offline(False)
    box = member.page.locator("main section[data-clash]")
    box.get_by_text("Bản của trưởng nhóm").wait_for()
    _writes(member, SOLUTION, "Bản của thành viên")
    _state(member, "A team mate has changed the same answer. Both texts are there: choose below the question.")
    box.get_by_role("button", name=member.say("Join both")).click()
    _state(member, "Saved at {time}")
    kept = _saved(demonstration, path, "problem")
    assert "Bản của trưởng nhóm" in kept and "Ý thứ hai" in kept
    _writes(lead, IMPACT, "Ít mặn hơn")
    _state(lead, "Saved at {time}")
    assert lead.field(SOLUTION, translate=False).input_value() == "Bản của thành viên"
    assert lead.field(PROBLEM, translate=False).input_value() == kept


def test_a_file_that_broke_off_goes_on_from_what_arrived(demonstration: House, player: Player, tmp_path: Path) -> None:
    """A photograph is on its way on a phone when the line breaks and the page is killed; picked again, it goes on."""
    picture = tmp_path / "ban-chup-lai.jpg"
    Image.effect_noise((1300, 1000), 120).save(picture, "JPEG", quality=95)
    student = player("student", width=390)
    path = own_entry(student)
    offsets: list[int] = []

    def pieces(route: Any) -> None:
        offsets.append(int(route.request.url.rpartition("=")[2]))
        route.abort() if len(offsets) in {3, 4} else route.continue_()

    def pick() -> None:
        student.go(f"{path}/files").page.route("**/uploads/*?offset=*", pieces)
        student.page.locator('input[data-key="school_confirm"]').set_input_files(picture)

    pick()
    broken = student.say("{percent} arrived. No connection: it goes on by itself, keep this page open.")
    student.page.get_by_text(broken.rpartition("}")[2]).wait_for()
    context = student.page.context
    student.page.close(run_before_unload=False)
    student.page, there = context.new_page(), offsets[2]
    offsets[:] = []
    pick()
    student.page.get_by_role("link", name="ban-chup-lai.jpg").first.wait_for()
    assert there > 0 and offsets[0] == there, "what had arrived is not sent again"
    number = int(path.rsplit("/", 1)[1])
    kept = demonstration.rows(
        "SELECT b.sha256 FROM attachment a JOIN blob b ON b.id = a.blob_id "
        f"WHERE a.entry_id = {number} AND a.key = 'school_confirm' AND a.replaced_at IS NULL"
    )
    assert kept[0][0] == hashlib.sha256(picture.read_bytes()).hexdigest()
