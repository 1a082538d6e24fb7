"""The team's page, its invitations, and the page behind an invitation's link."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts.queries import particulars
from compapp.clubs.lifecycle import VERDICTS
from compapp.clubs.queries import training_of
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.text import N_
from compapp.entries import policy, queries, services
from compapp.entries.forms import InviteForm, MemberForm
from compapp.entries.lifecycle import GUARDIAN, ROLES
from compapp.entries.models import Entry, TeamInvitation
from compapp.entries.queries.nominations import club_reviews
from compapp.entries.queries.team import newcomers_waiting
from compapp.entries.views.blueprint import (
    bp,
    chosen_institution,
    on_entry,
    on_team,
    spend_a_mail,
    tended_member,
    workspace_page,
)
from compapp.web.access import facts, public, require, signed_in
from compapp.web.forms import Form
from compapp.web.i18n import _, current_locale
from compapp.web.pages import notice, redirect_to, render


def _page(entry: Entry, form: InviteForm, *, link: str = "") -> str:
    members = queries.active_members(entry.id)
    return workspace_page(
        "entries/team.html",
        entry,
        facts=facts(),
        members=members,
        club_reviews=club_reviews(entry.id),
        verdicts=VERDICTS,
        training=training_of([member.person_id for member in members if member.person_id is not None]),
        invitations=[one for one in queries.invitations_of(entry.id) if one.request_id is None],
        newcomers=newcomers_waiting(entry.id, clock.now()),
        guardians=queries.guardian_consents(entry.id),
        minors={member.id for member in queries.minors(entry, queries.working_board(entry))},
        guardian_lifecycle=GUARDIAN,
        roles=ROLES,
        form=form,
        link=link,
        answer_by=lambda one: queries.answer_by(entry, one, clock.now()),
        can_manage=policy.may_manage_team(current_actor(), facts()),
        may_withdraw=policy.may_withdraw_invitation(current_actor(), facts()),
    )


@bp.get("/entries/<int:entry_id>/team")
@on_team
def team(entry_id: int) -> str:
    """Show who is on the team and who is invited."""
    return _page(queries.entry(entry_id), InviteForm())


@bp.post("/entries/<int:entry_id>/invitations")
@on_entry(policy.may_manage_team)
def invite(entry_id: int) -> ResponseReturnValue:
    """Invite somebody; the link is shown once, to be copied."""
    entry, form = queries.entry(entry_id), InviteForm()
    if form.validate_on_submit():
        spend_a_mail()
        try:
            with unit_of_work():
                _invitation, token = services.invite_member(
                    entry,
                    email=form.email.data,
                    name=form.name.data,
                    role=form.role.data,
                    locale=current_locale(),
                    actor=current_actor(),
                    at=clock.now(),
                )
            link = url_for("entries.invitation", token=token, _external=True)
            return _page(queries.entry(entry_id), InviteForm(formdata=None), link=link)
        except Invalid as error:
            form.apply(error)
    return _page(entry, form), 422


@bp.post("/entries/<int:entry_id>/invitations/<int:invitation_id>/withdrawal")
@on_entry(policy.may_withdraw_invitation)
def withdraw_invitation(entry_id: int, invitation_id: int) -> ResponseReturnValue:
    """Make an invitation worthless."""
    with unit_of_work():
        found = session().get(TeamInvitation, invitation_id)
        if found is None or found.entry_id != entry_id:
            raise NotFound(N_("This page does not exist, or it is not open to you."))
        services.withdraw_invitation(found, actor=current_actor(), at=clock.now())
    notice(_("The invitation is withdrawn."))
    return redirect_to("entries.team", entry_id=entry_id)


def _page_of_leaving(entry_id: int) -> str:
    person_id = current_actor().person_id
    own = next(one for one in queries.active_members(entry_id) if one.person_id == person_id)
    if own.role == "lead":
        raise Refused(N_("Make somebody else the lead first, or withdraw the entry."))
    return _asked_first(entry_id, own.id, "leave")


def _asked_first(entry_id: int, member_id: int, act: str) -> str:
    """Show what will happen before it does."""
    entry = queries.entry(entry_id)
    member = services.member_of(entry, member_id)
    return workspace_page("entries/team_confirmation.html", entry, facts=facts(), member=member, act=act, form=Form())


@bp.route("/entries/<int:entry_id>/members/<int:member_id>/removal", methods=["GET", "POST"])
@on_entry(policy.may_manage_team)
def remove_member(entry_id: int, member_id: int) -> ResponseReturnValue:
    """Remove somebody from the team, after one more look."""
    if request.method == "GET":
        return _asked_first(entry_id, member_id, "remove")
    with unit_of_work():
        services.remove_member(queries.entry(entry_id), member_id, actor=current_actor(), at=clock.now())
    notice(_("This person is no longer on the team."))
    return redirect_to("entries.team", entry_id=entry_id)


@bp.route("/entries/<int:entry_id>/members/<int:member_id>/lead", methods=["GET", "POST"])
@on_entry(policy.may_manage_team)
def make_lead(entry_id: int, member_id: int) -> ResponseReturnValue:
    """Hand the lead over, after one more look."""
    if request.method == "GET":
        return _asked_first(entry_id, member_id, "lead")
    with unit_of_work():
        services.change_role(queries.entry(entry_id), member_id, "lead", actor=current_actor(), at=clock.now())
    notice(_("The lead has changed."))
    return redirect_to("entries.team", entry_id=entry_id)


@bp.route("/entries/<int:entry_id>/departure", methods=["GET", "POST"])
@on_entry(policy.may_leave)
def leave(entry_id: int) -> ResponseReturnValue:
    """Leave the team, after one more look."""
    if request.method == "GET":
        return _page_of_leaving(entry_id)
    with unit_of_work():
        services.leave_team(queries.entry(entry_id), actor=current_actor(), at=clock.now())
    notice(_("You have left the team."))
    return redirect_to("entries.mine")


@bp.route("/entries/<int:entry_id>/members/<int:member_id>", methods=["GET", "POST"])
@on_team
def member(entry_id: int, member_id: int) -> ResponseReturnValue:
    """Show and change what is kept about a member."""
    entry = queries.entry(entry_id)
    found = tended_member(entry, member_id)
    form = MemberForm().offer(queries.institutions_of(entry.contest))
    if form.validate_on_submit():
        with unit_of_work():
            services.update_member(
                entry,
                member_id,
                born=form.born.data,
                institution=chosen_institution(entry.contest, form.institution.data),
                class_name=form.class_name.data or "",
                student_number=form.student_number.data or "",
                actor=current_actor(),
                at=clock.now(),
            )
        notice(_("Saved."))
        return redirect_to("entries.team", entry_id=entry_id)
    status = 422 if form.is_submitted() else 200
    if not form.is_submitted():
        form.show(found)
    return workspace_page("entries/member.html", entry, facts=facts(), member=found, form=form), status


@bp.get("/team-invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show who invites to what; joining asks to sign in and returns here."""
    found = services.invitation_of(token, at=clock.now())
    entry = queries.entry(found.entry_id)
    form = MemberForm().offer(queries.institutions_of(entry.contest))
    form.institution.data = str(entry.institution_id or "")
    known = particulars(current_actor().person_id or 0, entry.institution_id)
    form.class_name.data, form.student_number.data = known["class_name"], known["student_number"]
    return _invitation_page(found, form, token)


