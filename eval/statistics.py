"""The numbers beside a headline: confidence intervals, whether one system beats another, calibration, risk and coverage."""
from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

RESAMPLES = 10_000
SEED = 20240229


def percentile(numbers: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; 0.0 of nothing."""
    ordered = sorted(numbers)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def interval(right: Sequence[bool], *, level: float = 0.95, seed: int = SEED) -> tuple[float, float]:
    """The bootstrap percentile interval of a share (Efron 1979), in 10 000 resamples of the questions."""
    if not right:
        return 0.0, 0.0
    count = len(right)
    shares = np.random.default_rng(seed).binomial(count, sum(right) / count, RESAMPLES) / count
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def paired_interval(a: Sequence[bool], b: Sequence[bool], *, level: float = 0.95, seed: int = SEED) -> tuple[float, float]:
    """The paired bootstrap interval of B's share minus A's, over the same questions."""
    differences = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    if not len(differences):
        return 0.0, 0.0
    generator = np.random.default_rng(seed)
    means = [differences[generator.integers(0, len(differences), len(differences))].mean() for _ in range(RESAMPLES // 5)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mcnemar(a: Sequence[bool], b: Sequence[bool]) -> float:
    """The exact two-sided p-value (McNemar 1947, binomial form): could the questions that flipped have done so by chance?"""
    gained = sum(not x and y for x, y in zip(a, b, strict=True))
    lost = sum(x and not y for x, y in zip(a, b, strict=True))
    flips = gained + lost
    tail = sum(math.comb(flips, k) for k in range(min(gained, lost) + 1))
    return min(1.0, 2 * tail / 2**flips)


def reliability(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> list[tuple[int, float, float]]:
    """Count, mean confidence and share right of each bin of equal width that holds an answer."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for confidence, good in zip(confidences, right, strict=True):
        found.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, good))
    return [(len(b), sum(c for c, _ in b) / len(b), sum(good for _, good in b) / len(b)) for _, b in sorted(found.items())]


def calibration_error(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float:
    """ECE (Naeini et al. 2015): the mean distance of confidence and share right, weighted by the bins' counts."""
    table = reliability(confidences, right, bins=bins)
    return sum(count * abs(confidence - share) for count, confidence, share in table) / max(1, len(confidences))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, share wrong) when only the surest answers are given, at each tenth of them (Geifman & El-Yaniv 2017)."""
    ranked = [good for _, good in sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])]
    points = []
    for tenth in range(1, 11):
        kept = ranked[: math.ceil(len(ranked) * tenth / 10)]
        if kept:
            points.append((tenth / 10, 1 - sum(kept) / len(kept)))
    return points
