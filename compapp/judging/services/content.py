"""What a publication holds: rows, rule, and the sheets behind them, so that anybody can reckon it again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from compapp.contests.definition import BoardRule, RoundRule, prizes_of
from compapp.contests.models import Round
from compapp.judging.models import Publication, Shortlist
from compapp.judging.queries.results import EntryName, entry_names
from compapp.judging.queries.rounds import byes_of, entry_byes_of, rubric_of
from compapp.judging.queries.standings import RoundInputs
from compapp.judging.scoring.from_file import ContestScoring, contest_scoring
from compapp.judging.scoring.model import Comparison, RoundSheets, Rule, Sheet
from compapp.judging.scoring.standings import Row
from compapp.judging.services.awards import AwardLine
from compapp.judging.services.standings import stored_row

FORM = 1
"""The version of the content's form."""

_RULE_KEYS = (
    "code",
    "rubric",
    "mode",
    "mode_options",
    "aggregation",
    "tie_break",
    "gates",
    "advance",
    "extra_points",
    "carry",
    "spread_alert_points",
    "judges_per_entry",
)


def build_content(inputs: RoundInputs, shortlist: Shortlist, awards: Sequence[AwardLine]) -> dict[str, Any]:
    """Return the content of a publication of ``shortlist``: plain JSON, no moment, nobody's name.

    Names of people are not frozen: a page adds those that may be shown on the day it is read.
    """
    boards, single = byes_of(inputs.round), entry_byes_of(inputs.round)
    through = [(board, code) for board, codes in shortlist.decided.items() for code in codes]
    free = {(board, code): single.get(code) or boards.get(board) for board, code in through}
    byes = {pair: why for pair, why in free.items() if why is not None}
    scored = [row.entry for rows in inputs.rows.values() for row in rows]
    names = entry_names(inputs.contest.id, [*scored, *(code for _board, code in byes)])
    labels = {board.code: BoardRule.of(board).label for board in inputs.contest.boards}
    prizes = {(prize.board or "", prize.award): prize.label for prize in prizes_of(inputs.contest)}
    return {
        "form": FORM,
        "contest": inputs.contest.code,
        "round": inputs.round.code,
        "label": dict(RoundRule.of(inputs.round).label),
        "boards": [
            {
                "code": board,
                "label": dict(labels.get(board, {})),
                "places": inputs.own.rule.advance.get(board),
                "rows": [_content_row(row, names[row.entry], shortlist) for row in rows],
            }
            for board, rows in inputs.rows.items()
        ],
        "computed": shortlist.computed,
        "decided": shortlist.decided,
        "reserves": shortlist.reserves,
        **({"byes": [_bye(board, names[code], why) for (board, code), why in byes.items()]} if byes else {}),
        "reason": shortlist.reason,
        **({"departures": shortlist.departures} if shortlist.departures else {}),
        "prepared_by": shortlist.prepared_by_name,
        "approved_by": shortlist.approved_by_name,
        "awards": [{**asdict(line), "label": dict(prizes.get((line.board, line.award), {}))} for line in awards],
        "basis": basis_of(inputs),
    }


