"""PNG and JPG: size in pixels without decoding, text in metadata, and a neutral copy."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from compapp.core.errors import Invalid
from compapp.core.text import N_

MOST_PIXELS = 150_000_000
"""An A0 poster at 300 dots per inch has 139 million."""
MOST_REENCODED = 60_000_000
_KEPT_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
_TELLING_SEGMENTS = frozenset({0xFE, *range(0xE0, 0xF0)}) - {0xE0, 0xE2, 0xEE}
"""Comments and all application segments of a JPG but its header, its colour profile and how it was encoded."""
_DAMAGED = N_("This picture is damaged and cannot be opened. Save it again and send the new file.")
_FAULTS = (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, zlib.error)


def _open(path: Path) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return Image.open(path, formats=("PNG", "JPEG"))
        except Image.DecompressionBombError:
            raise Invalid(N_("This picture has far too many pixels. Make it smaller and send it again.")) from None
        except _FAULTS:
            raise Invalid(_DAMAGED) from None


def measure(path: Path) -> tuple[int, int]:
    """Return width and height from the header; Invalid when there are too many pixels or the file is broken."""
    with _open(path) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS or (picture.format == "JPEG" and width * height > MOST_REENCODED):
            raise Invalid(
                N_("This picture has %(width)s × %(height)s pixels; make it smaller and send it again."),
                width=width,
                height=height,
            )
        try:
            if picture.format == "PNG":
                picture.verify()
        except _FAULTS:
            raise Invalid(_DAMAGED) from None
    if width == 0 or height == 0:
        raise Invalid(_DAMAGED)
    return width, height


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the words in EXIF, XMP and text chunks."""
    with _open(path) as picture:
        info: dict[Any, Any] = dict(picture.info)
        try:
            info |= dict(picture.getexif())
        except _FAULTS:
            pass
    words = [_words(value) for key, value in info.items() if key != "icc_profile"]
    yield "metadata", "\n".join(word for word in words if word)


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        return (
            value[:200_000].decode("utf-8", "ignore") + "\n" + value[:200_000].replace(b"\x00", b"").decode("latin-1")
        )
    return str(value)[:200_000]


def neutral(path: Path, kind: str) -> bytes:
    """Return the picture without EXIF, XMP and text; a JPG is encoded anew, turned the right way up."""
    return bare_png(path.read_bytes()) if kind == "png" else _neutral_jpg(path)


def bare_jpg(data: bytes) -> bytes:
    """Return a JPG as it is, but without EXIF, XMP, IPTC and comments; what is no JPG comes back unchanged."""
    sink, place = io.BytesIO(), 2
    sink.write(data[:2])
    while data[:2] == b"\xff\xd8" and place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        if data[place + 1] not in _TELLING_SEGMENTS:
            sink.write(data[place : place + 2 + length])
        place += 2 + length
    sink.write(data[place:] if data[:2] == b"\xff\xd8" else data[2:])
    return sink.getvalue()


def bare_png(data: bytes) -> bytes:
    """Copy the chunks that make the picture, and no other."""
    sink, place = io.BytesIO(), 8
    sink.write(data[:8])
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind = data[place + 4 : place + 8]
        if kind in _KEPT_CHUNKS:
            sink.write(data[place : place + 12 + length])
        place += 12 + length
        if kind == b"IEND":
            break
    return sink.getvalue()


def _neutral_jpg(path: Path) -> bytes:
    try:
        with _open(path) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except _FAULTS:
        raise Invalid(_DAMAGED) from None
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    sink = io.BytesIO()
    bare.save(sink, "JPEG", quality=92)
    return sink.getvalue()
