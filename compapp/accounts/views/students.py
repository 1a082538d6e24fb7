"""A school's students: who says to be one, to confirm or refuse; the school's own list from a spreadsheet."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts import queries, services
from compapp.accounts.forms import StudentForm, StudentListForm
from compapp.accounts.lifecycle import IDENTITY
from compapp.accounts.models import Organisation, StudentIdentity
from compapp.accounts.policy import may_confirm_students, speaks_for_a_school
from compapp.accounts.services.student_lists import OUTCOMES, STUDENT_LIST, WAITS, Checked
from compapp.accounts.views.base import bp
from compapp.core import links
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.spreadsheets import MOST_BYTES, Column, read_table
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.downloads import spreadsheet
from compapp.web.i18n import _, ngettext
from compapp.web.pages import notice, redirect_to, render, warning

_HEADINGS = (N_("Full name"), N_("Student number"), N_("Class"), N_("Faculty"), N_("E-mail address"))
_MORE_HEADINGS = (N_("Year of birth"), N_("Guardian who agreed"))


@bp.get("/students")
@require(speaks_for_a_school)
def schools() -> ResponseReturnValue:
    """List the schools that one represents, with who waits there; with one only, lead there."""
    found = queries.schools_of(current_actor())
    if len(found) == 1:
        return redirect_to("accounts.students", organisation_id=found[0].id)
    waiting = queries.waiting_students([one.id for one in found])
    return render("accounts/schools.html", schools=found, waiting=waiting)


@bp.get("/organisations/<int:organisation_id>/students")
@require(may_confirm_students, facts=queries.school_facts)
def students(organisation_id: int) -> str:
    """List the school's students, searched without diacritics by name or number."""
    return _page(organisation_id, StudentForm(formdata=None), StudentListForm(formdata=None))


def _page(organisation_id: int, form: StudentForm, list_form: StudentListForm, *, missing: str = "") -> str:
    search, state = request.args.get("search", ""), _chosen_state()
    page = queries.students_page(organisation_id, search, state, request.args.get("page", 1, type=int))
    context: dict[str, Any] = {
        "school": _school(organisation_id),
        "students": page,
        "contested": queries.contested_numbers(organisation_id, {one.number_fold for one in page.rows}),
        "waiting": queries.waiting_students([organisation_id]).get(organisation_id, 0),
    }
    return render(
        "accounts/students.html",
        form=form,
        list_form=list_form,
        search=search,
        state=state,
        missing=missing,
        lifecycle=IDENTITY,
        **context,
    )


def _chosen_state() -> str:
    state = request.args.get("state", "")
    return state if state in IDENTITY.states else ""


def _school(organisation_id: int) -> Organisation:
    found = queries.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


@bp.post("/organisations/<int:organisation_id>/students/decisions")
@require(may_confirm_students, facts=queries.school_facts)
def decide_students(organisation_id: int) -> ResponseReturnValue:
    """Confirm or refuse the ticked students; a refusal needs a reason."""
    ids = {int(one) for one in request.form.getlist("student") if one.isdecimal() and len(one) < 12}
    verb = "refuse" if request.form.get("word") == "refuse" else "confirm"
    back = {"organisation_id": organisation_id, "state": _chosen_state() or None}
    if not ids:
        warning(_("Tick the students first."))
        return redirect_to("accounts.students", **back)
    try:
        with unit_of_work():
            count = services.decide_identities(
                organisation_id, ids, verb, reason=request.form.get("reason", ""), actor=current_actor(), at=now()
            )
    except (Invalid, Conflict) as error:
        sentences = [one for found in getattr(error, "fields", {}).values() for one in found]
        msgid, params = sentences[0] if sentences else (error.msgid, error.params)
        missing = _(msgid, **params)
        return _page(organisation_id, StudentForm(formdata=None), StudentListForm(formdata=None), missing=missing), 422
    if verb == "confirm":
        notice(ngettext("%(num)d student confirmed.", "%(num)d students confirmed.", count))
    else:
        notice(ngettext("%(num)d student refused and told why.", "%(num)d students refused and told why.", count))
    return redirect_to("accounts.students", **back)


@bp.get("/organisations/<int:organisation_id>/students/table")
@require(may_confirm_students, facts=queries.school_facts)
def students_table(organisation_id: int) -> ResponseReturnValue:
    """Hand out the list as a spreadsheet that can be uploaded again (noted in the audit chain)."""
    rows = queries.students_to_export(organisation_id, request.args.get("search", ""), _chosen_state())
    with unit_of_work():
        services.export_students(_school(organisation_id), len(rows), actor=current_actor(), at=now())
    columns = [Column(_(one), width=26) for one in (*_HEADINGS, *_MORE_HEADINGS)]
    columns.append(Column(_("State"), width=26))
    kind = "csv" if request.args.get("format") == "csv" else "xlsx"
    return spreadsheet(kind, _("Students"), columns, [_cells(one) for one in rows])


