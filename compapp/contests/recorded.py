"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "contests.contest.announce": N_("announced the contest"),
    "contests.contest.archive": N_("put the contest into the archive"),
    "contests.contest.cloned": N_("made a contest from an earlier one"),
    "contests.contest.close": N_("closed the contest for entries"),
    "contests.contest.decide": N_("decided the contest with its last publication"),
    "contests.contest.exported": N_("took the contest file along"),
    "contests.contest.imported": N_("loaded the contest file"),
    "contests.contest.reopen": N_("opened the contest for entries again"),
    "contests.contest.resume_judging": N_("took up the judging again"),
    "contests.contest.revised": N_("changed rules or dates"),
    "contests.contest.start_judging": N_("began the judging"),
    "contests.message.changed": N_("changed a message of the contest"),
    "contests.paper.saved": N_("changed the text of a paper of the contest"),
    "contests.role.granted": N_("gave somebody a role in the contest"),
    "contests.role.revoked": N_("took a role in the contest away"),
    "contests.round.close": N_("closed a round"),
    "contests.round.decide": N_("decided a round"),
    "contests.round.open": N_("opened a round"),
    "contests.round.publish": N_("published a round"),
    "contests.round.reopen": N_("opened a round again"),
    "contests.round.withdraw_decision": N_("took back the decision of a round"),
}
