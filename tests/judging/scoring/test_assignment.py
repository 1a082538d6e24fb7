"""Assignment against every possible assignment on tiny rounds, and its changes mid-round."""

from itertools import combinations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compapp.judging.scoring.assignment import (
    EntryNeed,
    Instance,
    InstanceFault,
    JudgeLoad,
    Pair,
    assign_instance,
    connectivity,
    extra_reader,
    min_cost_flow,
    network,
    programme,
    replacement,
)
from compapp.judging.scoring.assignment.remedies import ways_out

ENTRIES, JUDGES = ["E1", "E2", "E3"], ["J1", "J2", "J3", "J4"]
PAIRS = [[entry, judge] for entry in ENTRIES for judge in JUDGES]


@st.composite
def instances(draw, fixed=True):
    house = st.sampled_from([None, "A", "B"])
    document = {
        "reviews": draw(st.integers(1, 2)),
        "one_per_institution": draw(st.booleans()),
        "entries": [{"id": entry, "institution": draw(house)} for entry in ENTRIES],
        "judges": [{"id": judge, "institution": draw(house)} for judge in JUDGES],
        "affinity": [[draw(st.sampled_from([0, 0.25, 0.5, 0.75, 1])) for _ in JUDGES] for _ in ENTRIES],
        "conflicts": draw(st.lists(st.sampled_from(PAIRS), max_size=4, unique_by=tuple)),
    }
    if draw(st.booleans()):
        document["entries"][0]["reviews"] = draw(st.integers(0, 3))
    for judge in document["judges"]:
        judge["min"] = draw(st.sampled_from([0, 0, 1]))
        if draw(st.booleans()):
            judge["max"] = judge["min"] + draw(st.integers(0, 2))
    if fixed and draw(st.booleans()):
        document["fixed"] = [draw(st.sampled_from(PAIRS))]
    return document


class Slow:
    """An instance by brute force."""

    def __init__(self, document):
        self.document = document
        self.entries = {entry["id"]: entry for entry in document["entries"]}
        self.judges = {judge["id"]: judge for judge in document["judges"]}

    def need(self, entry):
        return self.entries[entry].get("reviews", self.document["reviews"])

    def affinity(self, entry, judge):
        return self.document["affinity"][ENTRIES.index(entry)][JUDGES.index(judge)]

    def may(self, entry, judge):
        home = self.entries[entry]["institution"]
        return [entry, judge] not in self.document["conflicts"] and not (
            home is not None and home == self.judges[judge]["institution"]
        )

    def panels(self, entry):
        """Every set of judges that an entry may have, of any size up to its need."""
        fixed = {judge for at, judge in self.document.get("fixed", []) if at == entry}
        for size in range(self.need(entry) + 1):
            for panel in combinations([judge for judge in JUDGES if self.may(entry, judge)], size):
                houses = [self.judges[judge]["institution"] for judge in panel if self.judges[judge]["institution"]]
                if self.document["one_per_institution"] and len(set(houses)) < len(houses):
                    continue
                if fixed <= set(panel):
                    yield panel

    def best(self):
        """The largest (reviews, then least loads met), best, and most even assignment."""
        best = (inf,)
        for panels in product(*(list(self.panels(entry)) for entry in ENTRIES)):
            best = min(best, self.value(dict(zip(ENTRIES, panels, strict=True))))
        return best

    def value(self, panels):
        """(missing reviews, missing least loads, minus affinity, squared loads); inf if a most is passed."""
        loads = {judge: sum(judge in panel for panel in panels.values()) for judge in JUDGES}
        if any(load > self.judges[judge].get("max", inf) for judge, load in loads.items()):
            return (inf,)
        missing = sum(self.need(entry) - len(panel) for entry, panel in panels.items())
        short = sum(max(self.judges[judge]["min"] - load, 0) for judge, load in loads.items())
        affinity = sum(self.affinity(entry, judge) for entry, panel in panels.items() for judge in panel)
        return missing, short, -affinity, sum(load * load for load in loads.values())


def panels_of(found):
    return {entry: tuple(judge for at, judge in found["assignments"] if at == entry) for entry in ENTRIES}


