"""Measures how well copied entries are found: ``python -m benchmarks.similarity [--entries 1000] [--copies 100]``.

Among entries of two pages in Vietnamese that share a template, copies are planted: sentences reordered, diacritics
removed, 30 % of the words reworded, and all three at once. Printed: recall by way of copying, how many innocent
entries and pairs were flagged, the time to read, to compare one new entry with all, and all with all, and memory.
"""

import argparse
import resource
import time
from collections import Counter

from benchmarks.vietnamese import Writer
from compapp.entries.similarity import Piece, Reading, compare, is_suspicious, pairs, passages, quoted, read
from compapp.entries.similarity.measure import FLAG_AT


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    writer = Writer(wanted.seed)
    texts, planted = _texts(writer, wanted.entries, wanted.copies)
    begun = time.perf_counter()
    readings = {key: read([Piece("proposal", text)]) for key, text in texts.items()}
    read_in = time.perf_counter() - begun
    _report(readings, planted, read_in)


def _texts(writer: Writer, entries: int, copies: int) -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """Return texts by key, and what was planted: (original, copy) to the way of copying."""
    texts = {key: writer.proposal() for key in range(1, entries - copies + 1)}
    ways = list(writer.ways().items())
    planted: dict[tuple[int, int], str] = {}
    originals = writer.dice.sample(sorted(texts), copies)
    for place, original in enumerate(originals):
        name, way = ways[place % len(ways)]
        key = entries - copies + 1 + place
        texts[key] = way(texts[original])
        planted[original, key] = name
    return texts, planted


def _report(readings: dict[int, Reading], planted: dict[tuple[int, int], str], read_in: float) -> None:
    words = sum(len(reading.words) for reading in readings.values()) / len(readings)
    runs = {key: reading.runs for key, reading in readings.items()}
    begun = time.perf_counter()
    found = pairs(runs)
    paired_in = time.perf_counter() - begun
    begun = time.perf_counter()
    common = quoted(runs)
    flagged = {}
    for pair in found:
        longest = 0
        if pair.score < FLAG_AT:
            shown = passages(readings[pair.left], readings[pair.right], common=common)
            longest = max((one.words for one in shown), default=0)
        if is_suspicious(pair.score, longest):
            flagged[pair.left, pair.right] = pair.score
    looked_in = time.perf_counter() - begun
    begun = time.perf_counter()
    asked = sorted(runs)[:: max(1, len(runs) // 50)]
    for key in asked:
        compare(runs[key], {other: those for other, those in runs.items() if other != key})
    one_in = (time.perf_counter() - begun) / len(asked)
    print(f"{len(readings)} entries of {words:.0f} words, {len(planted)} planted copies")
    totals, hits = Counter(planted.values()), Counter(way for pair, way in planted.items() if pair in flagged)
    for way, total in totals.items():
        scores = sorted(flagged[pair] for pair in planted if planted[pair] == way and pair in flagged)
        low = f"{scores[0]:.2f}" if scores else "none"
        print(f"{way:30} found {hits[way]:4} of {total:4}   weakest score {low}")
    wrong = sorted((score, pair) for pair, score in flagged.items() if pair not in planted)
    innocent = len(readings) - 2 * len(planted)
    touched = {key for _score, pair in wrong for key in pair}
    print(f"false flags: {len(wrong)} pairs, {len(touched)} entries of {innocent} innocent, highest {wrong[-1:]}")
    below = max((pair.score for pair in found if (pair.left, pair.right) not in planted), default=0.0)
    print(f"highest score of an innocent pair {below:.3f}; a flag is raised at {FLAG_AT}; candidates {len(found)}")
    print(f"reading all {read_in:.1f} s, all with all {paired_in:.2f} s, passages of candidates {looked_in:.2f} s")
    print(f"one new entry with all {one_in * 1000:.0f} ms")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
