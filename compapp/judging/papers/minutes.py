"""Minutes (biên bản) of the jury's meeting on a round."""

from compapp.core.documents import Grid, OfficialPaper, Signature, Text
from compapp.judging.papers.facts import JURY, RoundFacts
from compapp.judging.papers.lists import NOTHING, people_grid, result_grid
from compapp.judging.papers.pitch import what_happened, when_and_where
from compapp.judging.papers.prizes import prize_grid

_DOTS = "...................."


def minutes(facts: RoundFacts) -> OfficialPaper:
    """Return the minutes: who sat, how it was scored, the result, what a person decided and why; two signatures."""
    content: list[Text | Grid] = [
        Text(when_and_where(facts.pitch)),
        Text("I. THÀNH PHẦN", "bold"),
        people_grid([*facts.jury, *facts.secretaries]),
        Text(f"Vắng mặt: {_DOTS}{_DOTS}"),
        Text("II. CÁCH CHẤM VÀ XẾP HẠNG", "bold"),
        Text(facts.rule),
        Text(_sheets(facts)),
        *[Text(line) for line in what_happened(facts.pitch)],
        *[Text(f"Xử lý bằng điểm: {tie}") for tie in facts.ties],
        Text("III. KẾT QUẢ", "bold"),
    ]
    for board in facts.boards:
        content += [Text(board.label, "bold"), result_grid(board)]
    if facts.awards:
        content += [Text("Đề nghị trao giải", "bold"), prize_grid(facts.awards)]
        content += [
            Text(f"{NOTHING} {one.label} ({one.board}): {one.reason}") for one in facts.awards if not one.number
        ]
    content.append(Text("IV. Ý KIẾN VÀ KẾT LUẬN", "bold"))
    content += [Text(f"Biểu quyết: {vote}") for vote in facts.votes]
    content += [Text(f"Quyết định khác kết quả tính: {one}") for one in facts.departures]
    content.append(Text(_conclusion(facts)))
    content.append(Text(f"Biên bản lập xong lúc {_DOTS}, đã đọc cho các thành viên cùng nghe và thống nhất ký tên./."))
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=JURY,
        kind="Biên bản",
        sign="BB-BGK",
        abstract=f"Họp Ban Giám khảo xét kết quả {facts.round}\n{facts.contest}",
        place=facts.place,
        content=content,
        signatures=(
            Signature("Thư ký", name=facts.secretaries[0].name if facts.secretaries else ""),
            Signature("Trưởng Ban Giám khảo", name=facts.chair),
        ),
        recipients=("Ban Tổ chức", "Thành viên Ban Giám khảo"),
    )


def _sheets(facts: RoundFacts) -> str:
    entries = sum(not row.bye for board in facts.boards for row in board.rows)
    told = f"Số bài được xét: {entries}. Số phiếu chấm hợp lệ: {facts.sheets}."
    return f"{told} Số phiếu bị hủy (còn lưu trong hồ sơ): {facts.voided}." if facts.voided else told


def _conclusion(facts: RoundFacts) -> str:
    words = "Ban Giám khảo thống nhất kết quả nêu trên và trình Ban Tổ chức công nhận."
    if facts.differs:
        words = f"Danh sách được quyết định khác với danh sách tính theo điểm. {words}"
    return f"{words} Lý do, ý kiến: {facts.reason}" if facts.reason else words