@given(instances(), st.integers(0, 3))
@settings(max_examples=250)
def test_best_of_all_assignments(document, seed):
    slow = Slow(document)
    try:
        found = assign_instance(document, seed=seed)
    except InstanceFault as fault:
        assert str(fault).startswith("fixed[0]: ")
        assert not any(True for _ in slow.panels(document["fixed"][0][0])) or slow.best() == (inf,)
        return
    panels = panels_of(found)
    for entry, panel in panels.items():
        assert sorted(panel) in [sorted(other) for other in slow.panels(entry)]
    assert slow.value(panels) == slow.best()
    missing, short, gained, _ = slow.value(panels)
    assert found["objective"] == -gained
    assert sum(unmet["lacking"] for unmet in found["unmet"] if unmet["entry"]) == missing
    assert sum(unmet["lacking"] for unmet in found["unmet"] if unmet["judge"]) == short
    assert found["loads"] == {judge: sum(judge in panel for panel in panels.values()) for judge in JUDGES}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_both_solvers_find_the_same_optimum_however_few_pairs_they_begin_with(seed):
    random = np.random.default_rng(seed)
    entries, judges = 30, 12
    problem = network.Network(
        gain=np.where(
            random.random((entries, judges)) < 0.1, -np.inf, np.round(random.random((entries, judges)) ** 3, 2)
        ),
        need=np.full(entries, 3),
        least=np.full(judges, 4),
        most=np.full(judges, 11),
        house=np.arange(judges) % 5,
        held=random.integers(0, 3, judges),
    )
    by_flow = min_cost_flow.solve_by_flow(problem, seed=seed)
    by_programme = programme.solve_by_programme(problem, seed=seed)
    assert by_flow is not None
    assert worth(problem, by_flow) == worth(problem, by_programme)
    kept = programme.FIRST_ARCS, programme.BEST_OF_EACH, min_cost_flow.DENSE, min_cost_flow.WIDTHS
    try:
        programme.FIRST_ARCS, programme.BEST_OF_EACH, min_cost_flow.DENSE, min_cost_flow.WIDTHS = 0, 2, 0, (9, 11)
        few = programme.solve_by_programme(problem, seed=seed)
        assert worth(problem, few)[0] == worth(problem, by_flow)[0]
        some = min_cost_flow.solve_by_flow(problem, seed=seed)
        assert some is not None and worth(problem, some)[0] >= worth(problem, by_flow)[0] - 0.5
    finally:
        programme.FIRST_ARCS, programme.BEST_OF_EACH, min_cost_flow.DENSE, min_cost_flow.WIDTHS = kept


def worth(problem, flow):
    """The sum of gains, and how uneven the loads are."""
    assert not flow.lacking.any() and not flow.short.any()
    loads = problem.held + np.bincount(flow.judge, minlength=len(problem.held))
    return round(float(problem.gain[flow.entry, flow.judge].sum()), 6), int((loads**2).sum())


def test_the_rule_in_the_way_is_named():
    document = {
        "reviews": 2,
        "one_per_institution": True,
        "entries": [{"id": "E1"}, {"id": "E2", "institution": "A"}, {"id": "E3", "reviews": 1}],
        "judges": [{"id": "J1", "institution": "A", "max": 1}, {"id": "J2", "institution": "A"}],
        "affinity": [[1, 1], [1, 1], [1, 1]],
    }
    found = assign_instance(document)
    assert [(unmet["entry"], unmet["lacking"], unmet["rule"]) for unmet in found["unmet"]] == [
        ("E1", 1, "one_per_institution"),
        ("E2", 2, "conflicts"),
    ]
    assert "only 0 of 2 judges have no conflict" in found["unmet"][1]["reason"]
    document["judges"] = [{"id": "J1", "max": 1}, {"id": "J2", "min": 4}]
    found = assign_instance(document)
    assert {unmet["rule"] for unmet in found["unmet"]} == {"judge_max", "judge_min"}


def test_the_cheapest_ways_out_are_tried_before_they_are_named():
    tight = {
        "reviews": 2,
        "entries": [{"id": f"E{number}"} for number in range(3)],
        "judges": [{"id": "J1", "max": 2}, {"id": "J2", "max": 2}],
        "affinity": [[1, 1]] * 3,
    }
    assert ways_out(tight) == [
        "raise max by 1 (J1, J2 would read more than now)",
        "add 1 judges without a conflict, of institutions of their own",
        "ask for fewer reviews: 2 in all, of E2",
    ]
    idle = {**tight, "judges": [{"id": "J1"}, {"id": "J2"}, {"id": "J3", "min": 2}, {"id": "J4", "min": 2}]}
    lazy = {**idle, "affinity": [[1, 1, 1, 1]] * 3, "reviews": 1}
    assert [one.split(" (")[0] for one in ways_out(lazy)] == ["lower min of J3, J4"]
    alone = {**tight, "one_per_institution": True, "judges": [{"id": one, "institution": "A"} for one in ("J1", "J2")]}
    assert "set one_per_institution to false" in ways_out(alone)
    assert ways_out({**tight, "reviews": 1}) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"entries": None}, "entries"),
        ({"entries": [{"id": ""}]}, "entries[0].id"),
        ({"entries": [{"id": "E1"}, {"id": "E1"}]}, "entries[1].id"),
        ({"judges": [{"id": "J1", "min": 3, "max": 2}]}, "judges[0].max"),
        ({"judges": [{"id": "J1", "institution": 4}]}, "judges[0].institution"),
        ({"affinity": []}, "affinity"),
        ({"affinity": [[2]]}, "affinity[0][0]"),
        ({"affinity": [[0.1, 0.2]]}, "affinity[0]"),
        ({"conflicts": [["E1", "J9"]]}, "conflicts[0]"),
        ({"fixed": [["E1", "J1"]], "conflicts": [["E1", "J1"]]}, "fixed[0]"),
        ({"reviews": -1}, "reviews"),
        ({"reviews": None, "entries": [{"id": "E1"}]}, "reviews"),
        ({"one_per_institution": 1}, "one_per_institution"),
    ],
)
def test_faults_name_the_path(change, path):
    document = {"reviews": 1, "entries": [{"id": "E1"}], "judges": [{"id": "J1"}], "affinity": [[1]], **change}
    with pytest.raises(InstanceFault) as fault:
        assign_instance(document)
    assert str(fault.value).startswith(f"{path}: ")


