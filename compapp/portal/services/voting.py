"""The public vote: casting and changing one's vote, voiding what was not honest, taking over the count."""

import hmac
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import update

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused
from compapp.core.text import N_, nfc
from compapp.judging.models import VoteResult
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.scoring.public_vote import count
from compapp.judging.services.votes import record_votes
from compapp.portal import notifications, policy, queries
from compapp.portal.models import PublicVote
from compapp.portal.policy import VoteFacts

TRACES_KEPT = timedelta(days=60)
"""How long after a vote its traces stay at most; they go earlier when the contest is decided."""
_SHORT_BLOCKS = {4: 24, 6: 48}
"""Bits of an address that name its network: what an access point or a household commonly shares."""


@dataclass(frozen=True)
class Trace:
    """Where a vote came from, as keyed hashes of the address and of its network; None where it is not known."""

    address: str | None = None
    network: str | None = None


def trace_of(address: str | None, round_id: int, secret: str) -> Trace:
    """Return the keyed hashes of an address: they tell equal from unequal within one vote, and nothing else."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return Trace()
    block = ip_network((found, _SHORT_BLOCKS[found.version]), strict=False)
    return Trace(*(_keyed(f"{round_id}:{one}", secret) for one in (found, block)))


def _keyed(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"public-vote:{text}".encode(), sha256).hexdigest()


def cast_vote(round_: Round, entry_code: str, *, trace: Trace, actor: Actor, at: datetime) -> PublicVote:
    """Give the actor's vote to an entry, or move it there; the same once more changes nothing.

    Raises Refused without an account, Closed outside the window, NotFound for an entry that does not stand for the
    vote. Two at once break the unique rule: the caller reads again.
    """
    _must_vote(round_, actor, at)
    entry = queries.candidate(round_, entry_code)
    if entry is None:
        raise NotFound(N_("This entry does not stand for the public vote."))
    ballot = queries.ballot_of(round_, entry.board.code)
    vote = queries.own_votes(round_.id, actor.person_id).get(ballot)
    if vote is not None and vote.entry_id == entry.id:
        return vote
    values = {"entry_id": entry.id, "cast_at": at, "address_key": trace.address, "network_key": trace.network}
    if vote is None:
        vote = PublicVote(round_id=round_.id, board_code=ballot, person_id=actor.person_id, changes=0, **values)
        session().add(vote)
        session().flush()
        verb = "portal.vote.cast"
    else:
        _move(vote, values)
        verb = "portal.vote.change"
    # Whom a person voted for is nobody's business: the record says that the vote was cast, not for which entry.
    audit.record(verb, vote, actor=actor, at=at)
    return vote


def withdraw_vote(round_: Round, entry_code: str, *, actor: Actor, at: datetime) -> bool:
    """Take the actor's own vote for an entry back, as if it had not been given; whether there was one.

    Raises Refused without an account, Closed outside the window.
    """
    _must_vote(round_, actor, at)
    own = queries.own_votes(round_.id, actor.person_id).values()
    vote = next((one for one in own if one.entry.code == entry_code and one.voided_at is None), None)
    if vote is None:
        return False
    audit.record("portal.vote.withdraw", vote, actor=actor, at=at)
    session().delete(vote)
    session().flush()
    return True


def _must_vote(round_: Round, actor: Actor, at: datetime) -> None:
    if not policy.may_vote(actor, VoteFacts(round_.contest_id, facts_of_contest(actor, round_.contest_id))):
        raise Refused(N_("Sign in with a confirmed account to vote."))
    if not queries.is_open(round_, at):
        raise Closed(N_("The public vote is not open now."))


def _move(vote: PublicVote, values: dict[str, Any]) -> None:
    result: Any = session().execute(
        update(PublicVote)
        .where(PublicVote.id == vote.id, PublicVote.changes == vote.changes, PublicVote.voided_at.is_(None))
        .values(changes=vote.changes + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session().refresh(vote)
    if result.rowcount != 1:
        raise Conflict(N_("Your vote was changed in another window meanwhile. Look at it again."))


def void_votes(round_: Round, votes: Collection[int], reason: str, *, actor: Actor, at: datetime) -> int:
    """Void votes (ids) in one deed with a reason, which their voters are told; return how many.

    Raises Refused for anybody but the organiser, Closed before the vote is over, Invalid without a reason or a vote.
    """
    _must_check(round_, actor, at)
    words = nfc(reason).strip()
    if not words:
        raise Invalid(fields={"reason": [(N_("Give the reason; the voters will read it."), {})]})
    found = queries.standing_votes(round_.id, list(votes))
    if not found:
        raise Invalid(fields={"reason": [(N_("Choose what you want to void."), {})]})
    for vote in found:
        vote.voided_at, vote.voided_by_name, vote.void_reason = at, actor.name, words
    session().flush()
    by_entry = Counter(vote.entry.code for vote in found)
    audit.record(
        "portal.votes.void",
        round_,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"votes": [vote.id for vote in found], "entries": dict(sorted(by_entry.items())), "reason": words},
    )
    notifications.votes_voided(round_, [vote.person_id for vote in found], words, at=at)
    return len(found)


def take_over_count(round_: Round, *, actor: Actor, at: datetime) -> list[VoteResult]:
    """Make the count of the votes that stand the result of the vote, 0 for entries without any.

    Raises Refused for anybody but the organiser, Closed before the vote is over.
    """
    _must_check(round_, actor, at)
    entries = [one.code for one in queries.standing(round_)]
    return record_votes(round_, count(queries.ballots(round_.id), entries), actor=actor, at=at)


def _must_check(round_: Round, actor: Actor, at: datetime) -> None:
    if not policy.may_check_votes(actor, VoteFacts(round_.contest_id, facts_of_contest(actor, round_.contest_id))):
        raise Refused(N_("Only an organiser of this contest can do this."))
    if at <= round_.closes_at:
        raise Closed(N_("The public vote is not over yet."))


def forget_traces(at: datetime) -> int:
    """Drop where votes came from once the contest is decided, or long after the vote; return how many."""
    rounds = queries.rounds_to_forget(at - TRACES_KEPT)
    if not rounds:
        return 0
    result: Any = session().execute(
        update(PublicVote)
        .where(PublicVote.round_id.in_(rounds), PublicVote.address_key.is_not(None))
        .values(address_key=None, network_key=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)
