"""The shape of a contest file: the JSON Schema, and its refusals as sentences."""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from compapp.contests.definition.times import iso_moment
from compapp.contests.file.faults import Fault
from compapp.core.text import N_

FIRST_YEAR, LAST_YEAR = 1900, 2200

MOST_FAULTS = 200
"""So many faults are told at most; who has more is better served by mending these first."""

_TYPES = {
    "string": N_("Expected a text."),
    "number": N_("Expected a number."),
    "integer": N_("Expected a whole number."),
    "boolean": N_("Expected true or false."),
    "array": N_("Expected a list."),
    "object": N_("Expected an object with keys."),
}

_LIMITS = {
    "minimum": N_("Must be at least %(limit)s."),
    "maximum": N_("Must be at most %(limit)s."),
    "exclusiveMinimum": N_("Must be above %(limit)s."),
    "maxLength": N_("Too long: at most %(limit)s characters."),
    "minItems": N_("Too few items: at least %(limit)s."),
    "maxItems": N_("Too many items: at most %(limit)s."),
    "maxProperties": N_("Too many keys: at most %(limit)s."),
    "minProperties": N_("Must not be empty."),
    "minLength": N_("Must not be empty."),
    "uniqueItems": N_("An item stands here twice."),
}

_FORMATS = {
    "moment": N_("“%(value)s” is not a time. Write it like 2026-11-15T17:00:00+07:00."),
    "day": N_("“%(value)s” is not a date. Write it like 2026-11-15."),
}


def shape_faults(document: object) -> list[Fault]:
    """Return a fault for every place that is not as the schema says, in the order of the file."""
    errors = sorted(_validator().iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path])
    faults: dict[tuple[str, str], Fault] = {}
    for error in errors:
        for fault in _faults_of(error):
            faults.setdefault((fault.path, fault.msgid), fault)
            if len(faults) >= MOST_FAULTS:
                return list(faults.values())
    return list(faults.values())


def text_faults(document: object) -> list[Fault]:
    """Return a fault for every text or number that could not be stored."""
    return [
        Fault(path, N_("This text holds a character that cannot be kept."))
        if isinstance(value, str)
        else Fault(path, N_("This is not a finite number."))
        for path, value in _leaves(document, "")
        if (isinstance(value, str) and not _is_storable(value))
        or (isinstance(value, float) and not math.isfinite(value))
    ]


def normalised(value: Any) -> Any:
    """Return ``value`` with every text in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, Mapping):
        return {normalised(key): normalised(item) for key, item in value.items()}
    return value


def joined(path: str, part: str | int) -> str:
    """Return ``path`` with one more step."""
    if isinstance(part, int):
        return f"{path}[{part}]"
    return f"{path}.{part}" if path else part


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield path, key
            yield from _leaves(item, joined(path, str(key).encode(errors="replace").decode()))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, joined(path, index))
    else:
        yield path, value


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _faults_of(error: ValidationError) -> Iterator[Fault]:
    path = ""
    for part in error.absolute_path:
        path = joined(path, part)
    schema_of_place: Any = error.schema
    keyword = str(error.validator)
    limit: Any = error.validator_value
    value: Any = error.instance
    if keyword == "additionalProperties":
        for key in value:
            if key not in schema_of_place.get("properties", {}):
                yield Fault(joined(path, str(key)), N_("The key “%(key)s” is not known here."), {"key": _short(key)})
    elif keyword == "required":
        for key in limit:
            if key not in value:
                yield Fault(joined(path, key), N_("The key “%(key)s” is missing."), {"key": key})
    else:
        yield _fault_of_value(path, keyword, limit, value)


def _fault_of_value(path: str, keyword: str, limit: Any, value: object) -> Fault:
    if keyword == "type":
        return _wrong_type(path, limit)
    if keyword in ("enum", "const"):
        known = ", ".join(json.dumps(one) for one in (limit if keyword == "enum" else [limit]))
        return Fault(path, N_("“%(value)s” is none of: %(known)s."), {"value": _short(value), "known": known})
    if keyword == "format":
        return Fault(path, _FORMATS[limit], {"value": _short(value)})
    if keyword in _LIMITS:
        return Fault(path, _LIMITS[keyword], {"limit": limit} if "%(limit)s" in _LIMITS[keyword] else {})
    return Fault(path, N_("“%(value)s” is not written as expected here."), {"value": _short(value)})


def _wrong_type(path: str, wanted: str | list[str]) -> Fault:
    names = [wanted] if isinstance(wanted, str) else [name for name in wanted if name != "null"]
    if len(names) == 1:
        return Fault(path, _TYPES[names[0]])
    return Fault(path, N_("Expected one of these kinds of value: %(kinds)s."), {"kinds": ", ".join(names)})


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the contest file."""
    read: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=1)
def _validator() -> Any:
    checker = FormatChecker(formats=())
    checker.checks("moment")(_is_moment)
    checker.checks("day")(_is_day)
    strict = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _checker, value: isinstance(value, int) and not isinstance(value, bool)
    )
    make: Any = extend
    return make(Draft202012Validator, type_checker=strict)(schema(), format_checker=checker)


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        dated = FIRST_YEAR <= iso_moment(value).year <= LAST_YEAR and value[:4].isdigit()
        return dated and (_is_bare_day(value) or datetime.fromisoformat(value).tzinfo is not None)
    except ValueError:
        return False


def _is_bare_day(value: str) -> bool:
    """Whether a text is a date alone; a time needs its offset."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_day(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return FIRST_YEAR <= date.fromisoformat(value).year <= LAST_YEAR
    except ValueError:
        return False
