"""Reading contests."""

from compapp.contests.queries.contests import (
    bodies_of,
    body_of,
    calendar,
    contest_by_code,
    contest_by_id,
    contest_facts,
    find_contest,
    managed_contests,
    round_by_id,
    round_of,
    rounds_of,
    rule_changes,
    sectors,
    visible_contests,
)
from compapp.contests.queries.public import PublicBoard, PublicContest, PublicRound, public_contest, read_contest
from compapp.contests.queries.record import messages_page
from compapp.contests.queries.roles import (
    contest_grants,
    holds_role,
    officials_among,
    people_with_role,
    register_bar,
    roles_of,
    staff_of,
)

__all__ = [
    "PublicBoard",
    "PublicContest",
    "PublicRound",
    "bodies_of",
    "body_of",
    "calendar",
    "contest_by_code",
    "contest_by_id",
    "contest_facts",
    "contest_grants",
    "find_contest",
    "holds_role",
    "managed_contests",
    "messages_page",
    "officials_among",
    "people_with_role",
    "public_contest",
    "read_contest",
    "register_bar",
    "roles_of",
    "round_by_id",
    "round_of",
    "rounds_of",
    "rule_changes",
    "sectors",
    "staff_of",
    "visible_contests",
]
