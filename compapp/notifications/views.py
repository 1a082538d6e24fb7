"""The inbox and what one wants by e-mail."""

from itertools import groupby

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from jinja2 import TemplateError

from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.messages import MessageKind, kinds
from compapp.notifications import queries, services
from compapp.notifications.models import InboxItem
from compapp.notifications.topics import topic
from compapp.web.access import facts, require, signed_in
from compapp.web.i18n import _, current_locale
from compapp.web.pages import notice, redirect_to, render

bp = Blueprint("notifications", __name__)


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


@bp.get("/inbox/preferences")
@require(signed_in)
def preferences() -> str:
    """Show which kinds of message come by e-mail too."""
    person_id = current_actor().person_id
    assert person_id is not None
    return render("notifications/preferences.html", topics=_topics(), unwanted=queries.unwanted_kinds(person_id))


@bp.post("/inbox/preferences")
@require(signed_in)
def choose_preferences() -> ResponseReturnValue:
    """Keep the choice; what is not ticked comes to the inbox only."""
    wanted = set(request.form.getlist("email"))
    with unit_of_work():
        services.choose_preferences([kind for kind in kinds() if kind not in wanted], actor=current_actor(), at=now())
    notice(_("Saved."))
    return redirect_to("notifications.preferences")


def _topics() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (heading, [(kind, an example of its subject)]) of what can be switched off."""
    optional = sorted((one for one in kinds().values() if not one.required), key=_room)
    return [
        (_(topic(room)), [(one.name, _example(one.name)) for one in group])
        for room, group in groupby(optional, key=_room)
    ]


def _example(kind: str) -> str:
    """Return the subject of a sample; a kind whose templates are broken shows its name, not an error page."""
    try:
        return services.render_sample(kind, current_locale()).subject
    except (TemplateError, KeyError):
        return kind


def _room(kind: MessageKind) -> str:
    return kind.room
