"""A paper's edited text as an official paper."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from compapp.contests.papers.drafting import LIST_HERE
from compapp.core.documents import Grid, OfficialPaper, Signature, Text

Content = Mapping[str, Any]

_HEADINGS = ("TT", "Họ và tên", "Học vị", "Chức vụ, đơn vị", "Nhiệm vụ")


def laid_out(content: Content) -> OfficialPaper:
    """Return the paper; what is blank stays blank for the office."""
    dated = content.get("dated")
    return OfficialPaper(
        superior_body=content.get("superior_body", ""),
        issuing_body=content.get("issuing_body", ""),
        kind=content.get("kind", ""),
        number=content.get("number", ""),
        sign=content.get("sign", ""),
        place=content.get("place", ""),
        dated=date.fromisoformat(dated) if dated else None,
        abstract=content.get("abstract", ""),
        content=tuple(_blocks(content)),
        signatures=(Signature(content.get("authority", ""), content.get("office", ""), content.get("signer", "")),),
        recipients=tuple(_lines(content.get("recipients", ""))),
    )


def _blocks(content: Content) -> Iterator[Text | Grid]:
    grounds = list(_lines(content.get("grounds", "")))
    if grounds:
        yield Text(content.get("office", "").upper(), "centred")
        yield from (Text(line, "italic") for line in grounds)
        yield Text("QUYẾT ĐỊNH:", "centred")
    people = content.get("people") or []
    placed = False
    for line in _lines(content.get("body", "")):
        if line == LIST_HERE:
            placed = True
            if people:
                yield _grid(people)
        else:
            yield Text(line, _style(line))
    if people and not placed:
        yield _grid(people)


def _style(line: str) -> Any:
    if line.isupper() and not line[0].isdigit():
        return "bold" if line.partition(".")[0] in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII") else "centred"
    return "plain"


def _grid(people: list[Content]) -> Grid:
    rows = [
        (
            str(number),
            person.get("name", ""),
            person.get("degree", ""),
            ", ".join(part for part in (person.get("position", ""), person.get("unit", "")) if part),
            person.get("duty", ""),
        )
        for number, person in enumerate(people, 1)
    ]
    return Grid(_HEADINGS, rows, (1, 5, 3, 6, 3))


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
