"""Words for what was refused, and for what the contest's organiser named: kinds of conflict, sectors, institutions."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Body, Contest, Round
from compapp.core.db import session
from compapp.core.errors import DomainError, Invalid
from compapp.core.text import N_
from compapp.judging.scoring.modes import mode_of, options_of
from compapp.judging.services import BYE, kinds_of
from compapp.web.i18n import _, localized

_KNOWN = {
    "same_institution": N_("Same institution"),
    "family": N_("Family"),
    "supervisor_or_mentor": N_("Supervisor or mentor of the team"),
    "business_or_investment": N_("Business or investment"),
    "other": N_("Something else"),
}


def errors_of(refused: DomainError) -> dict[str, str]:
    """Return the sentence for each field that was refused; under the empty name what belongs to none."""
    if isinstance(refused, Invalid) and refused.fields:
        return {name: _(found[0][0], **found[0][1]) for name, found in refused.fields.items()}
    return {"": _(refused.msgid, **refused.params)}


def way_of(round_: Round) -> str:
    """Return how a round without points comes to its figures, in a sentence; nothing for criteria and points."""
    mode = mode_of(round_.definition)
    return "" if mode.method is None else _(mode.decides, **options_of(round_.definition))


def sentence_of(refused: DomainError) -> str:
    """Return the first sentence of what was refused."""
    return next(iter(errors_of(refused).values()))


def conflict_labels(contest: Contest) -> dict[str, str]:
    """Return the label of each kind of conflict: the contest's own words first."""
    rules = contest.definition.get("rules") or {}
    own = (rules.get("labels") or {}).get("judge_conflict_kinds") or {}
    return {
        kind: localized(own[kind]) if kind in own else _(_KNOWN[kind]) if kind in _KNOWN else kind
        for kind in kinds_of(rules)
    }


def reason_shown(contest: Contest, reason: str | None) -> str:
    """Return a reason as it is read: a person's words as they are, a conflict's mark with the kind's label."""
    words = reason or ""
    if words == BYE:
        return _("the board has a bye")
    mark, _colon, kind = words.partition(": ")
    known = conflict_labels(contest) if mark == "conflict" else {}
    return _("conflict of interest (%(kind)s)", kind=known[kind]) if kind in known else words


def conflict_choices(contest: Contest) -> list[tuple[str, str]]:
    """Return the kinds of conflict to choose from."""
    return list(conflict_labels(contest).items())


def sector_choices(contest: Contest) -> list[tuple[str, str]]:
    """Return the contest's sectors as code and label."""
    return [(sector.code, localized(sector.definition.get("label")) or sector.code) for sector in contest.sectors]


def institution_choices(contest: Contest) -> list[tuple[str, str]]:
    """Return the contest's institutions as organisation id and name."""
    bodies = session().scalars(
        select(Body)
        .where(Body.contest_id == contest.id, Body.section == "institutions")
        .options(joinedload(Body.organisation))
        .order_by(Body.position)
    )
    return [(str(body.organisation_id), localized(body.organisation.name)) for body in bodies]


def paper_kinds() -> dict[str, str]:
    """Return the names of the papers that the office numbers."""
    return {
        "minutes": _("Minutes"),
        "decision": _("Decision"),
        "announcement": _("Announcement"),
        "invitation": _("Invitation"),
    }
