"""The codes that the wizard offers, each with its words; an organiser never has to type a code."""

from compapp.core.text import N_

SCHOOL_KINDS = {
    "university": N_("University"),
    "university_campus": N_("Campus of a university"),
    "college": N_("College"),
    "vocational_school": N_("Vocational school"),
    "high_school": N_("High school"),
    "lower_secondary": N_("Lower secondary school"),
    "club": N_("Start-up club"),
    "company": N_("Company"),
    "association": N_("Association"),
    "other": N_("Other organisation"),
}
PRIOR_AWARDS = {
    "province": N_("It has won in a contest of the province"),
    "this_contest": N_("It has won in an earlier edition of this contest"),
    "anywhere": N_("It has won in any contest"),
}
AWARDS = {
    "first": N_("First prize"),
    "second": N_("Second prize"),
    "third": N_("Third prize"),
    "encouragement": N_("Encouragement prize"),
    "audience": N_("Audience award"),
    "special": N_("Special prize"),
}
CONCURRENT = {
    "allowed": N_("Allowed"),
    "declared": N_("Allowed if the team says so"),
    "forbidden": N_("Not allowed"),
}
TEAM_LOCK = {
    "at_submission_close": N_("Until entries close"),
    "at_submission": N_("Until the team submits"),
    "none": N_("At any time"),
}
ROUND_KINDS = {
    "eligibility": N_("Eligibility check"),
    "online_scoring": N_("Judges read and score online"),
    "live_pitch": N_("Teams present before the jury"),
    "public_vote": N_("Public vote"),
}
MODES = {
    "yes_no": N_("Yes or no, by consensus"),
    "top_pick": N_("The best in order"),
    "pairwise": N_("Comparison in pairs"),
}
"""How a round is judged that has no rubric (the modes of ``judging.scoring.modes`` with a sheet of their own)."""
MODE_OPTIONS = {
    "yes_needed": "yes_no",
    "places": "top_pick",
    "compared": "pairwise",
}
"""Which mode each option belongs to."""
VOTES_PER = {"verified_account_and_board": N_("one vote on each board")}
BALLOTS = {"open": N_("open: the room sees who votes what"), "secret": N_("secret: only the sums are kept")}
METHODS = {
    "mean": N_("Mean of the judges' totals"),
    "median": N_("Median of the judges' totals"),
    "trimmed_mean": N_("Mean without the highest and the lowest (with at least five)"),
    "judge_rank": N_("Mean of the ranks that the judges give"),
    "calibrated": N_("Mean that allows for how strict each judge is"),
}
TIE_STEPS = {
    "lower_spread": N_("the smaller difference between the judges"),
    "earlier_submission": N_("the earlier submission"),
    "chair_decision": N_("the chair's decision, with a reason"),
}
FIELD_TYPES = {
    "text": N_("One line of text"),
    "longtext": N_("Several lines of text"),
    "choice": N_("Choose one"),
    "multichoice": N_("Choose several"),
    "ranked": N_("Put choices in order"),
    "number": N_("Number"),
    "money": N_("Amount in đồng"),
    "date": N_("Date"),
    "checkbox": N_("Box to tick (a declaration)"),
    "link": N_("Link to a web page"),
    "table": N_("Table with rows (a budget)"),
    "canvas": N_("Business model canvas"),
    "consents": N_("Consents, one per purpose"),
    "reference": N_("Reference to a technology need"),
}
VISIBILITIES = {
    "public": N_("Everybody, on the public page"),
    "judges": N_("Judges and organisers"),
    "judges_confidential": N_("Judges and organisers, in confidence"),
    "organisers": N_("Organisers only"),
}
FORMATS = {
    "pdf": "PDF",
    "docx": "Word (docx)",
    "pptx": "PowerPoint (pptx)",
    "xlsx": "Excel (xlsx)",
    "jpg": "JPG",
    "png": "PNG",
    "mp4": "MP4",
    "link": N_("a link instead of a file"),
    "e-consent": N_("a guardian's answer by e-mail"),
}
NEEDED = {
    "yes": N_("Needed from every team"),
    "no": N_("Not needed"),
    "if_any_member_under_18": N_("Needed if a member is under 18"),
}
OPTION_SOURCES = {
    "sectors": N_("The contest's sectors"),
    "institutions": N_("The institutions that take part"),
    "boards": N_("The boards"),
    "clubs": N_("The clubs"),
    "incubators": N_("The incubators"),
    "tech_needs": N_("The technology needs"),
}
FEEDBACK = {
    "none": N_("Nothing"),
    "anonymous_comments_after_each_round": N_("The judges' comments without names, after each round"),
    "anonymous_comments_at_the_end": N_("The judges' comments without names, at the end"),
    "scores_and_comments": N_("Scores and comments"),
}
REMINDERS = {
    "14d": N_("14 days before"),
    "7d": N_("7 days before"),
    "3d": N_("3 days before"),
    "24h": N_("24 hours before"),
    "3h": N_("3 hours before"),
}
LATE = {"closed": N_("Nothing is accepted"), "grace": N_("A few minutes of grace")}

CONFLICT_KINDS = {
    "same_institution": {"vi": "Cùng trường, cùng đơn vị", "en": "Same institution"},
    "family": {"vi": "Quan hệ gia đình", "en": "Family"},
    "supervisor_or_mentor": {"vi": "Đang hướng dẫn hoặc cố vấn", "en": "Supervisor or mentor"},
    "business_or_investment": {"vi": "Quan hệ kinh doanh, đầu tư", "en": "Business or investment"},
    "other": {"vi": "Khác", "en": "Other"},
}
APPEAL_GROUNDS = {
    "procedure": {"vi": "Sai quy trình", "en": "Procedure"},
    "conflict_of_interest": {"vi": "Xung đột lợi ích", "en": "Conflict of interest"},
    "rule_misapplied": {"vi": "Áp dụng sai thể lệ", "en": "Rule misapplied"},
    "discrimination_or_confidentiality": {
        "vi": "Phân biệt đối xử, lộ bí mật",
        "en": "Discrimination or breach of confidentiality",
    },
    "arithmetic": {"vi": "Cộng điểm sai", "en": "Arithmetic"},
}
"""Organiser's text in both languages: it is written into the definition when it is chosen."""
