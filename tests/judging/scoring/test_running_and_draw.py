"""Kept aggregates equal full recomputation; the draw is reproducible and even."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from math import factorial

from hypothesis import given
from hypothesis import strategies as st

from compapp.judging.scoring.draw import draw_order
from compapp.judging.scoring.marks import Mark
from compapp.judging.scoring.mean import mean
from compapp.judging.scoring.running import RunningAggregate

TOTALS = st.fractions(min_value=0, max_value=100, max_denominator=60)
CHANGES = st.lists(st.tuples(st.sampled_from(["add", "replace", "void"]), TOTALS, st.integers(0, 20)), max_size=30)


@given(CHANGES)
def test_any_sequence_of_changes_equals_recomputation(changes):
    kept, totals = RunningAggregate(), []
    for verb, total, place in changes:
        if verb == "add" or not totals:
            kept = kept.added(total)
            totals.append(total)
            continue
        old = totals.pop(place % len(totals))
        if verb == "void":
            kept = kept.removed(old, lambda: totals)
        else:
            kept = kept.replaced(old, total, lambda: totals)
            totals.append(total)
        assert kept == RunningAggregate.of(totals)
    marks = [Mark("E", "a", f"J{number}", total) for number, total in enumerate(totals)]
    assert kept.mean == mean(marks).values.get("E")
    assert kept.spread == (max(totals) - min(totals) if totals else None)


def redraw(codes, seed):
    """The documented algorithm, written once more; the incomplete stretch never met here."""
    order = sorted(codes)
    for last in reversed(range(1, len(order))):
        chosen = int(sha256(f"{seed}:{last}:0".encode()).hexdigest(), 16) % (last + 1)
        order[last], order[chosen] = order[chosen], order[last]
    return order


@given(st.lists(st.text(min_size=1), unique=True, max_size=30), st.integers())
def test_the_draw_can_be_redone_from_its_description(codes, seed):
    drawn = draw_order(codes, seed)
    assert sorted(drawn) == sorted(codes)
    assert drawn == draw_order(reversed(codes), seed) == redraw(codes, seed)


def test_the_draw_is_even():
    orders = Counter(tuple(draw_order("ABCD", seed)) for seed in range(4800))
    expected = Fraction(4800, factorial(4))
    assert len(orders) == factorial(4)
    assert sum((count - expected) ** 2 / expected for count in orders.values()) < 50  # chi-squared, 23 degrees
