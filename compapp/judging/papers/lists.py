"""Lists: the result, prizes to sign for, the jury's fees to sign for."""

from collections.abc import Sequence

from compapp.core.documents import Grid, OfficialPaper, Signature, Text
from compapp.core.formats import number
from compapp.core.money import vnd_in_words
from compapp.judging.papers.facts import JURY, BoardFact, JurorFact, ResultRow, RoundFacts

NOTHING = "Không trao"
PAYING = (Signature("Người lập"), Signature("Kế toán trưởng"), Signature("Thủ trưởng đơn vị"))
"""Who signs for money."""
_BLANK = ("", "", "", "")
"""Tax, what is left, who receives it, signature: filled in by accounting and by hand."""
_DOTS = "." * 60


def result_list(facts: RoundFacts) -> OfficialPaper:
    """Return the list of every entry with rank, total and outcome: the annex of decision and minutes."""
    content: list[Text | Grid] = []
    for board in facts.boards:
        content += [Text(board.label.upper(), "bold"), result_grid(board, wide=True)]
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=JURY,
        numbered=False,
        kind="Danh sách",
        abstract=f"Kết quả {facts.round} – {facts.contest}",
        place=facts.place,
        content=content,
        landscape=True,
        signatures=(Signature("Thư ký"), Signature("Trưởng Ban Giám khảo", name=facts.chair)),
    )


def result_grid(board: BoardFact, *, public: bool = False, wide: bool = False) -> Grid:
    """Return a board's table; ``public`` names nobody who may not be named.

    ``wide`` gives numbers a column of their own; on an upright page names would have no room beside it.
    What became of each entry is left out where there is nothing to say (the last round).
    """
    told = [(outcome(board, row),) for row in board.rows]
    cut = None if any(one for (one,) in told) else -1
    rows = [
        (
            str(row.rank or "–"),
            *((row.number, row.title) if wide else (f"{row.title}\n{row.number}",)),
            ", ".join(row.public_team if public else row.team),
            row.school,
            row.total,
            *what[:cut],
        )
        for row, what in zip(board.rows, told, strict=True)
    ]
    if wide:
        heads = ("Hạng", "Mã số", "Tên ý tưởng, dự án", "Đội thi", "Đơn vị", "Điểm", "Kết quả")
        return Grid(heads[:cut], rows, (3, 7, 8, 9, 8, 4, 6)[:cut], frozenset({0, 5}))
    narrow = ("Hạng", "Tên ý tưởng, dự án; mã số", "Đội thi", "Đơn vị", "Điểm", "Kết quả")
    return Grid(narrow[:cut], rows, (3, 9, 9, 8, 4, 6)[:cut], frozenset({0, 4}))


def outcome(board: BoardFact, row: ResultRow) -> str:
    """Return what became of an entry, in words."""
    if row.bye:
        return f"Vào thẳng ({row.bye})"
    if row.passed and board.places is not None:
        return "Vào vòng trong"
    if row.reserve is not None:
        return f"Dự bị {row.reserve}"
    if row.barred:
        return "Không xếp hạng"
    if row.stopped:
        return "Không qua điều kiện"
    return "" if board.places is None else "Không vào vòng trong"


def people_grid(people: Sequence[JurorFact]) -> Grid:
    """Return the table of a jury and its secretaries; without the column of degrees where nobody's is known."""
    told = any(one.titled for one in people)
    heads = ("STT", "Họ và tên", *(("Học vị, chức vụ",) if told else ()), "Đơn vị", "Nhiệm vụ")
    rows = [
        (str(at), one.name, *((one.titled,) if told else ()), one.unit, one.duty) for at, one in enumerate(people, 1)
    ]
    return Grid(heads, rows, (3, 7, 7, 8, 5) if told else (3, 8, 11, 5))


def prize_list(facts: RoundFacts) -> OfficialPaper:
    """Return the list on which teams sign for their prizes; tax, who receives, ID number, signature stay blank."""
    given = [one for one in facts.awards if one.number]
    rows = [
        (str(at), f"{one.label}\n{one.board}".strip(), one.title, ", ".join(one.team), number(one.vnd), *_BLANK)
        for at, one in enumerate(given, start=1)
    ]
    heads = ("STT", "Giải", "Tên ý tưởng, dự án", "Đội thi", "Số tiền (đồng)", "Thuế TNCN", "Thực nhận")
    total = sum(one.vnd for one in given)
    return OfficialPaper(
        superior_body=facts.superior,
        issuing_body=facts.organiser,
        numbered=False,
        kind="Danh sách ký nhận giải thưởng",
        abstract=facts.contest,
        place=facts.place,
        content=[
            Grid(
                (*heads, "Người nhận, số định danh", "Ký nhận"),
                [*rows, ("", "Cộng", "", "", number(total), *_BLANK)],
                (2, 6, 7, 8, 6, 5, 5, 6, 5),
                frozenset({4, 5, 6}),
            ),
            Text(f"Số tiền bằng chữ: {vnd_in_words(total)}.", "italic"),
        ],
        landscape=True,
        signatures=PAYING,
    )


def fee_list(facts: RoundFacts) -> OfficialPaper:
    """Return the list on which the jury signs for its fees; rates and taxes stay blank for accounting."""
    people = [*facts.jury, *facts.secretaries]
    rows = [
        (str(at), one.name, one.unit, one.duty, str(one.sheets) if one.sheets else "", "", "", "", "", "")
        for at, one in enumerate(people, start=1)
    ]
    heads = ("STT", "Họ và tên", "Đơn vị", "Nhiệm vụ", "Số phiếu", "Đơn giá", "Thành tiền", "Thuế TNCN", "Thực nhận")
    return OfficialPaper(
        superior_body=facts.superior,
        issuing_body=facts.organiser,
        numbered=False,
        kind="Danh sách ký nhận thù lao Ban Giám khảo và Thư ký",
        abstract=f"{facts.round} – {facts.contest}",
        place=facts.place,
        content=[
            Grid(
                (*heads, "Ký nhận"),
                [*rows, ("", "Cộng", "", "", str(sum(one.sheets for one in people)), "", *_BLANK)],
                (2, 7, 7, 5, 4, 4, 5, 5, 5, 5),
                frozenset({4, 5, 6, 7, 8}),
            ),
            Text(f"Số tiền bằng chữ: {_DOTS}", "italic"),
            Text("Mã số thuế, số tài khoản do người nhận cung cấp trực tiếp cho bộ phận kế toán.", "italic"),
        ],
        landscape=True,
        signatures=PAYING,
    )
