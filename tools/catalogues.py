"""The Vietnamese catalogues: one po file per room, one compiled catalogue for the program.

``python -m tools.catalogues compile``  joins ``compapp/translations/vi/*.po`` into ``LC_MESSAGES/messages.mo``
``python -m tools.catalogues check``    says what is missing, empty, fuzzy, unused, contradictory or misplaced
``python -m tools.catalogues missing [ROOM]``  prints the missing entries, ready to be translated
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "compapp" / "translations" / "vi"
COMPILED = FOLDER / "LC_MESSAGES" / "messages.mo"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "lazy": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "plural": (1, 2),
}
PLACE = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|%([sd])|\{(\w*)[^{}]*\}")

Key = str | tuple[str, str]
"""A msgid, or (singular, plural)."""


@dataclass
class Use:
    """A text of the program and the places where it stands."""

    key: Key
    places: list[str] = field(default_factory=list)

    @property
    def rooms(self) -> set[str]:
        """The rooms in which it stands."""
        parts = (place.split("/") for place in self.places)
        return {part[0] if part[0] == "wtforms" else part[1] for part in parts if len(part) > 1}


@dataclass(frozen=True)
class Entry:
    """A translation and the file that holds it."""

    file: str
    message: Message

    @property
    def texts(self) -> tuple[str, ...]:
        """The translated texts (one: Vietnamese has no plural forms)."""
        text = self.message.string or ""
        return (text,) if isinstance(text, str) else tuple(text)


def used() -> dict[str, Use]:
    """Return every text that the program and its form library show, by msgid."""
    with (ROOT / "babel.cfg").open() as stream:
        methods, options = parse_mapping_cfg(stream)  # type: ignore[no-untyped-call]
    found: dict[str, Use] = {}
    _collect(found, ROOT, methods, options, prefix="")
    library = find_spec("wtforms")
    assert library is not None and library.origin is not None
    _collect(found, Path(library.origin).parent, [("**.py", "python")], {}, prefix="wtforms/")
    return found


def _collect(found: dict[str, Use], root: Path, methods: Any, options: Any, *, prefix: str) -> None:
    entered: list[str] = []
    rows = extract_from_dir(
        root,
        method_map=methods,
        options_map=options,
        keywords=KEYWORDS,
        callback=lambda file, _method, _options: entered.append(file),
        directory_filter=_is_searched,
    )
    try:
        for file, line, texts, _comments, _context in rows:
            key: Key = texts if isinstance(texts, str) else (texts[0], texts[1])
            use = found.setdefault(_singular(key), Use(key))
            if isinstance(key, tuple):
                use.key = key
            use.places.append(f"{prefix}{file}:{line}")
    except Exception as error:
        raise SystemExit(f"{prefix}{entered[-1] if entered else root} cannot be read: {error}") from error


def _is_searched(folder: str | os.PathLike[str]) -> bool:
    return not Path(folder).name.startswith((".", "__", "instance", "tests", "docs"))


def _singular(key: Any) -> str:
    return str(key[0]) if isinstance(key, (tuple, list)) else str(key)


def catalogues() -> dict[str, Catalog]:
    """Return the catalogue of each room by file name."""
    read = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as stream:
            read[path.name] = read_po(stream, locale="vi", abort_invalid=True)
    return read


def entries(read: dict[str, Catalog]) -> Iterator[Entry]:
    """Yield every translation of every file."""
    for name, catalogue in read.items():
        for message in catalogue:
            if message.id:
                yield Entry(name, message)


def faults(texts: dict[str, Use], read: dict[str, Catalog]) -> list[str]:
    """Return what is wrong with the catalogues, a sentence each; empty when all is well."""
    held: dict[str, Entry] = {}
    wrong: list[str] = []
    for entry in entries(read):
        key = _singular(entry.message.id)
        wrong += _faults_of(entry)
        earlier = held.setdefault(key, entry)
        if earlier.texts != entry.texts:
            wrong.append(f"{earlier.file} and {entry.file} translate {key!r} differently")
        if key not in texts:
            wrong.append(f"{entry.file}: {key!r} is not used")
    for key, use in texts.items():
        if key not in held:
            wrong.append(f"{use.places[0]}: {key!r} is not translated")
        elif isinstance(use.key, tuple) and not isinstance(held[key].message.id, (tuple, list)):
            wrong.append(f"{held[key].file}: {key!r} needs its plural {use.key[1]!r}")
    for name, catalogue in read.items():
        wrong += [f"{name}: {_singular(key)!r} is an obsolete entry" for key in catalogue.obsolete]
    return wrong


def _faults_of(entry: Entry) -> list[str]:
    name = f"{entry.file}: {_singular(entry.message.id)!r}"
    if not all(entry.texts):
        return [f"{name} is empty"]
    wrong = []
    if entry.message.fuzzy:
        wrong.append(f"{name} is fuzzy")
    source = entry.message.id if isinstance(entry.message.id, str) else entry.message.id[1]
    for text in entry.texts:
        if _places(text) != _places(source):
            wrong.append(f"{name} has other places than its translation")
    return wrong


def _places(text: str) -> set[tuple[str, ...]]:
    return {match.groups("") for match in PLACE.finditer(text.replace("%%", ""))}


def compiled(read: dict[str, Catalog]) -> bytes:
    """Return the compiled union of the catalogues."""
    union = Catalog(locale="vi", charset="utf-8")
    for entry in entries(read):
        if all(entry.texts):
            union.add(entry.message.id, entry.message.string)
    stream = BytesIO()
    write_mo(stream, union)
    return stream.getvalue()


def compile_all() -> bool:
    """Write the compiled catalogue where it has changed; return whether it had."""
    new = compiled(catalogues())
    if COMPILED.exists() and COMPILED.read_bytes() == new:
        return False
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    draft = COMPILED.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(new)
    draft.replace(COMPILED)
    return True


def missing(room: str | None = None) -> list[str]:
    """Return the po entries that are still to be written, of one room or of all."""
    present = {_singular(entry.message.id) for entry in entries(catalogues()) if all(entry.texts)}
    return [_stanza(use) for key, use in used().items() if key not in present and (room is None or room in use.rooms)]


def _stanza(use: Use) -> str:
    lines = [f"#: {' '.join(use.places[:3])}"]
    if isinstance(use.key, tuple):
        lines += [f"msgid {_quoted(use.key[0])}", f"msgid_plural {_quoted(use.key[1])}", 'msgstr[0] ""']
    else:
        lines += [f"msgid {_quoted(use.key)}", 'msgstr ""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _print(lines: Iterable[str]) -> int:
    count = 0
    for line in lines:
        print(line)
        count += 1
    return count


def main(arguments: list[str]) -> int:
    """Carry out one command; 1 when a check found something."""
    match arguments:
        case ["compile"]:
            compile_all()
            return 0
        case ["check"]:
            found = faults(used(), catalogues())
            _print(found)
            print(f"translations: {len(found)} faults" if found else "translations: complete")
            return 1 if found else 0
        case ["missing", *room]:
            count = _print(missing(*room[:1]))
            print(f"{count} texts to translate", file=sys.stderr)
            return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
