"""Wiring of the judging room: the jury's pages, home cards, sections of the contest file, the clock's jobs."""

from flask import Flask

from compapp.app.judging_results import open_results
from compapp.contests import tabs
from compapp.contests.events import RulesChanged
from compapp.contests.file import registry
from compapp.contests.policy import ContestFacts
from compapp.contests.setup import checks
from compapp.core import events
from compapp.core.actor import CONTEST, Actor
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.entries.events import EntryWithdrawn
from compapp.judging import jobs, policy, services
from compapp.judging.cards import home_cards
from compapp.judging.file_sections import SECTIONS
from compapp.judging.file_sections.rubrics import check_readable, rubric_faults
from compapp.judging.views import bp
from compapp.web import navigation, request

ON_THE_DESK = frozenset({"results.mirror"}) | frozenset(
    f"judging.{name}"
    for name in (
        *("desk", "desk_stage", "sheet", "save", "review", "submit", "recusal", "ask_to_unlock", "print_sheet", "file"),
        *("conflict_answer", "state_no_conflict"),
        *("pile", "save_pile", "review_pile", "hand_in_pile", "choose_of_pair"),
        *("my_seat", "pledge", "describe", "answer_assignment", "fetch_more", "declare", "manifest", "worker"),
    )
)
"""What a session reaches that a one-time link opened."""


def open_room(app: Flask, settings: Settings) -> None:
    """Open the room."""
    app.register_blueprint(bp)
    request.open_to_limited({*ON_THE_DESK, "accounts.sign_out", "web.set_language"})
    navigation.register(navigation.NavEntry("judging.desk", N_("My desk"), policy.is_judge_anywhere, 30))
    navigation.register_home_cards(home_cards)
    tabs.register(tabs.Tab("judging.overview", N_("Judging"), _looks_after_the_jury, 50))
    tabs.register_people(tabs.PeoplePage("judging.jury", N_("Invite the jury")))
    for section in SECTIONS:
        registry.register(section)
    registry.register_check(rubric_faults)
    checks.register(check_readable)
    events.subscribe(EntryWithdrawn, services.let_go_of_entry)
    events.subscribe(RulesChanged, services.follow_rules)
    app.extensions["compapp.periodic"].append(Periodic("judging.reminders", 600, jobs.remind_judges))
    open_results(app, settings)


def _looks_after_the_jury(actor: Actor, facts: ContestFacts) -> bool:
    return actor.has_any(policy.OFFICE, CONTEST, facts.contest_id)
