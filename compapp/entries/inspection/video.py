"""MP4: how long it lasts, what its tags say, and a neutral copy without tags."""

import math
import struct
from collections.abc import Collection, Iterator
from pathlib import Path

from tinytag import TinyTag
from tinytag import TinyTagException as TagFault

from compapp.core.errors import Invalid
from compapp.core.text import N_

_DAMAGED = N_("This video is damaged and cannot be played. Export it again as MP4 and send the new file.")
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf"}
_TAGS = {b"udta", b"meta", b"uuid"}
_MOST_BOXES = 10_000


def _tags(path: Path) -> TinyTag:
    try:
        with path.open("rb") as source:
            return TinyTag.get(filename=f"{path.name}.mp4", file_obj=source)
    except (TagFault, OSError, ValueError, KeyError, TypeError, IndexError, struct.error, RecursionError):
        raise Invalid(_DAMAGED) from None


def count_seconds(path: Path) -> int:
    """Return the length in seconds, rounded up; Invalid when the video is broken."""
    seconds = _tags(path).duration
    if not seconds or seconds <= 0 or math.isinf(seconds) or math.isnan(seconds):
        raise Invalid(_DAMAGED)
    return math.ceil(round(float(seconds), 3))


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what stands in the video's tags, known ones and raw."""
    words = [str(value) for value in _tags(path).as_dict().values() if value]
    with path.open("rb") as source:
        for place, size in _tag_boxes(path):
            source.seek(place)
            words.append(source.read(min(size, 200_000)).decode("utf-8", "ignore"))
    yield "metadata", "\n".join(words)


def neutral(path: Path) -> bytes:
    """Return the video with its tag boxes emptied; nothing moves, so it plays as before."""
    data = bytearray(path.read_bytes())
    for place, size in _tag_boxes(path):
        data[place + 4 : place + 8] = b"free"
        data[place + 8 : place + size] = bytes(size - 8)
    return bytes(data)


def measure(path: Path) -> tuple[int, int] | None:
    """Return width and height of the picture as it is shown (turned by the phone or not); None where none is named."""
    sizes: list[tuple[int, int]] = []
    with path.open("rb") as source:
        for place, size in _boxes(path, {b"tkhd"}):
            source.seek(place)
            box = source.read(min(size, 200))
            if len(box) < 92:
                continue
            turned = struct.unpack(">9i", box[-44:-8])[:2]
            width, height = (side >> 16 for side in struct.unpack(">2I", box[-8:]))
            if width and height:
                sizes.append((height, width) if turned[0] == 0 and turned[1] else (width, height))
    return max(sizes, default=None)


def _tag_boxes(path: Path) -> list[tuple[int, int]]:
    """Return place and size of every box that may hold words about the video."""
    return _boxes(path, _TAGS)


def _boxes(path: Path, wanted: Collection[bytes]) -> list[tuple[int, int]]:
    """Return place and size of every box of the wanted kinds, however deep it stands."""
    found: list[tuple[int, int]] = []
    length = path.stat().st_size
    waiting, seen = [(0, length)], 0
    with path.open("rb") as source:
        while waiting:
            place, end = waiting.pop()
            while place + 8 <= end and seen < _MOST_BOXES:
                seen += 1
                source.seek(place)
                size, kind = struct.unpack(">I4s", source.read(8))
                header = 8
                if size == 1:
                    (size,) = struct.unpack(">Q", source.read(8))
                    header = 16
                size = end - place if size == 0 else size
                if size < header or place + size > end:
                    break
                if kind in wanted and header == 8:
                    found.append((place, size))
                elif kind in _CONTAINERS:
                    waiting.append((place + header, place + size))
                place += size
    return found
