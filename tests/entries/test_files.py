"""Files: what they are by content, limits, blindness, and what judges get."""

import io
import struct
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, RectangleObject, StreamObject
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.definition import AttachmentRule
from compapp.contests.queries import round_of
from compapp.core import files
from compapp.core.clock import local
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Invalid
from compapp.core.outbox import OutboxMessage
from compapp.entries import advancement, blindness, queries, services
from compapp.entries.inspection import Limits, check, inspect
from compapp.entries.services.attachments import check_name
from tests.conftest import StoppedClock
from tests.entries import builders as b
from tests.entries.test_pages import SignIn, sign_in

__all__ = ["sign_in"]

WHO = blindness.identity(
    people=["Lâm Hoài Thảo"],
    schools=["Đại học Trà Vinh", "Tra Vinh University"],
    classes=["DA22NNA"],
    numbers=["SV000001"],
    contacts=["thao@example.vn"],
)


def _huge_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def _bomb() -> bytes:
    return b.docx("x", more={"word/media/a.bin": bytes(250_000_000)})


def _locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(b.pdf("Khóa"))))
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a program", "cannot tell"),
        (b"%PDF-1.7\nnothing more", "damaged"),
        (b.png(), "PNG by its content"),
        (b.pdf(pages=16), "16 pages"),
        (b.docx("x", more={"word/vbaProject.bin": b"x"}), "macros"),
        (b"PK\x03\x04 broken", "damaged"),
        (b.docx("x")[:-200], "damaged"),
    ],
)
def test_bad_files_are_refused_in_words(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=word):
        check(inspect(path), Limits(("pdf", "docx"), max_mb=20, max_pages=15))


