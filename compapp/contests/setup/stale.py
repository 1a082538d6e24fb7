"""Texts whose Vietnamese was changed while their English stayed, or the other way round. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

_BOTH = {"vi", "en"}


def one_side_changed(before: Any, after: Any) -> Iterator[str]:
    """Yield the new words of every two-language text of which only one language was changed."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if set(before) == set(after) == _BOTH and all(isinstance(text, str) for text in after.values()):
            if (before["vi"] == after["vi"]) != (before["en"] == after["en"]) and all(after.values()):
                yield after["vi"] if before["vi"] != after["vi"] else after["en"]
            return
        for key in before.keys() & after.keys():
            yield from one_side_changed(before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list):
        known = dict(_named(before))
        for name, item in _named(after):
            if name in known:
                yield from one_side_changed(known[name], item)


def _named(items: list[Any]) -> Iterator[tuple[object, Any]]:
    """Yield the items with their code or key; with their place where they have none."""
    for place, item in enumerate(items):
        name = (item.get("code") or item.get("key")) if isinstance(item, Mapping) else None
        yield name if name is not None else place, item
