"""PDF: pages, text, metadata, and a neutral copy."""

import io
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from compapp.core.errors import Invalid
from compapp.core.text import N_
from compapp.entries.inspection.picture import bare_jpg

MOST_SECONDS = 6.0
"""How long we read one file before we give up and let a person look at it."""
MOST_TEXT = 2_000_000
_ROOT_KEYS = ("/Metadata", "/OpenAction", "/AA", "/PieceInfo", "/Collection", "/AF")
_NOWHERE = ("/Metadata", "/PieceInfo", "/AF", "/EF")
"""What no object of the copy keeps: properties, and files that are packed into the PDF."""
_LEFT_OUT = frozenset({*_ROOT_KEYS, *_NOWHERE, "/Parent", "/P", "/JavaScript", "/EmbeddedFiles"})
"""What a walk through a PDF does not enter: what the copy leaves out, and the ways back up."""
_MOST_OBJECTS = 300_000
_FAULTS = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    RecursionError,
    ArithmeticError,
)

logging.getLogger("pypdf").setLevel(logging.ERROR)


def _open(path: Path) -> PdfReader:
    try:
        reader = PdfReader(path)
        encrypted = reader.is_encrypted
    except _FAULTS:
        raise Invalid(N_("This PDF is damaged and cannot be opened. Export it again and send the new file.")) from None
    if encrypted:
        raise Invalid(N_("This PDF is locked with a password. Save it without a password and send it again."))
    return reader


def count_pages(path: Path) -> int:
    """Return how many pages the PDF has; Invalid when it is locked, broken or empty."""
    reader = _open(path)
    try:
        count = len(reader.pages)
        if count:
            reader.pages[0].mediabox  # noqa: B018 - a page tree that leads nowhere shows here
    except _FAULTS:
        count = 0
    if count == 0:
        raise Invalid(N_("This PDF is damaged and cannot be opened. Export it again and send the new file."))
    return count


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (place, text): the metadata, then each page; TimeoutError when reading takes too long."""
    reader = _open(path)
    try:
        info = reader.metadata
        if info:
            yield "metadata", "\n".join(str(value) for value in info.values() if value)
        yield "metadata", _xmp(reader)
    except _FAULTS:
        pass
    begun, length = time.monotonic(), 0
    for number, page in enumerate(reader.pages, 1):
        if time.monotonic() - begun > MOST_SECONDS or length > MOST_TEXT:
            raise TimeoutError
        try:
            text = page.extract_text() + "\n" + _notes(page)
        except _FAULTS:
            continue
        length += len(text)
        yield f"page {number}", text
    yield "link", "\n".join(_behind(reader, begun))


def _behind(reader: PdfReader, begun: float) -> Iterator[str]:
    """Yield every text that no page shows: bookmarks, addresses of links, names of layers, what a form holds."""
    waiting: list[Any] = [reader.trailer["/Root"]]
    seen: set[int] = set()
    left = _MOST_OBJECTS
    while waiting:
        thing, left = waiting.pop(), left - 1
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if left < 0 or time.monotonic() - begun > MOST_SECONDS:
            raise TimeoutError
        if isinstance(thing, DictionaryObject):
            waiting += [value for key, value in dict.items(thing) if key not in _LEFT_OUT]
        elif isinstance(thing, ArrayObject):
            waiting += list.__iter__(thing)
        elif isinstance(thing, TextStringObject | ByteStringObject):
            yield thing if isinstance(thing, str) else thing.decode("latin-1")


def _xmp(reader: PdfReader) -> str:
    root: Any = reader.trailer["/Root"].get_object()
    found = root.get("/Metadata")
    data = found.get_object().get_data() if found is not None else b""
    return bytes(data)[:MOST_TEXT].decode("utf-8", "replace")


def _notes(page: Any) -> str:
    """Return what comments and form fields on a page say, and who wrote them."""
    said: list[str] = []
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        said += [str(note[key]) for key in ("/T", "/Contents", "/V", "/Subj") if key in note]
    return "\n".join(said)


def neutral(path: Path) -> bytes:
    """Return the PDF without metadata (its pictures' too), scripts, embedded files and authors of comments."""
    writer = PdfWriter()
    writer.clone_document_from_reader(_open(path))
    writer.metadata = None
    writer._ID = None  # often a hash of the file's name and of who made it
    root = writer.root_object
    for key in _ROOT_KEYS:
        if key in root:
            del root[NameObject(key)]
    names = root.get("/Names")
    if names is not None:
        for key in ("/JavaScript", "/EmbeddedFiles"):
            names.get_object().pop(NameObject(key), None)
    for page in writer.pages:
        _forget_authors(page)
    for thing in writer._objects:
        if isinstance(thing, DictionaryObject):
            for key in _NOWHERE:
                thing.pop(NameObject(key), None)
        if isinstance(thing, StreamObject) and thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            thing._data = bare_jpg(thing._data)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _forget_authors(page: Any) -> None:
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        if note.get("/Subtype") not in ("/Widget", "/Link"):
            note.pop(NameObject("/T"), None)
