"""A student's own pages: the list, a start, and the workspace with one next action."""

from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts.queries import memberships_of
from compapp.contests.definition import BoardRule, Choice, EntryForm, Rules
from compapp.contests.models import Contest
from compapp.contests.queries import announced_contest, contest_by_code
from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.entries import policy, queries, services
from compapp.entries.forms import StartForm
from compapp.entries.lifecycle import COUNTED, DRAFT, ELIGIBLE, ENTRY, GUARDIAN, NEEDS_FIX, SUBMITTED
from compapp.entries.models import Entry
from compapp.entries.outlook import card_of, outlook
from compapp.entries.policy import EntryFacts
from compapp.entries.queries import appeals
from compapp.entries.queries.links import newest_checks
from compapp.entries.queries.parts import confirmed_parts, later_files_due, later_parts
from compapp.entries.queries.quotas import full_quotas
from compapp.entries.queries.team import own_entry_in, waiting_seats
from compapp.entries.services import carrying
from compapp.entries.views.blueprint import bp, chosen_institution, on_entry, workspace_page
from compapp.web.access import facts, require, signed_in
from compapp.web.i18n import _, localized, ngettext
from compapp.web.pages import notice, redirect_to, render


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now."""

    title: str
    text: str
    label: str = ""
    url: str = ""
    deadline: datetime | None = None
    done: bool = False


def next_step(entry: Entry, missing: int, at: datetime, *, is_lead: bool, is_full: bool = False) -> NextStep:
    """Return what the team should do next with ``entry``; ``is_full``: its school has no place left for it."""
    window = queries.entry_window(entry)
    deadline = window.deadline(at)
    if window.frozen:
        return NextStep(_("The entry is frozen"), _("A matter is being looked into. You can state your part."))
    if entry.state == NEEDS_FIX and window.reopened(at):
        reason = next(iter(queries.decisions_of(entry.id)), None)
        text = reason.reason if reason is not None else ""
        return NextStep(_("Complete your entry"), text, _("Look and submit again"), _url(entry, "submission"), deadline)
    if entry.state in (DRAFT, SUBMITTED) and window.entry_open(entry.state, at):
        return _open_step(entry, missing, deadline, is_lead=is_lead, is_full=is_full)
    if entry.state == DRAFT:
        return NextStep(_("The deadline has passed"), _("This draft was not submitted."), done=True)
    if entry.merged_into_id is not None:
        text = _("The organiser merged it into another entry of your team, which takes part.")
        return NextStep(_("Merged into another entry"), text, done=True)
    return _appeal_step(entry, at, is_lead=is_lead) or _nothing_to_do(entry, at)


def _nothing_to_do(entry: Entry, at: datetime) -> NextStep:
    title, card = _(ENTRY.states[entry.state].public), card_of(entry) if entry.state == ELIGIBLE else None
    if card is not None and card.tone == "urgent":
        return NextStep(card.title, card.text, card.action_label, card.action_url)
    later = _later_step(entry, at)
    if later is not None:
        return later
    if card is None:
        return NextStep(title, outlook(entry, at), done=True)
    return NextStep(title, outlook(entry, at), card.action_label, card.action_url, done=True)


def _later_step(entry: Entry, at: datetime) -> NextStep | None:
    """Lead a team that went on to what its next round asks first: a part to confirm or a file."""
    if entry.state not in COUNTED:
        return None
    asked, free = _("Asked of you for the next round"), _("Asked of you for the next round; not needed")
    parts, steps = later_parts(entry), list[tuple[datetime, NextStep]]()
    confirmed = confirmed_parts(entry.id) if parts else {}
    for part in parts:
        if part.must_confirm and part.is_open(at) and part.code not in confirmed:
            url = url_for("entries.part_of", entry_id=entry.id, code=part.code)
            title = _("Complete and confirm: %(what)s", what=localized(part.label))
            steps.append((part.closes_at, NextStep(title, asked, _("Continue"), url, part.closes_at)))
    for one in later_files_due(entry, at):
        url = _url(entry, "entry_files") + f"#file-{one.rule.key}"
        title, text = _("Hand in: %(what)s", what=localized(one.rule.label)), asked if one.rule.required else free
        steps.append((one.closes_at, NextStep(title, text, _("Choose the file"), url, one.closes_at)))
    return min(steps, key=lambda step: step[0])[1] if steps else None


def _appeal_step(entry: Entry, at: datetime, *, is_lead: bool) -> NextStep | None:
    """Lead a team whose entry is not eligible to its appeal: to file it in time, or to see where it stands."""
    refusal = appeals.refusal_of(entry)
    if refusal is None:
        return None
    title = _(ENTRY.states[entry.state].public)
    if appeals.appeal_against(refusal.id) is not None:
        text = _("You will be told how your appeal ends.")
        return NextStep(title, text, _("Look at the appeal"), _url(entry, "appeal"), done=True)
    until = appeals.appeal_until(entry, refusal)
    if until is None or at >= until:
        return None
    text = _("You can appeal once if the decision is wrong.") if is_lead else _("Your lead can appeal.")
    return NextStep(title, text, _("Read the decision and appeal"), _url(entry, "appeal"), until)


def _open_step(entry: Entry, missing: int, deadline: datetime, *, is_lead: bool, is_full: bool) -> NextStep:
    if entry.state == SUBMITTED:
        text = _("You have the receipt. Until the deadline you can change the entry and submit again.")
        return NextStep(_("Submitted"), text, _("Look at your receipt"), _url(entry, "versions"), deadline, done=True)
    if missing:
        title = ngettext("%(num)d thing is missing", "%(num)d things are missing", missing)
        return NextStep(title, _("Everything you type is saved."), _("Continue"), _url(entry, "answers"), deadline)
    if is_full:
        text = _("Nothing is missing any more, but it cannot be submitted while every place of your school is taken.")
        return NextStep(_("No place left for your school"), text, deadline=deadline)
    if is_lead:
        text = _("Nothing is missing any more. Look at it once and submit.")
        return NextStep(_("Ready to submit"), text, _("Look and submit"), _url(entry, "submission"), deadline)
    return NextStep(_("Ready to submit"), _("Your lead can submit it now."), deadline=deadline)


def _url(entry: Entry, page: str) -> str:
    return url_for(f"entries.{page}", entry_id=entry.id)


@bp.get("/entries")
@require(signed_in)
def mine() -> str:
    """List the entries whose team one is on, and the contests that can be entered."""
    actor, at = current_actor(), clock.now()
    entries = queries.my_entries(actor)
    entered = {entry.contest_id for entry in entries if entry.state != "withdrawn"}
    contests = [contest for contest in queries.startable_contests(at) if contest.id not in entered]
    seats = [(one, queries.entry(one.entry_id)) for one in waiting_seats(actor)]
    return render("entries/mine.html", entries=entries, contests=contests, lifecycle=ENTRY, seats=seats)


@bp.route("/contests/<code>/entries/new", methods=["GET", "POST"])
@require(signed_in)
def start(code: str) -> ResponseReturnValue:
    """Start an entry with a name, a board and a school; everything else comes later."""
    contest = announced_contest(code)
    had = own_entry_in(current_actor().person_id, contest.id) if Rules.of(contest).one_team_per_person else None
    if had is not None and request.method == "GET":
        notice(_("You have an entry in this contest already: this one."))
        return redirect_to("entries.workspace", entry_id=had)
    boards = [Choice(board.code, BoardRule.of(board).label) for board in contest.boards]
    form = StartForm().offer(boards, queries.institutions_of(contest))
    if not form.is_submitted():
        form.institution.data = _own_school(current_actor())
    declared, refused = _declared(contest), dict[str, str]()
    source = _source()
    if source is not None and not form.is_submitted():
        form.title.data = localized(source.title)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                entry = services.start_entry(
                    contest_by_code(code),
                    board_code=form.board.data,
                    institution=chosen_institution(contest, form.institution.data),
                    title=form.title.data,
                    declared=declared,
                    actor=current_actor(),
                    at=clock.now(),
                )
                if source is not None:
                    carrying.carry_over(queries.entry(source.id), entry, actor=current_actor(), at=clock.now())
            notice(_("Your draft is there. Everything you type is saved."))
            return redirect_to("entries.workspace", entry_id=entry.id)
        except Invalid as error:
            refused = {key: _(found[0][0], **found[0][1]) for key, found in error.fields.items()}
            form.apply(error)
            if any(key.startswith("declared-") for key in refused):
                form.form_errors.append(_("Look at the first questions again."))
    status = 422 if form.is_submitted() else 200
    asked = EntryForm.of(contest).eligibility
    names = {choice.code: localized(choice.label) for choice in boards}
    context = {"contest": contest, "form": form, "rules": _entry_rules(contest), "board_names": names}
    context["source"] = source
    return render("entries/start.html", asked=asked, declared=declared, refused=refused, **context), status


def _source() -> Entry | None:
    """Return the entry whose answers are taken along: one of the actor's own."""
    number = request.values.get("source", "")
    found = queries.entry_facts(current_actor(), int(number)) if number.isascii() and number.isdigit() else None
    if found is None or not policy.may_copy(current_actor(), found):
        return None
    return queries.entry(found.entry_id)


