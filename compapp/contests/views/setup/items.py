"""One thing of a list of the wizard: a board, a question, a rubric, a round …"""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries, services
from compapp.contests.definition import moment
from compapp.contests.forms.setup.binding import PieceForm
from compapp.contests.models import Contest
from compapp.contests.services.revision import definition_of
from compapp.contests.services.sponsors import MOST_BYTES
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.kinds import KINDS, Kind
from compapp.contests.views.setup.rehearsal import seen_alone
from compapp.contests.views.setup.saving import (
    Document,
    Typed,
    clashed,
    launch_of,
    page,
    previewed,
    put_faults,
    save,
    typed,
)
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import local, now
from compapp.core.errors import Conflict, Invalid
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to


def kind_facts(actor: Actor, code: str, kind: str, item: str = "") -> policy.ContestFacts | None:
    """Return the contest's facts for a list of the wizard; None for an unknown list."""
    return queries.contest_facts(actor, code) if kind in KINDS else None


@bp.route("/contests/<code>/manage/setup/<kind>/new", methods=["GET", "POST"])
@require(policy.may_manage, facts=kind_facts)
def setup_new(code: str, kind: str) -> ResponseReturnValue:
    """Add a thing to a list."""
    return _item_page(queries.contest_by_code(code), KINDS[kind], "")


@bp.route("/contests/<code>/manage/setup/<kind>/items/<item>", methods=["GET", "POST"])
@require(policy.may_manage, facts=kind_facts)
def setup_item(code: str, kind: str, item: str) -> ResponseReturnValue:
    """Show, change or remove a thing of a list."""
    contest = queries.contest_by_code(code)
    KINDS[kind].listed.find(definition_of(contest), item)
    return _item_page(contest, KINDS[kind], item)


def _item_page(contest: Contest, kind: Kind, item: str) -> ResponseReturnValue:
    document, sent = definition_of(contest), typed()
    piece = copy.deepcopy(kind.listed.find(document, item)) if item else _fresh(document, kind)
    form = kind.make(document, piece, sent.text).ready(document, piece, launch_of(document))
    picture = _picture(form) if sent.save else None
    removing = bool(request.form.get("remove")) and bool(item)

    change = _change(contest.code, kind, item, sent, picture, removing=removing)
    turned = sent.save and not removing and _turned(kind)
    removable = bool(item) and _removable(contest, kind)
    about: dict[str, Any] = {"item": item, "kind": kind, "piece": piece, "removable": removable}
    status = 200
    if sent.save and not turned:
        status = 422
        if removing or (form.validate_on_submit() and not form.form_errors):
            try:
                save(contest.code, change)
            except Invalid as error:
                put_faults(form, error, _base(document, kind, item))
            except Conflict:
                saved = kind.make(document, piece, None).ready(document, piece, launch_of(document))
                fresh = queries.contest_by_code(contest.code)
                return clashed(fresh, kind.step, document, saved, form, turned=False, seen=[], **about)
            else:
                notice(_("Deleted.") if removing else _("Saved."))
                return redirect_to("contests.setup_step", code=contest.code, step=kind.step)
    shown = previewed(document, form, change) if sent.text is not None and not sent.save else document
    return page(
        "contests/setup/step.html",
        queries.contest_by_code(contest.code),
        kind.step,
        shown,
        status,
        saved=document,
        form=form,
        focus=sent.focus,
        turned=turned,
        seen=seen_alone(shown, kind.name, _shown_piece(kind, shown, document, item)),
        **about,
    )


def _change(
    code: str, kind: Kind, item: str, sent: Typed, picture: bytes | None, *, removing: bool
) -> Callable[[Document], None]:
    """Return what writes the thing that was typed into a definition (or takes it out)."""

    def change(fresh: Document) -> None:
        if removing:
            kind.listed.remove(fresh, item)
            return
        there = copy.deepcopy(kind.listed.find(fresh, item)) if item else _fresh(fresh, kind)
        kind.make(fresh, there, sent.text).ready(fresh, there, launch_of(fresh)).store(fresh, there)
        if picture is not None and sent.save:
            there["logo"] = services.keep_logo(queries.contest_by_code(code), picture, actor=current_actor(), at=now())
        if not item:
            label = there.get("label") or there.get("name") or {}
            there = {kind.listed.key: kind.listed.new_code(fresh, label), **there}
        kind.listed.put(fresh, there)

    return change


def _picture(form: PieceForm) -> bytes | None:
    """Return the cleaned logo that was sent, None without one; what is no picture is a fault of the form."""
    sent = request.files.get("logo")
    if "logo" not in form or sent is None or not sent.filename:
        return None
    try:
        return services.clean_logo(sent.stream.read(MOST_BYTES + 1))
    except Invalid as error:
        form.form_errors += [_(msgid, **params) for found in error.fields.values() for msgid, params in found]
        return None


def _turned(kind: Kind) -> bool:
    """Whether another kind was chosen than the one whose fields the page showed: its own are to be filled in first."""
    shown = request.form.get("shown_as")
    return shown is not None and shown != request.form.get(kind.turns)


def _shown_piece(kind: Kind, shown: Document, document: Document, item: str) -> dict[str, Any]:
    """Return the thing as it would be with what was typed; a new one stands at the end of its list."""
    items = kind.listed.items(shown)
    if item:
        return kind.listed.find(shown, item)
    return items[-1] if len(items) > len(kind.listed.items(document)) else {}


def _removable(contest: Contest, kind: Kind) -> bool:
    """Whether things of this list can still be removed: boards and rounds of an announced contest cannot."""
    return contest.state == "draft" or kind.name not in ("boards", "rounds")


def _base(document: Document, kind: Kind, item: str) -> str:
    items = kind.listed.items(document)
    codes = [one.get(kind.listed.key) for one in items]
    place = codes.index(item) if item in codes else len(items)
    return f"{'.'.join(kind.listed.path)}[{place}]."


def _fresh(document: Document, kind: Kind) -> dict[str, Any]:
    """Return what a new thing begins with."""
    if kind.name == "questions":
        asked = request.values.get("type", "text")
        return {"type": asked, "visibility": "judges"}
    if kind.name == "files":
        return {"required": True, "formats": ["pdf"], "max_mb": 20}
    if kind.name == "rubrics":
        return {"scale": {"min": 0, "max": 10, "step": 0.5}}
    if kind.name == "boards":
        return {"team_min": 1, "team_max": 5}
    return _fresh_round(document) if kind.name == "rounds" else {}


def _fresh_round(document: Document) -> dict[str, Any]:
    """Return a round that follows the last one: it begins two days later and lasts ten, to a working day."""
    ends = [moment(one["closes"]) for one in document["rounds"]] + [moment(document["contest"]["submission"]["closes"])]
    last = local(max(end for end in ends if end is not None))
    opens = (last + timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0)
    closes = (opens + timedelta(days=10)).replace(hour=17)
    closes += timedelta(days=7 - closes.weekday() if closes.weekday() > 4 else 0)
    rubrics = [one["code"] for one in document["rubrics"]]
    only = {"rubric": rubrics[0]} if len(rubrics) == 1 else {}
    return {
        **only,
        "order": max((one.get("order", 0) for one in document["rounds"]), default=0) + 1,
        "kind": "online_scoring",
        "opens": {"at": opens.isoformat(), "day": (opens.date() - launch_of(document)).days},
        "closes": {"at": closes.isoformat(), "day": (closes.date() - launch_of(document)).days},
        "judges_per_entry": 3,
        "blind": {"hide_team_names": True, "hide_institution": True, "hide_other_scores": True},
    }
