"""What placement tells whom. No message names another team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.accounts.queries import managers_of
from compapp.contests.models import Contest
from compapp.core import outbox
from compapp.core.messages import message
from compapp.entries.models import Entry
from compapp.entries.queries import people_of
from compapp.judging.notifications.audience import office
from compapp.placement.models import Intake, MatchRun, Offer

_TITLE = {"vi": "Trạm đo mặn Miệt Vườn", "en": "Miet Vuon salinity post"}
_INCUBATOR = {"vi": "Vườn ươm Nông nghiệp số Sông Hậu", "en": "Song Hau Digital Farming Incubator"}
_CONTEST = {"vi": "Cuộc thi Ý tưởng khởi nghiệp 2026-2027", "en": "Startup Idea Contest 2026-2027"}


def team_path(entry_id: int) -> str:
    """Return the address of a team's page of places."""
    return f"/entries/{entry_id}/placement"


def _tell(kind: str, offer: Offer, to: Iterable[int], path: str, at: datetime, *, answer: str = "", **data: Any) -> int:
    """Post ``kind`` about an offer: every such message says entry, incubator, contest and until when.

    Once for each time the place was offered, and for each ``answer`` to it.
    """
    offered = offer.offered_at.isoformat()
    return outbox.post(
        kind,
        to=to,
        subject=("offer", offer.id),
        version=f"{answer}:{offered}" if answer else offered,
        data={
            "title": offer.entry.title,
            "incubator": offer.intake.incubator.name,
            "contest": offer.entry.contest.title,
            "expires": offer.expires_at.isoformat(),
            **({"answer": answer} if answer else {}),
            **data,
            "path": path,
        },
        at=at,
        contest_id=offer.intake.contest_id,
    )


@message(
    "placement_open",
    sample={
        "title": _TITLE,
        "contest": _CONTEST,
        "closes": "2027-03-15T10:00:00+00:00",
        "free": 11,
        "path": "/entries/1/placement",
    },
)
def placement_open(
    contest: Contest, entry_id: int, title: Any, people: Iterable[int], *, closes: datetime, free: int, at: datetime
) -> int:
    """Tell a team that it can order its wishes now; once for each closing time."""
    return outbox.post(
        "placement_open",
        to=people,
        subject=("entry", entry_id),
        version=closes.isoformat(),
        data={
            "title": title,
            "contest": contest.title,
            "closes": closes.isoformat(),
            "free": free,
            "path": team_path(entry_id),
        },
        at=at,
        contest_id=contest.id,
    )


@message(
    "offer",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "contest": _CONTEST,
        "expires": "2027-03-19T10:00:00+00:00",
        "from_waiting_list": False,
        "holds_place": False,
        "path": "/entries/1/placement",
    },
)
def offer(offer: Offer, *, holds_place: bool, at: datetime) -> int:
    """Tell everybody on the team of an offer; ``holds_place``: accepting it gives another place back."""
    return _tell(
        "offer",
        offer,
        people_of(offer.entry_id),
        team_path(offer.entry_id),
        at,
        from_waiting_list=offer.origin == "waiting_list",
        holds_place=holds_place,
    )


@message(
    "offer_made",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "contest": _CONTEST,
        "expires": "2027-03-19T10:00:00+00:00",
        "from_waiting_list": True,
        "path": "/intakes/1",
    },
)
def offer_made(offer: Offer, *, at: datetime) -> int:
    """Tell the incubator's managers whom a place was offered to."""
    managers, path = managers_of(offer.intake.incubator_id), f"/intakes/{offer.intake_id}"
    return _tell("offer_made", offer, managers, path, at, from_waiting_list=offer.origin == "waiting_list")


@message(
    "offer_reminder",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "contest": _CONTEST,
        "expires": "2027-03-19T10:00:00+00:00",
        "path": "/entries/1/placement",
    },
    urgent=True,
)
def offer_reminder(offer: Offer, *, at: datetime) -> int:
    """Remind the team of an offer that lapses soon; once for each offer."""
    return _tell("offer_reminder", offer, people_of(offer.entry_id), team_path(offer.entry_id), at)


