"""One's own student numbers: school plus number is who one is here; never a picture of an ID card."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts import queries, services
from compapp.accounts.forms import StudentNumberForm
from compapp.accounts.lifecycle import IDENTITY
from compapp.accounts.views.base import bp, oneself
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.access import require, signed_in
from compapp.web.i18n import _, current_locale
from compapp.web.pages import notice, redirect_to, render


@bp.route("/account/student-numbers", methods=["GET", "POST"])
@require(signed_in)
def student_numbers() -> ResponseReturnValue:
    """Show one's student numbers with what the schools say, and take another or a corrected one."""
    person = oneself()
    form = StudentNumberForm().offer({str(one.id): one.name[current_locale()] for one in queries.schools()})
    if request.method == "GET":
        return _page(form)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with unit_of_work():
            services.state_identity(
                person,
                queries.organisation(int(form.school.data)) if form.school.data else None,
                form.number.data,
                class_name=form.class_name.data or "",
                faculty=form.faculty.data or "",
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        form.apply(error)
        return _page(form), 422
    notice(_("Saved. Your school is asked to confirm it."))
    return redirect_to("accounts.student_numbers")


def _page(form: StudentNumberForm) -> str:
    known = queries.identities_of(oneself().id)
    return render("accounts/student_numbers.html", form=form, identities=known, lifecycle=IDENTITY)


@bp.post("/account/student-numbers/<int:identity_id>/removal")
@require(signed_in)
def remove_student_number(identity_id: int) -> ResponseReturnValue:
    """Forget a student number of one's own."""
    with unit_of_work():
        services.remove_identity(identity_id, actor=current_actor(), at=now())
    notice(_("Removed."))
    return redirect_to("accounts.student_numbers")
