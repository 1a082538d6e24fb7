"""Blindness: finding who is behind an entry in what judges would get, and making copies that do not tell.

Names are looked for folded (no marks, đ as d) with word borders, and once more with everything but
letters and digits squeezed out, because a PDF may tear a word apart or glue two together. What cannot be
read is withheld, never shown (safety.md: redaction fails closed).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from compapp.core.text import N_, fold
from compapp.entries.inspection import office, pdf, picture, video
from compapp.entries.structured import texts

CLEAN, WITHHELD, REPLACED, UNCHECKED = "clean", "withheld", "replaced", "unchecked"
MASK = "[…]"
MOST_FINDINGS = 20
LEAST_SQUEEZED = 8

KINDS = {
    "person": N_("a name on the team"),
    "school": N_("the school’s name"),
    "class": N_("a class"),
    "number": N_("a student number"),
    "contact": N_("an e-mail address or telephone number"),
    "unreadable": N_("the file could not be read, a person must look at it"),
    "no_text": N_("no text could be read, the pictures were not looked at"),
}

_BRACKETS = re.compile(r"\([^)]*\)")
_CODE = re.compile(r"(?=.*\d)[\w./-]{4,}$")


@dataclass(frozen=True, slots=True)
class Marker:
    """One thing that would tell who the team is: its kind and its folded form."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """Everything that must not be found; made by :func:`identity`, and the same only as itself (it is kept by)."""

    markers: tuple[Marker, ...]

    @property
    def fingerprint(self) -> str:
        """Return a hash that changes when there is something else to look for."""
        words = "\n".join(sorted(f"{marker.kind}:{marker.text}" for marker in self.markers))
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found where; ``where`` is file name, metadata, authors, text, ``page 3``, ``slide 2``, …"""

    kind: str
    where: str
    text: str

    def as_json(self) -> dict[str, str]:
        """Return the finding as it is stored."""
        return {"kind": self.kind, "where": self.where, "text": self.text}


@dataclass(frozen=True)
class Examination:
    """The result for one file: the findings, and the neutral copy where there is one."""

    state: str
    findings: list[Finding] = field(default_factory=list)
    neutral: bytes | None = None


def identity(
    *,
    people: Iterable[str],
    schools: Iterable[str],
    classes: Iterable[str | None] = (),
    numbers: Iterable[str | None] = (),
    contacts: Iterable[str | None] = (),
) -> Identity:
    """Return what to look for. One-word names and short class codes would be found everywhere: left out."""
    wanted: list[tuple[str, str, int]] = []
    for name in people:
        words = fold(name).split()
        if len(words) > 1:
            wanted += [("person", " ".join(words), 5), ("person", " ".join([words[-1], *words[:-1]]), 5)]
    wanted += [("school", form, 8) for school in schools for form in _school_forms(school)]
    wanted += [("class", fold(code), 4) for code in classes if code and _CODE.match(code)]
    wanted += [("number", fold(number), 5) for number in numbers if number and _CODE.match(number)]
    wanted += [("contact", fold(contact), 6) for contact in contacts if contact]
    return Identity(tuple(_markers(wanted).values()))


def _markers(wanted: Iterable[tuple[str, str, int]]) -> dict[str, Marker]:
    found: dict[str, Marker] = {}
    for kind, folded, least in wanted:
        if len(folded) >= least:
            found.setdefault(folded, Marker(kind, folded))
    return found


@lru_cache(maxsize=2_000)
def _school_forms(name: str) -> tuple[str, ...]:
    """Return the folded name as it stands, without what is in brackets, and without its leading kind words."""
    folded = fold(_BRACKETS.sub(" ", name))
    shorter = folded.removeprefix("truong ")
    forms = (fold(name), folded, shorter)
    if shorter.startswith("dai hoc ") and len(shorter.split()) > 3:
        return (*forms, "dh " + shorter.removeprefix("dai hoc "))
    return forms


def search(text: str, who: Identity) -> list[Marker]:
    """Return the markers that ``text`` holds, torn or glued words included."""
    folded = fold(text)
    squeezed = _squeeze(folded)
    return [marker for marker in who.markers if _holds(folded, squeezed, marker.text)]


