"""A logistic regression with a ridge over signs that are there or not: small, exact, by numpy alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import exp

import numpy as np

Weights = Mapping[str, float]
_ROUNDS = 8  # of Newton's method; it stands still after some six


def fitted(cases: Sequence[Collection[str]], outcomes: Sequence[bool], ridge: float, least: int = 1) -> Weights:
    """Return what each sign adds to the log odds of the outcome.

    `ridge` is how strongly weights are drawn to nothing, `least` the number of cases that a sign must stand in. The
    first sign of the first case, which all cases share, is left free: it says how many there are on the whole.
    """
    counts = Counter(sign for case in cases for sign in case)
    signs = dict.fromkeys(sign for case in cases for sign in case)
    places = {sign: place for place, sign in enumerate(sign for sign in signs if counts[sign] >= least)}
    table = np.zeros((len(cases), len(places)))
    for number, case in enumerate(cases):
        table[number, [places[sign] for sign in case if sign in places]] = 1.0
    right = np.array(outcomes, dtype=float)
    drawn = np.full(len(places), ridge)
    drawn[0] = 1e-3
    weights = np.zeros(len(places))
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (right - share) - drawn * weights
        weights += np.linalg.solve((table * (share * (1 - share))[:, None]).T @ table + np.diag(drawn), slope)
    return {sign: float(weights[place]) for sign, place in places.items()}


def chance(weights: Weights, case: Collection[str]) -> float:
    """Return how likely the outcome is for a case, 0 to 1."""
    return 1 / (1 + exp(-sum(weights.get(sign, 0.0) for sign in case)))
