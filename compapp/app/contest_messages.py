"""The messages that a contest sends, in the order in which they come up: to whom, when, and which need not be sent.

Decisions, deadlines and what somebody has to act upon are always sent; news that are merely good to know need not be.
"""

from compapp.contests.queries.wishes import message_wishes
from compapp.contests.setup import messages
from compapp.contests.setup.messages import ContestMessage
from compapp.core.text import N_
from compapp.notifications.wishes import use_wishes

_TEAM, _TEAM_SCHOOL = N_("everybody on the team"), N_("the team and its school")
_OFFICE, _CHAIR, _JUDGE = N_("the organisers"), N_("the chair and the organisers"), N_("the judge")
_SCHOOL, _INCUBATOR = N_("the school’s representatives"), N_("the incubator’s managers")
_NEED, _MAY = False, True
_STUDENTS, _STAFF = True, False

_ROWS: tuple[tuple[str, str, str, str, bool, bool], ...] = (
    ("team_invitation", "entering", N_("who is invited"), N_("somebody is invited to a team"), _NEED, _STUDENTS),
    ("team_changed", "entering", _TEAM, N_("somebody joins or leaves"), _MAY, _STUDENTS),
    ("team_change_asked", "entering", _OFFICE, N_("a team asks for a change after the lock"), _NEED, _STAFF),
    ("team_change_decided", "entering", _TEAM, N_("the organiser has decided on a change"), _NEED, _STUDENTS),
    ("remark_made", "entering", _TEAM, N_("a member or the advisor writes a remark"), _MAY, _STUDENTS),
    ("guardian_consent", "entering", N_("the parent or guardian"), N_("a member is a minor"), _NEED, _STAFF),
    ("guardian_answered", "entering", _TEAM, N_("a guardian has answered"), _MAY, _STUDENTS),
    ("endorsement_asked", "entering", _SCHOOL, N_("an entry waits for the school"), _NEED, _STAFF),
    ("endorsement_decided", "entering", _TEAM, N_("the school has decided"), _NEED, _STUDENTS),
    ("entry_nominated", "entering", _TEAM, N_("an entry is nominated into this contest"), _NEED, _STUDENTS),
    (
        "deadline_near",
        "entering",
        N_("teams that have not submitted"),
        N_("the deadline is near, as the calendar says"),
        _NEED,
        _STUDENTS,
    ),
    ("entry_submitted", "entering", _TEAM, N_("an entry is submitted: the receipt"), _NEED, _STUDENTS),
    (
        "entry_withdrawn",
        "entering",
        N_("the team, its school and the organisers"),
        N_("an entry is withdrawn"),
        _MAY,
        True,
    ),
    ("entry_reopened", "checking", _TEAM, N_("one entry is opened again"), _NEED, _STUDENTS),
    ("needs_fix", "checking", _TEAM_SCHOOL, N_("something must be completed"), _NEED, _STUDENTS),
    ("needs_fix_due", "checking", _TEAM, N_("the time to complete it runs out"), _NEED, _STUDENTS),
    ("entry_eligible", "checking", _TEAM_SCHOOL, N_("an entry goes to the judges"), _NEED, _STUDENTS),
    ("ineligible", "checking", _TEAM_SCHOOL, N_("an entry may not take part"), _NEED, _STUDENTS),
    ("appeal_filed", "checking", N_("who decides appeals"), N_("a team appeals"), _NEED, _STAFF),
    ("appeal_decided", "checking", _TEAM_SCHOOL, N_("an appeal is decided"), _NEED, _STUDENTS),
    ("similarity_found", "checking", _OFFICE, N_("two entries are alike"), _MAY, _STAFF),
    ("file_withheld", "checking", _OFFICE, N_("a file may name its team"), _NEED, _STAFF),
    ("case_opened", "checking", _TEAM, N_("a matter about the entry is looked into"), _NEED, _STUDENTS),
    ("case_settled", "checking", _TEAM, N_("such a matter is settled"), _NEED, _STUDENTS),
    ("entry_merged", "checking", N_("both teams and their schools"), N_("two entries become one"), _NEED, _STUDENTS),
    ("jury_invitation", "jury", N_("who is invited"), N_("somebody is invited into the jury"), _NEED, _STAFF),
    ("jury_answered", "jury", _OFFICE, N_("an invited judge has answered"), _MAY, _STAFF),
    ("assigned", "jury", _JUDGE, N_("entries wait on the desk"), _NEED, _STAFF),
    ("judge_cannot", "jury", _OFFICE, N_("a judge cannot do what was given out"), _NEED, _STAFF),
    (
        "scoring_reminder",
        "jury",
        _JUDGE,
        N_("half of the time is over, then 48 and 24 hours before the end"),
        _NEED,
        False,
    ),
    ("sheets_late", "jury", _CHAIR, N_("judges are behind"), _MAY, _STAFF),
    ("scoring_extended", "jury", _JUDGE, N_("there is more time to score"), _NEED, _STAFF),
    ("handed_over", "jury", _JUDGE, N_("somebody else reads what was left"), _NEED, _STAFF),
    ("conflict_declared", "jury", _CHAIR, N_("a judge declares a conflict of interest"), _NEED, _STAFF),
    ("conflict_overridden", "jury", _CHAIR, N_("somebody overrides a conflict of interest"), _NEED, _STAFF),
    ("institution_changed", "jury", _CHAIR, N_("a judge’s institution is changed"), _NEED, _STAFF),
    ("judge_left", "jury", _CHAIR, N_("a judge leaves the jury"), _MAY, _STAFF),
    ("spread_alert", "jury", _CHAIR, N_("the judges of an entry lie too far apart"), _NEED, _STAFF),
    ("verdicts_apart", "jury", _CHAIR, N_("the judges of a screening do not agree"), _NEED, _STAFF),
    ("unlock_asked", "jury", N_("the chair"), N_("a judge asks for a sheet back"), _NEED, _STAFF),
    ("sheet_reopened", "jury", _JUDGE, N_("a sheet is open again"), _NEED, _STAFF),
    ("unlock_refused", "jury", _JUDGE, N_("a sheet stays as handed in"), _NEED, _STAFF),
    ("shortlist_to_approve", "results", N_("who approves decisions"), N_("a decision is prepared"), _NEED, _STAFF),
    ("result", "results", _TEAM, N_("a round is published"), _NEED, _STUDENTS),
    ("school_results", "results", _SCHOOL, N_("a round is published"), _MAY, _STAFF),
    ("correction", "results", _TEAM, N_("a result is corrected"), _NEED, _STUDENTS),
    ("confirm_place", "results", _TEAM, N_("a place in the next round waits to be confirmed"), _NEED, _STUDENTS),
    ("place_lapsed", "results", _TEAM, N_("nobody confirmed the place in time"), _NEED, _STUDENTS),
    ("pitch_order", "results", _TEAM, N_("the order of a pitch round is drawn or changed"), _NEED, _STUDENTS),
    ("pitch_order_jury", "results", _JUDGE, N_("the order of a pitch round is drawn or changed"), _NEED, _STAFF),
    ("pitch_missed", "results", _TEAM, N_("the team was not there when it was called"), _NEED, _STUDENTS),
    ("award", "results", _TEAM, N_("the team has won a prize"), _NEED, _STUDENTS),
    ("placement_open", "placing", _TEAM, N_("the team can order its incubators"), _NEED, _STUDENTS),
    ("matching_proposed", "placing", N_("who releases the matching"), N_("a matching is proposed"), _NEED, _STAFF),
    ("offer", "placing", _TEAM, N_("an incubator offers a place"), _NEED, _STUDENTS),
    ("offer_made", "placing", _INCUBATOR, N_("a place was offered"), _MAY, _STAFF),
    ("offer_reminder", "placing", _TEAM, N_("an offer lapses soon"), _NEED, _STUDENTS),
    ("offer_answered", "placing", _INCUBATOR, N_("a team has answered"), _NEED, _STAFF),
    ("offer_lapsed", "placing", N_("the team and the incubator"), N_("an offer has lapsed"), _NEED, _STUDENTS),
    ("offer_withdrawn", "placing", N_("the team and the incubator"), N_("an offer is taken back"), _NEED, _STUDENTS),
    ("no_place", "placing", _TEAM, N_("no place could be offered"), _NEED, _STUDENTS),
    ("rules_changed", "always", N_("every team, judge and organiser"), N_("rules or dates change"), _NEED, _STUDENTS),
    ("gallery_hidden", "always", _TEAM, N_("an entry is hidden from the gallery"), _NEED, _STUDENTS),
)


def name_messages() -> None:
    """Fill the catalogue of the set-up, and let delivery ask what each contest wants of its messages."""
    messages.register(
        ContestMessage(kind, stage, to, when, optional, student) for kind, stage, to, when, optional, student in _ROWS
    )
    use_wishes(message_wishes)
