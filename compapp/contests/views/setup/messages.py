"""The wizard's page on messages: everything that the contest sends, each as its reader gets it, and what may change."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import Length

from compapp.accounts.queries import FormOfAddress
from compapp.contests import policy, queries, services
from compapp.contests.definition import RoundRule
from compapp.contests.models import Contest
from compapp.contests.services.revision import definition_of
from compapp.contests.setup.messages import (
    MOST_WORDS,
    ContestMessage,
    by_stage,
    catalogue,
    own_words,
    switched_off,
)
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.saving import page
from compapp.contests.views.setup.seen import Clash, seen_version
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.core.messages import kinds
from compapp.notifications.rendering import Reader, render
from compapp.notifications.topics import kind_label
from compapp.web.access import require
from compapp.web.forms import Form, TextField
from compapp.web.i18n import LANGUAGES, _, lazy
from compapp.web.pages import notice, redirect_to

STEP = "messages"


class MessageForm(Form):
    """What an organiser may change of a message."""

    off = BooleanField(lazy("Do not send this message"))
    words_vi = TextField(lazy("A sentence of your own, in Vietnamese"), [Length(max=MOST_WORDS)])
    words_en = TextField(lazy("A sentence of your own, in English"), [Length(max=MOST_WORDS)])

    @property
    def words(self) -> dict[str, str]:
        """Return the sentence by language; empty ones are left out."""
        found = {"vi": self.words_vi.data or "", "en": self.words_en.data or ""}
        return {language: text for language, text in found.items() if text}


def message_facts(actor: Actor, code: str, kind: str) -> policy.ContestFacts | None:
    """Return the contest's facts for a kind of message; None for one that contests do not send."""
    return queries.contest_facts(actor, code) if kind in catalogue() and kind in kinds() else None


def messages_page(contest: Contest) -> ResponseReturnValue:
    """List what the contest sends, in the order in which it comes up."""
    stages = [(label, [one for one in listed if one.kind in kinds()]) for label, listed in by_stage()]
    return page(
        "contests/setup/messages.html",
        contest,
        STEP,
        definition_of(contest),
        stages=[(label, listed) for label, listed in stages if listed],
        off=switched_off(contest.definition),
        words=own_words(contest.definition),
        kind_label=kind_label,
    )


@bp.route("/contests/<code>/manage/setup/messages/<kind>", methods=["GET", "POST"])
@require(policy.may_manage, facts=message_facts)
def setup_message(code: str, kind: str) -> ResponseReturnValue:
    """Show a message as its reader gets it; switch it off, or add a sentence to it."""
    contest, form = queries.contest_by_code(code), MessageForm()
    saved, saved_off = own_words(contest.definition).get(kind, {}), kind in switched_off(contest.definition)
    if request.method == "GET":
        form = MessageForm(off=saved_off, words_vi=saved.get("vi", ""), words_en=saved.get("en", ""))
        return _message_page(contest, catalogue()[kind], form)
    if not form.validate_on_submit() or request.form.get("row"):
        return _message_page(contest, catalogue()[kind], form, 422 if form.errors else 200)
    try:
        with unit_of_work():
            done = services.change_message(
                queries.contest_by_code(code),
                kind,
                off=form.off.data,
                words=form.words,
                version=seen_version(),
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        form.apply(error)
        return _message_page(contest, catalogue()[kind], form, 422)
    except Conflict:
        fresh = queries.contest_by_code(code)
        return _message_page(
            fresh, catalogue()[kind], form, 409, version=fresh.version, clashes=_clashes(form, saved, saved_off)
        )
    notice(_("Saved.") if done else _("Nothing had changed."))
    return redirect_to("contests.setup_step", code=code, step=STEP, _anchor=f"message-{kind}")


def _clashes(form: MessageForm, saved: Mapping[str, str], saved_off: bool) -> list[Clash]:
    found = [
        Clash(str(form.words_vi.label.text), saved.get("vi", ""), form.words.get("vi", "")),
        Clash(str(form.words_en.label.text), saved.get("en", ""), form.words.get("en", "")),
        Clash(str(form.off.label.text), *(_("Yes") if off else _("No") for off in (saved_off, form.off.data))),
    ]
    return [one for one in found if one.saved != one.typed]


def _message_page(
    contest: Contest, message: ContestMessage, form: MessageForm, status: int = 200, **more: Any
) -> ResponseReturnValue:
    if not message.optional:
        del form.off
    return page(
        "contests/setup/message.html",
        contest,
        STEP,
        definition_of(contest),
        status,
        item=message.kind,
        message=message,
        label=_(kind_label(message.kind)),
        form=form,
        previews=_previews(contest, message, form.words),
        **more,
    )


def _previews(contest: Contest, message: ContestMessage, words: Mapping[str, str]) -> list[tuple[str, str, Any, Any]]:
    """Return the message in each language, from its real templates: language, its name, the reader, the words."""
    form = FormOfAddress.STUDENT if message.student else FormOfAddress.OFFICIAL
    data, found = _example(contest, message.kind), []
    for language, name in LANGUAGES.items():
        reader = Reader("Lâm Hoài Thảo" if message.student else "Nguyễn Thanh Bình", language, form)
        rendered = render(message.kind, reader, data, site_url=request.host_url[:-1], html=False, own=words)
        found.append((language, name, reader, rendered))
    return found


def _example(contest: Contest, kind: str) -> dict[str, Any]:
    """Return the kind's sample with what this contest has of its own: its name, its rounds, its deadline."""
    data = dict(kinds()[kind].sample)
    rounds = [RoundRule.of(row) for row in contest.rounds]
    scored = next((one for one in rounds if one.is_scored), None)
    own: dict[str, Any] = {"contest": dict(contest.title)}
    if scored is not None:
        own["round"] = dict(scored.label)
    if kind == "deadline_near":
        own["closes"] = contest.closes_at.isoformat()
    return data | {key: value for key, value in own.items() if isinstance(data.get(key), type(value))}
