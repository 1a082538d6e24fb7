"""Judges and organisers look at the files that the receipt names, not at what was picked after it."""

from typing import Any

from compapp.core.db import unit_of_work
from compapp.entries import queries, services
from tests.entries.builders import OPEN_AT, a_contest, a_submitted, actor, pdf, person


def test_a_file_picked_after_submitting_is_not_looked_at_before_it_is_submitted(
    app: Any, db: Any, clock_at: Any
) -> None:
    clock_at(OPEN_AT)
    contest = a_contest()
    lead = actor(person("Lâm Hoài Thảo"))
    entry = a_submitted(contest, lead)
    round_ = next(one for one in contest.rounds if one.code == "R1")

    def shown() -> tuple[str | None, set[str]]:
        version = queries.newest_version(entry.id)
        blob = queries.handed_in_files(entry, version)["thuyet_minh"].blob
        judged = {one.key for one in queries.anonymous_entry(entry.id, round_).files}
        return (blob.sha256 if blob else None), judged

    def receipt() -> str | None:
        version = queries.newest_version(entry.id)
        assert version is not None
        return next(one["sha256"] for one in version.content["attachments"] if one["key"] == "thuyet_minh")

    first = receipt()
    assert shown() == (first, {"thuyet_minh", "video"})
    with unit_of_work():
        content = pdf("Một bản khác hẳn")
        services.attach(entry, "thuyet_minh", file_name="moi.pdf", content=content, actor=lead, at=OPEN_AT)
    assert shown() == (first, {"thuyet_minh", "video"}), "the receipt still names the first"
    with unit_of_work():
        services.submit_entry(entry, actor=lead, at=OPEN_AT)
    assert receipt() != first and shown()[0] == receipt()
