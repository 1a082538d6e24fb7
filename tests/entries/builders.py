"""A contest, people with roles and a team on the way, for the tests of entries."""

import copy
import io
import struct
import zipfile
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from PIL import Image
from sqlalchemy import select

from compapp.accounts.models import Membership, Organisation, Person
from compapp.contests.file import reader, registry, sections
from compapp.contests.models import Contest, ContestRole
from compapp.core.actor import Actor, Grant
from compapp.core.db import session, unit_of_work
from compapp.core.text import fold, name_sort_key
from compapp.entries import services
from compapp.entries.file_section import ENTRIES_SECTION
from compapp.entries.models import Entry, TeamMember
from tests.contests.builders import sample

OPEN_AT = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
AFTER = CLOSES + timedelta(hours=2)
IMPORTER = Actor(person_id=None, name="Nhập liệu", is_system=True)


def definition() -> dict[str, Any]:
    """Return the sample contest without anything that grows."""
    document = copy.deepcopy(sample())
    wanted = ("meta", "contest", "sectors", "institutions", "bodies", "form", "rubrics", "rounds", "incubators")
    return {key: document[key] for key in (*wanted, "tech_needs", "organisations") if key in document}


def a_contest(code: str = "VL-KNST-2026", document: dict[str, Any] | None = None) -> Contest:
    """Import the sample's definition and open it."""
    sections.register()
    registry.register(ENTRIES_SECTION)
    with unit_of_work():
        contest = reader.load(document or definition(), actor=IMPORTER, at=OPEN_AT, code=code)
        if contest.state == "draft":
            contest.state = "open"
    return contest


def institution(name_part: str = "Trà Vinh") -> Organisation:
    """Return an institution of the sample."""
    found = session().scalars(
        select(Organisation).where(Organisation.name_fold.contains(fold(name_part))).order_by(Organisation.id)
    )
    return next(one for one in found if one.kind in {"university", "high_school", "college", "university_campus"})


def person(name: str, *, born: date | None = date(2005, 6, 13), email: str | None = None) -> Person:
    """Add a person with an account."""
    with unit_of_work():
        made = Person(
            name=name,
            name_fold=fold(name),
            name_sort=name_sort_key(name),
            email=email or f"{fold(name).replace(' ', '.')}@example.vn",
            born=born,
            locale="vi",
            created_at=OPEN_AT,
        )
        session().add(made)
    return made


def actor(who: Person, *grants: Grant) -> Actor:
    """Return the person as an actor with extra grants."""
    return Actor(who.id, who.name, who.email, who.locale, frozenset(grants))


def staff(contest: Contest, role: str = "organiser", name: str = "Nguyễn Thị Mai") -> Actor:
    """Return somebody with a role in the contest, as an actor."""
    who = person(name, email=f"{role}-{contest.id}-{fold(name).replace(' ', '')}@example.vn")
    with unit_of_work():
        session().add(ContestRole(contest_id=contest.id, person_id=who.id, role=role, definition={}, since=OPEN_AT))
    return actor(who, Grant(role, "contest", contest.id))


def representative(organisation: Organisation, name: str = "Trần Đại Diện") -> Actor:
    """Return somebody who speaks for a school."""
    who = person(name)
    with unit_of_work():
        session().add(
            Membership(person_id=who.id, organisation_id=organisation.id, role="representative", since=OPEN_AT)
        )
    return actor(who, Grant("representative", "organisation", organisation.id))


def a_draft(contest: Contest, lead: Actor, *, title: str = "Trạm đo mặn", school: str = "Trà Vinh") -> Entry:
    """Start an entry on the student board."""
    with unit_of_work():
        return services.start_entry(
            contest, board_code="student", institution=institution(school), title=title, actor=lead, at=OPEN_AT
        )


def add_member(entry: Entry, who: Person, role: str = "member") -> TeamMember:
    """Put somebody on the team without an invitation."""
    with unit_of_work():
        made = TeamMember(
            entry_id=entry.id,
            person_id=who.id,
            position=9,
            role=role,
            name=who.name,
            born=who.born,
            institution_id=entry.institution_id,
            joined_at=OPEN_AT,
            definition={},
        )
        session().add(made)
    return made


