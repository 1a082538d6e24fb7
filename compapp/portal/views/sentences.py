"""Turning what the definition says into sentences of the reader's language."""

from dataclasses import replace

from compapp.contests.definition import AttachmentRule, BoardRule, RoundRule
from compapp.contests.plain import round_rules
from compapp.contests.queries import PublicContest
from compapp.contests.sayings import board_rules
from compapp.contests.sentences import plain
from compapp.core.text import N_
from compapp.judging.scoring.public_vote import ADDRESS, BURST, FRESH, NETWORK, PERSON, SCHOOL, Anomaly
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext

INSTITUTIONS = {
    "university": N_("universities"),
    "university_campus": N_("university campuses"),
    "campus": N_("university campuses"),
    "college": N_("colleges"),
    "vocational_school": N_("vocational schools"),
    "high_school": N_("high schools"),
    "lower_secondary": N_("lower secondary schools"),
    "primary": N_("primary schools"),
    "school": N_("schools"),
}
"""Kinds of institution as a sentence names them."""
PUPILS = frozenset({"high_school", "lower_secondary", "primary", "school"})
"""Kinds of institution whose learners are pupils, not students."""


def who_may_enter(board: BoardRule) -> str:
    """Return from which institutions the teams of a board come."""
    if not board.eligible_kinds:
        return _("Everybody may enter.")
    kinds = [_(INSTITUTIONS[kind]) if kind in INSTITUTIONS else kind.replace("_", " ") for kind in board.eligible_kinds]
    if PUPILS.issuperset(board.eligible_kinds):
        return _("Pupils of %(kinds)s.", kinds=_joined(kinds))
    if PUPILS.isdisjoint(board.eligible_kinds):
        return _("Students of %(kinds)s.", kinds=_joined(kinds))
    return _("Students and pupils of %(kinds)s.", kinds=_joined(kinds))


def team_size(board: BoardRule) -> str:
    """Return how many people a team has."""
    if board.team_max is None:
        return ngettext("At least %(num)d person", "At least %(num)d people", board.team_min)
    if board.team_min == board.team_max:
        return ngettext("Exactly %(num)d person", "Exactly %(num)d people", board.team_max)
    return _("%(least)s to %(most)s people", least=board.team_min, most=board.team_max)


def board_conditions(board: BoardRule) -> list[str]:
    """Return what else a board asks of who enters: ages, own students, limits, awards, training."""
    others = replace(board, team_min=1, team_max=None, guardian_consent_under=None)
    return [_without_name(plain(rule), localized(board.label)) for rule in board_rules(others)]


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s", some=", ".join(words[:-1]), last=words[-1])


def file_limits(rule: AttachmentRule) -> list[str]:
    """Return the limits of one file, a short phrase each."""
    limits = []
    if rule.file_formats:
        limits.append(", ".join(one.upper() for one in rule.file_formats))
    if rule.takes_link:
        limits.append(_("or a link"))
    if rule.takes_consent:
        limits.append(_("or an answer by link"))
    if rule.max_mb is not None:
        limits.append(_("at most %(most)s MB", most=_plain_number(rule.max_mb)))
    if rule.max_pages is not None:
        limits.append(ngettext("at most %(num)d page", "at most %(num)d pages", rule.max_pages))
    if rule.max_slides is not None:
        limits.append(ngettext("at most %(num)d slide", "at most %(num)d slides", rule.max_slides))
    if rule.max_seconds is not None:
        limits.append(_length(rule.max_seconds))
    if rule.min_resolution is not None:
        limits.append(_("at least %(most)s", most=rule.min_resolution))
    if rule.ratio is not None:
        limits.append(_("in the shape %(most)s", most=rule.ratio))
    if rule.file_name is not None:
        limits.append(_("called “%(most)s”", most=rule.file_name))
    return limits


def _plain_number(value: float) -> str:
    return f"{value:g}"


def _length(seconds: int) -> str:
    if seconds % 60 == 0:
        return ngettext("at most %(num)d minute", "at most %(num)d minutes", seconds // 60)
    return ngettext("at most %(num)d second", "at most %(num)d seconds", seconds)


def round_sentences(contest: PublicContest) -> list[tuple[RoundRule, list[str]]]:
    """Return each round with how it works, without repeating its name in every sentence."""
    boards = {board.rule.code: board.rule for board in contest.boards}
    rubrics = {one.rubric.code: one.rubric for one in contest.rounds if one.rubric is not None}
    names = {one.rule.code: one.rule.label for one in contest.rounds}
    return [
        (
            one.rule,
            [
                _without_name(plain(rule), localized(one.rule.label))
                for rule in round_rules(one.rule, boards, rubrics, names)
            ],
        )
        for one in contest.rounds
    ]


def _without_name(text: str, name: str) -> str:
    rest = text.removeprefix(f"{name}: ")
    return rest[:1].upper() + rest[1:]


def anomaly_words(found: Anomaly) -> tuple[str, str]:
    """Return what stands out in the public vote, and what it may harmlessly be."""
    share = {"count": found.count, "of": found.of, "percent": found.percent, "others": found.others_percent or 0}
    if found.kind == BURST:
        when = moment(found.begins)
        return (
            _("%(count)s of %(of)s votes came within ten minutes, from %(when)s.", when=when, **share),
            _("A lecture or an event does that too: ask the team what happened at that hour."),
        )
    if found.kind == PERSON:
        return (
            _(
                "%(count)s of %(of)s votes came from somebody who seems to have voted already with another account: "
                "the same student number, or the same mailbox.",
                **share,
            ),
            _(
                "The first vote, or that of the confirmed student, is not among these. A mistyped number looks like "
                "this too."
            ),
        )
    if found.kind == ADDRESS:
        return (
            _("%(count)s of %(of)s votes came from one internet address.", **share),
            _("A shared device or a small office looks like this; so does one person with several accounts."),
        )
    if found.kind == NETWORK:
        return (
            _("%(count)s of %(of)s votes came from one network; of the other entries’ votes %(others)s %%.", **share),
            _("A school’s own network looks like this."),
        )
    if found.kind == FRESH:
        return (
            _(
                "%(count)s of %(of)s votes came from accounts made within the hour before; of the other entries’ votes "
                "%(others)s %%.",
                **share,
            ),
            _("Friends who sign up only to vote look like this; so do accounts made in a row."),
        )
    named = {"mark": found.mark or "", **share}
    if found.kind == SCHOOL:
        return (
            _("%(count)s of %(of)s voters belong to %(mark)s; of the other entries’ voters %(others)s %%.", **named),
            _("A school that stands behind its team is nothing wrong in itself."),
        )
    return (
        _(
            "%(count)s of %(of)s voters have an address at %(mark)s; of the other entries’ voters %(others)s %%.",
            **named,
        ),
        _("A school’s or a firm’s own mail looks like this; an unknown provider of throw-away addresses does, too."),
    )
