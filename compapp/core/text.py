"""Vietnamese text: one form, one fold for searching, one key for sorting, names by given name.

Sources: Unicode NFC; the collation order is ICU's ``vi`` (letters, then tones, then case).
"""

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "\u0110": "Đ"})
_LETTER_RANK = {letter: 40 + position for position, letter in enumerate(_LETTERS)}
_HORN, _BREVE, _CIRCUMFLEX = "\u031b", "\u0306", "\u0302"


class _Bare(dict[int, int | None]):
    """A table for ``str.translate`` that learns which characters are marks."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_BARE = _Bare({ord(letter): ord(bare) for letter, bare in zip("ĐđÐð", "DdDd", strict=True)})


def N_(message: str) -> str:  # noqa: N802 - the usual marker name of gettext
    """Mark ``message`` for translation; it is translated where it is shown."""
    return message


def nfc(text: str) -> str:
    """Return ``text`` in NFC with look-alikes of đ mapped and NUL removed."""
    return unicodedata.normalize("NFC", text).translate(_LOOKALIKES).replace("\x00", "")


def fold(text: str) -> str:
    """Return the search form: no marks, đ as d, lower case, single spaces (hoà and hòa agree)."""
    if not text.isascii():
        text = unicodedata.normalize("NFD", text).translate(_BARE)
    return " ".join(text.replace("\x00", "").casefold().split())


def language_of(text: str) -> str | None:
    """Return ``vi`` or ``en`` where the words of ``text`` make it plain, for screen readers; None where they do not.

    Vietnamese: at least two of five words carry a mark. English: at least four words, none with a mark.
    """
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    marked = sum(not word.isascii() and fold(word) != " ".join(word.casefold().split()) for word in words)
    if words and marked * 5 >= len(words) * 2:
        return "vi"
    return "en" if len(words) >= 4 and not marked else None


def _split(character: str) -> tuple[str, int]:
    """Return the base letter (with its shape mark) and the tone number 0-5 of one character."""
    decomposed = unicodedata.normalize("NFD", character)
    tone = next((_TONES[c] for c in decomposed if c in _TONES), 0)
    kept = "".join(c for c in decomposed if c not in _TONES)
    return unicodedata.normalize("NFC", kept), tone


def sort_key(text: str) -> str:
    """Return a string that orders as ICU's ``vi`` collation under plain code-point comparison.

    Space and punctuation come first, then digits, then letters; equal letters are split by
    tone (none, huyền, hỏi, ngã, sắc, nặng), then by case (lower first).
    """
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for character in nfc(text):
        base, tone = _split(character)
        lower = base.lower()
        rank = _LETTER_RANK.get(lower)
        letters.append(chr(rank + 64) if rank is not None else _other(lower))
        tones.append(str(tone))
        cases.append("1" if base != lower else "0")
    return "".join(letters) + "\x01" + "".join(tones).rstrip("0") + "\x01" + "".join(cases).rstrip("0")


def _other(character: str) -> str:
    """Return the key of a character that is no Vietnamese letter: low ASCII below, the rest above."""
    code = ord(character[0]) if character else 2
    return chr(code) if code < 64 else chr(200) + character


def given_name(full_name: str) -> str:
    """Return the given name: the last word of a family-middle-given name."""
    words = full_name.split()
    return words[-1] if words else ""


def name_sort_key(full_name: str) -> str:
    """Return the key that sorts people by given name, then by the rest (class-list order)."""
    words = full_name.split()
    return sort_key(" ".join(words[-1:] + words[:-1]))
