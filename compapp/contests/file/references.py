"""What a sound shape does not say yet: codes that stand twice, codes that lead nowhere, windows that never open."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compapp.contests.definition.times import moment
from compapp.contests.file.faults import Fault
from compapp.contests.file.shape import joined
from compapp.core.text import N_

_ORGANISATIONS = ("institutions[].code", "bodies[].code", "organisations[].code", "clubs[].code", "incubators[].code")

REFERENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("contest.organiser", _ORGANISATIONS),
    ("contest.co_organisers[]", _ORGANISATIONS),
    ("contest.prizes[].board", ("contest.boards[].code",)),
    ("contest.appeals[].round", ("rounds[].code",)),
    ("clubs[].institution", ("institutions[].code",)),
    ("form.fields[].from_round", ("rounds[].code",)),
    ("form.fields[].boards[]", ("contest.boards[].code",)),
    ("form.attachments[].from_round", ("rounds[].code",)),
    ("form.attachments[].boards[]", ("contest.boards[].code",)),
    ("form.fields[].section", ("form.sections[].code",)),
    ("form.fields[].shown_if.field", ("form.fields[].key",)),
    ("form.attachments[].section", ("form.sections[].code",)),
    ("form.attachments[].shown_if.field", ("form.fields[].key",)),
    ("form.sections[].from_round", ("rounds[].code",)),
    ("form.sections[].boards[]", ("contest.boards[].code",)),
    ("form.eligibility[].boards[]", ("contest.boards[].code",)),
    ("rounds[].rubric", ("rubrics[].code",)),
    ("rounds[].advance{key}", ("contest.boards[].code",)),
    ("rounds[].carry{key}", ("rounds[].code",)),
    ("rounds[].wildcards{key}", ("contest.boards[].code",)),
    ("rounds[].byes{key}", ("contest.boards[].code",)),
    ("rounds[].extra_points[].from_vote", ("rounds[].code",)),
    ("rounds[].tie_break[].criterion_mean", ("rubrics[].criteria[].code",)),
    ("contest.rules.tie_break[].criterion_mean", ("rubrics[].criteria[].code",)),
    ("secretaries[].affiliation", _ORGANISATIONS),
    ("judges[].affiliation", _ORGANISATIONS),
    ("judges[].institution", ("institutions[].code",)),
    ("judges[].sectors[]", ("sectors[].code",)),
    ("mentors[].affiliation", _ORGANISATIONS),
    ("entries[].board", ("contest.boards[].code",)),
    ("entries[].institution", ("institutions[].code",)),
    ("entries[].sector", ("sectors[].code",)),
    ("entries[].incubator_prefs[]", ("incubators[].code",)),
    ("entries[].members[].institution", ("institutions[].code",)),
    ("entries[].answers{key}", ("form.fields[].key",)),
    ("entries[].attachments[].key", ("form.attachments[].key",)),
    ("panels[].round", ("rounds[].code",)),
    ("panels[].board", ("contest.boards[].code",)),
    ("panels[].judges[]", ("judges[].code",)),
    ("panels[].entries[]", ("entries[].code",)),
    ("pitches{key}", ("rounds[].code",)),
    ("pitches{}.halls[].boards[]", ("contest.boards[].code",)),
    ("pitches{}.halls[].slots[].entry", ("entries[].code",)),
    ("pitches{}.draws[].board", ("contest.boards[].code",)),
    ("pitches{}.draws[].order[]", ("entries[].code",)),
    ("deliberations{key}", ("rounds[].code",)),
    ("sheets{key}", ("rounds[].code",)),
    ("sheets{}[].entry", ("entries[].code",)),
    ("sheets{}[].judge", ("judges[].code",)),
    ("points{key}", ("rounds[].code",)),
    ("points{}[].entry", ("entries[].code",)),
    ("points{}[].code", ("rounds[].extra_points[].code",)),
    ("comparisons{key}", ("rounds[].code",)),
    ("comparisons{}[].judge", ("judges[].code",)),
    ("comparisons{}[].left", ("entries[].code",)),
    ("comparisons{}[].right", ("entries[].code",)),
    ("comparisons{}[].winner", ("entries[].code",)),
    ("votes{key}", ("rounds[].code",)),
    ("votes{}[].entry", ("entries[].code",)),
    ("chair_decisions[].round", ("rounds[].code",)),
    ("chair_decisions[].board", ("contest.boards[].code",)),
    ("chair_decisions[].entries[]", ("entries[].code",)),
    ("publications[].round", ("rounds[].code",)),
    ("incubators[].host", _ORGANISATIONS),
    ("incubators[].sectors[]", ("sectors[].code",)),
    ("incubators[].reserved{key}", ("sectors[].code",)),
    ("incubation.matching.merit[].round", ("rounds[].code",)),
    ("placements[].entry", ("entries[].code",)),
    ("placements[].incubator", ("incubators[].code",)),
    ("placements[].waiting[]", ("incubators[].code",)),
    ("followups[].entry", ("entries[].code",)),
    ("followups[].mentor", ("mentors[].code",)),
    ("followups[].milestone", ("incubation.milestones[].code",)),
    ("tech_needs[].sector", ("sectors[].code",)),
    ("tech_needs[].asker", _ORGANISATIONS),
    ("resources[].owner", _ORGANISATIONS),
    ("budget_lines[].source", ("funding_sources[].code",)),
)
"""Where a code stands, and where it must be declared."""

UNIQUE: tuple[tuple[str, str], ...] = (
    *((section, "code") for section in ("sectors", "institutions", "clubs", "bodies", "organisations", "rubrics")),
    *((section, "code") for section in ("rounds", "secretaries", "judges", "mentors", "entries", "incubators")),
    *((section, "code") for section in ("tech_needs", "resources", "events", "surveys", "funding_sources")),
    *((section, "code") for section in ("budget_lines", "indicators", "report_periods", "panels")),
    ("entries", "number"),
    ("contest.boards", "code"),
    ("form.fields", "key"),
    ("form.attachments", "key"),
    ("form.sections", "code"),
    ("form.eligibility", "key"),
    ("form.fields[].columns", "key"),
    ("form.fields[].blocks", "key"),
    ("contest.sponsors", "code"),
    ("form.fields[].options", "code"),
    ("rubrics[].criteria", "code"),
    ("rounds[].extra_points", "code"),
    ("clubs[].cohorts", "term"),
    ("incubation.stages", "code"),
    ("incubation.milestones", "code"),
    ("judges", "email"),
    ("mentors", "email"),
    ("secretaries", "email"),
    ("entries[].members", "email"),
)
"""Lists in which a key's value stands at most once."""

