"""The whole year against the oracle of the sample: every figure, every gate, every incident."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.contests.queries import contest_by_code
from compapp.contests.queries.papers import vietnamese_organiser, vietnamese_superior
from compapp.core import audit
from compapp.core.audit import AuditRow
from compapp.core.db import session, session_scope
from compapp.core.numbers import exact
from compapp.demo.direction import Performance
from compapp.entries.models import Case, EligibilityDecision, Entry, EntryVersion, GuardianConsent
from compapp.incubation.models import MentoringSession
from compapp.judging.models import Assignment, Award, Publication, Seat, Sheet, Shortlist
from compapp.judging.queries.standings import file_rows, round_by_code, round_inputs
from compapp.placement.models import Intake, Offer, WaitingPlace
from tests.demo.test_phases import check_built

CODE = "VL-KNST-2026"
COMPARED = ("rank", "entry", "total", "gates_failed", "advances")


@pytest.mark.slow
def test_the_year_comes_out_as_the_oracle_says(
    build: Callable[..., Performance], oracle: dict[str, Any], runner: FlaskCliRunner
) -> None:
    build("incubation")
    with session_scope():
        check_sheets(oracle["R1"])
        check_tables_of_r1(oracle["R1"])
        check_reassigned(oracle["R1"])
        check_semi_final(oracle["R2"])
        check_final(oracle["R3"])
        check_places(oracle["placement"])
        check_incidents()
        check_letterhead()
        assert audit.verify() is None
    check_built(runner)


def check_sheets(expected: dict[str, Any]) -> None:
    """Every sheet of R1 stands with its total; the late conflict's is void, its replacement beside it."""
    found = {
        (entry, judge): (total, state)
        for entry, judge, total, state in session().execute(
            select(Entry.code, Seat.code, Sheet.total, Sheet.state)
            .join(Entry, Entry.id == Sheet.entry_id)
            .join(Seat, Seat.id == Sheet.seat_id)
            .where(Sheet.round_id == round_by_code(CODE, "R1").id)
        )
    }
    late = expected["late_conflict"]
    for row in expected["sheet_totals"]:
        total, state = found.pop((row["entry"], row["judge"]))
        voided = (row["entry"], row["judge"]) == (late["entry"], late["voided_judge"])
        assert total == exact(row["total"])
        assert state == ("void" if voided else "submitted")
    assert found == {
        (late["entry"], late["replacement_judge"]): (exact(late["replacement_scores"]["total"]), "submitted")
    }


def check_tables_of_r1(expected: dict[str, Any]) -> None:
    """Both publications hold the tables of their time; the stored sheets give the later one."""
    first, second = publications("R1")
    moments = expected["publications"]
    assert [publication.number for publication in (first, second)] == [1, 2]
    for publication, when in ((first, moments[0]), (second, moments[1])):
        boards = {board["code"]: board["rows"] for board in publication.content["boards"]}
        assert picked(boards) == picked(expected[when["table"]])
    assert sorted(second.difference["concerned"]) == sorted(moments[1]["told"])
    assert picked(file_rows(CODE, "R1")) == picked(expected["published"])
    inputs = round_inputs(round_by_code(CODE, "R1"))
    for board, rows in expected["published"].items():
        for row, wanted in zip(inputs.rows[board], rows, strict=True):
            for criterion in ("innovation", "feasibility"):
                assert shown(row.criterion_means[criterion]) == wanted[f"{criterion}_mean"]
            assert shown(row.spread) == wanted["spread"]


def check_reassigned(expected: dict[str, Any]) -> None:
    """The judge who left has no open assignment but the two that were scored."""
    rows = session().execute(
        select(Entry.code, Seat.code, Assignment.state)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .where(Assignment.round_id == round_by_code(CODE, "R1").id)
    )
    states = {(entry, judge): state for entry, judge, state in rows}
    for move in expected["reassigned"]:
        assert states[move["entry"], move["from"]] == "withdrawn"
        assert states[move["entry"], move["to"]] == "open"


def check_semi_final(expected: dict[str, Any]) -> None:
    """Totals, judges and finalists of R2."""
    (publication,) = publications("R2")
    assert totals(publication) == expected["totals"]
    assert {board: sorted(codes) for board, codes in decided(publication).items()} == expected["finalists"]
    assert judges("R2") == expected["judges"]


def check_final(expected: dict[str, Any]) -> None:
    """Totals, order, prizes and the audience's prize of R3."""
    (publication,) = publications("R3")
    assert totals(publication) == expected["totals"]
    order = {board["code"]: [row["entry"] for row in board["rows"]] for board in publication.content["boards"]}
    assert order == expected["order"]
    assert judges("R3") == expected["judges"]
    given = session().execute(
        select(Award.board_code, Award.award, Entry.code)
        .join(Entry, Entry.id == Award.entry_id)
        .where(Award.round_id == publication.round_id)
        .order_by(Award.id)
    )
    awards = [(board, award, entry) for board, award, entry in given]
    wanted = [(one["board"], one["award"], one["entry"]) for one in expected["awards"]]
    assert sorted(awards) == sorted([*wanted, ("", "audience", expected["audience_award"])])


def check_places(expected: dict[str, Any]) -> None:
    """Free places before the matching, who is where, and who waits, in order of merit."""
    intakes = list(session().scalars(select(Intake)))
    assert {one.code: one.capacity - one.occupied for one in intakes} == expected["free_places"]
    accepted = dict(
        session()
        .execute(
            select(Entry.code, Intake.code)
            .select_from(Offer)
            .join(Entry, Entry.id == Offer.entry_id)
            .join(Intake, Intake.id == Offer.intake_id)
            .where(Offer.state == "accepted")
        )
        .all()
    )
    assert accepted == {entry: code for entry, code in expected["expected"].items() if code is not None}
    waiting = session().execute(
        select(Intake.code, Entry.code)
        .select_from(WaitingPlace)
        .join(Entry, Entry.id == WaitingPlace.entry_id)
        .join(Intake, Intake.id == WaitingPlace.intake_id)
        .where(WaitingPlace.state == "waiting")
        .order_by(Intake.code, WaitingPlace.position)
    )
    assert [tuple(row) for row in waiting] == [(one["incubator"], one["entry"]) for one in expected["waiting_list"]]


