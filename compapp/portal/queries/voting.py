"""The public vote: which entries stand for it, one's own votes, and what the organiser's report looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compapp.accounts.lifecycle import CONFIRMED, STATED
from compapp.accounts.models import Membership, Person, StudentIdentity
from compapp.contests.definition import RoundRule
from compapp.contests.lifecycle import ARCHIVED, DECIDED, DRAFT
from compapp.contests.models import Contest, Round
from compapp.contests.queries import find_contest
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.rounds import entries_of_round
from compapp.judging.scoring.public_vote import Ballot
from compapp.portal.models import PublicVote
from compapp.portal.policy import VoteFacts
from compapp.portal.queries.gallery import Shown, gallery_is_open, listed_entries, shown_entries

PUBLIC_VOTE = "public_vote"
PER_BOARD = "verified_account_and_board"
"""``one_vote_per``: a vote on every board; without it one vote for the whole contest."""
OPEN_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.com.vn", "icloud.com"}
)
"""Mail that anybody can have: sharing it says nothing."""


def vote_round(contest: Contest) -> Round | None:
    """Return the round of the public vote, if the contest has one."""
    return next((one for one in contest.rounds if one.kind == PUBLIC_VOTE), None)


def vote_facts(actor: Actor, code: str) -> VoteFacts | None:
    """Load what decides about voting in a contest; nothing for one without a vote that may be known of."""
    contest = find_contest(code)
    if contest is None or contest.state == DRAFT or vote_round(contest) is None:
        return None
    return VoteFacts(contest.id, facts_of_contest(actor, contest.id))


def is_open(round_: Round, at: datetime) -> bool:
    """Whether votes are taken at ``at``: within the window, of a contest whose gallery is open."""
    return round_.opens_at <= at <= round_.closes_at and gallery_is_open(round_.contest)


def standing(round_: Round, *, order_for: str = "") -> list[Shown]:
    """Return the entries that may be voted for: they take part, and their teams show them in the gallery.

    The order differs from reader to reader (``order_for``), so that none stands on top for everybody.
    """
    found = shown_entries(round_.contest, entries_of_round(round_).with_only_columns(Entry.id))
    return sorted(found, key=lambda one: sha256(f"{round_.id}:{order_for}:{one.code}".encode()).digest())


def candidate(round_: Round, code: str) -> Entry | None:
    """Return the entry ``code`` if it stands for the vote."""
    among = entries_of_round(round_).where(Entry.code == code).with_only_columns(Entry.id)
    return next(iter(listed_entries(round_.contest_id, among)), None)


def ballot_of(round_: Round, board_code: str) -> str:
    """Return which of a voter's votes one for an entry of this board is."""
    return board_code if RoundRule.of(round_).one_vote_per == PER_BOARD else ""


def own_votes(round_id: int, person_id: int | None) -> dict[str, PublicVote]:
    """Return a person's votes by ballot (a board's code, or empty)."""
    if person_id is None:
        return {}
    found = session().scalars(
        select(PublicVote).where(PublicVote.round_id == round_id, PublicVote.person_id == person_id)
    )
    return {vote.board_code: vote for vote in found}


def votes_cast(round_id: int) -> int:
    """Return how many votes stand, whatever for."""
    statement = select(func.count()).where(PublicVote.round_id == round_id, PublicVote.voided_at.is_(None))
    return int(session().scalar(statement) or 0)


def counts_of(round_id: int) -> dict[str, int]:
    """Return how many votes that stand each entry (by code) got; entries without one are left out."""
    rows = session().execute(
        select(Entry.code, func.count(PublicVote.id))
        .join(PublicVote, PublicVote.entry_id == Entry.id)
        .where(PublicVote.round_id == round_id, PublicVote.voided_at.is_(None))
        .group_by(Entry.code)
    )
    return {code: int(votes) for code, votes in rows}


