"""The hall screen: a link that can be ended, what the screen shows, and the award order step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from compapp.contests.definition import BoardRule, prizes_of
from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy
from compapp.judging.lifecycle import APPROVED
from compapp.judging.models import Hall, PitchPlan
from compapp.judging.queries.hall import AWARDS, ORDER, STAGE, halls_of
from compapp.judging.queries.results import awards_of, open_shortlist
from compapp.judging.services.awards import AwardLine, gives_awards, read_lines
from compapp.judging.services.hall.plan import new_screen_key, stored_plan, touch
from compapp.judging.services.rights import must

MODES = (STAGE, ORDER, AWARDS)


def open_screen(hall: Hall, *, actor: Actor, at: datetime) -> str:
    """Open the hall's screen and return its key; the one that is open already stays."""
    _must(hall.round, actor)
    session().refresh(hall, with_for_update=True)
    if hall.screen_key is None:
        hall.screen_key = new_screen_key()
        _record("judging.screen.open", hall, actor, at)
    return hall.screen_key


def end_screen(hall: Hall, *, actor: Actor, at: datetime) -> None:
    """End the hall's screen: its link opens nothing from now on, and the next one is another."""
    _must(hall.round, actor)
    session().refresh(hall, with_for_update=True)
    if hall.screen_key is not None:
        hall.screen_key = None
        _record("judging.screen.end", hall, actor, at)


def show_on_screen(hall: Hall, mode: str, *, actor: Actor, at: datetime) -> None:
    """Let the screen show the stage, the running order or the award order; Closed while no award is decided."""
    _must(hall.round, actor)
    if mode not in MODES:
        raise Invalid(N_("Choose what the screen shows."))
    if mode == AWARDS and not award_order(hall.round):
        raise Closed(N_("No award is decided by two people yet; there is nothing to show."))
    if hall.screen_mode != mode:
        hall.screen_mode = mode
        touch(hall)
        _record("judging.screen.show", hall, actor, at, {"mode": mode})


@dataclass(frozen=True)
class AwardCard:
    """An award as it is announced: what, on which board, and to whom (None: not given).

    ``place`` orders the awards as the rules list them.
    """

    label: Mapping[str, str]
    board: Mapping[str, str] | None
    vnd: int
    code: str | None
    title: Mapping[str, str] | None
    place: tuple[int, int]


def award_order(round_: Round) -> list[AwardCard]:
    """Return the awards in the order of announcing, the lowest first; nothing before two people have decided.

    What is published counts; before that the decision that waits for its publication.
    """
    lines = _decided_lines(round_)
    if not lines:
        return []
    prizes = {(prize.board or "", prize.award): (place, prize) for place, prize in enumerate(prizes_of(round_.contest))}
    boards = {board.code: BoardRule.of(board).label for board in round_.contest.boards}
    ranks = {code: place for place, code in enumerate(boards)}
    codes = [line.entry for line in lines if line.entry is not None]
    rows = session().execute(
        select(Entry.code, Entry.title).where(Entry.contest_id == round_.contest_id, Entry.code.in_(codes))
    )
    titles: dict[str, Mapping[str, str]] = {code: title for code, title in rows}  # noqa: C416

    def rank(line: AwardLine) -> tuple[int, int, int, int]:
        place, _prize = prizes.get((line.board, line.award), (0, None))
        return line.vnd, -place if not line.board else 0, -ranks.get(line.board, 0), -line.position

    return [
        AwardCard(
            label=prizes[line.board, line.award][1].label if (line.board, line.award) in prizes else {},
            board=boards.get(line.board),
            vnd=line.vnd,
            code=line.entry,
            title=titles.get(line.entry) if line.entry else None,
            place=(prizes.get((line.board, line.award), (0, None))[0], line.position),
        )
        for line in sorted(lines, key=rank)
    ]


def _decided_lines(round_: Round) -> list[AwardLine]:
    published = [award for award in awards_of(round_.contest_id) if award.round_id == round_.id]
    if published:
        return [
            AwardLine(
                one.board_code, one.award, one.position, one.entry.code if one.entry else None, one.vnd, one.reason
            )
            for one in published
        ]
    waiting = open_shortlist(round_.id) if gives_awards(round_) else None
    return read_lines(waiting.awards) if waiting is not None and waiting.state == APPROVED else []


def last_step(cards: int) -> int:
    """Return the last step of an award order: each award is named, then its winner; then all stand together."""
    return 2 * cards + 1


def step_awards(round_: Round, *, seen: int, to: int, actor: Actor, at: datetime) -> int:
    """Go from the step that the presenter sees to another; return the step that stands.

    Raises Refused, Closed while nothing is decided, Invalid for a step that is none, Conflict where somebody else
    has stepped on since.
    """
    _must(round_, actor)
    cards = award_order(round_)
    if not cards:
        raise Closed(N_("No award is decided by two people yet; there is nothing to show."))
    if not 0 <= to <= last_step(len(cards)):
        raise Invalid(N_("There is no such step."))
    stored_plan(round_)
    result: Any = session().execute(
        update(PitchPlan)
        .where(PitchPlan.round_id == round_.id, PitchPlan.award_step == seen)
        .values(award_step=to)
        .execution_options(synchronize_session=False)
    )
    plan = session().get_one(PitchPlan, round_.id, populate_existing=True)
    if result.rowcount != 1:
        if plan.award_step == to:
            return to
        raise Conflict(N_("Somebody else has stepped on. Please look at how it stands now."))
    for hall in halls_of(round_.id):
        touch(hall)
    audit.record(
        "judging.awards.step",
        ("round", round_.id),
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "from": seen, "to": to},
    )
    return to


def begin_awards_anew(round_: Round) -> None:
    """Take the award order off the screens: no decision stands behind it now, and the next one begins unseen."""
    session().execute(update(PitchPlan).where(PitchPlan.round_id == round_.id).values(award_step=0))
    for hall in halls_of(round_.id):
        if hall.screen_mode == AWARDS:
            hall.screen_mode = ORDER
        touch(hall)


def _must(round_: Round, actor: Actor) -> None:
    must(policy.may_run_stage, actor, round_.contest_id)


def _record(verb: str, hall: Hall, actor: Actor, at: datetime, data: dict[str, Any] | None = None) -> None:
    contest_id = hall.round.contest_id
    audit.record(verb, hall, actor=actor, at=at, contest_id=contest_id, data={"hall": hall.position, **(data or {})})
