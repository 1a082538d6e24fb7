"""The inbox and what one wants by e-mail."""

from collections.abc import Callable
from itertools import groupby

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from compapp.accounts.policy import is_admin
from compapp.accounts.queries import FormOfAddress, forms_of_address
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict
from compapp.core.messages import MessageKind, kinds
from compapp.core.outbox import CANCELLED, CLAIMED, FAILED, HELD, READY, SENT, SKIPPED, OutboxMessage
from compapp.core.text import N_
from compapp.notifications import queries, services
from compapp.notifications.models import AT_ONCE, DAILY, NEVER, InboxItem
from compapp.notifications.topics import is_for_office, is_prompt, kind_label, topic
from compapp.web.access import facts, require, signed_in
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning

bp = Blueprint("notifications", __name__)
STATES = {
    HELD: N_("held back"),
    READY: N_("waiting"),
    CLAIMED: N_("being sent"),
    SENT: N_("sent"),
    FAILED: N_("failed"),
    SKIPPED: N_("not sent"),
    CANCELLED: N_("cancelled"),
}
RHYTHMS = {AT_ONCE: N_("At once"), DAILY: N_("Once a day"), NEVER: N_("Never")}


def _own_item(actor: Actor, item_id: int) -> InboxItem | None:
    return queries.inbox_item(actor.person_id, item_id) if actor.person_id is not None else None


def _is_mine(actor: Actor, item: InboxItem) -> bool:
    return item.person_id == actor.person_id


@bp.get("/inbox")
@require(signed_in)
def inbox() -> str:
    """List one's messages, the newest first."""
    only_unread = request.args.get("show") == "unread"
    person_id = current_actor().person_id
    assert person_id is not None
    page = queries.inbox(person_id, request.args.get("page", 1, type=int), only_unread=only_unread)
    return render("notifications/inbox.html", items=page, only_unread=only_unread)


@bp.post("/inbox/<int:item_id>")
@require(_is_mine, facts=_own_item)
def open_item(item_id: int) -> ResponseReturnValue:
    """Mark a message read and lead to what it is about."""
    item: InboxItem = facts()
    with unit_of_work():
        services.mark_read(item, actor=current_actor(), at=now())
    if item.url and item.url.startswith("/") and not item.url.startswith("//") and request.form.get("to") != "inbox":
        return redirect(item.url, 303)
    return redirect_to("notifications.inbox")


@bp.post("/inbox/read")
@require(signed_in)
def read_all() -> ResponseReturnValue:
    """Mark everything read."""
    with unit_of_work():
        services.mark_all_read(actor=current_actor(), at=now())
    return redirect_to("notifications.inbox")


@bp.get("/deliveries")
@require(is_admin)
def deliveries() -> str:
    """List what was sent to whom, in every contest and none: never what it said."""
    state, search = request.args.get("state", ""), request.args.get("search", "")
    state = state if state in STATES else ""
    rows = queries.deliveries(None, request.args.get("page", 1, type=int), state=state, search=search)
    return render(
        "notifications/deliveries.html",
        rows=rows,
        state=state,
        search=search,
        states=STATES,
        kind_label=kind_label,
        may_repeat=services.may_repeat,
    )


def _any_delivery(_actor: Actor, message_id: int) -> OutboxMessage | None:
    return queries.delivery(message_id)


def _may_repeat_any(actor: Actor, _message: OutboxMessage) -> bool:
    return is_admin(actor)


@bp.post("/deliveries/<int:message_id>/repetition")
@require(_may_repeat_any, facts=_any_delivery)
def repeat(message_id: int) -> ResponseReturnValue:
    """Send a message again."""
    try:
        with unit_of_work():
            message = queries.delivery(message_id)
            if message is not None:
                services.repeat_message(message, actor=current_actor(), at=now())
        notice(_("It is sent again."))
    except Conflict as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("notifications.deliveries")


@bp.get("/inbox/preferences")
@require(signed_in)
def preferences() -> str:
    """Show when each kind of message comes by e-mail: at once, once a day, never."""
    person_id = current_actor().person_id
    assert person_id is not None
    return render(
        "notifications/preferences.html",
        topics=_topics(person_id, services.may_choose),
        always=_topics(person_id, is_prompt),
        rhythms=queries.rhythms_of(person_id),
        rhythm_labels=RHYTHMS,
    )


@bp.post("/inbox/preferences")
@require(signed_in)
def choose_preferences() -> ResponseReturnValue:
    """Keep the choice: one for everything, or one for each kind."""
    person_id = current_actor().person_id
    assert person_id is not None
    shown = [one.name for one in _shown_kinds(person_id, services.may_choose)]
    for_all = request.form.get("all", "")
    with unit_of_work():
        rhythms = queries.rhythms_of(person_id)
        rhythms |= {kind: for_all or request.form.get(f"rhythm-{kind}", rhythms.get(kind, AT_ONCE)) for kind in shown}
        services.choose_preferences(rhythms, actor=current_actor(), at=now())
    notice(_("Saved."))
    return redirect_to("notifications.preferences")


def _shown_kinds(person_id: int, belongs: Callable[[str], bool]) -> list[MessageKind]:
    """Return the kinds that belong; a student's page leaves out what only offices get."""
    office = forms_of_address([person_id])[person_id] is not FormOfAddress.STUDENT
    return [one for one in kinds().values() if belongs(one.name) and (office or not is_for_office(one.name))]


def _topics(person_id: int, belongs: Callable[[str], bool]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (heading, [(kind, what it is called)]) of the kinds that belong."""
    return [
        (_(topic(room)), [(one.name, _(kind_label(one.name))) for one in group])
        for room, group in groupby(sorted(_shown_kinds(person_id, belongs), key=_room), key=_room)
    ]


def _room(kind: MessageKind) -> str:
    return kind.room
