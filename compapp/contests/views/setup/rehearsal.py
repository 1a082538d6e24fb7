"""The rehearsal: the organiser sees the contest as a team, a judge and a visitor would; nothing real is written."""

from typing import Any

from flask import request
from markupsafe import Markup

from compapp.contests import policy, queries
from compapp.contests.definition import (
    AttachmentRule,
    BoardRule,
    EligibilityQuestion,
    EntryForm,
    FormField,
    RoundRule,
    Text,
    rubrics_of,
)
from compapp.contests.forms.setup import choosing
from compapp.contests.models import Contest
from compapp.contests.services.revision import definition_of
from compapp.contests.setup.lists import BOARDS, SECTORS
from compapp.contests.views.blueprint import bp
from compapp.core.actor import Actor
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.web.access import require
from compapp.web.i18n import LANGUAGES, _, current_locale, in_locale, localized
from compapp.web.pages import render


def round_facts(actor: Actor, code: str, round_code: str) -> policy.ContestFacts | None:
    """Return the contest's facts for a page that names a round too."""
    return queries.contest_facts(actor, code)


def _scene(template: str, contest: Contest, title: str, label: Text | None, **context: Any) -> str:
    """Render what somebody else sees, in the language asked for, inside the organiser's own page.

    ``title`` is a marked msgid that takes ``%(name)s``, filled with ``label`` in the reader's language.
    """
    language = request.args.get("language", "")
    language = language if language in LANGUAGES else current_locale()
    with in_locale(language):
        scene = Markup(render(template, contest=contest, language=language, **context))  # noqa: S704 - our own page
    words = _(title, name=localized(label)) if label is not None else _(title)
    return render("contests/rehearsed.html", contest=contest, language=language, title=words, scene=scene)


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
    contest = queries.contest_by_code(code)
    boards = [BoardRule.of(row) for row in contest.boards]
    board = next((one for one in boards if one.code == request.args.get("board")), boards[0])
    form, document = EntryForm.of(contest), definition_of(contest)
    return _scene(
        "contests/rehearsal_form.html",
        contest,
        N_("The entry form: %(name)s"),
        board.label,
        boards=boards,
        board=board,
        first=[one for one in form.eligibility if one.asked_of(board.code)],
        parts=_parts(form, board.code),
        choices=lambda field: choices_in(document, field),
        conditions=lambda field: conditions_in(document, field),
        round_labels={row.code: RoundRule.of(row).label for row in contest.rounds},
    )


def seen_alone(document: dict[str, Any], kind: str, piece: dict[str, Any]) -> list[tuple[str, str, Markup]]:
    """Return one question or file as a team sees it: language, its name, the page's fragment."""
    seen: dict[str, Any] = {"questions": FormField, "files": AttachmentRule, "first-questions": EligibilityQuestion}
    if kind not in seen or not piece.get("key"):
        return []
    asked, found = seen[kind].read(piece), []
    for language, name in LANGUAGES.items():
        with in_locale(language):
            fragment = render(
                "contests/asked_alone.html",
                kind=kind,
                asked=asked,
                prefix=f"seen-{language}-",
                choices=choices_in(document, asked) if kind == "questions" else [],
                conditions=conditions_in(document, asked) if kind == "questions" else [],
            )
        found.append((language, name, Markup(fragment)))  # noqa: S704 - our own page
    return found


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


def choices_in(document: dict[str, Any], field: FormField) -> list[str]:
    """Return the words of a choice's options."""
    if field.options:
        return [localized(option.label) for option in field.options]
    if field.options_from in ("sectors", "boards"):
        of = SECTORS if field.options_from == "sectors" else BOARDS
        return [label for _code, label in choosing.labelled(of.items(document))]
    return [localized(one["name"]) for one in document.get(field.options_from or "") or () if "name" in one]


def conditions_in(document: dict[str, Any], field: FormField) -> list[str]:
    """Return under which answers a question is asked, in words."""
    if field.shown_if is None:
        return []
    words = dict(choosing.conditions(document))
    asked = [(field.shown_if.field, value) for value in field.shown_if.values]
    return [words.get(f"{key}={str(value).lower() if isinstance(value, bool) else value}", "") for key, value in asked]


@bp.get("/contests/<code>/manage/rehearsal/sheets/<round_code>")
@require(policy.may_manage, facts=round_facts)
def rehearsal_sheet(code: str, round_code: str) -> str:
    """Show the score sheet of a round as a judge sees it, beside what the judge reads of an entry."""
    contest = queries.contest_by_code(code)
    rule = RoundRule.of(queries.round_of(contest, round_code))
    rubric = rubrics_of(contest).get(rule.rubric or "")
    if rubric is None:
        raise NotFound(N_("This round has no rubric yet."))
    form = EntryForm.of(contest)
    blind = rule.blind.hide_team_names or rule.blind.hide_institution
    asked: tuple[FormField | AttachmentRule, ...] = (*form.fields, *form.attachments)
    shown = [one for one in asked if one.visibility != "organisers"]
    return _scene(
        "contests/rehearsal_sheet.html",
        contest,
        N_("The score sheet: %(name)s"),
        rule.label,
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
    contest = queries.contest_by_code(code)
    return _scene(
        "contests/rehearsal_page.html", contest, N_("Public page"), None, public=queries.read_contest(contest)
    )
