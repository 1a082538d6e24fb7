"""Every page that shows a list takes as many statements for many rows as for few (speed.md 6).

The demonstration's rows are the few; copies of them with all that hangs on them are the many. Pages are found by
walking along the links as every account.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from compapp.core import db
from tests.journeys.counting.growing import grow
from tests.journeys.crawl.walking import walk
from tests.journeys.permissions.stages import ACCOUNTS, VISITOR, Stage, built, stage_of

__all__ = ["built", "stage_of"]

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

StageOf = Callable[[str], Stage]
Address = tuple[str, str, str]
"""A page: endpoint, account, path."""

LISTS = {
    "entry": """accounts.account accounts.addresses accounts.consents accounts.organisation accounts.organisations
        accounts.people accounts.person accounts.sessions accounts.students clubs.activities clubs.activity
        clubs.attendance clubs.club clubs.clubs clubs.health clubs.member clubs.members clubs.messages clubs.mine
        clubs.open_activities clubs.report clubs.teams contests.calendar contests.manage contests.messages
        contests.overview contests.papers contests.roles contests.setup contests.setup_step entries.cases
        entries.decision_list entries.eligibility entries.endorsements entries.endorsements_of entries.merging
        entries.mine entries.past_winners entries.similarities entries.team entries.versions entries.workspace
        judging.jury judging.overview notifications.deliveries notifications.inbox notifications.preferences
        portal.contest portal.contests portal.start reports.contest_record reports.funnel reports.platform_record
        web.home""",
    "scoring": """contests.messages entries.appeals entries.cases entries.eligibility entries.entry_files entries.mine
        entries.similarities entries.workspace judging.assignments judging.desk judging.jury judging.my_seat
        judging.outlook judging.overview judging.paper_of_judge judging.paper_sheets judging.progress judging.seat
        judging.sheet judging.ties judging.unlocking notifications.inbox placement.intake placement.intakes
        placement.matching portal.contests
        reports.contest_record reports.funnel results.leaders results.reckoning results.standings results.strictness
        results.votes web.home""",
    "incubation": """entries.dossier entries.eligibility entries.mine incubation.cohorts incubation.hours
        incubation.mentoring incubation.residency incubation.session incubation.sessions judging.jury
        notifications.inbox placement.intake placement.intakes placement.matching placement.team portal.contest
        portal.gallery portal.vote portal.vote_report reports.contest_record reports.funnel results.door
        results.feedback results.hall results.leaders results.own results.panel results.papers results.pitch_plan
        results.proof results.public_page results.publications results.shortlist results.stage results.standings
        results.strictness results.votes web.home""",
}
"""The pages with a list, by the phase in which they show something."""

LARGE = "contest_id = (SELECT id FROM contest WHERE code = 'VL-KNST-2026')"
JUDGES = "id IN (SELECT person_id FROM seat)"
MENTORS = "id IN (SELECT person_id FROM mentor)"
MEMBERS = "id IN (SELECT person_id FROM club_cohort_member)"
REPLIES = frozenset({"sheet", "extra_point", "vote_result", "place", "award", "round_figure"})
"""What decides published figures: with copies of it the matching would rightly refuse."""


@dataclass(frozen=True)
class Growth:
    """What is copied in a phase."""

    phase: str
    table: str
    where: str = "1"
    times: int = 1
    but: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Name the case."""
        return f"{self.phase}-{self.table}"


GROWTHS = (
    Growth("entry", "entry", LARGE, times=2),
    Growth("entry", "organisation"),
    Growth("entry", "outbox_message"),
    Growth("entry", "audit_row"),
    Growth("entry", "sign_in_session"),
    Growth("entry", "club_activity"),
    Growth("entry", "person", MEMBERS, but=frozenset({"inbox_item"})),
    Growth("entry", "board", LARGE),
    Growth("scoring", "entry", LARGE, times=2),
    Growth("scoring", "person", JUDGES, but=frozenset({"inbox_item"})),
    Growth("scoring", "entry_case"),
    Growth("incubation", "entry", LARGE, times=2, but=REPLIES),
    Growth("incubation", "person", MENTORS, but=frozenset({"inbox_item"})),
    Growth("incubation", "organisation"),
    Growth("incubation", "milestone"),
    Growth("incubation", "mentoring_session", times=3),
    Growth("incubation", "award"),
)

ENOUGH = 3
"""A page that so many accounts have seen is not walked to by the others."""

MOST = 20
DEAR = {
    "contests.rehearsal_form": 21,
    "entries.dossier": 28,
    "incubation.dossier": 22,
    "judging.pile of pairs": 22,
    "judging.sheet": 13,
    "placement.intake": 24,
    "web.home": 16,
}
"""Pages that may need more than ``MOST`` statements (or not so many): lower a figure, never raise it."""


@contextmanager
def _counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def _statements(client: FlaskClient, path: str) -> Counter[str]:
    """Return what a page asks when it is asked for a second time."""
    with closing(client.get(path)):
        pass
    return _asked(client, path)


def _asked(client: FlaskClient, path: str) -> Counter[str]:
    with _counting() as seen, closing(client.get(path)) as answer:
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return Counter(seen)


