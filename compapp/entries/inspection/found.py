"""Telling kinds of file apart by content, and holding what was found against the limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.entries.inspection import office, pdf, picture, video

MEGABYTE = 1_000_000
_TOLERANCE = 0.02

FORMATS: Mapping[str, tuple[str, str]] = {
    "pdf": ("application/pdf", "PDF"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PPTX"),
    "png": ("image/png", "PNG"),
    "jpg": ("image/jpeg", "JPG"),
    "mp4": ("video/mp4", "MP4"),
}
"""Every kind of file we take: its media type and the name people know it by."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds; ``pages`` are slides of a presentation, ``seconds`` rounded up."""

    kind: str
    size: int
    pages: int | None = None
    seconds: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What an attachment rule states; None means no limit."""

    formats: tuple[str, ...]
    max_mb: float | None = None
    max_pages: int | None = None
    max_slides: int | None = None
    max_seconds: int | None = None
    least_side: int | None = None
    """The fewest pixels of the shorter side of a picture or video (720 for 720p)."""
    ratio: str | None = None
    """Width to height, such as 16:9; a fiftieth more or less is taken."""


def media_type_of(kind: str) -> str:
    """Return the media type a file of ``kind`` is served with."""
    return FORMATS[kind][0] if kind in FORMATS else "application/octet-stream"


def sniff_kind(path: Path) -> str | None:
    """Return our name of the kind of file at ``path`` by its first bytes (and a zip's own list)."""
    with path.open("rb") as source:
        head = source.read(1024)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"PK\x03\x04"):
        return office.kind_of(path)
    if b"%PDF-" in head:
        return "pdf"
    return None


def inspect(path: Path) -> Found:
    """Return what the file at ``path`` holds; Invalid with a sentence when it cannot be used."""
    size = path.stat().st_size
    if size == 0:
        raise Invalid(N_("The file is empty. Please choose it again."))
    kind = sniff_kind(path)
    if kind is None:
        raise Invalid(N_("We cannot tell what this file is. Send one of the stated kinds."))
    if kind == "pdf":
        return Found(kind, size, pages=pdf.count_pages(path))
    if kind in {"docx", "pptx"}:
        return Found(kind, size, pages=office.count_pages(path, kind))
    if kind in {"png", "jpg"}:
        width, height = picture.measure(path)
        return Found(kind, size, width=width, height=height)
    seconds = video.count_seconds(path)
    sides = video.measure(path) or (None, None)
    return Found(kind, size, seconds=seconds, width=sides[0], height=sides[1])


def check(found: Found, limits: Limits) -> None:
    """Raise Invalid with a sentence for the first limit that ``found`` breaks."""
    allowed = [FORMATS[name][1] for name in limits.formats if name in FORMATS]
    if found.kind not in limits.formats:
        raise Invalid(
            N_("This file is a %(kind)s by its content. Allowed: %(allowed)s."),
            kind=FORMATS[found.kind][1],
            allowed=", ".join(allowed),
        )
    if limits.max_mb is not None and found.size > limits.max_mb * MEGABYTE:
        raise Invalid(
            N_("The file has %(size)s MB; at most %(most)s MB are allowed."),
            size=round(found.size / MEGABYTE, 1),
            most=f"{limits.max_mb:g}",
        )
    most_pages = limits.max_slides if limits.max_slides is not None else limits.max_pages
    if most_pages is not None and found.pages is not None and found.pages > most_pages:
        sentence = (
            N_("The file has %(pages)s slides; at most %(most)s are allowed.")
            if limits.max_slides is not None
            else N_("The file has %(pages)s pages; at most %(most)s are allowed.")
        )
        raise Invalid(sentence, pages=found.pages, most=most_pages)
    if limits.max_seconds is not None and found.seconds is not None and found.seconds > limits.max_seconds:
        raise Invalid(
            N_("The video lasts %(seconds)s seconds; at most %(most)s are allowed."),
            seconds=found.seconds,
            most=limits.max_seconds,
        )
    if found.width and found.height:
        _check_size(found.width, found.height, limits)


def _check_size(width: int, height: int, limits: Limits) -> None:
    if limits.least_side is not None and min(width, height) < limits.least_side:
        raise Invalid(
            N_("It has %(width)s × %(height)s pixels; the shorter side needs at least %(least)s. Export it larger."),
            width=width,
            height=height,
            least=limits.least_side,
        )
    across, _colon, down = (limits.ratio or "").partition(":")
    if across.isdecimal() and down.isdecimal() and abs(width * int(down) / (height * int(across)) - 1) > _TOLERANCE:
        raise Invalid(
            N_("It has %(width)s × %(height)s pixels; the contest asks for the shape %(ratio)s."),
            width=width,
            height=height,
            ratio=limits.ratio,
        )
