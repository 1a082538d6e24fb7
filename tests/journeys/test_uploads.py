"""Files that no honest team hands in: refused in words, nothing left on the disk, no 5xx."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.journeys.fuzzing import Faults
from tests.journeys.permissions.stages import Stage, built, stage_of

__all__ = ["built", "stage_of"]
pytestmark = [
    *(pytest.mark.one_database, pytest.mark.slow),
    # The test client forgets to close what it spooled to the disk for a large upload.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

StageOf = Callable[[str], Stage]


@pytest.fixture
def faults(caplog: pytest.LogCaptureFixture) -> Iterator[Faults]:
    """Gathers faults; fails at the end of the test if there are any."""
    found = Faults(caplog)
    yield found
    found.must_be_none()


LEAD_OF = (
    "SELECT t.entry_id FROM team_member t JOIN person p ON p.id = t.person_id "
    "WHERE p.email = 'student@demo.example' AND t.role = 'lead' ORDER BY t.entry_id LIMIT 1"
)


def _good_pdf() -> bytes:
    from tests.entries import builders

    return bytes(builders.pdf("Trạm đo mặn"))


def _pdf_with_script() -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(BytesIO(_good_pdf())))
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    writer.root_object[NameObject("/OpenAction")] = script
    pairs = ArrayObject([TextStringObject("a"), script])
    names = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): pairs})})
    writer.root_object[NameObject("/Names")] = names
    sink = BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _zipped(**parts: bytes) -> bytes:
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return sink.getvalue()


def _broad_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


HOSTILE_FILES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "a program": lambda: b"MZ\x90\x00" + bytes(500),
    "GIF and script": lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)",
    "SVG with script": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page": lambda: b"<!DOCTYPE html><script>alert(1)</script>",
    "only the head of a PDF": lambda: b"%PDF-1.7\n",
    "cut PDF": lambda: _good_pdf()[:700],
    "zip bomb": lambda: _zipped(word__document_dot_xml=b"<w:document/>", word__media__a_dot_bin=bytes(250_000_000)),
    "broad PNG": _broad_png,
    "deep PDF": lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 60_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
}
NAMES = (
    *("../../x.pdf", "..\\..\\x.pdf", ".", "CON.pdf", "ế" * 85 + ".pdf"),
    *("a\r\nb.pdf", "a\x00b.pdf", "<svg onload=alert(1)>.pdf"),
)


def _stored_files(stage: Stage) -> set[str]:
    root = stage.app.config["SETTINGS"].data_dir / "files"
    return {path.name for path in root.rglob("*") if path.is_file()}


def _upload(client: FlaskClient, entry: str, name: str, content: bytes) -> TestResponse:
    data = {"file": (BytesIO(content), name)}
    headers = {"Accept": "application/json"}
    return client.post(f"/entries/{entry}/files/thuyet_minh", data=data, headers=headers)


@pytest.mark.parametrize("kind", HOSTILE_FILES)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(stage_of: StageOf, faults: Faults, kind: str) -> None:
    stage = stage_of("entry")
    entry, client = stage.one(LEAD_OF), stage.client("student")
    assert entry
    before = _stored_files(stage)
    answer = _upload(client, entry, "thuyet minh.pdf", HOSTILE_FILES[kind]())
    assert answer.status_code == 422 and len(str((answer.json or {}).get("error"))) > 15, kind
    faults.look_at(answer, kind)
    assert not stage.has_changed()
    assert _stored_files(stage) == before, "a refused file stays on the disk"


def test_any_name_of_a_file_is_made_harmless(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("entry")
    entry, client = stage.one(LEAD_OF), stage.client("student")
    assert entry
    for name in NAMES:
        answer = _upload(client, entry, name, _good_pdf())
        assert answer.status_code in {200, 422}, name
        faults.look_at(answer, name)
        kept = stage.one(f"SELECT file_name FROM attachment WHERE entry_id = {entry} ORDER BY id DESC")
        assert kept and len(kept) <= 150 and kept.isprintable() and not re.search(r'[/\\<>:"|?*]|\.\.', kept), kept
        number = stage.one(f"SELECT id FROM attachment WHERE entry_id = {entry} ORDER BY id DESC")
        sent = client.get(f"/attachments/{number}")
        assert sent.headers["Content-Disposition"].startswith("attachment") and "sandbox" in str(sent.headers)
        faults.look_at(sent, f"download of {name!r}")
        faults.look_at(client.get(f"/entries/{entry}/files"), f"page with {name!r}")


def test_what_a_pdf_carries_besides_pages_does_not_reach_judges(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("entry")
    entry, client = stage.one(LEAD_OF), stage.client("student")
    assert entry
    for content in (_pdf_with_script(), _good_pdf() + _zipped(evil_dot_html=b"<script>")):
        faults.look_at(_upload(client, entry, "a.pdf", content), "PDF with more in it")
        copy = stage.one(
            "SELECT b.sha256 FROM attachment a JOIN blob b ON b.id = a.neutral_blob_id "
            f"WHERE a.entry_id = {entry} ORDER BY a.id DESC"
        )
        assert copy
        neutral = (stage.app.config["SETTINGS"].data_dir / "files" / copy[:2] / copy[2:4] / copy).read_bytes()
        assert b"/JavaScript" not in neutral and b"evil.html" not in neutral


def test_a_form_that_breaks_off_or_never_ends_is_refused(stage_of: StageOf, faults: Faults) -> None:
    stage = stage_of("entry")
    entry, client = stage.one(LEAD_OF), stage.client("student")
    path = f"/entries/{entry}/files/thuyet_minh"
    for body in (b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'):
        faults.look_at(client.post(path, data=body, content_type="multipart/form-data; boundary=x"), "broken off")
    faults.look_at(client.post(path, data=b"x", content_type="multipart/form-data"), "without boundary")
    many = urlencode({f"f{number}": "x" for number in range(5000)})
    for target in (path, f"/entries/{entry}/answers"):
        faults.look_at(client.post(target, data=many, content_type="application/x-www-form-urlencoded"), "many fields")
    huge = client.post(path, data=b"a" * 9_000_000, content_type="application/x-www-form-urlencoded")
    assert huge.status_code == 413 and "quá lớn" in huge.text
    faults.look_at(huge, "9 MB of text")
    said = client.post(
        path, content_type="multipart/form-data; boundary=x", environ_overrides={"CONTENT_LENGTH": str(300_000_000)}
    )
    assert said.status_code == 413
    faults.look_at(said, "300 MB")
    assert not stage.has_changed()
