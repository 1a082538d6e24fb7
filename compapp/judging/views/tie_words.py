"""A tie as a sentence: what leads from the judge, and what from the team, to the same club, team, place or person."""

from typing import Any

from compapp.core.text import N_
from compapp.judging.queries.ties import (
    ADVISED,
    AFFILIATION,
    CLUB,
    HOSTED,
    OFFER,
    OFFICE,
    RELATION,
    SCHOOL,
    TEAM,
    WISH,
    Step,
    Tie,
)
from compapp.web.i18n import _, localized

_STEPS = {
    CLUB: N_("was in the club “%(node)s”"),
    TEAM: N_("was on the team “%(node)s”"),
    ADVISED: N_("advised the team “%(node)s”"),
    OFFICE: N_("has or had a role at “%(node)s”"),
    AFFILIATION: N_("works at “%(node)s”"),
    SCHOOL: N_("studies at “%(node)s”"),
    WISH: N_("wants to be hosted by “%(node)s”"),
    OFFER: N_("was offered a place at “%(node)s”"),
    HOSTED: N_("is or was hosted by “%(node)s”"),
    RELATION: N_("is or was tied to “%(node)s” (%(detail)s)"),
}
_HIDDEN = {
    CLUB: N_("was in a club"),
    TEAM: N_("was on an earlier team"),
    ADVISED: N_("advised an earlier team"),
    OFFICE: N_("has or had a role in an organisation"),
    AFFILIATION: N_("works in an organisation"),
    SCHOOL: N_("studies there"),
    WISH: N_("wants to be hosted there"),
    OFFER: N_("was offered a place there"),
    HOSTED: N_("is or was hosted there"),
    RELATION: N_("is or was tied to somebody or to an organisation"),
}
_DETAILS = {
    "mentor": N_("mentor"),
    "advisor": N_("advisor"),
    "resident": N_("incubated there"),
    "employer": N_("employment"),
    "family": N_("family"),
}


_TOGETHER = {
    CLUB: N_("%(judge)s and %(member)s were both in the club “%(node)s” (%(years)s)."),
    TEAM: N_("%(judge)s and %(member)s were both on the team “%(node)s” (%(years)s)."),
}


def path_in_words(tie: Tie, judge: str, node: Any, *, blind: bool) -> str:
    """Return how a judge and an entry are tied; ``blind``: without any name but the judge's."""
    name = localized(node) if isinstance(node, dict) else str(node or "")
    member = _("a member of the team") if blind or not tie.team.name else tie.team.name
    if not tie.team.name:
        member = _("the team")
    both = tie.judge.kind == tie.team.kind
    if blind and both:
        return _both_hidden(tie, judge, member)
    if both and tie.judge.kind in _TOGETHER:
        return _(_TOGETHER[tie.judge.kind], judge=judge, member=member, node=name, years=_years(tie))
    if not blind and tie.node.startswith("person:") and name == tie.team.name:
        return _(
            "%(judge)s is or was tied to %(member)s (%(detail)s, %(years)s).",
            judge=judge,
            member=member,
            detail=_detail(tie.judge),
            years=_years(tie),
        )
    return f"{judge} {_step(tie.judge, name, blind)}; {member} {_step(tie.team, name, blind, second=True)}."


def _both_hidden(tie: Tie, judge: str, member: str) -> str:
    if tie.judge.kind == CLUB:
        words = N_("%(judge)s and %(member)s were both in the same club (%(years)s).")
        return _(words, judge=judge, member=member, years=_years(tie))
    if tie.judge.kind in (TEAM, ADVISED):
        words = N_("%(judge)s and %(member)s had to do with the same earlier team (%(years)s).")
        return _(words, judge=judge, member=member, years=_years(tie))
    return _("%(judge)s and %(member)s have to do with the same person or organisation.", judge=judge, member=member)


def _step(step: Step, node: str, blind: bool, *, second: bool = False) -> str:
    words = (_HIDDEN if blind else _STEPS)[step.kind]
    said = (
        _(words)
        if blind
        else _(words, node=node, detail=_detail(step))
        if step.kind == RELATION
        else _(words, node=node)
    )
    return f"{said} ({step.year})" if step.year is not None else said


def _detail(step: Step) -> str:
    return _(_DETAILS[step.detail]) if step.detail in _DETAILS else step.detail


def _years(tie: Tie) -> str:
    years = sorted({step.year for step in (tie.judge, tie.team) if step.year is not None})
    return " – ".join(str(year) for year in years)
