"""Where the options of ``options_from`` questions come from: sectors, organisations, kept sections."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.contests.definition import Choice, FormField, text_of
from compapp.contests.file.reader import KEPT_SECTIONS
from compapp.contests.models import Body, Contest
from compapp.core.db import session
from compapp.core.reading import read_once


def options_of(contest: Contest, field: FormField) -> tuple[Choice, ...]:
    """Return the options of a question; its own, the board's, or those of the section it names."""
    if field.options_from is None:
        if field.key == "board" and not field.options:
            return tuple(
                Choice(board.code, text_of(board.definition.get("label"), board.code)) for board in contest.boards
            )
        return field.options
    if field.options_from == "sectors":
        return tuple(Choice(one.code, text_of(one.definition.get("label"), one.code)) for one in contest.sectors)
    return _bodies(contest.id).get(field.options_from) or _kept(contest, field.options_from)


@read_once
def _bodies(contest_id: int) -> Mapping[str, tuple[Choice, ...]]:
    """Return the organisations behind the codes of a contest's file, by section."""
    return _bodies_of([contest_id])[contest_id]


def _bodies_of(contest_ids: Iterable[int]) -> dict[int, dict[str, tuple[Choice, ...]]]:
    found: dict[int, dict[str, tuple[Choice, ...]]] = {contest_id: {} for contest_id in contest_ids}
    rows = session().execute(
        select(Body.contest_id, Body.section, Body.code, Organisation.name_vi, Organisation.name_en)
        .join(Organisation, Organisation.id == Body.organisation_id)
        .where(Body.contest_id.in_(found))
        .order_by(Body.position)
    )
    for contest_id, section, code, name_vi, name_en in rows:
        sections = found[contest_id]
        sections[section] = (*sections.get(section, ()), Choice(code, {"vi": name_vi, "en": name_en}))
    return found


def prepare(contest_ids: Iterable[int]) -> None:
    """Read for several contests at once what :func:`options_of` asks of each."""
    for contest_id, sections in _bodies_of(contest_ids).items():
        _bodies.keep(sections, contest_id)


def _kept(contest: Contest, section: str) -> tuple[Choice, ...]:
    items = (contest.kept.get(KEPT_SECTIONS) or {}).get(section)
    if not isinstance(items, list):
        return ()
    return tuple(
        Choice(item["code"], text_of(item.get("label") or item.get("name") or item.get("title"), item["code"]))
        for item in items
        if isinstance(item, dict) and isinstance(item.get("code"), str)
    )
