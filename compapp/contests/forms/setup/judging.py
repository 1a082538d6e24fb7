"""The wizard's pages about the decision: rubrics, rounds, how figures are made, how one appeals."""

from collections.abc import Mapping
from typing import Any

from wtforms.validators import InputRequired, Length

from compapp.contests.forms.setup import choosing
from compapp.contests.forms.setup.binding import Group, Piece, PieceForm, RowForm, Rows, values_of, write
from compapp.contests.forms.setup.entering import keep_words
from compapp.contests.forms.setup.fields import (
    NOTHING,
    Figure,
    Flag,
    Line,
    MarkLines,
    Moment,
    Pick,
    Ticks,
    Whole,
    ZeroGate,
)
from compapp.contests.setup import words
from compapp.contests.setup.lists import BOARDS, ROUNDS
from compapp.core.text import N_
from compapp.web.i18n import _, lazy, localized

Label = Length(max=290)
_SCORED = ("online_scoring", "live_pitch")


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
            N_("A sheet's total adds up weight × mark ÷ highest mark. Weights of 100 in all make points out of 100."),
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


def _criteria(document: Piece, rubric: str | None = None) -> list[tuple[str, str]]:
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
        self.rules__tie_break.offer(_criteria(document))
        self.rules__appeal_grounds.choices = [(code, localized(label)) for code, label in words.APPEAL_GROUNDS.items()]
        self.rules__feedback_to_teams.choices = choosing.worded(words.FEEDBACK, N_("Not said"))

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the rules, with the words of the grounds that were chosen."""
        write(self, document)
        keep_words(document, "appeal_grounds", words.APPEAL_GROUNDS)


class ExtraRow(RowForm):
    """Points that are not on the sheets."""

    label__vi = Line(lazy("For what, in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("For what, in English"), [Label])
    max = Figure(lazy("At most"), [InputRequired()])
    from_vote = Pick(lazy("Who gives them"))


class RoundForm(PieceForm):
    """One round; :func:`round_form` adds a field per board and per round whose result counts."""

    label__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Name in English"), [Label])
    kind = Pick(lazy("Kind of round"))
    opens = Moment(lazy("Begins"), [InputRequired()])
    closes = Moment(lazy("Ends"), [InputRequired()])
    mode = Pick(lazy("How judges decide"))
    mode_options__yes_needed = Whole(lazy("Yes needed to pass (2 if empty)"), least=2)
    mode_options__places = Whole(lazy("How many each judge puts in order (3 if empty)"))
    mode_options__compared = Whole(lazy("Comparisons of each entry by each judge (4 if empty)"))
    rubric = Pick(lazy("Rubric"))
    judges_per_entry = Whole(lazy("Judges for each entry"))
    max_entries_per_judge = Whole(lazy("Most entries for one judge"))
    blind__hide_team_names = Flag(lazy("Judges do not see who is on the team"))
    blind__hide_institution = Flag(lazy("Judges do not see the institution"))
    blind__hide_other_scores = Flag(lazy("Judges do not see the other judges' scores"), default=True)
    spread_alert_points = Figure(lazy("One more judge if they differ by more than so many points"))
    pitch_minutes = Whole(lazy("Minutes to speak"))
    qa_minutes = Whole(lazy("Minutes for questions"), least=0)
    order_draw = Pick(lazy("Order of the teams"))
    advance_by = Pick(lazy("These numbers are for"))
    gates__min_total = Figure(lazy("Fewest points to go through or to win a prize"))
    gates__no_zero = ZeroGate(lazy("A zero"))
    extra_points = Rows(ExtraRow, lazy("Points that are not on the sheets"), most=20, add=lazy("Add points"))
    aggregation__method = Pick(lazy("The figure is the"))
    tie_break = TieSteps(StepRow, lazy("When figures are equal in this round"), add=lazy("Add a step"))
    fix_window_hours = Whole(lazy("Hours to mend what is missing"), least=0)
    prizes_may_be_withheld = Flag(lazy("A prize that no entry deserves may be withheld"))

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer kinds, rubrics, orders, gates, methods."""
        self.kind.choices = choosing.worded(words.ROUND_KINDS)
        if "mode" in self:
            self.mode.choices = choosing.worded(words.MODES, N_("By criteria and points"))
        if "rubric" in self:
            self.rubric.choices = choosing.rubrics(document, N_("Choose a rubric"))
            self.gates__no_zero.choices = [
                ("", _("does not matter")),
                ("any_judge", _("from any judge keeps an entry from going through")),
                ("mean", _("as the mean of a criterion keeps an entry from going through")),
            ]
            self.aggregation__method.choices = choosing.worded(words.METHODS, N_("As the rules for all rounds say"))
        if "tie_break" in self:
            rubric = (self.rubric.data if "rubric" in self else "") or piece.get("rubric")
            self.tie_break.offer(_criteria(document, rubric))
        if "advance_by" in self:
            self.advance_by.choices = [("", _("the whole board")), ("sector", _("each sector of the board"))]
        if "extra_points" in self:
            votes = [one for one in ROUNDS.items(document) if one["kind"] == "public_vote"]
            for entry in self.extra_points.entries:
                entry.form.from_vote.choices = [("", _("The secretary or the organiser")), *choosing.labelled(votes)]
        if "order_draw" in self:
            self.order_draw.choices = [
                ("", _("Not said")),
                ("random_logged_seed", _("Drawn by lot, with the draw on record")),
                ("by_code", _("By number")),
            ]

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the round; what belongs to another way of judging goes."""
        write(self, piece)
        if piece.get("mode"):
            for name in ("rubric", "carry", "extra_points", "aggregation", "spread_alert_points", "gates"):
                piece.pop(name, None)
        options = piece.pop("mode_options", None) or {}
        kept = {name: value for name, value in options.items() if words.MODE_OPTIONS[name] == piece.get("mode")}
        if kept:
            piece["mode_options"] = kept


_ONLY = {
    "eligibility": ("fix_window_hours",),
    "live_pitch": ("pitch_minutes", "qa_minutes", "order_draw"),
}
_POINTS_ONLY = (
    "rubric",
    "spread_alert_points",
    "advance_by",
    "gates__min_total",
    "gates__no_zero",
    "extra_points",
    "aggregation__method",
)
_SCORED_ONLY = (
    *("mode", *(f"mode_options__{name}" for name in words.MODE_OPTIONS)),
    "rubric",
    "judges_per_entry",
    "max_entries_per_judge",
    "blind__hide_team_names",
    "blind__hide_institution",
    "blind__hide_other_scores",
    "spread_alert_points",
    "gates__min_total",
    "gates__no_zero",
    "extra_points",
    "aggregation__method",
    "tie_break",
    "prizes_may_be_withheld",
)


def round_form(document: Piece, piece: Piece, typed: Any) -> RoundForm:
    """Return the form of a round: what its kind needs, a field for each board, one for each round before it."""
    wanted = typed.get("kind") if typed else None
    kind = wanted if wanted in words.ROUND_KINDS else piece.get("kind") or "online_scoring"
    scored = kind in _SCORED
    mode = ((typed.get("mode") if typed else piece.get("mode")) or "") if scored else ""
    fields: dict[str, Any] = {}
    places: dict[str, tuple[str, ...]] = {}
    through: list[tuple[str, str]] = []
    carried: list[str] = []
    if scored:
        for index, (code, label) in enumerate(choosing.labelled(BOARDS.items(document))):
            fields[f"advance_{index}"] = Whole(_("%(board)s: how many go through", board=label), least=0)
            places[f"advance_{index}"] = ("advance", code)
            fields[f"wildcards_{index}"] = Whole(_("%(board)s: wild cards besides", board=label), least=0)
            places[f"wildcards_{index}"] = ("wildcards", code)
            through.append((f"advance_{index}", f"wildcards_{index}"))
        for index, one in enumerate(one for one in ROUNDS.items(document) if not mode and one["kind"] in _SCORED):
            label = localized(one.get("label")) or one["code"]
            fields[f"carry_{index}"] = Figure(_("%(round)s counts, in percent", round=label))
            places[f"carry_{index}"] = ("carry", one["code"])
            carried.append(f"carry_{index}")
        if not piece.get("code") and not mode:
            fields["carry_own"] = Figure(_("This round itself counts, in percent"))
            places["carry_own"] = ("carry", ROUNDS.new_code(document, {}))
            carried.append("carry_own")
    drop = {name for of, names in _ONLY.items() if of != kind for name in names}
    drop |= set() if scored else set(_SCORED_ONLY)
    drop |= set(_POINTS_ONLY) if mode else set()
    drop |= {f"mode_options__{name}" for name, of in words.MODE_OPTIONS.items() if of != mode}
    fields |= dict.fromkeys(drop)
    fields |= {"places": places, "groups": _without(drop, _groups(kind, tuple(through), tuple(carried)))}
    made: type[RoundForm] = type("RoundForm", (RoundForm,), fields)
    return made(formdata=typed, data=None if typed else values_of(made, piece))


def _without(drop: set[str], groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Leave out the fields that this way of judging does not have, and groups that have none left."""
    kept = (one._replace(names=tuple(name for name in one.names if name not in drop)) for one in groups)
    return tuple(one for one in kept if one.names)


