"""The entry form: questions that nobody is asked, conditions that are never met, parts without dates."""

from typing import Any

from compapp.contests.definition import EntryForm, FormField
from compapp.contests.setup.checks.finding import FAULT, MISSING, WARNING, Document, Facts, Finding, Findings
from compapp.core.text import N_

_CODED = ("choice", "multichoice")


def check_form(document: Document, _facts: Facts) -> list[Finding]:
    """Return what is wrong with the form."""
    found, form = Findings("form"), EntryForm.read(document["form"])
    if not form.fields:
        found.add(MISSING, "none", N_("The entry form has no question."), N_("Add the questions that teams answer."))
    blind = any((one.get("blind") or {}).get("hide_team_names") for one in document["rounds"])
    for field in form.fields:
        if not field.label.get("vi") or not field.label.get("en"):
            found.add(
                WARNING,
                f"words.{field.key}",
                N_("The question “%(question)s” is written in one language only."),
                N_("Write it in both languages."),
                question=dict(field.label),
            )
        _condition(form, field, found)
        if blind and field.type == "link" and field.visibility != "organisers" and not field.hidden_when_blind:
            found.add(
                WARNING,
                f"blind.{field.key}",
                N_("Judges score blind, but the link in “%(question)s” may tell them who the team is."),
                N_("Keep it from judges in a blind round."),
                question=dict(field.label),
            )
    for part in form.sections:
        params: dict[str, Any] = {"part": dict(part.label)}
        if part.from_round is not None and part.closes_at is None:
            found.add(
                MISSING,
                f"part.{part.code}",
                N_("The part “%(part)s” of a later round has no deadline."),
                N_("Write until when teams may answer it."),
                **params,
            )
        inside = [one.section for one in form.fields] + [one.section for one in form.attachments]
        if part.code not in inside:
            found.add(
                WARNING,
                f"empty.{part.code}",
                N_("The part “%(part)s” of the form is empty."),
                N_("Put questions or files into it, or remove it."),
                **params,
            )
    return found.found


def _condition(form: EntryForm, field: FormField, found: Findings) -> None:
    condition = field.shown_if
    if condition is None:
        return
    params: dict[str, Any] = {"question": dict(field.label)}
    asked = next((one for one in form.fields if one.key == condition.field), None)
    if asked is not None and asked.type in _CODED and asked.options:
        known = {option.code for option in asked.options}
        if not known & set(condition.values):
            found.add(
                FAULT,
                f"never.{field.key}",
                N_("The question “%(question)s” is never asked: nobody can give the answer it waits for."),
                N_("Choose other answers under which it is asked."),
                **params,
            )
    if _waits_for_itself(form, field):
        found.add(
            FAULT,
            f"circle.{field.key}",
            N_("The question “%(question)s” waits for a question that waits for it."),
            N_("Let one of them be asked always."),
            **params,
        )


def _waits_for_itself(form: EntryForm, field: FormField) -> bool:
    """Whether the questions that ``field`` depends on lead back to one of them."""
    depends = {one.key: one.shown_if.field for one in form.fields if one.shown_if is not None}
    seen: set[str] = set()
    here = field.key
    while here in depends:
        if here in seen:
            return True
        seen.add(here)
        here = depends[here]
    return False
