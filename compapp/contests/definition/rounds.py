"""How a round works: its window, its judges, what leads to the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from compapp.contests.definition.rules import Aggregation, TieStep
from compapp.contests.definition.times import HasDefinition, Json, Text, moment, text_of

ELIGIBILITY, ONLINE_SCORING, LIVE_PITCH, PUBLIC_VOTE = "eligibility", "online_scoring", "live_pitch", "public_vote"

RUBRIC_MODE = "rubric"
"""How a round is judged that says nothing else; the other modes are the judging room's."""

VOTE_PER_BOARD = "verified_account_and_board"
"""What ``one_vote_per`` says where a voter has a vote on every board."""

SCORED = frozenset({ONLINE_SCORING, LIVE_PITCH})
"""The kinds of round that have score sheets."""


class RoundRow(HasDefinition, Protocol):
    """A round's row with its contest's."""

    @property
    def contest(self) -> Any:
        """Return the contest's row."""
        ...


@dataclass(frozen=True)
class Blind:
    """What judges do not see in a round."""

    hide_team_names: bool
    hide_institution: bool
    hide_other_scores: bool


@dataclass(frozen=True)
class Gates:
    """What an entry must reach to go through: ``min_total`` at least, ``no_zero`` any_judge or mean."""

    min_total: Decimal | None
    no_zero: str | None


@dataclass(frozen=True)
class ExtraPointRule:
    """Points outside the sheets that a round declares, from 0 to ``max``.

    ``from_vote`` is the public vote that gives them (all to the most votes of a board, in proportion to the others);
    None where the organiser enters them.
    """

    code: str
    label: Text
    max: Decimal
    from_vote: str | None = None


@dataclass(frozen=True)
class RoundRule:
    """One round. ``kind``: eligibility, online_scoring, live_pitch or public_vote.

    ``advance`` maps a board code to how many go through; ``carry`` a round code to its percent;
    ``spread_alert_points`` asks for one more judge above it. Minutes and counts are whole numbers. ``mode`` is how
    judges decide, with its options. ``wildcards`` maps a board to how many more than ``advance`` the jury may let
    through with a reason (a board that is not named has no such limit). ``per_sector``: the numbers of ``advance``
    hold for each sector of a board. ``ballot``: how the jury votes in its meeting (open, secret;
    None: as the chair says). ``byes`` maps a board whose entries are not judged here and go through to why,
    ``entry_byes`` single entries.
    """

    code: str
    order: int
    kind: str
    label: Text
    rubric: str | None
    opens_at: datetime
    closes_at: datetime
    judges_per_entry: int | None
    max_entries_per_judge: int | None
    blind: Blind
    advance: Mapping[str, int]
    gates: Gates
    spread_alert_points: Decimal | None
    aggregation: Aggregation
    tie_break: tuple[TieStep, ...]
    carry: Mapping[str, Decimal]
    extra_points: tuple[ExtraPointRule, ...]
    pitch_minutes: int | None
    qa_minutes: int | None
    order_draw: str | None
    outcomes: tuple[str, ...]
    fix_window: timedelta | None
    counts_in_score: bool
    one_vote_per: str | None
    result: str | None
    prizes_may_be_withheld: bool
    mode: str = RUBRIC_MODE
    mode_options: Mapping[str, int] = field(default_factory=dict)
    wildcards: Mapping[str, int] = field(default_factory=dict)
    per_sector: bool = False
    ballot: str | None = None
    byes: Mapping[str, Text] = field(default_factory=dict)
    entry_byes: Mapping[str, Text] = field(default_factory=dict)

    @property
    def needs_rubric(self) -> bool:
        """Whether judges score by criteria; the other modes bring their own sheet."""
        return self.is_scored and self.mode == RUBRIC_MODE

    @property
    def is_scored(self) -> bool:
        """Whether judges fill score sheets in it."""
        return self.kind in SCORED

    @property
    def is_live(self) -> bool:
        """Whether teams present before the jury."""
        return self.kind == LIVE_PITCH

    @staticmethod
    def of(round_: RoundRow) -> "RoundRule":
        """Read the rule of a round's row, with what it takes over from its contest's rules."""
        rule = RoundRule.read(round_.definition, round_.contest.definition.get("rules") or {})
        if rule.kind != PUBLIC_VOTE or rule.counts_in_score:
            return rule
        others = (one.definition.get("extra_points") or () for one in round_.contest.rounds)
        counted = any(extra.get("from_vote") == rule.code for extras in others for extra in extras)
        return replace(rule, counts_in_score=counted)

    @staticmethod
    def read(piece: Json, rules: Json) -> "RoundRule":
        """Read one item of ``rounds``; ``rules`` are the contest's."""
        opens, closes = moment(piece["opens"]), moment(piece["closes"])
        if opens is None or closes is None:
            raise ValueError(f"round {piece['code']} needs both ends of its window")
        window = piece.get("fix_window_hours")
        chain = piece["tie_break"] if piece.get("tie_break") is not None else rules.get("tie_break") or ()
        return RoundRule(
            code=piece["code"],
            order=piece.get("order", 0),
            kind=piece["kind"],
            label=text_of(piece.get("label"), piece["code"]),
            rubric=piece.get("rubric"),
            opens_at=opens,
            closes_at=closes,
            judges_per_entry=piece.get("judges_per_entry"),
            max_entries_per_judge=piece.get("max_entries_per_judge"),
            blind=_blind(piece.get("blind") or {}),
            advance=dict(piece.get("advance") or {}),
            gates=_gates(piece.get("gates") or {}),
            spread_alert_points=_decimal(piece.get("spread_alert_points")),
            aggregation=Aggregation.read(rules.get("aggregation"), piece.get("aggregation")),
            tie_break=TieStep.chain(chain),
            carry={code: Decimal(str(percent)) for code, percent in (piece.get("carry") or {}).items()},
            extra_points=tuple(_extra(one) for one in piece.get("extra_points") or ()),
            pitch_minutes=piece.get("pitch_minutes"),
            qa_minutes=piece.get("qa_minutes"),
            order_draw=piece.get("order_draw"),
            outcomes=tuple(piece.get("outcomes") or ()),
            fix_window=None if window is None else timedelta(hours=window),
            counts_in_score=bool(piece.get("counts_in_score", piece["kind"] in SCORED)),
            one_vote_per=piece.get("one_vote_per"),
            result=piece.get("result"),
            prizes_may_be_withheld=bool(piece.get("prizes_may_be_withheld")),
            mode=piece.get("mode") or RUBRIC_MODE,
            mode_options=dict(piece.get("mode_options") or {}),
            wildcards=dict(piece.get("wildcards") or {}),
            per_sector=piece.get("advance_by") == "sector",
            ballot=(piece.get("deliberation") or {}).get("ballot"),
            byes={code: text_of(why, "") for code, why in (piece.get("byes") or {}).items()},
            entry_byes={code: text_of(why, "") for code, why in (piece.get("entry_byes") or {}).items()},
        )


def _blind(piece: Json) -> Blind:
    return Blind(
        hide_team_names=bool(piece.get("hide_team_names")),
        hide_institution=bool(piece.get("hide_institution")),
        hide_other_scores=bool(piece.get("hide_other_scores", True)),
    )


def _gates(piece: Json) -> Gates:
    return Gates(min_total=_decimal(piece.get("min_total")), no_zero=piece.get("no_zero") or None)


def _extra(piece: Json) -> ExtraPointRule:
    label, most = text_of(piece.get("label"), piece["code"]), Decimal(str(piece["max"]))
    return ExtraPointRule(piece["code"], label, most, piece.get("from_vote"))


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
