"""Decision, announcement and invitation."""

from compapp.core.documents import Grid, OfficialPaper, Signature, Text
from compapp.judging.papers.facts import COMMITTEE, BoardFact, RoundFacts
from compapp.judging.papers.lists import NOTHING, result_grid
from compapp.judging.papers.prizes import prize_grid

_DOTS = "...................."


def decision(facts: RoundFacts) -> OfficialPaper:
    """Return the decision (quyết định) that recognises the result; grounds and signer are completed by the office."""
    what = f"kết quả {facts.round} {facts.contest}"
    content: list[Text | Grid] = [
        Text("TRƯỞNG BAN TỔ CHỨC CUỘC THI", "centred"),
        Text(f"Căn cứ {_DOTS}{_DOTS} về việc thành lập Ban Tổ chức {facts.contest};", "italic"),
        Text(f"Căn cứ Thể lệ {facts.contest};", "italic"),
        Text(f"Căn cứ Biên bản họp Ban Giám khảo xét kết quả {facts.round};", "italic"),
        Text(f"Xét đề nghị của {_DOTS}{_DOTS}.", "italic"),
        Text("QUYẾT ĐỊNH:", "centred"),
        Text(f"Điều 1. Công nhận {what}, gồm:"),
        *_results(facts, public=False),
        Text(f"Điều 2. {_consequence(facts)}"),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Ban Tổ chức, Ban Giám khảo, Tổ Thư ký và các "
            "đội thi có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./."
        ),
    ]
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=COMMITTEE,
        kind="Quyết định",
        number=facts.number.partition("/")[0],
        sign=facts.number.partition("/")[2] or "QĐ-BTC",
        place=facts.place,
        dated=facts.dated,
        abstract=f"Về việc công nhận {what}",
        content=content,
        signatures=(Signature("TM. Ban Tổ chức", "Trưởng ban", facts.signer),),
        recipients=("Như Điều 3", f"{facts.organiser} (để báo cáo)"),
    )


def announcement(facts: RoundFacts) -> OfficialPaper:
    """Return the announcement (thông báo) for everybody: who goes through, without names that may not be public."""
    content: list[Text | Grid] = [
        Text(f"Ban Tổ chức thông báo kết quả {facts.round} {facts.contest} như sau:"),
        *_results(facts, public=True),
        Text(_consequence(facts)),
        Text(
            "Đội thi xem kết quả, nhận xét và gửi khiếu nại trong thời hạn của Thể lệ tại trang riêng của đội trên hệ "
            "thống. Trân trọng thông báo./."
        ),
    ]
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=COMMITTEE,
        kind="Thông báo",
        sign="TB-BTC",
        place=facts.place,
        abstract=f"Kết quả {facts.round} {facts.contest}",
        content=content,
        signatures=(Signature("TM. Ban Tổ chức", "Trưởng ban"),),
        recipients=("Các đội thi", "Các cơ sở đào tạo có đội thi", "Trang thông tin điện tử"),
    )


def invitation(facts: RoundFacts) -> OfficialPaper:
    """Return the invitation (giấy mời) of the teams that go through to the next round."""
    when = f"{facts.next_day:%d/%m/%Y}" if facts.next_day else _DOTS
    following = facts.next_round or "Lễ tổng kết và trao giải"
    teams = [(str(at), *team) for at, team in enumerate(_invited(facts), start=1)]
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=COMMITTEE,
        kind="Giấy mời",
        sign="GM-BTC",
        place=facts.place,
        abstract=f"Tham dự {following} – {facts.contest}",
        content=[
            Text(f"Ban Tổ chức trân trọng kính mời các đội thi có tên dưới đây tham dự {following}:"),
            Grid(
                ("STT", "Mã số", "Tên ý tưởng, dự án", "Đại diện đội thi", "Đơn vị"),
                teams,
                (3, 6, 9, 8, 8),
                frozenset(),
            ),
            Text(f"Thời gian: {_DOTS} ngày {when}"),
            Text(f"Địa điểm: {_DOTS}{_DOTS}"),
            Text("Rất mong các đội thi có mặt đúng giờ và mang theo giấy tờ chứng minh là học sinh, sinh viên./."),
        ],
        signatures=(Signature("TM. Ban Tổ chức", "Trưởng ban"),),
        recipients=("Các đội thi nêu trên", "Các cơ sở đào tạo (để phối hợp)"),
    )


def _invited(facts: RoundFacts) -> list[tuple[str, str, str, str]]:
    """Return number, title, lead and school of the teams that go through; after the last round, of the winners."""
    if facts.next_round:
        passed = (row for board in facts.boards for row in board.rows if row.passed)
        return [(row.number, row.title, row.team[0] if row.team else "", row.school) for row in passed]
    won = {one.number: one for one in facts.awards if one.number}
    return [(one.number, one.title, one.team[0] if one.team else "", one.school) for one in won.values()]


def _results(facts: RoundFacts, *, public: bool) -> list[Text | Grid]:
    if facts.awards:
        given: list[Text | Grid] = [prize_grid(facts.awards, public=public)]
        return given + [
            Text(f"{NOTHING} {one.label} ({one.board}). Lý do: {one.reason}") for one in facts.awards if not one.number
        ]
    shown: list[Text | Grid] = []
    for board in facts.boards:
        rows = [row for row in board.rows if row.passed or row.reserve is not None]
        shown += [Text(board.label, "bold"), result_grid(BoardFact(board.label, board.places, rows), public=public)]
    return shown


def _consequence(facts: RoundFacts) -> str:
    if facts.awards:
        return "Các đội thi đạt giải được nhận Giấy chứng nhận và tiền thưởng theo Thể lệ."
    following = f" {facts.next_round}" if facts.next_round else " vòng tiếp theo"
    return (
        f"Các đội thi có kết quả “Vào vòng trong” được tham dự{following}; đội dự bị được gọi theo thứ tự khi có chỗ."
    )
