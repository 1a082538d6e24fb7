"""Student numbers: each student says theirs, the school confirms most of them; some came too late for that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compapp.accounts import queries as accounts
from compapp.accounts import services
from compapp.accounts.services.identities import CONFIRM
from compapp.demo.stage import Moment, Stage, Step

FACULTIES = {
    "NN": "Khoa Nông nghiệp – Thủy sản",
    "CK": "Khoa Kỹ thuật và Công nghệ",
    "DL": "Khoa Du lịch",
    "KT": "Khoa Kinh tế",
    "TT": "Khoa Công nghệ thông tin",
}
"""By the letters in the name of a class."""

LATE = 4
"""Each so many-th student of a school states the number after the school has gone through its list."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield what students say and schools confirm."""
    at = stage.calendar.at
    for piece in stage.document["institutions"]:
        students = _students(stage, piece["code"])
        if not students:
            continue
        for place, (key, member) in enumerate(students):
            said = at(6, f"08:{place:02}") if place % LATE == LATE - 1 else at(4, f"18:{place:02}")
            yield Step(said, key, _state(piece, member))
        yield Step(at(5, "16:00"), f"rep-{piece['code']}", _confirm(piece))


def _students(stage: Stage, institution: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Return key and facts of everybody with a student number at a school."""
    return [
        (f"{entry['code']}-{place}", member)
        for entry in stage.document["entries"]
        if entry["institution"] == institution
        for place, member in enumerate(entry["members"], start=1)
        if member["student_number"]
    ]


def _state(piece: Mapping[str, Any], member: Mapping[str, Any]) -> Any:
    """Return the step in which a student says their number."""

    def act(moment: Moment) -> None:
        person = accounts.person(moment.actor.person_id or 0)
        assert person is not None
        services.state_identity(
            person,
            moment.organisation("institutions", piece["code"]),
            member["student_number"],
            class_name=member["class"],
            faculty=FACULTIES[member["class"][4:6]],
            **moment.by,
        )

    return act


def _confirm(piece: Mapping[str, Any]) -> Any:
    """Return the step in which a school's representative confirms everybody who has stated a number."""

    def act(moment: Moment) -> None:
        school = moment.organisation("institutions", piece["code"])
        stated = [one.id for one in accounts.students_to_export(school.id, "", "stated")]
        services.decide_identities(school.id, stated, CONFIRM, **moment.by)

    return act
