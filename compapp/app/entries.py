"""Wiring of the entries room: pages, navigation, home cards, its section of the contest file, the clock's jobs."""

from flask import Flask

from compapp.contests import tabs
from compapp.contests.events import RoundClosed, RulesChanged
from compapp.contests.file import registry
from compapp.contests.policy import ContestFacts
from compapp.contests.queries import register_bar
from compapp.core import events
from compapp.core.actor import CONTEST, Actor
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.entries import policy, queries, services
from compapp.entries.cards import home_cards
from compapp.entries.events import EntrySubmitted, EntryWithdrawn
from compapp.entries.file_section import ENTRIES_SECTION
from compapp.entries.jobs import compare_texts, examine_files, look_behind_links, remind, sweep_files, tell_of_decisions
from compapp.entries.queries.appeals import waiting_appeals
from compapp.entries.queries.copies import open_flags
from compapp.entries.queries.team import select_contests_entered
from compapp.entries.views import bp
from compapp.web import navigation


def open_room(app: Flask, settings: Settings) -> None:
    """Open the room."""
    app.register_blueprint(bp)
    registry.register(ENTRIES_SECTION)
    register_bar(select_contests_entered)
    events.subscribe(RulesChanged, services.tell_teams_of_rules)
    events.subscribe(RoundClosed, _follow_round)
    events.subscribe(EntrySubmitted, _follow_entry)
    events.subscribe(EntryWithdrawn, _follow_entry)
    navigation.register(navigation.NavEntry("entries.mine", N_("My entries"), _enters, 30))
    navigation.register(
        navigation.NavEntry("entries.endorsements", N_("Entries of my school"), policy.represents_a_school, 40)
    )
    navigation.register_home_cards(home_cards)
    _open_tabs()
    _open_jobs(app)


def _open_tabs() -> None:
    """Put the pages of screening into the workspace of a contest."""
    tabs.register(
        tabs.Tab(
            "entries.eligibility",
            N_("Eligibility check"),
            _runs_queue,
            30,
            queries.waiting_count,
            N_("to be checked"),
            group=N_("Entries"),
        )
    )
    tabs.register(
        tabs.Tab(
            "entries.similarities",
            N_("Alike"),
            _runs_queue,
            34,
            open_flags,
            N_("pairs to look at"),
            group=N_("Entries"),
            pages=frozenset({"entries.similarity", "entries.dismiss_similarity", "entries.pursue_similarity"}),
        )
    )
    tabs.register(tabs.Tab("entries.cases", N_("Cases"), _runs_queue, 35, group=N_("Entries")))
    tabs.register(
        tabs.Tab(
            "entries.past_winners",
            N_("Past winners"),
            _runs_queue,
            37,
            group=N_("Entries"),
            pages=frozenset({"entries.check_past_winners"}),
        )
    )
    tabs.register(
        tabs.Tab(
            "entries.appeals",
            N_("Appeals"),
            _reads_appeals,
            36,
            waiting_appeals,
            N_("appeals to decide"),
            group=N_("Entries"),
            pages=frozenset({"entries.appeal_page", "entries.decide_appeal"}),
        )
    )


def _open_jobs(app: Flask) -> None:
    jobs = app.extensions["compapp.periodic"]
    jobs.append(Periodic("entries.reminders", 300, remind))
    jobs.append(Periodic("entries.files", 60, examine_files))
    jobs.append(Periodic("entries.alike", 60, compare_texts))
    jobs.append(Periodic("entries.decisions", 30, tell_of_decisions))
    jobs.append(Periodic("entries.links", 60, look_behind_links))
    jobs.append(Periodic("entries.left_over_files", 6 * 60 * 60, sweep_files))


def _enters(actor: Actor) -> bool:
    """Whether somebody without an office comes to enter; one with an office where there is an entry to show."""
    if policy.enters_contests(actor):
        return True
    return actor.person_id is not None and bool(queries.contests_entered(actor.person_id))


def _follow_round(event: RoundClosed) -> None:
    services.follow_eligibility(event.contest_id, actor=event.actor, at=event.at)


def _follow_entry(event: EntrySubmitted | EntryWithdrawn) -> None:
    services.follow_eligibility(queries.contest_id_of(event.entry_id), actor=event.actor, at=event.at)


def _runs_queue(actor: Actor, facts: ContestFacts) -> bool:
    return actor.has_any(policy.STAFF_ROLES, CONTEST, facts.contest_id)


def _reads_appeals(actor: Actor, facts: ContestFacts) -> bool:
    return actor.has_any(policy.STAFF_ROLES | policy.APPEAL_OFFICES, CONTEST, facts.contest_id)
