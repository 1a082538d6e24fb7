"""Adding, moving and removing rows of a form that was sent: the typed text itself is moved, nothing is judged yet.

A button is named ``row``; its value is ``criteria-add``, ``criteria-2-up``, ``criteria-2-down`` or
``criteria-2-remove``.
"""

import re

from werkzeug.datastructures import MultiDict

_ACT = re.compile(r"([a-z_]+)-(?:(\d{1,4})-(up|down|remove)|(add))")

Typed = MultiDict[str, str]


def acted(typed: Typed, act: str) -> tuple[Typed, str]:
    """Return what was typed with the act done, and the name of the row to look at; unchanged for an unknown act."""
    match = _ACT.fullmatch(act)
    if match is None:
        return typed, ""
    name, place, verb = match[1], int(match[2] or 0), match[3] or match[4]
    order = _indices(typed, name)
    if verb == "add":
        order.append(max(order, default=-1) + 1)
        place = order[-1]
    elif place in order:
        here = order.index(place)
        order.pop(here)
        if verb != "remove":
            order.insert(max(here + (-1 if verb == "up" else 1), 0), place)
    numbers = {old: new for new, old in enumerate(order)}
    shown = numbers.get(place, max(len(order) - 1, 0))
    return _renumbered(typed, name, numbers), f"{name}-{shown}" if order else name


def _indices(typed: Typed, name: str) -> list[int]:
    found = (re.match(rf"{name}-(\d{{1,4}})-", key) for key in typed)
    return sorted({int(match[1]) for match in found if match})


def _renumbered(typed: Typed, name: str, numbers: dict[int, int]) -> Typed:
    """Return the text with each row under its new number; rows without one are gone."""
    moved: Typed = MultiDict()
    for key, value in typed.items(multi=True):
        match = re.fullmatch(rf"{name}-(\d{{1,4}})-(.+)", key)
        if match is None:
            moved.add(key, value)
        elif int(match[1]) in numbers:
            moved.add(f"{name}-{numbers[int(match[1])]}-{match[2]}", value)
    present = set(_indices(moved, name))
    for number in numbers.values():
        if number not in present:
            moved.add(f"{name}-{number}-origin", "")
    return moved
