"""What happens to an entry when its team has nothing to do: who looks at it now, until when, and what comes after."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from compapp.contests.definition import RoundRule
from compapp.contests.lifecycle import ARCHIVED, DECIDED
from compapp.entries import advancement
from compapp.entries.lifecycle import ELIGIBLE, SUBMITTED
from compapp.entries.models import Entry
from compapp.web.filters import moment
from compapp.web.i18n import _, localized
from compapp.web.navigation import Card

ELIGIBILITY = "eligibility"
CardsOf = Callable[[int], Sequence[Card]]

_cards_of: CardsOf | None = None


def register_cards(cards_of: CardsOf | None) -> None:
    """Let the room above say with ``cards_of(entry_id)`` what results ask of a team: the most urgent first."""
    global _cards_of
    _cards_of = cards_of


def card_of(entry: Entry) -> Card | None:
    """Return what results ask of the team of ``entry`` first; nothing before there are any."""
    return None if _cards_of is None else next(iter(_cards_of(entry.id)), None)


def outlook(entry: Entry, at: datetime, later: Collection[str] | None = None) -> str:
    """Return in a sentence or two what happens next to ``entry`` and when its team hears of it.

    ``later`` are the codes of the rounds after the first that it takes part in; lists load them for all at once.
    """
    if entry.state == SUBMITTED:
        return _checked(entry, at)
    if entry.state == ELIGIBLE:
        return _judged(entry, at, advancement.reached(entry.id) if later is None else later)
    return _("You will be told by e-mail and in your inbox as soon as there is news.")


def _checked(entry: Entry, at: datetime) -> str:
    rules = [RoundRule.of(one) for one in entry.contest.rounds]
    ends = next((rule.closes_at for rule in rules if rule.kind == ELIGIBILITY and rule.closes_at > at), None)
    if ends is None:
        return _("The organiser is checking your entry. You will be told by e-mail and in your inbox.")
    return _(
        "The organiser checks your entry by %(until)s. You will be told by e-mail and in your inbox.",
        until=moment(ends),
    )


def _judged(entry: Entry, at: datetime, later: Collection[str]) -> str:
    rules = sorted((RoundRule.of(one) for one in entry.contest.rounds), key=lambda rule: rule.order)
    scored = [rule for rule in rules if rule.is_scored]
    mine = [rule for place, rule in enumerate(scored) if place == 0 or rule.code in later]
    coming = next((rule for rule in mine if rule.closes_at > at), None)
    if coming is None and entry.contest.state in (DECIDED, ARCHIVED):
        return _("The contest is over and its results are published: read your result and what the judges wrote.")
    if coming is None:
        return _("Every round that you took part in is over. Results stand on the page of the contest once published.")
    said = {"round": localized(coming.label), "from": moment(coming.opens_at), "until": moment(coming.closes_at)}
    board_bye, own_bye = coming.byes.get(entry.board.code), coming.entry_byes.get(entry.code)
    if own_bye is not None:
        said["why"] = localized(own_bye)
        return _("Your entry goes straight to the round after %(round)s without being judged in it: %(why)s", **said)
    if board_bye is not None:
        said["why"] = localized(board_bye)
        return _("Your board goes straight to the round after %(round)s without being judged in it: %(why)s", **said)
    if coming.opens_at > at:
        now = _("Next: %(round)s, from %(from)s to %(until)s.", **said)
    elif coming.is_live:
        now = _("Now: %(round)s, until %(until)s.", **said)
    else:
        now = _("Judges are reading it now: %(round)s, until %(until)s.", **said)
    return f"{now} " + _("The result comes after that, when two people have approved it; you will be told by e-mail.")
