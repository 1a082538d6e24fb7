"""What each kind of message is called on the page of preferences and in the list of a contest's messages.

``OFFICE`` marks what only organisers, juries, schools, incubators and mentors get; the others' pages leave it out.
"""

from compapp.core.text import N_
from compapp.notifications import topics

KINDS = {
    "invitation": N_("Invitation to an account"),
    "role_granted": N_("A new role for you"),
    "password_reset": N_("A new password was asked for"),
    "confirm_address": N_("Confirming an address"),
    "account_exists": N_("Sign-up with a known address"),
    "new_device": N_("Your account on a new device"),
    "confirm_new_address": N_("Confirming another address"),
    "address_changed": N_("An address of your account has changed"),
    "identity_decided": N_("Your school confirms your student number, or not"),
    "identity_decided": N_("Your school confirms your student number, or not"),
    "club_message": N_("Messages of your club"),
    "club_join_answered": N_("Your request to join a club is answered"),
    "activity_announced": N_("Your club announces an activity"),
    "activity_place": N_("Your place at an activity of a club"),
    "activity_changed": N_("An activity has another time or place"),
    "activity_cancelled": N_("An activity is cancelled"),
    "activity_reminder": N_("Reminder of an activity"),
    "rules_changed": N_("Changes of rules and dates"),
    "team_invitation": N_("Invitation to a team"),
    "team_changed": N_("Somebody joins or leaves your team"),
    "entry_submitted": N_("Your entry is submitted, with its receipt"),
    "entry_withdrawn": N_("Your entry is withdrawn"),
    "entry_reopened": N_("Your entry is open again"),
    "entry_eligible": N_("Your entry is eligible"),
    "needs_fix": N_("Your entry must be completed"),
    "needs_fix_due": N_("Your time to complete the entry runs out"),
    "ineligible": N_("Your entry is not eligible"),
    "endorsement_decided": N_("Your school has decided about the entry"),
    "gallery_hidden": N_("Your entry is hidden from the gallery"),
    "guardian_consent": N_("A guardian is asked for consent"),
    "guardian_answered": N_("A guardian has answered"),
    "case_opened": N_("A matter about your entry is opened"),
    "case_settled": N_("A matter about your entry is settled"),
    "deadline_near": N_("The deadline is near and your entry is a draft"),
    "result": N_("Results of a round"),
    "correction": N_("Correction of a result"),
    "confirm_place": N_("Confirming your place in the next round"),
    "place_lapsed": N_("A place in the next round has lapsed"),
    "pitch_order": N_("Time of your pitch"),
    "award": N_("Awards"),
    "placement_open": N_("Ordering your incubators"),
    "offer": N_("An incubator offers you a place"),
    "offer_reminder": N_("An offer waits for your answer"),
    "offer_lapsed": N_("An offer has lapsed"),
    "offer_withdrawn": N_("An offer is taken back"),
    "no_place": N_("No place in an incubator yet"),
    "residency_opened": N_("Your time in the incubator begins"),
    "residency_ended": N_("Your time in the incubator ends"),
    "mentor_assigned": N_("A mentor for your team"),
    "mentorship_ended": N_("Mentoring has ended"),
    "session_booked": N_("A mentoring session is booked"),
    "session_moved": N_("A mentoring session has another time"),
    "session_cancelled": N_("A mentoring session is cancelled"),
    "session_reminder": N_("Reminder of a mentoring session"),
    "session_missed": N_("A mentoring session was missed"),
    "milestone_due": N_("A milestone is due"),
    "milestone_answered": N_("A milestone is confirmed or not yet met"),
    "outcome_due": N_("A question about how your team is doing"),
}
OFFICE = {
    "students_waiting": N_("Students wait to be confirmed"),
    "students_waiting": N_("Students wait to be confirmed"),
    "club_join_asked": N_("Somebody asks to join your club"),
    "endorsement_asked": N_("An entry waits for the school"),
    "file_withheld": N_("A file is withheld from judges"),
    "similarity_found": N_("Entries are alike"),
    "jury_invitation": N_("Invitation to a jury"),
    "jury_answered": N_("A judge accepts or declines"),
    "assigned": N_("Entries to score"),
    "judge_left": N_("A judge has left"),
    "conflict_declared": N_("A conflict of interest is declared"),
    "scoring_reminder": N_("Reminder of sheets to score"),
    "sheets_late": N_("Judges who are late"),
    "spread_alert": N_("Judges far apart on an entry"),
    "unlock_asked": N_("A judge asks for a sheet back"),
    "sheet_reopened": N_("A sheet is open again"),
    "paper_waiting": N_("Paper sheets to confirm"),
    "paper_returned": N_("A paper sheet is sent back"),
    "shortlist_to_approve": N_("A shortlist to approve"),
    "school_results": N_("Results of your school’s entries"),
    "pitch_order_jury": N_("Running order of a pitch round"),
    "offer_made": N_("A place was offered"),
    "offer_answered": N_("A team answers an offer"),
    "matching_proposed": N_("A matching to release"),
    "mentor_change_proposed": N_("Another mentor is proposed"),
    "milestone_reported": N_("A milestone to confirm"),
}


def name_kinds() -> None:
    """Let the pages say what the kinds are called and whose they are."""
    for kind, label in KINDS.items():
        topics.name_kind(kind, label)
    for kind, label in OFFICE.items():
        topics.name_kind(kind, label, office=True)
