"""What the papers of a round tell, read from what was published (or is about to be) and from the jury's seats."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.accounts.models import Organisation
from compapp.contests.definition import BoardRule, RoundRule
from compapp.contests.models import Body, Contest, ContestRole, Round
from compapp.contests.queries.papers import vietnamese_superior
from compapp.core import clock, formats
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.judging.lifecycle import ACCEPTED, SUBMITTED, VOID
from compapp.judging.models import Motion, Publication, Seat, Sheet
from compapp.judging.papers import AwardFact, BoardFact, JurorFact, ResultRow, RoundFacts, SheetFact
from compapp.judging.papers.facts import CHAIR, MEMBER, SECRETARY
from compapp.judging.queries.deliberation import votes_closed
from compapp.judging.queries.pitch_papers import panel_seats, pitch_facts
from compapp.judging.queries.results import next_round, public_names
from compapp.judging.scoring.card import Card
from compapp.judging.scoring.from_file import contest_scoring
from compapp.judging.scoring.model import SheetAdder
from compapp.judging.scoring.modes import mode_of, options_of
from compapp.judging.scoring.modes.pairwise import PAIRWISE
from compapp.judging.scoring.modes.top_pick import TOP_PICK
from compapp.judging.scoring.modes.yes_no import WORTH, YES_NO

_WRITTEN_IN = "vi"


def round_paper_facts(
    round_: Round, content: Mapping[str, Any], publication: Publication | None, rules: Iterable[str]
) -> RoundFacts:
    """Return what the papers of ``round_`` tell of ``content``; ``rules`` are its deciding rules as sentences."""
    contest = round_.contest
    teams = _teams(contest.id)
    public = public_names(contest.id, teams)
    titles = {row["entry"]: row for board in content["boards"] for row in board["rows"]}
    labels = {board["code"]: _vi(board["label"]) for board in content["boards"]}
    organiser = contest.organiser
    following = next_round(round_)
    sheets = _sheets(round_.id)
    panel = panel_seats(round_) if round_.kind == "live_pitch" else frozenset()
    boards = {board.code: _vi(BoardRule.of(board).label) for board in contest.boards}
    return RoundFacts(
        contest=_vi(contest.title),
        organiser=organiser.name_vi if organiser else "",
        superior=vietnamese_superior(contest),
        place=_place(contest, organiser),
        round=_vi(content["label"]),
        next_round=_vi(RoundRule.of(following).label) if following else "",
        next_day=clock.local(following.opens_at).date() if following else None,
        rule=" ".join(rules),
        boards=[_board(board, content.get("byes") or (), teams, public) for board in content["boards"]],
        awards=[_award(line, labels, titles, teams, public) for line in content.get("awards") or []],
        jury=_jury(contest.id, sheets, panel),
        secretaries=_secretaries(contest),
        sheets=sum(sheets.get(SUBMITTED, {}).values()),
        voided=sum(sheets.get(VOID, {}).values()),
        ties=[_tie(decision, titles) for decision in content["basis"].get("chair_decisions") or []],
        reason=content.get("reason") or "",
        differs=content.get("computed") != content.get("decided"),
        departures=[
            f"{titles[code]['number'] if code in titles else code} – {why}"
            for code, why in (content.get("departures") or {}).items()
        ],
        votes=[_vote(motion) for motions in votes_closed(round_.id, set()).values() for motion in motions],
        tally=_tally(round_, content, titles),
        pitch=pitch_facts(round_, boards, panel) if round_.kind == "live_pitch" else None,
        **_decision(publication),
    )


def _vote(motion: Motion) -> str:
    told = f"{motion.yes} đồng ý, {motion.no} không đồng ý, {motion.abstained} không ý kiến"
    return f"{motion.entry.number} – {motion.question} {told}."


def _tally(round_: Round, content: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> list[SheetFact]:
    """Return the sheets that a result rests on, by entry and judge."""
    sheets = (content["basis"].get("sheets") or {}).get(round_.code) or []
    if not sheets:
        return []
    side = contest_scoring(content["basis"]).rounds[round_.code]
    adder = SheetAdder(side.rule.rubric)
    found = session().scalars(select(Seat).where(Seat.contest_id == round_.contest_id).options(joinedload(Seat.person)))
    names = {seat.code: seat.person.name for seat in found}
    facts = [
        SheetFact(
            number=rows[sheet.entry]["number"],
            title=_vi(rows[sheet.entry]["title"]),
            judge=names.get(sheet.judge, sheet.judge),
            total=formats.number(adder.total(sheet), 2),
            is_void=not sheet.valid,
            said=_said(round_, adder.total(sheet)),
        )
        for sheet in side.sheets
        if sheet.entry in rows
    ]
    return sorted(facts, key=lambda one: (one.number, one.judge))


def sheet_fact(sheet: Sheet, card: Card | None) -> SheetFact:
    """Return one sheet for a paper of its own: the entry without its team, the judge by name."""
    lines = card.lines if card is not None and sheet.scores else ()
    said = _said(sheet.round, sheet.total) if sheet.total is not None else ""
    return SheetFact(
        number=sheet.entry.number,
        title=_vi(sheet.entry.title),
        judge=sheet.seat.person.name,
        total=formats.number(sheet.total, 2) if sheet.total is not None else "",
        is_void=sheet.state == VOID,
        criteria=[
            (
                _vi(line.label),
                "" if said else formats.number(line.criterion.weight, 0 if isinstance(line.weight, int) else 2),
                said or (formats.number(sheet.scores.get(line.code)) if sheet.scores.get(line.code) else ""),
                sheet.comments.get(line.code, ""),
            )
            for line in lines
        ],
        comment=sheet.comment,
        said=said,
    )


def _said(round_: Round, total: Fraction) -> str:
    """Return a sheet's total as what the judge said, in a round without points; nothing in another."""
    mode = mode_of(round_.definition)
    if mode is YES_NO:
        return {Fraction(WORTH): "Có", Fraction(0): "Không"}.get(total, "Chưa chắc")
    if mode is TOP_PICK:
        place = options_of(round_.definition)["places"] + 1 - total
        return f"Vị trí thứ {formats.number(place, 0)}" if total else "Không có vị trí"
    return f"Thắng {formats.number(total, 2)} % lượt so sánh" if mode is PAIRWISE else ""


