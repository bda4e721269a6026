"""Doubt about inputs: the variance taken apart by hand, and found again where it is known."""

import math

import numpy as np
import pytest

from sim.measures.doubt import components, doubt_of, long_run, parts_of
from sim.measures.shares import OnTimeCounts


def counts(shares: np.ndarray, cases: int = 1000) -> OnTimeCounts:
    on_time = np.round(shares * cases).astype(np.int64)
    return OnTimeCounts(on_time, on_time, np.full(len(shares), cases))


def doubt(twins: np.ndarray, target: float = 0.9):
    rng = np.random.default_rng(1)
    return doubt_of(counts(twins[:, 0]), counts(twins[:, 1]), target, 0.95, rng)


def test_two_draws_by_hand() -> None:
    """Means .85 and .55, so their variance is .045; differences .1 and .1, so chance is .005."""
    twins = np.array([[0.9, 0.8], [0.5, 0.6]])
    inputs, chance = components(twins)
    assert (inputs, chance) == (pytest.approx(0.0425), pytest.approx(0.005))
    part = math.sqrt(0.0425 / 0.045)
    assert long_run(twins) == pytest.approx([0.7 + part * 0.15, 0.7 - part * 0.15])
    found = parts_of(twins, 0.95, np.random.default_rng(0))
    assert found.from_inputs.value == pytest.approx(0.0425 / 0.0475)
    assert found.sd_inputs == pytest.approx(math.sqrt(0.0425))
    assert found.sd_chance == pytest.approx(math.sqrt(0.005))


def test_where_only_chance_acts_nothing_comes_from_the_inputs() -> None:
    twins = np.random.default_rng(2).normal(0.95, 0.02, (400, 2))
    found = doubt(twins, target=0.94)
    assert found.parts.from_inputs.low == 0
    assert found.parts.from_inputs.value < 0.15
    assert found.kept.value > 0.95  # single years often miss 94 %; the long run does not


def test_where_only_inputs_act_all_comes_from_them() -> None:
    shares = np.random.default_rng(3).uniform(0.5, 1.0, 200)
    found = doubt(np.column_stack([shares, shares]), target=0.75)
    assert found.parts.from_inputs.value == 1
    assert found.parts.sd_chance == 0
    assert found.kept.value == pytest.approx(np.mean(np.round(shares, 3) >= 0.75))
    assert found.verdict == "undecided"


def test_the_interval_of_the_part_covers_as_often_as_stated() -> None:
    """Normal inputs and chance with a known part of 0.64; 200 studies of 100 draws."""
    rng = np.random.default_rng(4)
    hits, values = 0, []
    for _ in range(200):
        inputs = rng.normal(0, 0.04, (100, 1))
        twins = 0.8 + inputs + rng.normal(0, 0.03, (100, 2))
        found = parts_of(twins, 0.95, rng).from_inputs
        values.append(found.value)
        hits += found.low <= 0.64 <= found.high
    assert np.mean(values) == pytest.approx(0.64, abs=0.015)
    assert 180 <= hits <= 199


def test_chance_does_not_inflate_how_many_draws_miss_the_target() -> None:
    """Of inputs with a normal long-run share, P(share >= target) is known; raw means overstate."""
    rng = np.random.default_rng(5)
    truth = rng.normal(0.95, 0.02, (4000, 1))
    twins = truth + rng.normal(0, 0.04, (4000, 2))
    wanted = float(np.mean(truth >= 0.92))  # 93 %
    assert float(np.mean(long_run(twins) >= 0.92)) == pytest.approx(wanted, abs=0.015)
    assert float(np.mean(twins.mean(axis=1) >= 0.92)) < wanted - 0.08


@pytest.mark.parametrize(("share", "verdict"), [(0.99, "holds"), (0.5, "fails")])
def test_verdicts_are_proven_by_72_draws(share: float, verdict: str) -> None:
    """0.025 ** (1 / 72) is 0.9501: with one draw fewer nothing is proven at 95 %."""
    assert doubt(np.full((72, 2), share)).verdict == verdict
    assert doubt(np.full((71, 2), share)).verdict == "undecided"


def test_without_variance_the_part_is_unknown() -> None:
    found = doubt(np.full((10, 2), 0.5))
    assert math.isnan(found.parts.from_inputs.value)
    assert found.parts.from_inputs.high == math.inf


def test_draws_without_cases_do_not_count() -> None:
    none = OnTimeCounts(*(np.array([0, 9, 8]),) * 2, np.array([0, 10, 10]))
    found = doubt_of(none, none, 0.5, 0.95, np.random.default_rng(0))
    assert found.draws == 2


def test_the_interval_leaves_out_as_much_on_either_side() -> None:
    """At next to no confidence it is the median; at more, it is wider to both sides."""
    twins = np.random.default_rng(6).normal(0.8, 0.05, (50, 1)) + np.array([[-0.02, 0.03]])
    twins = twins + np.random.default_rng(7).normal(0, 0.03, (50, 2))
    none, half, most = (
        parts_of(twins, confidence, np.random.default_rng(8)).from_inputs
        for confidence in (1e-12, 0.5, 0.95)
    )
    assert none.low == pytest.approx(none.high, abs=1e-6)
    assert most.low < half.low < none.low < half.high < most.high
