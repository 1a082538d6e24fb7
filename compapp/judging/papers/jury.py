"""Papers of the jury itself: the invitation (giấy mời), its list, the table of all sheets, one sheet (phiếu chấm)."""

from compapp.core.documents import Grid, OfficialPaper, Signature, Text
from compapp.judging.papers.facts import COMMITTEE, JURY, RoundFacts, SheetFact
from compapp.judging.papers.lists import people_grid
from compapp.judging.papers.pitch import when_and_where

_DOTS = "...................."


def jury_invitation(facts: RoundFacts) -> OfficialPaper:
    """Return the invitation of the jury to the round; place and hour are completed by the office."""
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=COMMITTEE,
        kind="Giấy mời",
        sign="GM-BTC",
        place=facts.place,
        abstract=f"Tham gia Ban Giám khảo {facts.round}\n{facts.contest}",
        content=[
            Text(f"Ban Tổ chức trân trọng kính mời Ông/Bà có tên dưới đây tham gia Ban Giám khảo {facts.round}:"),
            people_grid(facts.jury),
            *(
                [Text(when_and_where(facts.pitch))]
                if facts.pitch
                else [Text(f"Thời gian: {_DOTS}{_DOTS}"), Text(f"Địa điểm, cách chấm: {_DOTS}{_DOTS}")]
            ),
            Text(
                "Ông/Bà giữ bí mật nội dung bài dự thi, khai báo xung đột lợi ích trước khi mở bài và nộp phiếu chấm "
                "đúng hạn trên hệ thống. Rất mong Ông/Bà nhận lời./."
            ),
        ],
        signatures=(Signature("TM. Ban Tổ chức", "Trưởng ban"),),
        recipients=("Như trên", "Đơn vị công tác của các giám khảo (để phối hợp)"),
    )


def jury_list(facts: RoundFacts) -> OfficialPaper:
    """Return the list of the jury and its secretaries: the annex of the decision that appoints them."""
    people = [*facts.jury, *facts.secretaries]
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=COMMITTEE,
        numbered=False,
        kind="Danh sách",
        place=facts.place,
        abstract=f"Ban Giám khảo và Thư ký {facts.round}\n{facts.contest}",
        content=[
            Text("(Kèm theo Quyết định số           /QĐ-           ngày      tháng      năm           )", "italic"),
            people_grid(people),
            Text(f"Danh sách gồm {len(people)} người./."),
        ],
        signatures=(Signature("TM. Ban Tổ chức", "Trưởng ban"),),
    )


def tally(facts: RoundFacts) -> OfficialPaper:
    """Return the table of every sheet that counts, by entry and judge, without teams: annex of the minutes."""
    rows = [
        (str(at), one.number, one.title, one.judge, one.said or one.total)
        for at, one in enumerate((one for one in facts.tally if not one.is_void), start=1)
    ]
    said = any(one.said for one in facts.tally)
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=JURY,
        numbered=False,
        kind="Bảng tổng hợp phiếu chấm",
        place=facts.place,
        abstract=f"{facts.round} – {facts.contest}",
        content=[
            Grid(
                ("STT", "Mã số", "Tên ý tưởng, dự án", "Giám khảo", "Kết luận" if said else "Tổng điểm"),
                rows,
                (3, 8, 10, 8, 5),
                frozenset({0, 4}),
            ),
            Text(f"Bảng gồm {len(rows)} phiếu được tính./."),
        ],
        signatures=(Signature("Thư ký"), Signature("Trưởng Ban Giám khảo", name=facts.chair)),
    )


def score_sheet(facts: RoundFacts, sheet: SheetFact) -> OfficialPaper:
    """Return one judge's sheet for one entry, to be signed; it names no team."""
    content: list[Text | Grid] = [
        Text(f"Bài dự thi: {sheet.number} – {sheet.title}"),
        Text(f"Giám khảo: {sheet.judge}"),
    ]
    if sheet.criteria:
        lines = [(str(at), *line) for at, line in enumerate(sheet.criteria, start=1)]
        content.append(
            Grid(("STT", "Tiêu chí", "Trọng số", "Điểm", "Nhận xét"), lines, (3, 9, 4, 3, 11), frozenset({0, 2, 3}))
        )
    outcome = f"Kết luận: {sheet.said}" if sheet.said else f"Tổng điểm: {sheet.total}"
    content += [Text(outcome, "bold"), *([Text("Phiếu đã bị hủy.")] if sheet.is_void else [])]
    if sheet.comment:
        content.append(Text(f"Nhận xét chung: {sheet.comment}"))
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=JURY,
        numbered=False,
        kind="Phiếu chấm",
        place=facts.place,
        abstract=f"{facts.round} – {facts.contest}",
        content=content,
        signatures=(Signature("Giám khảo", name=sheet.judge),),
    )
