"""The verbs of an activity: planned, changed, announced, concluded, cancelled."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import true, update

from compapp.clubs import notifications, queries
from compapp.clubs.lifecycle import ACTIVITY, AUDIENCES, KINDS, OPEN, PLANNED, REGISTERED, TOPICS, WAITING
from compapp.clubs.models import Activity, Cohort
from compapp.clubs.services.cohorts import must_manage
from compapp.clubs.services.registrations import fill_places
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, fold, nfc

MOST_PLACES, MOST_POINTS, TITLE_MOST, SUMMARY_MOST, PLACE_MOST = 5000, 100, 150, 2000, 200
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    """What a manager says of an activity; ``capacity`` of nothing means no limit."""

    kind: str
    title_vi: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    place: str
    topic: str = ""
    summary_vi: str = ""
    summary_en: str = ""
    host_name: str = ""
    link: str = ""
    closes_at: datetime | None = None
    audience: str = "members"
    capacity: int | None = None
    points: int = 0

    def columns(self) -> dict[str, Any]:
        """Return what goes into the row, in NFC and trimmed; English stands in where it is missing."""
        title, summary = _clean(self.title_vi), nfc(self.summary_vi).strip()
        return {
            "kind": self.kind,
            "topic": self.topic,
            "title": {"vi": title, "en": _clean(self.title_en) or title},
            "title_fold": fold(f"{title} {self.title_en}")[:400],
            "summary": {"vi": summary, "en": nfc(self.summary_en).strip() or summary},
            "place": _clean(self.place),
            "link": _clean(self.link) or None,
            "host_name": _clean(self.host_name),
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "closes_at": self.closes_at or self.starts_at,
            "audience": self.audience,
            "capacity": self.capacity,
            "points": self.points,
        }


def _clean(text: str) -> str:
    return " ".join(nfc(text).split())


def plan_activity(cohort: Cohort, plan: ActivityPlan, *, actor: Actor, at: datetime) -> Activity:
    """Plan an activity of a term; nobody sees it before it is announced. Invalid names each fault."""
    must_manage(actor, cohort.club_id)
    _check(plan)
    made = Activity(
        club_id=cohort.club_id,
        cohort_id=cohort.id,
        state=PLANNED,
        code_key=secrets.token_hex(24),
        created_at=at,
        **plan.columns(),
    )
    session().add(made)
    audit.record("clubs.activity.planned", made, actor=actor, at=at, data={"title": made.title["vi"]})
    return made


def change_activity(found: Activity, plan: ActivityPlan, *, version: int, actor: Actor, at: datetime) -> Activity:
    """Change what is planned or open; whoever has registered is told of another time or place.

    Conflict where somebody changed it meanwhile, Closed once it was held or cancelled, Invalid for fewer places
    than are taken.
    """
    must_manage(actor, found.club_id)
    _check(plan, taken=found.taken)
    before = (found.starts_at, found.ends_at, found.place, found.link)
    result: Any = session().execute(
        update(Activity)
        .where(Activity.id == found.id, Activity.version == version, Activity.state.in_((PLANNED, OPEN)))
        .where(Activity.taken <= plan.capacity if plan.capacity is not None else true())
        .values(version=Activity.version + 1, **plan.columns())
        .execution_options(synchronize_session=False)
    )
    session().refresh(found)
    if result.rowcount != 1:
        if found.state not in (PLANNED, OPEN):
            raise Closed(N_("The activity is over. It cannot be changed any more."))
        raise Conflict(N_("This has changed in the meantime. Please look at how it stands now."))
    audit.record("clubs.activity.changed", found, actor=actor, at=at, data={"version": found.version})
    if found.state == OPEN:
        if before != (found.starts_at, found.ends_at, found.place, found.link):
            notifications.activity_changed(found, to=_everybody(found), at=at)
        fill_places(found, actor=actor, at=at)
    return found


def _check(plan: ActivityPlan, *, taken: int = 0) -> None:
    """Raise Invalid with a sentence for each fault."""
    faults = dict(_faults(plan, taken))
    if faults:
        raise Invalid(fields={name: [sentence] for name, sentence in faults.items()})


def _faults(plan: ActivityPlan, taken: int) -> Iterable[tuple[str, Sentence]]:
    if not _clean(plan.title_vi) or max(len(plan.title_vi), len(plan.title_en)) > TITLE_MOST:
        yield "title_vi", (N_("Write a title of at most %(most)s characters."), {"most": TITLE_MOST})
    if max(len(plan.summary_vi), len(plan.summary_en)) > SUMMARY_MOST:
        yield "summary_vi", (N_("Write at most %(most)s characters."), {"most": SUMMARY_MOST})
    if not _clean(plan.place) or max(len(plan.place), len(plan.host_name)) > PLACE_MOST:
        yield "place", (N_("Say where, in at most %(most)s characters."), {"most": PLACE_MOST})
    if plan.link and not (plan.link.startswith("https://") and len(plan.link) <= 500):
        yield "link", (N_("Give an address that begins with https://."), {})
    for name, value, known in (
        ("kind", plan.kind, KINDS),
        ("topic", plan.topic, TOPICS),
        ("audience", plan.audience, AUDIENCES),
    ):
        if value not in known:
            yield name, (N_("Choose one of the list."), {})
    if not plan.starts_at < plan.ends_at <= plan.starts_at + LONGEST:
        yield "ends_at", (N_("The end must lie after the beginning, at most 14 days."), {})
    if plan.closes_at is not None and plan.closes_at > plan.ends_at:
        yield "closes_at", (N_("Registration cannot close after the activity has ended."), {})
    if plan.capacity is not None and not 1 <= plan.capacity <= MOST_PLACES:
        yield "capacity", (N_("Write a number from 1 to %(most)s, or leave it empty."), {"most": MOST_PLACES})
    elif plan.capacity is not None and plan.capacity < taken:
        yield "capacity", (N_("%(taken)s places are taken already; there cannot be fewer."), {"taken": taken})
    if not 0 <= plan.points <= MOST_POINTS:
        yield "points", (N_("Write a number from 0 to %(most)s."), {"most": MOST_POINTS})


def announce_activity(found: Activity, *, actor: Actor, at: datetime) -> None:
    """Open registration and tell the cohort; Closed for an activity that has begun already."""
    must_manage(actor, found.club_id)
    if found.starts_at <= at:
        raise Closed(N_("The activity lies in the past. Change its time first."))
    move(found, ACTIVITY, "announce", actor=actor, at=at)
    notifications.activity_announced(found, to=queries.member_ids(found.cohort_id), at=at)


def conclude_activity(found: Activity, *, actor: Actor, at: datetime) -> None:
    """Close the list of attendance; Closed while the activity has not begun."""
    must_manage(actor, found.club_id)
    if found.starts_at > at:
        raise Closed(N_("The activity has not begun yet."))
    move(found, ACTIVITY, "conclude", actor=actor, at=at, data={"came": found.came, "taken": found.taken})


def cancel_activity(found: Activity, reason: str, *, actor: Actor, at: datetime) -> None:
    """Cancel with a reason that everybody reads who registered or waits."""
    must_manage(actor, found.club_id)
    reason = nfc(reason).strip()
    if not reason or len(reason) > 500:
        raise Invalid(fields={"reason": [(N_("Write the reason, at most %(most)s characters."), {"most": 500})]})
    if found.came:
        raise Closed(N_("Somebody has been marked as present. Close the activity instead."))
    people = _everybody(found)
    move(found, ACTIVITY, "cancel", actor=actor, at=at, data={"reason": reason}, reason=reason)
    notifications.activity_cancelled(found, to=people, at=at)


def _everybody(found: Activity) -> list[int]:
    return queries.registered_ids(found.id, REGISTERED, WAITING)


def remind_of_activities(*, at: datetime) -> int:
    """Remind those with a place of what begins within a day, once for each time it has; return how many messages."""
    count = 0
    for found in queries.to_remind(at, at + timedelta(hours=24)):
        count += notifications.activity_reminder(found, to=queries.registered_ids(found.id), at=at)
    return count
