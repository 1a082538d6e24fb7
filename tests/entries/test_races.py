"""What must hold when many do the same at the same moment: real threads, one winner."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation
from compapp.contests.models import Contest
from compapp.core import clock
from compapp.core.db import session, session_scope, unit_of_work
from compapp.core.errors import Closed, Conflict, DomainError, Invalid
from compapp.core.outbox import OutboxMessage
from compapp.entries import queries, services
from compapp.entries.models import Attachment, EntryVersion, GuardianConsent, TeamMember, Upload
from compapp.entries.services import nominations, uploads
from compapp.entries.versions import Seen
from tests.clubs import builders as clubs
from tests.conftest import StoppedClock
from tests.entries import builders as b


def together(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all actions at once, each with its own session; return results or the errors they ended with."""
    barrier = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        with session_scope(), clock.reading(b.OPEN_AT):
            barrier.wait(20)
            try:
                with unit_of_work():
                    results[place] = action()
            except DomainError as error:
                results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    session().rollback()
    session().expire_all()
    return results


def test_twenty_clicks_make_one_receipt(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry_id = b.complete(b.a_draft(b.a_contest(), lead), lead).id
    session().rollback()
    made = together(
        [
            lambda: services.submit_entry(queries.entry(entry_id), actor=lead, at=b.OPEN_AT).receipt
            for _click in range(20)
        ]
    )
    assert len(set(made)) == 1 and isinstance(made[0], str)
    assert session().scalar(select(func.count()).select_from(EntryVersion)) == 1
    sent = session().scalar(select(func.count()).where(OutboxMessage.kind == "entry_submitted"))
    assert sent == 2


def test_an_invitation_lets_one_person_in(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    with unit_of_work():
        _row, token = services.invite_member(entry, email=None, name="Ai đó", actor=lead, at=b.OPEN_AT)
    people = [b.actor(b.person(f"Người {number}")) for number in range(20)]
    session().rollback()
    results = together([partial(services.accept_invitation, token, actor=who, at=b.OPEN_AT) for who in people])
    assert sum(isinstance(one, TeamMember) for one in results) == 1
    assert all(isinstance(one, TeamMember | Closed | Conflict) for one in results)
    assert len(queries.active_members(entry.id)) == 2


def test_pressed_twenty_times_one_person_is_invited_and_one_guardian_asked_once(
    db: Session, clock_at: StoppedClock
) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo", born=date(2010, 1, 1)))
    entry_id = b.a_draft(b.a_contest(), lead).id
    member_id = queries.active_members(entry_id)[0].id
    by = {"actor": lead, "at": b.OPEN_AT}
    guardian = {"guardian_name": "Lâm Văn Ba", "guardian_email": "ba@example.vn"}
    session().rollback()

    def press(number: int) -> Callable[[], Any]:
        def act() -> Any:
            entry = queries.entry(entry_id)
            if number % 2:
                return services.ask_guardian(entry, member_id, **guardian, **by)
            return services.invite_member(entry, email="moi@example.vn", name="Ai đó", **by)

        return act

    results = together([press(number) for number in range(20)])
    assert sum(isinstance(one, Invalid) for one in results) == 9
    assert sum(isinstance(one, Conflict) for one in results) == 9
    assert len(queries.invitations_of(entry_id)) == 1
    assert session().scalar(select(func.count()).select_from(GuardianConsent)) == 1


def test_a_team_never_grows_beyond_its_size(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    tokens = []
    for number in range(20):
        with unit_of_work():
            tokens.append(services.invite_member(entry, email=None, name=f"{number}", actor=lead, at=b.OPEN_AT)[1])
    people = [b.actor(b.person(f"Người {number}")) for number in range(20)]
    session().rollback()
    actions = [
        partial(services.accept_invitation, token, actor=who, at=b.OPEN_AT)
        for who, token in zip(people, tokens, strict=True)
    ]
    results = together(actions)
    assert len(queries.active_members(entry.id)) == 5
    assert sum(isinstance(one, Conflict) for one in results) == 16


def test_one_person_starts_one_entry(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    contest_id, lead = b.a_contest().id, b.actor(b.person("Lâm Hoài Thảo"))
    school_id = b.institution().id
    session().rollback()

    def begin() -> Any:
        return services.start_entry(
            session().get_one(Contest, contest_id),
            board_code="student",
            institution=session().get_one(Organisation, school_id),
            title="Một ý",
            actor=lead,
            at=b.OPEN_AT,
        )

    results = together([begin] * 20)
    assert sum(isinstance(one, Conflict) for one in results) == 19


def test_a_school_confirms_no_more_than_its_quota(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    document = b.definition()
    document["contest"]["rules"]["max_entries_per_institution"] = 2
    contest = b.a_contest(document=document)
    ids = [b.a_draft(contest, b.actor(b.person(f"Người {n}")), title=f"Ý {n}").id for n in range(20)]
    school = b.representative(b.institution())
    session().rollback()

    def confirm(entry_id: int) -> Any:
        return services.confirm_endorsement(queries.entry(entry_id), actor=school, at=b.OPEN_AT)

    results = together([partial(confirm, one) for one in ids])
    assert sum(isinstance(one, Conflict) for one in results) == 18 and all(results)
    assert queries.used_quota(contest.id, b.institution().id, b.OPEN_AT) == 2


def test_a_club_nominates_no_more_than_the_quota_of_its_school(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    document = b.definition()
    document["contest"]["rules"]["max_entries_per_institution"] = 2
    contest, house = b.a_contest(document=document), clubs.club()
    entries = [b.a_draft(contest, b.actor(b.person(f"Người {n}")), title=f"Ý {n}") for n in range(4)]
    with unit_of_work():
        house.parent_id = b.institution().id
        for entry in entries:
            entry.state = "submitted"
    boss, house_id, ids = clubs.manager(house), house.id, [entry.id for entry in entries]
    for entry in entries:
        with unit_of_work():
            nominations.review_for_club(entry, house, verdict="ready", note="Tốt", actor=boss, at=b.OPEN_AT)
    session().rollback()

    def nominate(entry_id: int) -> int:
        of = session().get_one(Organisation, house_id)
        return nominations.nominate(queries.entry(entry_id), of, actor=boss, at=b.OPEN_AT).entry_id

    results = together([partial(nominate, ids[hand % 4]) for hand in range(20)])
    won = [one for one in results if isinstance(one, int)]
    assert len(won) == len(set(won)) == 2 and sum(isinstance(one, Conflict) for one in results) == 18, results


def test_a_file_in_pieces_is_attached_once(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry, content = b.a_draft(b.a_contest(), lead), b.pdf("Trạm đo mặn")
    given: dict[str, Any] = {"file_name": "a.pdf", "size": len(content), "mark": "a", "actor": lead, "at": b.OPEN_AT}
    entry_id, hands = entry.id, range(20)
    begun = together([lambda: uploads.begin_upload(queries.entry(entry_id), "thuyet_minh", **given).id for _ in hands])
    assert len(set(begun)) == 1, begun
    upload = session().get_one(Upload, begun[0])
    session().rollback()
    sent = together([lambda: uploads.add_piece(session().get_one(Upload, begun[0]), 0, content) for _ in hands])
    assert [one for one in sent if not isinstance(one, Conflict)] == [len(content)], sent
    prepared = uploads.prepare_upload(queries.entry(entry_id), upload, sha256=None)
    session().rollback()

    def finish() -> int:
        return uploads.finish_upload(session().get_one(Upload, begun[0]), prepared, actor=lead, at=b.OPEN_AT).id

    done = together([finish for _ in hands])
    assert len([one for one in done if isinstance(one, int)]) == 1, done
    assert session().scalar(select(func.count()).select_from(Attachment)) == 1


def test_members_who_write_different_answers_at_once_lose_none(db: Session, clock_at: StoppedClock) -> None:
    clock_at(b.OPEN_AT)
    lead = b.actor(b.person("Lâm Hoài Thảo"))
    entry = b.a_draft(b.a_contest(), lead)
    keys = ["problem", "solution", "customers", "model", "finance", "impact", "resources", "member_roles"]
    entry_id, seen = entry.id, Seen(entry.version)

    def write(key: str) -> int:
        saved = services.save_answers(queries.entry(entry_id), {key: f"về {key}"}, seen=seen, actor=lead, at=b.OPEN_AT)
        return saved.entry.version

    session().rollback()
    made = together([partial(write, key) for key in keys])
    assert sorted(made) == list(range(seen.base + 1, seen.base + 1 + len(keys))), made
    kept = queries.entry(entry_id).answers
    assert {key: kept[key] for key in keys} == {key: f"về {key}" for key in keys}
