"""A club's term in figures, the list that earns conduct points, and how all clubs of a school or province are doing."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.clubs import policy, queries, services
from compapp.clubs.lifecycle import ACTIVITY, KINDS
from compapp.clubs.models import Cohort
from compapp.clubs.queries import TermFigures
from compapp.clubs.views.base import bp, chosen_cohort, club_page, looking_after, seeing_figures, the_club
from compapp.clubs.views.base import term as term_of
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import NotFound
from compapp.core.spreadsheets import Cell, Column
from compapp.core.text import N_
from compapp.web.access import facts, require
from compapp.web.downloads import FORMATS, spreadsheet
from compapp.web.i18n import _, localized
from compapp.web.pages import render

_NO_LIST = N_("There is no such list.")


@bp.get("/clubs/<int:club_id>/report")
@seeing_figures
def report(club_id: int) -> str:
    """Show a term in figures beside the one before; people only to who looks after the club."""
    cohort = chosen_cohort(club_id)
    cohorts = list(queries.cohorts_of(club_id))
    before = cohorts[cohorts.index(cohort) + 1 :][:1] if cohort is not None else []
    figures = queries.figures_of([cohort, *before]) if cohort is not None else []
    sees_people = policy.may_look_after(current_actor(), facts())
    return club_page(
        "clubs/report.html",
        the_club(club_id),
        "report",
        cohort=cohort,
        cohorts=cohorts,
        figures=figures[0] if figures else None,
        before=figures[1] if len(figures) > 1 else None,
        comparison=comparison(figures),
        activities=queries.activities_of_term(cohort.id) if cohort else [],
        participants=queries.participants(cohort.id) if cohort and sees_people else [],
        advisors=queries.advisors_of(club_id),
        sees_people=sees_people,
    )


def comparison(figures: list[TermFigures]) -> list[tuple[str, list[Any]]]:
    """Return each figure with its value in each of the terms given; nothing where there is none."""
    return [
        (_("Members at the end"), [one.members for one in figures]),
        (_("Activities held"), [one.held for one in figures]),
        (_("Hours of activities"), [round(one.hours, 1) for one in figures]),
        (_("Attendances"), [one.attendances for one in figures]),
        (_("People who took part"), [one.participants for one in figures]),
        (_("Per cent of those with a place who came"), [one.rate for one in figures]),
        (_("Entries begun"), [one.entries.begun for one in figures]),
        (_("Entries handed in"), [one.entries.handed_in for one in figures]),
        (_("Entries that went on a round"), [one.entries.advanced for one in figures]),
        (_("Entries with an award"), [one.entries.awarded for one in figures]),
    ]


@bp.get("/clubs/<int:club_id>/participants/<kind>")
@looking_after
def participants(club_id: int, kind: str) -> ResponseReturnValue:
    """Give the list that earns conduct points: by faculty, class and given name; that it was taken is written down."""
    cohort = _cohort_for(club_id, kind)
    columns = [
        Column(_("Number"), "number", 8),
        Column(_("Faculty"), width=26),
        Column(_("Class"), width=14),
        Column(_("Student number"), width=16),
        Column(_("Full name"), width=28),
        Column(_("Activities attended"), "number", 12),
        Column(_("Of these late"), "number", 10),
        Column(_("Conduct points"), "number", 12),
        Column(_("Which"), width=60),
    ]
    rows: list[list[Cell]] = [
        [
            number,
            one.faculty,
            one.class_name,
            one.student_number,
            one.name,
            one.attended,
            one.late,
            one.points,
            "; ".join(localized(title) for title in one.titles),
        ]
        for number, one in enumerate(queries.participants(cohort.id), start=1)
    ]
    with unit_of_work():
        cohort = _cohort_for(club_id, kind)
        services.note_list(cohort, len(rows), actor=current_actor(), at=now())
    return spreadsheet(kind, _("%(term)s – participation", term=term_of(cohort.term)), columns, rows)


@bp.get("/clubs/<int:club_id>/report/<kind>")
@seeing_figures
def report_file(club_id: int, kind: str) -> ResponseReturnValue:
    """Give the activities of a term with their figures as XLSX or CSV."""
    cohort = _cohort_for(club_id, kind)
    columns = [
        Column(_("Title of the activity"), width=40),
        Column(_("Kind of activity"), width=20),
        Column(_("State"), width=18),
        Column(_("Begins"), "moment", 18),
        Column(_("Ends"), "moment", 18),
        Column(_("Where it takes place"), width=24),
        Column(_("Places"), "number", 10),
        Column(_("Registered"), "number", 12),
        Column(_("Came"), "number", 10),
    ]
    rows: list[list[Cell]] = [
        [
            localized(one.title),
            _(KINDS[one.kind]),
            _(ACTIVITY.states[one.state].staff),
            one.starts_at,
            one.ends_at,
            one.place,
            one.capacity,
            one.taken,
            one.came,
        ]
        for one in queries.activities_of_term(cohort.id)
    ]
    return spreadsheet(kind, _("%(term)s – report", term=term_of(cohort.term)), columns, rows)


def _cohort_for(club_id: int, kind: str) -> Cohort:
    cohort = chosen_cohort(club_id)
    if cohort is None or kind not in FORMATS:
        raise NotFound(_NO_LIST)
    return cohort


@bp.get("/club-health")
@require(policy.sees_health)
def health() -> str:
    """Show how the clubs of one's school, or all, are doing in a term, and how terms compare."""
    actor = current_actor()
    terms = queries.terms_seen(actor)
    asked = request.args.get("term", "")
    term = asked if asked in terms else terms[0] if terms else ""
    course = [(one, summed(figures)) for one, figures in queries.course_of_terms(actor)]
    return render("clubs/health.html", rows=queries.health(actor, term), terms=terms, term=term, course=course)


def summed(figures: list[TermFigures]) -> dict[str, int]:
    """Return the sums over clubs."""
    expected, kept = sum(one.expected for one in figures), sum(one.kept_place for one in figures)
    return {
        "clubs": len(figures),
        "members": sum(one.members for one in figures),
        "held": sum(one.held for one in figures),
        "attendances": sum(one.attendances for one in figures),
        "rate": round(100 * kept / expected) if expected else 0,
        "handed_in": sum(one.entries.handed_in for one in figures),
        "goal": sum(one.cohort.goal_entries for one in figures),
        "advanced": sum(one.entries.advanced for one in figures),
        "awarded": sum(one.entries.awarded for one in figures),
    }


@bp.get("/club-health/<kind>")
@require(policy.sees_health)
def health_file(kind: str) -> ResponseReturnValue:
    """Give the table of a term as XLSX or CSV."""
    actor = current_actor()
    terms = queries.terms_seen(actor)
    term = request.args.get("term", "") or (terms[0] if terms else "")
    if kind not in FORMATS or term not in terms:
        raise NotFound(_NO_LIST)
    columns = [Column(_("Club"), width=36), Column(_("School"), width=36)]
    columns += [Column(label, "number", 14) for label, _values in comparison([])]
    rows = []
    for one in queries.health(actor, term):
        values = [one_value[0] for _label, one_value in comparison([one.figures])] if one.figures else []
        row = [localized(one.club.name), localized(one.school.name) if one.school else ""]
        rows.append([*row, *(values or [None] * len(comparison([])))])
    return spreadsheet(kind, _("%(term)s – clubs", term=term_of(term)), columns, rows)