def _holds(folded: str, squeezed: str, marker: str) -> bool:
    if marker in folded and _bordered(marker).search(folded):
        return True
    tight = _tight(marker)
    return len(tight) >= LEAST_SQUEEZED and " " in marker and tight in squeezed


@lru_cache(maxsize=20_000)
def _tight(marker: str) -> str:
    return _squeeze(marker)


@lru_cache(maxsize=20_000)
def _bordered(marker: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(marker)}(?!\w)")


def _squeeze(folded: str) -> str:
    return re.sub(r"[\W_]+", "", folded)


def mask(text: str, who: Identity) -> str:
    """Return ``text`` with every marker replaced; what is found only torn or glued masks the whole text."""
    if not search(text, who):
        return text
    folded, places = _folded_with_places(text)
    spans: list[tuple[int, int]] = []
    for marker in who.markers:
        if marker.text in folded:
            spans += [match.span() for match in _bordered(marker.text).finditer(folded)]
    for start, end in sorted(spans, reverse=True):
        if start >= len(places):
            continue
        last = places[end] if end < len(places) else len(text)
        text = text[: places[start]] + MASK + text[last:]
    return MASK if search(text.replace(MASK, " \u2016 "), who) else text


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, where it stands in ``text``."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        bare = "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
        for one in bare.replace("Đ", "D").replace("đ", "d").replace("Ð", "D").replace("ð", "d").casefold():
            if one.isspace():
                if not folded or folded[-1] == " ":
                    continue
                one = " "
            folded.append(one)
            places.append(place)
    return "".join(folded), places


def texts_of(path: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of everything readable in a file of ``kind``."""
    if kind == "pdf":
        return pdf.texts(path)
    if kind in {"docx", "pptx"}:
        return office.texts(path)
    if kind in {"png", "jpg"}:
        return picture.texts(path)
    return video.texts(path)


def neutral_copy(path: Path, kind: str) -> bytes:
    """Return the file without metadata and names of authors."""
    if kind == "pdf":
        return pdf.neutral(path)
    if kind in {"docx", "pptx"}:
        return office.neutral(path)
    if kind in {"png", "jpg"}:
        return picture.neutral(path, kind)
    return video.neutral(path)


def examine(path: Path, kind: str, file_name: str, who: Identity) -> Examination:
    """Look for the team in a file. Names in what the neutral copy leaves out do no harm; the rest withholds.

    The file's own name and its metadata never reach a judge: the copy has a neutral name and no metadata, so
    they are noted but do not withhold. A name in the text, or a copy that cannot be made, does.
    """
    notes = [Finding(marker.kind, "file name", marker.text) for marker in search(file_name, who)]
    try:
        inside, has_text = _inside(path, kind, who)
        copy = neutral_copy(path, kind)
    except Exception:  # whatever a hostile file breaks, it is a person's turn, not an error page
        return Examination(WITHHELD, [*notes, Finding("unreadable", "file", "")])
    if not has_text:
        notes.append(Finding("no_text", "file", ""))
    harmful = [one for one in inside if one.where not in {"metadata", "authors"}]
    findings = [*notes, *inside][:MOST_FINDINGS]
    return Examination(WITHHELD if harmful else CLEAN, findings, None if harmful else copy)


def _inside(path: Path, kind: str, who: Identity) -> tuple[list[Finding], bool]:
    found: dict[tuple[str, str], Finding] = {}
    squeezed_tail, has_text = "", False
    for where, text in texts_of(path, kind):
        content = where not in {"metadata", "authors", "link"}
        has_text = has_text or (content and bool(text.strip()))
        for marker in search(squeezed_tail + text if content else text, who):
            found.setdefault((marker.text, where), Finding(marker.kind, where, marker.text))
        squeezed_tail = text[-100:] + " " if content else squeezed_tail
    return list(found.values()), has_text or kind == "mp4"


def answer_findings(answers: dict[str, Any], who: Identity) -> dict[str, list[Finding]]:
    """Return what text answers tell of the team: field key to findings."""
    found: dict[str, list[Finding]] = {}
    for key, value in answers.items():
        hits = [Finding(marker.kind, key, marker.text) for text in texts(value) for marker in search(text, who)]
        if hits:
            found[key] = hits
    return found
