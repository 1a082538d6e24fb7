"""The contest's rules about who may enter, settled by the database and said in words that tell what to do.

The rows that are counted are locked first (the person's, the institution's), so that two requests at the same
moment never both find a free place.
"""

from sqlalchemy import func, select

from compapp.accounts.models import Organisation, Person
from compapp.contests.definition import BoardRule, Rules
from compapp.contests.models import Board, Contest, ContestRole
from compapp.contests.queries import contest_grants
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.lifecycle import ACTIVE
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.dossier import counted_of_institution


def person_id_of(actor: Actor) -> int:
    """Return who acts; Refused for a visitor or the system."""
    if actor.person_id is None:
        raise Refused(N_("Please sign in first."))
    return actor.person_id


def require(allowed: bool) -> None:
    """Raise Refused unless ``allowed``."""
    if allowed is not True:
        raise Refused(N_("Your role does not allow this here."))


def check_person(contest: Contest, person_id: int, *, role: str, but: int | None = None) -> None:
    """Raise when the person may not be on a team of this contest: officials, or somebody on another team."""
    rules = Rules.of(contest)
    session().execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    if rules.organisers_and_judges_may_not_enter:
        given = (
            session()
            .scalars(
                select(ContestRole.id)
                .where(
                    ContestRole.contest_id == contest.id,
                    ContestRole.person_id == person_id,
                    ContestRole.until.is_(None),
                )
                .limit(1)
            )
            .one_or_none()
        )
        organises = any(grant.scope_id == contest.id for grant in contest_grants(person_id))
        if given is not None or organises:
            raise Refused(N_("Organisers, secretaries and judges of this contest may not be on a team."))
    if rules.one_team_per_person and role != "advisor":
        other = (
            session()
            .scalars(
                select(Entry)
                .join(TeamMember, TeamMember.entry_id == Entry.id)
                .where(
                    Entry.contest_id == contest.id,
                    Entry.id != (but or 0),
                    Entry.state.in_(ACTIVE),
                    TeamMember.person_id == person_id,
                    TeamMember.left_at.is_(None),
                    TeamMember.role != "advisor",
                )
                .limit(1)
            )
            .one_or_none()
        )
        if other is not None:
            raise Conflict(
                N_("One person may be on one team only. Leave the team of “%(title)s” first."),
                title=str(other.title.get("vi") or other.code),
            )


def check_institution(
    contest: Contest, board: Board, institution: Organisation | None, *, but: int | None = None
) -> None:
    """Raise Invalid when the institution does not fit the board, Conflict when it has no entry left."""
    rule = BoardRule.of(board)
    if rule.eligible_kinds:
        if institution is None:
            raise Invalid(fields={"institution": [(N_("Choose your institution."), {})]})
        if institution.kind not in rule.eligible_kinds:
            sentence = N_("This board is not for this kind of institution. Choose another board.")
            raise Invalid(sentence, fields={"board": [(sentence, {})]})
    most = Rules.of(contest).max_entries_per_institution
    if institution is None or most is None:
        return
    session().execute(select(Organisation.id).where(Organisation.id == institution.id).with_for_update(key_share=True))
    if counted_of_institution(contest.id, institution.id, but=but) >= most:
        raise Conflict(
            N_("Your institution has handed in %(most)s entries, the most this contest allows."),
            most=most,
        )


def check_room(entry: Entry, board: Board, *, role: str) -> None:
    """Raise Conflict when the team is full; the caller holds the entry's row."""
    most = BoardRule.of(board).team_max
    if most is None or role == "advisor":
        return
    count = session().scalar(
        select(func.count())
        .select_from(TeamMember)
        .where(TeamMember.entry_id == entry.id, TeamMember.left_at.is_(None), TeamMember.role != "advisor")
    )
    if (count or 0) >= most:
        raise Conflict(N_("This team is full: at most %(most)s members."), most=most)


def check_whole_team(entry: Entry, board: Board) -> None:
    """Raise when anybody on the team breaks a rule now (limits are checked again at every submission)."""
    members = queries.active_members(entry.id)
    for member in members:
        if member.person_id is not None:
            check_person(entry.contest, member.person_id, role=member.role, but=entry.id)
    check_institution(entry.contest, board, entry.institution, but=entry.id)
