"""The public vote: its result, entered by the organiser."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, Refused
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.models import ChairDecision, VoteResult
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import entry_names, votes_of
from compapp.judging.queries.vote_points import rounds_counting
from compapp.judging.services.awards import audience_order
from compapp.judging.services.figures import update_round
from compapp.judging.services.standings import decide_order

PUBLIC_VOTE = "public_vote"
MOST_VOTES = 2_000_000_000


def record_votes(round_: Round, votes: Mapping[str, int], *, actor: Actor, at: datetime) -> list[VoteResult]:
    """Enter how many votes each entry (by code) got; entries left out keep what they have.

    Raises Refused for anybody but the organiser, Closed before the vote is over or in another kind of round,
    Invalid for an unknown entry or an impossible number.
    """
    if not policy.may_enter_votes(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the organiser may enter the result of the public vote."))
    if round_.kind != PUBLIC_VOTE:
        raise Closed(N_("This round is not a public vote."))
    if at < round_.closes_at:
        raise Closed(N_("The public vote is not over yet."))
    names = entry_names(round_.contest_id, votes)
    if set(votes) - set(names):
        raise Invalid(N_("There is no such entry in this contest."))
    if any(not 0 <= count <= MOST_VOTES for count in votes.values()):
        raise Invalid(N_("A number of votes is a whole number from 0."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    known = {row.entry.code: row for row in votes_of(round_.id)}
    before = {code: row.votes for code, row in known.items()}
    for code, count in votes.items():
        if code in known:
            known[code].votes = count
        else:
            session().add(VoteResult(round_id=round_.id, entry_id=names[code].id, votes=count, definition={}))
    if before != {**before, **votes}:
        audit.record(
            "judging.votes.record",
            round_,
            actor=actor,
            at=at,
            contest_id=round_.contest_id,
            data={"before": before, "votes": dict(votes)},
        )
    session().flush()
    for counting in rounds_counting(round_):
        update_round(round_.contest, counting)
    return votes_of(round_.id)


def decide_vote_tie(round_: Round, entries: list[str], reason: str, *, actor: Actor, at: datetime) -> ChairDecision:
    """Order all entries that share the most votes; the chair's word, with a reason. Raises as ``decide_tie``."""

    def is_tied() -> bool:
        _, tied = audience_order(round_.contest)
        return bool(tied) and set(entries) == set(tied)

    return decide_order(round_, entries, reason, is_tied, actor=actor, at=at)