def test_locked_swollen_and_huge_files_are_refused(tmp_path: Path) -> None:
    for name, content, word in (
        ("a", _locked_pdf(), "password"),
        ("b", _bomb(), "unpacks"),
        ("c", _huge_png(), "pixels"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Invalid, match=word):
            inspect(path)


def test_limits_of_slides_seconds_and_size(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content, limits, word in (
        (b.pptx(11), Limits(("pptx",), max_slides=10), "11 slides"),
        (b.mp4(181), Limits(("mp4",), max_seconds=180), "181 seconds"),
        (b.jpg(), Limits(("jpg",), max_mb=0.0001), "MB"),
        (b.mp4(9, size=(640, 360)), Limits(("mp4",), least_side=720), "640 × 360"),
        (b.mp4(9, size=(1280, 720), turned=True), Limits(("mp4",), least_side=720, ratio="16:9"), "720 × 1280"),
    ):
        path.write_bytes(content)
        with pytest.raises(Invalid, match=word):
            check(inspect(path), limits)
    path.write_bytes(b.mp4(180))
    check(inspect(path), Limits(("mp4",), max_seconds=180))
    path.write_bytes(b.mp4(9, size=(1920, 1080)))
    check(inspect(path), Limits(("mp4",), least_side=720, ratio="16:9"))
    asked = {"key": "canvas", "formats": ["pdf"], "file_name": "BMC_*_Đội *"}
    rule = AttachmentRule.read(asked)
    check_name(rule, "bmc_Trà Vinh_doi 7.pdf")
    for name in ("BMC.pdf", "xBMC_Trà Vinh_đội 7.pdf"):
        with pytest.raises(Invalid, match="must be called"):
            check_name(rule, name)


@pytest.mark.parametrize(
    "text",
    [
        "Nhóm của LÂM HOÀI THẢO đã làm",
        "lam hoai thao",
        "L â m H o à i T h ả o",
        "Sinh viên Trường Đại học Trà Vinh",
        "students of Tra Vinh University",
        "lớp DA22NNA",
        "mssv: sv000001",
        "viết cho thao@example.vn nhé",
    ],
)
@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx"])
def test_a_name_in_a_file_withholds_it(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "file"
    made = {"pdf": lambda: b.pdf(text), "docx": lambda: b.docx(text), "pptx": lambda: b.pptx(1, text)}
    path.write_bytes(made[kind]())
    found = blindness.examine(path, kind, "de-tai.pdf", WHO)
    assert found.state == "withheld" and found.neutral is None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", b.pdf("Trạm đo mặn", author="Lâm Hoài Thảo")),
        ("docx", b.docx("Trạm đo mặn", author="Lâm Hoài Thảo")),
        ("jpg", b.jpg(comment="Lam Hoai Thao")),
        ("png", b.png(author="Lâm Hoài Thảo")),
        ("mp4", b.mp4(10, tag="Lâm Hoài Thảo".encode())),
    ],
)
def test_metadata_is_noted_and_left_out_of_the_copy(tmp_path: Path, kind: str, content: bytes) -> None:
    path, copy = tmp_path / "file", tmp_path / "copy"
    path.write_bytes(content)
    found = blindness.examine(path, kind, "Lâm Hoài Thảo.pdf", WHO)
    assert found.state == "clean" and found.neutral is not None
    assert {"file name", "metadata"} <= {one.where for one in found.findings}
    copy.write_bytes(found.neutral)
    assert not [hit for _where, text in blindness.texts_of(copy, kind) for hit in blindness.search(text, WHO)]
    assert inspect(copy).kind == kind


def _bookmarked(*, title: str = "Mở đầu", link: str = "https://example.vn", layer: bytes = b"", **info: str) -> bytes:
    """Return a PDF with a bookmark, a link, a picture with EXIF and a packed-in file."""
    writer = PdfWriter(io.BytesIO(b.pdf("Trạm đo mặn")))
    writer.add_outline_item(title=title, page_number=0)
    writer.add_uri(page_number=0, uri=link, rect=RectangleObject((0, 0, 9, 9)))
    if layer:
        writer.add_attachment(filename="note.txt", data=layer)
    writer.add_metadata({f"/{key}": value for key, value in info.items()})
    writer.generate_file_identifiers()
    picture = StreamObject()
    picture._data = b.jpg(comment=info.get("Author", ""))
    picture.update({NameObject("/Subtype"): NameObject("/Image"), NameObject("/Filter"): NameObject("/DCTDecode")})
    writer.pages[0]["/Resources"][NameObject("/XObject")] = DictionaryObject(
        {NameObject("/I"): writer._add_object(picture)}
    )
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _woven(*, path: str = "", link: str = "https://example.vn", said: str = "", author: str = "") -> bytes:
    """Return a DOCX with a link, a described picture with EXIF, a template's path and a workbook within."""
    rels = f'<Relationships><Relationship Target="{link}"/><Relationship Target="file:///{path}"/></Relationships>'
    more = {
        "word/_rels/document.xml.rels": rels.encode(),
        "word/footer1.xml": f'<w:ftr><wp:docPr id="1" descr="{said}"/></w:ftr>'.encode(),
        "word/media/image1.jpeg": b.jpg(comment=author),
        "word/embeddings/sheet1.xlsx": b.docx("bảng", author=author),
    }
    return b.docx("Trạm đo mặn", author=author, more=more)


def test_what_a_file_says_where_nobody_looks_withholds_it_and_what_only_its_maker_left_is_gone(tmp_path: Path) -> None:
    """Bookmarks, links and descriptions are content; properties, paths and packed-in files leave no trace at all."""
    path = tmp_path / "file"

    def examined(kind: str, content: bytes) -> blindness.Examination:
        path.write_bytes(content)
        return blindness.examine(path, kind, "de-tai.pdf", WHO)

    name, mail = "Lâm Hoài Thảo", "mailto:thao@example.vn"
    for kind, content in (
        ("pdf", _bookmarked(title=f"Nhóm {name}")),
        ("pdf", _bookmarked(link=mail)),
        ("docx", _woven(link=mail)),
        ("docx", _woven(said=f"Ảnh {name}")),
        ("docx", b.docx("x", more={"word/embeddings/a.docx": b.docx(name)})),
    ):
        found = examined(kind, content)
        assert found.state == "withheld" and "unreadable" not in {one.kind for one in found.findings}
    pairs = (
        ("pdf", _bookmarked(Author=name, layer=name.encode()), _bookmarked(Author="Ai đó khác hẳn", layer=b"x")),
        ("docx", _woven(author=name, path="C:/Users/LamHoaiThao/a.dotx"), _woven(author="X", path="D:/b.dotx")),
        ("jpg", b.jpg(comment=name), b.jpg(comment="Một người khác")),
        ("png", b.png(author=name), b.png(author="Một người khác")),
    )
    for kind, told, other in pairs:
        copies = [examined(kind, content).neutral for content in (told, other)]
        assert copies[0] is not None and copies[0] == copies[1], kind
        assert b"Lam" not in copies[0] and name.encode() not in copies[0]


def test_masking_keeps_the_rest_and_hides_what_is_torn() -> None:
    assert blindness.mask("Tôi là Lâm Hoài Thảo, ở vườn.", WHO) == "Tôi là […], ở vườn."
    assert blindness.mask("Không có tên.", WHO) == "Không có tên."
    assert blindness.mask("L.â.m.H.o.à.i.T.h.ả.o", WHO) == "[…]"


def test_judges_get_neutral_copies_and_organisers_are_told(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    organiser = b.staff(contest)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(contest, lead), lead)
    leak = b.pdf("Tác giả: Lâm Hoài Thảo")
    with unit_of_work():
        services.save_answers(entry, {"problem": "Tôi, Lâm Hoài Thảo, thấy vậy."}, actor=lead, at=b.OPEN_AT)
        row = services.attach(entry, "thuyet_minh", file_name="Thao.pdf", content=leak, actor=lead, at=b.OPEN_AT)
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    assert row.blind_state == "withheld"
    assert "file_withheld" in set(session().scalars(select(OutboxMessage.kind)))
    round_ = round_of(contest, "R1")
    seen = queries.anonymous_entry(entry.id, round_)
    assert seen.withheld == 1
    assert [file.key for file in seen.files] == ["video"]
    assert blindness.search(repr(seen), queries.identity_of_entry(entry)) == []
    assert "member_roles" not in {answer.key for answer in seen.answers}
    assert "problem" in queries.name_findings(entry)
    with pytest.raises(Invalid), unit_of_work():
        services.replace_file(row.id, file_name="x.pdf", source=leak, reason="", actor=organiser, at=b.OPEN_AT)
    with unit_of_work():
        clean = b.pdf("Không tên")
        services.replace_file(row.id, file_name="x.pdf", source=clean, reason="bỏ tên", actor=organiser, at=b.OPEN_AT)
    shown = {file.key: file for file in queries.anonymous_entry(entry.id, round_).files}
    assert shown["thuyet_minh"].name == "thuyet-minh.pdf"
    assert shown["thuyet_minh"].blob_sha256 is not None
    copy = files.path_of(shown["thuyet_minh"].blob_sha256)
    assert not PdfReader(copy).metadata or "/Author" not in (PdfReader(copy).metadata or {})


def test_a_changed_team_is_looked_for_again(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.complete(b.a_draft(contest, lead), lead)
    b.add_member(entry, b.person("Trạm Đo Mặn"))
    round_ = round_of(contest, "R1")
    assert queries.anonymous_entry(entry.id, round_).withheld >= 1
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=b.OPEN_AT)
    for attachment_id in services.stale_files():
        examination, fingerprint = services.examine_again(attachment_id)
        with unit_of_work():
            services.keep_examination(attachment_id, examination, fingerprint, actor=lead, at=b.OPEN_AT)
    assert queries.current_attachments(entry.id)["thuyet_minh"].blind_state == "withheld"


def test_later_files_have_their_own_window(
    db: Session, clock_at: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(b.OPEN_AT)
    contest = b.a_contest()
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_submitted(contest, lead)
    at = clock_at(b.AFTER)
    slides = b.pptx(5)
    with pytest.raises(Exception, match="later round"), unit_of_work():
        services.attach(entry, "slides", file_name="s.pptx", content=slides, actor=lead, at=at)
    monkeypatch.setattr(advancement, "_answer", lambda entry_id, code: (entry_id, code) == (entry.id, "R2"))
    with unit_of_work():
        services.attach(entry, "slides", file_name="s.pptx", content=slides, actor=lead, at=at)
    with pytest.raises(Closed), unit_of_work():
        services.attach(entry, "thuyet_minh", file_name="s.pdf", content=b.pdf("x"), actor=lead, at=at)


def test_a_file_with_an_earlier_deadline_closes_when_its_page_says(
    db: Session, clock_at: StoppedClock, sign_in: SignIn
) -> None:
    """Shown and enforced are one moment (I3); reopening the entry for its team opens the file again."""
    clock_at(b.OPEN_AT)
    document, ends = b.definition(), b.CLOSES - timedelta(days=3)
    rule = next(one for one in document["form"]["attachments"] if one["key"] == "thuyet_minh")
    rule["closes"] = {"at": ends.isoformat(), "day": 0}
    lead, contest = b.actor(b.person("Lâm Hoài Thảo")), b.a_contest(document=document)
    entry = b.a_draft(contest, lead)
    page = f"/entries/{entry.id}/files"
    shown = sign_in(lead).get(page).text
    assert f"{local(ends):%d/%m/%Y, %H:%M}" in shown and f'action="{page}/thuyet_minh"' in shown

    def attach(at: datetime) -> None:
        clock_at(at)
        with unit_of_work():
            content = b.pdf("Trạm đo mặn")
            services.attach(entry, "thuyet_minh", file_name="a.pdf", content=content, actor=lead, at=at)

    attach(ends - timedelta(seconds=1))
    with pytest.raises(Closed):
        attach(ends)
    assert f'action="{page}/thuyet_minh"' not in sign_in(lead).get(page).text
    boss, later = b.staff(contest), b.CLOSES + timedelta(hours=1)
    clock_at(later)
    with unit_of_work():
        services.reopen_entry(entry, until=later + timedelta(hours=2), reason="Mất điện.", actor=boss, at=later)
    attach(later)


def test_a_link_is_https(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    for link in ("http://a.vn/x", "javascript:alert(1)", "https://a b.vn", "https://u@a.vn", "https://localhost"):
        with pytest.raises(Invalid), unit_of_work():
            services.attach_link(entry, "video", link, actor=lead, at=b.OPEN_AT)


def test_a_zip_that_is_no_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(Invalid, match="cannot tell"):
        inspect(path)
