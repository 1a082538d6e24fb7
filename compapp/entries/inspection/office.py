"""DOCX and PPTX: pages, text, metadata, and a neutral copy. The XML is never parsed, only searched."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.entries.inspection.picture import bare_jpg, bare_png

MOST_PARTS = 3000
MOST_UNPACKED = 200_000_000
MOST_RATIO = 400
_MAIN = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml"}
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml$")
_READABLE = re.compile(r"(word|ppt|docProps|customXml|xl)/.*\.(xml|rels)$|\[Content_Types\]\.xml$")
_PARAGRAPH = re.compile(r"</(?:w:p|a:p|w:tr)>|<(?:w:br|w:tab|a:br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_AUTHOR = re.compile(r'((?:w:author|w:initials|w15:author|w15:userId|w15:providerId|name|initials|userId)=")[^"]*(")')
_AUTHOR_PARTS = re.compile(r"(comments|people|commentAuthors|authors)[^/]*\.xml$", re.IGNORECASE)
_BEHIND = re.compile(r'\b(?:descr|title|alt|tooltip|name|Target|href|src|instr|fullPath)="([^"]{5,})"')
"""What stands in tags instead of between them: descriptions of pictures, addresses of links, where a file lay."""
_LOCAL = re.compile(r'(\bTarget=")(?:file:|[A-Za-z]:\\|\\\\)[^"]*(")', re.IGNORECASE)
_WITHIN = re.compile(r"(word|ppt|xl)/embeddings/[^/]+\.(docx|pptx|xlsx)$", re.IGNORECASE)
_DEEPEST = 3
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM = _APP.replace("extended-properties", "custom-properties")
_BLANK = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP, "docProps/custom.xml": _CUSTOM}
_DAMAGED = N_("This document is damaged and cannot be opened. Save it again and send the new file.")


def _open(path: Path | io.BytesIO) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Invalid(_DAMAGED) from None
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or (unpacked > 20_000_000 and unpacked / packed > MOST_RATIO)
    ):
        raise Invalid(N_("This document unpacks to far more than it should. Save it again without large objects."))
    return archive


def kind_of(path: Path) -> str | None:
    """Return ``docx`` or ``pptx`` where the zip at ``path`` is one, else None; Invalid for a bomb."""
    names = set(_open(path).namelist())
    return next((kind for kind, main in _MAIN.items() if main in names), None)


def count_pages(path: Path, kind: str) -> int | None:
    """Return the slides of a PPTX, the pages a DOCX says it has; Invalid when it is broken or holds macros."""
    archive = _open(path)
    names = archive.namelist()
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Invalid(N_("This document holds macros. Save it without macros and send it again."))
    _read(archive, _MAIN[kind])
    if kind == "pptx":
        return sum(1 for name in names if _SLIDE.match(name))
    said = re.search(
        r"<Pages>(\d{1,5})</Pages>", _read(archive, "docProps/app.xml") if "docProps/app.xml" in names else ""
    )
    return int(said.group(1)) if said else None


def _read(archive: zipfile.ZipFile, name: str) -> str:
    try:
        return archive.read(name).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        raise Invalid(_DAMAGED) from None
    except Exception as error:  # zlib.error has no better base
        if type(error).__module__ == "zlib":
            raise Invalid(_DAMAGED) from None
        raise


def texts(path: Path | io.BytesIO, depth: int = 1) -> Iterator[tuple[str, str]]:
    """Yield (place, text) for every part that holds words, metadata, authors of comments and embedded documents too."""
    archive = _open(path)
    for name in archive.namelist():
        if _WITHIN.match(name):
            yield from texts(_inner(archive, name, depth), depth + 1)
        if not _READABLE.match(name):
            continue
        source = _read(archive, name)
        yield "link", html.unescape("\n".join(_BEHIND.findall(_LOCAL.sub(r"\1\2", source))))
        if name.endswith((".rels", "Types].xml")):
            continue
        words = html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", source)))
        if name.startswith("docProps/"):
            yield "metadata", html.unescape(_TAG.sub("\n", source))
        elif slide := re.search(r"slides/slide(\d+)\.xml$", name):
            yield f"slide {slide.group(1)}", words
        else:
            yield "text", words
        authors = "\n".join(html.unescape(found.group(0)) for found in _AUTHOR.finditer(source))
        if authors and ("author" in authors or _AUTHOR_PARTS.search(name)):
            yield "authors", authors


def _inner(archive: zipfile.ZipFile, name: str, depth: int) -> io.BytesIO:
    """Return a document within the document; one that is hidden too deep counts as damaged."""
    if depth >= _DEEPEST:
        raise Invalid(_DAMAGED)
    return io.BytesIO(archive.read(name))


def neutral(path: Path | io.BytesIO, depth: int = 1) -> bytes:
    """Return the document without properties, names of who wrote comments and changes, and paths of files.

    Pictures and documents within it lose theirs too.
    """
    archive = _open(path)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            fresh = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            fresh.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(fresh, _neutral_part(archive, part.filename, depth))
    return sink.getvalue()


def _neutral_part(archive: zipfile.ZipFile, name: str, depth: int) -> bytes:
    lower = name.lower()
    if name in _BLANK:
        return _BLANK[name].encode()
    if _WITHIN.match(name):
        return neutral(_inner(archive, name, depth), depth + 1)
    if lower.endswith((".jpg", ".jpeg", ".png")):
        return (bare_png if lower.endswith(".png") else bare_jpg)(archive.read(name))
    if name.endswith(".rels"):
        return _LOCAL.sub(r"\1about:blank\2", _read(archive, name)).encode()
    if name.endswith(".xml") and name.startswith(("word/", "ppt/")):
        source = _read(archive, name)
        if _AUTHOR_PARTS.search(name) or "author=" in source:
            pattern = _AUTHOR if _AUTHOR_PARTS.search(name) else re.compile(r'(w:author=")[^"]*(")')
            return pattern.sub(r"\1\2", source).encode()
        return archive.read(name)
    return archive.read(name)
