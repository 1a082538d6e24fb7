"""The rules of a contest: who may take part, how figures are made, how one appeals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from compapp.contests.definition.form_parts import Choice
from compapp.contests.definition.times import HasDefinition, Json, Text, duration, moment, text_of

CRITERION_MEAN, LOWER_SPREAD, EARLIER_SUBMISSION, CHAIR_DECISION = (
    "criterion_mean",
    "lower_spread",
    "earlier_submission",
    "chair_decision",
)


@dataclass(frozen=True)
class Aggregation:
    """How the sheets of an entry become its figure: ``method``, ``decimals`` shown, ``rounding``."""

    method: str = "mean"
    decimals: int = 2
    rounding: str = "half_up"

    @staticmethod
    def read(*pieces: Json | None) -> "Aggregation":
        """Read an aggregation; later pieces (a round's own) replace earlier ones key by key."""
        merged: dict[str, Any] = {}
        for piece in pieces:
            merged |= piece or {}
        return Aggregation(
            method=merged.get("method", "mean"),
            decimals=merged.get("decimals", 2),
            rounding=merged.get("rounding", "half_up"),
        )


@dataclass(frozen=True)
class TieStep:
    """One step of the tie-break chain; ``criterion`` only with ``criterion_mean``."""

    name: str
    criterion: str | None = None

    @staticmethod
    def chain(pieces: Iterable[Json]) -> tuple["TieStep", ...]:
        """Read a chain; a step set to false is left out."""
        steps: list[TieStep] = []
        for piece in pieces:
            for name, value in piece.items():
                if value:
                    steps.append(TieStep(name, value if name == CRITERION_MEAN else None))
        return tuple(steps)


@dataclass(frozen=True)
class Submission:
    """The submission window and what goes with it.

    ``reminders_before`` are lengths before the close; ``late_policy`` and ``team_lock`` are the file's words.
    ``grace`` is how long after the close an upload that began before it may still arrive; nothing else may.
    """

    opens_at: datetime
    closes_at: datetime
    late_policy: str
    team_lock: str
    reminders_before: tuple[timedelta, ...]
    late_note: Text | None
    grace: timedelta = timedelta()


@dataclass(frozen=True)
class Rules:
    """The rules of one contest; None where the file sets no limit.

    Limits of entries and teams count over all boards; a board may have narrower ones of its own (``BoardRule``).
    ``judges_one_round``: nobody judges in more than one round; ``mentors_may_not_judge``: nor whoever advises or
    mentors a team. ``conflict_answer_before_opening``: a judge opens an entry only after saying of it whether there
    is a conflict of interest. ``min_entries_per_institution`` is the least that each institution sends.
    """

    one_team_per_person: bool
    max_entries_per_institution: int | None
    no_prior_award_in_province: bool
    no_concurrent_contest_without_declaration: bool
    organisers_and_judges_may_not_enter: bool
    judge_conflict_kinds: tuple[Choice, ...]
    aggregation: Aggregation
    tie_break: tuple[TieStep, ...]
    appeal_window: timedelta | None
    appeal_grounds: tuple[Choice, ...]
    feedback_to_teams: str | None
    entries_kept_years: int | None
    rejected_minors_kept_months: int | None
    submission: Submission
    max_teams_per_person: int | None = None
    max_teams_led_per_person: int | None = None
    max_entries_per_institution_and_sector: int | None = None
    ownership_statement_by_all: bool = False
    judges_one_round: bool = False
    mentors_may_not_judge: bool = False
    conflict_answer_before_opening: bool = False
    min_entries_per_institution: int | None = None

    @staticmethod
    def of(contest: HasDefinition) -> "Rules":
        """Read the rules of a contest's row."""
        return Rules.read(contest.definition)

    @staticmethod
    def read(contest: Json) -> "Rules":
        """Read the rules from the file's ``contest`` section."""
        rules: Json = contest.get("rules") or {}
        labels: Json = rules.get("labels") or {}
        retention: Json = rules.get("retention") or {}
        window = rules.get("appeal_window_hours")
        return Rules(
            one_team_per_person=bool(rules.get("one_team_per_person")),
            max_entries_per_institution=rules.get("max_entries_per_institution"),
            no_prior_award_in_province=bool(rules.get("no_prior_award_in_province")),
            no_concurrent_contest_without_declaration=bool(rules.get("no_concurrent_contest_without_declaration")),
            organisers_and_judges_may_not_enter=bool(rules.get("organisers_and_judges_may_not_enter")),
            judge_conflict_kinds=_choices(rules, labels, "judge_conflict_kinds"),
            aggregation=Aggregation.read(rules.get("aggregation")),
            tie_break=TieStep.chain(rules.get("tie_break") or ()),
            appeal_window=None if window is None else timedelta(hours=window),
            appeal_grounds=_choices(rules, labels, "appeal_grounds"),
            feedback_to_teams=rules.get("feedback_to_teams"),
            entries_kept_years=retention.get("entries_years"),
            rejected_minors_kept_months=retention.get("rejected_minors_months"),
            submission=_submission(contest["submission"]),
            max_teams_per_person=rules.get("max_teams_per_person"),
            max_teams_led_per_person=rules.get("max_teams_led_per_person"),
            max_entries_per_institution_and_sector=rules.get("max_entries_per_institution_and_sector"),
            ownership_statement_by_all=bool(rules.get("ownership_statement_by_all")),
            judges_one_round=bool(rules.get("judges_one_round")),
            mentors_may_not_judge=bool(rules.get("mentors_may_not_judge")),
            conflict_answer_before_opening=bool(rules.get("conflict_answer_before_opening")),
            min_entries_per_institution=rules.get("min_entries_per_institution"),
        )


def _choices(rules: Json, labels: Json, name: str) -> tuple[Choice, ...]:
    known: Mapping[str, Any] = labels.get(name) or {}
    return tuple(Choice(code, text_of(known.get(code), code.replace("_", " "))) for code in rules.get(name) or ())


def _submission(piece: Json) -> Submission:
    opens, closes = moment(piece["opens"]), moment(piece["closes"])
    if opens is None or closes is None:
        raise ValueError("a contest needs both ends of its submission window")
    return Submission(
        opens_at=opens,
        closes_at=closes,
        late_policy=piece.get("late_policy") or "closed",
        team_lock=piece.get("team_lock") or "at_submission_close",
        reminders_before=tuple(duration(text) for text in piece.get("reminders_before") or ()),
        late_note=text_of(piece["late_note"]) if piece.get("late_note") else None,
        grace=timedelta(minutes=piece.get("grace_minutes") or 0)
        if piece.get("late_policy") == "grace"
        else timedelta(),
    )