def _pages(stage: Stage) -> list[Address]:
    """Return (endpoint, account, path): of every page that a link leads to one, and the home page of everybody."""
    adapter = stage.app.url_map.bind("localhost")
    found: dict[tuple[str, str], Address] = {}
    seen: Counter[str] = Counter()
    for account in ACCOUNTS:
        known = {endpoint for endpoint, count in seen.items() if count >= ENOUGH and endpoint != "web.home"}
        for page in walk(stage, stage.client(account), of_each_kind=1, but=known):
            try:
                endpoint, _values = adapter.match(page.path.split("?")[0], "GET")
            except HTTPException:
                continue
            key = (endpoint, account if endpoint == "web.home" else "")
            if page.status == 200 and page.is_html and (endpoint != "web.home" or account != VISITOR):
                found.setdefault(key, (endpoint, account, page.path))
                seen[endpoint] += 1
    missing = set(LISTS[stage.phase].split()) - {endpoint for endpoint, _account in found}
    assert not missing, f"no link leads to {sorted(missing)}"
    return list(found.values())


@pytest.mark.parametrize("phase", LISTS)
def test_the_statements_of_a_page_do_not_grow_with_its_rows(stage_of: StageOf, phase: str) -> None:
    """However many rows of whatever kind there are; and no page that a link leads to needs too many."""
    stage = stage_of(phase)
    clients = {account: stage.client(account) for account in ACCOUNTS}
    pages = _pages(stage)
    few = {page: _statements(clients[page[1]], page[2]) for page in pages}
    faults = _too_dear(few)
    listed = [page for page in pages if page[0] in LISTS[phase].split()]
    growths = [one for one in GROWTHS if one.phase == phase]
    while growths:
        together = _grow_together(stage, growths)
        growths = growths[len(together) :]
        grown = _grown(clients, listed, few, together)
        stage.put_back()
        for alone in together if len(together) > 1 and grown else ():
            # With which of them a page grows is asked only where something grew.
            _grow_together(stage, [alone])
            faults += _grown(clients, list(grown), few, [alone]).values()
            stage.put_back()
        faults += grown.values()
    assert not faults, "\n".join(faults)


MODES = {
    "yes_no": [("results.screening", "chair", "/contests/VL-KNST-2026/standings/R1/screening")],
    "top_pick": [
        ("judging.desk", "judge", "/desk"),
        ("judging.pile", "judge", "/desk/rounds/{round}"),
        ("judging.review_pile", "judge", "/desk/rounds/{round}/review"),
    ],
    "pairwise": [
        ("judging.pile of pairs", "judge", "/desk/rounds/{round}"),
        ("results.strengths", "chair", "/contests/VL-KNST-2026/standings/R1/strengths"),
    ],
}
"""The pages of the modes of scoring that no round of the demonstration is judged by."""


def test_the_statements_of_a_pile_do_not_grow_with_its_entries(stage_of: StageOf) -> None:
    """Of a round that is judged by consensus, by the best few, or in pairs: for its judges and its chair."""
    stage = stage_of("scoring")
    number = stage.one(f"SELECT id FROM round WHERE code = 'R1' AND {LARGE}") or ""
    clients = {account: stage.client(account) for account in ("judge", "chair")}
    growth = Growth("scoring", "entry", LARGE, times=2)
    faults = []
    for mode, shown in MODES.items():
        pages = [(name, account, path.format(round=number)) for name, account, path in shown]
        with stage.writing() as connection:
            connection.execute(
                "UPDATE round SET definition = json_set(definition, '$.mode', ?) WHERE id = ?", (mode, number)
            )
            connection.execute("UPDATE sheet SET state = 'draft' WHERE round_id = ?", (number,))
        few = {page: _statements(clients[page[1]], page[2]) for page in pages}
        faults += _too_dear(few)
        _grow_together(stage, [growth])
        faults += _grown(clients, pages, few, [growth]).values()
        stage.put_back()
    assert not faults, "\n".join(faults)


def _too_dear(counted: dict[Address, Counter[str]]) -> list[str]:
    return [
        f"{name} ({account}): {needed} statements, at most {DEAR.get(name, MOST)}"
        for (name, account, _path), counter in counted.items()
        if (needed := counter.total()) > DEAR.get(name, MOST)
    ]


def _grow_together(stage: Stage, growths: Sequence[Growth]) -> list[Growth]:
    """Let the first of ``growths`` happen, and as many more as get along with it (copies of copies may collide)."""
    done: list[Growth] = []
    first = 1
    with stage.writing() as connection:
        for growth in growths:
            numbers = range(first, first := first + growth.times)
            try:
                grow(connection, growth.table, growth.where, numbers=numbers, but=growth.but)
            except sqlite3.IntegrityError:
                if not done:
                    raise
                connection.execute("ROLLBACK")
                break
            done.append(growth)
    return done


def _grown(
    clients: dict[str, FlaskClient],
    pages: Sequence[Address],
    few: dict[Address, Counter[str]],
    growths: Sequence[Growth],
) -> dict[Address, str]:
    """Return the pages that need another number of statements than before, each with what was added."""
    found = {}
    for page in pages:
        many = _asked(clients[page[1]], page[2])
        if many.total() != few[page].total():
            many = _asked(clients[page[1]], page[2])
        if many.total() != few[page].total():
            more = [statement.split("FROM")[-1][:90] for statement, _count in (many - few[page]).most_common(3)]
            names = " + ".join(map(str, growths))
            found[page] = f"{names}: {page}: {few[page].total()} became {many.total()}: {more}"
    return found
