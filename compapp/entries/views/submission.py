"""Submitting, receipts, versions, withdrawing; and the public check of a receipt."""

import io
from typing import Any

import segno
from flask import url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries import policy, queries, services
from compapp.entries.forms import shown_choices
from compapp.entries.models import Entry, EntryVersion
from compapp.entries.queries.uploads import finishing_until
from compapp.entries.views.blueprint import bp, on_entry, on_team, workspace_page
from compapp.web.access import facts, public
from compapp.web.filters import number
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


def _review(entry: Entry, *, sentence: str = "") -> str:
    fields = queries.fields_asked(entry.contest, queries.working_board(entry).code)
    window = queries.entry_window(entry)
    return workspace_page(
        "entries/submission.html",
        entry,
        facts=facts(),
        form=Form(),
        completeness=queries.completeness(entry),
        fields=fields,
        choices=shown_choices(entry.contest, fields),
        files=queries.current_attachments(entry.id),
        asked=queries.attachments_asked(entry.contest, queries.working_board(entry).code),
        members=queries.active_members(entry.id),
        names=queries.name_findings(entry),
        deadline=window.deadline(clock.now()),
        finishing=finishing_until(entry, window, clock.now()),
        sentence=sentence,
    )


@bp.get("/entries/<int:entry_id>/submission")
@on_team
def submission(entry_id: int) -> str:
    """Show everything once before it is submitted."""
    return _review(queries.entry(entry_id))


@bp.post("/entries/<int:entry_id>/submission")
@on_entry(policy.may_submit)
def submit(entry_id: int) -> ResponseReturnValue:
    """Submit; a double click leads to the same receipt."""
    try:
        with unit_of_work():
            version = services.submit_entry(queries.entry(entry_id), actor=current_actor(), at=clock.now())
    except (Invalid, Conflict) as error:
        return _review(queries.entry(entry_id), sentence=_(error.msgid, **error.params)), error.status
    notice(_("Submitted. Keep this receipt."))
    return redirect_to("entries.receipt", entry_id=entry_id, number=version.number)


def _version(entry_id: int, number: int) -> EntryVersion:
    for version in queries.versions_of(entry_id):
        if version.number == number:
            return version
    raise NotFound(N_("This page does not exist, or it is not open to you."))


@bp.get("/entries/<int:entry_id>/receipts/<int:number>")
@on_team
def receipt(entry_id: int, number: int) -> str:
    """Show the receipt: number, time with zone, hash, and a picture that leads to the public check."""
    version = _version(entry_id, number)
    address = url_for("entries.receipt_check", receipt=version.receipt, _external=True)
    return workspace_page(
        "entries/receipt.html",
        queries.entry(entry_id),
        facts=facts(),
        version=version,
        address=address,
        picture=_picture(address),
    )


def _picture(text: str) -> Markup:
    """Return ``text`` as a QR picture (SVG, drawn by attributes only)."""
    sink = io.BytesIO()
    segno.make(text, error="m").save(
        sink, kind="svg", scale=4, border=2, xmldecl=False, svgclass="qr", lineclass=None, omitsize=False, light="white"
    )
    return Markup(sink.getvalue().decode())  # noqa: S704 - made here from an address, no markup in it


@bp.get("/receipts/<receipt>")
@public
def receipt_check(receipt: str) -> ResponseReturnValue:
    """Say whether a receipt exists, when and with what hash; nothing of the entry or its team."""
    version = queries.version_by_receipt(receipt.strip().upper()) or queries.version_by_receipt(receipt.strip())
    return render(
        "entries/receipt_check.html", receipt=receipt[:80], version=version
    ), 200 if version is not None else 404


@bp.get("/entries/<int:entry_id>/versions")
@on_team
def versions(entry_id: int) -> str:
    """List what was submitted, the newest first, with what changed from one to the next."""
    entry = queries.entry(entry_id)
    found = queries.versions_of(entry_id)
    fields = queries.fields_asked(entry.contest, entry.board.code)
    labels, choices = {field.key: field.label for field in fields}, shown_choices(entry.contest, fields)
    labels |= {rule.key: rule.label for rule in queries.attachments_asked(entry.contest, entry.board.code)}
    pairs = [
        {"version": version, "changes": _changes(version, before, choices)}
        for version, before in zip(found, [*found[1:], None], strict=False)
    ]
    return workspace_page("entries/versions.html", entry, facts=facts(), pairs=pairs, labels=labels)


def _changes(
    version: EntryVersion, before: EntryVersion | None, choices: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """Return what differs from the version before: key, old and new text."""
    if before is None:
        return []
    new, old = _flat(version.content, choices), _flat(before.content, choices)
    return [
        {"key": key, "old": old.get(key, ""), "new": new.get(key, "")}
        for key in dict.fromkeys([*new, *old])
        if new.get(key) != old.get(key)
    ]


def _flat(content: dict[str, Any], choices: dict[str, dict[str, str]]) -> dict[str, str]:
    flat = {key: _words(value, choices.get(key, {})) for key, value in content["answers"].items()}
    flat |= {
        one["key"]: one["link"] or f"{one['file_name']} ({(one['sha256'] or '')[:12]})"
        for one in content["attachments"]
    }
    flat["team"] = ", ".join(member["name"] for member in content["team"])
    return flat


def _words(value: Any, labels: dict[str, str]) -> str:
    """Return an answer as people read it: labels for codes, numbers as they are written here."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        value = [key for key, given in value.items() if given]
    if isinstance(value, list):
        return ", ".join(labels.get(one, str(one)) for one in value)
    if isinstance(value, int | float):
        return number(value)
    return labels.get(value, str(value)) if isinstance(value, str) else ""


@bp.route("/entries/<int:entry_id>/withdrawal", methods=["GET", "POST"])
@on_entry(policy.may_withdraw)
def withdrawal(entry_id: int) -> ResponseReturnValue:
    """Withdraw after one more look."""
    entry, form = queries.entry(entry_id), Form()
    if form.validate_on_submit():
        with unit_of_work():
            services.withdraw_entry(entry, actor=current_actor(), at=clock.now())
        notice(_("The entry is withdrawn."))
        return redirect_to("entries.mine")
    return workspace_page("entries/withdrawal.html", entry, facts=facts(), form=form)
