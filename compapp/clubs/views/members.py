"""The members of a club's term: who they are, what they are, how one joins; and the club's advisors."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts import queries as accounts
from compapp.accounts.lifecycle import INVITATION
from compapp.accounts.policy import may_grant, role_label
from compapp.clubs import policy, queries, services
from compapp.clubs.forms import AnswerForm, InvitationForm, OfficeForm, RoleForm, StudentRecordForm
from compapp.clubs.pictures import qr_picture
from compapp.clubs.views.base import bp, club_page, looking_after, managing, number_asked, saved, the_club, the_cohort
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.text import N_
from compapp.web.i18n import _, ngettext
from compapp.web.pages import notice, redirect_to, render


@bp.get("/clubs/<int:club_id>/members")
@looking_after
def members(club_id: int) -> str:
    """List the members of the term, who asks to join, and the link to join by."""
    return members_page(club_id)


def members_page(club_id: int, **forms: Any) -> str:
    """Render the members of the term; ``forms`` holds a form that was sent with a fault."""
    found = the_club(club_id)
    cohorts = queries.cohorts_of(club_id)
    cohort = cohorts[0] if cohorts else None
    search = request.args.get("q", "").strip()[:100]
    link = url_for("clubs.joining", key=cohort.join_key, _external=True) if cohort and _is_open(cohort) else ""
    return club_page(
        "clubs/members.html",
        found,
        "members",
        **{
            "cohort": cohort,
            "earlier": cohorts[1:2],
            "people": queries.roster_page(cohort.id, search, number_asked()) if cohort else None,
            "search": search,
            "invitations": accounts.open_invitations(club_id),
            "invitation_states": INVITATION,
            "role_label": role_label,
            "may_grant": lambda role: may_grant(current_actor(), role, club_id),
            "requests": queries.open_requests(club_id),
            "advisors": queries.advisors_of(club_id),
            "link": link,
            "picture": qr_picture(link) if link else "",
            "member_form": InvitationForm(formdata=None),
            "managers": [one.person for one in accounts.members_of(club_id, policy.MANAGER)],
            "office_form": OfficeForm(formdata=None, prefix="office-"),
            "answer_form": AnswerForm(formdata=None),
            "faulty_request": None,
            **forms,
        },
    )


def _is_open(cohort: Any) -> bool:
    return bool(cohort.join_key and cohort.join_until and cohort.join_until >= now())


@bp.get("/clubs/<int:club_id>/members/<int:person_id>")
@looking_after
def member(club_id: int, person_id: int) -> str:
    """Show one member: role, where they study, what they attended with this club."""
    return _member_page(club_id, person_id)


def _member_page(club_id: int, person_id: int, **forms: Any) -> str:
    found, cohort = the_club(club_id), the_cohort(club_id)
    own = queries.membership_of(cohort.id, person_id)
    if own is None or own.left_at is not None:
        raise NotFound(N_("This person is not in the cohort."))
    record = accounts.standing_identity(person_id, found.parent_id)
    return club_page(
        "clubs/member.html",
        found,
        "members",
        **{
            "cohort": cohort,
            "member": own,
            "attended": [one for one in queries.attendance_of(person_id) if one.activity.club_id == club_id],
            "role_form": RoleForm(formdata=None, obj=own),
            "record_form": StudentRecordForm(formdata=None, obj=record),
            **forms,
        },
    )


def _saved_member(form: Any, act: Callable[[], str], club_id: int, person_id: int, **forms: Any) -> ResponseReturnValue:
    again = partial(_member_page, club_id, person_id, **forms)
    return saved(form, act, again, endpoint="clubs.member", club_id=club_id, person_id=person_id)


@bp.post("/clubs/<int:club_id>/members/<int:person_id>/role")
@managing
def role(club_id: int, person_id: int) -> ResponseReturnValue:
    """Say what a member is in the club this term."""
    form = RoleForm()

    def act() -> str:
        services.set_role(the_cohort(club_id), person_id, form.role.data, actor=current_actor(), at=now())
        return _("Saved.")

    return _saved_member(form, act, club_id, person_id, role_form=form)


@bp.post("/clubs/<int:club_id>/members/<int:person_id>/record")
@managing
def member_record(club_id: int, person_id: int) -> ResponseReturnValue:
    """Note where a member studies."""
    form = StudentRecordForm()

    def act() -> str:
        services.note_studies(
            person_id,
            the_club(club_id).parent_id,
            faculty=form.faculty.data,
            class_name=form.class_name.data,
            number=form.number.data,
            club_id=club_id,
            actor=current_actor(),
            at=now(),
        )
        return _("Saved.")

    return _saved_member(form, act, club_id, person_id, record_form=form)


@bp.post("/clubs/<int:club_id>/members/<int:person_id>/removal")
@managing
def remove_member(club_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody out of the cohort."""
    with unit_of_work():
        services.remove_member(the_cohort(club_id), person_id, actor=current_actor(), at=now())
    notice(_("The person is no longer in the cohort."))
    return redirect_to("clubs.members", club_id=club_id)


@bp.post("/clubs/<int:club_id>/carry-over")
@managing
def carry_over(club_id: int) -> ResponseReturnValue:
    """Take everybody of the term before into the newest."""
    cohorts = queries.cohorts_of(club_id)
    if len(cohorts) < 2:
        raise NotFound(N_("There is no such term."))
    with unit_of_work():
        count = services.carry_over(cohorts[1], cohorts[0], actor=current_actor(), at=now())
    notice(ngettext("%(num)d person is new in the cohort.", "%(num)d people are new in the cohort.", count))
    return redirect_to("clubs.members", club_id=club_id)


@bp.post("/clubs/<int:club_id>/joining-link")
@managing
def joining_link(club_id: int) -> ResponseReturnValue:
    """Make a new link to join by, or close the one there is."""
    with unit_of_work():
        if request.form.get("close"):
            services.close_link(the_cohort(club_id), actor=current_actor(), at=now())
        else:
            services.renew_link(the_cohort(club_id), actor=current_actor(), at=now())
    notice(_("Nobody can join by the link any more.") if request.form.get("close") else _("The link is ready."))
    return redirect_to("clubs.members", club_id=club_id)


@bp.post("/clubs/<int:club_id>/requests/<int:person_id>")
@managing
def answer_request(club_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody in, or decline with a reason."""
    form, accepts = AnswerForm(), request.form.get("word") == "accept"
    try:
        with unit_of_work():
            services.answer_request(
                the_club(club_id),
                person_id,
                accepts=accepts,
                answer=form.answer.data or "",
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        form.apply(error)
        return members_page(club_id, answer_form=form, faulty_request=person_id), 422
    notice(_("The person is in the cohort and gets a message.") if accepts else _("Declined. The person is told why."))
    return redirect_to("clubs.members", club_id=club_id)


@bp.get("/clubs/<int:club_id>/poster")
@looking_after
def poster(club_id: int) -> ResponseReturnValue:
    """Show the link to join by as a poster to print or to project."""
    found, cohort = the_club(club_id), the_cohort(club_id)
    if not _is_open(cohort):
        return redirect_to("clubs.members", club_id=club_id)
    link = url_for("clubs.joining", key=cohort.join_key, _external=True)
    return render("clubs/poster.html", club=found, cohort=cohort, link=link, picture=qr_picture(link, sized=False))
