"""A small club with a school, a manager, students and an activity, without a contest."""

from datetime import UTC, datetime, timedelta
from typing import Any

from compapp.accounts import services as accounts
from compapp.accounts.models import Organisation, Person
from compapp.clubs import queries, services
from compapp.clubs.models import Activity, Cohort
from compapp.core.actor import Actor, Grant
from compapp.core.db import session, unit_of_work
from compapp.core.text import fold, name_sort_key

NOW = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")


def club(name: str = "CLB Thử") -> Organisation:
    """Add a club of a school with an open term; return it."""
    with unit_of_work():
        school = accounts.ensure_organisation("university", f"Trường của {name}", actor=SYSTEM, at=NOW)
        session().flush()
        made = accounts.ensure_organisation("club", name, parent_id=school.id, actor=SYSTEM, at=NOW)
        session().flush()
        services.ensure_cohort(made, "2026-2027-HK1", size=30, goal_entries=3, actor=SYSTEM, at=NOW)
    return made


def cohort_of(found: Organisation) -> Cohort:
    """Return the club's newest cohort."""
    made = queries.current_cohort(found.id)
    assert made is not None
    return made


def manager(found: Organisation) -> Actor:
    """Return a manager of the club as an actor."""
    made = people(1, prefix="Quản Lý")[0]
    return Actor(made.id, made.name, None, "vi", frozenset({Grant("manager", "organisation", found.id)}))


def student(person: Person) -> Actor:
    """Return a person without any role as an actor."""
    return Actor(person.id, person.name, None, "vi")


def people(count: int, *, prefix: str = "Bạn", member_of: Organisation | None = None) -> list[Person]:
    """Add people, into the club's cohort where one is given."""
    with unit_of_work():
        made = []
        for number in range(count):
            name = f"{prefix} {number:02}"
            made.append(
                Person(
                    name=name,
                    name_fold=fold(name),
                    name_sort=name_sort_key(name),
                    locale="vi",
                    active=True,
                    created_at=NOW,
                )
            )
        session().add_all(made)
        session().flush()
        if member_of is not None:
            cohort = cohort_of(member_of)
            for one in made:
                services.ensure_cohort_member(cohort, one.id, actor=SYSTEM, at=NOW)
    return made


def plan(**changes: Any) -> services.ActivityPlan:
    """Return the plan of a class in a week."""
    starts_at = changes.pop("starts_at", NOW + timedelta(days=7))
    given: dict[str, Any] = {
        "kind": "training",
        "topic": "ip",
        "title_vi": "Sở hữu trí tuệ",
        "title_en": "Intellectual property",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": "B21",
        "points": 5,
    }
    return services.ActivityPlan(**(given | changes))


def announced(found: Organisation, by: Actor, **changes: Any) -> Activity:
    """Plan and announce an activity."""
    with unit_of_work():
        made = services.plan_activity(cohort_of(found), plan(**changes), actor=by, at=NOW)
        services.announce_activity(made, actor=by, at=NOW)
    return made
