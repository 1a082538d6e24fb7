"""What teams and their schools will read of a decision: posted held at its approval, let go by its publication."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.accounts.queries import representatives_of
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.entries.queries.team import team_people
from compapp.judging.models import Shortlist
from compapp.judging.notifications import results as notices
from compapp.judging.queries.results import EntryName, entry_names, latest_publication, next_round
from compapp.judging.queries.rounds import sends
from compapp.judging.queries.standings import RoundInputs
from compapp.judging.services.awards import read_lines
from compapp.judging.services.content import build_content, difference, rows_by_entry


def post_held(shortlist: Shortlist, inputs: RoundInputs, *, at: datetime) -> None:
    """Post what the teams will read, held: each its own result, or what a correction changes for it."""
    round_ = shortlist.round
    lines = read_lines(shortlist.awards)
    content = build_content(inputs, shortlist, lines)
    rows = rows_by_entry(content)
    names = entry_names(inputs.contest.id)
    byes = {one["entry"]: {**one, "outcome": notices.BYE} for one in content.get("byes") or ()}
    people = team_people(names[code].id for code in (*rows, *byes))
    before = latest_publication(round_.id)
    last = next_round(round_) is None or not sends(inputs.round)
    told = {code: {**row, "outcome": _outcome(row, last=last)} for code, row in rows.items()} | byes
    if before is None:
        for code, row in told.items():
            entry = names[code].id
            notices.result(shortlist, round_, row, people[entry], entry_id=entry, outcome=row["outcome"], at=at)
    else:
        changes = difference(before.content, content)
        for moved in changes["moved"]:
            entry = names[moved["entry"]].id
            if moved["entry"] in changes["concerned"]:
                notices.correction(shortlist, round_, moved, people.get(entry, []), entry_id=entry, at=at)
        known = {one["entry"] for one in before.content.get("byes") or ()}
        told = {code: row for code, row in told.items() if code in changes["concerned"] or code in byes.keys() - known}
        for code in byes.keys() - known:
            entry, row = names[code].id, byes[code]
            notices.result(shortlist, round_, row, people[entry], entry_id=entry, outcome=notices.BYE, at=at)
    _post_awards(shortlist, content, names, at=at)
    _post_to_schools(shortlist, content, told, at=at)


def _outcome(row: Mapping[str, Any], *, last: bool) -> str:
    if last:
        return notices.RANKED
    if row["decided"]:
        return notices.THROUGH
    return notices.RESERVE if row["reserve"] else notices.NOT_THROUGH


def _post_awards(
    shortlist: Shortlist, content: Mapping[str, Any], names: Mapping[str, EntryName], *, at: datetime
) -> None:
    won = [line for line in content["awards"] if line["entry"] is not None]
    before = latest_publication(shortlist.round_id)
    told = {
        (line["board"], line["award"], line["entry"]) for line in (before.content.get("awards") or [] if before else [])
    }
    people = team_people(names[line["entry"]].id for line in won)
    for line in won:
        if (line["board"], line["award"], line["entry"]) in told:
            continue
        entry = names[line["entry"]]
        notices.award(
            shortlist,
            shortlist.round,
            entry.title,
            people[entry.id],
            entry_id=entry.id,
            label=line["label"],
            code=f"{line['board']}-{line['award']}",
            vnd=line["vnd"],
            at=at,
        )


def _post_to_schools(
    shortlist: Shortlist, content: Mapping[str, Any], told: Mapping[str, Mapping[str, Any]], *, at: datetime
) -> None:
    """Tell each school of its entries in ``told`` (by code): one message, in the order of the entries' codes."""
    round_ = shortlist.round
    won: dict[str, list[Any]] = {}
    for line in content["awards"]:
        won.setdefault(line["entry"], []).append(line["label"])
    schools = session().execute(
        select(Entry.code, Organisation)
        .join(Organisation, Organisation.id == Entry.institution_id)
        .where(Entry.contest_id == round_.contest_id, Entry.code.in_(told))
        .order_by(Entry.code)
    )
    found: dict[Organisation, list[dict[str, Any]]] = {}
    for code, school in schools:
        row = {key: told[code][key] for key in ("title", "outcome", "total", "reserve")}
        found.setdefault(school, []).append({**row, "awards": won.get(code, [])})
    reason = shortlist.reason if latest_publication(round_.id) is not None else ""
    for school, entries in found.items():
        notices.school_results(
            shortlist, school.id, school.name, representatives_of(school.id), entries, reason=reason, at=at
        )
