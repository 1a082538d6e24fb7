"""Every deed that is recorded has its words, and every word its deed."""

import ast
import importlib
import re
from pathlib import Path

from compapp.app.recorded import DEMO, ROOMS
from compapp.core.lifecycle import Lifecycle
from tests.house.source import ROOMS as ROOM_NAMES
from tests.house.source import modules

VERB = re.compile(rf"({'|'.join(ROOM_NAMES)})\.[a-z_]+\.[a-z_]+")


def _written() -> set[str]:
    """Return every verb that stands in the code, but for the words themselves."""
    found = set()
    for module in modules():
        if module.path.name == "recorded.py":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value):
                found.add(node.value)
    return found


def _moves() -> set[str]:
    """Return the verbs of every life cycle, as a move records them."""
    found = set()
    for module in modules():
        if module.path.name == "lifecycle.py" and module.path.parent.name in ROOM_NAMES:
            loaded = importlib.import_module(".".join(Path(module.name).with_suffix("").parts))
            cycles = [one for one in vars(loaded).values() if isinstance(one, Lifecycle)]
            found |= {f"{cycle.name}.{move.verb}" for cycle in cycles for move in cycle.transitions}
    return found


def test_every_recorded_verb_has_its_words() -> None:
    words = {verb: text for room in ROOMS for verb, text in room.items()}
    recorded = {verb for verb in _written() | _moves() if verb.split(".")[0] != "core"}
    assert sorted(recorded - words.keys()) == [], "name them in the room's recorded.py"
    assert sorted(words.keys() - recorded) == [], "nobody records these any more"
    assert all(text.strip() for text in (*words.values(), *DEMO.values()))
