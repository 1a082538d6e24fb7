"""The sections of the contest file and who reads and writes each.

A room claims a section by registering a :class:`Section` from its wiring (``compapp/app/<room>.py``)::

    registry.register(Section("entries", ENTRIES, check_entries, load_entries, write_entries))

- ``check(data, document) -> list[Fault]`` sees the section and the whole document, both in NFC and already of
  the schema's shape. References (an entry's board, a sheet's judge, …), codes that stand twice and windows that
  close before they open are checked here in contests for *every* section (``references.py``); a room checks only
  what goes beyond: scores within their scale, one sheet per entry and judge in a round, … Pure, no database.
  Paths read ``sheets.R1[3].scores.innovation``.
- ``load(contest, data, context)`` adds the rows, inside the caller's unit of work; only called when the whole
  document is sound, in ascending ``order``. What an item holds beyond the columns goes verbatim into the row's
  ``definition``, so that it is exported again. Times were shifted before.
- ``write(contest)`` gives the section's JSON back, equal to what was loaded, or None when there is nothing.
  A section, or a list inside a section that is a map (``sheets``, ``points``, ``votes``), that was present but
  empty when imported is put back by the writer: rooms need not remember it.
- ``definition=True`` marks what a clone of the contest for the next year carries over.

A section that no room claims stays in ``contest.kept`` verbatim and is exported again.

``context`` (:class:`ImportContext`) answers codes with rows: ``organisation`` (any section, for affiliations),
``institution``, ``club``, ``board``, ``round``, ``sector``, and for rows of rooms above ``keep(kind, code, row)``
and ``row(kind, code)`` (``entry``, ``seat``, ``mentor``, ``intake``); ``entry(code)`` and ``seat(code)`` are short
for the two most asked. ``person(name, email=…)`` finds by e-mail or adds; ``add_body`` ties a code to an
organisation; ``grant`` gives a role in the contest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from compapp.accounts import services as accounts
from compapp.accounts.models import Organisation, Person
from compapp.contests.file.faults import Fault
from compapp.contests.models import Board, Body, Contest, ContestRole, Round, Sector
from compapp.core.actor import Actor
from compapp.core.db import session

SECTORS, INSTITUTIONS, BODIES, ORGANISATIONS, CLUBS = 10, 20, 22, 24, 26
INCUBATORS, FORM, RUBRICS, ROUNDS, SECRETARIES = 28, 40, 42, 44, 46
JUDGES, MENTORS, ENTRIES, PANELS, PITCHES, DELIBERATIONS = 60, 65, 70, 75, 77, 78
SHEETS, COMPARISONS, POINTS, VOTES, CHAIR_DECISIONS, PUBLICATIONS = 80, 81, 82, 84, 86, 88
PLACEMENTS, INCUBATION, FOLLOWUPS = 90, 95, 97
"""Loading orders: a section that is referred to comes before those that refer to it."""

ORGANISATION_SECTIONS = ("institutions", "bodies", "organisations", "clubs", "incubators")
"""The sections whose codes name organisations, in the order in which an affiliation is looked up."""

Document = Mapping[str, Any]


@dataclass
class ImportContext:
    """What a loading section may ask: who imports, when, and which row a code stands for.

    Looking up an unknown code raises KeyError: references were checked before.
    """

    contest: Contest
    document: Document
    actor: Actor
    at: datetime
    bodies: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)

    def keep(self, kind: str, code: str, row: Any) -> None:
        """Remember that ``code`` stands for ``row`` among the rows of this kind."""
        self.rows[kind, code] = row

    def row(self, kind: str, code: str) -> Any:
        """Return the row of this kind that ``code`` stands for."""
        return self.rows[kind, code]

    def entry(self, code: str) -> Any:
        """Return the entry (kept by entries under ``entry``)."""
        return self.rows["entry", code]

    def seat(self, code: str) -> Any:
        """Return the judge's seat (kept by judging under ``seat``)."""
        return self.rows["seat", code]

    def board(self, code: str) -> Board:
        """Return the board."""
        found: Board = self.rows["board", code]
        return found

    def round(self, code: str) -> Round:
        """Return the round."""
        found: Round = self.rows["round", code]
        return found

    def sector(self, code: str | None) -> Sector | None:
        """Return the sector; None for none."""
        return None if code is None else self.rows["sector", code]

    def institution(self, code: str | None) -> Organisation | None:
        """Return the institution; None for none."""
        return None if code is None else self.bodies["institutions", code]

    def club(self, code: str) -> Organisation:
        """Return the club."""
        return self.bodies["clubs", code]

    def organisation(self, code: str | None) -> Organisation | None:
        """Return the organisation behind a code of any section; None for none.

        A code that stands in several sections means the first of ``ORGANISATION_SECTIONS``.
        """
        if code is None:
            return None
        for section in ORGANISATION_SECTIONS:
            if (section, code) in self.bodies:
                return self.bodies[section, code]
        raise KeyError(code)

    def add_body(self, section: str, position: int, item: Mapping[str, Any], organisation: Organisation) -> Body:
        """Tie the code of ``item`` to ``organisation`` for this contest and keep the item's JSON."""
        body = Body(
            contest_id=self.contest.id,
            section=section,
            code=item["code"],
            position=position,
            organisation_id=organisation.id,
            definition=dict(item),
        )
        session().add(body)
        self.bodies[section, item["code"]] = organisation
        return body

    def person(self, name: str, *, email: str | None = None, locale: str = "vi") -> Person:
        """Return the person with this e-mail, or add one; without an e-mail it is always a new person."""
        return accounts.ensure_person(name, email=email, locale=locale, actor=self.actor, at=self.at)

    def grant(
        self, person: Person, role: str, *, code: str | None = None, definition: Mapping[str, Any] | None = None
    ) -> ContestRole:
        """Give ``person`` a role in this contest (organiser, approver, secretary, judge, chair)."""
        role_row = ContestRole(
            contest_id=self.contest.id,
            person_id=person.id,
            role=role,
            code=code,
            definition=dict(definition or {}),
            since=self.at,
        )
        session().add(role_row)
        session().flush()
        return role_row


@dataclass(frozen=True)
class Section:
    """How one section is checked, loaded and written; see the module's text."""

    name: str
    order: int
    check: Callable[[Any, Document], list[Fault]]
    load: Callable[[Contest, Any, ImportContext], None]
    write: Callable[[Contest], Any]
    definition: bool = False


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Claim a section; a later registration of the same name replaces the earlier."""
    _sections[section.name] = section


def sections() -> list[Section]:
    """Return the claimed sections in loading order."""
    return sorted(_sections.values(), key=lambda section: (section.order, section.name))


_further: list[Callable[[Document], list[Fault]]] = []


def register_check(check: Callable[[Document], list[Fault]]) -> None:
    """Let a room above refuse a definition that it could not work with; doing it twice is harmless."""
    if check not in _further:
        _further.append(check)


def further_faults(document: Document) -> list[Fault]:
    """Return what the rooms above refuse of a document that is sound otherwise."""
    return [fault for check in _further for fault in check(document)]


def section(name: str) -> Section | None:
    """Return the claimed section ``name``, or None."""
    return _sections.get(name)


def no_check(_data: Any, _document: Document) -> list[Fault]:
    """Return no fault: for sections whose shape and references say it all."""
    return []