WINDOWS: tuple[tuple[str, str, str], ...] = (
    ("contest.submission", "opens", "closes"),
    ("contest.appeals[]", "opens", "closes"),
    ("rounds[]", "opens", "closes"),
    ("form.sections[]", "opens", "closes"),
    ("form.attachments[]", "opens", "closes"),
    ("incubators[].intake", "opens", "closes"),
    ("surveys[]", "opens", "closes"),
    ("report_periods[]", "from", "to"),
)

_TOKEN = re.compile(r"\[\]|\{key\}|\{\}|[^.\[\]{}]+")


def found(document: Any, pattern: str) -> Iterator[tuple[str, Any]]:
    """Yield path and value of every place that ``pattern`` fits.

    ``[]`` stands for each item of a list, ``{}`` for each value of a map, ``{key}`` for each of its keys. What is
    absent or of another type yields nothing.
    """
    yield from _found(document, _TOKEN.findall(pattern), "")


def _found(value: Any, tokens: list[str], path: str) -> Iterator[tuple[str, Any]]:
    if not tokens:
        yield path, value
        return
    token, rest = tokens[0], tokens[1:]
    if token == "[]":  # noqa: S105 - a token of a pattern
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _found(item, rest, joined(path, index))
    elif not isinstance(value, Mapping):
        return
    elif token == "{key}":  # noqa: S105
        for key in value:
            yield joined(path, key), key
    elif token == "{}":  # noqa: S105
        for key, item in value.items():
            yield from _found(item, rest, joined(path, key))
    elif token in value:
        yield from _found(value[token], rest, joined(path, token))


def reference_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for every code that is not declared where it should be."""
    declared: dict[tuple[str, ...], set[str]] = {}
    faults: list[Fault] = []
    for pattern, targets in REFERENCES:
        if targets not in declared:
            declared[targets] = {code for target in targets for _, code in found(document, target) if type(code) is str}
        faults += [
            Fault(
                path,
                N_("“%(code)s” is not declared in %(sections)s."),
                {"code": code, "sections": ", ".join(target.split("[]")[0] for target in targets)},
            )
            for path, code in found(document, pattern)
            if isinstance(code, str) and code not in declared[targets]
        ]
    return faults


def duplicate_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for every code that stands a second time in its list."""
    faults: list[Fault] = []
    for pattern, key in UNIQUE:
        for path, items in found(document, pattern):
            faults += _duplicates(path, items if isinstance(items, list) else (), key)
    return faults


def _duplicates(path: str, items: Iterable[Any], key: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        code = item.get(key) if isinstance(item, Mapping) else None
        if not isinstance(code, str):
            continue
        folded = code.lower() if key == "email" else code
        if folded in seen:
            first = joined(path, seen[folded])
            place = joined(joined(path, index), key)
            yield Fault(place, N_("“%(code)s” stands already at %(first)s."), {"code": code, "first": first})
        seen.setdefault(folded, index)


def window_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for every window that closes before or when it opens."""
    faults: list[Fault] = []
    for pattern, first, last in WINDOWS:
        for path, window in found(document, pattern):
            if not isinstance(window, Mapping):
                continue
            opens, closes = moment(window.get(first)), moment(window.get(last))
            if opens is not None and closes is not None and opens >= closes:
                faults.append(
                    Fault(
                        joined(path, last), N_("This must be later than “%(first)s”."), {"first": joined(path, first)}
                    )
                )
    return faults
