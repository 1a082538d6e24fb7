"""Round R1: the judges' evenings, a sheet on paper, one spread too wide, and a file that named a school."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from compapp.contests import services as contests
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.demo.story.jury import EXTRA, LEAVING, REASSIGNED
from compapp.entries import queries as entry_queries
from compapp.entries import services as entries
from compapp.judging import services as judging
from compapp.judging.queries import sheet_of

Act = Callable[[Moment], None]
Piece = Mapping[str, Any]

PAPER = ("P06", "J11")
"""The sheet that a judge hands in on paper; a second person confirms it later."""

JUDGE = "J02"
HALF_DONE = "S13"
"""The judge behind the account ``judge``, and the entry whose sheet is half filled in on day 75."""

OWN_EVENINGS: Mapping[tuple[str, str], tuple[int, str]] = {
    ("S03", JUDGE): (70, "20:40"),
    ("S06", JUDGE): (72, "21:05"),
    (HALF_DONE, JUDGE): (76, "20:10"),
    ("P03", JUDGE): (76, "21:00"),
    ("S07", JUDGE): (77, "20:20"),
    ("S08", JUDGE): (78, "20:30"),
    ("S16", JUDGE): (79, "19:45"),
    ("P01", LEAVING): (69, "20:00"),
    ("S02", LEAVING): (71, "20:30"),
    ("S13", "J01"): (78, "21:00"),
    ("S13", "J12"): (79, "15:55"),
    EXTRA: (80, "20:30"),
}
"""When single sheets are handed in; the others follow each judge's rhythm."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps of the scoring round."""
    at = stage.calendar.at
    for sheet, (day, clock) in evenings(stage):
        yield Step(at(day, clock), sheet["judge"], hand_in("R1", sheet))
    yield Step(at(74, "17:30"), "organiser", _remind)
    yield Step(at(74, "21:20"), JUDGE, _begin)
    paper = next(one for one in stage.document["sheets"]["R1"] if (one["entry"], one["judge"]) == PAPER)
    yield Step(at(74, "16:00"), "TK01", _enter_paper(paper))
    yield Step(at(76, "10:00"), "TK02", _confirm_paper)
    yield Step(at(76, "10:30"), "TK01", _give_neutral_copy)
    yield Step(at(79, "16:30"), "organiser", _ask_fourth)
    yield Step(at(81, "17:00"), SYSTEM, _close)


def evenings(stage: Stage) -> Iterator[tuple[Piece, tuple[int, str]]]:
    """Yield every online sheet of R1 with the day and time at which it is handed in."""
    by_judge: dict[str, list[Piece]] = {}
    for sheet in stage.document["sheets"]["R1"]:
        pair = (sheet["entry"], sheet["judge"])
        if pair in OWN_EVENINGS:
            yield sheet, OWN_EVENINGS[pair]
        elif pair != PAPER:
            by_judge.setdefault(sheet["judge"], []).append(sheet)
    for number, judge in enumerate(sorted(by_judge)):
        late = [sheet for sheet in by_judge[judge] if REASSIGNED.get(sheet["entry"]) == judge]
        steady = [sheet for sheet in by_judge[judge] if sheet not in late]
        early = 3 + number % 2
        clock = f"{19 + number % 3}:{(number * 13) % 60:02d}"
        for place, sheet in enumerate(steady):
            yield sheet, ((68 + 2 * place) if place < early else 76 + place - early, clock)
        for place, sheet in enumerate(late):
            yield sheet, (80 - place, clock)


def hand_in(round_code: str, sheet: Piece, contest: str | None = None) -> Act:
    """Return the step in which a judge fills in a sheet and hands it in."""

    def act(moment: Moment) -> None:
        assignment = moment.assignment(round_code, sheet["entry"], sheet["judge"], contest)
        judging.save_sheet(assignment, filled_in(moment.stage, round_code, sheet), **moment.by)
        judging.submit_sheet(assignment, **moment.by)

    return act


