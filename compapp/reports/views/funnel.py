"""The officer's page of figures, its export, and what officers and administrators see on their home page."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.spreadsheets import harmless
from compapp.reports import policy, queries, services
from compapp.reports.forms import FunnelForm
from compapp.reports.indicators import (
    CONTEST_STAGES,
    INCUBATION_STAGES,
    INDICATORS,
    STAGES,
    Counts,
    Figures,
    Occupancy,
    Stage,
)
from compapp.reports.views.blueprint import bp
from compapp.web.access import require
from compapp.web.filters import short_moment
from compapp.web.i18n import _, current_locale, localized, ngettext
from compapp.web.navigation import Card, CardItem
from compapp.web.pages import render


@bp.get("/reports/funnel")
@require(policy.may_read_figures)
def funnel() -> ResponseReturnValue:
    """Show how many ideas go on from one stage to the next, and by what."""
    form = _form()
    chosen = form.chosen() if form.validate() else queries.Chosen(form.contest.data or "")
    found = queries.figures(chosen)
    return render(
        "reports/funnel.html",
        form=form,
        figures=found,
        stages=STAGES,
        indicators=INDICATORS,
        contest_steps=steps_of(found.funnel.total, CONTEST_STAGES),
        incubation_steps=steps_of(found.funnel.total, INCUBATION_STAGES),
        table_columns=[{"label": _(stage.label), "number": True} for stage in STAGES],
        places=[
            {"label": localized(one.name), "value": one.taken, "target": one.places, "note": _share(one)}
            for one in found.occupancy
        ],
        explained=[(_(one.label), _(one.counts)) for one in (*STAGES, *INDICATORS)],
        may_export=policy.is_officer(current_actor()),
        is_narrowed=bool(request.args),
        export_url=f"{url_for('reports.funnel_table')}?{urlencode(request.args.to_dict())}",
    )


def _share(one: Occupancy) -> str:
    """Return how full an incubator is, in words."""
    return _("%(taken)s of %(places)s places taken", taken=one.taken, places=one.places)


def _form() -> FunnelForm:
    form = FunnelForm(request.args)
    titles = [(code, localized(title)) for code, title in queries.contests_to_choose()]
    form.contest.choices = [("", _("All contests")), *titles]
    return form


def steps_of(counts: Counts, stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """Return stages as the chart draws them."""
    return [{"label": _(stage.label), "value": counts.of(stage.key)} for stage in stages]


@bp.get("/reports/funnel.csv")
@require(policy.is_officer)
def funnel_table() -> ResponseReturnValue:
    """Give the figures as a table for a spreadsheet; who takes them along is written down."""
    form = _form()
    chosen = form.chosen() if form.validate() else queries.Chosen(form.contest.data or "")
    with unit_of_work():
        services.note_export(chosen, actor=current_actor(), at=now())
    written = io.StringIO()
    csv.writer(written, delimiter=";" if current_locale() == "vi" else ",").writerows(
        [_cell(value) for value in row] for row in _rows(queries.figures(chosen))
    )
    return Response(
        "\ufeff" + written.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=funnel.csv", "Cache-Control": "private, no-store"},
    )


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return harmless(value) if isinstance(value, str) else value


def _rows(figures: Figures) -> Iterator[list[object]]:
    yield [_("Split"), _("Item"), _("Priority sector"), *(_(stage.label) for stage in STAGES)]
    yield [_("All"), _("All"), "", *figures.funnel.total.values]
    for split in figures.funnel.splits:
        for row in split.rows:
            yield [_(split.label), localized(row.label), _("yes") if row.priority else "", *row.counts.values]
    yield []
    yield [_("Indicator"), _("What is counted"), _("Clause of decision 673/QĐ-UBND"), _("Number")]
    for one in INDICATORS:
        yield [_(one.label), _(one.counts), one.clause, figures.values[one.key]]
    yield []
    yield [_("Incubator"), _("Places"), _("Places taken")]
    for place in figures.occupancy:
        yield [localized(place.name), place.places, place.taken]


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return the officer's cards (funnel, overdue, news) and the administrator's (health)."""
    cards: list[Card] = []
    if policy.is_officer(actor):
        cards += [*_overdue_card(), _funnel_card(), _news_card()]
    if policy.is_admin(actor):
        cards.append(_health_card())
    return cards


def _funnel_card() -> Card:
    total = queries.funnel(queries.Chosen()).total
    return Card(
        title=_("From idea to firm"),
        action_label=_("Open the figures"),
        action_url=url_for("reports.funnel"),
        template="reports/_funnel_card.html",
        data={"steps": steps_of(total, STAGES), "is_empty": not any(total.values)},
        order=20,
    )


def _overdue_card() -> list[Card]:
    late = queries.overdue(now())
    if not late:
        return []
    items = []
    for one in late[:6]:
        days = (now() - one.since).days
        waiting = ngettext("%(num)d entry undecided", "%(num)d entries undecided", one.count) if one.count else ""
        text = f"{localized(one.round)} ({waiting})" if waiting else localized(one.round)
        items.append(
            CardItem(
                f"{text} · {one.code}",
                url_for("portal.contest", code=one.code),
                ngettext("%(num)d day overdue", "%(num)d days overdue", days),
                "warning",
            )
        )
    text = _("These rounds have ended and no result was published yet. Ask the organiser.")
    return [Card(_("Overdue in the contests"), text, items=items, tone="warning", order=10)]


def _news_card() -> Card:
    news = queries.changes(now())
    items = [
        CardItem(
            f"{localized(one.contest)}: {_(one.msgid, round=localized(one.what))}",
            url_for("portal.contest", code=one.code),
            short_moment(one.at),
        )
        for one in news
    ]
    return Card(_("What changed lately"), "" if items else _("Nothing in the last thirty days."), items=items, order=30)


def _tone(ill: bool | int) -> str:
    return "warning" if ill else "neutral"


def _health_card() -> Card:
    found = queries.health(now())
    ill, sent = found.failed or found.late, url_for("notifications.deliveries")
    return Card(
        title=_("Health of the installation"),
        text=_("Messages do not go out. Look at the worker and the mail server.") if ill else _("All is well."),
        items=[
            CardItem(_("Messages waiting"), f"{sent}?state=ready", str(found.waiting), _tone(found.late)),
            CardItem(_("Messages that failed"), f"{sent}?state=failed", str(found.failed), _tone(found.failed)),
            CardItem(_("People with an account"), url_for("accounts.people"), str(found.people)),
            CardItem(_("Last deed on record"), note=short_moment(found.last_at)),
        ],
        tone="warning" if ill else "neutral",
        order=15,
    )
