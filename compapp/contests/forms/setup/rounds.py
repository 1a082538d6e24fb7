"""The wizard's page of one round: what its kind and its way of judging need, who goes through, what else counts."""

from typing import Any

from wtforms.validators import InputRequired, Length

from compapp.contests.forms.setup import choosing
from compapp.contests.forms.setup.binding import Group, Piece, PieceForm, RowForm, Rows, values_of, write
from compapp.contests.forms.setup.fields import Figure, Flag, Line, Moment, OneVotePer, Pick, Whole, ZeroGate
from compapp.contests.forms.setup.judging import StepRow, TieSteps, criteria_of
from compapp.contests.setup import words
from compapp.contests.setup.lists import BOARDS, ROUNDS
from compapp.core.text import N_
from compapp.web.i18n import _, lazy, localized

Label = Length(max=290)
_SCORED = ("online_scoring", "live_pitch")
_BYE_VI = N_("%(board)s: why it has a bye, in Vietnamese")
_BYE_EN = N_("%(board)s: why it has a bye, in English")
_RUBRIC = "rubric"
"""What the page calls judging by criteria, which the file does not name."""


class ExtraRow(RowForm):
    """Points that are not on the sheets."""

    label__vi = Line(lazy("For what, in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("For what, in English"), [Label])
    max = Figure(lazy("At most"), [InputRequired()])
    from_vote = Pick(lazy("Who gives them"))


class RoundForm(PieceForm):
    """One round; :func:`round_form` adds a field per board and per round whose result counts.

    The page holds the fields of every way of judging and shows those of the chosen one; the others are neither
    judged nor written (``foreign``).
    """

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
    deliberation__ballot = Pick(lazy("Votes of the jury"))
    pitch_minutes = Whole(lazy("Minutes to speak"))
    qa_minutes = Whole(lazy("Minutes for questions"), least=0)
    order_draw = Pick(lazy("Order of the teams"))
    advance_by = Pick(lazy("The numbers that go through are for"))
    gates__min_total = Figure(lazy("Fewest points to go through or to win a prize"))
    gates__no_zero = ZeroGate(lazy("A zero"))
    extra_points = Rows(ExtraRow, lazy("Points that are not on the sheets"), most=20, add=lazy("Add points"))
    aggregation__method = Pick(lazy("The figure is the"))
    tie_break = TieSteps(StepRow, lazy("When figures are equal in this round"), add=lazy("Add a step"))
    fix_window_hours = Whole(lazy("Hours to mend what is missing"), least=0)
    prizes_may_be_withheld = Flag(lazy("A prize that no entry deserves may be withheld"))
    one_vote_per = OneVotePer(lazy("Everybody has"))
    foreign: frozenset[str] = frozenset()

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer kinds, rubrics, orders, gates, methods."""
        self.kind.choices = choosing.worded(words.ROUND_KINDS)
        if "one_vote_per" in self:
            self.one_vote_per.choices = choosing.worded(words.VOTES_PER, N_("one vote in the whole contest"))
        if "mode" in self:
            self._offer_scoring(document, piece)
        if "order_draw" in self:
            self.order_draw.choices = [
                ("", _("Not said")),
                ("random_logged_seed", _("Drawn by lot, with the draw on record")),
                ("by_code", _("By number")),
            ]

    def _offer_scoring(self, document: Piece, piece: Piece) -> None:
        self.mode.choices = choosing.worded(words.MODES, N_("By criteria and points"))
        self.rubric.choices = choosing.rubrics(document, N_("Choose a rubric"))
        self.gates__no_zero.choices = [
            ("", _("does not matter")),
            ("any_judge", _("from any judge keeps an entry from going through")),
            ("mean", _("as the mean of a criterion keeps an entry from going through")),
        ]
        self.aggregation__method.choices = choosing.worded(words.METHODS, N_("As the rules for all rounds say"))
        self.deliberation__ballot.choices = choosing.worded(words.BALLOTS, N_("As the chair decides on the day"))
        self.tie_break.offer(criteria_of(document, self.rubric.data or piece.get("rubric")))
        self.advance_by.choices = [("", _("the whole board")), ("sector", _("each sector of the board"))]
        votes = [one for one in ROUNDS.items(document) if one["kind"] == "public_vote"]
        for entry in self.extra_points.entries:
            entry.form.from_vote.choices = [("", _("The secretary or the organiser")), *choosing.labelled(votes)]

    def name_at(self, path: tuple[str, ...]) -> str | None:
        """Return the name of the field at ``path``; what is said of a board's bye stands at its Vietnamese reason."""
        return super().name_at((*path, "vi") if path[:1] == ("byes",) and len(path) == 2 else path)

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the fields, but those of a way of judging that was not chosen: nobody sees them."""
        every = dict(self._fields)
        for name in self.foreign & set(every):
            del self._fields[name]
        try:
            return bool(super().validate(extra_validators))
        finally:
            self._fields.clear()
            self._fields.update(every)

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
    "public_vote": ("one_vote_per",),
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
    *_POINTS_ONLY,
    "judges_per_entry",
    "max_entries_per_judge",
    "blind__hide_team_names",
    "blind__hide_institution",
    "blind__hide_other_scores",
    "deliberation__ballot",
    "tie_break",
    "prizes_may_be_withheld",
)


def round_form(document: Piece, piece: Piece, typed: Any) -> RoundForm:
    """Return the form of a round: what its kind needs, a field for each board, one for each round before it.

    Who has just turned it into a live one is not asked to hide the teams that stand before the judges.
    """
    wanted = typed.get("kind") if typed else None
    kind = wanted if wanted in words.ROUND_KINDS else piece.get("kind") or "online_scoring"
    scored = kind in _SCORED
    if typed and kind == "live_pitch" and typed.get("shown_as", kind) != kind:
        for name in ("blind__hide_team_names", "blind__hide_institution"):
            typed.poplist(name)
    mode = ((typed.get("mode") if typed else piece.get("mode")) or "") if scored else ""
    fields: dict[str, Any] = {}
    places: dict[str, tuple[str, ...]] = {}
    through: list[tuple[str, str]] = []
    byes: list[tuple[str, str]] = []
    carried: list[str] = []
    if scored:
        for index, (code, label) in enumerate(choosing.labelled(BOARDS.items(document))):
            fields[f"advance_{index}"] = Whole(_("%(board)s: how many go through", board=label), least=0)
            places[f"advance_{index}"] = ("advance", code)
            fields[f"wildcards_{index}"] = Whole(_("%(board)s: wild cards besides", board=label), least=0)
            places[f"wildcards_{index}"] = ("wildcards", code)
            through.append((f"advance_{index}", f"wildcards_{index}"))
            for locale, asked in (("vi", _BYE_VI), ("en", _BYE_EN)):
                fields[f"bye_{index}_{locale}"] = Line(_(asked, board=label), [Label])
                places[f"bye_{index}_{locale}"] = ("byes", code, locale)
            byes.append((f"bye_{index}_vi", f"bye_{index}_en"))
        for index, one in enumerate(_counted(document, piece)):
            label = localized(one.get("label")) or one["code"]
            fields[f"carry_{index}"] = Figure(_("%(round)s counts, in percent", round=label))
            places[f"carry_{index}"] = ("carry", one["code"])
            carried.append(f"carry_{index}")
        if not piece.get("code"):
            fields["carry_own"] = Figure(_("This round itself counts, in percent"))
            places["carry_own"] = ("carry", ROUNDS.new_code(document, {}))
            carried.append("carry_own")
    drop = {name for of, names in _ONLY.items() if of != kind for name in names}
    drop |= set() if scored else set(_SCORED_ONLY)
    foreign = {f"mode_options__{name}" for name, of in words.MODE_OPTIONS.items() if of != mode}
    foreign |= {*_POINTS_ONLY, *carried} if mode else set()
    fields |= dict.fromkeys(drop)
    fields |= {
        "places": places,
        "groups": _groups(kind, tuple(through), tuple(byes), tuple(carried)),
        "foreign": frozenset(foreign),
    }
    made: type[RoundForm] = type("RoundForm", (RoundForm,), fields)
    return made(formdata=typed, data=None if typed else values_of(made, piece))


def _counted(document: Piece, piece: Piece) -> list[Piece]:
    """Return the rounds whose result may count in this one: those before it, itself, and what the file names."""
    items = ROUNDS.items(document)
    codes = [one["code"] for one in items]
    here = codes.index(piece["code"]) + 1 if piece.get("code") in codes else len(items)
    named = piece.get("carry") or {}
    return [one for place, one in enumerate(items) if one["kind"] in _SCORED and (place < here or one["code"] in named)]


def _groups(
    kind: str, through: tuple[tuple[str, str], ...], byes: tuple[tuple[str, str], ...], carried: tuple[str, ...]
) -> tuple[Group, ...]:
    """Return the page's parts; those of one way of judging are shown when it is the chosen one."""
    first = Group("", (("label__vi", "label__en"), "kind", ("opens", "closes")))
    if kind == "eligibility":
        return first, Group(N_("Mending"), ("fix_window_hours",))
    if kind == "public_vote":
        return first, Group(N_("Votes"), ("one_vote_per",))
    live = Group(N_("The presentation"), (("pitch_minutes", "qa_minutes"), "order_draw"))
    blind = ("blind__hide_team_names", "blind__hide_institution", "blind__hide_other_scores")
    return (
        first,
        Group(N_("Scoring"), (("judges_per_entry", "max_entries_per_judge"), "mode")),
        Group(N_("By criteria and points"), ("rubric", "aggregation__method", "spread_alert_points"), only=_RUBRIC),
        *(
            Group(title, (f"mode_options__{name}",), only=words.MODE_OPTIONS[name])
            for name in words.MODE_OPTIONS
            for title in (words.MODES[words.MODE_OPTIONS[name]],)
        ),
        *((live,) if kind == "live_pitch" else ()),
        Group(N_("What judges do not see"), blind),
        Group(
            N_("Who goes through"),
            (*through, "prizes_may_be_withheld"),
            N_(
                "Leave the numbers empty in the last round: then nobody goes on, and prizes are given. Leave them "
                "empty too where everybody stays and the result counts in a later round. "
                "Wild cards: so many more the jury may let through, with a reason."
            ),
        ),
        Group(N_("What an entry must reach"), ("gates__min_total", "gates__no_zero", "advance_by"), only=_RUBRIC),
        Group(
            N_("Byes"),
            byes,
            N_(
                "A board with a bye is not judged in this round; all its entries go through to the next one. Write why "
                "(teams read it) and leave its number above empty. Empty: no bye."
            ),
            folded=True,
        ),
        Group(
            N_("The jury's meeting"),
            ("deliberation__ballot",),
            N_("Once every sheet is in, the chair may call the jury together: it talks about entries and votes."),
            folded=True,
        ),
        Group(N_("Points that are not on the sheets"), ("extra_points",), folded=True, only=_RUBRIC),
        Group(
            N_("Results of earlier rounds"),
            carried,
            N_("Together they make 100. Empty: only this round counts."),
            folded=True,
            only=_RUBRIC,
        ),
        Group(N_("Equal figures, if this round has its own rule"), ("tie_break",), folded=True),
    )
