"""A team that splits, the semi-final, the public vote, the final and its prizes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from compapp.contests import services as contests
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.demo.story.results import approve, confirm, propose, put_out
from compapp.entries import queries as entry_queries
from compapp.entries import services as entries
from compapp.judging import services as judging
from compapp.judging.models import PitchSlot
from compapp.judging.queries.hall import slots_of
from compapp.judging.services.hall import plan
from compapp.judging.services.hall.order import draw_order
from compapp.judging.services.hall.stage import press
from compapp.judging.services.pitch import enter_panel_total
from compapp.judging.services.votes import record_votes

Act = Callable[[Moment], None]

HALL = "Hội trường A, nhà văn hóa thanh niên"
BRING = {
    "vi": "Bài trình chiếu (PDF) trên USB; thẻ sinh viên hoặc thẻ học sinh; sản phẩm mẫu nếu có.",
    "en": "Your slides (PDF) on a USB stick; student cards; a prototype if there is one.",
}
"""Where the teams of the demonstration pitch, and what they are asked to bring."""

SPLIT = "S08"
"""The team whose lead leaves (incident 10); the second member leads from then on."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps from the split of S08 to the published prizes."""
    yield from _split(stage)
    yield from _semi_final(stage)
    yield from _vote(stage)
    yield from _final(stage)


def lead_of(code: str) -> str:
    """Return the key of who leads a team after the split."""
    return f"{code}-2" if code == SPLIT else f"{code}-1"


def figures(stage: Stage, round_code: str) -> dict[str, list[tuple[str, str]]]:
    """Return entry → (judge, total) of a pitch round, in the order of the sample."""
    found: dict[str, list[tuple[str, str]]] = {}
    for sheet in stage.document["sheets"][round_code]:
        found.setdefault(sheet["entry"], []).append((sheet["judge"], sheet["total"]))
    return found


def _split(stage: Stage) -> Iterator[Step]:
    """Incident 10: the lead of S08 leaves; the entry is frozen until the others have signed."""
    at = stage.calendar.at
    piece = next(one for one in stage.document["entries"] if one["code"] == SPLIT)
    yield Step(at(88, "20:00"), "organiser", _open_case)
    for place in range(2, len(piece["members"]) + 1):
        yield Step(at(89, f"19:{place}0"), f"{SPLIT}-{place}", _sign)
    yield Step(at(90, "09:00"), "organiser", _settle)


def _open_case(moment: Moment) -> None:
    reason = moment.stage.text(10, "reason")
    entries.open_case(moment.entry(SPLIT), "team_split", reason=reason, **moment.by)


def _sign(moment: Moment) -> None:
    case = entry_queries.open_cases_of(moment.entry(SPLIT).id)[0]
    entries.state_in_case(case, moment.stage.text(10, "statement"), **moment.by)


def _settle(moment: Moment) -> None:
    entry = moment.entry(SPLIT)
    case = entry_queries.open_cases_of(entry.id)[0]
    members = entry_queries.active_members(entry.id)
    outcome = "Các thành viên còn lại đã cùng ký xác nhận quyền đối với ý tưởng; mở khóa hồ sơ, cử trưởng nhóm mới."
    entries.settle_case(case, outcome, lead=members[1].id, departed=[members[0].id], **moment.by)


def _semi_final(stage: Stage) -> Iterator[Step]:
    at = stage.calendar.at
    panel = figures(stage, "R2")
    for number, code in enumerate(panel):
        yield Step(at(91 + number % 2, f"{19 + number % 3}:{number * 4:02d}"), lead_of(code), _attach(code, "slides"))
    yield from _pitches(stage, "R2", 95, "phu-sa-2026")
    yield Step(at(96, "08:00"), "organiser", put_out("R2", "18/QĐ-BTC", "công nhận kết quả vòng bán kết"))
    for number, code in enumerate(figures(stage, "R3")):
        yield Step(at(96 + number % 2, f"20:{number * 5:02d}"), lead_of(code), confirm("R2", code))


