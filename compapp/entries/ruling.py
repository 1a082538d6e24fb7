"""The eligibility rules of a board, applied to a team: what is not met, each in a sentence that says what to do. Pure.

Limits that many teams share (quotas, one team per person) are settled by the database in ``services/rules.py``;
what stands here depends on one team alone, so that the team can be told while it is still working.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compapp.contests.definition import BoardRule
from compapp.core.errors import Sentence
from compapp.core.text import N_

ADVISOR = "advisor"
TEAM, OWNERSHIP = "team", "ownership"


@dataclass(frozen=True, slots=True)
class Member:
    """One person on the team, as far as rules ask."""

    name: str
    role: str
    born: date | None
    institution_id: int | None
    has_stated: bool = True
    """Whether the member gave the own word that the idea is the team's; true where no rule asks for it."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team and what it told: ``closes_on`` is the local day entries close, ``received`` is đồng."""

    members: tuple[Member, ...]
    institution_id: int | None
    closes_on: date
    received: Decimal | None = None
    founded: date | None = None

    @property
    def counted(self) -> tuple[Member, ...]:
        """Return the members that rules count: everybody but the advisor."""
        return tuple(one for one in self.members if one.role != ADVISOR)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is not met: its key, where it is put right (team, ownership, a question), and the sentence."""

    rule: str
    place: str
    sentence: Sentence


def age_on(born: date, day: date) -> int:
    """Return the whole years since ``born`` on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def faults(rule: BoardRule, team: Team) -> list[Fault]:
    """Return which rules of the board the team does not meet, in the order of :data:`RULES`."""
    return [fault for check in RULES.values() for fault in check(rule, team)]


def _size(rule: BoardRule, team: Team) -> Iterable[Fault]:
    count = len(team.counted)
    if count < rule.team_min:
        sentence = N_("needs at least %(least)s members, it has %(count)s")
        yield Fault("team_size", TEAM, (sentence, {"least": rule.team_min, "count": count}))
    elif rule.team_max is not None and count > rule.team_max:
        sentence = N_("may have at most %(most)s members, it has %(count)s")
        yield Fault("team_size", TEAM, (sentence, {"most": rule.team_max, "count": count}))


def _advisor(rule: BoardRule, team: Team) -> Iterable[Fault]:
    if rule.needs_advisor and not any(one.role == ADVISOR for one in team.members):
        yield Fault("advisor", TEAM, (N_("needs an advisor (a teacher). Invite one on the page of the team."), {}))


def _own_share(rule: BoardRule, team: Team) -> Iterable[Fault]:
    if team.institution_id is None or not team.counted:
        return
    own = sum(one.institution_id == team.institution_id for one in team.counted)
    count = len(team.counted)
    if rule.own_students_percent is not None and own * 100 < rule.own_students_percent * count:
        sentence = N_(
            "needs at least %(percent)s %% of its members from the school it enters for; it has %(own)s of %(count)s. "
            "Check each member’s school, or let other members take part."
        )
        yield Fault("own_share", TEAM, (sentence, {"percent": rule.own_students_percent, "own": own, "count": count}))
    if rule.own_students_min is not None and own < rule.own_students_min:
        sentence = N_(
            "needs at least %(least)s members from the school it enters for; it has %(own)s. "
            "Check each member’s school, or let other members take part."
        )
        yield Fault("own_number", TEAM, (sentence, {"least": rule.own_students_min, "own": own}))


def _ages(rule: BoardRule, team: Team) -> Iterable[Fault]:
    if rule.age_min is None and rule.age_max is None:
        return
    unknown = [one.name for one in team.counted if one.born is None]
    ages = [(one.name, age_on(one.born, team.closes_on)) for one in team.counted if one.born is not None]
    young = [name for name, age in ages if rule.age_min is not None and age < rule.age_min]
    old = [name for name, age in ages if rule.age_max is not None and age > rule.age_max]
    if unknown:
        sentence = N_("needs the date of birth of: %(names)s. Each can give it on the page of the team.")
        yield Fault("age_unknown", TEAM, (sentence, {"names": ", ".join(unknown)}))
    if young:
        sentence = N_("may have members from %(least)s years on when entries close; too young: %(names)s")
        yield Fault("age_min", TEAM, (sentence, {"least": rule.age_min, "names": ", ".join(young)}))
    if old:
        sentence = N_("may have members of at most %(most)s years when entries close; too old: %(names)s")
        yield Fault("age_max", TEAM, (sentence, {"most": rule.age_max, "names": ", ".join(old)}))


def _funding(rule: BoardRule, team: Team) -> Iterable[Fault]:
    if rule.funding_vnd is not None and team.received is not None and team.received > rule.funding_vnd:
        sentence = N_("is above what this board allows (at most %(most)s đồng). Choose another board.")
        yield Fault("funding", "funding_received", (sentence, {"most": f"{rule.funding_vnd:,}".replace(",", ".")}))


def _company(rule: BoardRule, team: Team) -> Iterable[Fault]:
    if rule.company_years is None or team.founded is None:
        return
    lasts_until = (team.founded.year + rule.company_years, team.founded.month, team.founded.day)
    if lasts_until < (team.closes_on.year, team.closes_on.month, team.closes_on.day):
        sentence = N_("is too long ago: this board takes firms of at most %(years)s years. Choose another board.")
        yield Fault("company", "founded", (sentence, {"years": rule.company_years}))


def _statements(rule: BoardRule, team: Team) -> Iterable[Fault]:
    silent = [one.name for one in team.counted if not one.has_stated]
    if silent:
        sentence = N_("needs everybody’s own word that the idea is theirs; still to give it: %(names)s")
        yield Fault("ownership", OWNERSHIP, (sentence, {"names": ", ".join(silent)}))


RULES: dict[str, Callable[[BoardRule, Team], Iterable[Fault]]] = {
    "team_size": _size,
    "advisor": _advisor,
    "own_share": _own_share,
    "age": _ages,
    "funding": _funding,
    "company": _company,
    "ownership": _statements,
}
"""Every rule that one team meets or not by itself."""
