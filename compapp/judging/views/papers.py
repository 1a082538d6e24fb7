"""Official papers of a round: taken, numbered by the office, and the public check of a certificate."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from compapp.contests.models import Round
from compapp.contests.plain import deciding_by_round
from compapp.contests.sentences import plain_in
from compapp.core import documents, files
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.document_parts import in_parts
from compapp.core.documents import OfficialPaper
from compapp.core.errors import Closed, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy
from compapp.judging.lifecycle import SUBMITTED, VOID
from compapp.judging.models import IssuedPaper, Publication, Sheet
from compapp.judging.papers import (
    BEFORE_A_RESULT,
    CHECKED,
    NUMBERED,
    ORDER,
    PAPERS,
    SHEETS,
    Certified,
    RoundFacts,
    certificates,
    score_sheet,
)
from compapp.judging.queries.certificates import (
    award_certificate,
    certificate_code,
    recorded_head,
    result_code,
    sealed_result,
)
from compapp.judging.queries.hall import teams_by_hall
from compapp.judging.queries.issued import issued_paper, issued_papers
from compapp.judging.queries.papers import round_paper_facts, sheet_fact, sheet_facts, sheets_counted
from compapp.judging.queries.results import hidden_entries, latest_publication
from compapp.judging.queries.rounds import card_of
from compapp.judging.services.hall.plan import LIVE_PITCH
from compapp.judging.services.papers import (
    bare_result,
    has_result,
    issue_paper,
    note_paper,
    note_sheet_paper,
    result_to_write,
)
from compapp.judging.services.publication import DecisionPaper
from compapp.judging.views.results_blueprint import bp, figures_facts, round_facts, the_round
from compapp.judging.views.results_forms import PaperForm
from compapp.judging.views.shortlist import scan_response
from compapp.web.access import public, require
from compapp.web.downloads import download
from compapp.web.i18n import _, lazy
from compapp.web.pages import notice, redirect_to, render

SHELF: tuple[tuple[str, Any, Any], ...] = (
    ("minutes", lazy("Minutes of the jury"), lazy("Who sat, how it was scored, the result; secretary and chair sign.")),
    ("decision", lazy("Decision on the result"), lazy("Number, date and signature stay blank for the office.")),
    ("announcement", lazy("Announcement"), lazy("For everybody: nobody under 18 is named in full.")),
    ("results", lazy("List of all results"), lazy("Every entry with rank, score and outcome; annex of the decision.")),
    ("invitation", lazy("Invitation to the next round"), lazy("The teams that go through.")),
    ("prizes", lazy("Prizes to sign for"), lazy("With the fields that accounting asks for.")),
    ("fees", lazy("Fees of the jury to sign for"), lazy("Sheets per judge; rates and taxes stay blank.")),
    ("tally", lazy("Table of the sheets"), lazy("Every sheet that counts, by entry and judge; names no team.")),
    (SHEETS, lazy("Score sheets"), lazy("Every sheet that counts, a page for each, by judge; names no team.")),
    (
        "jury-invitation",
        lazy("Invitation of the jury"),
        lazy("Its judges by name; place and hour from the hall’s plan."),
    ),
    ("jury", lazy("List of the jury"), lazy("Judges and secretaries; annex of the decision that appoints them.")),
    (ORDER, lazy("Running order"), lazy("By which teams are let in and called; names no team’s members.")),
    ("certificates", lazy("Certificates"), lazy("One page for each prize, with a code that anyone can check (PDF).")),
)
CEREMONY = ("invitation", lazy("Invitation to the award ceremony"), lazy("The teams that won a prize."))
"""What the invitation is after the last round."""
WITH_PRIZES = frozenset({"prizes", "certificates"})
_PDF = "application/pdf"
MOST_ROWS, MOST_SHEETS = 1500, 100
"""Rows of a list, and sheets, that one file holds: somebody waits while it is drawn."""


@bp.get("/contests/<code>/papers/<round_code>")
@require(policy.may_take_papers, facts=round_facts)
def papers(code: str, round_code: str) -> str:
    """Show which papers can be taken of a round, and what the office gave them."""
    return _page(the_round(code, round_code))


def _page(round_: Round, kind: str = "", form: PaperForm | None = None) -> str:
    """Render the shelf; ``form`` is the refused entry of the paper ``kind``."""
    ready = has_result(round_)
    given = bool(result_to_write(round_)[0].get("awards")) if ready else False
    missing = frozenset() if given else WITH_PRIZES
    if round_.kind != LIVE_PITCH or not teams_by_hall([round_.id]):
        missing |= {ORDER}
    shelf = [one for one in SHELF if one[0] not in missing and (ready or one[0] in BEFORE_A_RESULT)]
    shelf = [CEREMONY if given and one[0] == CEREMONY[0] else one for one in shelf]
    publication = latest_publication(round_.id)
    blank = PaperForm(formdata=None)
    return render(
        "judging/papers/papers.html",
        contest=round_.contest,
        round=round_,
        ready=ready,
        shelf=shelf,
        numbered=NUMBERED if publication is not None else (),
        published=publication,
        issued=issued_papers([publication.id]).get(publication.id, {}) if publication is not None else {},
        forms_of={one: form if form is not None and one == kind else blank for one in NUMBERED},
        refused=kind,
    )


@bp.get("/contests/<code>/papers/<round_code>/<kind>")
@require(policy.may_take_papers, facts=round_facts)
def paper(code: str, round_code: str, kind: str) -> ResponseReturnValue:
    """Give a paper to be edited (DOCX), or to be read (PDF); who took it is recorded."""
    round_ = the_round(code, round_code)
    if kind not in PAPERS and kind not in ("certificates", SHEETS):
        raise NotFound(N_("There is no such paper."))
    bare = kind in BEFORE_A_RESULT and not has_result(round_)
    content, publication = (bare_result(round_), None) if bare else result_to_write(round_)
    facts = round_paper_facts(round_, content, publication, _rules(round_))
    if kind == ORDER and facts.pitch is None:
        raise Closed(N_("The running order has not been drawn yet."))
    if kind == SHEETS:
        figures_facts(current_actor(), code, round_code)
        return _sheets(round_, facts)
    if kind == "certificates" and (publication is None or not any(one.number for one in facts.awards)):
        raise Closed(N_("Certificates can be taken once the prizes are published."))
    name = f"{round_.contest.code} {round_.code} {kind}"
    if kind == "certificates" and publication is not None:
        _note(round_, kind)
        return download(_certificates(facts, publication), _PDF, name, "pdf")
    written = PAPERS[kind](facts)
    if kind in CHECKED and publication is not None:
        check = url_for("results.result_check", check=result_code(publication), _external=True)
        head = recorded_head(publication)
        written = replace(written, check=check, head=head.printed if head else "")
    issued = issued_paper(publication.id, kind) if publication is not None else None
    if issued is not None:
        written = _as_issued(written, issued)
    parts = in_parts(written, MOST_ROWS)
    part = _part(len(parts))
    if part is None:
        return _parts_page(round_, kind, len(parts), MOST_ROWS)
    _note(round_, kind)
    return _file(name if len(parts) == 1 else f"{name} {part}", parts[part - 1])


def _as_issued(written: OfficialPaper, issued: IssuedPaper) -> OfficialPaper:
    """Return a paper with the number, date and signer that the office gave it."""
    number, _slash, sign = issued.number.partition("/")
    signed = tuple(replace(one, name=one.name or issued.signer) for one in written.signatures[-1:])
    signatures = (*written.signatures[:-1], *signed)
    return replace(written, number=number, sign=sign or written.sign, dated=issued.dated, signatures=signatures)


def _sheets(round_: Round, facts: RoundFacts) -> ResponseReturnValue:
    """Give the sheets that count, a page for each; many of them in several files."""
    count = sheets_counted(round_.id)
    if not count:
        raise Closed(N_("No sheet has been handed in yet."))
    parts = -(-count // MOST_SHEETS)
    part = _part(parts)
    if part is None:
        return _parts_page(round_, SHEETS, parts, MOST_SHEETS)
    card = card_of(round_.contest, round_)
    sheets = sheet_facts(round_.id, card, skip=(part - 1) * MOST_SHEETS, most=MOST_SHEETS)
    _note(round_, SHEETS)
    name = f"{round_.contest.code} {round_.code} {SHEETS}"
    return _file(name if parts == 1 else f"{name} {part}", *(score_sheet(facts, sheet) for sheet in sheets))


def _note(round_: Round, kind: str) -> None:
    with unit_of_work():
        note_paper(round_, kind, actor=current_actor(), at=now())


def _part(parts: int) -> int | None:
    """Return which of several parts the address asks for; None where it must still be chosen."""
    part = 1 if parts == 1 else request.args.get("part", 0, type=int)
    return part if 1 <= part <= parts else None


def _parts_page(round_: Round, kind: str, parts: int, most: int) -> str:
    """Say that a paper is too long for one file, and offer its parts."""
    labels = {name: label for name, label, _help in SHELF}
    context = {"contest": round_.contest, "round": round_, "kind": kind, "label": labels[kind]}
    is_pdf = request.args.get("format") == "pdf"
    return render("judging/papers/parts.html", parts=parts, most=most, is_pdf=is_pdf, **context)


def _rules(round_: Round) -> list[str]:
    return [plain_in(rule, "vi") for rule in deciding_by_round(round_.contest).get(round_.code, ())]


def _file(name: str, *written: OfficialPaper) -> ResponseReturnValue:
    """Return papers as one DOCX, or as PDF where the address asks for it."""
    if request.args.get("format") == "pdf":
        from compapp.core.document_pdf import pdf  # heavy: nobody but who draws a paper loads it

        return download(pdf(*written), _PDF, name, "pdf")
    return download(documents.docx(*written), documents.DOCX, name, "docx")


@bp.get("/contests/<code>/standings/<round_code>/entries/<entry_code>/sheets/<int:sheet_id>")
@require(policy.may_take_papers, facts=figures_facts)
def sheet_paper(code: str, round_code: str, entry_code: str, sheet_id: int) -> ResponseReturnValue:
    """Give one sheet as a paper to be signed; it names no team, and who took it is recorded."""
    round_ = the_round(code, round_code)
    found = select(Sheet).join(Sheet.entry).where(Sheet.id == sheet_id, Sheet.round_id == round_.id)
    sheet = session().scalars(found.where(Entry.code == entry_code)).one_or_none()
    if sheet is None or sheet.state not in (SUBMITTED, VOID):
        raise NotFound(N_("There is no such paper."))
    if entry_code in hidden_entries(round_.contest_id, current_actor().person_id):
        raise NotFound(N_("There is no such paper."))
    facts = round_paper_facts(round_, bare_result(round_), None, ())
    with unit_of_work():
        note_sheet_paper(sheet, actor=current_actor(), at=now())
    name = f"{round_.contest.code} {round_.code} {entry_code} {sheet.seat.code}"
    return _file(name, score_sheet(facts, sheet_fact(sheet, card_of(round_.contest, round_))))


@bp.post("/contests/<code>/papers/<round_code>/<kind>/number")
@require(policy.may_take_papers, facts=round_facts)
def paper_number(code: str, round_code: str, kind: str) -> ResponseReturnValue:
    """Enter the number, date, signer and scan that the office gave a paper."""
    form, round_ = PaperForm(), the_round(code, round_code)
    publication = latest_publication(round_.id)
    if publication is None or kind not in NUMBERED:
        raise NotFound(N_("There is no such paper."))
    if not form.validate_on_submit():
        return _page(round_, kind, form), 422
    incoming = files.receive(form.scan.data.stream) if form.scan.data else None
    if incoming is not None and incoming.media_type != _PDF:
        form.scan.errors = [*form.scan.errors, _("The scan must be a PDF.")]
        return _page(round_, kind, form), 422
    try:
        with unit_of_work():
            scan = files.keep(incoming, at=now()) if incoming is not None else None
            entered = DecisionPaper(form.number.data, form.signed_on.data, form.signer.data, scan)
            newest = latest_publication(round_.id)
            assert newest is not None
            issue_paper(newest, kind, entered, actor=current_actor(), at=now())
    except Invalid as refused:
        form.apply(refused)
        return _page(round_, kind, form), 422
    notice(_("Entered. The number stands on the paper and beside the result."))
    return redirect_to("results.papers", code=code, round_code=round_code)


@bp.get("/contests/<code>/papers/<round_code>/<kind>/scan")
@require(policy.may_take_papers, facts=round_facts)
def paper_scan(code: str, round_code: str, kind: str) -> ResponseReturnValue:
    """Give the scan of a signed paper to the office; who took it is recorded."""
    round_ = the_round(code, round_code)
    publication = latest_publication(round_.id)
    found = issued_paper(publication.id, kind) if publication is not None else None
    if found is None or found.scan_blob is None:
        raise NotFound(N_("There is no such paper."))
    with unit_of_work():
        note_paper(round_, kind, actor=current_actor(), at=now())
    return scan_response(found.scan_blob.sha256, f"{code}-{round_code}-{kind}.pdf")


def _certificates(facts: RoundFacts, publication: Publication) -> bytes:
    found = recorded_head(publication)
    head = found.printed if found else ""

    def address(place: int) -> str:
        code = certificate_code(publication.id, place, publication.content_hash)
        return url_for("results.certificate", certificate=code, _external=True)

    given = [Certified(one, address(at), head) for at, one in enumerate(facts.awards) if one.number]
    return certificates(facts, given)


@bp.get("/certificates/<certificate>")
@public
def certificate(certificate: str) -> ResponseReturnValue:
    """Say whether a certificate is genuine: what was published, under which seal, and whether it still holds."""
    found = award_certificate(certificate, now())
    page = render("judging/papers/certificate.html", certificate=certificate[:80], found=found)
    return page, 200 if found is not None else 404


@bp.get("/result-checks/<check>")
@public
def result_check(check: str) -> ResponseReturnValue:
    """Say whether a result is genuine: what was sealed when it was published, and whether it still holds."""
    found = sealed_result(check, now())
    page = render("judging/papers/result_check.html", found=found)
    return page, 200 if found is not None else 404
