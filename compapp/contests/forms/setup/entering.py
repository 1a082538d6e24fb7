"""The wizard's pages about who may enter: each board, and the rules for all."""

from wtforms.validators import InputRequired, Length

from compapp.clubs.lifecycle import TOPICS
from compapp.contests.forms.setup import choosing
from compapp.contests.forms.setup.binding import Group, Piece, PieceForm, write
from compapp.contests.forms.setup.fields import Amount, Flag, Line, Pick, Ticks, Whole, YesNo
from compapp.contests.setup import words
from compapp.core.text import N_
from compapp.web.i18n import _, lazy, localized

Label = Length(max=290)


class BoardForm(PieceForm):
    """One board: for whom, how large a team, which limits."""

    label__vi = Line(lazy("Name in Vietnamese"), [InputRequired(), Label])
    label__en = Line(lazy("Name in English"), [Label])
    eligible_kinds = Ticks(
        lazy("Kinds of institution"), description=lazy("Tick none to let anybody enter, of any institution or none.")
    )
    team_min = Whole(lazy("Smallest team"), default=1)
    team_max = Whole(lazy("Largest team"), description=lazy("Empty: as many as they like."))
    needs_advisor = Flag(lazy("A team needs a teacher who advises it"))
    own_students_percent = Whole(lazy("Least share of own students, in percent"))
    own_students_min = Whole(lazy("Least number of own students"))
    age_min = Whole(lazy("Youngest age"))
    age_max = Whole(lazy("Oldest age"))
    guardian_consent_under = Whole(
        lazy("A parent or guardian must agree for members under"), description=lazy("Age in years, usually 18.")
    )
    max_teams_per_person = Whole(lazy("Most teams of this board that one person may be on"))
    max_teams_led_per_person = Whole(lazy("Most teams of this board that one person may lead"))
    max_entries_per_institution = Whole(lazy("Most entries of one institution"))
    max_entries_per_institution_and_sector = Whole(lazy("Most entries of one institution in one sector"))
    min_entries = Whole(lazy("The board runs only with at least so many entries"))
    endorsement_required = YesNo(lazy("Confirmation by the school"))
    prior_award = Pick(lazy("An idea may not enter if"))
    prior_award_from = Pick(lazy("Which prizes count"))
    concurrent = Pick(lazy("Another contest at the same time"))
    company_years = Whole(lazy("A firm is at most so many years old"))
    funding_vnd = Amount(lazy("Most money received so far"))
    training__vi = Line(lazy("Training that every team attends, in Vietnamese"), [Label])
    training__en = Line(lazy("Training that every team attends, in English"), [Label])
    training_topic = Pick(
        lazy("What the clubs’ lists call it"),
        description=lazy(
            "One member on a club’s attendance list is enough. Without it, nobody can check the training."
        ),
    )
    groups = (
        Group("", (("label__vi", "label__en"), "eligible_kinds")),
        Group(N_("The team"), (("team_min", "team_max"), "needs_advisor")),
        Group(
            N_("Age"),
            (("age_min", "age_max"), "guardian_consent_under"),
            N_("On the day on which entries close."),
        ),
        Group(
            N_("Own students"),
            (("own_students_percent", "own_students_min"),),
            N_("Members who study at the institution that the entry stands for; advisors are not counted."),
            folded=True,
        ),
        Group(
            N_("How many entries"),
            (
                ("max_teams_per_person", "max_teams_led_per_person"),
                ("max_entries_per_institution", "max_entries_per_institution_and_sector"),
                "min_entries",
            ),
            folded=True,
        ),
        Group(
            N_("Conditions"),
            (
                "endorsement_required",
                ("prior_award", "prior_award_from"),
                "concurrent",
                ("company_years", "funding_vnd"),
                ("training__vi", "training__en"),
                "training_topic",
            ),
            folded=True,
        ),
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer kinds and conditions."""
        self.eligible_kinds.choices = choosing.worded(words.SCHOOL_KINDS)
        self.endorsement_required.choices = [
            ("", _("As the form's files say")),
            ("yes", _("Needed")),
            ("no", _("Not needed")),
        ]
        self.prior_award.choices = choosing.worded(words.PRIOR_AWARDS, N_("No such rule"))
        awards = {code: words.AWARDS[code] for code in ("first", "second", "third", "encouragement")}
        self.prior_award_from.choices = [
            ("", _("Any prize")),
            *((code, _("%(prize)s or better", prize=_(text))) for code, text in awards.items()),
        ]
        self.concurrent.choices = choosing.worded(words.CONCURRENT, N_("As the rules for all boards say"))
        self.training_topic.choices = choosing.worded({k: text for k, text in TOPICS.items() if k}, N_("Not said"))


class RulesForm(PieceForm):
    """The rules that hold on every board."""

    root = ("contest",)
    rules__one_team_per_person = Flag(lazy("Nobody may be on two teams"))
    rules__max_teams_per_person = Whole(lazy("Most teams that one person may be on"))
    rules__max_teams_led_per_person = Whole(lazy("Most teams that one person may lead"))
    rules__max_entries_per_institution = Whole(lazy("Most entries of one institution"))
    rules__max_entries_per_institution_and_sector = Whole(lazy("Most entries of one institution in one sector"))
    rules__no_prior_award_in_province = Flag(lazy("An idea that has won in the province before may not enter"))
    rules__no_concurrent_contest_without_declaration = Flag(
        lazy("An idea that is in another contest may enter only if the team says so")
    )
    rules__organisers_and_judges_may_not_enter = Flag(lazy("Organisers, secretaries and judges may not enter"))
    rules__ownership_statement_by_all = Flag(lazy("Everybody on the team states that the idea is the team’s own"))
    submission__team_lock = Pick(lazy("The team can be changed"), default="at_submission_close")
    rules__judges_one_round = Flag(lazy("Nobody judges in more than one round"))
    rules__mentors_may_not_judge = Flag(lazy("Who advises or mentors a team may not judge"))
    rules__conflict_answer_before_opening = Flag(
        lazy("A judge says of each entry whether there is a conflict before opening it")
    )
    rules__min_entries_per_institution = Whole(
        lazy("Least entries of one institution"),
        description=lazy("A school that has sent fewer is told on its page; you see it when checking."),
    )
    rules__judge_conflict_kinds = Ticks(lazy("A judge may not score an entry because of"))
    rules__retention__entries_years = Whole(lazy("Entries are kept for so many years"), least=0)
    rules__retention__rejected_minors_months = Whole(
        lazy("Entries of minors that were not chosen are kept for so many months"), least=0
    )
    groups = (
        Group(
            N_("People and teams"),
            (
                "rules__one_team_per_person",
                ("rules__max_teams_per_person", "rules__max_teams_led_per_person"),
                "submission__team_lock",
                "rules__organisers_and_judges_may_not_enter",
                "rules__ownership_statement_by_all",
            ),
        ),
        Group(
            N_("Institutions"),
            (
                ("rules__max_entries_per_institution", "rules__max_entries_per_institution_and_sector"),
                "rules__min_entries_per_institution",
            ),
        ),
        Group(
            N_("Other contests"),
            ("rules__no_prior_award_in_province", "rules__no_concurrent_contest_without_declaration"),
        ),
        Group(
            N_("Conflicts of interest"),
            (
                "rules__judge_conflict_kinds",
                "rules__conflict_answer_before_opening",
                "rules__mentors_may_not_judge",
                "rules__judges_one_round",
            ),
        ),
        Group(
            N_("Keeping data"),
            (("rules__retention__entries_years", "rules__retention__rejected_minors_months"),),
            folded=True,
        ),
    )

    def offer(self, document: Piece, piece: Piece) -> None:
        """Offer locks and conflicts."""
        self.submission__team_lock.choices = choosing.worded(words.TEAM_LOCK)
        self.rules__judge_conflict_kinds.choices = [
            (code, localized(label)) for code, label in words.CONFLICT_KINDS.items()
        ]

    def store(self, document: Piece, piece: Piece) -> None:
        """Write the rules, with the words of the conflicts that were chosen."""
        write(self, document)
        keep_words(document, "judge_conflict_kinds", words.CONFLICT_KINDS)


def keep_words(document: Piece, name: str, known: dict[str, dict[str, str]]) -> None:
    """Write the labels of newly chosen codes beside the rules, where the file keeps them."""
    rules: Piece = document["contest"]["rules"]
    labels: Piece = rules.get("labels", {}).get(name, {})
    missing = {code: known[code] for code in rules.get(name) or () if code in known and code not in labels}
    if missing:
        rules.setdefault("labels", {})[name] = {**labels, **missing}
