"""Answers to the organiser's questions: what shape each kind of value has, and what is wrong with one. Pure.

Text, longtext, link: text. choice, reference: a code. multichoice, ranked: a list of codes. money: whole
đồng. number: a number. date: ``yyyy-mm-dd``. checkbox: true or false. consents: purpose to true or false.
table and canvas: see :mod:`compapp.entries.structured`.
A type that is not known is treated as text, so that a file from elsewhere still works.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from compapp.contests.definition import FormField
from compapp.core.errors import Invalid, Sentence
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_, nfc
from compapp.entries import structured

CODES, CODE_LISTS = frozenset({"choice", "reference"}), frozenset({"multichoice", "ranked"})
MOST_TEXT = 20_000
MOST_MONEY = 10**15

PURPOSES = {
    "run_contest": N_("Running the contest (needed to take part)"),
    "publish_name_photo": N_("Publishing names and photos"),
    "share_with_incubators": N_("Sharing with incubators"),
    "share_with_investors": N_("Sharing with investors"),
    "news": N_("News about other contests"),
}
LEDGER = {
    "run_contest": "run_contest",
    "publish_name_photo": "publish_name",
    "share_with_incubators": "share_incubator",
    "share_with_investors": "share_investors",
    "news": "news",
}
"""What a purpose of the form is called in the ledger of consents that every account has."""
NEEDED_PURPOSE = "run_contest"
_WRONG_SHAPE = N_("This answer cannot be read. Please give it again.")
_UNKNOWN = N_("Choose one of the options.")


def fingerprint(value: Any) -> str:
    """Return a short hash of a stored answer: enough to tell whether it is still the one a page has shown."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def purposes_of(field: FormField) -> tuple[str, ...]:
    """Return the purposes a consents question asks for."""
    return tuple(option.code for option in field.options) or tuple(PURPOSES)


def clean(field: FormField, value: Any, options: Collection[str]) -> tuple[Any, Sentence | None]:
    """Return the value as it is stored and a sentence when it breaks a limit.

    What is too long is kept as typed (the sentence says so); what has no meaning comes back as None.
    """
    if value is None:
        return None, None
    if field.type in CODES:
        return _code(value, options)
    if field.type in CODE_LISTS:
        return _codes(field, value, options)
    if field.type == "checkbox":
        return (value, None) if isinstance(value, bool) else (None, (_WRONG_SHAPE, {}))
    if field.type == "consents":
        return _consents(field, value)
    if field.type == "money":
        return _bounded(field, *_money(value))
    if field.type == "number":
        return _bounded(field, *_number(value))
    if field.type in structured.STRUCTURED:
        return structured.clean(field, value)
    if field.type == "date":
        return _date(value)
    return _text(field, value)


def _text(field: FormField, value: Any) -> tuple[Any, Sentence | None]:
    if not isinstance(value, str | int | float):
        return None, (_WRONG_SHAPE, {})
    text = nfc(str(value)).replace("\r\n", "\n").strip()
    if field.type != "longtext":
        text = " ".join(text.split())
    most = min(field.max or MOST_TEXT, MOST_TEXT)
    if len(text) > MOST_TEXT * 2:
        return None, (N_("At most %(most)s characters; this text has %(length)s."), {"most": most, "length": len(text)})
    if not text:
        return None, None
    if len(text) > most:
        return text, (N_("At most %(most)s characters; this text has %(length)s."), {"most": most, "length": len(text)})
    words = len(text.split())
    if field.max_words is not None and words > field.max_words:
        return text, (
            N_("At most %(most)s words; this text has %(length)s."),
            {"most": field.max_words, "length": words},
        )
    if field.type == "link" and not is_link(text):
        return text, (N_("Give a full address that begins with https://."), {})
    return text, None


def is_link(text: str) -> bool:
    """Whether ``text`` is an https address with a host, without spaces, a user or control characters."""
    if not text.startswith("https://") or len(text) > 1000 or any(c.isspace() or ord(c) < 32 for c in text):
        return False
    host = text[8:].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return "." in host.strip(".") and "@" not in host and "\\" not in text


def _code(value: Any, options: Collection[str]) -> tuple[Any, Sentence | None]:
    if value == "":
        return None, None
    if not isinstance(value, str) or value not in options:
        return None, (_UNKNOWN, {})
    return value, None


def _codes(field: FormField, value: Any, options: Collection[str]) -> tuple[Any, Sentence | None]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return None, (_WRONG_SHAPE, {})
    chosen = list(dict.fromkeys(one for one in value if one))
    if any(one not in options for one in chosen):
        return None, (_UNKNOWN, {})
    if field.max is not None and len(chosen) > field.max:
        return chosen, (N_("Choose at most %(most)s."), {"most": field.max})
    return chosen or None, None


def _consents(field: FormField, value: Any) -> tuple[Any, Sentence | None]:
    if not isinstance(value, Mapping):
        return None, (_WRONG_SHAPE, {})
    return {purpose: value.get(purpose) is True for purpose in purposes_of(field)}, None


def _money(value: Any) -> tuple[Any, Sentence | None]:
    sentence: Sentence = (N_("Write the amount in đồng with digits only, such as 30.000.000."), {})
    if isinstance(value, str):
        digits = "".join(c for c in value if c not in " .,\u00a0")
        if not digits:
            return None, None
        if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
            return None, sentence
        return int(digits), None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_MONEY:
        return value, None
    return None, sentence


def _number(value: Any) -> tuple[Any, Sentence | None]:
    if isinstance(value, str):
        if not value.strip():
            return None, None
        try:
            value = parse_decimal(value)
        except Invalid as error:
            return None, (error.msgid, error.params)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or abs(Decimal(str(value))) > MOST_MONEY:
        return None, (_WRONG_SHAPE, {})
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else float(exact), None


def _bounded(field: FormField, value: Any, fault: Sentence | None) -> tuple[Any, Sentence | None]:
    """Hold a figure against the bounds of its question; one outside stays as typed."""
    if fault is not None or value is None:
        return value, fault
    exact = Decimal(str(value))
    if field.least is not None and exact < field.least:
        return value, (N_("Give at least %(least)s."), {"least": _written(field.least)})
    if field.most is not None and exact > field.most:
        return value, (N_("Give at most %(most)s."), {"most": _written(field.most)})
    return value, None


def _written(figure: Decimal) -> str:
    """Return a bound as it is written here: 1.000.000 or 2,5."""
    whole, _point, rest = f"{figure:,f}".partition(".")
    return whole.replace(",", ".") + ("," + rest if rest else "")


def _date(value: Any) -> tuple[Any, Sentence | None]:
    if not isinstance(value, str) or not value.strip():
        return None, None
    text = value.strip()
    parts = text.split("/")
    if len(parts) == 3:
        text = "-".join(part.zfill(2) for part in reversed(parts))
    try:
        return date.fromisoformat(text).isoformat(), None
    except ValueError:
        return None, (N_("Write the date as dd/mm/yyyy, such as 15/11/2026."), {})


def is_filled(field: FormField, value: Any) -> bool:
    """Whether a required question counts as answered by ``value``."""
    if field.type == "checkbox":
        return value is True
    if field.type == "consents":
        needed = NEEDED_PURPOSE if NEEDED_PURPOSE in purposes_of(field) else purposes_of(field)[0]
        return isinstance(value, Mapping) and value.get(needed) is True
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list | dict):
        return bool(value)
    return value is not None
