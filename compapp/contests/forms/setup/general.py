"""The wizard's pages about the contest as a whole: what it is, when, who, what it gives."""

from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from compapp.contests.forms.setup import choosing
from compapp.contests.forms.setup.binding import Group, Piece, PieceForm, RowForm, Rows, write
from compapp.contests.forms.setup.fields import Amount, Flag, Line, Moment, Pick, Ticks, Whole, Words
from compapp.contests.setup import words
from compapp.contests.setup.lists import numbered
from compapp.core.text import N_
from compapp.web.i18n import _, lazy, localized

Title, Label = Length(max=290), Length(max=290)


class BasicsForm(PieceForm):
    """What the contest is called, what it is about, who runs it."""

    root = ("contest",)
    title__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Title])
    title__en = Line(lazy("Name in English"), [Title])
    theme__vi = Line(lazy("Theme in Vietnamese"), [Label])
    theme__en = Line(lazy("Theme in English"), [Label])
    description__vi = Words(lazy("About the contest, in Vietnamese"), [Length(max=5000)])
    description__en = Words(lazy("About the contest, in English"), [Length(max=5000)])
    co_organisers = Ticks(lazy("Organised together with"))
    new_partners = Ticks(lazy("Other organisations on this site"))
    groups = (
        Group(N_("Name and theme"), (("title__vi", "title__en"), ("theme__vi", "theme__en"))),
        Group(N_("In a few sentences"), (("description__vi", "description__en"),)),
        Group(N_("Co-organisers"), ("co_organisers", "new_partners"), folded=True),
    )
    known: dict[str, Piece] = {}

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer the organisations of the file, but the organiser, and those of the site."""
        main = document["contest"].get("organiser")
        held = [one for name in _SECTIONS for one in document.get(name) or () if one["code"] != main]
        self.co_organisers.choices = [(one["code"], localized(one["name"])) for one in held]
        present = {one["name"].get("vi") for name in _SECTIONS for one in document.get(name) or ()}
        self.new_partners.choices = [
            (key, localized(one["name"])) for key, one in self.known.items() if one["name"].get("vi") not in present
        ]

    def store(self, document: Piece, piece: Piece) -> None:
        """Write what was typed; an organisation of the site joins the file under a code of its own."""
        chosen = list(self.new_partners.data or ())
        self.new_partners.data = []
        write(self, document)
        for key in chosen:
            one = self.known[key]
            name = "institutions" if one["kind"] in _SCHOOLS else "organisations"
            name = "bodies" if one["kind"] == "department" else name
            taken = {item["code"] for section in _SECTIONS for item in document.get(section) or ()}
            code = numbered(_PREFIX[name], taken)
            new = {"code": code, "name": one["name"]} | ({} if name == "bodies" else {"kind": one["kind"]})
            document.setdefault(name, []).append(new)
            document["contest"].setdefault("co_organisers", []).append(code)


_SECTIONS = ("bodies", "organisations", "institutions")
_SCHOOLS = {"university", "university_campus", "college", "vocational_school", "high_school", "lower_secondary"}
_PREFIX = {"bodies": "B", "organisations": "O", "institutions": "I"}


class SchoolRow(RowForm):
    """One institution."""

    label_name = "name"
    name__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Length(max=240)])
    name__en = Line(lazy("Name in English"), [Length(max=240)])
    kind = Pick(lazy("Kind"))

    def ready(self, document: Piece, piece: Piece, launch: Any) -> "PieceForm":
        """Offer the kinds."""
        self.kind.choices = choosing.worded(words.SCHOOL_KINDS)
        return self


class SchoolsForm(PieceForm):
    """Which institutions take part."""

    new_schools = Ticks(lazy("On this site already"))
    institutions = Rows(SchoolRow, lazy("Institutions"), most=1000, add=lazy("Add an institution"))
    groups = (
        Group(N_("Choose from this site"), ("new_schools",), N_("Ticked institutions join the list when you save.")),
        Group(N_("Institutions that take part"), ("institutions",)),
    )
    known: dict[str, Piece] = {}

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer the schools of the site that are not in the contest yet."""
        present = {one["name"].get("vi") for one in document.get("institutions") or ()}
        self.new_schools.choices = [
            (key, localized(one["name"]))
            for key, one in self.known.items()
            if one["kind"] in _SCHOOLS and one["name"].get("vi") not in present
        ]
        for entry in self.institutions.entries:
            entry.form.ready(document, piece, None)

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the list and add what was ticked."""
        chosen = list(self.new_schools.data or ())
        self.new_schools.data = []
        before = {one["code"] for one in document.get("institutions") or ()}
        write(self, document)
        taken = {one["code"] for name in _SECTIONS for one in document.get(name) or () if one["code"] in before}
        for one in document.get("institutions") or ():
            if one["code"] not in before:
                one["code"] = numbered("I", taken)
                taken.add(one["code"])
        for key in chosen:
            one = self.known[key]
            code = numbered("I", taken)
            taken.add(code)
            document.setdefault("institutions", []).append({"code": code, "kind": one["kind"], "name": one["name"]})


class SectorRow(RowForm):
    """One sector."""

    label__vi = Line(lazy("Sector in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Sector in English"), [Label])
    province_priority = Flag(lazy("Favoured by the province"))


class SectorsForm(PieceForm):
    """The sectors in which teams enter."""

    sectors = Rows(SectorRow, lazy("Sectors"), most=100, min_entries=1, add=lazy("Add a sector"))
    groups = (Group(N_("Sectors"), ("sectors",)),)


class PrizeRow(RowForm):
    """One kind of prize."""

    key_name = ""
    award = Pick(lazy("Rank"), [InputRequired()])
    board = Pick(lazy("For"))
    label__vi = Line(lazy("Name in Vietnamese"), [Label])
    label__en = Line(lazy("Name in English"), [Label])
    count = Whole(lazy("How many"), default=1)
    vnd = Amount(lazy("Amount for each"))

    def is_blank(self) -> bool:
        """Whether no rank is chosen and nothing typed: a rank alone is a prize."""
        return not self.award.data and super().is_blank()

    def ready(self, document: Piece, piece: Piece, launch: Any) -> "PieceForm":
        """Offer awards and boards, and what stands in the file."""
        self.award.choices = choosing.worded(words.AWARDS, N_("Choose a rank"))
        self.award.admit(self.award.data)
        self.board.choices = [("", _("The whole contest")), *choosing.boards(document)]
        return self


class PrizesForm(PieceForm):
    """What can be won."""

    root = ("contest",)
    prizes = Rows(PrizeRow, lazy("Prizes"), most=100, min_entries=1, add=lazy("Add a prize"))
    groups = (Group(N_("Prizes"), ("prizes",)),)

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer awards and boards in each row."""
        for entry in self.prizes.entries:
            entry.form.ready(document, piece, None)

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the prizes; one without a name is called by its rank."""
        write(self, document)
        for prize in document["contest"].get("prizes") or ():
            prize.setdefault("label", dict(_AWARD_NAMES.get(prize["award"], {"vi": prize["award"]})))


_AWARD_NAMES = {
    "first": {"vi": "Giải Nhất", "en": "First prize"},
    "second": {"vi": "Giải Nhì", "en": "Second prize"},
    "third": {"vi": "Giải Ba", "en": "Third prize"},
    "encouragement": {"vi": "Giải Khuyến khích", "en": "Encouragement prize"},
    "audience": {"vi": "Giải do công chúng bình chọn", "en": "Audience award"},
    "special": {"vi": "Giải chuyên đề", "en": "Special prize"},
}


class AppealRow(RowForm):
    """The window for appeals after one round."""

    key_name = ""
    round = Pick(lazy("After"))
    opens = Moment(lazy("Begins"), [InputRequired()])
    closes = Moment(lazy("Ends"), [InputRequired()])

    def ready(self, document: Piece, piece: Piece, launch: Any) -> "PieceForm":
        """Offer the rounds."""
        self.round.choices = choosing.labelled(document["rounds"])
        return self


class DatesForm(PieceForm):
    """When the contest begins, when entries open and close, who is reminded when, when one may appeal."""

    root = ("contest",)
    launch = Moment(lazy("Launch"), [InputRequired()])
    submission__opens = Moment(lazy("Entries open"), [InputRequired()])
    submission__closes = Moment(lazy("Entries close"), [InputRequired()])
    submission__reminders_before = Ticks(lazy("Teams that have not submitted are reminded"))
    submission__late_policy = Pick(lazy("After the deadline"), default="closed")
    submission__grace_minutes = Whole(lazy("Minutes of grace"), least=0)
    appeals = Rows(AppealRow, lazy("Appeals"), add=lazy("Add a window for appeals"))
    groups = (
        Group(N_("Launch and entries"), ("launch", ("submission__opens", "submission__closes"))),
        Group(
            N_("Around the deadline"),
            ("submission__reminders_before", "submission__late_policy", "submission__grace_minutes"),
        ),
        Group(N_("Appeals"), ("appeals",), N_("The dates of the rounds stand with each round.")),
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer reminders, policies and rounds."""
        self.submission__reminders_before.choices = choosing.worded(words.REMINDERS)
        self.submission__late_policy.choices = choosing.worded(words.LATE)
        for entry in self.appeals.entries:
            entry.form.ready(document, piece, None)

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the dates; the launch is day 0, and other days are counted from it."""
        write(self, document)
        launch = document["contest"]["launch"]
        if "day" in launch:
            document["contest"]["launch"] = {**launch, "day": 0}


class SponsorForm(PieceForm):
    """One sponsor; the logo is stored by the service."""

    name__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Length(max=240)])
    name__en = Line(lazy("Name in English"), [Length(max=240)])
    gives__vi = Line(lazy("What they give, in Vietnamese"), [Label])
    gives__en = Line(lazy("What they give, in English"), [Label])
    link = Line(
        lazy("Web page"), [Optional(), Length(max=1000), Regexp("https://", message=lazy("Begin with https://."))]
    )
    logo = FileField(lazy("Logo"))
    groups = (Group("", (("name__vi", "name__en"), ("gives__vi", "gives__en"), "link", "logo")),)