def sheets_counted(round_id: int) -> int:
    """Return how many sheets of a round count."""
    return (
        session().scalar(select(func.count(Sheet.id)).where(Sheet.round_id == round_id, Sheet.state == SUBMITTED)) or 0
    )


def sheet_facts(round_id: int, card: Card | None, *, skip: int, most: int) -> list[SheetFact]:
    """Return the sheets that count, by judge, then entry: ``most`` of them after the first ``skip``."""
    rows = session().scalars(
        select(Sheet)
        .join(Sheet.seat)
        .join(Sheet.entry)
        .where(Sheet.round_id == round_id, Sheet.state == SUBMITTED)
        .options(contains_eager(Sheet.entry), contains_eager(Sheet.seat).joinedload(Seat.person))
        .order_by(Seat.code, Entry.number, Sheet.id)
        .offset(skip)
        .limit(most)
    )
    return [sheet_fact(sheet, card) for sheet in rows]


def _decision(publication: Publication | None) -> dict[str, Any]:
    number: str | None = publication.decision_number if publication else None
    dated: date | None = publication.decision_date if publication else None
    signer: str | None = publication.decision_signer if publication else None
    return {"number": number or "", "dated": dated, "signer": signer or ""}


def _vi(text: Any) -> str:
    return formats.localized(text, _WRITTEN_IN)


def _place(contest: Contest, organiser: Organisation | None) -> str:
    """Return where papers are dated: the organiser's province, else that of most of the contest's schools."""
    if organiser is not None and organiser.province:
        return organiser.province
    most = (
        select(Organisation.province)
        .join(Body, Body.organisation_id == Organisation.id)
        .where(Body.contest_id == contest.id, Body.section == "institutions", Organisation.province.is_not(None))
        .group_by(Organisation.province)
        .order_by(func.count().desc(), Organisation.province)
        .limit(1)
    )
    return session().scalar(most) or ""


def _teams(contest_id: int) -> dict[str, tuple[list[str], str]]:
    """Return names and school of every team of a contest by entry code."""
    rows = session().execute(
        select(Entry.code, TeamMember.name, Organisation.name_vi)
        .join(TeamMember, TeamMember.entry_id == Entry.id)
        .outerjoin(Organisation, Organisation.id == Entry.institution_id)
        .where(Entry.contest_id == contest_id, TeamMember.left_at.is_(None), TeamMember.role != "advisor")
        .order_by(Entry.code, TeamMember.position, TeamMember.id)
    )
    found: dict[str, tuple[list[str], str]] = {}
    for code, name, school in rows:
        found.setdefault(code, ([], school or ""))[0].append(name)
    return found