def _bye(board: str, name: EntryName, why: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry that goes through without being judged as a row without figures, and why."""
    return {
        "entry": name.code,
        "board": board,
        "number": name.number,
        "title": dict(name.title),
        "rank": None,
        "total": None,
        "sheets": 0,
        "criterion_means": {},
        "gates_failed": [],
        "decided": True,
        "reserve": None,
        "why": dict(why),
    }


def _content_row(row: Row, name: EntryName, shortlist: Shortlist) -> dict[str, Any]:
    stored = stored_row(row)
    del stored["explanation"]
    reserves = shortlist.reserves.get(row.board, [])
    return {
        **stored,
        "number": name.number,
        "title": dict(name.title),
        "decided": row.entry in shortlist.decided.get(row.board, []),
        "reserve": reserves.index(row.entry) + 1 if row.entry in reserves else None,
    }


def basis_of(inputs: RoundInputs) -> dict[str, Any]:
    """Return everything that decides the rows in the words of the contest file (judges by code)."""
    sides: dict[str, RoundSheets] = {**inputs.earlier, inputs.round.code: inputs.own}
    rounds = {one.code: one for one in inputs.contest.rounds if one.code in sides}
    rubrics = {code: rubric_of(inputs.contest, one) for code, one in rounds.items()}
    rules: Mapping[str, Any] = inputs.contest.definition.get("rules") or {}
    timed = any(step.name == "earlier_submission" for step in inputs.own.rule.tie_break)
    return {
        "contest": {
            "rules": {key: rules[key] for key in ("aggregation", "tie_break") if key in rules},
            "boards": [{"code": code} for code in inputs.boards],
        },
        "rubrics": list({piece["code"]: piece for piece in rubrics.values() if piece is not None}.values()),
        "rounds": [_rule_piece(one, sides[one.code].rule) for one in rounds.values()],
        "entries": [
            {"code": one.code, "board": one.board}
            | ({"submitted": one.submitted.isoformat()} if timed and one.submitted else {})
            for one in sorted(inputs.entrants.values(), key=lambda one: one.code)
        ],
        "sheets": {
            code: [_sheet_piece(sheet) for sheet in side.sheets if _has_figures(sheet)] for code, side in sides.items()
        },
        "points": {
            code: [{"entry": point.entry, "code": point.code, "value": str(point.value)} for point in side.points]
            for code, side in sides.items()
            if side.points
        },
        **_comparisons(inputs),
        "chair_decisions": [
            {"round": inputs.round.code, "entries": list(one.entries), "by": one.by, "reason": one.reason}
            | ({} if one.passes is None else {"passes": one.passes})
            for one in inputs.own.decisions
        ],
    }


def _comparisons(inputs: RoundInputs) -> dict[str, Any]:
    pieces = [comparison_piece(one) for one in inputs.own.comparisons]
    return {"comparisons": {inputs.round.code: pieces}} if pieces else {}


def comparison_piece(one: Comparison) -> dict[str, Any]:
    """Return a comparison in the words of the contest file; “cannot say” names no winner."""
    piece = {"judge": one.judge, "left": one.left, "right": one.right}
    return piece if one.winner is None else piece | {"winner": one.winner}


def _has_figures(sheet: Sheet) -> bool:
    """Whether a sheet says anything (one voided before it was begun does not)."""
    return sheet.scores is not None or sheet.total is not None


def _rule_piece(round_: Round, rule: Rule) -> dict[str, Any]:
    waived = {"waived": [list(one) for one in rule.waived]} if rule.waived else {}
    return {key: round_.definition[key] for key in _RULE_KEYS if key in round_.definition} | waived


def _sheet_piece(sheet: Sheet) -> dict[str, Any]:
    piece: dict[str, Any] = {"entry": sheet.entry, "judge": sheet.judge}
    if sheet.scores is not None:
        piece["scores"] = {code: str(score) for code, score in sheet.scores.items()}
    else:
        piece["total"] = str(sheet.total)
    if sheet.void:
        piece["void"] = True
    return piece


def scoring_of(content: Mapping[str, Any]) -> ContestScoring:
    """Return the publication's own basis as values of scoring."""
    return contest_scoring(content["basis"])


def rows_by_entry(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a content's rows by entry code, each with its board."""
    return {row["entry"]: {**row, "board": board["code"]} for board in content["boards"] for row in board["rows"]}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a correction changes: every entry whose rank, total or outcome moved.

    ``concerned`` are the entries whose own total or outcome changed; they are told. Others only moved up or down.
    """
    old, new = rows_by_entry(before), rows_by_entry(after)
    moved: list[dict[str, Any]] = []
    concerned: list[str] = []
    for code in sorted(old.keys() | new.keys()):
        was, now = _place_of(old.get(code)), _place_of(new.get(code))
        prizes = [_prizes(content, code) for content in (before, after)]
        if was == now and prizes[0] == prizes[1]:
            continue
        row = new.get(code) or old[code]
        moved.append({"entry": code, "board": row["board"], "title": row["title"], "before": was, "after": now})
        if was is None or now is None or prizes[0] != prizes[1] or _own(was) != _own(now):
            concerned.append(code)
    return {"moved": moved, "concerned": concerned}


def _place_of(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {key: row[key] for key in ("rank", "total", "decided")}


def _own(place: Mapping[str, Any]) -> tuple[Any, Any]:
    return place["total"], place["decided"]


def _prizes(content: Mapping[str, Any], code: str) -> list[tuple[str, str]]:
    return [(line["board"], line["award"]) for line in content.get("awards") or [] if line["entry"] == code]


def publication_number(previous: Publication | None) -> int:
    """Return the number of the next publication of a round."""
    return 1 if previous is None else previous.number + 1
