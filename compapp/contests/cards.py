"""What organisers read on their home page."""

from collections.abc import Sequence

from flask import url_for

from compapp.contests import lifecycle, policy, queries
from compapp.contests.definition.rounds import ELIGIBILITY
from compapp.contests.models import Contest
from compapp.contests.sentences import point_label
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.web.filters import moment
from compapp.web.i18n import _, localized
from compapp.web.navigation import Card, CardItem


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return a card per contest that the actor organises and that is not over."""
    own = actor.scopes(policy.ORGANISER, CONTEST)
    if not own:
        return []
    cards: list[Card] = []
    for contest in queries.managed_contests(actor):
        if contest.id not in own or contest.state == "archived":
            continue
        url = url_for("contests.overview", code=contest.code)
        point = queries.calendar(contest).current_at(now())
        if contest.state == "draft":
            text, tone = _("This contest is a draft. Nobody sees it until you announce it."), "warning"
        elif point is None:
            text, tone = _("Every date of this contest has passed."), "neutral"
        else:
            ends = moment(point.closes_at if point.closes_at and point.starts_at <= now() else point.starts_at)
            text, tone = f"{point_label(point)}: {ends}", "neutral"
        items = [CardItem(_("Every entry has been checked."), note=_("done"))] if _is_checked(contest) else []
        over = point is None and contest.state != "draft"
        title, label = localized(contest.title), _("Open the workspace")
        cards.append(Card(title, text, label, url, items, tone=tone, order=40, done=over))
    return cards


def _is_checked(contest: Contest) -> bool:
    """Whether the eligibility round is decided and the round after it still goes on."""
    over = {lifecycle.ROUND_CLOSED, lifecycle.ROUND_DECIDED, lifecycle.PUBLISHED}
    done = [
        round_.position
        for round_ in contest.rounds
        if round_.kind == ELIGIBILITY and round_.state == lifecycle.ROUND_DECIDED
    ]
    return bool(done) and not any(one.position > done[-1] and one.state in over for one in contest.rounds)
