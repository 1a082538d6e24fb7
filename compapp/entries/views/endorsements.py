"""The school's page: its entries of a contest in one list, to confirm, refuse and put in order."""

from collections import Counter
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import Rules
from compapp.contests.models import Contest
from compapp.contests.queries import announced_contest
from compapp.core import clock
from compapp.core.actor import ORGANISATION, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.core.spreadsheets import Column
from compapp.core.text import N_, fold
from compapp.entries import policy, queries, services
from compapp.entries.lifecycle import ENDORSEMENT, ENTRY
from compapp.entries.queries import EndorsementRow
from compapp.entries.queries.nominations import nominations_for
from compapp.entries.queries.schools import part_limits
from compapp.entries.views.blueprint import bp, sentence_of
from compapp.web.access import require
from compapp.web.downloads import spreadsheet
from compapp.web.i18n import _, localized, ngettext
from compapp.web.pages import notice, redirect_to, render, warn_left_out

LATE = "late"
_SHOWN = {
    "waiting": N_("Waits for your word"),
    "confirmed": N_("Confirmed by you"),
    "refused": N_("Refused by you"),
    LATE: N_("Not handed in in time"),
}
_HEADINGS: tuple[tuple[str, int], ...] = (
    (N_("School"), 36),
    (N_("Order of preference"), 10),
    (N_("Entry code"), 12),
    (N_("Title"), 44),
    (N_("Board"), 22),
    (N_("Sector"), 30),
    (N_("Team"), 60),
    (N_("State"), 24),
    (N_("School’s word"), 24),
    (N_("Note to the team"), 40),
)


@bp.get("/endorsements")
@require(policy.represents_a_school)
def endorsements() -> ResponseReturnValue:
    """List the contests in which one's school has entries; with one only, lead there."""
    contests = queries.contests_to_endorse(current_actor())
    if len(contests) == 1:
        return redirect_to("entries.endorsements_of", code=contests[0].code)
    return render("entries/endorsements.html", contests=contests)


@bp.get("/endorsements/<code>")
@require(policy.represents_a_school)
def endorsements_of(code: str) -> str:
    """List the school's entries: title, team and state, never what is in them; narrowed by its word and by words."""
    return _page(announced_contest(code))


def _wanted() -> dict[str, str]:
    """Return how the address narrows the list; empty means all."""
    word = request.args.get("show", "")
    given = {"show": word if word in _SHOWN else "", "search": request.args.get("search", "")[:100]}
    return {key: value for key, value in given.items() if value}


def _group(row: EndorsementRow, at: datetime) -> str:
    """Return under which tab an entry stands: the school's word on it, or that it came too late for one."""
    return LATE if row.is_lost(at) else row.endorsement


def _fits(row: EndorsementRow, wanted: dict[str, str], at: datetime) -> bool:
    if wanted.get("show") not in (None, _group(row, at)):
        return False
    text = " ".join((row.code, *row.title.values(), *row.organisation.values(), *row.team))
    return fold(wanted.get("search", "")) in fold(text)


def _page(contest: Contest, *, missing: str = "", **typed: Any) -> str:
    actor, wanted, at = current_actor(), _wanted(), clock.now()
    every = queries.endorsement_rows(actor, contest.id)
    rows = [row for row in every if _fits(row, wanted, at)]
    ids = list(dict.fromkeys(row.organisation_id for row in rows))
    return render(
        "entries/endorsements_of.html",
        contest=contest,
        wanted=wanted,
        counts=Counter(_group(row, at) for row in every),
        shown={key: label for key, label in _SHOWN.items() if key != LATE or any(row.is_lost(at) for row in every)},
        total=len(every),
        limits={one: part_limits(contest, [row for row in every if row.organisation_id == one], at) for one in ids},
        sizes=Counter(row.organisation_id for row in every),
        lost={row.entry_id for row in rows if row.is_lost(at)},
        places=typed.get("places", {}),
        schools=[(key, list(group)) for key, group in groupby(rows, key=lambda row: row.organisation_id)],
        nominations=nominations_for([row.entry_id for row in rows]),
        own=actor.scopes("representative", ORGANISATION),
        used=queries.used_quotas(contest.id, ids, at),
        most=Rules.of(contest).max_entries_per_institution,
        least=Rules.of(contest).min_entries_per_institution,
        missing=missing,
        ticked=typed.get("ticked", set()),
        note=typed.get("note", ""),
        lifecycle=ENTRY,
        endorsement_lifecycle=ENDORSEMENT,
    )


