"""What judges say of their own seat: the pledge, what they know, when they have time, whether they will do the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.text import N_, nfc
from compapp.judging import notifications, policy, queries
from compapp.judging.models import Seat, SeatAnswer
from compapp.judging.services.rights import reason_of
from compapp.judging.services.titles import keep_titles, title_faults, titles_of

WILL_DO, CANNOT = "will_do", "cannot"
_VERBS = {WILL_DO: "judging.seat.will_do", CANNOT: "judging.seat.cannot"}
MOST_PERIODS = 10
LONGEST_EXPERTISE = 1000
NO_PLEDGE = N_("Please pledge confidentiality; without it nobody can judge.")


@dataclass(frozen=True)
class JudgeProfile:
    """What a judge says: sectors as codes, the first the main one; words; languages; load; days away (both included).

    ``max_load`` is the most entries in one round; None where the judge sets no limit. ``degree`` and ``position`` are
    for papers; None leaves them as they stand.
    """

    sectors: Sequence[str] = ()
    expertise: str = ""
    languages: Sequence[str] = ()
    max_load: int | None = None
    away: Sequence[tuple[date, date]] = ()
    degree: str | None = None
    position: str | None = None


def acknowledge_pledge(seat: Seat, *, pledge: bool, actor: Actor, at: datetime) -> None:
    """Acknowledge the present text of the pledge: its version, language and time are kept. Once is enough.

    Raises Refused for anybody but the judge, Invalid without the pledge.
    """
    if not policy.is_active_judge(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Only the judge may do this."))
    if not pledge:
        raise Invalid(fields={"pledge": [(NO_PLEDGE, {})]})
    if seat.pledged_at is None:
        keep_pledge(seat, actor=actor, at=at)


def keep_pledge(seat: Seat, *, actor: Actor, at: datetime) -> None:
    """Keep which text was acknowledged, in which language, when; the right was checked by the act around."""
    seat.pledged_at, seat.pledge_version, seat.pledge_locale = at, policy.PLEDGE_VERSION, actor.locale
    session().flush()
    audit.record(
        "judging.seat.pledge",
        seat,
        actor=actor,
        at=at,
        contest_id=seat.contest_id,
        data={"version": policy.PLEDGE_VERSION, "locale": actor.locale},
    )


def state_profile(seat: Seat, profile: JudgeProfile, *, actor: Actor, at: datetime) -> None:
    """Keep what a judge says of the own expertise, languages, load and days away.

    Raises Refused for anybody but the judge, Invalid for what the contest does not know or days that end first.
    """
    if not policy.is_active_judge(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Only the judge may do this."))
    keep_profile(seat, profile, actor=actor, at=at)


def keep_profile(seat: Seat, profile: JudgeProfile, *, actor: Actor, at: datetime) -> None:
    """Check and keep a profile; the right was checked by the act around."""
    _check(seat, profile)
    before = _said(seat)
    seat.sectors, seat.expertise = list(profile.sectors), nfc(profile.expertise).strip()
    seat.languages, seat.max_load = list(profile.languages), profile.max_load
    seat.away = [[first.isoformat(), last.isoformat()] for first, last in sorted(profile.away)]
    known = titles_of(seat)
    keep_titles(
        seat,
        known["degree"] if profile.degree is None else profile.degree,
        known["position"] if profile.position is None else profile.position,
    )
    session().flush()
    after = _said(seat)
    if before != after:
        data = {"before": before, "after": after}
        audit.record("judging.seat.describe", seat, actor=actor, at=at, contest_id=seat.contest_id, data=data)


def _said(seat: Seat) -> dict[str, Any]:
    names = ("sectors", "expertise", "languages", "max_load", "away")
    return {**{name: getattr(seat, name) for name in names}, **titles_of(seat)}


def _check(seat: Seat, profile: JudgeProfile) -> None:
    faults: dict[str, Any] = {**title_faults(profile.degree or "", profile.position or "")}
    known = {sector.code for sector in seat.contest.sectors}
    if any(code not in known for code in profile.sectors):
        faults["sectors"] = [(N_("This sector is not part of the contest."), {})]
    if any(code not in policy.LANGUAGES for code in profile.languages):
        faults["languages"] = [(N_("Choose from the list."), {})]
    if len(profile.expertise) > LONGEST_EXPERTISE:
        faults["expertise"] = [(N_("Write at most %(most)s characters."), {"most": LONGEST_EXPERTISE})]
    if profile.max_load is not None and not 1 <= profile.max_load <= 10000:
        faults["max_load"] = [(N_("Write a whole number of at least 1."), {})]
    if any(last < first for first, last in profile.away):
        faults["away"] = [(N_("A period ends before it begins."), {})]
    elif len(profile.away) > MOST_PERIODS:
        faults["away"] = [(N_("At most %(most)s periods."), {"most": MOST_PERIODS})]
    if faults:
        raise Invalid(fields=faults)


def answer_assignment(
    seat: Seat, round_: Round, *, answer: str, words: str = "", actor: Actor, at: datetime
) -> SeatAnswer:
    """Keep a judge's answer to what was given out in a round: will do it, or cannot (with words for the office).

    The office is told only of what cannot be done; the same again is nothing new. Raises Refused for anybody but the
    judge, Conflict where nothing is given out, Invalid for another answer or ``cannot`` without a word.
    """
    if not policy.is_active_judge(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Only the judge may do this."))
    if answer not in _VERBS:
        raise Invalid(fields={"answer": [(N_("Choose from the list."), {})]})
    given = queries.load_of(round_.id).get(seat.id, 0)
    if not given:
        raise Conflict(N_("Nothing is given to you in this round."))
    said = reason_of(words, required=answer == CANNOT)
    row = (
        session()
        .scalars(select(SeatAnswer).where(SeatAnswer.seat_id == seat.id, SeatAnswer.round_id == round_.id))
        .one_or_none()
    )
    if row is not None and (row.answer, row.words) == (answer, said):
        return row
    if row is None:
        row = SeatAnswer(seat=seat, round=round_, answer=answer, words=said, answered_at=at)
        session().add(row)
    row.answer, row.words, row.answered_at = answer, said, at
    session().flush()
    audit.record(
        _VERBS[answer],
        seat,
        actor=actor,
        at=at,
        contest_id=seat.contest_id,
        data={"round": round_.code, "given": given, "words": said},
    )
    if answer == CANNOT:
        notifications.judge_cannot(round_, seat, words=said, left=len(queries.unscored_in(round_.id, seat.id)), at=at)
    return row
