"""What the record says of each deed of this room, after the name of who did it."""

from collections.abc import Mapping

from compapp.core.text import N_

RECORDED: Mapping[str, str] = {
    "accounts.consent.given": N_("gave a consent"),
    "accounts.consent.withdrawn": N_("withdrew a consent"),
    "accounts.identity.confirm": N_("confirmed that somebody studies at the school"),
    "accounts.identity.refuse": N_("did not confirm that somebody studies at the school"),
    "accounts.identity.removed": N_("removed the particulars of a student"),
    "accounts.identity.stated": N_("stated the particulars of a student"),
    "accounts.identity.state_again": N_("stated the particulars of a student again"),
    "accounts.identity.updated": N_("changed the particulars of a student"),
    "accounts.membership.granted": N_("gave somebody a role in an organisation"),
    "accounts.membership.revoked": N_("took a role in an organisation away"),
    "accounts.organisation.created": N_("added an organisation"),
    "accounts.person.address_asked": N_("asked to use another e-mail address"),
    "accounts.person.address_changed": N_("changed an e-mail address"),
    "accounts.person.closed": N_("closed an account"),
    "accounts.person.confirmed": N_("confirmed an e-mail address"),
    "accounts.person.created": N_("made an account"),
    "accounts.person.data_exported": N_("took a copy of the own data"),
    "accounts.person.invited": N_("invited somebody"),
    "accounts.person.language_chosen": N_("chose a language"),
    "accounts.person.merged": N_("merged two accounts of one person"),
    "accounts.person.opened": N_("opened a closed account again"),
    "accounts.person.password_changed": N_("changed the password"),
    "accounts.person.reset_asked": N_("asked for a new password"),
    "accounts.person.updated": N_("changed a person’s particulars"),
    "accounts.relation.noted": N_("noted a tie between people"),
    "accounts.session.ended": N_("signed out"),
    "accounts.session.others_ended": N_("signed out on all other devices"),
    "accounts.session.started": N_("signed in"),
    "accounts.sign_up.guardian_agreed": N_("agreed to the account of a child"),
    "accounts.sign_up.guardian_refused": N_("did not agree to the account of a child"),
    "accounts.students.enrolled": N_("added students of the school"),
    "accounts.students.exported": N_("took a list of the school’s students"),
}
