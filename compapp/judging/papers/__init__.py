"""Official papers of a round's result (văn bản): minutes, decision, announcement, lists, invitation, certificates.

Pure: from what is known of a round to the paper's text. Their words are Vietnamese by law (decree 30/2020); numbers,
dates and signatures that the office gives stay blank.
"""

from compapp.judging.papers.certificate import Certified, certificates
from compapp.judging.papers.facts import AwardFact, BoardFact, JurorFact, ResultRow, RoundFacts, SheetFact
from compapp.judging.papers.jury import jury_invitation, jury_list, score_sheet, tally
from compapp.judging.papers.letters import announcement, decision, invitation
from compapp.judging.papers.lists import fee_list, prize_list, result_list
from compapp.judging.papers.minutes import minutes
from compapp.judging.papers.pitch import running_order

PAPERS = {
    "minutes": minutes,
    "decision": decision,
    "announcement": announcement,
    "results": result_list,
    "invitation": invitation,
    "prizes": prize_list,
    "fees": fee_list,
    "tally": tally,
    "jury-invitation": jury_invitation,
    "jury": jury_list,
    "order": running_order,
}
"""What can be written, by its name in the address."""
SHEETS = "sheets"
"""The score sheets of a round in one file, a page for each."""
ORDER = "order"
"""The running order of a live round."""
BEFORE_A_RESULT = frozenset({"jury-invitation", "jury", SHEETS, ORDER})
"""What can be written before anything is decided."""
NAMES_NO_TEAM = BEFORE_A_RESULT | {"fees", "tally"}
"""What the chair of a blind round may take before the decision is approved."""
CHECKED = frozenset({"decision", "announcement", "results"})
"""What carries a square code under which anybody checks the result, once it is published."""
NUMBERED = ("minutes", "decision", "announcement", "invitation")
"""What the office gives a number, a date and a signature."""

__all__ = [
    "BEFORE_A_RESULT",
    "CHECKED",
    "NAMES_NO_TEAM",
    "NUMBERED",
    "ORDER",
    "PAPERS",
    "SHEETS",
    "SheetFact",
    "jury_invitation",
    "jury_list",
    "score_sheet",
    "tally",
    "AwardFact",
    "BoardFact",
    "JurorFact",
    "ResultRow",
    "RoundFacts",
    "announcement",
    "Certified",
    "certificates",
    "decision",
    "fee_list",
    "invitation",
    "minutes",
    "prize_list",
    "result_list",
]
