"""The plan of an incubation as the contest file writes it (section ``incubation``). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compapp.contests.definition import Text, moment, text_of


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; ``months`` it is meant to last."""

    code: str
    label: Text
    months: int | None


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """What every team is to reach, ``week`` weeks after the start."""

    code: str
    label: Text
    week: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages and milestones in order; the cohort's code, start and Demo Day where the file names one."""

    stages: tuple[Stage, ...]
    milestones: tuple[PlannedMilestone, ...]
    cohort: str | None
    starts_at: datetime | None
    demo_day: datetime | None

    @staticmethod
    def read(piece: Mapping[str, Any]) -> "Plan":
        """Read the section; what it leaves out is one stage without milestones."""
        cohort: Mapping[str, Any] = piece.get("cohort") or {}
        stages = tuple(
            Stage(one["code"], text_of(one.get("label"), one["code"]), one.get("months"))
            for one in piece.get("stages") or ()
        )
        return Plan(
            stages=stages or (Stage("incubation", {"vi": "Ươm tạo", "en": "Incubation"}, None),),
            milestones=tuple(
                PlannedMilestone(one["code"], text_of(one.get("label"), one["code"]), one.get("week", 0))
                for one in piece.get("milestones") or ()
            ),
            cohort=cohort.get("code"),
            starts_at=moment(cohort.get("starts")),
            demo_day=moment(cohort.get("demo_day")),
        )

    def stage(self, code: str) -> Stage:
        """Return the stage ``code``; one that the file no longer names keeps its code as label."""
        return next((one for one in self.stages if one.code == code), Stage(code, text_of(None, code), None))

    def next_stage(self, code: str) -> Stage | None:
        """Return the stage after ``code``; None after the last."""
        codes = [one.code for one in self.stages]
        place = codes.index(code) + 1 if code in codes else 0
        return self.stages[place] if place < len(self.stages) else None
