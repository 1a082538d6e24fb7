"""What a script saves of a page for all entries: the places or words chosen since, answered as JSON like a sheet's."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Sentence
from compapp.judging import forms, queries
from compapp.judging.queries.pairs import pair_page
from compapp.judging.queries.pile import Pile
from compapp.judging.scoring.modes.pairwise import PAIRWISE
from compapp.judging.services import pairs, picks
from compapp.web.i18n import _


def keep_pile(found: Pile) -> ResponseReturnValue:
    """Save what was chosen. 200 tells the new version and what could not be; 409 what stands (``current``)."""
    keep = _keep_words if found.mode is PAIRWISE else _keep_places
    try:
        with unit_of_work():
            errors = keep(found)
    except Conflict as error:
        return jsonify({"error": _(error.msgid, **error.params), "current": standing(_again(found))}), 409
    stands = standing(_again(found))
    return jsonify({"version": stands["version"], "saved_at": f"{local(now()):%H:%M}", "errors": errors})


def _again(found: Pile) -> Pile:
    return queries.pile(current_actor(), found.round.id) or found


def _keep_places(found: Pile) -> dict[str, list[str]]:
    typed = {}
    for name, value in request.form.items():
        kind, _dash, place = name.partition("-")
        board, _dash, number = place.rpartition("-")
        if kind == "place" and number.isdecimal():
            typed[board, int(number)] = int(value) if value.isdecimal() else 0 if value else None
    _pile, faults = picks.keep_places(found.round, typed, version=forms.version_of(), actor=current_actor(), at=now())
    return {f"place-{board}-{number}": _said(sentences) for (board, number), sentences in faults.items()}


def _keep_words(found: Pile) -> dict[str, list[str]]:
    words = {}
    for name, value in request.form.items():
        kind, _dash, pair = name.partition("-")
        left, _dash, right = pair.partition("-")
        if kind == "pair" and left.isdecimal() and right.isdecimal():
            words[int(left), int(right)] = value
    _pile, faults = pairs.keep_words(found.round, words, version=forms.version_of(), actor=current_actor(), at=now())
    return {f"pair-{left}-{right}": _said(sentences) for (left, right), sentences in faults.items()}


def _said(sentences: list[Sentence]) -> list[str]:
    return [_(msgid, **params) for msgid, params in sentences]


def standing(found: Pile) -> dict[str, Any]:
    """Return what stands of the judge's word: version, state, and the values by the names that a page gives them."""
    state = "submitted" if found.is_locked else "draft"
    if found.mode is not PAIRWISE:
        values = {
            f"place-{board}-{number}": "" if item is None else str(item.assignment.id)
            for board, items in found.boards().items()
            for number, item in enumerate(picks.order_of(found, items), start=1)
        }
        return {"version": found.version, "state": state, "values": values}
    page = pair_page(found)
    given = {one.assignment.entry_id: one.assignment.id for one in found.items}
    words = {}
    for one in page.choices:
        name = pair_name(given[one.left_id], given[one.right_id])
        words[name] = pairs.NEITHER if one.winner_id is None else str(given[one.winner_id])
    return {"version": page.version, "state": "submitted" if found.is_in else "draft", "values": words}


def pair_name(one: int, other: int) -> str:
    """Return the name under which the word on two assignments is sent, whichever stood left."""
    return f"pair-{min(one, other)}-{max(one, other)}"