def _cells(row: StudentIdentity) -> Sequence[str]:
    year = str(row.person.birth_year or (row.person.born.year if row.person.born else ""))
    words = [row.person.name, row.number, row.class_name or "", row.faculty or "", row.person.email or "", year, ""]
    return [*words, _(IDENTITY.states[row.state].staff)]


@bp.get("/organisations/<int:organisation_id>/students/example")
@require(may_confirm_students, facts=queries.school_facts)
def students_example(organisation_id: int) -> ResponseReturnValue:
    """Hand out an empty spreadsheet with the headings and one made-up row."""
    columns = [Column(_(one), width=26) for one in (*_HEADINGS, *_MORE_HEADINGS)]
    row = ("Nguyễn Thị Mẫu", "SV0001", "DA23NN", "", "mau@truong.example", str(now().year - 19), "")
    return spreadsheet("xlsx", _("Students, example"), columns, [row])


@bp.post("/organisations/<int:organisation_id>/students")
@require(may_confirm_students, facts=queries.school_facts)
def add_student(organisation_id: int) -> ResponseReturnValue:
    """Put one student on the list: confirmed, and invited where there is no account yet."""
    form = StudentForm()
    if not form.validate_on_submit():
        return _page(organisation_id, form, StudentListForm(formdata=None)), 422
    school, student = _school(organisation_id), services.as_student(form.data)
    checked = services.check_students(school, [student], at=now())[0]
    if checked.faults or checked.outcome == WAITS:
        sentences = [_(msgid, **params) for msgid, params in checked.faults] or [_(OUTCOMES[WAITS])]
        form.form_errors.extend(sentences)
        return _page(organisation_id, form, StudentListForm(formdata=None)), 422
    with unit_of_work():
        services.enrol_students(_school(organisation_id), [student], actor=current_actor(), at=now())
    notice(_("Saved. %(name)s is told.", name=student.name))
    return redirect_to("accounts.students", organisation_id=organisation_id)


@bp.post("/organisations/<int:organisation_id>/students/list")
@require(may_confirm_students, facts=queries.school_facts)
def check_list(organisation_id: int) -> ResponseReturnValue:
    """Read a spreadsheet and show what each row would lead to; nothing is changed yet."""
    form, school = StudentListForm(), _school(organisation_id)
    uploaded = request.files.get("file")
    data = uploaded.stream.read(MOST_BYTES + 1) if uploaded is not None else b""
    if not data:
        form.file.errors = [_("Choose a file.")]
        return _page(organisation_id, StudentForm(formdata=None), form), 422
    try:
        read = services.read_students(read_table(data))
        checked = services.check_students(school, read, at=now())
        with unit_of_work():
            good = [one.student for one in checked if not one.faults]
            token = services.keep_list(school, good, actor=current_actor(), at=now()) if good else ""
    except Invalid as error:
        form.apply(error)
        return _page(organisation_id, StudentForm(formdata=None), form), 422
    return _preview(school, checked, token)


def _preview(school: Organisation, checked: Sequence[Checked], token: str) -> str:
    counts = {outcome: sum(one.outcome == outcome for one in checked) for outcome in OUTCOMES}
    return render(
        "accounts/student_list.html",
        school=school,
        faulty=[one for one in checked if one.faults],
        good=[one for one in checked if not one.faults],
        counts=counts,
        outcomes=OUTCOMES,
        token=token,
    )


@bp.post("/organisations/<int:organisation_id>/students/list/taking-up")
@require(may_confirm_students, facts=queries.school_facts)
def take_up_list(organisation_id: int) -> ResponseReturnValue:
    """Confirm and invite what the checked list says; the list works once."""
    token = request.form.get("list", "")
    links.look(STUDENT_LIST, token, at=now())
    with unit_of_work():
        counts = services.take_up_list(_school(organisation_id), token, actor=current_actor(), at=now())
    notice(
        _(
            "Done: %(confirmed)s confirmed, %(invited)s invited, %(left)s left out.",
            confirmed=counts.get("confirms", 0),
            invited=counts.get("invites", 0),
            left=counts.get("waits", 0) + counts.get("faulty", 0),
        )
    )
    return redirect_to("accounts.students", organisation_id=organisation_id)