def _declared(contest: Contest) -> dict[str, bool]:
    """Return which first questions were answered, and how."""
    given = {one.key: request.form.get(f"declared-{one.key}") for one in EntryForm.of(contest).eligibility}
    return {key: answer == "yes" for key, answer in given.items() if answer in {"yes", "no"}}


def _own_school(actor: Actor) -> str:
    if actor.person_id is None:
        return ""
    held = [one for one in memberships_of(actor.person_id) if one.role == "member" and one.organisation_id]
    return str(held[0].organisation_id) if held else ""


def _entry_rules(contest: Contest) -> list[str]:
    """Return who may enter, in sentences."""
    rules = Rules.of(contest)
    said = []
    if rules.one_team_per_person:
        said.append(_("Each person may be on one team only."))
    if rules.organisers_and_judges_may_not_enter:
        said.append(_("Organisers, secretaries and judges may not enter."))
    if rules.max_entries_per_institution:
        said.append(_("At most %(most)s entries of each school.", most=rules.max_entries_per_institution))
    for board in contest.boards:
        rule = BoardRule.of(board)
        if rule.guardian_consent_under:
            said.append(
                _(
                    "Under %(age)s, a parent or guardian must agree; we send them a link.",
                    age=rule.guardian_consent_under,
                )
            )
            break
    return said


