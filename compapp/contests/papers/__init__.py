"""The official papers that come before a contest (văn bản): plan, rules, committee, jury, secretaries.

Pure. The organiser edits the text on a page; it is kept in the database and leaves as a DOCX in the form of decree
30/2020. The papers' words are Vietnamese by law; the page around them speaks the reader's language.
"""

from compapp.contests.papers.drafting import PaperFacts, draft
from compapp.contests.papers.layout import laid_out
from compapp.core.text import N_

PLAN, RULES, COMMITTEE, JURY, SECRETARIES = "plan", "rules", "committee", "jury", "secretaries"

KINDS = {
    PLAN: N_("Plan of the contest"),
    RULES: N_("Decision on the rules"),
    COMMITTEE: N_("Decision on the organising committee"),
    JURY: N_("Decision on the jury"),
    SECRETARIES: N_("Decision on the secretaries"),
}

__all__ = ["COMMITTEE", "JURY", "KINDS", "PLAN", "RULES", "SECRETARIES", "PaperFacts", "draft", "laid_out"]
