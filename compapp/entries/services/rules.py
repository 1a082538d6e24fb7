"""The contest's rules about who may enter, settled by the database and said in words that tell what to do.

The rows that are counted are locked first (the person's, the institution's), so that two requests at the same
moment never both find a free place.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from compapp.accounts.models import Organisation, Person
from compapp.contests.definition import BoardRule, Rules
from compapp.contests.models import Board, Contest, Sector
from compapp.contests.queries import officials_among
from compapp.core.actor import Actor
from compapp.core.db import hold, session
from compapp.core.errors import Conflict, Invalid, Refused
from compapp.core.text import N_
from compapp.entries import queries
from compapp.entries.lifecycle import ACTIVE
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.quotas import counted_of_institution, quotas_of, working_sector

LEAD, ADVISOR = "lead", "advisor"


def person_id_of(actor: Actor) -> int:
    """Return who acts; Refused for a visitor or the system."""
    if actor.person_id is None:
        raise Refused(N_("Please sign in first."))
    return actor.person_id


def require(allowed: bool) -> None:
    """Raise Refused unless ``allowed``."""
    if allowed is not True:
        raise Refused(N_("Your role does not allow this here."))


def check_person(
    contest: Contest, person_id: int, *, role: str, board: Board | None = None, but: int | None = None
) -> None:
    """Raise when the person may not be on a team of this contest: officials, or somebody on enough other teams.

    The person's row is held, so that two requests never both find the last place. ``board`` adds its own limits;
    ``but`` leaves one entry out.
    """
    check_people(contest, {person_id: role}, board=board, but=but)


def check_people(
    contest: Contest, roles: Mapping[int, str], *, board: Board | None = None, but: int | None = None
) -> None:
    """Check several people with their roles on one team, as :func:`check_person` does for one."""
    rules, people = Rules.of(contest), sorted(roles)
    hold(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update(key_share=True))
    if rules.organisers_and_judges_may_not_enter and officials_among(contest.id, people):
        raise Refused(N_("Organisers, secretaries and judges of this contest may not be on a team."))
    rule = BoardRule.of(board) if board is not None else None
    for person_id, teams in _teams_of(contest.id, [one for one in people if roles[one] != ADVISOR], but).items():
        if rules.one_team_per_person and teams:
            raise Conflict(
                N_("One person may be on one team only. Leave the team of “%(title)s” first."),
                title=_title_of(teams[0].entry),
            )
        _check_teams(teams, rules.max_teams_per_person, rules.max_teams_led_per_person, roles[person_id])
        if board is not None and rule is not None:
            here = [one for one in teams if one.entry.board_id == board.id]
            _check_teams(here, rule.max_teams_per_person, rule.max_teams_led_per_person, roles[person_id])


def _teams_of(contest_id: int, person_ids: Sequence[int], but: int | None) -> dict[int, list[TeamMember]]:
    """Return each person's places on other active teams of the contest (not as an advisor)."""
    places: dict[int, list[TeamMember]] = {person_id: [] for person_id in person_ids}
    statement = (
        select(TeamMember)
        .join(TeamMember.entry)
        .where(
            Entry.contest_id == contest_id,
            Entry.id != (but or 0),
            Entry.state.in_(ACTIVE),
            TeamMember.person_id.in_(places),
            TeamMember.left_at.is_(None),
            TeamMember.role != ADVISOR,
        )
        .options(contains_eager(TeamMember.entry))
        .order_by(TeamMember.id)
    )
    for place in session().scalars(statement) if places else ():
        if place.person_id is not None:
            places[place.person_id].append(place)
    return places


def _check_teams(teams: Sequence[TeamMember], most: int | None, most_led: int | None, role: str) -> None:
    if most is not None and len(teams) >= most:
        raise Conflict(
            N_("One person may be on at most %(most)s teams. Leave the team of “%(title)s” first."),
            most=most,
            title=_title_of(teams[0].entry),
        )
    led = [one for one in teams if one.role == LEAD]
    if role == LEAD and most_led is not None and len(led) >= most_led:
        raise Conflict(
            N_("One person may lead at most %(most)s teams. Let somebody else lead this one, or “%(title)s”."),
            most=most_led,
            title=_title_of(led[0].entry),
        )


def _title_of(entry: Entry) -> str:
    return str(entry.title.get("vi") or entry.code)


def check_institution(
    contest: Contest,
    board: Board,
    institution: Organisation | None,
    *,
    sector: Sector | None = None,
    but: int | None = None,
) -> None:
    """Raise Invalid when the institution does not fit the board, Conflict when it has no entry left.

    Quotas of the contest, of the board, and of each by sector; the institution's row is held while they are counted.
    """
    rule = BoardRule.of(board)
    if rule.eligible_kinds:
        if institution is None:
            raise Invalid(fields={"institution": [(N_("Choose your institution."), {})]})
        if institution.kind not in rule.eligible_kinds:
            sentence = N_("This board is not for this kind of institution. Choose another board.")
            raise Invalid(sentence, fields={"board": [(sentence, {})]})
    if institution is None:
        return
    quotas = [one for one in quotas_of(contest, board, sector) if one.most is not None]
    if not quotas:
        return
    hold(select(Organisation.id).where(Organisation.id == institution.id).with_for_update(key_share=True))
    for quota in quotas:
        used = counted_of_institution(
            contest.id, institution.id, but=but, board_id=quota.board_id, sector_id=quota.sector_id
        )
        if used >= (quota.most or 0):
            raise Conflict(quota.full[0], most=quota.most, **quota.full[1])


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
    roles = {one.person_id: one.role for one in queries.active_members(entry.id) if one.person_id is not None}
    check_people(entry.contest, roles, board=board, but=entry.id)
    check_institution(entry.contest, board, entry.institution, sector=working_sector(entry), but=entry.id)