def ballots(round_id: int) -> list[Ballot]:
    """Return the votes that stand with the marks that they may share; three statements."""
    rows = (
        session()
        .execute(
            select(PublicVote, Entry.code, Person.created_at, Person.email)
            .join(Entry, Entry.id == PublicVote.entry_id)
            .join(Person, Person.id == PublicVote.person_id)
            .where(PublicVote.round_id == round_id, PublicVote.voided_at.is_(None))
            .order_by(PublicVote.id)
        )
        .all()
    )
    voters = [vote.person_id for vote, *_ in rows]
    schools, numbers = _schools(voters), _student_numbers(voters)
    return [
        Ballot(
            id=vote.id,
            entry=code,
            cast_at=vote.cast_at,
            account_made_at=made_at,
            address=vote.address_key,
            network=vote.network_key,
            school=schools.get(vote.person_id),
            domain=_domain(email),
            person=frozenset({*numbers.get(vote.person_id, {}), *_mailbox(email)}),
            is_confirmed=CONFIRMED in numbers.get(vote.person_id, {}).values(),
            paper=vote.board_code,
        )
        for vote, code, made_at, email in rows
    ]


def _schools(people: Sequence[int]) -> dict[int, str]:
    rows = session().scalars(
        select(Membership)
        .where(Membership.person_id.in_(people), Membership.until.is_(None), Membership.organisation_id.is_not(None))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    )
    found: dict[int, str] = {}
    for row in rows:
        if row.organisation is not None:
            found.setdefault(row.person_id, row.organisation.name_vi)
    return found


def _student_numbers(people: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the student numbers of people, each with its school, as marks, and whether they are confirmed."""
    rows = session().scalars(
        select(StudentIdentity).where(
            StudentIdentity.person_id.in_(people), StudentIdentity.state.in_((STATED, CONFIRMED))
        )
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[f"number:{row.organisation_id}:{row.number_fold}"] = row.state
    return found


def _mailbox(email: str | None) -> list[str]:
    """Return the mailbox behind an address: what follows a plus, and at Gmail every point, makes no other mailbox."""
    if not email:
        return []
    name, _at, domain = email.lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    return [f"mail:{name}@{domain}"]


def _domain(email: str | None) -> str | None:
    domain = (email or "").rpartition("@")[2].lower()
    return domain if domain and domain not in OPEN_MAIL else None


@dataclass(frozen=True)
class Voided:
    """Votes that one deed voided: when, by whom, why, how many."""

    at: datetime
    by_name: str
    reason: str
    votes: int


def voided(round_id: int) -> list[Voided]:
    """Return what was voided so far, newest first."""
    columns = (PublicVote.voided_at, PublicVote.voided_by_name, PublicVote.void_reason)
    rows = session().execute(
        select(*columns, func.count())
        .where(PublicVote.round_id == round_id, PublicVote.voided_at.is_not(None))
        .group_by(*columns)
        .order_by(PublicVote.voided_at.desc())
    )
    return [Voided(at, name or "", reason or "", int(votes)) for at, name, reason, votes in rows if at is not None]


def standing_votes(round_id: int, ids: Sequence[int]) -> list[PublicVote]:
    """Return those of these votes that stand, locked until the end of the transaction."""
    rows = session().scalars(
        select(PublicVote)
        .where(PublicVote.round_id == round_id, PublicVote.id.in_(ids), PublicVote.voided_at.is_(None))
        .order_by(PublicVote.id)
        .with_for_update(of=PublicVote)
    )
    return list(rows)


def rounds_to_forget(at_latest: datetime) -> list[int]:
    """Return the vote rounds whose votes need no trace any more: the contest is decided, or the vote long over."""
    traced = select(PublicVote.round_id).where(PublicVote.address_key.is_not(None)).distinct()
    rows = session().execute(
        select(Round.id, Round.closes_at, Contest.state)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Round.id.in_(traced))
    )
    return [id_ for id_, closes_at, state in rows if state in (DECIDED, ARCHIVED) or closes_at < at_latest]
