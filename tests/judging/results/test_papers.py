"""Papers tell what was decided, name nobody in public who may not be named, and certificates can be checked."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from compapp.core.actor import Actor
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.core.documents import SEALED
from compapp.judging.models import Publication
from compapp.judging.papers import ORDER, PAPERS, BoardFact, ResultRow
from compapp.judging.papers.lists import result_grid
from compapp.judging.queries.certificates import award_certificate, recorded_head, result_code
from compapp.judging.queries.papers import sheets_counted
from compapp.judging.queries.results import open_shortlist, publications_of
from compapp.judging.queries.workbench import sheets_of_entry
from compapp.judging.services.shortlist import approve_shortlist, propose_shortlist
from compapp.judging.views import papers
from tests.conftest import StoppedClock
from tests.judging import builders
from tests.judging.results import play
from tests.judging.results.test_pages import sign_in

__all__ = ["sign_in"]

SignIn = Callable[[Actor], None]


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    paper = Document(io.BytesIO(answer.data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def sheets_drawn(client: FlaskClient, path: str) -> list[str]:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(client.get(path).data)).pages]
    assert all("PHIẾU CHẤM" in page for page in pages), "a page for each"
    return pages


@pytest.mark.one_database
def test_the_papers_of_a_round(
    client: FlaskClient, sign_in: SignIn, clock_at: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(play.R1_DECIDED)
    contest = play.loaded()
    base = f"/contests/{contest.code}/papers/R1"
    sign_in(play.organiser(contest))
    before = client.get(base).text
    assert "Chưa có văn bản" in before and f"{base}/jury-invitation" in before
    assert "Đặng Minh Ân" in text_of(client, f"{base}/jury-invitation"), "the jury is invited before any result"
    assert client.get(f"{base}/minutes").status_code == 409
    play.decide_and_publish(contest, "R1", play.R1_DECIDED)
    page = client.get(base).text
    assert "Biên bản họp Ban Giám khảo" in page and "ký nhận giải thưởng" not in page
    minutes = text_of(client, f"{base}/minutes")
    for wanted in ("BIÊN BẢN", "Đặng Minh Ân", "Tiến sĩ, Phó Trưởng phòng", "Ngô Thị Kiều Diễm", "Vào vòng trong"):
        assert wanted in minutes, wanted
    pupils = [member.name for member in builders.entry(contest, "P02").members if member.role != "advisor"]
    assert all(name in minutes for name in pupils)
    announced = text_of(client, f"{base}/announcement")
    assert builders.entry(contest, "P02").title["vi"] in announced
    assert not any(name in announced for name in pupils), "nobody under 18 is named in public"
    for kind in PAPERS.keys() - {ORDER}:
        assert text_of(client, f"{base}/{kind}")
    taken = select(func.count()).select_from(AuditRow).where(AuditRow.verb == "judging.paper.take")
    assert session().scalar(taken) == 2 + len(PAPERS), "every download is recorded"
    tally = text_of(client, f"{base}/tally")
    assert "Tổng điểm" in tally and not any(name in tally for name in pupils), "sheets name no team"
    sheet = sheets_of_entry(builders.round_(contest).id, builders.entry(contest, "S01").id)[0]
    written = text_of(client, f"/contests/{contest.code}/standings/R1/entries/S01/sheets/{sheet.id}")
    assert "PHIẾU CHẤM" in written and sheet.name in written and "Tính mới" in written
    bundle = Document(io.BytesIO(client.get(f"{base}/sheets").data))
    counted = sheets_counted(builders.round_(contest).id)
    assert len(bundle.sections) == counted == len(sheets_drawn(client, f"{base}/sheets?format=pdf"))
    assert all(cell[-1].tag.endswith("}p") for cell in bundle.element.iter(qn("w:tc"))), "every cell ends as Word asks"
    with monkeypatch.context() as small:
        small.setattr(papers, "MOST_SHEETS", 20)
        small.setattr(papers, "MOST_ROWS", 10)
        page = client.get(f"{base}/sheets?format=pdf").text
        assert "mỗi tệp chứa nhiều nhất 20 phiếu" in page and f"part={-(-counted // 20)}" in page
        assert len(sheets_drawn(client, f"{base}/sheets?format=pdf&part=2")) == 20
        assert "Phần 3/3 (Word)" in client.get(f"{base}/results").text
        first, last = text_of(client, f"{base}/results?part=1"), text_of(client, f"{base}/results?part=3")
        assert "(Phần 1/3)" in first and "THƯ KÝ" not in first
        assert "Ống hút bồn bồn" in last and "Không qua điều kiện" in last and "THƯ KÝ" in last
    for kind in ("decision", "results"):
        drawn = client.get(f"{base}/{kind}?format=pdf")
        pages = PdfReader(io.BytesIO(drawn.data)).pages
        assert drawn.mimetype == "application/pdf" and "Độc lập - Tự do - Hạnh phúc" in pages[0].extract_text()
        wide, high = (round(float(one) / 72 * 25.4) for one in pages[0].mediabox[2:])
        assert {wide, high} == {210, 297}
    assert client.get(f"{base}/poem").status_code == 404
    assert client.get(f"{base}/certificates").status_code == 409


@pytest.mark.one_database
def test_the_chair_of_a_blind_round_reads_no_names_before_the_decision_is_approved(
    client: FlaskClient, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    clock_at(play.R1_DECIDED)
    contest = play.loaded()
    round_, secretary = builders.round_(contest, "R1"), builders.staff(contest, "secretary")
    with unit_of_work():
        propose_shortlist(round_, actor=secretary, at=play.R1_DECIDED)
    sign_in(play.chair(contest))
    base = f"/contests/{contest.code}/papers/R1"
    assert client.get(f"{base}/minutes").status_code == client.get(f"{base}/results").status_code == 403
    with unit_of_work():
        waiting = open_shortlist(round_.id)
        assert waiting is not None
        approve_shortlist(waiting, actor=play.chair(contest), at=play.R1_DECIDED)
    assert client.get(f"{base}/minutes").status_code == 200


@pytest.mark.one_database
def test_a_certificate_is_checked_against_the_seal(
    client: FlaskClient, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    clock_at(play.R1_DECIDED)
    contest = play.loaded()
    play.whole_year(contest)
    clock_at(play.R3_PUBLISHED + timedelta(hours=1))
    sign_in(play.organiser(contest))
    answer = client.get(f"/contests/{contest.code}/papers/R3/certificates")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    publication = publications_of(builders.round_(contest, "R3").id)[-1]
    given = [line for line in publication.content["awards"] if line["entry"]]
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) == len(given)
    code = re.search(r"certificates/([\s\da-f-]+)", pages[0])
    assert code is not None
    address = re.sub(r"\s", "", code[1])[: len(f"{publication.id}-0-") + 16]
    last = BoardFact("Bảng", None, [ResultRow(1, "01", "Ý tưởng", ["Ân"], ["A."], "", "80,00", True, None, False)])
    shown = [result_grid(last, wide=wide) for wide in (False, True)]
    assert [(one.headings[-1], len(one.rows[0]) - len(one.headings), len(one.widths)) for one in shown] == [
        ("Điểm", 0, 5),
        ("Điểm", 0, 6),
    ], "no empty column after the last round"
    shelf = client.get(f"/contests/{contest.code}/papers/R3").text
    assert ("Giấy mời dự lễ trao giải" in shelf, "Giấy mời vào vòng trong" in shelf) == (True, False)
    invited = text_of(client, f"/contests/{contest.code}/papers/R3/invitation")
    winner = builders.entry(contest, given[0]["entry"])
    assert "Lễ tổng kết và trao giải" in invited and winner.number in invited, "who won is asked to come"
    paid = text_of(client, f"/contests/{contest.code}/papers/R3/prizes")
    assert "Thuế TNCN" in paid and "KẾ TOÁN TRƯỞNG" in paid and "107.000.000" in paid
    fees = text_of(client, f"/contests/{contest.code}/papers/R3/fees")
    assert "Cộng" in fees and "Số tiền bằng chữ" in fees
    head = recorded_head(publication)
    assert head is not None and head.printed in pages[0]
    sign_in(Actor.anonymous())
    page = client.get(f"/certificates/{address}")
    assert str(head) in page.text
    assert page.status_code == 200 and "Giấy chứng nhận này là thật" in page.text
    assert builders.entry(contest, given[0]["entry"]).title["vi"] in page.text
    for wrong in (address[:-1] + "x", address.replace("-0-", "-99-"), "1", "nothing", address + "0"):
        assert client.get(f"/certificates/{wrong}").status_code == 404
    assert award_certificate(address, play.R3_PUBLISHED) is None, "not before the result is public"
    check = f"/result-checks/{result_code(publication)}"
    assert check in client.get(f"/results/{contest.code}").text
    page = client.get(check)
    assert page.status_code == 200 and "Kết quả này là thật" in page.text and publication.content_hash[:8] in page.text
    assert str(head) in page.text and 'action="/seals"' in page.text
    sign_in(play.organiser(contest))
    written = text_of(client, f"/contests/{contest.code}/papers/R3/decision")
    assert check in written and f"{SEALED}\n{head.printed}" in written
    drawn = PdfReader(io.BytesIO(client.get(f"/contests/{contest.code}/papers/R3/results?format=pdf").data))
    last = re.sub(r"\s", "", drawn.pages[-1].extract_text())
    assert check in last and head.printed in last
    with unit_of_work():
        altered = session().get_one(Publication, publication.id)
        altered.content = {**altered.content, "reason": "khác"}
    assert client.get(check).status_code == 404, "what was changed since is not what was sealed"
    assert client.get(f"/certificates/{address}").status_code == 404


@pytest.mark.one_database
def test_the_office_enters_what_it_numbered_and_everybody_reads_it(
    client: FlaskClient, sign_in: SignIn, clock_at: StoppedClock
) -> None:
    clock_at(play.R1_DECIDED)
    contest = play.loaded()
    base, public = f"/contests/{contest.code}/papers/R1", f"/results/{contest.code}"
    secretary = builders.staff(contest, "secretary")
    sign_in(secretary)
    typed = {"number": "12/QĐ-SKHCN", "signed_on": "2026-12-06", "signer": "Nguyễn Văn Ký"}
    assert client.post(f"{base}/decision/number", data=typed).status_code == 404, "nothing is published yet"
    play.decide_and_publish(contest, "R1", play.R1_DECIDED)
    clock_at(play.R1_DECIDED + timedelta(hours=1))
    sign_in(Actor.anonymous())
    first = client.get(public)
    sign_in(secretary)
    refused = client.post(f"{base}/decision/number", data=typed | {"signed_on": ""})
    assert refused.status_code == 422 and 'value="12/QĐ-SKHCN"' in refused.text and "Số văn bản" in refused.text
    assert f'href="{base}" aria-current="page"' in refused.text, "still the page of papers"
    text = client.post(f"{base}/decision/number", data=typed | {"scan": (io.BytesIO(b"text"), "a.pdf")})
    assert text.status_code == 422
    scan = {"scan": (io.BytesIO(b"%PDF-1.4 signed"), "a.pdf")}
    assert client.post(f"{base}/decision/number", data=typed | scan).status_code == 303
    assert client.post(f"{base}/minutes/number", data=typed | {"number": "3/BB-BGK"}).status_code == 303
    decision = text_of(client, f"{base}/decision")
    assert "Số: 12/QĐ-SKHCN" in decision and "ngày 06 tháng 12 năm 2026" in decision and "Nguyễn Văn Ký" in decision
    sign_in(Actor.anonymous())
    page = client.get(public, headers={"If-None-Match": first.headers["ETag"]})
    assert page.status_code == 200, "what was kept is out of date"
    assert "12/QĐ-SKHCN" in page.text and "3/BB-BGK" not in page.text, "minutes are the office's"
    [address] = re.findall(rf'href="({public}/papers/[^"]+)"', page.text)
    with client.get(address) as given:
        assert given.data == b"%PDF-1.4 signed"
    assert client.get(address.replace("decision", "minutes")).status_code == 404
    sign_in(secretary)
    assert client.post(f"{base}/decision/number", data=typed | {"number": "13/QĐ-SKHCN"}).status_code == 303
    entered = (
        session().scalars(select(AuditRow).where(AuditRow.verb == "judging.paper.issue").order_by(AuditRow.id)).all()
    )
    assert entered[-1].data["before"]["number"] == "12/QĐ-SKHCN", "the earlier number stays in the record"
    with client.get(f"{base}/decision/scan") as given:
        assert given.data == b"%PDF-1.4 signed"