def _groups(kind: str, through: tuple[tuple[str, str], ...], carried: tuple[str, ...]) -> tuple[Group, ...]:
    first = Group("", (("label__vi", "label__en"), "kind", ("opens", "closes")))
    if kind == "eligibility":
        return first, Group(N_("Mending"), ("fix_window_hours",))
    if kind == "public_vote":
        return (first,)
    scoring: tuple[str | tuple[str, str], ...] = (
        "mode",
        *(f"mode_options__{name}" for name in words.MODE_OPTIONS),
        "rubric",
        ("judges_per_entry", "max_entries_per_judge"),
        "spread_alert_points",
    )
    live = Group(N_("The presentation"), (("pitch_minutes", "qa_minutes"), "order_draw"))
    blind = ("blind__hide_team_names", "blind__hide_institution", "blind__hide_other_scores")
    return (
        first,
        Group(N_("Scoring"), scoring),
        *((live,) if kind == "live_pitch" else ()),
        Group(N_("What judges do not see"), blind),
        Group(
            N_("Who goes through"),
            (*through, "advance_by", "gates__min_total", "gates__no_zero", "prizes_may_be_withheld"),
            N_(
                "Leave the numbers empty in the last round: then nobody goes on, and prizes are given. "
                "Wild cards: so many more the jury may let through, with a reason."
            ),
        ),
        Group(N_("Points that are not on the sheets"), ("extra_points",), folded=True),
        Group(
            N_("Results of earlier rounds"), carried, N_("Together they make 100. Empty: only this round counts."), True
        ),
        Group(
            N_("Figure and equal figures, if this round has its own"), ("aggregation__method", "tie_break"), "", True
        ),
    )
