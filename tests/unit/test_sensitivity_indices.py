"""Screening and Sobol indices of functions whose effects are known exactly."""

import math

import numpy as np
import pytest
from scipy.stats import t as student

from sim.measures.sensitivity import (
    Outputs,
    elementary_effects,
    morris_design,
    noise_share,
    sobol_design,
    sobol_indices,
)

WEIGHTS = np.array([4.0, -2.0, 1.0, 0.0])


def pure(y: np.ndarray) -> Outputs:
    """Outputs of a function without noise: one replication."""
    return Outputs(y[:, None], np.ones((len(y), 1)))


def screened(function, inputs: int, trajectories: int = 10):
    design = morris_design(inputs, trajectories, np.random.default_rng(1))
    outputs = pure(function(design.reshape(-1, inputs)))
    return elementary_effects(design, outputs, 0.95, np.random.default_rng(2))


def indices(function, inputs: int, samples: int, confidence: float = 0.999):
    design = sobol_design(inputs, samples, np.random.default_rng(1)).reshape(-1, inputs)
    return sobol_indices(inputs, pure(function(design)), confidence, np.random.default_rng(2))


def test_a_morris_design_changes_one_input_at_a_time() -> None:
    design = morris_design(5, 7, np.random.default_rng(1))
    assert design.shape == (7, 6, 5)
    steps = np.diff(design, axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert np.allclose(abs(steps[steps != 0]), 2 / 3)


def test_screening_a_linear_function_is_exact() -> None:
    """μ* = |a| · range, σ = 0, and no doubt about either."""
    for weight, effects in zip(WEIGHTS, screened(lambda x: x @ WEIGHTS, 4), strict=True):
        assert effects.mu_star.value == pytest.approx(abs(weight))
        assert effects.mu.value == pytest.approx(weight)
        assert effects.sigma.value == pytest.approx(0, abs=1e-12)
        assert effects.mu_star.high - effects.mu_star.low == pytest.approx(0, abs=1e-10)


def test_interplay_shows_in_sigma() -> None:
    product, alone = screened(lambda x: x[:, 0] * x[:, 1] + x[:, 2], 3)[::2]
    assert product.sigma.low > 0.1
    assert alone.sigma.value == pytest.approx(0, abs=1e-12)


def test_rounded_inputs_are_taken_as_they_were() -> None:
    """Of five whole numbers the design's step of 2/3 makes three quarters of the range."""
    design = np.minimum(np.floor(morris_design(2, 6, np.random.default_rng(1)) * 5), 4) / 4
    outputs = pure(design.reshape(-1, 2) @ [8.0, 4.0])
    first, second = elementary_effects(design, outputs, 0.95, np.random.default_rng(2))
    assert (first.mu_star.value, second.mu_star.value) == pytest.approx((8, 4))


def test_indices_of_a_linear_function() -> None:
    """S1 = ST = a² / Σ a²: all inputs have the same variance, and there is no interplay."""
    exact = WEIGHTS**2 / (WEIGHTS**2).sum()
    for share, found in zip(exact, indices(lambda x: x @ WEIGHTS, 4, 1024), strict=True):
        assert found.first.low <= share <= found.first.high
        assert found.total.low <= share <= found.total.high
        assert found.first.high - found.first.low < 0.3
        assert found.total.high - found.total.low < 0.2


def test_indices_of_the_ishigami_function() -> None:
    """Exact values: Ishigami and Homma 1990, with a = 7, b = 0.1."""
    a, b = 7.0, 0.1

    def ishigami(u: np.ndarray) -> np.ndarray:
        x = math.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    v1 = (1 + b * math.pi**4 / 5) ** 2 / 2
    v2 = a**2 / 8
    v13 = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = v1 + v2 + v13
    first = [v1 / variance, v2 / variance, 0.0]
    total = [(v1 + v13) / variance, v2 / variance, v13 / variance]
    for s1, st, found in zip(first, total, indices(ishigami, 3, 2048), strict=True):
        assert found.first.low <= s1 <= found.first.high
        assert found.total.low <= st <= found.total.high
        assert found.total.high - found.total.low < 0.2


def noisy(replications: int, shared: float, own: float) -> tuple[np.ndarray, Outputs]:
    """A linear function with noise that all points share, and noise of each point's own."""
    rng = np.random.default_rng(3)
    design = sobol_design(2, 256, rng)
    y = design.reshape(-1, 2) @ [1.0, 0.5]
    noise = shared * rng.normal(size=replications) + own * rng.normal(size=(len(y), replications))
    return design, Outputs(y[:, None] + noise, np.ones((len(y), replications)))


def test_noise_that_all_points_share_does_no_harm() -> None:
    _, outputs = noisy(5, shared=10.0, own=0.0)
    assert noise_share(outputs) == pytest.approx(0, abs=1e-9)
    first, second = sobol_indices(2, outputs, 0.999, np.random.default_rng(2))
    assert first.total.low <= 0.8 <= first.total.high
    assert second.total.low <= 0.2 <= second.total.high


def test_the_share_of_noise() -> None:
    """Var f = 1.25 / 12; the noise of a mean of 5 replications has the variance 0.5² / 5."""
    _, outputs = noisy(5, shared=10.0, own=0.5)
    noise = 0.5**2 / 5
    assert noise_share(outputs) == pytest.approx(noise / (noise + 1.25 / 12), abs=0.03)


def test_noise_widens_the_intervals() -> None:
    quiet, loud = (
        sobol_indices(2, noisy(5, 0.0, own)[1], 0.95, np.random.default_rng(2))[0].first
        for own in (0.0, 1.0)
    )
    assert loud.high - loud.low > 1.2 * (quiet.high - quiet.low)


def test_effects_that_differ_between_replications_are_doubtful() -> None:
    """y = (1 + g) x: every trajectory says the same of the mean of g, replications do not."""
    g = np.random.default_rng(4).normal(scale=0.2, size=20)
    design = morris_design(1, 40, np.random.default_rng(1))
    y = design.reshape(-1, 1) * (1 + g)
    outputs = Outputs(y, np.ones_like(y))
    (effects,) = elementary_effects(design, outputs, 0.95, np.random.default_rng(2))
    t_of_19 = 2.093
    half = t_of_19 * g.std() / math.sqrt(20)
    assert effects.mu.value == pytest.approx(1 + g.mean())
    assert effects.mu.high - effects.mu.value == pytest.approx(half, rel=0.1)


def test_what_does_not_vary_has_no_indices() -> None:
    for found in indices(lambda x: np.ones(len(x)), 2, 8):
        assert math.isnan(found.first.value)
        assert found.first.low == -math.inf
    assert math.isnan(noise_share(Outputs(np.ones((4, 3)), np.ones((4, 3)))))


def test_one_trajectory_tells_no_interval() -> None:
    for effects in screened(lambda x: x @ WEIGHTS, 4, trajectories=1):
        assert effects.mu_star.high == math.inf
        assert math.isnan(effects.sigma.value)


@pytest.mark.parametrize(("rows", "replications", "freedom"), [(10, 3, 2), (4, 9, 3), (6, 1, 5)])
def test_the_smaller_sample_gives_the_degrees_of_freedom(rows, replications, freedom) -> None:
    """Widths at two confidences, of the same resamples, have the ratio of two quantiles of t."""
    rng = np.random.default_rng(4)
    design = morris_design(2, rows, np.random.default_rng(1))
    y = rng.normal(size=(design.reshape(-1, 2).shape[0], replications))
    outputs = Outputs(y, np.ones_like(y))
    wide, short = (
        elementary_effects(design, outputs, confidence, np.random.default_rng(2))[0].mu
        for confidence in (0.95, 0.5)
    )
    ratio = (wide.high - wide.value) / (short.high - short.value)
    assert ratio == pytest.approx(student.ppf(0.975, freedom) / student.ppf(0.75, freedom))
