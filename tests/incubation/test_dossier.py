"""A team's mentor reads its entry: what a jury may read and who the team is, each time written down."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.contests.models import Contest
from compapp.core import files
from compapp.core.audit import AuditRow
from compapp.core.db import session, unit_of_work
from compapp.entries.models import Attachment, EntryVersion
from compapp.incubation import queries, services
from tests.incubation import builders
from tests.placement import builders as placement

AsPerson = Callable[..., FlaskClient]
CONFIDENTIAL, PRIVATE = "Cảm biến tự hiệu chỉnh", "Một bạn đang bảo lưu"


def attached(entry_id: int, key: str) -> int:
    row = Attachment(
        entry_id=entry_id,
        key=key,
        blob_id=files.store(f"%PDF {entry_id} {key}".encode(), at=builders.ASSIGNED).id,
        file_name=f"{key}.pdf",
        uploaded_at=builders.ASSIGNED,
        findings=[],
        kind="pdf",
        definition={},
    )
    session().add(row)
    session().flush()
    return row.id


@pytest.fixture
def contest(app: Any, db: Session, clock_at: Any) -> Contest:
    found = builders.load()
    clock_at(builders.FIRST)
    return found


def test_the_mentor_reads_the_entry_and_nobody_else_by_this_way(contest: Contest, as_person: AsPerson) -> None:
    link = builders.assign(contest, "S01", "M02")
    residency, entry = builders.residency(contest, "S01"), placement.entry(contest, "S01")
    with unit_of_work():
        content = {"answers": {"solution": CONFIDENTIAL, "member_roles": PRIVATE}}
        session().add(
            EntryVersion(
                entry_id=entry.id,
                number=99,
                receipt="R-99",
                content=content,
                sha256="0" * 64,
                submitted_at=builders.ASSIGNED,
            )
        )
        mine = {key: attached(entry.id, key) for key in ("thuyet_minh", "school_confirm")}
        other = attached(placement.entry(contest, "S06").id, "thuyet_minh")
    place = f"/residencies/{residency.id}/dossier"
    mentor = as_person(builders.mentor_person(contest, "M02"))
    page = mentor.get(place).get_data(as_text=True)
    assert CONFIDENTIAL in page
    assert PRIVATE not in page
    assert "school_confirm.pdf" not in page
    assert place in mentor.get(f"/residencies/{residency.id}").get_data(as_text=True)
    with closing(mentor.get(f"{place}/files/{mine['thuyet_minh']}")) as sent:
        assert (sent.status_code, sent.headers["Content-Disposition"].split(";")[0]) == (200, "attachment")
    for hidden in (mine["school_confirm"], other, 999_999):
        assert mentor.get(f"{place}/files/{hidden}").status_code == 404
    verbs = ("entries.entry.identity_viewed", "entries.file.downloaded")
    for verb in verbs:
        assert session().scalar(select(func.count()).select_from(AuditRow).where(AuditRow.verb == verb)) == 1
    whom = {
        builders.manager_person(contest, "S01").id: 403,
        placement.member_person(contest, "S01").id: 403,
        builders.mentor_person(contest, "M03").id: 404,
    }
    for person_id, status in whom.items():
        client = as_person(person_id)
        assert client.get(place).status_code == status
        assert client.get(f"{place}/files/{mine['thuyet_minh']}").status_code == status
    with unit_of_work():
        services.end_mentorship(
            queries.mentorship(link.id),
            reason="Chuyển công tác",
            actor=builders.manager(contest, "S01"),
            at=builders.FIRST,
        )
    assert mentor.get(place).status_code == 404
