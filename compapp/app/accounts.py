"""Wiring of the accounts room: who is signed in, its pages, and the refusal to run with made-up people."""

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from compapp.accounts import cards, passwords, queries, services
from compapp.accounts.policy import is_admin, speaks_for_a_school
from compapp.accounts.views import bp
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.core.db import engine, session_scope, unit_of_work
from compapp.core.settings import Settings, SettingsFault
from compapp.core.text import N_
from compapp.entries.queries import teams_of_person
from compapp.web import i18n, navigation, request

_STUDENTS = r"/organisations/\d+/students(/.*)?"


def open_room(app: Flask, settings: Settings) -> None:
    """Register sign-in, the account's pages and the administrator's."""
    if settings.environment == "test":
        passwords.use_light_profile()
    passwords.warm_up()
    app.register_blueprint(bp)
    request.use_actor_loader(_actor_behind)
    i18n.use_language_keeper(_keep_language)
    navigation.register(navigation.NavEntry("accounts.schools", N_("Students"), speaks_for_a_school, 300, _STUDENTS))
    navigation.register_home_cards(cards.home_cards)
    navigation.register(navigation.NavEntry("accounts.people", N_("People"), is_admin, 900))
    navigation.register(navigation.NavEntry("accounts.organisations", N_("Organisations"), is_admin, 910))
    services.register_merge_check(_on_two_sides)
    if settings.is_production:
        refuse_made_up_people()


def _on_two_sides(kept: int, duplicate: int) -> str:
    """Say why two accounts that meet in a contest stay apart: on two teams, or on a team and in office."""
    teams = [{team.contest_id for team in teams_of_person(one)} for one in (kept, duplicate)]
    offices = [
        {grant.scope_id for grant in queries.grants_of(one) if grant.scope == CONTEST} for one in (kept, duplicate)
    ]
    if teams[0] & teams[1]:
        return N_("Both accounts are on teams of the same contest. One of them must leave its team first.")
    if teams[0] & offices[1] or teams[1] & offices[0]:
        return N_("One account is on a team and the other has a role in the same contest. Clear that up first.")
    return ""


def _actor_behind(token: str) -> Actor | None:
    """Return who is signed in by ``token``, and note now and then that the session is used."""
    found = queries.signed_in(token)
    if found is None:
        return None
    if found.is_touch_due:
        try:
            with unit_of_work():
                services.touch(found.session_id, at=now())
        except OperationalError:
            # Only a note: a busy database must not keep anybody out.
            pass
    return found.actor


def _keep_language(actor: Actor, locale: str) -> None:
    with unit_of_work():
        person = queries.person(actor.person_id) if actor.person_id is not None else None
        if person is not None:
            services.set_language(person, locale, actor=actor, at=now())


def refuse_made_up_people() -> None:
    """Stop production from starting while anybody can sign in with a demonstration's password."""
    if not inspect(engine()).has_table("person"):
        return
    with session_scope():
        if queries.demonstration_accounts_active():
            raise SettingsFault(
                "Production does not start while demonstration accounts are active. Close them or use another database."
            )
