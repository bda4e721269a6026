"""Attribution on games with known values, and the axioms on any game."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.measures.attribution import (
    NOBODY,
    apportioned,
    coalitions,
    contribution,
    drawn_weights,
    mean_weights,
    shapley_weights,
    weights_in_order,
)

PLAYERS = ("a", "b", "c", "d")
WORTHS = st.fractions(-1, 1, max_denominator=1000)


def shapley(game):
    """Return the Shapley value of every player of a game that knows all coalitions."""
    weights = shapley_weights(sorted(frozenset().union(*game)))
    return {player: contribution(each, game) for player, each in weights.items()}


def table(players, worth):
    return {on: Fraction(worth(on)) for on in coalitions(players)}


GAMES = st.lists(WORTHS, min_size=16, max_size=16).map(
    lambda worths: dict(zip(coalitions(PLAYERS), worths, strict=True))
)


def test_glove_game():
    """One left glove, two right ones; only pairs sell (Osborne and Rubinstein 1994, ex. 295.5)."""
    game = table("lrs", lambda on: int("l" in on and len(on) > 1))
    assert shapley(game) == {"l": Fraction(2, 3), "r": Fraction(1, 6), "s": Fraction(1, 6)}


def test_airport_game():
    """Who needs a longer runway alone pays for what is beyond (Littlechild and Owen 1973)."""
    cost = {"a": 8, "b": 11, "c": 13, "d": 18}
    game = table(PLAYERS, lambda on: max((cost[each] for each in on), default=0))
    assert shapley(game) == {"a": 2, "b": 3, "c": 4, "d": 9}


def test_unanimity_game():
    game = table(PLAYERS, lambda on: on >= {"b", "d"})
    assert shapley(game) == {"a": 0, "b": Fraction(1, 2), "c": 0, "d": Fraction(1, 2)}


def test_worths_that_simply_add_up():
    own = {"a": Fraction(1, 7), "b": Fraction(-2, 3), "c": Fraction(0), "d": Fraction(5)}
    assert shapley(table(PLAYERS, lambda on: 3 + sum(own[each] for each in on))) == own


@settings(max_examples=20, deadline=None)
@given(GAMES)
def test_the_mean_over_all_orders(game):
    orders = [weights_in_order(order) for order in permutations(PLAYERS)]
    means = {name: contribution(each, game) for name, each in mean_weights(orders).items()}
    assert shapley(game) == means


@settings(max_examples=20, deadline=None)
@given(GAMES, st.integers(0, 2**32))
def test_every_rule_adds_up_to_the_last_digit(game, seed):
    total = game[frozenset(PLAYERS)] - game[NOBODY]
    pairs = drawn_weights(PLAYERS, 3, np.random.default_rng(seed))
    rules = [weights_in_order("cadb"), shapley_weights(PLAYERS), *pairs, mean_weights(pairs)]
    for weights in rules:
        assert sum(contribution(each, game) for each in weights.values()) == total


@settings(max_examples=20, deadline=None)
@given(GAMES)
def test_equal_players_get_equal_values(game):
    def swapped(on):
        return frozenset({"a": "b", "b": "a"}.get(each, each) for each in on)

    symmetric = {on: (worth + game[swapped(on)]) / 2 for on, worth in game.items()}
    values = shapley(symmetric)
    assert values["a"] == values["b"]


@settings(max_examples=20, deadline=None)
@given(GAMES, GAMES)
def test_values_add_up_over_games(one, other):
    both = shapley({on: one[on] + other[on] for on in one})
    assert both == {name: value + shapley(other)[name] for name, value in shapley(one).items()}


def test_an_order_and_its_reverse_are_all_orders_of_two():
    (pair,) = drawn_weights("ab", 1, np.random.default_rng(1))
    assert pair == shapley_weights("ab")


def test_drawn_orders_come_close():
    game = table(PLAYERS, lambda on: len(on) ** 3 + 5 * ({"a", "c"} <= on))
    drawn = mean_weights(drawn_weights(PLAYERS, 400, np.random.default_rng(1)))
    for name, exact in shapley(game).items():
        assert contribution(drawn[name], game) == pytest.approx(exact, abs=1)


@given(st.lists(WORTHS, max_size=9), st.integers(0, 6))
def test_rounded_parts_add_up(parts, digits):
    shown = apportioned(parts, digits)
    assert sum(shown) == round(sum(parts, Fraction(0)) * 10**digits) / Fraction(10**digits)
    assert all(abs(a - b) < Fraction(1, 10**digits) for a, b in zip(shown, parts, strict=True))


def test_thirds_add_up_to_one():
    assert [float(each) for each in apportioned([Fraction(1, 3)] * 3, 2)] == [0.34, 0.33, 0.33]