@message(
    "offer_lapsed",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "contest": _CONTEST,
        "expires": "2027-03-19T10:00:00+00:00",
        "to_team": True,
        "path": "/entries/1/placement",
    },
)
def offer_lapsed(offer: Offer, *, at: datetime) -> None:
    """Tell the team, and the incubator, that an offer lapsed."""
    sides = (
        (people_of(offer.entry_id), True, team_path(offer.entry_id)),
        (managers_of(offer.intake.incubator_id), False, f"/intakes/{offer.intake_id}"),
    )
    for people, to_team, path in sides:
        _tell("offer_lapsed", offer, people, path, at, to_team=to_team)


@message(
    "offer_answered",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "contest": _CONTEST,
        "expires": "2027-03-19T10:00:00+00:00",
        "answer": "accepted",
        "reason": "",
        "path": "/intakes/1",
    },
)
def offer_answered(offer: Offer, *, reason: str = "", at: datetime) -> None:
    """Tell incubator and organiser that a team accepted, declined, or gave its place back."""
    contest = offer.entry.contest
    sides = (
        (managers_of(offer.intake.incubator_id), f"/intakes/{offer.intake_id}"),
        (office(contest.id, "organiser"), f"/placement/{contest.code}"),
    )
    for people, path in sides:
        _tell("offer_answered", offer, people, path, at, answer=offer.state, reason=reason)


@message(
    "offer_withdrawn",
    sample={
        "title": _TITLE,
        "incubator": _INCUBATOR,
        "contest": _CONTEST,
        "expires": "2027-03-19T10:00:00+00:00",
        "reason": "Vườn ươm tạm ngừng tiếp nhận.",
        "path": "/entries/1/placement",
    },
)
def offer_withdrawn(offer: Offer, *, reason: str, at: datetime) -> None:
    """Tell team and incubator that an offer was taken back, and why."""
    sides = (
        (people_of(offer.entry_id), team_path(offer.entry_id)),
        (managers_of(offer.intake.incubator_id), f"/intakes/{offer.intake_id}"),
    )
    for people, path in sides:
        _tell("offer_withdrawn", offer, people, path, at, reason=reason)


@message(
    "no_place",
    sample={"title": _TITLE, "contest": _CONTEST, "waiting": [_INCUBATOR], "path": "/entries/1/placement"},
)
def no_place(run: MatchRun, entry: Entry, waiting: Iterable[Intake], *, at: datetime) -> int:
    """Tell a team that no place could be offered, and where it waits."""
    return outbox.post(
        "no_place",
        to=people_of(entry.id),
        subject=("entry", entry.id),
        version=run.id,
        data={
            "title": entry.title,
            "contest": run.contest.title,
            "waiting": [one.incubator.name for one in waiting],
            "path": team_path(entry.id),
        },
        at=at,
        contest_id=run.contest_id,
    )


@message(
    "matching_proposed",
    sample={"contest": _CONTEST, "by": "Nguyễn Thị Hạnh", "placed": 10, "teams": 11, "path": "/placement/VL-KNST-2026"},
)
def matching_proposed(run: MatchRun, *, by_id: int | None, placed: int, teams: int, at: datetime) -> int:
    """Ask the second person to look at a proposed matching and release it."""
    people = [one for one in office(run.contest_id, "organiser", "approver") if one != by_id]
    return outbox.post(
        "matching_proposed",
        to=people,
        subject=("match_run", run.id),
        version=run.id,
        data={
            "contest": run.contest.title,
            "by": run.computed_by_name,
            "placed": placed,
            "teams": teams,
            "path": f"/placement/{run.contest.code}",
        },
        at=at,
        contest_id=run.contest_id,
    )
