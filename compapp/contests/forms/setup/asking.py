"""The form builder's pages: a question, a file, a part of the form, a question that comes first."""

from typing import Any

from wtforms.validators import InputRequired, Length, ValidationError

from compapp.contests.forms.setup import choosing
from compapp.contests.forms.setup.binding import Group, Piece, PieceForm, RowForm, Rows, values_of
from compapp.contests.forms.setup.fields import (
    NOTHING,
    Figure,
    Flag,
    Line,
    Moment,
    Needed,
    OptionLines,
    Pick,
    Ticks,
    Whole,
    Words,
)
from compapp.contests.setup import words
from compapp.core.text import N_
from compapp.web.i18n import _, lazy

Label = Length(max=500)


class ShownIf(Ticks):
    """The answers to another question under which this one is asked."""

    def of_json(self, value: Any) -> Any:
        """Return ``question=answer`` for each answer."""
        return [f"{value['field']}={_said(one)}" for one in value["values"]]

    def to_json(self, old: Any) -> Any:
        """Return the condition."""
        if not self.data:
            return NOTHING
        if old and self.of_json(old) == list(self.data):
            return old
        field = self.data[0].partition("=")[0]
        answers = [one.partition("=")[2] for one in self.data]
        return {"field": field, "values": [{"true": True, "false": False}.get(one, one) for one in answers]}

    def pre_validate(self, form: Any) -> None:
        """Refuse answers to several questions."""
        super().pre_validate(form)
        if len({one.partition("=")[0] for one in self.data or ()}) > 1:
            raise ValidationError(_("Choose answers to one question only."))


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class OptionRow(RowForm):
    """One option of a choice."""

    label__vi = Line(lazy("In Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("In English"), [Label])


class ColumnRow(RowForm):
    """One column of a table."""

    key_name = "key"
    label__vi = Line(lazy("Column in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Column in English"), [Label])
    type = Pick(lazy("Holds"), default="text")
    unit__vi = Line(lazy("Unit in Vietnamese"), [Length(max=60)])
    unit__en = Line(lazy("Unit in English"), [Length(max=60)])
    options = OptionLines(lazy("Options, one a line"), description=lazy("Such as: Thiết bị | Equipment"))
    required = Flag(lazy("Needed in each row"))
    total = Flag(lazy("Add the column up"))
    sum = Figure(lazy("The column must add up to"), description=lazy("Such as 100 for the shares of founders."))


class BlockRow(RowForm):
    """One block of a canvas."""

    key_name = "key"
    label__vi = Line(lazy("Block in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Block in English"), [Label])
    max = Whole(lazy("Most characters"))


class AskedForm(PieceForm):
    """What questions and files have in common: of whom they are asked, and who may see the answer."""

    visibility = Pick(lazy("Who sees it"), default="judges")
    hidden_when_blind = Flag(
        lazy("Never shown to judges in a blind round"),
        description=lazy("For what would tell who the team is: names, school, a link to its page."),
    )
    boards = Ticks(lazy("Asked on these boards only"), description=lazy("Tick none to ask on every board."))
    section = Pick(lazy("Part of the form"))
    from_round = Pick(lazy("Asked"))
    shown_if = ShownIf(lazy("Asked only if"), description=lazy("Tick none to ask always."))

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer boards, parts, rounds and the answers of other questions."""
        self.visibility.choices = choosing.worded(words.VISIBILITIES)
        self.boards.choices = choosing.boards(document)
        self.section.choices = choosing.parts(document, N_("No part of its own"))
        self.from_round.choices = choosing.rounds(document, N_("from the beginning"))
        self.shown_if.choices = choosing.conditions(document, but=piece.get("key", ""))


_WHO = Group(N_("Who sees the answer"), ("visibility", "hidden_when_blind"))
_WHEN = Group(N_("Of whom and when"), ("section", "from_round", "boards"), "", True)
_IF = Group(N_("Only after another answer"), ("shown_if",), "", True)


class QuestionForm(AskedForm):
    """One question; :func:`question_form` leaves out what its type does not need."""

    type = Pick(lazy("Kind of answer"))
    label__vi = Line(lazy("Question in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Question in English"), [Label])
    required = Flag(lazy("Must be answered"))
    help__vi = Words(lazy("Help in Vietnamese"), [Length(max=2000)])
    help__en = Words(lazy("Help in English"), [Length(max=2000)])
    example__vi = Words(lazy("Example in Vietnamese"), [Length(max=5000)])
    example__en = Words(lazy("Example in English"), [Length(max=5000)])
    max = Whole(lazy("Most characters"))
    max_words = Whole(lazy("Most words"))
    unit__vi = Line(lazy("Unit in Vietnamese"), [Length(max=60)])
    unit__en = Line(lazy("Unit in English"), [Length(max=60)])
    least = Figure(lazy("At least"))
    most = Figure(lazy("At most"))
    options_from = Pick(lazy("Options are"))
    options = Rows(OptionRow, lazy("Options"), most=100, min_entries=2, add=lazy("Add an option"))
    columns = Rows(ColumnRow, lazy("Columns"), most=12, min_entries=1, add=lazy("Add a column"))
    max_rows = Whole(lazy("Most rows"))
    blocks = Rows(BlockRow, lazy("Blocks"), most=30, add=lazy("Add a block"))

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer types and where options come from."""
        super().offer(document, piece)
        self.type.choices = choosing.worded(words.FIELD_TYPES)
        if "options_from" in self:
            self.options_from.choices = choosing.worded(words.OPTION_SOURCES, N_("listed here"))
        if "columns" in self:
            kinds = {code: words.FIELD_TYPES[code] for code in ("text", "number", "money", "choice")}
            for entry in self.columns.entries:
                entry.form.type.choices = choosing.worded(kinds)


_SETTINGS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "text": (("max", "max_words"),),
    "longtext": (("max", "max_words"),),
    "link": (),
    "choice": ("options_from", "options"),
    "multichoice": ("max", "options_from", "options"),
    "ranked": ("max", "options_from", "options"),
    "reference": ("options_from", "options"),
    "number": (("unit__vi", "unit__en"), ("least", "most")),
    "money": (("least", "most"),),
    "date": (),
    "checkbox": (),
    "consents": ("options",),
    "table": ("columns", "max_rows"),
    "canvas": ("blocks",),
}


def flat(names: tuple[str | tuple[str, str], ...]) -> list[str]:
    """Return the names of a group, pairs taken apart."""
    return [name for one in names for name in ((one,) if isinstance(one, str) else one)]


def question_form(document: Piece, piece: Piece, typed: Any) -> QuestionForm:
    """Return the form of a question with the settings that its type has."""
    kind = (typed.get("type") if typed else None) or piece.get("type") or "text"
    settings = _SETTINGS.get(kind, ())
    every = {name for names in _SETTINGS.values() for name in flat(names)}
    example = kind in ("text", "longtext", "link", "number", "money")
    fields: dict[str, Any] = dict.fromkeys(every - set(flat(settings)))
    if kind in ("multichoice", "ranked"):
        fields["max"] = Whole(lazy("Most choices"))
    if not example:
        fields |= {"example__vi": None, "example__en": None}
    helped = (("help__vi", "help__en"), *((("example__vi", "example__en"),) if example else ()))
    answer = (Group(N_("The answer"), settings, _hint(kind)),) if settings else ()
    fields["groups"] = (
        Group("", (("label__vi", "label__en"), "type", "required")),
        *answer,
        Group(N_("Help"), helped, "", not piece),
        _WHO,
        _WHEN,
        _IF,
    )
    made: type[QuestionForm] = type("QuestionForm", (QuestionForm,), fields)
    return made(formdata=typed, data=None if typed else values_of(made, piece))


def _hint(kind: str) -> str:
    return N_("Without blocks of your own it has the nine of the business model canvas.") if kind == "canvas" else ""


class FileForm(AskedForm):
    """One file or link."""

    label__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Name in English"), [Label])
    required = Needed(lazy("Is it needed?"))
    formats = Ticks(lazy("What is accepted"), [InputRequired()])
    max_mb = Figure(lazy("Most MB"))
    max_pages = Whole(lazy("Most pages"))
    max_slides = Whole(lazy("Most slides"))
    max_seconds = Whole(lazy("Longest, in seconds"))
    file_name = Line(
        lazy("What the file must be called"),
        [Length(max=100)],
        description=lazy(
            "Such as BMC_*: the star stands for any letters. Accents, capitals and the ending do not matter."
        ),
    )
    min_resolution = Pick(lazy("Resolution at least"))
    ratio = Pick(lazy("Shape of the picture"))
    note__vi = Words(lazy("Help in Vietnamese"), [Length(max=2000)])
    note__en = Words(lazy("Help in English"), [Length(max=2000)])
    opens = Moment(lazy("May be given from"))
    closes = Moment(lazy("Deadline of its own"), description=lazy("Empty: with the entry."))
    groups = (
        Group("", (("label__vi", "label__en"), "required", ("note__vi", "note__en"))),
        Group(
            N_("What is accepted"),
            (
                "formats",
                ("max_mb", "max_pages"),
                ("max_slides", "max_seconds"),
                ("min_resolution", "ratio"),
                "file_name",
            ),
            N_("Checked in the file itself when it arrives, not by its name."),
        ),
        _WHO,
        Group(N_("Of whom and when"), ("section", "from_round", ("opens", "closes"), "boards"), "", True),
        _IF,
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer kinds of file, sizes and shapes."""
        super().offer(document, piece)
        self.required.choices = choosing.worded(words.NEEDED)
        known = [(code, _(text)) for code, text in words.FORMATS.items()]
        extra = [(code, code) for code in piece.get("formats") or () if code not in words.FORMATS]
        self.formats.choices = known + extra
        sizes = [(one, one) for one in ("480p", "720p", "1080p")]
        self.min_resolution.choices = [("", _("any")), *sizes]
        self.ratio.choices = [("", _("any")), *((one, one) for one in ("16:9", "4:3", "1:1", "9:16"))]


class PartForm(PieceForm):
    """A part of the form under a heading of its own, perhaps asked only of who reached a round."""

    label__vi = Line(lazy("Heading in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Heading in English"), [Label])
    help__vi = Words(lazy("What it is about, in Vietnamese"), [Length(max=2000)])
    help__en = Words(lazy("What it is about, in English"), [Length(max=2000)])
    from_round = Pick(lazy("Asked"))
    opens = Moment(lazy("Begins"))
    closes = Moment(lazy("Ends"))
    confirm = Flag(lazy("The team also confirms that it takes part in this round"))
    boards = Ticks(lazy("Asked on these boards only"), description=lazy("Tick none to ask on every board."))
    groups = (
        Group("", (("label__vi", "label__en"), ("help__vi", "help__en"))),
        Group(
            N_("Later in the contest"),
            ("from_round", ("opens", "closes"), "confirm"),
            N_("A part of a later round is asked only of the teams that reached it, within its own dates."),
        ),
        Group(N_("Of whom"), ("boards",), "", True),
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer rounds and boards."""
        self.from_round.choices = choosing.rounds(document, N_("of every team, from the beginning"))
        self.boards.choices = choosing.boards(document)


class FirstQuestionForm(PieceForm):
    """A yes/no question that decides whether somebody may enter at all."""

    label__vi = Line(lazy("Question in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Question in English"), [Label])
    answer = Pick(lazy("Who may enter answers"), default="yes")
    otherwise__vi = Words(lazy("What the others read, in Vietnamese"), [Length(max=2000)])
    otherwise__en = Words(lazy("What the others read, in English"), [Length(max=2000)])
    help__vi = Words(lazy("Help in Vietnamese"), [Length(max=2000)])
    help__en = Words(lazy("Help in English"), [Length(max=2000)])
    boards = Ticks(lazy("Asked on these boards only"), description=lazy("Tick none to ask on every board."))
    groups = (
        Group("", (("label__vi", "label__en"), "answer", ("otherwise__vi", "otherwise__en"))),
        Group(N_("Help"), (("help__vi", "help__en"),), "", True),
        Group(N_("Of whom"), ("boards",), "", True),
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer yes and no, and the boards."""
        self.answer.choices = [("yes", _("Yes")), ("no", _("No"))]
        self.boards.choices = choosing.boards(document)
