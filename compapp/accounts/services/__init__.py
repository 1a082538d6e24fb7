"""The verbs of the accounts room."""

from compapp.accounts.services.addresses import (
    ask_for_address,
    confirm_address,
    remove_second_address,
    swap_addresses,
)
from compapp.accounts.services.asking import answer, ask_again, ask_into, take_back
from compapp.accounts.services.consents import give_consent, give_consents, withdraw_consent
from compapp.accounts.services.guardians import answer_as_guardian
from compapp.accounts.services.identities import (
    decide_identities,
    enrol,
    export_students,
    remove_identity,
    state_identity,
)
from compapp.accounts.services.invitations import (
    accept_invitation,
    invite_member,
    invite_person,
    limit_invitations,
    open_door,
)
from compapp.accounts.services.merging import merge_people, register_merge_check
from compapp.accounts.services.organisations import (
    add_organisation,
    ensure_membership,
    ensure_organisation,
    ensure_relation,
    grant_role,
    revoke_role,
)
from compapp.accounts.services.passes import issue_pass, look_at_pass, use_pass
from compapp.accounts.services.people import (
    activate,
    create_admin,
    deactivate,
    ensure_person,
    export_own_data,
    person_by_email_or_new,
    set_language,
    update_profile,
)
from compapp.accounts.services.sessions import end_other_sessions, end_session, sign_in, sign_out, touch
from compapp.accounts.services.sign_up import (
    ask_for_reset,
    change_password,
    confirm_sign_up,
    reset_password,
    set_password_hash,
    sign_up,
)
from compapp.accounts.services.student_lists import (
    as_student,
    check_students,
    enrol_students,
    keep_list,
    read_students,
    take_up_list,
)

__all__ = [
    "answer",
    "ask_again",
    "ask_into",
    "take_back",
    "accept_invitation",
    "activate",
    "add_organisation",
    "ask_for_address",
    "ask_for_reset",
    "answer_as_guardian",
    "as_student",
    "change_password",
    "check_students",
    "confirm_address",
    "confirm_sign_up",
    "create_admin",
    "deactivate",
    "decide_identities",
    "end_other_sessions",
    "end_session",
    "enrol",
    "enrol_students",
    "ensure_membership",
    "ensure_organisation",
    "ensure_person",
    "ensure_relation",
    "export_own_data",
    "export_students",
    "give_consent",
    "give_consents",
    "grant_role",
    "invite_member",
    "invite_person",
    "issue_pass",
    "look_at_pass",
    "keep_list",
    "limit_invitations",
    "merge_people",
    "open_door",
    "person_by_email_or_new",
    "read_students",
    "register_merge_check",
    "remove_identity",
    "remove_second_address",
    "reset_password",
    "revoke_role",
    "set_language",
    "set_password_hash",
    "sign_in",
    "sign_out",
    "sign_up",
    "state_identity",
    "swap_addresses",
    "take_up_list",
    "touch",
    "update_profile",
    "use_pass",
    "withdraw_consent",
]
