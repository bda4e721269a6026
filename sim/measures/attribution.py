"""Attribution: the contribution of each of several players to their joint result.

A game gives the worth of every coalition of players. A player's contribution is a weighted sum of
those worths, with weights that depend on the players alone. Worths and weights are kept apart:
contributions are exact fractions, and their intervals are those of contrasts.

Over all players, the weights of each rule add up to +1 for the coalition of all, -1 for the empty
one and 0 for every other, so contributions add up exactly to the difference of those two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, floor
from typing import TypeAlias

import numpy as np

Coalition: TypeAlias = frozenset[str]
Game: TypeAlias = Mapping[Coalition, Fraction]
"""The worth of coalitions; the worth of the empty one need not be 0."""
Weights: TypeAlias = Mapping[Coalition, Fraction]
"""The weight of each coalition's worth in the contribution of one player."""

NOBODY: Coalition = frozenset()


def coalitions(players: Sequence[str]) -> Iterator[Coalition]:
    """Yield all 2^k coalitions, smaller ones first."""
    for size in range(len(players) + 1):
        yield from map(frozenset, combinations(players, size))


def weights_in_order(order: Sequence[str]) -> dict[str, Weights]:
    """Weigh stepwise: a player contributes what it adds to the players before it."""
    weights: dict[str, Weights] = {}
    before = NOBODY
    for player in order:
        after = before | {player}
        weights[player] = {after: Fraction(1), before: Fraction(-1)}
        before = after
    return weights


def shapley_weights(players: Sequence[str]) -> dict[str, Weights]:
    """Weigh by the mean over all k! orders (Shapley 1953).

    In |S|! (k - |S| - 1)! of the orders, exactly the coalition S comes before a player.
    """
    weights: dict[str, Weights] = {}
    for player in players:
        own: dict[Coalition, Fraction] = {}
        for before in coalitions([other for other in players if other != player]):
            weight = Fraction(1, len(players) * comb(len(players) - 1, len(before)))
            own[before | {player}] = weight
            own[before] = -weight
        weights[player] = own
    return weights


def mean_weights(weightings: Sequence[Mapping[str, Weights]]) -> dict[str, Weights]:
    """Return the mean of several weightings of the same players."""
    total: dict[str, dict[Coalition, Fraction]] = {player: {} for player in weightings[0]}
    for weighting in weightings:
        for player, weights in weighting.items():
            own = total[player]
            for coalition, weight in weights.items():
                own[coalition] = own.get(coalition, Fraction(0)) + weight / len(weightings)
    return dict(total)


def drawn_weights(
    players: Sequence[str], pairs: int, random: np.random.Generator
) -> list[dict[str, Weights]]:
    """Weigh by random orders; the mean over all pairs estimates the Shapley weights.

    Each order is paired with its reverse (antithetic): a player early in one is late in the other,
    so that a pair is more precise than two independent orders (on sampling orders: Castro, Gómez
    and Tejada 2009; on pairs: Mitchell et al. 2022). Pairs are independent of each other.

    Returns
    -------
    list
        [pairs] mean weights of each pair.
    """
    orders = [[players[i] for i in random.permutation(len(players))] for _ in range(pairs)]
    return [
        mean_weights([weights_in_order(order), weights_in_order(order[::-1])]) for order in orders
    ]


def contribution(weights: Weights, game: Game) -> Fraction:
    """Return the exact contribution of one player: Σ weight · worth."""
    return sum((weight * game[coalition] for coalition, weight in weights.items()), Fraction(0))


def apportioned(parts: Sequence[Fraction], digits: int) -> list[Fraction]:
    """Round to `digits` decimals such that the parts still add up to their rounded total.

    By largest remainders (Hamilton): no part is off by a whole unit of the last digit or more. Of
    equal remainders the earlier part is rounded up, so that equal parts may differ by a unit.
    """
    unit = Fraction(1, 10**digits)
    units = [floor(part / unit) for part in parts]
    missing = round(sum(parts, Fraction(0)) / unit) - sum(units)
    by_remainder = sorted(range(len(parts)), key=lambda i: units[i] - parts[i] / unit)
    for i in by_remainder[:missing]:
        units[i] += 1
    return [count * unit for count in units]
