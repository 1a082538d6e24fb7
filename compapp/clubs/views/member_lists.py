"""The members of a term as a spreadsheet, and newcomers from one: checked row by row before anybody is invited."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from compapp.clubs import queries, services
from compapp.clubs.lifecycle import ROLES
from compapp.clubs.views.base import bp, club_page, looking_after, managing, sentence_of, the_club, the_cohort
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid, NotFound
from compapp.core.spreadsheets import MOST_BYTES, Cell, Column, read_table
from compapp.core.text import N_
from compapp.web.downloads import FORMATS, spreadsheet
from compapp.web.forms import Form
from compapp.web.i18n import _, lazy, localized, ngettext
from compapp.web.pages import notice, redirect_to, warn_left_out, warning


class InvitationListForm(Form):
    """A spreadsheet of newcomers."""

    file = FileField(lazy("File"))


@bp.get("/clubs/<int:club_id>/member-list/<kind>")
@looking_after
def member_list(club_id: int, kind: str) -> ResponseReturnValue:
    """Give the members of the term with class and number; that the list was taken is written down."""
    if kind not in FORMATS:
        raise NotFound(N_("There is no such list."))
    cohort = the_cohort(club_id)
    columns = [
        Column(_("Full name"), width=28),
        Column(_("Role in the club"), width=18),
        Column(_("Faculty"), width=26),
        Column(_("Class"), width=14),
        Column(_("Student number"), width=16),
        Column(_("E-mail address"), width=30),
        Column(_("Since"), "date", 12),
    ]
    rows: list[list[Cell]] = []
    for one, record in queries.roster_with_studies(cohort.id):
        studies = (record.faculty, record.class_name, record.number) if record is not None else (None, None, None)
        rows.append([one.person.name, _(ROLES[one.role]), *studies, one.person.email, one.joined_at.date()])
    with unit_of_work():
        cohort = the_cohort(club_id)
        services.note_list(cohort, len(rows), actor=current_actor(), at=now())
    return spreadsheet(kind, _("Members: %(club)s", club=localized(the_club(club_id).name)), columns, rows)


@bp.get("/clubs/<int:club_id>/member-invitations")
@managing
def invitation_list(club_id: int) -> str:
    """Offer to read newcomers from a spreadsheet."""
    return _page(club_id, InvitationListForm(formdata=None))


def _page(club_id: int, form: InvitationListForm, **read: Any) -> str:
    shown = {"checked": None, "token": "", "most": services.MOST_INVITED, **read}
    return club_page("clubs/invitation_list.html", the_club(club_id), "members", form=form, **shown)


@bp.post("/clubs/<int:club_id>/member-invitations")
@managing
def check_invitation_list(club_id: int) -> ResponseReturnValue:
    """Read a spreadsheet and show each row; nobody is invited yet."""
    club, form = the_club(club_id), InvitationListForm()
    uploaded = request.files.get("file")
    data = uploaded.stream.read(MOST_BYTES + 1) if uploaded is not None else b""
    try:
        if not data:
            raise Invalid(fields={"file": [(N_("Choose a file first."), {})]})
        checked = services.check_invitations(club, read_table(data))
        with unit_of_work():
            token = services.keep_invitations(club, checked, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(club_id, form), 422
    except Closed as error:
        warning(sentence_of(error))
        return redirect_to("clubs.members", club_id=club_id)
    return _page(club_id, InvitationListForm(formdata=None), checked=checked, token=token)


@bp.post("/clubs/<int:club_id>/member-invitations/sending")
@managing
def send_invitation_list(club_id: int) -> ResponseReturnValue:
    """Invite whom the checked list names; the list works once."""
    try:
        with unit_of_work():
            token = request.form.get("list", "")
            count, left_out = services.invite_list(the_club(club_id), token, actor=current_actor(), at=now())
    except (Closed, Invalid) as error:
        warning(sentence_of(error))
        return redirect_to("clubs.members", club_id=club_id)
    notice(ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", count))
    warn_left_out(left_out)
    return redirect_to("clubs.members", club_id=club_id)
