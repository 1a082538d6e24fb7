"""``yes_no``: screening by consensus; each judge says yes, no or not sure, and enough equal words decide.

The rule is that of systematic reviews, where several people screen independently and what they disagree on goes to
one more reader or to a named person (Cochrane Handbook, section 4.6.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from compapp.core.text import N_
from compapp.judging.scoring.marks import Method
from compapp.judging.scoring.mean import mean
from compapp.judging.scoring.modes.mode import FAILS, PASSES, UNDECIDED, Mode, Option, Options

VERDICT = "verdict"
"""The one criterion of the sheet."""
YES, UNSURE, NO = "1", "0.5", "0"
"""The scores that a sheet holds."""
WORTH = 100
"""The total of a yes; a no is 0, and not sure lies half way: the mean of totals is the share of yes in percent."""


def outcome(totals: Iterable[Fraction], options: Options, word: bool | None) -> str:
    """Return whether an entry passes: by the chair's ``word``, else by enough equal verdicts.

    ``yes_needed`` yes that are more than the no pass; as many no that are more than the yes fail; anything else is
    undecided and waits for one more judge or for the chair. One more yes never makes a passing entry fail.
    """
    if word is not None:
        return PASSES if word else FAILS
    verdicts = list(totals)
    yes, no = verdicts.count(Fraction(WORTH)), verdicts.count(Fraction(0))
    if yes >= options["yes_needed"] and yes > no:
        return PASSES
    if no >= options["yes_needed"] and no > yes:
        return FAILS
    return UNDECIDED


def verdicts(scores: Iterable[Fraction]) -> tuple[int, int, int]:
    """Return how many scores of sheets say yes, no and not sure."""
    given = list(scores)
    yes, no = given.count(Fraction(YES)), given.count(Fraction(NO))
    return yes, no, len(given) - yes - no


def _sheet(_options: Options) -> Mapping[str, Any]:
    """Return the sheet: one criterion with three marks; a no needs a reason."""
    return {
        "code": "yes_no",
        "label": {"vi": "Phiếu sàng lọc", "en": "Screening sheet"},
        "scale": {"min": 0, "max": 1, "step": 0.5, "comment_required_below": 0.5},
        "criteria": [
            {"code": VERDICT, "label": {"vi": "Cho vào vòng trong", "en": "Let through"}, "weight": WORTH},
        ],
    }


YES_NO = Mode(
    "yes_no",
    N_("Yes or no, by consensus"),
    N_("Each judge says yes, no or not sure; a no needs a reason."),
    N_(
        "An entry passes with at least %(yes_needed)s yes, more than it has no; it does not pass with as many no. "
        "Where the judges disagree, one more judge reads the entry or the chair decides with a reason."
    ),
    options=(Option("yes_needed", N_("Yes needed to pass"), 2, 50, 2),),
    sheet=_sheet,
    method=Method("mean", mean),
    outcome=outcome,
)