def filled_in(stage: Stage, round_code: str, sheet: Piece) -> judging.SheetInput:
    """Return a sheet's scores with the comments that the rubric demands and what this judge wrote.

    The closing words about an entry are those of one judge: three who write the same would read like a fault.
    """
    words = stage.words
    own = words["sheets"].get(round_code, {}).get(sheet["entry"], {}).get(sheet["judge"], {})
    comments = {
        code: _sentence(words["criteria"][code], score, sheet)
        for code, score in sheet["scores"].items()
        if score < 4 or score > 9
    }
    best = max(sheet["scores"], key=lambda code: (sheet["scores"][code], code))
    comments.setdefault(best, _sentence(words["criteria"][best], sheet["scores"][best], sheet))
    comments |= own.get("criteria", {})
    first = min(one["judge"] for one in stage.document["sheets"][round_code] if one["entry"] == sheet["entry"])
    general = own.get("comment") or (words["entries"][sheet["entry"]] if sheet["judge"] == first else "")
    return judging.SheetInput(
        scores={code: Decimal(str(score)) for code, score in sheet["scores"].items()},
        comments=comments,
        comment=stage.calendar.words(general),
    )


def _sentence(bands: Mapping[str, list[str]], score: float, sheet: Piece) -> str:
    band = "below_4" if score < 4 else "from_4_to_7" if score < 7 else "from_7_to_9" if score <= 9 else "above_9"
    choice = bands[band]
    return choice[sum(map(ord, sheet["entry"] + sheet["judge"])) % len(choice)]


def _remind(moment: Moment) -> None:
    judging.remind_judge(moment.round("R1"), moment.seat(JUDGE), **moment.by)


def _begin(moment: Moment) -> None:
    """Leave a sheet half filled in on the desk of the account ``judge``."""
    sheet = next(
        one for one in moment.stage.document["sheets"]["R1"] if (one["entry"], one["judge"]) == (HALF_DONE, JUDGE)
    )
    scores = {code: Decimal(str(sheet["scores"][code])) for code in list(sheet["scores"])[:3]}
    given = judging.SheetInput(scores=scores, comments={"need": "Có nêu số lò gốm còn đỏ lửa; xem lại phần khảo sát."})
    judging.save_sheet(moment.assignment("R1", HALF_DONE, JUDGE), given, **moment.by)


def _enter_paper(sheet: Piece) -> Act:
    def act(moment: Moment) -> None:
        given = judging.PaperInput(
            scores={code: Decimal(str(score)) for code, score in sheet["scores"].items()},
            comment=moment.stage.words["entries"][sheet["entry"]],
        )
        judging.enter_paper_sheet(
            moment.round("R1"), moment.entry(sheet["entry"]), moment.seat(sheet["judge"]), given, **moment.by
        )

    return act


def _confirm_paper(moment: Moment) -> None:
    entry, judge = PAPER
    sheet = sheet_of(moment.round("R1").id, moment.entry(entry).id, moment.seat(judge).id)
    if sheet is None:
        raise KeyError(PAPER)
    judging.confirm_paper_sheet(sheet, **moment.by)


def _give_neutral_copy(moment: Moment) -> None:
    """The secretary takes the school's name out of P06's proposal by hand."""
    piece = next(one for one in moment.stage.document["entries"] if one["code"] == "P06")
    row = entry_queries.current_attachments(moment.entry("P06").id)["thuyet_minh"]
    entries.replace_file(
        row.id,
        file_name="Thuyết minh (bỏ tên trường).pdf",
        source=moment.stage.workshop.proposal(piece),
        reason="Tổ thư ký bỏ dòng ghi tên trường ở trang cuối; nội dung giữ nguyên.",
        **moment.by,
    )


def _ask_fourth(moment: Moment) -> None:
    """Incident 6: three sheets of S13 lie more than 25 points apart; a fourth judge reads it."""
    entry, judge = EXTRA
    judging.add_reader(
        moment.round("R1"),
        moment.entry(entry),
        seat=moment.seat(judge),
        reason=moment.stage.text(6, "reason"),
        **moment.by,
    )


def _close(moment: Moment) -> None:
    contests.close_round(moment.round("R1"), **moment.by)
