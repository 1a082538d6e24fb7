"""Teams that do not agree with a result: two appeals that change nothing, one that reopens exactly one sheet."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from compapp.contests import services as contests
from compapp.demo.cast import SECOND, keys_of_team, players
from compapp.demo.stage import Moment, Stage, Step
from compapp.demo.story.second import approve as approve_second
from compapp.demo.story.second import publish_result as publish_second
from compapp.demo.story.second import withheld
from compapp.judging import services as judging
from compapp.judging.models import ResultAppeal
from compapp.judging.queries import sheet_of
from compapp.judging.queries.appeals import appeals_of_entry
from compapp.judging.queries.results import latest_publication
from compapp.judging.services.appeals import decide_appeal, file_appeal
from compapp.judging.services.feedback import OVERALL, withhold_comment
from compapp.judging.services.shortlist import propose_shortlist

Act = Callable[[Moment], None]
Piece = Mapping[str, Any]

OFFICER = "appeals"
"""Who decides appeals: took no part in any decision and does not judge."""

FILED = {"S08": ((82, "12:20"), (83, "10:00")), "P07": ((84, "08:30"), (86, "09:00"))}
"""When a team of the large contest appeals, and when it gets its answer."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the appeals of both contests, and the comment that a team reads in other words."""
    at = stage.calendar.at
    yield Step(at(33, "16:00"), "organiser", _name_officer(stage.code))
    yield Step(at(33, "16:10"), "organiser2", _name_officer(str(stage.second["contest"]["code"])))
    yield Step(at(81, "18:50"), "organiser", _moderate)
    for piece in stage.words["appeals"]:
        filed, answered = FILED[piece["entry"]]
        yield Step(at(*filed), f"{piece['entry']}-1", _file(piece))
        yield Step(at(*answered), OFFICER, _dismiss(piece))
    yield from _upheld(stage)


def _upheld(stage: Stage) -> Iterator[Step]:
    """One sheet is opened again and filled in anew; the correction is prepared and approved like every decision."""
    at, code = stage.calendar.at, str(stage.second["contest"]["code"])
    piece = stage.words["second_appeal"]
    entry = next(one for one in stage.second["entries"] if one["code"] == piece["entry"])
    lead = keys_of_team(entry, stage.document, stage.second)[0]
    yield Step(at(85, "20:15"), lead, _file(piece, code))
    yield Step(at(87, "09:30"), OFFICER, _uphold(piece, code))
    yield Step(at(87, "20:40"), f"{SECOND}-{piece['judge']}", _score_again(piece, code))
    yield Step(at(88, "09:00"), "organiser2", _propose_correction(piece, code))
    yield Step(at(88, "15:00"), f"{SECOND}-J01", approve_second)
    yield Step(at(89, "08:00"), "organiser2", publish_second)


def _name_officer(code: str) -> Act:
    def act(moment: Moment) -> None:
        player = next(one for one in players(moment.stage.document, moment.stage.second) if one.key == OFFICER)
        contests.grant_role(moment.contest(code), player.email, player.name, "approver", **moment.by)

    return act


def _moderate(moment: Moment) -> None:
    """Let a team read a comment in other words before the result is out; the judge's own stay on the sheet."""
    piece = moment.stage.words["moderated"]
    sheet = sheet_of(moment.round("R1").id, moment.entry(piece["entry"]).id, moment.seat(piece["judge"]).id)
    if sheet is None:
        raise KeyError(piece["entry"])
    withhold_comment(sheet, OVERALL, piece["reason"], shown=piece["shown"], **moment.by)


def _file(piece: Piece, code: str | None = None) -> Act:
    def act(moment: Moment) -> None:
        publication = latest_publication(moment.round("R1", code).id)
        if publication is None:
            raise ValueError("nothing is published in R1")
        entry = moment.entry(piece["entry"], code)
        file_appeal(entry, publication, ground=piece["ground"], text=piece["text"], **moment.by)

    return act


def _appeal(moment: Moment, piece: Piece, code: str | None = None) -> ResultAppeal:
    (found,) = appeals_of_entry(moment.entry(piece["entry"], code).id).values()
    return found


def _dismiss(piece: Piece) -> Act:
    def act(moment: Moment) -> None:
        decide_appeal(_appeal(moment, piece), "dismiss", outcome=piece["answer"], **moment.by)

    return act


def _uphold(piece: Piece, code: str) -> Act:
    def act(moment: Moment) -> None:
        round_, entry = moment.round("R1", code), moment.entry(piece["entry"], code)
        sheet = sheet_of(round_.id, entry.id, moment.seat(piece["judge"], code).id)
        if sheet is None:
            raise KeyError(piece["judge"])
        appeal = _appeal(moment, piece, code)
        decide_appeal(appeal, "uphold", reopens=f"sheet:{sheet.id}", outcome=piece["answer"], **moment.by)

    return act


def _score_again(piece: Piece, code: str) -> Act:
    def act(moment: Moment) -> None:
        words = moment.stage.words["second_contest"][piece["entry"]][piece["judge"]]
        scores = {**words["scores"], "novelty": piece["novelty"]}
        given = judging.SheetInput(
            scores={key: Decimal(str(score)) for key, score in scores.items()},
            comments={"novelty": piece["comment"]},
            comment=words["comment"],
        )
        assignment = moment.assignment("R1", piece["entry"], piece["judge"], code)
        judging.save_sheet(assignment, given, **moment.by)
        judging.submit_sheet(assignment, **moment.by)

    return act


def _propose_correction(piece: Piece, code: str) -> Act:
    def act(moment: Moment) -> None:
        propose_shortlist(moment.round("R1", code), awards=withheld(), reason=piece["correction"], **moment.by)

    return act
