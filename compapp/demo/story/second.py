"""The small contest of one university beside the large one: other boards, another rubric, the same path."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from compapp.contests import queries as contest_queries
from compapp.contests import services as contests
from compapp.demo.cast import SECOND, keys_of_team, players
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.demo.story.opening import WEEKEND
from compapp.entries import services as entries
from compapp.judging import services as judging
from compapp.judging.queries.results import open_shortlist
from compapp.judging.services.awards import AwardChoice
from compapp.judging.services.chosen import choose_assignment
from compapp.judging.services.publication import publish
from compapp.judging.services.shortlist import approve_shortlist, propose_shortlist

Act = Callable[[Moment], None]
Piece = Mapping[str, Any]

WITHDRAWN = "E03"
"""The entry that its team takes back: it has chosen the contest of the province (incident 4)."""

SHEETS = {
    ("E01", "J02"): (72, "20:10"),
    ("E02", "J01"): (73, "19:40"),
    ("E02", "J04"): (74, "20:50"),
    ("E02", "J02"): (78, "20:30"),
    ("E01", "J03"): (79, "19:15"),
    ("E01", "J04"): (80, "21:10"),
}
"""When each sheet is handed in; the account ``judge2`` (J02) has one to do on day 75.

A substitute hands in the sheet of the judge who falls ill.
"""

FALLS_ILL = (78, "08:30")
"""When that judge has to give the entry back."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps of the second contest."""
    at = stage.calendar.at
    yield Step(at(-8, "09:00"), "organiser2", _bring_in)
    yield Step(at(0, "08:30"), "organiser2", _announce)
    for number, piece in enumerate(stage.second["entries"]):
        yield from _team(stage, 24 + number * 8, piece)
    for number, piece in enumerate(stage.second["judges"]):
        key = f"{SECOND}-{piece['code']}"
        yield Step(at(38, f"10:{number * 5:02d}"), "organiser2", _invite(piece))
        yield Step(at(41 + number, "19:30"), key, _accept(piece["code"]))
    yield Step(at(59, "17:00"), SYSTEM, _close)
    yield Step(at(62, "08:00"), SYSTEM, move("R0", opening=True))
    for number, code in enumerate(("E01", "E02")):
        yield Step(at(63, f"1{number}:00"), "organiser2", _accept_entry(code))
    lead = keys_of_team(_entry(stage, WITHDRAWN), stage.document, stage.second)[0]
    yield Step(at(65, "20:30"), lead, _withdraw)
    yield Step(at(66, "17:00"), SYSTEM, move("R0", opening=False))
    yield Step(at(68, "09:00"), "organiser2", _choose)
    yield Step(at(69, "08:00"), SYSTEM, move("R1", opening=True))
    yield Step(at(69, "08:10"), "organiser2", _hand_out)
    substitute = stage.words["second_substitute"]
    yield Step(at(*FALLS_ILL), "organiser2", _substitute)
    for (code, judge), (day, clock) in SHEETS.items():
        hand = substitute["substitute"] if (code, judge) == (substitute["entry"], substitute["judge"]) else judge
        yield Step(at(day, clock), f"{SECOND}-{hand}", _hand_in(code, judge, hand))
    yield Step(at(83, "17:00"), SYSTEM, move("R1", opening=False))
    yield Step(at(83, "17:30"), "organiser2", _propose)
    yield Step(at(83, "18:30"), f"{SECOND}-J01", approve)
    yield Step(at(83, "19:00"), "organiser2", publish_result)


def _code(stage: Stage) -> str:
    return str(stage.second["contest"]["code"])


def _entry(stage: Stage, code: str) -> Piece:
    found: Piece = next(one for one in stage.second["entries"] if one["code"] == code)
    return found


def _bring_in(moment: Moment) -> None:
    """Import the definition, without the people and entries that are still to come."""
    stage = moment.stage
    document = {name: data for name, data in stage.second.items() if name not in ("judges", "entries", "sheets")}
    contest = contests.import_document(document, shift_to=stage.calendar.launch, **moment.by)
    contest.demonstration = True


def _announce(moment: Moment) -> None:
    contests.announce_contest(moment.contest(_code(moment.stage)), reason=WEEKEND, **moment.by)


def _team(stage: Stage, day: int, piece: Piece) -> Iterator[Step]:
    at = stage.calendar.at
    keys = keys_of_team(piece, stage.document, stage.second)
    yield Step(at(day, "19:00"), keys[0], _start(piece, keys))
    for place, key in enumerate(keys[1:], start=1):
        yield Step(at(day + 1, f"1{place}:00"), key, _join(piece, key, place))
    submitted = stage.calendar.moved(piece["submitted"])
    yield Step(submitted - timedelta(hours=2), keys[0], _complete(piece))
    yield Step(submitted, keys[0], _submit(piece))


def _start(piece: Piece, keys: list[str]) -> Act:
    def act(moment: Moment) -> None:
        stage = moment.stage
        contest = moment.contest(_code(stage))
        row = entries.start_entry(
            contest,
            board_code=piece["board"],
            institution=moment.organisation("institutions", piece["institution"], contest.code),
            title=piece["title"]["vi"],
            **moment.by,
        )
        stage.codes[contest.code, piece["code"]] = row.code
        people = {player.key: player for player in players(stage.document, stage.second)}
        for key in keys[1:]:
            _, token = entries.invite_member(row, email=people[key].email, name=people[key].name, **moment.by)
            stage.notes[f"{piece['code']}:{key}"] = token

    return act


