"""Wiring of the notifications room: the post office, the bell and the sweeper, and who is addressed as an official."""

from collections.abc import Collection, Iterable
from email.utils import parseaddr

from flask import Flask
from sqlalchemy import select

from compapp.accounts import queries as accounts
from compapp.accounts.policy import is_admin
from compapp.app.message_kinds import name_kinds
from compapp.contests.models import ContestRole
from compapp.core import outbox
from compapp.core.db import session
from compapp.core.periodic import Periodic
from compapp.core.settings import Settings, SettingsFault
from compapp.core.text import N_
from compapp.incubation.models import Mentor
from compapp.notifications import jobs, queries, topics
from compapp.notifications.bell import Bell
from compapp.notifications.channels import channel_for
from compapp.notifications.mail import Sender
from compapp.notifications.services import PostOffice, use_post_office
from compapp.notifications.views import bp
from compapp.web import i18n, navigation

TOPICS = {
    "clubs": N_("Clubs"),
    "contests": N_("Contests"),
    "entries": N_("Entries and teams"),
    "judging": N_("Judging and results"),
    "placement": N_("Places in incubators"),
    "incubation": N_("Incubation and mentors"),
    "portal": N_("News, needs and technology"),
    "reports": N_("Reports"),
}


def open_room(app: Flask, settings: Settings) -> None:
    """Register the inbox, and start delivering."""
    app.register_blueprint(bp)
    app.jinja_env.filters["delivery_reason"] = _delivery_reason
    navigation.register(navigation.NavEntry("notifications.deliveries", N_("Messages sent"), is_admin, 920))
    navigation.use_unread(queries.unread_count)
    use_post_office(_post_office(settings))
    outbox.use_wake(Bell(settings.redis_url).ring if settings.redis_url else None)
    app.extensions["compapp.periodic"].append(Periodic("outbox", 20, jobs.sweep))
    app.extensions["compapp.periodic"].append(Periodic("digests", 300, jobs.gather_digests))
    for source in (_with_a_contest_role, _mentors):
        accounts.register_formal(source)
    name_kinds()
    for room, label in TOPICS.items():
        topics.name_topic(room, label)


def _delivery_reason(reason: str) -> str:
    return str(i18n._(topics.reason_label(reason)))


def _post_office(settings: Settings) -> PostOffice:
    site_url = settings.site_url or f"http://localhost:{settings.port}"
    name, address = parseaddr(settings.mail_from)
    sender = Sender(address or "no-reply@localhost", name, f"{site_url}/inbox/preferences")
    try:
        channel = channel_for(settings.mail_url, sender)
    except ValueError as error:
        raise SettingsFault(str(error)) from error
    return PostOffice(channel, site_url, spares_demonstration=settings.is_production)


def _with_a_contest_role(ids: Collection[int]) -> Iterable[int]:
    """Judges, secretaries, organisers and chairs."""
    return session().scalars(select(ContestRole.person_id).where(ContestRole.person_id.in_(ids)).distinct())


def _mentors(ids: Collection[int]) -> Iterable[int]:
    return session().scalars(select(Mentor.person_id).where(Mentor.person_id.in_(ids)).distinct())
