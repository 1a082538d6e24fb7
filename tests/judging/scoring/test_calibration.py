"""Calibration against dense matrices, its guards, and the table of ``flask judging rank``."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from compapp.judging.scoring.calibration import GUARDS, METHODS, Review, ScoresFault, calibrate, rank_table
from compapp.judging.scoring.exact import ScoringFault

SHARES = {"need": 0.37, "team": 0.21, "idea": 0.42}


def simulated(seed, entries=60, judges=12, reads=3, severity=0.8, groups=3):
    random = np.random.default_rng(seed)
    truth = random.normal(6, 1, entries)
    offset = random.normal(0, severity, judges)
    reviews = [
        Review(
            f"E{entry:03}",
            f"J{judge:02}",
            round(float(truth[entry] + offset[judge] + random.normal(0, 0.5)), 3),
            f"G{entry % groups}",
        )
        for entry in range(entries)
        for judge in random.choice(judges, reads, replace=False)
    ]
    return truth, offset, reviews


def dense(reviews, *, weights=None, random_entries=False):
    """Generalised least squares with whole matrices; the variances by plain numerical REML."""
    entries = sorted({review.entry for review in reviews})
    judges = sorted({review.judge for review in reviews})
    y = np.array([review.score for review in reviews])
    x = np.array([[review.entry == code for code in entries] for review in reviews], dtype=float)
    z = np.array([[review.judge == code for code in judges] for review in reviews], dtype=float)
    w = np.diag(1 / (np.ones(len(y)) if weights is None else weights))

    def parts(ratio):
        v = w + z @ z.T / ratio
        inverse = np.linalg.inv(v)
        information = x.T @ inverse @ x
        theta = np.linalg.solve(information, x.T @ inverse @ y)
        rest = (y - x @ theta) @ inverse @ (y - x @ theta)
        return v, inverse, information, theta, rest

    def deviance(log_ratio):
        v, _, information, _, rest = parts(np.exp(log_ratio))
        free = len(y) - len(entries)
        return free * np.log(rest) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]

    found = minimize_scalar(deviance, bounds=(-9, 13), method="bounded", options={"xatol": 1e-9})
    _, inverse, information, theta, rest = parts(np.exp(found.x))
    sigma = rest / (len(y) - len(entries))
    offset = z.T @ inverse @ (y - x @ theta) / np.exp(found.x)
    error = np.sqrt(sigma * np.diag(np.linalg.inv(information)))
    return (
        dict(zip(entries, theta, strict=True)),
        dict(zip(entries, error, strict=True)),
        dict(zip(judges, offset, strict=True)),
        sigma,
        sigma / np.exp(found.x),
    )


@pytest.mark.parametrize("seed", range(3))
def test_panel_equals_dense_reml(seed):
    _, _, reviews = simulated(seed)
    fit = calibrate(reviews, method="panel")
    theta, error, offset, residual, judge = dense(reviews)
    assert fit.method == "panel"
    assert fit.calibrated == pytest.approx(theta, abs=1e-4)
    assert fit.error == pytest.approx(error, abs=1e-4)
    assert fit.offset == pytest.approx(offset, abs=1e-4)
    assert fit.variance["residual"] == pytest.approx(residual, rel=1e-4)
    assert fit.variance["judge"] == pytest.approx(judge, rel=1e-3)


def test_weights_are_those_of_the_judges_own_noise():
    _, _, reviews = simulated(4)
    erratic = [
        Review(review.entry, review.judge, review.score + (2.5 if at % 2 else -2.5), review.group)
        if review.judge == "J00"
        else review
        for at, review in enumerate(reviews)
    ]
    fit = calibrate(erratic)
    assert min(fit.reliability, key=fit.reliability.get) == "J00"
    assert fit.reliability["J00"] < 0.6
    weights = np.array([fit.reliability[review.judge] for review in erratic])
    theta, _, _, _, _ = dense(erratic, weights=weights)
    assert fit.calibrated == pytest.approx(theta, abs=1e-4)


def test_severity_is_found_and_the_truth_better_met_than_by_raw_means():
    better = 0
    for seed in range(8):
        truth, offset, reviews = simulated(seed, severity=1.2)
        fit = calibrate(reviews)
        names = sorted(fit.calibrated)
        error = np.array([fit.calibrated[name] - truth[int(name[1:])] for name in names])
        raw = np.array([fit.raw[name] - truth[int(name[1:])] for name in names])
        better += np.std(error) < np.std(raw)
        found = np.array([fit.offset[name] for name in sorted(fit.offset)])
        assert np.corrcoef(found, offset)[0, 1] > 0.9
    assert better == 8


@pytest.mark.parametrize("method", ["panel", "panel-weighted", "group-random"])
def test_intervals_cover_about_nine_in_ten(method):
    inside = []
    for seed in range(10):
        truth, offset, reviews = simulated(seed, entries=120, judges=30)
        fit = calibrate(reviews, method=method)
        for name, estimate in fit.calibrated.items():
            inside.append(abs(estimate - truth[int(name[1:])] - 0 * offset[0]) < 1.645 * fit.error[name])
    assert 0.84 < np.mean(inside) < 0.95


def test_chance_of_the_top_sums_to_the_places_and_follows_the_seed():
    _, _, reviews = simulated(1)
    for method in ("panel-weighted", "group-random", "raw"):
        fit = calibrate(reviews, method=method, cut=10, draws=400, seed=5)
        assert sum(fit.top.values()) == pytest.approx(10)
        assert fit.top == calibrate(reviews, method=method, cut=10, draws=400, seed=5).top
        best = max(fit.calibrated, key=fit.calibrated.get)
        assert fit.top[best] > 0.9
    assert set(calibrate(reviews, cut=99).top.values()) == {1.0}
    assert set(calibrate(reviews).top.values()) == {None}


def test_group_random_keeps_the_gap_between_groups():
    random = np.random.default_rng(0)
    reviews = [
        Review(
            f"E{entry}",
            f"J{judge}",
            float(entry % 2 * 3 + random.normal(0, 1) + random.normal(0, 0.3)),
            f"G{entry % 2}",
        )
        for entry in range(60)
        for judge in [(entry % 2) * 5 + other for other in random.choice(5, 3, replace=False)]
    ]
    assert calibrate(reviews).guards == ("disconnected",)
    fit = calibrate(reviews, method="group-random")
    assert fit.method == "group-random" and fit.components == 2
    gap = np.mean([fit.calibrated[f"E{at}"] for at in range(1, 60, 2)]) - np.mean(
        [fit.calibrated[f"E{at}"] for at in range(0, 60, 2)]
    )
    assert 2 < gap < 4


def test_guards_fall_back_to_raw_and_say_so():
    _, _, reviews = simulated(2)
    few = calibrate(reviews[:20])
    assert few.method == "raw" and "few_reviews" in few.guards and few.calibrated == few.raw
    two = simulated(2, judges=2, reads=2)[2]
    assert "few_judges" in calibrate(two).guards
    alike = [Review(f"E{entry}", f"J{judge}", float(entry % 7)) for entry in range(20) for judge in range(3)]
    assert calibrate(alike).guards == ("no_severity",)
    once = [Review(f"E{entry}", f"J{entry % 4}", float(entry)) for entry in range(40)]
    assert {"disconnected", "no_residual"} <= set(calibrate(once, cut=3).guards)
    assert set(calibrate(once, cut=3).top.values()) == {None}
    with pytest.raises(ScoringFault):
        calibrate(reviews, method="z-score")


def csv_of(reviews):
    lines = [f"{review.judge},{review.entry},{review.score}" for review in reviews]
    return "\n".join(["judge,entry,score", *lines, ""])


def test_table_has_the_promised_shape():
    _, _, reviews = simulated(3)
    result = rank_table(csv_of(reviews), cut=10, draws=200, seed=1)
    assert list(result) == ["method", "guards", "reviews", "components", "variance", "entries", "judges"]
    assert result["method"] == "panel-weighted" and result["guards"] == [] and result["reviews"] == len(reviews)
    ranks = [row["rank"] for row in result["entries"]]
    assert ranks == sorted(ranks) and ranks[0] == 1
    for row in result["entries"]:
        assert list(row) == [
            "entry",
            "reviews",
            "raw",
            "calibrated",
            "se",
            "low",
            "high",
            "rank_raw",
            "rank",
            "p_top_k",
        ]
        assert row["low"] < row["calibrated"] < row["high"]
    assert list(result["judges"][0]) == ["judge", "reviews", "offset", "se", "reliability"]
    assert json.dumps(result, allow_nan=False) == json.dumps(
        rank_table(csv_of(reviews), cut=10, draws=200, seed=1), allow_nan=False
    )


@given(order=st.randoms(use_true_random=False), method=st.sampled_from(METHODS), seed=st.integers(0, 50))
@settings(max_examples=12, deadline=None)
def test_no_figure_depends_on_the_order_of_rows_or_columns(order, method, seed):
    _, _, reviews = simulated(seed, entries=24, judges=6)
    criteria = {name: [round(review.score * share, 3) for review in reviews] for name, share in SHARES.items()}
    results = []
    for _ in range(2):
        rows, names = list(range(len(reviews))), list(criteria)
        order.shuffle(rows)
        order.shuffle(names)
        lines = [
            ",".join(
                [reviews[row].judge, reviews[row].entry, reviews[row].group, *(str(criteria[n][row]) for n in names)]
            )
            for row in rows
        ]
        text = "\n".join([",".join(["judge", "entry", "group", *names]), *lines])
        weights = dict(zip(SHARES, (20, 30, 50), strict=True))
        results.append(rank_table(text, method=method, cut=5, draws=50, seed=1, weights=weights))
    assert results[0] == results[1]


def test_table_with_criteria_weights_and_ties():
    text = "\ufeffjudge,entry,group,need,team\nJ1,A,x,1,2\nJ2,A,x,3,2\nJ1,B,x,2,2\n\nJ1,C,y,0,1\n"
    result = rank_table(text, weights={"need": 2})
    assert [(row["entry"], row["raw"], row["rank"]) for row in result["entries"]] == [
        ("A", 6, 1),
        ("B", 6, 1),
        ("C", 1, 3),
    ]
    assert result["method"] == "raw" and GUARDS["few_judges"] in result["guards"]
    assert all(row["calibrated"] == row["raw"] for row in result["entries"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: "),
        ("judge,score\n", "line 1: "),
        ("judge,entry\nJ,E\n", "line 1: "),
        ("judge,entry,score,need\n", "line 1: "),
        ("judge,entry,need,need\n", "line 1: "),
        ("judge,entry,score\n", "line 2: "),
        ("judge,entry,score\nJ,E,many\n", "line 2: "),
        ("judge,entry,score\nJ,E,nan\n", "line 2: "),
        ("judge,entry,score\nJ,E,1\n,F,1\n", "line 3: "),
        ("judge,entry,score\nJ,E,1\nJ,F\n", "line 3: "),
        ("judge,entry,score\nJ,E,1\nJ,E,2\n", "line 3: judge J has already scored E (line 2)"),
        ("judge,entry,score,group\nJ,E,1,x\nK,E,1,y\n", "line 3: entry E is in two groups"),
        ('judge,entry,score\n"J,E,1\n', "line "),
    ],
)
def test_table_faults_name_the_line(text, sentence):
    with pytest.raises(ScoresFault) as fault:
        rank_table(text)
    assert str(fault.value).startswith(sentence)


def test_weights_must_name_criteria():
    for weights in ({"zeal": 1.0}, {"need": -1.0}):
        with pytest.raises(ScoresFault, match=r"^weights: "):
            rank_table("judge,entry,need\nJ,E,1\n", weights=weights)