def _join(piece: Piece, key: str, place: int) -> Act:
    def act(moment: Moment) -> None:
        member = piece["members"][place]
        entries.accept_invitation(
            moment.stage.notes.pop(f"{piece['code']}:{key}"),
            born=date.fromisoformat(member["born"]),
            class_name=member["class"],
            student_number=member["student_number"],
            **moment.by,
        )

    return act


def _complete(piece: Piece) -> Act:
    """Return the step in which the lead writes the answers and hands in the proposal."""

    def act(moment: Moment) -> None:
        row = moment.entry(piece["code"], _code(moment.stage))
        saved = entries.save_answers(row, dict(piece["answers"]), **moment.by)
        if saved.errors:
            raise ValueError(f"{piece['code']}: {dict(saved.errors)}")
        made = moment.stage.workshop.proposal(piece)
        entries.attach(row, "thuyet_minh", file_name="Thuyết minh.pdf", content=made, **moment.by)

    return act


def _submit(piece: Piece) -> Act:
    def act(moment: Moment) -> None:
        entries.submit_entry(moment.entry(piece["code"], _code(moment.stage)), **moment.by)

    return act


def _withdraw(moment: Moment) -> None:
    entries.withdraw_entry(moment.entry(WITHDRAWN, _code(moment.stage)), **moment.by)


def _close(moment: Moment) -> None:
    contests.close_contest(moment.contest(_code(moment.stage)), **moment.by)


def move(round_code: str, *, opening: bool) -> Act:
    """Return the step in which the clock opens or closes a round of the small contest."""

    def act(moment: Moment) -> None:
        verb = contests.open_round if opening else contests.close_round
        verb(moment.round(round_code, _code(moment.stage)), **moment.by)

    return act


def _accept_entry(code: str) -> Act:
    def act(moment: Moment) -> None:
        note = moment.stage.words["eligibility"]["default_note"]
        entries.decide_eligibility(moment.entry(code, _code(moment.stage)), "eligible", reason=note, **moment.by)

    return act


def _invite(piece: Piece) -> Act:
    def act(moment: Moment) -> None:
        stage = moment.stage
        contest = moment.contest(_code(stage))
        player = next(one for one in players(stage.document, stage.second) if one.key == f"{SECOND}-{piece['code']}")
        bodies = {
            code: organisation
            for section in ("organisations", "institutions")
            for code, organisation in contest_queries.bodies_of(contest.id, section)
        }
        wish = judging.SeatWish(
            sectors=piece["sectors"],
            institution=bodies.get(piece["institution"] or ""),
            affiliation=bodies.get(piece["affiliation"]),
            chair=piece["chair"],
            reserve=piece["code"] == stage.words["second_substitute"]["substitute"],
            degree=piece["degree"],
            position=piece["position"],
        )
        judging.invite_judge(contest, name=player.name, email=player.email, wish=wish, code=piece["code"], **moment.by)

    return act


def _accept(code: str) -> Act:
    def act(moment: Moment) -> None:
        judging.accept(moment.seat(code, _code(moment.stage)), pledge=True, **moment.by)

    return act


def _choose(moment: Moment) -> None:
    contest = _code(moment.stage)
    pairs = [(moment.entry(code, contest), moment.seat(judge, contest)) for code, judge in SHEETS]
    reason = "Ba giám khảo mỗi bài, không cùng trường với đội."
    choose_assignment(moment.round("R1", contest), pairs, reason=reason, **moment.by)


def _hand_out(moment: Moment) -> None:
    judging.publish_assignment(moment.round("R1", _code(moment.stage)), **moment.by)


def _substitute(moment: Moment) -> None:
    """A judge falls ill and nobody else is free of conflicts: the organiser takes the substitute in."""
    piece, contest = moment.stage.words["second_substitute"], _code(moment.stage)
    entry, ill = piece["entry"], moment.assignment("R1", piece["entry"], piece["judge"], contest)
    judging.withdraw_assignment(ill, piece["reason"], **moment.by)
    substitute = moment.seat(piece["substitute"], contest)
    judging.assign(ill.round, moment.entry(entry, contest), substitute, reason=piece["reason"], **moment.by)


def _hand_in(code: str, judge: str, hand: str) -> Act:
    def act(moment: Moment) -> None:
        words = moment.stage.words["second_contest"][code][judge]
        assignment = moment.assignment("R1", code, hand, _code(moment.stage))
        given = judging.SheetInput(
            scores={key: Decimal(str(score)) for key, score in words["scores"].items()},
            comments=words.get("criteria", {}),
            comment=words["comment"],
        )
        judging.save_sheet(assignment, given, **moment.by)
        judging.submit_sheet(assignment, **moment.by)

    return act


def withheld() -> dict[tuple[str, str, int], AwardChoice]:
    """Return the prizes that are not given: each board has one entry left."""
    why = AwardChoice(None, "Bảng chỉ còn một bài dự thi; giải Nhì không trao.")
    return {(board, "second", 1): why for board in ("idea", "project")}


def _propose(moment: Moment) -> None:
    propose_shortlist(moment.round("R1", _code(moment.stage)), awards=withheld(), **moment.by)


def approve(moment: Moment) -> None:
    """Approve what waits in R1, as the second person."""
    waiting = open_shortlist(moment.round("R1", _code(moment.stage)).id)
    if waiting is None:
        raise ValueError("nothing waits in R1")
    approve_shortlist(waiting, **moment.by)


def publish_result(moment: Moment) -> None:
    """Publish what was approved in R1."""
    waiting = open_shortlist(moment.round("R1", _code(moment.stage)).id)
    if waiting is None:
        raise ValueError("nothing waits in R1")
    publish(waiting, **moment.by)
