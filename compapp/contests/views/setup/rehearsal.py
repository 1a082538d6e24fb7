"""The rehearsal: the organiser sees the contest as a team, a judge and a visitor would; nothing real is written."""

from contextlib import AbstractContextManager, nullcontext

from flask import request

from compapp.contests import policy, queries
from compapp.contests.definition import AttachmentRule, BoardRule, EntryForm, FormField, RoundRule, rubrics_of
from compapp.contests.forms.setup import choosing
from compapp.contests.models import Contest
from compapp.contests.services.revision import definition_of
from compapp.contests.views.blueprint import bp
from compapp.core.actor import Actor
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import LANGUAGES, current_locale, in_locale, localized
from compapp.web.pages import render


def round_facts(actor: Actor, code: str, round_code: str) -> policy.ContestFacts | None:
    """Return the contest's facts for a page that names a round too."""
    return queries.contest_facts(actor, code)


def _spoken() -> tuple[str, AbstractContextManager[None]]:
    """Return the language asked for, and a block that speaks it."""
    language = request.args.get("language", "")
    if language not in LANGUAGES:
        return current_locale(), nullcontext()
    return language, in_locale(language)


@bp.get("/contests/<code>/manage/rehearsal")
@require(policy.may_manage, facts=queries.contest_facts)
def rehearsal(code: str) -> str:
    """List the roles in which the contest can be seen."""
    contest = queries.contest_by_code(code)
    rounds = [rule for rule in map(RoundRule.of, contest.rounds) if rule.is_scored]
    boards = [BoardRule.of(row) for row in contest.boards]
    return render("contests/rehearsal.html", contest=contest, rounds=rounds, boards=boards)


@bp.get("/contests/<code>/manage/rehearsal/form")
@require(policy.may_manage, facts=queries.contest_facts)
def rehearsal_form(code: str) -> str:
    """Show the entry form as a team of one board sees it."""
    contest, (language, speaking) = queries.contest_by_code(code), _spoken()
    boards = [BoardRule.of(row) for row in contest.boards]
    board = next((one for one in boards if one.code == request.args.get("board")), boards[0])
    form = EntryForm.of(contest)
    with speaking:
        return render(
            "contests/rehearsal_form.html",
            contest=contest,
            language=language,
            boards=boards,
            board=board,
            first=[one for one in form.eligibility if one.asked_of(board.code)],
            parts=_parts(form, board.code),
            choices=_choices(contest, form.fields),
            conditions=_conditions(contest, form.fields),
            round_labels={row.code: RoundRule.of(row).label for row in contest.rounds},
        )


def _parts(form: EntryForm, board: str) -> list[tuple[object, list[object], list[object]]]:
    """Return each part with its questions and files for a board; first what stands in no part."""
    known = {part.code for part in form.sections}
    found: list[tuple[object, list[object], list[object]]] = []
    for part in (None, *(one for one in form.sections if one.asked_of(board))):
        code = part.code if part else None
        fields: list[object] = [one for one in form.fields if _stands_in(one, code, known) and one.asked_of(board)]
        files: list[object] = [one for one in form.attachments if _stands_in(one, code, known) and one.asked_of(board)]
        if fields or files:
            found.append((part, fields, files))
    return found


def _stands_in(asked: FormField | AttachmentRule, code: str | None, known: set[str]) -> bool:
    return asked.section == code or (code is None and asked.section not in known)


def _choices(contest: Contest, fields: tuple[FormField, ...]) -> dict[str, list[str]]:
    """Return the words of each choice's options."""
    document = definition_of(contest)
    sources: dict[str, list[str]] = {
        "sectors": [label for _code, label in choosing.labelled(document.get("sectors") or [])],
        "boards": [label for _code, label in choosing.boards(document)],
        "institutions": [localized(one["name"]) for one in document.get("institutions") or []],
    }
    return {
        field.key: [localized(option.label) for option in field.options] or sources.get(field.options_from or "", [])
        for field in fields
    }


def _conditions(contest: Contest, fields: tuple[FormField, ...]) -> dict[str, list[str]]:
    """Return under which answers a question is asked, in words."""
    words = dict(choosing.conditions(definition_of(contest)))
    return {
        field.key: [
            words.get(f"{field.shown_if.field}={str(value).lower() if isinstance(value, bool) else value}", "")
            for value in field.shown_if.values
        ]
        for field in fields
        if field.shown_if is not None
    }


@bp.get("/contests/<code>/manage/rehearsal/sheets/<round_code>")
@require(policy.may_manage, facts=round_facts)
def rehearsal_sheet(code: str, round_code: str) -> str:
    """Show the score sheet of a round as a judge sees it, beside what the judge reads of an entry."""
    contest, (language, speaking) = queries.contest_by_code(code), _spoken()
    rule = RoundRule.of(queries.round_of(contest, round_code))
    rubric = rubrics_of(contest).get(rule.rubric or "")
    if rubric is None:
        raise NotFound(N_("This round has no rubric yet."))
    form = EntryForm.of(contest)
    blind = rule.blind.hide_team_names or rule.blind.hide_institution
    asked: tuple[FormField | AttachmentRule, ...] = (*form.fields, *form.attachments)
    shown = [one for one in asked if one.visibility != "organisers"]
    with speaking:
        return render(
            "contests/rehearsal_sheet.html",
            contest=contest,
            language=language,
            rule=rule,
            rubric=rubric,
            shown=[one for one in shown if not (blind and one.hidden_when_blind)],
            hidden=[one for one in shown if blind and one.hidden_when_blind],
            blind=blind,
        )


@bp.get("/contests/<code>/manage/rehearsal/page")
@require(policy.may_manage, facts=queries.contest_facts)
def rehearsal_page(code: str) -> str:
    """Show what visitors will read."""
    contest, (language, speaking) = queries.contest_by_code(code), _spoken()
    with speaking:
        return render(
            "contests/rehearsal_page.html", contest=contest, language=language, public=queries.read_contest(contest)
        )