def _ticked() -> set[int]:
    return {int(one) for one in request.form.getlist("entry") if one.isdecimal() and len(one) < 12}


@bp.post("/endorsements/<code>/words")
@require(policy.represents_a_school)
def endorse(code: str) -> ResponseReturnValue:
    """Confirm or refuse the ticked entries for the school; a refusal needs a reason.

    The order that was typed on the page counts first: within a quota it decides who is confirmed.
    """
    contest, note = announced_contest(code), request.form.get("note", "")[:500]
    verb = "refuse" if request.form.get("word") == "refuse" else "confirm"
    try:
        with unit_of_work():
            services.set_preferences(contest, _places(), actor=current_actor(), at=clock.now())
            done, left_out = services.endorse_many(
                contest, _ticked(), verb, note=note, actor=current_actor(), at=clock.now()
            )
    except Invalid as error:
        typed: dict[str, Any] = {"ticked": _ticked(), "note": note, "places": _places()}
        return _page(contest, missing=sentence_of(error), **typed), 422
    if done and verb == "confirm":
        notice(
            ngettext(
                "%(num)d entry confirmed. The team is told.", "%(num)d entries confirmed. The teams are told.", done
            )
        )
    elif done:
        notice(
            ngettext(
                "%(num)d entry refused. The team is told why.", "%(num)d entries refused. The teams are told why.", done
            )
        )
    warn_left_out([(entry.code, why) for entry, why in left_out])
    return redirect_to("entries.endorsements_of", code=code, **_wanted())


def _places() -> dict[int, int | None]:
    """Return the places that were typed, by entry; nothing where a field was left empty."""
    return {
        int(key.removeprefix("place-")): int(value) if value.isdecimal() and len(value) < 5 else None
        for key, value in request.form.items()
        if key.startswith("place-") and key.removeprefix("place-").isdecimal() and len(key) < 18
    }


@bp.post("/endorsements/<code>/order")
@require(policy.represents_a_school)
def order_entries(code: str) -> ResponseReturnValue:
    """Keep the order that the school gives its entries."""
    contest = announced_contest(code)
    try:
        with unit_of_work():
            services.set_preferences(contest, _places(), actor=current_actor(), at=clock.now())
        notice(_("The order is kept. The organiser sees it."))
    except (Invalid, Conflict) as error:
        typed: dict[str, Any] = {"ticked": _ticked(), "note": request.form.get("note", "")[:500], "places": _places()}
        return _page(contest, missing=_(error.msgid, **error.params), **typed), 422
    return redirect_to("entries.endorsements_of", code=code, **_wanted())


@bp.get("/endorsements/<code>/table")
@require(policy.represents_a_school)
def endorsements_table(code: str) -> ResponseReturnValue:
    """Hand out the school's list as a spreadsheet (it names people: noted in the audit chain)."""
    contest, actor = announced_contest(code), current_actor()
    rows = queries.endorsement_rows(actor, contest.id)
    with unit_of_work():
        services.note_school_list(contest, rows, actor=actor, at=clock.now())
    columns = [Column(_(heading), "text", width) for heading, width in _HEADINGS]
    kind = "csv" if request.args.get("format") == "csv" else "xlsx"
    return spreadsheet(kind, _("Entries %(code)s", code=contest.code), columns, [_cells(row) for row in rows])


def _cells(row: EndorsementRow) -> list[Any]:
    return [
        localized(row.organisation),
        row.preference,
        row.code,
        localized(row.title),
        localized(row.board),
        localized(row.sector) if row.sector else "",
        ", ".join(row.team),
        _(ENTRY.states[row.state].public),
        _(ENDORSEMENT.states[row.endorsement].public),
        row.note or "",
    ]
