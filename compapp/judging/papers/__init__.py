"""Official papers of a round's result (văn bản): minutes, decision, announcement, lists, invitation, certificates.

Pure: from what is known of a round to the paper's text. Their words are Vietnamese by law (decree 30/2020); numbers,
dates and signatures that the office gives stay blank.
"""

from compapp.judging.papers.certificate import Certified, certificates
from compapp.judging.papers.facts import AwardFact, BoardFact, JurorFact, ResultRow, RoundFacts
from compapp.judging.papers.letters import announcement, decision, invitation
from compapp.judging.papers.lists import fee_list, prize_list, result_list
from compapp.judging.papers.minutes import minutes

PAPERS = {
    "minutes": minutes,
    "decision": decision,
    "announcement": announcement,
    "results": result_list,
    "invitation": invitation,
    "prizes": prize_list,
    "fees": fee_list,
}
"""What can be written, by its name in the address."""

__all__ = [
    "PAPERS",
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
