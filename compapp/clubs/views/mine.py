"""A student's pages: my clubs and what I attended, joining by link or request, activities to register for."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask.typing import ResponseReturnValue

from compapp.accounts import queries as accounts
from compapp.accounts.lifecycle import IDENTITY
from compapp.clubs import queries, services
from compapp.clubs.forms import JoinForm, StudentRecordForm
from compapp.clubs.lifecycle import JOIN_REQUEST
from compapp.clubs.models import CohortMember
from compapp.clubs.policy import ClubFacts, sees_health
from compapp.clubs.views.activities import asked_filter
from compapp.clubs.views.base import bp, labels, number_asked, saved, sentence_of, the_club, the_cohort
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.web.access import public, require, signed_in
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/my-clubs")
@require(signed_in)
def mine() -> str:
    """Show the clubs one is in, what comes next, and everything one attended."""
    return _mine_page()


def _prefix(school_id: int) -> str:
    return f"school-{school_id}-"


def _mine_page(faulty: Mapping[int, StudentRecordForm] = MappingProxyType({})) -> str:
    person_id = current_actor().person_id or 0
    places = queries.memberships_of_person(person_id)
    records = {one.organisation_id: one for one in accounts.identities_of(person_id)}
    schools = {one.cohort.club.parent_id for one in places if one.left_at is None} | set(records)
    attended = queries.attendance_of(person_id)
    return render(
        "clubs/mine.html",
        **{
            "in_care": queries.clubs_in_care(current_actor()),
            "places": places,
            "newest": _newest(places),
            "invitations": accounts.invitations_to(person_id, queries.CLUB),
            "identity_states": IDENTITY,
            "requests": [one for one in queries.requests_of_person(person_id) if one.state != "accepted"],
            "coming": queries.coming_of_person(person_id, now()),
            "attended": attended,
            "points": sum(one.activity.points for one in attended),
            "schools": accounts.organisations(school for school in schools if school is not None),
            "records": records,
            "record_forms": {
                school: StudentRecordForm(formdata=None, obj=records.get(school), prefix=_prefix(school))
                for school in schools
                if school
            }
            | dict(faulty),
            "request_states": JOIN_REQUEST,
            **labels(),
        },
    )


def _newest(places: Sequence[CohortMember]) -> set[int]:
    """Return of each club the newest cohort among a person's places."""
    newest: dict[int, int] = {}
    for one in places:
        newest.setdefault(one.cohort.club_id, one.cohort_id)
    return set(newest.values())


@bp.post("/my-clubs/schools/<int:school_id>")
@require(signed_in)
def own_record(school_id: int) -> ResponseReturnValue:
    """Say where one studies."""
    form, actor = StudentRecordForm(prefix=_prefix(school_id)), current_actor()
    if not _may_say(school_id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))

    def act() -> str:
        services.note_studies(
            actor.person_id or 0,
            school_id,
            faculty=form.faculty.data,
            class_name=form.class_name.data,
            number=form.number.data,
            actor=actor,
            at=now(),
        )
        return _("Saved.")

    return saved(form, act, lambda: _mine_page({school_id: form}), endpoint="clubs.mine")


def _may_say(school_id: int) -> bool:
    person_id = current_actor().person_id or 0
    known = {one.organisation_id for one in accounts.identities_of(person_id)}
    return school_id in known | {one.cohort.club.parent_id for one in queries.memberships_of_person(person_id)}


def _any_club(actor: Any, club_id: int) -> ClubFacts | None:
    return queries.club_facts(actor, club_id)


def _is_signed_in(actor: Any, _facts: ClubFacts) -> bool:
    return signed_in(actor)


@bp.post("/clubs/<int:club_id>/leaving")
@require(_is_signed_in, facts=_any_club)
def leave(club_id: int) -> ResponseReturnValue:
    """Leave the club."""
    actor = current_actor()
    with unit_of_work():
        services.remove_member(the_cohort(club_id), actor.person_id or 0, actor=actor, at=now())
    notice(_("You have left the club."))
    return redirect_to("clubs.mine")


@bp.get("/clubs")
@public
def clubs() -> str:
    """List the clubs with their schools; searched whatever the marks."""
    wanted = asked_filter()
    return render(
        "clubs/clubs.html",
        rows=queries.clubs_page(wanted.search, number_asked()),
        search=wanted.search,
        sees_health=sees_health(current_actor()),
    )


@bp.get("/clubs/<int:club_id>/about")
@public
def about(club_id: int) -> str:
    """Show a club to everybody: what it offers, how many it is, how one joins."""
    return _about_page(club_id)


def _about_page(club_id: int, **forms: Any) -> str:
    found, actor = the_club(club_id), current_actor()
    cohort, person_id = queries.current_cohort(club_id), actor.person_id
    return render(
        "clubs/about.html",
        **{
            "club": found,
            "school": queries.school_of(found),
            "cohort": cohort,
            "member_count": queries.member_count(cohort.id) if cohort else 0,
            "open_activities": queries.public_activities(club_id, now()),
            "held": queries.held_count(club_id),
            "is_member": person_id is not None and queries.is_member(club_id, person_id),
            "asked": queries.request_of(club_id, person_id) if person_id is not None else None,
            "form": JoinForm(formdata=None),
            "looks_after": any(one.id == club_id for one in queries.clubs_in_care(actor)),
            "request_states": JOIN_REQUEST,
            **labels(),
            **forms,
        },
    )


@bp.post("/clubs/<int:club_id>/request")
@require(_is_signed_in, facts=_any_club)
def ask_to_join(club_id: int) -> ResponseReturnValue:
    """Ask to be taken in."""
    form = JoinForm()
    if not form.validate_on_submit():
        return _about_page(club_id, form=form), 422
    try:
        with unit_of_work():
            services.ask_to_join(the_club(club_id), form.text.data or "", actor=current_actor(), at=now())
    except (Conflict, Invalid) as error:
        warning(sentence_of(error))
        return _about_page(club_id, form=form), error.status
    notice(_("Your request is with the club. You get a message when it has been answered."))
    return redirect_to("clubs.about", club_id=club_id)


@bp.get("/club-joining/<key>")
@require(signed_in)
def joining(key: str) -> ResponseReturnValue:
    """Ask to confirm that one joins by the link."""
    cohort = queries.cohort_by_key(key, now())
    if cohort is None:
        return render("clubs/joining.html", cohort=None, key=key, is_member=False), 404
    actor = current_actor()
    is_member = queries.is_member(cohort.club_id, actor.person_id or 0)
    return render("clubs/joining.html", cohort=cohort, key=key, is_member=is_member)


@bp.post("/club-joining/<key>")
@require(signed_in)
def join(key: str) -> ResponseReturnValue:
    """Join by the link."""
    with unit_of_work():
        cohort = services.join_by_link(key, actor=current_actor(), at=now())
    notice(_("Welcome to %(club)s!", club=localized(cohort.club.name)))
    return redirect_to("clubs.mine")


@bp.get("/club-activities")
@public
def open_activities() -> str:
    """List the activities of all clubs that one can register for."""
    wanted = asked_filter()
    return render(
        "clubs/open_activities.html",
        rows=queries.open_activities_page(current_actor(), wanted, now()),
        wanted=wanted,
        **labels(),
    )
