"""The public vote: voting, and the organiser's report on it."""

from collections.abc import Mapping

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from compapp.contests.models import Round
from compapp.contests.queries import announced_contest, contest_by_code
from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, DomainError, Invalid, NotFound
from compapp.core.text import N_
from compapp.judging.queries.results import awards_of, votes_of
from compapp.judging.scoring.public_vote import Anomaly, anomalies
from compapp.portal import policy, queries, services
from compapp.portal.views.base import bp
from compapp.portal.views.sentences import anomaly_words
from compapp.web.access import public, require
from compapp.web.forms import Form
from compapp.web.i18n import _, ngettext
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, render, warning

_BY_PERSON = Tries("public-vote-person", 30, 3600)
_BY_ADDRESS = Tries("public-vote-address", 600, 3600)
"""Generous: a whole school may sit behind one address; the report tells what looks wrong."""


def _round(code: str) -> Round:
    round_ = queries.vote_round(announced_contest(code))
    if round_ is None:
        raise NotFound(N_("This contest has no public vote."))
    return round_


@bp.get("/contests/<code>/vote")
@public
def vote(code: str) -> str:
    """Show the entries that stand for the vote, and one's own vote."""
    round_ = _round(code)
    actor, at = current_actor(), now()
    order_for = str(actor.person_id or local(at).date())
    is_open = queries.is_open(round_, at)
    own = queries.own_votes(round_.id, actor.person_id)
    facts = queries.vote_facts(actor, code)
    entries = queries.standing(round_, order_for=order_for) if queries.gallery_is_open(round_.contest) else []
    return render(
        "portal/vote.html",
        contest=round_.contest,
        round=round_,
        is_open=is_open,
        entries=entries,
        own={one.entry_id: one for one in own.values()},
        lost=[one for one in own.values() if one.entry_id not in {shown.entry_id for shown in entries}],
        per_board=queries.ballot_of(round_, "x") != "",
        may_vote=facts is not None and policy.may_vote(actor, facts),
        checks=facts is not None and policy.may_check_votes(actor, facts),
        cast=queries.votes_cast(round_.id) if at > round_.closes_at else None,
        counts={one.entry_id: one.votes for one in votes_of(round_.id)} if awards_of(round_.contest_id) else {},
        form=Form(),
    )


@bp.post("/contests/<code>/vote")
@require(policy.may_vote, facts=queries.vote_facts)
def cast(code: str) -> ResponseReturnValue:
    """Give or move one's vote, or take it back; a second tap finds it done."""
    actor, gives = current_actor(), "withdraw" not in request.form
    if not (_BY_PERSON.take(str(actor.person_id)) and _BY_ADDRESS.take(request.remote_addr or "?")):
        warning(_("Too many tries. Wait a little, then vote again; your last vote stands."))
        return redirect_to("portal.vote", code=code)
    try:
        with unit_of_work():
            round_ = _round(code)
            trace = services.trace_of(request.remote_addr, round_.id, current_app.config["SECRET_KEY"])
            if gives:
                services.cast_vote(round_, request.form.get("entry", ""), trace=trace, actor=actor, at=now())
            else:
                services.withdraw_vote(round_, request.form.get("entry", ""), actor=actor, at=now())
    except IntegrityError:
        pass  # the same person voted at the same moment in another window: that vote stands
    except Closed as refused:
        warning(_(refused.msgid, **refused.params))
        return redirect_to("portal.vote", code=code)
    notice(
        _("Your vote is recorded. You may change it until the vote ends.")
        if gives
        else _("You have taken your vote back. You may vote again until the vote ends.")
    )
    return redirect_to("portal.vote", code=code)


@bp.get("/contests/<code>/vote/report")
@require(policy.may_check_votes, facts=queries.vote_facts)
def vote_report(code: str) -> str:
    """Show what in the vote looks unusual, and the count."""
    return _report(_round(code), {})


@bp.post("/contests/<code>/vote/voiding")
@require(policy.may_check_votes, facts=queries.vote_facts)
def void_votes(code: str) -> ResponseReturnValue:
    """Void the votes of the findings that were chosen, with a reason; their voters are told."""
    try:
        with unit_of_work():
            round_ = _round(code)
            chosen = set(request.form.getlist("finding"))
            ids = {one for found in _findings(round_) if _name(found) in chosen for one in found.ballots}
            many = services.void_votes(round_, ids, request.form.get("reason", ""), actor=current_actor(), at=now())
    except Invalid as refused:
        return _report(_round(code), _sentences(refused)), refused.status
    except Closed as refused:
        return _report(_round(code), {"": _(refused.msgid, **refused.params)}), refused.status
    notice(
        ngettext(
            "%(num)d vote is void; its voter is told why.", "%(num)d votes are void; their voters are told why.", many
        )
    )
    return redirect_to("portal.vote_report", code=code)


@bp.post("/contests/<code>/vote/count")
@require(policy.may_check_votes, facts=queries.vote_facts)
def take_over_count(code: str) -> ResponseReturnValue:
    """Make the count the result of the vote, from which the audience award is proposed."""
    try:
        with unit_of_work():
            services.take_over_count(_round(code), actor=current_actor(), at=now())
    except Closed as refused:
        return _report(_round(code), {"": _(refused.msgid, **refused.params)}), refused.status
    notice(_("The count is the result of the public vote now."))
    return redirect_to("portal.vote_report", code=code)


def _findings(round_: Round) -> list[Anomaly]:
    return anomalies(queries.ballots(round_.id), round_.opens_at, round_.closes_at)


def _name(found: Anomaly) -> str:
    """Return what a finding is called in the form: it stays the same while the votes stay the same."""
    return f"{found.kind}:{found.entry}:{found.ballots[0]}:{found.count}"


def _sentences(refused: DomainError) -> Mapping[str, str]:
    fields = refused.fields if isinstance(refused, Invalid) else {}
    found = {name: _(faults[0][0], **faults[0][1]) for name, faults in fields.items()}
    return found or {"": _(refused.msgid, **refused.params)}


def _report(round_: Round, errors: Mapping[str, str]) -> str:
    over = now() > round_.closes_at
    findings = _findings(round_) if over else []
    counts = queries.counts_of(round_.id) if over else {}
    entries = {one.code: one for one in queries.standing(round_)} if over else {}
    recorded = {one.entry.code: one.votes for one in votes_of(round_.id)} if over else {}
    return render(
        "portal/vote_report.html",
        contest=contest_by_code(round_.contest.code),
        round=round_,
        over=over,
        cast=queries.votes_cast(round_.id),
        findings=[(_name(one), one, anomaly_words(one)) for one in findings],
        rows=sorted(((code, counts.get(code, 0)) for code in {*entries, *counts}), key=lambda one: (-one[1], one[0])),
        entries=entries,
        recorded=recorded,
        is_recorded=bool(recorded)
        and all(recorded.get(code, 0) == counts.get(code, 0) for code in {*entries, *counts}),
        voided=queries.voided(round_.id),
        chosen=set(request.form.getlist("finding")),
        reason=request.form.get("reason", ""),
        errors=errors,
        form=Form(),
    )
