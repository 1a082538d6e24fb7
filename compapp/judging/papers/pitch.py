"""What the papers of a live round tell of the day: the running order, where and when, who did not come."""

from datetime import datetime

from compapp.core.documents import Grid, OfficialPaper, Signature, Text
from compapp.judging.papers.facts import COMMITTEE, PitchFact, RoundFacts

_DOTS = "...................."
UNNAMED = "Hội trường"


def running_order(facts: RoundFacts) -> OfficialPaper:
    """Return the list by which teams are let in and called, hall by hall; it names no team's members."""
    pitch = facts.pitch or PitchFact(halls=())
    content: list[Text | Grid] = []
    for hall in pitch.halls:
        content += [
            Text(f"{hall.name or UNNAMED} – từ {hour_and_day(hall.begins)}", "bold"),
            Grid(
                ("STT", "Giờ", "Mã số", "Tên ý tưởng, dự án", "Bảng thi", "Có mặt lúc", "Ký tên"),
                [(*row, "", "") for row in hall.rows],
                (2, 3, 7, 10, 5, 4, 5),
                frozenset({0, 1}),
            ),
        ]
    content += [Text(line) for line in how_drawn(pitch)]
    return OfficialPaper(
        superior_body=facts.organiser,
        issuing_body=COMMITTEE,
        numbered=False,
        kind="Danh sách",
        abstract=f"Thứ tự trình bày {facts.round}\n{facts.contest}",
        place=facts.place,
        content=content,
        landscape=True,
        signatures=(Signature("Thư ký"), Signature("TM. Ban Tổ chức", "Trưởng ban")),
    )


def when_and_where(pitch: PitchFact | None) -> str:
    """Return the line of time and place; dots for the office where the round was not held in a hall."""
    if pitch is None or not pitch.halls:
        return f"Thời gian: {_DOTS} Địa điểm: {_DOTS}"
    begins = min(hall.begins for hall in pitch.halls)
    names = "; ".join(hall.name for hall in pitch.halls if hall.name) or _DOTS
    return f"Thời gian: từ {hour_and_day(begins)}. Địa điểm: {names}."


def what_happened(pitch: PitchFact | None) -> list[str]:
    """Return how the session went: the draw and its changes, who did not come, who stepped back from an entry."""
    if pitch is None:
        return []
    return [
        *how_drawn(pitch),
        *(
            [f"Đội vắng mặt, không có phiếu chấm và không được xếp hạng: {'; '.join(pitch.absent)}."]
            if pitch.absent
            else []
        ),
        *([f"Giám khảo không chấm do xung đột lợi ích: {'; '.join(pitch.recused)}."] if pitch.recused else []),
    ]


def how_drawn(pitch: PitchFact) -> list[str]:
    """Return how the order came about: the number of the draw, and each change with its reason."""
    told = "; ".join(f"{board}: {seed}" for board, seed in pitch.draws)
    drawn = [f"Thứ tự trình bày do bốc thăm; số bốc thăm của {told}."] if told else []
    return [*drawn, *(f"Thay đổi thứ tự: {change}" for change in pitch.changes)]


def hour_and_day(moment: datetime) -> str:
    """Return a local moment as papers write it: ``08 giờ 00, ngày 23 tháng 01 năm 2027``."""
    month = f"{moment.month:02d}" if moment.month < 3 else str(moment.month)
    return f"{moment:%H} giờ {moment:%M}, ngày {moment:%d} tháng {month} năm {moment.year}"