def _invitation_page(found: TeamInvitation, form: MemberForm, token: str) -> str:
    entry = queries.entry(found.entry_id)
    return render(
        "entries/invitation.html",
        invitation=found,
        entry=entry,
        contest=entry.contest,
        lead=queries.lead_of(entry.id),
        until=queries.answer_by(entry, found, clock.now()),
        form=form,
        token=token,
        roles=ROLES,
    )


@bp.route("/team-invitations/<token>/acceptance", methods=["GET", "POST"])
@require(signed_in)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Join the team. Opening the address (after signing in) leads to the invitation."""
    form = MemberForm()
    if not form.is_submitted():
        return redirect_to("entries.invitation", token=token)
    found = services.invitation_of(token, at=clock.now())
    entry = queries.entry(found.entry_id)
    form.offer(queries.institutions_of(entry.contest))
    if not form.validate():
        return _invitation_page(found, form, token), 422
    try:
        with unit_of_work():
            joined = services.accept_invitation(
                token,
                born=form.born.data,
                institution=chosen_institution(entry.contest, form.institution.data),
                class_name=form.class_name.data,
                student_number=form.student_number.data,
                actor=current_actor(),
                at=clock.now(),
            )
    except Invalid as error:
        form.apply(error)
        return _invitation_page(services.invitation_of(token, at=clock.now()), form, token), 422
    if joined.left_at is not None:
        notice(_("You have agreed. Your seat counts as soon as your guardian has agreed too."))
        return redirect_to("entries.own_guardian", invitation_id=found.id)
    if joined.id in {member.id for member in queries.minors(entry, queries.working_board(entry))}:
        notice(_("You are on the team now. Ask your parent or guardian next: their answer takes the longest."))
        return redirect_to("entries.guardian", entry_id=joined.entry_id, member_id=joined.id)
    notice(_("You are on the team now."))
    return redirect_to("entries.workspace", entry_id=joined.entry_id)