def _may_open(actor: Actor, found: EntryFacts) -> bool:
    return policy.may_see_own(actor, found) or policy.may_see_dossier(actor, found)


@bp.get("/entries/<int:entry_id>")
@on_entry(_may_open)
def workspace(entry_id: int) -> ResponseReturnValue:
    """Show the team its entry: what to do next, until when, what is missing, team, files, versions."""
    found: EntryFacts = facts()
    if not found.is_member:
        return redirect_to("entries.dossier", entry_id=entry_id)
    entry, at = queries.entry(entry_id), clock.now()
    state, full = queries.completeness(entry), full_quotas(entry) if found.is_open else []
    versions = queries.versions_of(entry_id)
    parts, files = later_parts(entry) if versions else [], queries.current_attachments(entry_id)
    board = queries.working_board(entry)
    young, later = queries.minors(entry, board), later_files_due(entry, at) if entry.state in COUNTED else []
    step = next_step(entry, len(state.missing), at, is_lead=found.member_role == "lead", is_full=bool(full))
    return workspace_page(
        "entries/workspace.html",
        entry,
        facts=found,
        lifecycle=ENTRY,
        completeness=state,
        step=step,
        full=full,
        members=queries.active_members(entry_id),
        files=files,
        asked=[
            rule
            for rule in queries.attachments_asked(entry.contest, board.code, answers=entry.answers)
            if young or not rule.only_if_minor or rule.key in files
        ],
        checks=newest_checks(entry_id) if found.is_open and any(row.link for row in files.values()) else {},
        young=young,
        guardians=queries.guardian_consents(entry_id) if young else {},
        guardian_lifecycle=GUARDIAN,
        versions=versions,
        is_changed=bool(versions)
        and found.is_open
        and services.digest_of(services.content_of(entry)) != versions[0].sha256,
        endorsement=queries.endorsement_of(entry_id),
        parts=parts,
        later_files=[one for one in later if not step.url.endswith(f"#file-{one.rule.key}")],
        confirmed=confirmed_parts(entry_id) if parts else {},
        cases=queries.cases_of(entry_id),
        decisions=queries.decisions_of(entry_id),
    )
