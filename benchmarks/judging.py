"""How long the assignment of judges takes, and how near to the best it comes.

``python -m benchmarks.judging [--largest] [--check]``: rounds of 200 x 40 x 3, 1,000 x 150 x 3, 5,000 x 500 x 4 and
(with ``--largest``) 10,000 x 1,000 x 5 entries, judges and reviews, each without and with at most one judge of an
institution per entry: 8 sectors, expertise in 16 dimensions, conflicts by institution and by person, loads between
half and 1.7 times the mean. ``--check`` solves the same round again with every pair offered, by the other solver
where it is small enough. Each round runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from compapp.judging.scoring.assignment import min_cost_flow
from compapp.judging.scoring.assignment.network import Flow, Network
from compapp.judging.scoring.assignment.programme import solve_by_programme

SIZES = ((200, 40, 3), (1000, 150, 3), (5000, 500, 4))
LARGEST = (10_000, 1000, 5)
SECTORS, DIMENSIONS = 8, 16


@dataclass(frozen=True)
class Measured:
    """One round solved."""

    seconds: float
    peak: float
    objective: float
    weakest: float
    exact: float | None


def round_of(entries: int, judges: int, reviews: int, *, one_of_each: bool, seed: int = 2026) -> Network:
    """Return a made-up round."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(SECTORS, DIMENSIONS))
    topics = centres[random.integers(0, SECTORS, entries)] + 0.6 * random.normal(size=(entries, DIMENSIONS))
    skills = centres[random.integers(0, SECTORS, judges)] + 0.6 * random.normal(size=(judges, DIMENSIONS))
    topics /= np.linalg.norm(topics, axis=1)[:, None]
    skills /= np.linalg.norm(skills, axis=1)[:, None]
    gain = np.clip((topics @ skills.T + 1) / 2, 0, 1)
    houses = max(judges // 6, 8)
    at_home, house = random.integers(0, houses, entries), random.integers(0, houses, judges)
    gain[at_home[:, None] == house[None, :]] = -np.inf
    gain[random.integers(0, entries, 2 * entries), random.integers(0, judges, 2 * entries)] = -np.inf
    mean = entries * reviews / judges
    return Network(
        gain=gain,
        need=np.full(entries, reviews, dtype=np.int64),
        least=np.full(judges, int(mean / 2), dtype=np.int64),
        most=np.ceil(mean * random.uniform(0.9, 1.7, judges)).astype(np.int64),
        house=house if one_of_each else np.full(judges, -1, dtype=np.int64),
        held=np.zeros(judges, dtype=np.int64),
    )


def check_rules(network: Network, flow: Flow) -> None:
    """Stop where a rule is broken."""
    loads = np.bincount(flow.judge, minlength=len(network.most))
    assert not flow.lacking.any() and not flow.short.any()
    assert (np.bincount(flow.entry, minlength=len(network.need)) == network.need).all()
    assert (loads >= network.least).all() and (loads <= network.most).all()
    assert np.isfinite(network.gain[flow.entry, flow.judge]).all()
    housed = network.house[flow.judge] >= 0
    pairs = np.column_stack([flow.entry[housed], network.house[flow.judge[housed]]])
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def measure(size: tuple[int, int, int], one_of_each: bool, check: bool) -> Measured:
    """Solve one round and say what it took."""
    network = round_of(*size, one_of_each=one_of_each)
    began = time.perf_counter()
    flow = min_cost_flow.solve_by_flow(network)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert flow is not None
    check_rules(network, flow)
    gains = network.gain[flow.entry, flow.judge]
    exact = _exact(network) if check else None
    return Measured(seconds, peak, float(gains.sum()), float(gains.min()), exact)


def _exact(network: Network) -> float:
    if network.gain.size <= min_cost_flow.DENSE:
        best: Flow | None = solve_by_programme(network)
    else:
        min_cost_flow.DENSE = network.gain.size
        best = min_cost_flow.solve_by_flow(network)
    assert best is not None
    return float(network.gain[best.entry, best.judge].sum())


def main() -> None:
    """Print one line for each round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", action="store_true")
    parser.add_argument("--check", action="store_true", help="compare with the exact optimum (slow)")
    wanted = parser.parse_args()
    heads = f"{'s':>7} {'MiB':>6} {'objective':>11} {'weakest':>8} {'loss %':>8}"
    print(f"{'entries x judges x reviews':28} {'one of each':>11} {heads}")
    for size in (*SIZES, *([LARGEST] if wanted.largest else [])):
        for one_of_each in (False, True):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                found = pool.submit(measure, size, one_of_each, wanted.check).result()
            loss = "" if found.exact is None else f"{100 * (found.exact - found.objective) / found.exact:.5f}"
            named = f"{' x '.join(map(str, size)):28} {'yes' if one_of_each else 'no':>11}"
            times = f"{found.seconds:7.3f} {found.peak:6.0f} {found.objective:11.3f} {found.weakest:8.3f}"
            print(f"{named} {times} {loss:>8}", flush=True)


if __name__ == "__main__":
    main()
