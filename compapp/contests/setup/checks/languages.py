"""What stands in one language only: readers of the other one would meet it in the middle of their page."""

from collections.abc import Iterator
from typing import Any

from compapp.contests.setup.checks.finding import WARNING, Document, Facts, Finding, Findings
from compapp.core.text import N_

_SHOWN = 6


def check_languages(document: Document, _facts: Facts) -> list[Finding]:
    """Return one warning for each page with names that lack English (questions have a warning each of their own)."""
    pages = {
        "boards": document["contest"]["boards"],
        "rubrics": [item for one in document["rubrics"] for item in (one, *one["criteria"])],
        "rounds": [item for one in document["rounds"] for item in (one, *(one.get("extra_points") or ()))],
        "prizes": document["contest"].get("prizes") or (),
        "sectors": document.get("sectors") or (),
    }
    return [one for step, items in pages.items() for one in _missing(step, list(_one_sided(items)))]


def _one_sided(items: Any) -> Iterator[str]:
    for item in items:
        label = item.get("label")
        if isinstance(label, dict) and bool(label.get("vi")) != bool(label.get("en")):
            yield label.get("vi") or label["en"]


def _missing(step: str, names: list[str]) -> list[Finding]:
    found = Findings(step)
    if names:
        shown = [{"vi": name, "en": name} for name in names[:_SHOWN]]
        found.add(
            WARNING,
            "languages." + ".".join(names),
            N_("Written in one language only: %(names)s."),
            N_("Write it in both languages; until then readers of the other one see it as it stands."),
            names=shown,
        )
    return found.found
