"""Who judges what: the exact optimum under the organiser's rules, and its quality."""

from compapp.judging.scoring.assignment.connectivity import Connectivity, connectivity
from compapp.judging.scoring.assignment.instance import (
    EntryNeed,
    Instance,
    InstanceFault,
    JudgeLoad,
    read_instance,
)
from compapp.judging.scoring.assignment.replacement import Pair, extra_reader, replacement
from compapp.judging.scoring.assignment.solve import Assignment, Unmet, assign, assign_instance

__all__ = [
    "Assignment",
    "Connectivity",
    "EntryNeed",
    "Instance",
    "InstanceFault",
    "JudgeLoad",
    "Pair",
    "Unmet",
    "assign",
    "assign_instance",
    "connectivity",
    "extra_reader",
    "read_instance",
    "replacement",
]
