"""The sample contest and a small one, for the tests of contests."""

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parent.parent / "data" / "sample-contest.json"


@lru_cache(maxsize=1)
def _sample_text() -> str:
    return SAMPLE.read_text(encoding="utf-8")


def sample() -> dict[str, Any]:
    """Return a fresh copy of the sample contest."""
    read: dict[str, Any] = json.loads(_sample_text())
    return read


def moment(day: int, hour: int = 8) -> dict[str, Any]:
    """Return a time of the small contest, launched on 1 March 2027."""
    from datetime import date, timedelta

    there = date(2027, 3, 1) + timedelta(days=day)
    return {"at": f"{there.isoformat()}T{hour:02d}:00:00+07:00", "day": day}


def label(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


SMALL: dict[str, Any] = {
    "contest": {
        "code": "NHO-2027",
        "title": label("Cuộc thi nhỏ", "Small contest"),
        "organiser": "KH",
        "launch": moment(0),
        "submission": {"opens": moment(0), "closes": moment(20, 17)},
        "boards": [{"code": "all", "label": label("Bảng chung", "One board"), "team_max": 5}],
        "rules": {"aggregation": {"method": "mean", "decimals": 2, "rounding": "half_up"}},
        "prizes": [{"board": "all", "award": "first", "count": 1, "vnd": 1000000, "label": label("Nhất", "First")}],
    },
    "bodies": [{"code": "KH", "name": label("Phòng Khoa học", "Science office")}],
    "form": {"fields": [{"key": "title", "type": "text", "label": label("Tên", "Title"), "required": True}]},
    "rubrics": [
        {
            "code": "RB1",
            "criteria": [{"code": "idea", "weight": 100, "label": label("Ý tưởng", "Idea")}],
            "scale": {"min": 0, "max": 10, "step": 0.5},
        }
    ],
    "rounds": [
        {
            "code": "R1",
            "kind": "online_scoring",
            "label": label("Vòng sơ khảo", "First round"),
            "rubric": "RB1",
            "opens": moment(22),
            "closes": moment(30, 17),
            "judges_per_entry": 3,
            "advance": {"all": 5},
            "gates": {"min_total": 50},
        }
    ],
}


def small(code: str = "NHO-2027") -> dict[str, Any]:
    """Return a small contest: its definition only."""
    document = copy.deepcopy(SMALL)
    document["contest"]["code"] = code
    return document
