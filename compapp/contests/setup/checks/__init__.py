"""The check before opening: what is missing, impossible or unfair, each in a sentence with what to do. Pure.

Rooms above add checks of their own with :func:`register` from their wiring.
"""

from collections.abc import Callable, Sequence

from compapp.contests.setup.checks.asking import check_form
from compapp.contests.setup.checks.dates import check_dates
from compapp.contests.setup.checks.deciding import check_prizes, check_rounds, check_rubrics
from compapp.contests.setup.checks.finding import FAULT, MISSING, WARNING, Document, Facts, Finding, Findings
from compapp.contests.setup.checks.languages import check_languages
from compapp.contests.setup.checks.people import (
    check_basics,
    check_boards,
    check_jury,
    check_quotas,
    check_schools,
    check_sectors,
)

__all__ = ["FAULT", "MISSING", "WARNING", "Facts", "Finding", "Findings", "findings", "register"]

Check = Callable[[Document, Facts], Sequence[Finding]]

_CHECKS: list[Check] = [
    check_basics,
    check_schools,
    check_boards,
    check_quotas,
    check_sectors,
    check_dates,
    check_form,
    check_rubrics,
    check_rounds,
    check_prizes,
    check_languages,
    check_jury,
]


def register(check: Check) -> None:
    """Add a check; doing it twice is harmless."""
    if check not in _CHECKS:
        _CHECKS.append(check)


def findings(document: Document, facts: Facts) -> list[Finding]:
    """Return everything found in a sound definition, in the order of the wizard's pages."""
    return [one for check in _CHECKS for one in check(document, facts)]
