"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "incubation.figures.report": N_("reported figures of progress"),
    "incubation.hours.forget_day": N_("took back the hours of one day"),
    "incubation.hours.state": N_("stated the hours for sessions"),
    "incubation.hours.state_day": N_("stated the hours of one day"),
    "incubation.mentorship.assign": N_("gave a team a mentor"),
    "incubation.mentorship.end": N_("ended a mentorship"),
    "incubation.mentorship.resume": N_("took up a mentorship again"),
    "incubation.milestone.confirm": N_("confirmed a milestone"),
    "incubation.milestone.drop": N_("dropped a milestone"),
    "incubation.milestone.report": N_("reported a milestone as met"),
    "incubation.milestone.return": N_("sent a milestone back"),
    "incubation.residency.advance": N_("moved a team to its next stage"),
    "incubation.residency.graduate": N_("let a team graduate"),
    "incubation.residency.leave": N_("ended a team’s time in the incubator"),
    "incubation.residency.move_over": N_("moved a team to another incubator"),
    "incubation.residency.open": N_("opened a team’s time in the incubator"),
    "incubation.residency.return": N_("took a team into the incubator again"),
    "incubation.session.book": N_("booked a mentoring session"),
    "incubation.session.cancel": N_("cancelled a mentoring session"),
    "incubation.session.log": N_("wrote down a mentoring session"),
    "incubation.session.miss": N_("noted that somebody missed a session"),
    "incubation.session.move": N_("moved a mentoring session"),
}
