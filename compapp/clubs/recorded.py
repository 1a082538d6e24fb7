"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "clubs.activity.announce": N_("announced an activity of a club"),
    "clubs.activity.cancel": N_("cancelled an activity of a club"),
    "clubs.activity.changed": N_("changed an activity of a club"),
    "clubs.activity.conclude": N_("closed an activity of a club"),
    "clubs.activity.planned": N_("planned an activity of a club"),
    "clubs.attendance.noted": N_("noted who was present"),
    "clubs.attendance.taken_back": N_("took back a note of presence"),
    "clubs.cohort.goal_changed": N_("changed what a cohort aims at"),
    "clubs.cohort.joined": N_("joined a cohort"),
    "clubs.cohort.left": N_("left a cohort"),
    "clubs.cohort.link_closed": N_("closed the link to a cohort"),
    "clubs.cohort.link_renewed": N_("made a new link to a cohort"),
    "clubs.cohort.opened": N_("opened a cohort"),
    "clubs.cohort.role_changed": N_("changed a role in a cohort"),
    "clubs.cohort.written_to": N_("wrote to a cohort"),
    "clubs.invitation_list.checked": N_("checked a list of people to invite"),
    "clubs.join_request.accept": N_("took somebody into a club"),
    "clubs.join_request.ask": N_("asked to join a club"),
    "clubs.join_request.ask_again": N_("asked again to join a club"),
    "clubs.join_request.decline": N_("did not take somebody into a club"),
    "clubs.list.exported": N_("took a list of names along"),
    "clubs.registration.made": N_("registered for an activity"),
    "clubs.registration.move_up": N_("moved up from a waiting list"),
    "clubs.registration.queue": N_("went onto a waiting list"),
    "clubs.registration.take_place": N_("took a place at an activity"),
    "clubs.registration.withdraw": N_("gave up a place at an activity"),
    "clubs.review.made": N_("looked at an entry for a club"),
    "clubs.review.nominate": N_("nominated an entry to the school"),
    "clubs.review.take_back": N_("took back a nomination"),
}

FORMERLY: Mapping[str, str] = {
    "clubs.invitation.accept": N_("accepted the invitation of a club"),
    "clubs.invitation.decline": N_("declined the invitation of a club"),
    "clubs.invitation.send_again": N_("sent the invitation of a club again"),
    "clubs.invitation.sent": N_("invited somebody into a club"),
    "clubs.invitation.withdraw": N_("took back the invitation of a club"),
}
"""What is recorded no more, but stands in records of before."""