def _pitches(stage: Stage, round_code: str, day: int, seed: str) -> Iterator[Step]:
    """Yield a day of pitches: the panel, the draw, the totals called out, and the decision of that evening."""
    at = stage.calendar.at
    panel = figures(stage, round_code)
    judges = [judge for judge, _ in next(iter(panel.values()))]
    yield Step(at(day - 2, "09:00"), "TK01", _seat_panel(round_code, judges))
    yield Step(at(day - 2, "09:30"), "TK01", _draw(round_code, seed))
    yield Step(at(day, "07:30"), SYSTEM, _move(round_code, opening=True))
    for number in range(len(panel)):
        moment = at(day, "08:00") + timedelta(minutes=20 * number)
        for minutes, deeds in ((0, ("call", "start")), (6, ("ask",)), (12, ("end",))):
            yield Step(moment + timedelta(minutes=minutes), "TK01", _on_stage(round_code, panel, number, deeds))
        yield Step(moment + timedelta(minutes=13), "TK01", _enter(round_code, panel, number))
    yield Step(at(day, "17:00"), SYSTEM, _move(round_code, opening=False))
    yield Step(at(day, "17:30"), "organiser", propose(round_code))
    yield Step(at(day, "18:00"), "J01", approve(round_code))


def _vote(stage: Stage) -> Iterator[Step]:
    at = stage.calendar.at
    yield Step(at(112, "12:00"), SYSTEM, _move("RV", opening=True))
    yield Step(at(126, "12:00"), SYSTEM, _move("RV", opening=False))
    yield Step(at(126, "14:00"), "organiser", _record_votes)


def _final(stage: Stage) -> Iterator[Step]:
    at = stage.calendar.at
    for number, code in enumerate(figures(stage, "R3")):
        yield Step(at(124 + number % 2, f"20:{number * 6:02d}"), lead_of(code), _attach(code, "poster"))
    yield from _pitches(stage, "R3", 130, "mekong-2027")
    yield Step(at(131, "08:00"), "organiser", put_out("R3", "02/QĐ-BTC", "công nhận kết quả chung kết và trao giải"))


def _attach(code: str, key: str) -> Act:
    def act(moment: Moment) -> None:
        piece = next(one for one in moment.stage.document["entries"] if one["code"] == code)
        workshop = moment.stage.workshop
        made, name = (
            (workshop.slides(piece), "Bài trình chiếu.pdf")
            if key == "slides"
            else (workshop.poster(piece), "Áp phích.png")
        )
        entries.attach(moment.entry(code), key, file_name=name, content=made, **moment.by)

    return act


def _seat_panel(round_code: str, judges: Sequence[str]) -> Act:
    def act(moment: Moment) -> None:
        judging.assign_panel(moment.round(round_code), [moment.seat(code) for code in judges], **moment.by)

    return act


def _draw(round_code: str, seed: str) -> Act:
    def act(moment: Moment) -> None:
        round_ = moment.round(round_code)
        usual = plan.usual_hall(round_)
        spoken = usual.pitch_minutes + usual.question_minutes
        starts = round_.opens_at + timedelta(minutes=30)
        hall = replace(usual, name=HALL, starts_at=starts, change_minutes=20 - spoken)
        plan.change_plan(round_, report_minutes=15, late_rule="last", bring=BRING, **moment.by)
        plan.add_hall(round_, hall, **moment.by)
        draw_order(round_, seed=seed, **moment.by)

    return act


def _move(round_code: str, *, opening: bool) -> Act:
    def act(moment: Moment) -> None:
        verb = contests.open_round if opening else contests.close_round
        verb(moment.round(round_code), **moment.by)

    return act


Totals = Mapping[str, Sequence[tuple[str, str]]]


def _slot(moment: Moment, round_code: str, panel: Totals, number: int) -> tuple[PitchSlot, str]:
    """Return the slot of the team that pitches as ``number`` (from 0), and its entry's code in the sample."""
    codes = {moment.entry(code).id: code for code in panel}
    slots = [slot for slot in slots_of(moment.round(round_code).id) if slot.entry_id in codes]
    return slots[number], codes[slots[number].entry_id]


def _on_stage(round_code: str, panel: Totals, number: int, deeds: Sequence[str]) -> Act:
    def act(moment: Moment) -> None:
        slot, _code = _slot(moment, round_code, panel, number)
        for deed in deeds:
            press(slot, deed, **moment.by)

    return act


def _enter(round_code: str, panel: Totals, number: int) -> Act:
    def act(moment: Moment) -> None:
        slot, code = _slot(moment, round_code, panel, number)
        for judge, total in panel[code]:
            enter_panel_total(slot.round, slot.entry, moment.seat(judge), total, **moment.by)

    return act


def _record_votes(moment: Moment) -> None:
    stage = moment.stage
    votes = {stage.codes[stage.code, one["entry"]]: one["votes"] for one in stage.document["votes"]["RV"]}
    record_votes(moment.round("RV"), votes, **moment.by)
