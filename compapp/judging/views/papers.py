"""Official papers of a round's result, and the public check of a certificate."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from compapp.contests.models import Round
from compapp.contests.plain import deciding_by_round
from compapp.contests.sentences import plain_in
from compapp.core import documents
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.papers import PAPERS, Certified, RoundFacts, certificates
from compapp.judging.queries.certificates import award_certificate, certificate_code
from compapp.judging.queries.papers import round_paper_facts
from compapp.judging.services.papers import has_result, note_paper, result_to_write
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import public, require
from compapp.web.downloads import download
from compapp.web.i18n import lazy
from compapp.web.pages import render

SHELF: tuple[tuple[str, Any, Any], ...] = (
    ("minutes", lazy("Minutes of the jury"), lazy("Who sat, how it was scored, the result; secretary and chair sign.")),
    ("decision", lazy("Decision on the result"), lazy("Number, date and signature stay blank for the office.")),
    ("announcement", lazy("Announcement"), lazy("For everybody: nobody under 18 is named in full.")),
    ("results", lazy("List of all results"), lazy("Every entry with rank, score and outcome; annex of the decision.")),
    ("invitation", lazy("Invitation to the next round"), lazy("The teams that go through.")),
    ("prizes", lazy("Prizes to sign for"), lazy("With the fields that accounting asks for.")),
    ("fees", lazy("Fees of the jury to sign for"), lazy("Sheets per judge; rates and taxes stay blank.")),
    ("certificates", lazy("Certificates"), lazy("One page for each prize, with a code that anyone can check (PDF).")),
)
WITH_PRIZES = frozenset({"prizes", "certificates"})


@bp.get("/contests/<code>/papers/<round_code>")
@require(policy.may_take_papers, facts=round_facts)
def papers(code: str, round_code: str) -> str:
    """Show which papers can be taken of a round's result."""
    round_ = the_round(code, round_code)
    ready = has_result(round_)
    given = bool(result_to_write(round_)[0].get("awards")) if ready else False
    shelf = [one for one in SHELF if given or one[0] not in WITH_PRIZES]
    return render("judging/papers/papers.html", contest=round_.contest, round=round_, ready=ready, shelf=shelf)


@bp.get("/contests/<code>/papers/<round_code>/<kind>")
@require(policy.may_take_papers, facts=round_facts)
def paper(code: str, round_code: str, kind: str) -> ResponseReturnValue:
    """Give a paper to be edited (DOCX), or the certificates (PDF); who took it is recorded."""
    round_ = the_round(code, round_code)
    if kind not in PAPERS and kind != "certificates":
        raise NotFound(N_("There is no such paper."))
    content, publication = result_to_write(round_)
    rules = [plain_in(rule, "vi") for rule in deciding_by_round(round_.contest).get(round_.code, ())]
    facts = round_paper_facts(round_, content, publication, rules)
    if kind == "certificates" and (publication is None or not any(one.number for one in facts.awards)):
        raise Closed(N_("Certificates can be taken once the prizes are published."))
    with unit_of_work():
        note_paper(round_, kind, actor=current_actor(), at=now())
    name = f"{round_.contest.code} {round_.code} {kind}"
    if kind == "certificates" and publication is not None:
        return download(_certificates(round_, facts, publication.id, publication.content_hash), _PDF, name, "pdf")
    return download(documents.docx(PAPERS[kind](facts)), documents.DOCX, name, "docx")


_PDF = "application/pdf"


def _certificates(round_: Round, facts: RoundFacts, publication_id: int, seal: str) -> bytes:
    def address(place: int) -> str:
        return url_for("results.certificate", certificate=certificate_code(publication_id, place, seal), _external=True)

    return certificates(facts, [Certified(one, address(at)) for at, one in enumerate(facts.awards) if one.number])


@bp.get("/certificates/<certificate>")
@public
def certificate(certificate: str) -> ResponseReturnValue:
    """Say whether a certificate is genuine: what was published, under which seal, and whether it still holds."""
    found = award_certificate(certificate, now())
    page = render("judging/papers/certificate.html", certificate=certificate[:80], found=found)
    return page, 200 if found is not None else 404
