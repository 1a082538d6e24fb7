"""The list of contests and the page of each."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.contests.definition import Calendar, CalendarPoint, Prize
from compapp.contests.queries import PublicContest, public_contest
from compapp.contests.sentences import plain, point_label
from compapp.core import formats
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.entries.queries.team import own_entry_in
from compapp.portal import queries
from compapp.portal.views import sentences
from compapp.portal.views.base import bp
from compapp.portal.views.kept import kept
from compapp.web.access import public
from compapp.web.i18n import _, current_locale, localized
from compapp.web.pages import render

_NO_CONTEST = N_("There is no such contest.")


@bp.get("/contests")
@public
def contests() -> ResponseReturnValue:
    """List the announced contests: open, to come, under way, finished; searched whatever the marks."""
    search = request.args.get("q", "").strip()[:100]
    if search:
        return _list(search)
    return kept(queries.mark_of_all(now()), lambda: _list(""))


def _list(search: str) -> str:
    return render("portal/contests.html", shelf=queries.shelf(now(), search), search=search)


@bp.get("/contests/<code>")
@public
def contest(code: str) -> ResponseReturnValue:
    """Show everything that a contest tells the public; a draft is not found."""
    mark = queries.mark_of_contest(code, now())
    if mark is None:
        raise NotFound(_NO_CONTEST)
    return kept(mark, lambda: _page(code))


def _page(code: str) -> str:
    found = public_contest(code)
    if found is None:
        raise NotFound(_NO_CONTEST)
    phase = queries.phase_of(found.state, found.opens_at, found.closes_at, now())
    return render(
        "portal/contest.html",
        contest=found,
        phase=phase,
        point=_point(found, phase),
        gallery_is_open=queries.nothing_is_blind((one.rule, one.state) for one in found.rounds),
        results=queries.results_of(found.id, now()),
        steps=[_step(point) for point in found.calendar.points],
        rounds=sentences.round_sentences(found),
        rubrics=_rubrics(found),
        open_round=_open_round(found),
        prizes=_prizes(found),
        may_withhold=any(one.rule.prizes_may_be_withheld for one in found.rounds),
        entering=[plain(rule) for rule in found.entering if "board" not in rule.params],
        start_url=url_for("entries.start", code=code),
        own_entry=own_entry_in(current_actor().person_id, found.id),
        share_text=_share_text(found, phase),
        who_may_enter=sentences.who_may_enter,
        team_size=sentences.team_size,
        board_conditions=sentences.board_conditions,
        file_limits=sentences.file_limits,
    )


def _step(point: CalendarPoint) -> dict[str, str]:
    """Return a point of the calendar as the timeline shows it."""
    state = point.state_at(now())
    return {"title": point_label(point), "when": _when(point), "state": state}


def _when(point: CalendarPoint) -> str:
    locale = current_locale()
    if point.opens_at is None or point.closes_at is None:
        return formats.moment(point.starts_at, locale)
    if formats.day(point.opens_at) == formats.day(point.closes_at):
        return _(
            "%(day)s, until %(hour)s",
            day=formats.moment(point.opens_at, locale).removesuffix(" (GMT+7)"),
            hour=formats.moment(point.closes_at, locale).rpartition(", ")[2],
        )
    return _(
        "%(first)s – %(last)s",
        first=formats.day(point.opens_at),
        last=formats.moment(point.closes_at, locale),
    )


def _point(contest: PublicContest, phase: str) -> CalendarPoint | None:
    """Return what goes on, else what comes next; receiving entries is over once the organiser has closed it."""
    if phase in ("receiving", "upcoming"):
        return contest.current
    points = tuple(point for point in contest.calendar.points if point.key != "submission")
    return Calendar(points).current_at(now())


def _open_round(contest: PublicContest) -> str:
    """Return the code of the round that is unfolded: the one under way or next, else the first that is scored."""
    current = contest.current.key if contest.current else ""
    if current.startswith("round."):
        return current.removeprefix("round.")
    return next((one.rule.code for one in contest.rounds if one.rule.is_scored), "")


def _prizes(contest: PublicContest) -> list[tuple[str, tuple[Prize, ...]]]:
    """Return the prizes of each board, then those of the whole contest, each group with its heading."""
    groups = [(localized(board.rule.label), board.prizes) for board in contest.boards]
    groups.append((_("Over all boards"), contest.contest_prizes))
    return [(label, prizes) for label, prizes in groups if prizes]


def _rubrics(contest: PublicContest) -> list[tuple[Any, list[str]]]:
    """Return each rubric once, with the names of the rounds that use it."""
    used: dict[str, tuple[Any, list[str]]] = {}
    for one in contest.rounds:
        if one.rubric is not None:
            used.setdefault(one.rubric.code, (one.rubric, []))[1].append(localized(one.rule.label))
    return list(used.values())


def _share_text(contest: PublicContest, phase: str) -> str:
    """Return a few lines to paste into Zalo: title, deadline, address."""
    lines = [localized(contest.title)]
    if phase == "receiving":
        lines.append(_("Entries until: %(moment)s", moment=formats.moment(contest.closes_at, current_locale())))
    elif phase == "upcoming":
        lines.append(_("Entries from: %(moment)s", moment=formats.moment(contest.opens_at, current_locale())))
    lines.append(url_for("portal.contest", code=contest.code, _external=True))
    return "\n".join(lines)
