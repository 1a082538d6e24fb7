"""The room's one blueprint, and what its pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort
from markupsafe import Markup

from compapp.accounts.models import Organisation
from compapp.contests.models import Contest
from compapp.core.actor import Actor, current_actor
from compapp.core.errors import Invalid, Refused
from compapp.core.text import N_
from compapp.entries import policy, queries, services, tabs
from compapp.entries.forms import shown_choices, text_of_cell
from compapp.entries.models import Entry, TeamMember
from compapp.entries.policy import EntryFacts
from compapp.entries.queries.parts import confirmed_parts, later_parts
from compapp.entries.structured import laid_out
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.limits import Tries
from compapp.web.pages import render

bp = Blueprint("entries", __name__)

Guard = Callable[[Any], Any]


def on_entry(rule: Callable[[Actor, EntryFacts], bool]) -> Guard:
    """Guard a route about one entry by ``rule``; strangers get 404."""
    return require(rule, facts=_entry_facts)


def _entry_facts(actor: Actor, entry_id: int, **_rest: Any) -> EntryFacts | None:
    return queries.entry_facts(actor, entry_id)


on_team = on_entry(policy.may_see_own)


def sentence_of(error: Invalid) -> str:
    """Return the sentence of a refusal, the first of its fields where it has some."""
    for sentences in error.fields.values():
        for msgid, params in sentences:
            return _(msgid, **params)
    return _(error.msgid, **error.params)


def breakable(digest: str) -> Markup:
    """Return a long hash in one piece that may break anywhere on a narrow page."""
    return Markup('<span class="copy-text">{}</span>').format(digest)


bp.add_app_template_filter(breakable, "breakable")


def later_answers(entry: Entry) -> list[dict[str, Any]]:
    """Return what a team confirmed for later rounds: part, confirmation and the labels of its options."""
    parts = later_parts(entry)
    confirmed = confirmed_parts(entry.id) if parts else {}
    return [
        {"part": one, "confirmed": confirmed.get(one.code), "choices": shown_choices(entry.contest, one.fields)}
        for one in parts
    ]


bp.add_app_template_global(later_answers, "later_answers")
bp.add_app_template_global(laid_out, "laid_out")
bp.add_app_template_global(text_of_cell, "cell_text")
bp.add_app_template_global(tabs.registered, "entry_tabs")


def chosen_institution(contest: Contest, value: str | None) -> Organisation | None:
    """Return the institution of the contest that was chosen by id; nothing for none or a foreign one."""
    return next((one for one in queries.institutions_of(contest) if str(one.id) == value), None)


_MAILS = Tries("team-mail", 40, 3600)
"""Mails that one person may have sent to other people's addresses in an hour."""


def spend_a_mail() -> None:
    """Count a mail that the actor has sent to somebody; 429 when it is one too many."""
    if not _MAILS.take(str(current_actor().person_id)):
        abort(429)


def tended_member(entry: Entry, member_id: int) -> TeamMember:
    """Return the member whose particulars the actor may see; Refused for those of a teammate."""
    found = services.member_of(entry, member_id)
    if not policy.may_tend_member(current_actor(), facts(), found.person_id):
        raise Refused(N_("Your role does not allow this here."))
    return found


def workspace_page(template: str, entry: Entry, **context: Any) -> str:
    """Render a page of the team's workspace."""
    return render(template, entry=entry, contest=entry.contest, **context)
