"""What judging refuses of a definition: a rubric that no judge could fill in and no standings could reckon with."""

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.contests.file.faults import Fault
from compapp.contests.setup.checks import FAULT, Facts, Finding, Findings
from compapp.core.text import N_
from compapp.judging.scoring.card import read_card
from compapp.judging.scoring.exact import ScoringFault


def rubric_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for each rubric that scoring cannot read, in scoring's own words."""
    faults: list[Fault] = []
    for index, piece in enumerate(document["rubrics"]):
        path = f"rubrics[{index}]"
        try:
            read_card(piece, path)
        except ScoringFault as fault:
            faults.append(Fault(fault.path or path, fault.msgid, fault.params))
    return faults


def check_readable(document: Mapping[str, Any], _facts: Facts) -> Sequence[Finding]:
    """Return the same for the check before the contest is announced: an older draft may hold such a rubric."""
    found = Findings("rubrics")
    for fault in rubric_faults(document):
        advice = N_("Mend it in the rubric: nobody could score with it.")
        found.add(FAULT, f"unreadable.{fault.path}", fault.msgid, advice, **fault.params)
    return found.found