def _board(
    board: Mapping[str, Any],
    byes: Iterable[Mapping[str, Any]],
    teams: Mapping[str, Any],
    public: Mapping[str, list[str]],
) -> BoardFact:
    rows = [
        ResultRow(
            rank=row["rank"],
            number=row["number"],
            title=_vi(row["title"]),
            team=teams.get(row["entry"], ([], ""))[0],
            public_team=public.get(row["entry"], []),
            school=teams.get(row["entry"], ([], ""))[1],
            total=formats.number(row["total"]) if row["total"] is not None else "",
            passed=bool(row["decided"]),
            reserve=row["reserve"],
            barred=row["rank"] is None,
            stopped=bool(row.get("gates_failed")),
            bye=_vi(row["why"]) if "why" in row else "",
        )
        for row in (*board["rows"], *(one for one in byes if one["board"] == board["code"]))
    ]
    return BoardFact(_vi(board["label"]) or board["code"], board["places"], rows)


def _award(
    line: Mapping[str, Any],
    labels: Mapping[str, str],
    rows: Mapping[str, Mapping[str, Any]],
    teams: Mapping[str, Any],
    public: Mapping[str, list[str]],
) -> AwardFact:
    code = line["entry"] or ""
    row, (team, school) = rows.get(code, {}), teams.get(code, ([], ""))
    return AwardFact(
        board=labels.get(line["board"], ""),
        label=_vi(line.get("label")) or line["award"],
        number=row.get("number", code),
        title=_vi(row.get("title")),
        team=team,
        public_team=public.get(code, []),
        school=school,
        vnd=line["vnd"],
        reason=line.get("reason") or "",
    )


def _sheets(round_id: int) -> dict[str, dict[int, int]]:
    """Return how many sheets there are by state and seat."""
    rows = session().execute(
        select(Sheet.state, Sheet.seat_id, func.count())
        .where(Sheet.round_id == round_id)
        .group_by(Sheet.state, Sheet.seat_id)
    )
    found: dict[str, dict[int, int]] = {}
    for state, seat_id, count in rows:
        found.setdefault(state, {})[seat_id] = count
    return found


def _jury(contest_id: int, sheets: Mapping[str, Mapping[int, int]], panel: Collection[int]) -> list[JurorFact]:
    """Return the jury, the chair first; of a live round the chair and those who sit in its ``panel``."""
    seats = session().scalars(
        select(Seat)
        .where(Seat.contest_id == contest_id, Seat.state == ACCEPTED)
        .options(joinedload(Seat.person), joinedload(Seat.affiliation), joinedload(Seat.institution))
        .order_by(Seat.chair.desc(), Seat.code)
    )
    done = sheets.get(SUBMITTED, {})
    return [
        JurorFact(
            name=seat.person.name,
            degree=str(seat.definition.get("degree") or ""),
            position=str(seat.definition.get("position") or ""),
            unit=unit.name_vi if (unit := seat.affiliation or seat.institution) else "",
            duty=CHAIR if seat.chair else MEMBER,
            sheets=done.get(seat.id, 0),
        )
        for seat in seats
        if not panel or seat.chair or seat.id in panel
    ]


def _secretaries(contest: Contest) -> list[JurorFact]:
    rows = session().scalars(
        select(ContestRole)
        .where(ContestRole.contest_id == contest.id, ContestRole.role == "secretary", ContestRole.until.is_(None))
        .options(joinedload(ContestRole.person))
        .order_by(ContestRole.id)
    )
    return [
        JurorFact(
            name=role.person.name,
            degree=str(role.definition.get("degree") or ""),
            position=str(role.definition.get("position") or ""),
            unit=_unit(contest.id, role.definition.get("affiliation")),
            duty=SECRETARY,
        )
        for role in rows
    ]


def _unit(contest_id: int, code: object) -> str:
    """Return the name behind a code of the contest file; empty where there is none."""
    if not isinstance(code, str):
        return ""
    found = session().scalars(
        select(Organisation)
        .join(Body, Body.organisation_id == Organisation.id)
        .where(Body.contest_id == contest_id, Body.code == code)
        .order_by(Body.id)
        .limit(1)
    )
    organisation = found.one_or_none()
    return organisation.name_vi if organisation else ""


def _tie(decision: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> str:
    named = ", ".join(f"“{_vi(rows[code]['title'])}”" if code in rows else code for code in decision["entries"])
    return f"{named} – do {decision['by']} quyết định thứ tự. Lý do: {decision['reason']}"
