"""The load at which an M/M/1 promise breaks is known exactly, and lies in the reported interval.

One clerk works round the clock, every date is a working day, and the limit is d days from date to
date. With arrival rate λ and service rate μ a day, the time W from arrival to the end is
exponential with rate θ = μ - λ. Arrivals see a stationary system (PASTA) at a time of day U that is
uniform on [0, 1) and independent of W. The clock shows the number of midnights passed, so a case is
late if U + W ≥ d + 1:

    P(late) = ∫₀¹ exp(-θ (d + 1 - u)) du = exp(-θ (d + 1)) (exp(θ) - 1) / θ.

The limit breaks where that is 1 - target; solved for θ, the breaking load is (μ - θ) / λ₀.
"""

from __future__ import annotations

import pytest

import sim
from sim.scenario import Scenario
from tests.build.mm1 import EXACT, MM1, TARGET
from tests.build.stories import scenario


def interval(loaded: Scenario, seed: int) -> tuple[float, float, float]:
    curve = sim.load_curve(
        loaded, between=(0.6, 1.8), points=3, precision=0.02, replications=160, seed=seed, jobs=1
    )
    found = curve.crossing(curve.resolved_limits[0])
    return found.low, found.load, found.high


def test_the_share_is_as_the_formula_says() -> None:
    loaded = sim.vary(scenario(MM1), settings=[f"case_types.request.arrivals.factor={EXACT}"])
    (verdict,) = sim.run(loaded, replications=100, seed=3, keep="summary").verdicts
    assert verdict.low <= TARGET <= verdict.high
    assert verdict.high - verdict.low < 0.045


@pytest.mark.study
def test_the_breaking_load_lies_in_the_interval() -> None:
    loaded = scenario(MM1)
    found = [interval(loaded, seed) for seed in range(1, 7)]
    covered = sum(low <= EXACT <= high for low, _, high in found)
    assert covered >= 5, covered
    width = sum(high - low for low, _, high in found) / len(found)
    assert width < 0.2 * EXACT, width
    mean = sum(load for _, load, _ in found) / len(found)
    assert mean == pytest.approx(EXACT, rel=0.01)
