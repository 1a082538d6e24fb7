"""Submitting, receipts, versions, withdrawing; and the public check of a receipt."""

import io

import segno
from flask import request, send_file, url_for
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
from compapp.entries.queries.links import link_checks, newest_checks
from compapp.entries.queries.quotas import full_quotas
from compapp.entries.queries.uploads import finishing_until
from compapp.entries.receipt_paper import Receipt, receipt_pdf
from compapp.entries.views.blueprint import bp, on_entry, on_team, workspace_page
from compapp.entries.views.changes import changes_between
from compapp.web.access import facts, public
from compapp.web.filters import moment
from compapp.web.forms import Form
from compapp.web.i18n import _, localized
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
        checks=newest_checks(entry.id),
        invited=[one for one in queries.invitations_of(entry.id) if one.request_id is None],
        members=queries.active_members(entry.id),
        names=queries.name_findings(entry),
        deadline=window.deadline(clock.now()),
        finishing=finishing_until(entry, window, clock.now()),
        sentence=sentence,
        full=[] if sentence else full_quotas(entry),
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
    entry = queries.entry(entry_id)
    try:
        with unit_of_work():
            version = services.submit_entry(entry, actor=current_actor(), at=clock.now())
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
        looks=[one for one in link_checks(entry_id) if one.checked_at is not None],
        picture=_picture(address),
    )


@bp.get("/entries/<int:entry_id>/receipts/<int:number>/paper")
@on_team
def receipt_paper(entry_id: int, number: int) -> ResponseReturnValue:
    """Send the receipt as a PDF to keep or print."""
    version, entry = _version(entry_id, number), queries.entry(entry_id)
    address = url_for("entries.receipt_check", receipt=version.receipt, _external=True)
    content = version.content
    files = [
        (one["file_name"] or one["link"] or one["key"], one["sha256"] or one["link"] or "–")
        for one in content["attachments"]
    ]
    made = receipt_pdf(
        Receipt(
            heading=_("Receipt"),
            number=version.receipt,
            rows=[
                (_("Contest"), localized(entry.contest.title)),
                (_("Entry"), localized(entry.title)),
                (_("Entry number"), entry.number),
                (_("Version"), str(version.number)),
                (_("Received"), moment(version.submitted_at)),
                (_("Team"), ", ".join(one["name"] for one in content["team"])),
                (_("SHA-256"), version.sha256),
            ],
            files_heading=_("Files"),
            files=files,
            note=_("The receipt proves the time and the content; it does not protect the idea."),
            check=_("Anyone can check this receipt at:"),
            address=address,
            at=version.submitted_at,
        )
    )
    name = f"{version.receipt}.pdf"
    return send_file(io.BytesIO(made), mimetype="application/pdf", as_attachment=True, download_name=name, etag=False)


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
    """List what was submitted, the newest first, and what differs between any two, word by word."""
    entry = queries.entry(entry_id)
    found = queries.versions_of(entry_id)
    fields = queries.fields_asked(entry.contest, entry.board.code)
    by_key = {field.key: field for field in fields}
    labels, choices = {field.key: field.label for field in fields}, shown_choices(entry.contest, fields)
    labels |= {rule.key: rule.label for rule in queries.attachments_asked(entry.contest, entry.board.code)}
    newer = _numbered(found, request.args.get("newer"), found[0] if found else None)
    older = _numbered(found, request.args.get("older"), found[1] if len(found) > 1 else None)
    changes = changes_between(newer, older, choices, by_key) if newer is not None and older is not None else []
    return workspace_page(
        "entries/versions.html",
        entry,
        facts=facts(),
        versions=found,
        newer=newer,
        older=older,
        changes=changes,
        labels=labels,
        late=sorted({one["key"] for one in (newer.content["attachments"] if newer else ()) if "begun_in_time" in one}),
    )


def _numbered(found: list[EntryVersion], number: str | None, otherwise: EntryVersion | None) -> EntryVersion | None:
    return next((one for one in found if str(one.number) == number), otherwise)


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