ANSWERS: dict[str, Any] = {
    "one_liner": "Trạm đo mặn giá rẻ đặt ở đầu mương.",
    "sector": "agri_hightech",
    "stage": "prototype",
    "problem": "Nước mặn vào mương mà không ai hay.",
    "solution": "Một phao đo gửi tin nhắn.",
    "customers": "Hợp tác xã trồng bưởi.",
    "model": "Bán trạm và thu phí báo tin.",
    "finance": "Hòa vốn ở trạm thứ 10.",
    "impact": "Giữ được trái cây.",
    "resources": "Bốn người và một phòng thí nghiệm.",
    "member_roles": "Ý tưởng của Lâm Hoài Thảo.",
    "ip_status": "none",
    "prior_contests": "Không",
    "funding_received": 0,
    "commit_original": True,
    "consent_privacy": {"run_contest": True},
}


def complete(entry: Entry, lead: Actor, *, at: datetime = OPEN_AT) -> Entry:
    """Answer everything and attach what is needed."""
    with unit_of_work():
        services.save_answers(entry, ANSWERS, actor=lead, at=at)
        services.attach(
            entry, "thuyet_minh", file_name="thuyet minh.pdf", content=pdf("Trạm đo mặn"), actor=lead, at=at
        )
        services.attach_link(entry, "video", "https://video.example/mieng-vuon", actor=lead, at=at)
        services.attach(entry, "school_confirm", file_name="xac-nhan.jpg", content=jpg(), actor=lead, at=at)
    return entry


def a_submitted(contest: Contest, lead: Actor, **more: Any) -> Entry:
    """Return a complete, submitted entry."""
    entry = complete(a_draft(contest, lead, **more), lead)
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=OPEN_AT)
    return entry


@lru_cache
def pdf(text: str = "", *, pages: int = 1, author: str | None = None) -> bytes:
    """Return a small PDF with a text layer."""
    from compapp.demo.content.attachments.paper import Paper

    paper = Paper()
    for _page in range(pages):
        paper.add_page()
        paper.set_font("be-vietnam-pro", "", 14)
        paper.multi_cell(0, 8, text or "Nội dung")
    if author:
        paper.set_author(author)
    return bytes(paper.output())


@lru_cache
def jpg(*, comment: str = "") -> bytes:
    """Return a small JPG."""
    sink = io.BytesIO()
    exif = Image.Exif()
    if comment:
        exif[0x010E] = comment
    Image.new("RGB", (40, 30), (10, 90, 60)).save(sink, "JPEG", exif=exif)
    return sink.getvalue()


def png(*, author: str = "") -> bytes:
    """Return a small PNG."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    if author:
        info.add_itxt("Author", author)
    sink = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 90, 60)).save(sink, "PNG", pnginfo=info)
    return sink.getvalue()


def docx(text: str, *, author: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """Return a small DOCX."""
    body = f"<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    core = f"<cp:coreProperties><dc:creator>{author}</dc:creator></cp:coreProperties>"
    return _office({"word/document.xml": body.encode(), "docProps/core.xml": core.encode(), **(more or {})})


def pptx(slides: int, text: str = "Trang chiếu") -> bytes:
    """Return a PPTX with so many slides."""
    parts = {"ppt/presentation.xml": b"<p:presentation/>"}
    for number in range(1, slides + 1):
        parts[f"ppt/slides/slide{number}.xml"] = f"<p:sld><a:p><a:t>{text}</a:t></a:p></p:sld>".encode()
    return _office(parts)


def _office(parts: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def mp4(seconds: int, *, tag: bytes = b"", size: tuple[int, int] | None = None, turned: bool = False) -> bytes:
    """Return an MP4 without pictures that says it lasts so long, and perhaps how large it is and that it is turned."""

    def box(kind: bytes, content: bytes) -> bytes:
        return (len(content) + 8).to_bytes(4, "big") + kind + content

    mvhd = bytes(12) + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big") + bytes(80)
    moov = box(b"mvhd", mvhd) + (box(b"udta", tag) if tag else b"")
    if size is not None:
        matrix = struct.pack(">9i", *((0, 1, 0, -1, 0, 0) if turned else (1, 0, 0, 0, 1, 0)), 0, 0, 1)
        moov += box(b"trak", box(b"tkhd", bytes(40) + matrix + struct.pack(">2I", size[0] << 16, size[1] << 16)))
    return box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + box(b"moov", moov) + box(b"mdat", bytes(64))