def check_incidents() -> None:
    """All twelve incidents left their traces, in order of time."""
    latecomer = entry("S16")
    reopened = happened("entries.entry.reopened", latecomer.id)
    assert reopened.data["reason"]
    assert newest_version(latecomer.id).submitted_at > reopened.at
    consent = outcomes(entry("P05").id)
    assert consent == ["needs_fix", "eligible"]
    assert session().scalars(select(GuardianConsent.state)).all() == ["given", "given"]
    copied, twice, split = (
        session().scalars(select(Case).where(Case.kind == kind)).one()
        for kind in ("suspected_copy", "two_contests", "team_split")
    )
    assert (copied.entry.code, copied.other_entry.code if copied.other_entry else None) == ("S15", "S01")
    assert (twice.entry.code, split.entry.code) == ("S09", "S08")
    assert {copied.state, twice.state, split.state} == {"settled"}
    left = session().scalars(select(Seat).where(Seat.state == "left")).one()
    assert (left.code, len(sheets_of(left.id))) == ("J07", 2)
    spread = happened("judging.entry.spread_alert", entry("S13").id)
    assert spread.data["sheets"] == 3
    zero = next(row for row in file_rows(CODE, "R1")["pupil"] if row["entry"] == "P07")
    assert (zero["rank"], zero["advances"], zero["gates_failed"]) == (4, False, ["zero_criterion"])
    tied = {row["entry"]: row["tie_break"] for row in file_rows(CODE, "R1")["student"] if row["tie_break"]}
    assert tied == {"S14": "criterion_mean:innovation", "S08": "criterion_mean:innovation"}
    late = session().scalars(select(AuditRow).where(AuditRow.verb == "judging.sheet.void")).all()
    assert len(late) == 1
    assert entry("S08").frozen_at is None
    assert next(member.role for member in entry("S08").members if member.left_at is None) == "lead"
    missed = session().scalars(select(MentoringSession).where(MentoringSession.state == "missed")).one()
    assert (missed.missed_by, missed.mentorship.mentor.code) == ("mentor", "M02")
    moments = [reopened.at, copied.opened_at, twice.opened_at, left.left_at, spread.at, late[0].at, split.opened_at]
    assert all(earlier < later for earlier, later in itertools.pairwise([*moments, missed.starts_at]) if earlier)


def publications(round_code: str) -> list[Publication]:
    round_id = round_by_code(CODE, round_code).id
    statement = select(Publication).where(Publication.round_id == round_id).order_by(Publication.number)
    found = list(session().scalars(statement))
    for one in found:
        made = session().get_one(Shortlist, one.shortlist_id)
        assert made.prepared_by_id != made.approved_by_id
        assert one.decision_number
        assert one.decision_signer
        assert one.scan_blob_id
    return found


def picked(boards: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    return {board: [tuple(row[key] for key in COMPARED) for row in rows] for board, rows in boards.items()}


def shown(figure: Any) -> str:
    hundredths = (figure * 100 * 2 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def totals(publication: Publication) -> dict[str, str]:
    return {row["entry"]: row["total"] for board in publication.content["boards"] for row in board["rows"]}


def decided(publication: Publication) -> dict[str, list[str]]:
    found: dict[str, list[str]] = publication.content["decided"]
    return found


def judges(round_code: str) -> list[str]:
    statement = (
        select(Seat.code)
        .join(Sheet, Sheet.seat_id == Seat.id)
        .where(Sheet.round_id == round_by_code(CODE, round_code).id)
        .distinct()
        .order_by(Seat.code)
    )
    return list(session().scalars(statement))


def entry(code: str) -> Entry:
    contest_id = round_by_code(CODE, "R1").contest_id
    return session().scalars(select(Entry).where(Entry.contest_id == contest_id, Entry.code == code)).one()


def happened(verb: str, subject_id: int) -> AuditRow:
    """Return the first time that it happened."""
    statement = select(AuditRow).where(AuditRow.verb == verb, AuditRow.subject_id == subject_id)
    return session().scalars(statement.order_by(AuditRow.id)).first() or pytest.fail(f"{verb} never happened")


def newest_version(entry_id: int) -> EntryVersion:
    statement = select(EntryVersion).where(EntryVersion.entry_id == entry_id).order_by(EntryVersion.number.desc())
    return session().scalars(statement).first() or pytest.fail("no version")


def outcomes(entry_id: int) -> list[str]:
    statement = select(EligibilityDecision.outcome).where(EligibilityDecision.entry_id == entry_id)
    return list(session().scalars(statement.order_by(EligibilityDecision.id)))


def sheets_of(seat_id: int) -> list[Sheet]:
    return list(session().scalars(select(Sheet).where(Sheet.seat_id == seat_id, Sheet.state == "submitted")))


def check_letterhead() -> None:
    """Papers of the department name the body above it; a body that is not an office of the province has none."""
    contest = contest_by_code(CODE)
    assert (vietnamese_superior(contest), vietnamese_organiser(contest)) == (
        "UBND tỉnh Vĩnh Long",
        "Sở Khoa học và Công nghệ",
    )
    above = select(Organisation.parent_id).where(Organisation.name_vi == "Tỉnh Đoàn")
    assert session().scalars(above).all() == [None]
