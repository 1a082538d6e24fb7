"""The wizard's pages about the decision: rubrics, how figures are made, what decides between equals, appeals."""

from collections.abc import Mapping
from typing import Any

from wtforms.validators import InputRequired, Length

from compapp.contests.forms.setup import choosing
from compapp.contests.forms.setup.binding import Group, Piece, PieceForm, RowForm, Rows, write
from compapp.contests.forms.setup.entering import keep_words
from compapp.contests.forms.setup.fields import (
    NOTHING,
    Figure,
    Line,
    MarkLines,
    Pick,
    Ticks,
    Whole,
)
from compapp.contests.setup import words
from compapp.core.text import N_
from compapp.web.i18n import _, lazy, localized

Label = Length(max=290)


class CriterionRow(RowForm):
    """One criterion of a rubric."""

    label__vi = Line(lazy("Criterion in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Criterion in English"), [Label])
    weight = Figure(lazy("Weight"), [InputRequired()])
    max = Figure(lazy("Highest mark, if its own"))
    group__vi = Line(
        lazy("Part of which criterion, in Vietnamese"),
        [Label],
        description=lazy("For sub-points: give all parts the same name here, one below the other."),
    )
    group__en = Line(lazy("Part of which criterion, in English"), [Label])
    anchors__vi = MarkLines(
        lazy("What marks mean, in Vietnamese"), description=lazy("One a line, such as: 10 = surveyed, real figures")
    )
    anchors__en = MarkLines(lazy("What marks mean, in English"))


class RubricForm(PieceForm):
    """One rubric: its scale and its criteria."""

    label__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Name in English"), [Label])
    scale__min = Figure(lazy("Lowest mark"))
    scale__max = Figure(lazy("Highest mark"))
    scale__step = Figure(lazy("Steps of"))
    scale__comment_required_below = Figure(lazy("A comment is needed below"))
    scale__comment_required_above = Figure(lazy("A comment is needed above"))
    criteria = Rows(CriterionRow, lazy("Criteria"), add=lazy("Add a criterion"))
    groups = (
        Group("", (("label__vi", "label__en"),)),
        Group(
            N_("The marks"),
            (
                ("scale__min", "scale__max"),
                "scale__step",
                ("scale__comment_required_below", "scale__comment_required_above"),
            ),
            N_(
                "A sheet's total adds up weight × mark ÷ highest mark. Weights of 100 in all make points out of 100. "
                "For the plain mean of marks, let the weights add up to the highest mark: five criteria of weight 1 on "
                "a scale to 5."
            ),
        ),
        Group(N_("Criteria"), ("criteria",)),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the fields; a rubric has at least one criterion."""
        sound = bool(super().validate(extra_validators))
        if all(entry.form.is_blank() for entry in self.criteria.entries):
            self.form_errors.append(_("A rubric needs at least one criterion."))
            return False
        return sound


class StepRow(RowForm):
    """One step of the tie-break chain."""

    key_name = ""
    step = Pick(lazy("When figures are equal"))

    def is_blank(self) -> bool:
        """Whether no step is chosen."""
        return not self.step.data


class TieSteps(Rows):
    """The chain: each row a step."""

    def of_json(self, value: Any) -> Any:
        """Return the chosen step of each row."""
        return [{"step": _step(one), "origin": str(place)} for place, one in enumerate(value or ())]

    def to_json(self, old: Any) -> Any:
        """Return the steps as the file writes them; one that was not touched stays as it stood."""
        made: list[Piece] = []
        for form in (entry.form for entry in self.entries if entry.form.step.data):
            origin, chosen = form.origin.data or "", form.step.data
            before = old[int(origin)] if origin.isdigit() and int(origin) < len(old or ()) else {}
            name, _sign, criterion = chosen.partition(":")
            new = {"criterion_mean": criterion} if criterion else {name: True}
            made.append(before if before and _step(before) == chosen else new)
        return made or ([] if old is not None else NOTHING)

    def offer(self, criteria: list[tuple[str, str]]) -> None:
        """Let each row choose among these criteria and the other steps."""
        pairs = [
            ("", _("Nothing")),
            *(
                (f"criterion:{code}", _("the higher mean of “%(criterion)s”", criterion=text))
                for code, text in criteria
            ),
            *choosing.worded(words.TIE_STEPS),
        ]
        for entry in self.entries:
            entry.form.step.choices = pairs
            entry.form.step.admit(entry.form.step.data if entry.form.origin.data else None)


def _step(piece: Mapping[str, Any]) -> str:
    name, value = next(iter(piece.items()))
    return f"criterion:{value}" if name == "criterion_mean" else str(name)


def criteria_of(document: Piece, rubric: str | None = None) -> list[tuple[str, str]]:
    """Return the criteria of a rubric (of all without one) with their labels, each code once."""
    found: dict[str, str] = {}
    for one in document["rubrics"]:
        if rubric in (None, one["code"]):
            found |= {code: label for code, label in choosing.labelled(one["criteria"]) if code not in found}
    return list(found.items())


class DecidingForm(PieceForm):
    """How sheets become a figure, what decides between equals, how one appeals, what teams get to read."""

    root = ("contest",)
    rules__aggregation__method = Pick(lazy("The figure of an entry is the"), default="mean")
    rules__aggregation__decimals = Whole(lazy("Decimals shown"), default=2, least=0)
    rules__tie_break = TieSteps(StepRow, lazy("When figures are equal, these decide in turn"), add=lazy("Add a step"))
    rules__appeal_window_hours = Whole(lazy("Hours in which a team may appeal"), least=0)
    rules__appeal_grounds = Ticks(lazy("Grounds for an appeal"))
    rules__feedback_to_teams = Pick(lazy("What teams read afterwards"))
    groups = (
        Group(N_("The figure"), ("rules__aggregation__method", "rules__aggregation__decimals")),
        Group(
            N_("Equal figures"),
            ("rules__tie_break",),
            N_("Each step splits only what is still equal. The chair decides last, with a reason."),
        ),
        Group(N_("Appeals"), ("rules__appeal_window_hours", "rules__appeal_grounds")),
        Group(N_("Feedback"), ("rules__feedback_to_teams",)),
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer methods, steps, grounds."""
        self.rules__aggregation__method.choices = choosing.worded(words.METHODS)
        self.rules__tie_break.offer(criteria_of(document))
        self.rules__appeal_grounds.choices = [(code, localized(label)) for code, label in words.APPEAL_GROUNDS.items()]
        self.rules__feedback_to_teams.choices = choosing.worded(words.FEEDBACK, N_("Not said"))

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the rules, with the words of the grounds that were chosen."""
        write(self, document)
        keep_words(document, "appeal_grounds", words.APPEAL_GROUNDS)
