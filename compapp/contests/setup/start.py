"""What a new draft begins with, and which pages still stand as they came. Pure."""

from collections.abc import Mapping
from typing import Any

BOARD = {"code": "chung", "label": {"vi": "Bảng chung", "en": "Open board"}, "team_min": 1, "team_max": 5}

FIELDS: list[dict[str, Any]] = [
    {
        "key": "title",
        "label": {"vi": "Tên ý tưởng", "en": "Title"},
        "type": "text",
        "required": True,
        "visibility": "public",
        "max": 150,
    },
    {
        "key": "solution",
        "label": {"vi": "Vấn đề và giải pháp", "en": "Problem and solution"},
        "type": "longtext",
        "required": True,
        "visibility": "judges",
        "max": 3000,
    },
]

RUBRIC: dict[str, Any] = {
    "code": "RB1",
    "label": {"vi": "Phiếu chấm", "en": "Score sheet"},
    "scale": {"min": 0, "max": 10, "step": 0.5},
    "criteria": [
        {"code": "novelty", "weight": 50, "label": {"vi": "Tính mới", "en": "Novelty"}},
        {"code": "feasibility", "weight": 50, "label": {"vi": "Tính khả thi", "en": "Feasibility"}},
    ],
}

ROUND: dict[str, Any] = {
    "code": "R1",
    "order": 1,
    "kind": "online_scoring",
    "label": {"vi": "Vòng chấm", "en": "Judging"},
    "rubric": "RB1",
    "judges_per_entry": 3,
}


def untouched(document: Mapping[str, Any]) -> frozenset[str]:
    """Return the wizard's pages whose list is still the one that a new draft begins with."""
    form = document["form"]
    rounds = [{key: one[key] for key in one if key not in ("opens", "closes")} for one in document["rounds"]]
    as_it_came = {
        "boards": document["contest"]["boards"] == [BOARD],
        "form": form.get("fields") == FIELDS and not any(form.get(name) for name in ("attachments", "sections")),
        "rubrics": document["rubrics"] == [RUBRIC],
        "rounds": rounds == [ROUND],
    }
    return frozenset(step for step, same in as_it_came.items() if same)
