"""Dates that are impossible, or that nobody can keep."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from compapp.contests.definition import Calendar, CalendarPoint, moment
from compapp.contests.definition.rounds import LIVE_PITCH, PUBLIC_VOTE, SCORED
from compapp.contests.sayings import PlainRule
from compapp.contests.setup.checks.finding import FAULT, MISSING, WARNING, Document, Facts, Finding, Findings, label_of
from compapp.contests.setup.holidays import holiday_on, is_at_night, is_weekend, lunar_new_year_near
from compapp.core.clock import local
from compapp.core.text import N_

SHORTEST_ENTRY = timedelta(days=14)
SHORTEST_READING = timedelta(days=3)
SHORTEST_APPEAL = timedelta(hours=24)


def check_dates(document: Document, facts: Facts) -> list[Finding]:
    """Return what is wrong with launch, entries, appeals and with the dates of rounds, files and parts."""
    found = Findings("dates")
    _entries(document, facts, found)
    _appeals(document, found)
    for point, step in _deadlines(document):
        _day(point, Findings(step, found.found))
    _rounds(document, Findings("rounds", found.found))
    return found.found


def _entries(document: Document, facts: Facts, found: Findings) -> None:
    contest = document["contest"]
    launch, window = moment(contest["launch"]), contest["submission"]
    opens, closes = moment(window["opens"]), moment(window["closes"])
    assert launch is not None and opens is not None and closes is not None
    if closes <= facts.at and not facts.opened:
        found.add(
            FAULT,
            "past",
            N_("The deadline for entries has passed already."),
            N_("Set a later deadline."),
        )
    if opens < launch and local(opens).date() < local(launch).date():
        found.add(
            WARNING,
            f"early.{_day_of(opens)}",
            N_("Entries open before the contest is launched."),
            N_("Launch first, or write why."),
        )
    if closes - opens < SHORTEST_ENTRY:
        days = max((closes - opens).days, 0)
        found.add(
            WARNING,
            f"short.{days}",
            N_("Teams have only %(days)s days to enter."),
            N_("Give them at least two weeks."),
            days=days,
        )
    if not window.get("reminders_before"):
        found.add(
            WARNING,
            "reminders",
            N_("Nobody is reminded before the deadline."),
            N_("Tick when teams are reminded."),
        )
    if window.get("late_policy") == "grace" and not window.get("grace_minutes"):
        found.add(
            MISSING,
            "grace",
            N_("Late entries are to be accepted, but it is not said for how many minutes."),
            N_("Write the minutes of grace, or accept nothing late."),
        )


def _appeals(document: Document, found: Findings) -> None:
    contest = document["contest"]
    rounds = {one["code"]: one for one in document["rounds"]}
    windows = {one["round"]: one for one in contest.get("appeals") or ()}
    for code, one in windows.items():
        opens, closes = moment(one["opens"]), moment(one["closes"])
        ends = moment(rounds[code]["closes"]) if code in rounds else None
        params = {"round": label_of(rounds[code]) if code in rounds else {}}
        if ends and opens and opens < ends:
            found.add(
                FAULT,
                f"appeal.{code}",
                N_("Appeals after “%(round)s” open before that round has closed."),
                N_("Let appeals open after the round closes."),
                **params,
            )
        if opens and closes and closes - opens < SHORTEST_APPEAL:
            found.add(
                WARNING,
                f"appeal.short.{code}",
                N_("Teams have less than a day to appeal after “%(round)s”."),
                N_("Give them at least a day, usually three."),
                **params,
            )
        following = _next_scored(document["rounds"], code)
        if closes and following and closes > _sure(following["opens"]):
            found.add(
                WARNING,
                f"appeal.late.{code}",
                N_("“%(following)s” begins before appeals after “%(round)s” have closed."),
                N_("Let appeals end first: who wins one still has to take part."),
                following=label_of(following),
                **params,
            )
    if (contest.get("rules") or {}).get("appeal_window_hours") and not windows:
        found.add(
            WARNING,
            "appeals",
            N_("Teams may appeal, but the calendar does not say when."),
            N_("Add a window for appeals after each round."),
        )


def _next_scored(rounds: list[Any], code: str) -> Any:
    """Return the round with judges that follows the one of this code; None for none."""
    scored = [one for one in rounds if one["kind"] in SCORED]
    places = [place for place, one in enumerate(scored) if one["code"] == code]
    return scored[places[0] + 1] if places and places[0] + 1 < len(scored) else None


def _sure(value: object) -> datetime:
    read = moment(value)
    assert read is not None
    return read


def _rounds(document: Document, found: Findings) -> None:
    entries_close = moment(document["contest"]["submission"]["closes"])
    before: tuple[Any, datetime] | None = None
    for one in document["rounds"]:
        opens, closes = moment(one["opens"]), moment(one["closes"])
        assert opens is not None and closes is not None and entries_close is not None
        params = {"round": label_of(one)}
        if opens < entries_close and one["kind"] in SCORED:
            found.add(
                FAULT,
                f"early.{one['code']}",
                N_("“%(round)s” begins before entries close."),
                N_("Let judges begin after the deadline, when nothing changes any more."),
                **params,
            )
        if one["kind"] == "online_scoring" and closes - opens < SHORTEST_READING:
            found.add(
                WARNING,
                f"short.{one['code']}",
                N_("Judges have less than three days for “%(round)s”."),
                N_("Give them at least three days, better ten."),
                **params,
            )
        if before is not None and opens < before[1] and one["kind"] != PUBLIC_VOTE and before[0]["kind"] in SCORED:
            found.add(
                FAULT,
                f"overlap.{one['code']}",
                N_("“%(round)s” begins before “%(before)s” has closed."),
                N_("Put the rounds one after the other."),
                before=label_of(before[0]),
                **params,
            )
        if one["kind"] != PUBLIC_VOTE:
            before = (one, closes)


def _deadlines(document: Document) -> Iterator[tuple[CalendarPoint, str]]:
    """Yield every deadline with the page on which it is set; what happens live may lie on a weekend."""
    kinds = {one["code"]: one["kind"] for one in document["rounds"]}
    calendar = Calendar.read(document["contest"], document["rounds"], document["form"])
    for point in calendar.points:
        name, _dot, code = point.key.partition(".")
        if point.closes_at is not None and not (name == "round" and kinds[code] == LIVE_PITCH):
            yield point, {"round": "rounds", "attachment": "form", "section": "form"}.get(name, "dates")


def _day(point: CalendarPoint, found: Findings) -> None:
    assert point.closes_at is not None
    day, key = local(point.closes_at).date(), f"{point.key}.{_day_of(point.closes_at)}"
    label = PlainRule(point.msgid, {"name": dict(point.name)})
    params: dict[str, Any] = {"what": label, "day": f"{day:%d/%m/%Y}"}
    first, holiday = lunar_new_year_near(day), holiday_on(day)
    if first is not None:
        found.add(
            WARNING,
            f"tet.{key}",
            N_("The deadline on %(day)s (%(what)s) lies in the Lunar New Year days; the year begins on %(first)s."),
            N_("Choose a day before or after the holidays, when people are back."),
            first=f"{first:%d/%m/%Y}",
            **params,
        )
    elif holiday is not None:
        found.add(
            WARNING,
            f"holiday.{key}",
            N_("The deadline on %(day)s (%(what)s) is a public holiday: %(holiday)s."),
            N_("Choose a working day."),
            holiday=PlainRule(holiday),
            **params,
        )
    elif is_weekend(point.closes_at):
        found.add(
            WARNING,
            f"weekend.{key}",
            N_("The deadline on %(day)s (%(what)s) lies on a weekend."),
            N_("Choose a working day, so that somebody can help."),
            **params,
        )
    if is_at_night(point.closes_at):
        found.add(
            WARNING,
            f"night.{key}",
            N_("The deadline on %(day)s (%(what)s) lies in the night."),
            N_("Choose an hour at which somebody can help, such as 17:00."),
            **params,
        )


def _day_of(at: datetime) -> str:
    return f"{local(at):%Y-%m-%dT%H:%M}"