def test_empty_rounds():
    empty = {"reviews": 2, "entries": [], "judges": [], "affinity": []}
    assert assign_instance(empty)["assignments"] == []
    alone = {"reviews": 1, "entries": [{"id": "E"}], "judges": [{"id": "J"}], "affinity": [[1]]}
    assert assign_instance({**alone, "fixed": [["E", "J"]]})["assignments"] == [["E", "J"]]
    assert assign_instance({**alone, "reviews": 0})["unmet"] == []
    assert assign_instance({**empty, "entries": [{"id": "E"}], "affinity": [[]]})["unmet"][0]["rule"] == "conflicts"


def small(**changes):
    plain = {
        "entries": tuple(EntryNeed(code, 2) for code in ENTRIES),
        "judges": tuple(JudgeLoad(code, house, 0, 3) for code, house in zip(JUDGES, "AABB", strict=True)),
        "affinity": [[0.9, 0.1, 0.5, 0.4], [0.9, 0.2, 0.5, 0.3], [0.9, 0.3, 0.5, 0.8]],
        "one_per_institution": True,
    }
    return Instance(**{**plain, **changes})


def test_replacement_moves_only_the_unscored_entries_of_the_one_who_leaves():
    pairs = [Pair("E1", "J1", scored=True), Pair("E2", "J1"), Pair("E3", "J1")]
    pairs += [Pair(entry, "J3", scored=True) for entry in ENTRIES]
    found = replacement(small(), pairs, "J1")
    kept = {(pair.entry, pair.judge) for pair in pairs if pair.judge != "J1" or pair.scored}
    assert kept <= set(found.pairs)
    assert set(found.pairs) - kept == {("E2", "J2"), ("E3", "J2")}
    assert found.complete


def test_replacement_says_what_nobody_can_take():
    pairs = [Pair("E1", "J1"), Pair("E1", "J3", scored=True)]
    found = replacement(small(conflicts=frozenset({("E1", "J2")})), pairs, "J1")
    assert [(unmet.entry, unmet.lacking) for unmet in found.unmet] == [("E1", 1)]
    with pytest.raises(InstanceFault):
        replacement(small(), pairs, "J9")


def test_replacement_keeps_pairs_that_break_a_rule_by_now():
    pairs = [Pair("E1", "J3"), Pair("E1", "J4"), Pair("E2", "J1")]
    found = replacement(small(), pairs, "J1")
    assert {("E1", "J3"), ("E1", "J4")} <= set(found.pairs)
    assert len(found.pairs) == 3


def test_an_extra_reader_is_least_loaded_then_closest():
    instance = small(one_per_institution=False)
    pairs = [Pair("E1", "J1"), Pair("E1", "J3"), Pair("E2", "J2")]
    assert extra_reader(instance, pairs, "E1") == "J4"
    assert extra_reader(instance, [*pairs, Pair("E2", "J4")], "E1") == "J4"  # as loaded as J2, but closer
    assert extra_reader(small(), pairs, "E1") is None  # both institutions are there already
    with pytest.raises(InstanceFault):
        extra_reader(instance, pairs, "E9")


def test_connectivity_of_known_graphs():
    complete = connectivity((entry, judge) for entry in ("E1", "E2") for judge in ("J1", "J2"))
    assert (complete.components, complete.lambda2, complete.a) == (1, 2.0, 1.0)
    apart = connectivity([("E1", "J1"), ("E1", "J2"), ("E2", "J3"), ("E2", "J4")])
    assert (apart.components, apart.lambda2, apart.a) == (2, 0.0, None)
    assert connectivity([]).components == 0
