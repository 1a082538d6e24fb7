"""Wiring of the contests: pages, tabs, home cards, grants of their roles, their sections of the contest file."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from compapp.accounts.queries import register_grants
from compapp.app.contest_messages import name_messages
from compapp.contests import policy, sentences, tabs
from compapp.contests.cards import home_cards
from compapp.contests.file import sections
from compapp.contests.jobs import follow_calendars, seal_record
from compapp.contests.papers import COMMITTEE, JURY, SECRETARIES
from compapp.contests.papers import people as papers
from compapp.contests.queries.papers import committee_of, secretaries_of
from compapp.contests.queries.roles import select_grants
from compapp.contests.views import bp
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings
from compapp.core.text import N_
from compapp.judging.queries import seats_of
from compapp.notifications.rendering import register_filter
from compapp.web import navigation
from compapp.web.i18n import in_locale

WORKSPACE = (
    r"/contests/(manage|new|import)|/contests/[^/]+/(?!entries/new$).+"
    r"|/entries/[0-9]+/(dossier|reopening|cases/.+)"
)
"""The pages of a contest's workspace, by their path."""


def open_room(app: Flask, settings: Settings) -> None:
    """Register what contests show and do."""
    sections.register()
    register_grants(select_grants)
    app.register_blueprint(bp)
    for filter_ in (sentences.plain, sentences.sentence, sentences.point_label, sentences.window):
        app.add_template_filter(filter_, filter_.__name__)
        register_filter(filter_.__name__, _in_the_readers_language(filter_))
    app.add_template_filter(sentences.plain_in, "plain_in")
    app.add_template_filter(sentences.in_brief, "in_brief")
    app.add_template_global(sentences.workspace_tabs, "workspace_tabs")
    navigation.register(
        navigation.NavEntry("contests.manage", N_("Contests I run"), policy.may_list_managed, 40, within=WORKSPACE)
    )
    navigation.register_home_cards(home_cards)
    papers.register(COMMITTEE, committee_of)
    papers.register(SECRETARIES, secretaries_of)
    papers.register(JURY, _jurors)
    name_messages()
    _register_tabs()
    app.extensions["compapp.periodic"].append(Periodic("contests.follow_calendars", 30, follow_calendars))
    app.extensions["compapp.periodic"].append(Periodic("contests.seal_record", 1800, seal_record))


def _in_the_readers_language(say: Callable[[Any], str]) -> Callable[[Any, str], str]:
    def said(value: Any, locale: str) -> str:
        with in_locale(locale):
            return say(value)

    return said


def _jurors(contest_id: int) -> list[dict[str, str]]:
    """Return the jury with what is known of each judge, for the decision on it."""
    return [
        {
            "name": seat.person.name,
            "degree": seat.definition.get("degree", ""),
            "position": seat.definition.get("position", ""),
            "unit": next((one.name_vi for one in (seat.affiliation, seat.institution) if one), ""),
            "duty": "Trưởng ban" if seat.chair else "Ủy viên",
        }
        for seat in sorted(seats_of(contest_id), key=lambda one: (not one.chair, one.code))
        if seat.left_at is None
    ]


SETUP, RECORD = N_("Set-up"), N_("Record")
"""Places in the row of tabs that several tabs share."""


def _register_tabs() -> None:
    own = policy.may_manage
    tabs.register(tabs.Tab("contests.overview", N_("Overview"), policy.may_open_workspace, 10))
    wizard = frozenset(
        f"contests.{page}"
        for page in (
            "setup_step",
            "setup_new",
            "setup_item",
            "setup_message",
            "setup_check",
            "rehearsal",
            "rehearsal_form",
            "rehearsal_sheet",
            "rehearsal_page",
            "papers",
            "paper",
        )
    )
    tabs.register(tabs.Tab("contests.setup", N_("Guided set-up"), own, 18, group=SETUP, pages=wizard))
    revised = frozenset({"contests.revision"})
    tabs.register(
        tabs.Tab("contests.definition", N_("Rules"), policy.may_open_workspace, 20, group=SETUP, pages=revised)
    )
    extended = frozenset({"contests.extension"})
    tabs.register(tabs.Tab("contests.calendar", N_("Calendar"), own, 22, group=SETUP, pages=extended))
    tabs.register(tabs.Tab("contests.roles", N_("People and roles"), own, 24, group=SETUP))
    tabs.register(tabs.Tab("contests.messages", N_("Messages"), own, 900, group=RECORD))
